/** `coord decide`, `coord todo prune` and `coord handoff`, killed at any call: nothing is lost, nothing stands twice. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gitIn, Project } from '../kit/project.ts';
import { cli, eachKill, type Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

beforeAll(() => {
  const project = Project.started('01');
  for (const title of ['One', 'Two']) project.must('decide', title, '--decision', 'yes');
  project.must('todo', 'add', 'Nobody will', '--priority', 'P2');
  project.must('todo', 'add', 'Now', '--priority', 'P0');
  project.write('mine.txt', 'not coord’s\n');
  project.git('add', 'mine.txt');
  labs = twoLabs(project);
});

interface Decision {
  readonly number: number;
  readonly title: string;
}

function decisions(project: Project): Decision[] {
  return project.must<{ decisions: Decision[] }>('decisions').decisions;
}

function doctor(project: Project): string {
  return project.coord(['doctor', '--repair']).stdout + project.coord(['doctor']).stdout;
}

test('a decision is there once or not at all; the next one has the next number, and doctor finds nothing changed', async () => {
  const kills = await eachKill(
    labs,
    (project) => cli(project, ['decide', 'Three', '--decision', 'killed']),
    async (project) => {
      project.must('decide', 'Four', '--decision', 'lives');
      const found = decisions(project);
      const titles = found.map((one) => one.title);
      expect(titles.filter((title) => title === 'Three').length).toBeLessThanOrEqual(1);
      expect(titles.filter((title) => title !== 'Three' && title !== 'Phase 01 (Phase 01) begins')).toEqual([
        'Four',
        'Two',
        'One',
      ]);
      const numbers = found.map((one) => one.number);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
      expect(doctor(project)).not.toMatch(/DECISIONS\.md|(?:^|\s)D\d/m);
      expect(decisions(project)).toEqual(found);
    },
  );
  expect(kills).toBeGreaterThan(3);
});

test('an item on its way to the backlog is in one of the two', async () => {
  await eachKill(
    labs,
    (project) => cli(project, ['todo', 'prune', '--older', '0']),
    async (project) => {
      project.must('todo', 'prune', '--older', '0');
      const backlog = readFileSync(project.path('docs', 'history', 'TODO.md'), 'utf8');
      expect(backlog.split('Nobody will').length).toBe(2);
      const { todo } = project.must<{ todo: { text: string }[] }>('todo', 'list');
      expect(todo.map((item) => item.text)).toEqual(['Now']);
    },
  );
});

test('a handoff that was killed is made again: the documents in one commit, the rest as it was', async () => {
  await eachKill(
    labs,
    (project) => ({ ...cli(project, ['handoff']), exits: 1 }),
    async (project) => {
      // A killed git leaves its lock, as it does without coord.
      project.coord(['handoff']);
      expect(gitIn(project.home, 'status', '--porcelain', '--', '.planning', 'DECISIONS.md')).toBe('');
      expect(gitIn(project.home, 'diff', '--cached', '--name-only').trim()).toBe('mine.txt');
      const changed = gitIn(project.home, 'log', '--name-only', '--format=', 'main').split('\n');
      expect(changed).not.toContain('mine.txt');
    },
  );
});

test('a phase that is closed and archived under a kill is closed, archived and recorded once', async () => {
  for (const lab of labs) {
    lab.restore();
    const cwd = lab.project.worktree('01');
    for (const plan of ['01-01', '01-02']) {
      lab.project.mustIn(cwd, 'plan', 'start', plan);
      lab.project.mustIn(cwd, 'plan', 'done', plan);
    }
    lab.project.must('status');
  }
  const done = labs.map((lab) => lab.project.copy()).flatMap((project) => twoLabs(project));
  await eachKill(
    done,
    (project) => cli(project, ['phase', 'close', '01']),
    async (project) => {
      const again = project.coord(['phase', 'close', '01', '--json']);
      // It may have been done but for the last word.
      expect([0, 1]).toContain(again.code);
      const { phases } = project.must<{ phases: { id: string; state: string }[] }>('phase', 'list');
      expect(phases).toMatchObject([{ id: '01', state: 'done' }]);
      const history = readFileSync(project.path('docs', 'history', '01-phase-01.md'), 'utf8');
      expect(history).toContain('01-02');
      const closed = decisions(project).filter((one) =>
        /^Phase 01 .* (?:is done|ends|closed)/.test(one.title),
      );
      expect(closed).toHaveLength(1);
      expect(doctor(project)).not.toMatch(/DECISIONS\.md|(?:^|\s)D\d/m);
    },
  );
  for (const lab of done) lab.dispose();
});
