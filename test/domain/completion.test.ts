import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  archiveNameOf,
  completedTasks,
  earlierCompletions,
  finishedTask,
  printCompleted,
} from '../../src/domain/completion.ts';
import type { Milestone } from '../../src/domain/status-document.ts';
import { movePlan, type StatusDocument } from '../../src/domain/status-document.ts';
import type { TaskProgress } from '../../src/domain/task-progress.ts';
import { anyStatus } from '../kit/any-status.ts';
import { blocker, NOON, plan, status } from './builders.ts';

const LATER = '2026-02-21T13:00:00.000Z';
const LAST = '2026-02-21T14:00:00.000Z';

function moved(
  document: StatusDocument,
  id: string,
  verb: 'start' | 'complete' | 'fail',
  at: string,
): StatusDocument {
  const outcome = movePlan(document, id, verb, { at, head: 'abc' }, 'why');
  if (!outcome.done) throw new Error(JSON.stringify(outcome.problem));
  return outcome.document;
}

const once = moved(
  status([plan('1', 'in_progress', { started: NOON, metrics: { loc: 1 } }), plan('2')]),
  '1',
  'complete',
  LATER,
);
const reopened = moved(once, '1', 'start', LAST);
const keys = (tasks: readonly TaskProgress[]) => tasks.map((task) => `${task.task_id} ${task.finished}`);

describe('a finished task', () => {
  test('says when it was over, on what commit, and why it failed', () => {
    const [first] = once.plans;
    expect(first && finishedTask(once, first)).toMatchObject({
      status: 'completed',
      started: NOON,
      updated: LATER,
      finished: LATER,
      commit: 'abc',
      metrics: { loc: 1 },
    });
    const failed = moved(once, '2', 'fail', LAST);
    expect(failed.plans[1] && finishedTask(failed, failed.plans[1])).toMatchObject({
      status: 'failed',
      reason: 'why',
    });
  });

  test('does not change with what happens to others', () => {
    const other = moved({ ...once, updated: LAST, blockers: [blocker('B1')] }, '2', 'start', LAST);
    expect(other.plans[0] && finishedTask(other, other.plans[0])).toEqual(
      once.plans[0] && finishedTask(once, once.plans[0]),
    );
  });

  test('has a name in the archive that sorts by its end', () => {
    expect(once.plans[0] && archiveNameOf(finishedTask(once, once.plans[0]))).toBe('1-20260221T130000000Z');
    expect(archiveNameOf({ task_id: '1' })).toBe('1-undated');
  });
});

describe('the completions', () => {
  test('are one a complete plan', () => {
    expect(keys(completedTasks(once, []))).toEqual([`1 ${LATER}`]);
    expect(keys(completedTasks(once, completedTasks(once, [])))).toEqual([`1 ${LATER}`]);
    expect(earlierCompletions(once)).toEqual([]);
  });

  test('of a plan that was taken up again stay as they were known, and completing it again is another', () => {
    const known = completedTasks(once, []);
    expect(completedTasks(reopened, known)).toEqual(known);
    expect(earlierCompletions(reopened)).toEqual(['1-20260221T130000000Z']);
    const twice = moved(reopened, '1', 'complete', '2026-02-21T15:00:00.000Z');
    expect(keys(completedTasks(twice, known))).toEqual([`1 ${LATER}`, '1 2026-02-21T15:00:00.000Z']);
  });

  test('that nobody knows any more are told by their milestone', () => {
    expect(completedTasks(reopened, [])).toMatchObject([
      { task_id: '1', task_name: 'Plan 1', finished: LATER, commit: 'abc', status: 'completed', metrics: {} },
    ]);
  });

  test('that STATUS.md does not know are none, those of another phase of the worktree are kept', () => {
    const known = completedTasks(once, []);
    const before = status([plan('1'), plan('2')]);
    expect(completedTasks(before, known)).toEqual([]);
    const other = known.map((task) => ({ ...task, phase: '00' }));
    expect(completedTasks(before, other)).toEqual(other);
    expect(
      completedTasks(
        before,
        other.map((task) => ({ ...task, status: 'failed' as const })),
      ),
    ).toEqual([]);
  });

  test('stand oldest first, one a line', () => {
    const milestones: Milestone[] = [LAST, NOON].map((at) => ({ at, event: 'plan_complete', plan: '1' }));
    const text = printCompleted(completedTasks(status([plan('1')], { milestones }), []));
    expect(text.split('\n').map((line) => line && JSON.parse(line).finished)).toEqual([NOON, LAST, '']);
  });
});

test('of any STATUS.md each completion stands once, whatever was known, and again gives the same', () => {
  fc.assert(
    fc.property(anyStatus, anyStatus, (document, earlier) => {
      const known = completedTasks(earlier, []);
      const completed = completedTasks(document, known);
      expect(new Set(keys(completed)).size).toBe(completed.length);
      expect(printCompleted(completedTasks(document, completed))).toBe(printCompleted(completed));
      const names = new Set(completed.map(archiveNameOf));
      for (const one of document.plans.filter(({ state }) => state === 'complete'))
        expect(names).toContain(archiveNameOf(finishedTask(document, one)));
      for (const name of earlierCompletions(document)) expect(names).toContain(name);
    }),
  );
});
