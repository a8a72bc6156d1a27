/** `coord init` in a repository of Get Shit Done, as its users meet it: what it says, what --json has, and what follows. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { GsdNote } from '../../src/domain/gsd/text.ts';
import { NOTES_SHOWN_MAX, printGsd } from '../../src/surfaces/wording/gsd.ts';
import { EARLY, putFiles } from '../kit/gsd.ts';
import { gitIn, Project } from '../kit/project.ts';

let project: Project | undefined;
afterEach(() => project?.dispose());

test('init twice, doctor, status, and a phase that is started and worked on', () => {
  project = new Project();
  putFiles(project.home, EARLY);
  const first = project.coord(['init']);
  expect(first.code).toBe(0);
  expect(first.stdout).toContain(
    'Taken from Get Shit Done, whose own files stay as they are: 4 phase(s): 01, 02, 02.1, 03; 6 plan(s); 4 success criteria; 3 TODO item(s).',
  );
  const before = project.read('.planning/STATE.md');
  const line = before.split('\n').findIndex((text) => text.startsWith('Plan: 2 of 3')) + 1;
  expect(first.stdout).toContain(`.planning/STATE.md:${line} · "2 of 3 in current phase" · under way in GSD`);
  expect(first.stdout).toContain('coord phase start <id>');
  const again = project.must('init');
  expect(again).toMatchObject({
    already: true,
    made: [],
    gsd: { phases: [], moved: [], plans: 0, criteria: 0, milestones: [], todo: 0 },
    not_understood: [{ file: '.planning/STATE.md', line, text: '2 of 3 in current phase', why: 'under-way' }],
    not_understood_more: 0,
  });
  expect(project.read('.planning/STATE.md')).toBe(before);
  expect(project.coord(['doctor'])).toMatchObject({ code: 0 });
  project.git('add', '-A');
  project.git('commit', '-qm', 'Take GSD over');
  const { worktree } = project.must<{ worktree: string }>('phase', 'start', '02');
  const folder = join(worktree, '.planning', 'phases', '02-brewing');
  expect(existsSync(join(folder, '02-02-PLAN.md'))).toBe(true);
  expect(readFileSync(join(folder, 'STATUS.md'), 'utf8')).toMatch(/id: 02-01\n.*\n.*state: complete/);
  project.mustIn(worktree, 'plan', 'start', '02-02');
  // Its plans are GSD's as well, and nobody but the worker writes STATUS.md.
  expect(project.guardWrite(worktree, join(folder, '02-02-SUMMARY.md'))).toBeUndefined();
  expect(project.guardWrite(project.home, join(folder, 'STATUS.md'))).toBeDefined();
  const { phases } = project.must<{ phases: { id: string; state: string; plans: object }[] }>('status');
  expect(phases.map(({ id, state, plans }) => [id, state, plans])).toEqual([
    ['01', 'done', { not_started: 0, in_progress: 0, complete: 2, failed: 0 }],
    ['02', 'active', expect.objectContaining({ complete: 1 })],
    ['02.1', 'future', { not_started: 1, in_progress: 0, complete: 0, failed: 0 }],
    ['03', 'future', { not_started: 0, in_progress: 0, complete: 0, failed: 0 }],
  ]);
  expect(project.coord(['doctor']).stdout).not.toContain('STATE.md');
  expect(gitIn(worktree, 'status', '--porcelain', '--', '.planning').trim()).toBe(
    '?? .planning/phases/02-brewing/STATUS.md',
  );
});

test('a project without GSD hears nothing of it; a worker brings nothing in', () => {
  project = Project.started('01');
  const made = project.must('init');
  expect(made).toMatchObject({ gsd: null, not_understood: [], not_understood_more: 0 });
  expect(project.coord(['init']).stdout).not.toContain('Get Shit Done');
  writeFileSync(project.path('.planning', 'ROADMAP.md'), '### Phase 7: Late\n');
  expect(project.coord(['init'], { cwd: project.worktree('01') }).code).toBe(1);
  expect(project.read('.planning/STATE.md')).not.toContain('Late');
});

test('many notes are cut, and what they quote is harmless', () => {
  const note: GsdNote = { file: '.planning/ROADMAP.md', line: 3, text: '\u001b[31mx\u202e', why: 'item' };
  const taken = { phases: [], moved: [], plans: 0, criteria: 0, milestones: [], todo: 0 };
  const lines = printGsd({ taken, notes: Array.from({ length: 60 }, () => note) }).split('\n');
  expect(lines).toHaveLength(NOTES_SHOWN_MAX + 3);
  expect(lines[2]).toBe('  .planning/ROADMAP.md:3 · "x" · neither a phase nor a plan; not taken');
  expect(lines.at(-1)).toBe('  and 10 more');
});
