/** The plan of a cycle: what may be begun, in which order, what takes longest, and what is no plan. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CycleTask } from '../../src/domain/cycle/parts.ts';
import {
  circleOf,
  criticalPath,
  effortOf,
  flawOf,
  isSamePlan,
  orderOf,
  readyTasks,
  TASKS_MAX,
  tasksFrom,
  waitsOn,
} from '../../src/domain/cycle/tasks.ts';

const task = (id: string, depends_on: string[] = [], more: Partial<CycleTask> = {}): CycleTask => ({
  id,
  description: `do ${id}`,
  effort: 'small',
  depends_on,
  status: 'pending',
  files: [],
  ...more,
});

describe('tasks that a planner wrote', () => {
  const written = (...tasks: object[]) => tasksFrom({ tasks }, []);

  test('are taken with what was left out filled in, and the states that are known', () => {
    const known = [task('A', [], { status: 'completed' })];
    const made = tasksFrom(
      [
        { id: 'A', description: 'x', status: 'pending' },
        { id: 'B', description: 'y', status: 'completed' },
      ],
      known,
    );
    expect(made).toEqual([
      { id: 'A', description: 'x', effort: 'medium', depends_on: [], status: 'completed', files: [] },
      { id: 'B', description: 'y', effort: 'medium', depends_on: [], status: 'pending', files: [] },
    ]);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'no list of tasks'],
    ['a text', 'plan', 'no list of tasks'],
    ['an empty list', { tasks: [] }, 'no task'],
    ['null', { tasks: [null] }, 'task 1 has no id'],
    ['an id that is none', { tasks: [{ id: '../x', description: 'x' }] }, 'task 1 has no id'],
    ['no description', { tasks: [{ id: 'A', description: ' ' }] }, 'A has no description'],
    ['an effort of its own', { tasks: [{ id: 'A', description: 'x', effort: 'huge' }] }, 'effort of A'],
    [
      'dependencies in one text',
      { tasks: [{ id: 'A', description: 'x', depends_on: 'B' }] },
      'lists of texts',
    ],
    ['too many', { tasks: Array(TASKS_MAX + 1).fill({ id: 'A', description: 'x' }) }, 'more than'],
    [
      'two of one name',
      {
        tasks: [
          { id: 'A', description: 'x' },
          { id: 'A', description: 'y' },
        ],
      },
      'two tasks',
    ],
    ['a stranger', { tasks: [{ id: 'A', description: 'x', depends_on: ['Z'] }] }, 'no task of the plan'],
    ['itself', { tasks: [{ id: 'A', description: 'x', depends_on: ['A'] }] }, 'in a circle: A → A'],
  ])('%s is none, with a reason', (_, value, why) => {
    expect(tasksFrom(value, [])).toContain(why);
  });

  test('a circle is named from end to end, and those that only wait for it are not in it', () => {
    const flaw = written(
      { id: 'A', description: 'x', depends_on: ['B'] },
      { id: 'B', description: 'x', depends_on: ['C'] },
      { id: 'C', description: 'x', depends_on: ['D'] },
      { id: 'D', description: 'x', depends_on: ['B'] },
    );
    expect(flaw).toBe('tasks wait for each other in a circle: B → C → D → B');
  });
});

describe('order', () => {
  const plan = [task('C', ['A', 'B']), task('A'), task('B', ['A'], { effort: 'large' }), task('D')];

  test('each comes after what it depends on, and else as the plan has them', () => {
    expect(orderOf(plan).map(({ id }) => id)).toEqual(['A', 'B', 'D', 'C']);
  });

  test('ready is what depends on nothing that is not complete', () => {
    expect(readyTasks(plan).map(({ id }) => id)).toEqual(['A', 'D']);
    const begun = plan.map((one) => (one.id === 'A' ? { ...one, status: 'completed' as const } : one));
    expect(readyTasks(begun).map(({ id }) => id)).toEqual(['B', 'D']);
    expect(waitsOn(begun, task('C', ['A', 'B']))).toEqual(['B']);
  });

  test('the longest way goes by effort, not by the number of tasks', () => {
    expect(criticalPath(plan)).toEqual(['A', 'B', 'C']);
    const chain = [task('a'), task('b', ['a']), task('c', ['b']), task('X', [], { effort: 'large' })];
    expect(criticalPath(chain)).toEqual(['X']);
    expect(criticalPath([])).toEqual([]);
    expect(effortOf(plan)).toBe('3 small, 1 large');
  });

  test('how far tasks are makes no other plan; anything else does', () => {
    expect(isSamePlan([task('A')], [task('A', [], { status: 'completed' })])).toBe(true);
    expect(isSamePlan([task('A')], [task('A', [], { files: ['x'] })])).toBe(false);
  });
});

/** Any graph, circles and strangers too. */
const anyPlan = fc
  .array(fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }), { maxLength: 8 })
  .map((all) =>
    all.map((on, at) =>
      task(
        `T${at}`,
        on.filter((other) => other < all.length).map((other) => `T${other}`),
      ),
    ),
  );

test('of any plan: either it has an order, or a circle that really is one', () => {
  fc.assert(
    fc.property(anyPlan, (tasks) => {
      const ordered = orderOf(tasks);
      ordered.forEach(({ depends_on }, at) => {
        const before = new Set(ordered.slice(0, at).map(({ id }) => id));
        expect(depends_on.filter((id) => !before.has(id))).toEqual([]);
      });
      const circle = circleOf(tasks);
      expect(circle === undefined).toBe(ordered.length === tasks.length);
      if (circle) {
        expect(circle.at(-1)).toBe(circle[0]);
        circle.slice(1).forEach((next, at) => {
          expect(tasks.find(({ id }) => id === circle[at])?.depends_on).toContain(next);
        });
        expect(flawOf(tasks)).toContain('circle');
        return;
      }
      const path = criticalPath(tasks);
      path.slice(1).forEach((id, at) => {
        expect(tasks.find((one) => one.id === id)?.depends_on).toContain(path[at]);
      });
      expect(path.length > 0).toBe(tasks.length > 0);
    }),
    { numRuns: 300 },
  );
});
