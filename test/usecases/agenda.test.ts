/** STATE.md as the canonical file of a project: what is kept by hand, what is worked out, what is archived. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { noteTests } from '../../src/storage/light/evidence-files.ts';
import { addPhaseTo } from '../../src/usecases/add-phase.ts';
import { archivePhases } from '../../src/usecases/archive-phases.ts';
import { changeAgenda, pruneTodo } from '../../src/usecases/change-agenda.ts';
import type { Project } from '../kit/project.ts';
import { coordinated, started, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

const scribe = () => ({ home: project.home, session: null });
const state = () => project.read('.planning/STATE.md');
const history = (name: string) => readFileSync(project.path('docs', 'history', name), 'utf8');

test('the sections of the canonical file are there from the first save on, a person’s stay', () => {
  project = coordinated();
  project.must('todo', 'add', 'Write the parser', '--priority', 'P0');
  writeFileSync(project.path('.planning/STATE.md'), `${state()}\n## Notes of ours\n\nkeep  this\n`);
  project.must('todo', 'add', 'Nice things', '--priority', 'P2');
  project.must('criteria', 'add', 'v1', 'all tests pass');
  const headings = [...state().matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(headings).toEqual([
    'Current deliverable',
    'Phases',
    'Progress',
    'TODO',
    'Workers',
    'Blockers',
    'Milestones',
    'Resume checklist',
    'Acceptance checklists',
    'Notes of ours',
  ]);
  expect(state()).toContain('- [ ] **T1** Write the parser');
  expect(state()).toContain('### P2 (nice to have)');
  expect(state()).toMatch(/### v1\n\n- \[ \] \*\*C1\*\* all tests pass/);
  expect(state()).toContain('keep  this');
});

test('the command line keeps TODO, criteria and milestones, and says what is off', () => {
  project = started('01');
  expect(project.coord(['todo', 'add', 'one']).stdout).toContain('[ ] P1 T1 one');
  expect(project.coord(['todo', 'move', 'T1', 'p0']).stdout).toContain('P0 T1');
  expect(project.coord(['todo', 'done', 't1']).stdout).toContain('[x] P0 T1 one');
  expect(project.must('todo', 'list')).toEqual({ todo: [] });
  expect(project.must('todo', 'list', '--all')['todo']).toHaveLength(1);
  expect(project.coord(['todo', 'reopen', 'T1']).stdout).toContain('[ ] P0 T1');
  expect(project.coord(['todo', 'done', 'T9'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Known: T1'),
  });
  expect(project.coord(['todo', 'add', 'x', '--priority', 'high']).code).toBe(64);
  expect(project.coord(['todo', 'add', 'two\nlines']).code).toBe(64);
  project.must('criteria', 'add', '01', 'parses everything');
  project.must('criteria', 'met', 'C1');
  expect(project.must('criteria', 'list', '01')).toMatchObject({ met: 1, all: 1 });
  expect(project.must('criteria', 'unmet', 'C1')).toMatchObject({ id: 'C1', phase: '01' });
  expect(project.must('criteria', 'list', '01')).toMatchObject({ met: 0, all: 1 });
  project.must('criteria', 'add', 'v1', 'not needed');
  expect(project.must('criteria', 'drop', 'C2')).toEqual({ id: 'C2', dropped: true });
  expect(project.must('criteria', 'list', 'v1')).toMatchObject({ met: 0, all: 0 });
  project.must('milestone', 'add', 'M9', 'never mind', '--phase', '01');
  expect(project.must('milestone', 'drop', 'M9')).toEqual({ id: 'M9', dropped: true });
  project.must('criteria', 'met', 'C1');
  expect(project.coord(['criteria', 'add', '09', 'x'])).toMatchObject({ code: 1 });
  project.must('milestone', 'add', 'beta', 'The beta', '--phase', '01');
  expect(project.coord(['milestone', 'reach', 'beta'])).toMatchObject({ code: 1 });
  expect(project.coord(['milestone', 'list']).stdout).toContain('beta The beta: 0% (0/1)');
  // A worker asks; it does not keep the project's file.
  const worker = project.coord(['todo', 'add', 'mine'], { cwd: project.worktree('01') });
  expect(worker).toMatchObject({ code: 1, stderr: expect.stringContaining('only the coordinator') });
});

test('a closed phase is archived, a milestone is reached by it, the tests that ran are shown', () => {
  project = started('01');
  project.must('milestone', 'add', 'beta', 'The beta', '--phase', '01');
  noteTests(project.home, {
    command: 'npm test',
    exit: 0,
    at: '2026-01-01T00:00:00.000Z',
    place: null,
    passed: 12,
    failed: 1,
    skipped: 0,
  });
  project.must('phase', 'close', '01', '--force');
  expect(state()).toContain('Tests: 12/13 passing (npm test, exit 0, 2026-01-01T00:00:00.000Z)');
  expect(stateOf(project).goals[0]?.reached).toBeDefined();
  expect(history('01-phase-01.md')).toMatch(/^# Phase 01: Phase 01\n/);
  expect(history('01-phase-01.md')).toContain('phase_closed');
  expect(stateOf(project).phases[0]).toMatchObject({ archived: 'docs/history/01-phase-01.md' });
  expect(value(archivePhases(scribe()))).toEqual([]);
});

test('of many done phases the latest five stay in full, of the others a line, their counts and their plans’ ids', () => {
  project = coordinated();
  const ids = Array.from({ length: 7 }, (_, at) => `0${at + 1}`);
  for (const id of ids) {
    const plans = [{ id: `${id}-01`, title: 'First' }];
    value(addPhaseTo(project.home, { id, name: `Phase ${id}`, plans, scope: [], depends: [] }));
  }
  value(
    changeAgenda(project.home, (document) => ({
      ...document,
      phases: document.phases.map((phase, at) => ({
        ...phase,
        state: 'done' as const,
        closed: `2026-01-0${at + 1}T00:00:00.000Z`,
      })),
    })),
  );
  expect(value(archivePhases(scribe()))).toHaveLength(7);
  const phases = stateOf(project).phases;
  expect(phases.map((phase) => phase.plans.length)).toEqual([0, 0, 1, 1, 1, 1, 1]);
  expect(phases[0]).toMatchObject({ plan_ids: ['01-01'], reported: { counts: { not_started: 1 } } });
  expect(history('01-phase-01.md')).toContain('01-01 not_started First');
  expect(state()).toContain('in full in `docs/history/01-phase-01.md`');
  const again = addPhaseTo(project.home, {
    id: '99',
    name: 'New',
    plans: [{ id: '01-01', title: 'x' }],
    scope: [],
    depends: [],
  });
  expect(again).toMatchObject({ done: false, problem: { code: 'plan-id-taken', phase: '01' } });
});

test('old items go to the backlog once, also when the move was killed in the middle', () => {
  project = coordinated();
  project.must('todo', 'add', 'old', '--priority', 'P2');
  project.must('todo', 'add', 'urgent', '--priority', 'P0');
  const first = value(pruneTodo(scribe(), 0));
  expect(first.map((item) => item.text)).toEqual(['old']);
  const text = history('TODO.md');
  expect(text).toMatch(/^- \[ \] P2 T1 \(added \d{4}-\d\d-\d\d\) old$/m);
  // Killed between the two writes: the item is in both, and goes again.
  value(changeAgenda(project.home, (document) => ({ ...document, todo: [...document.todo, ...first] })));
  expect(value(pruneTodo(scribe(), 0))).toHaveLength(1);
  expect(history('TODO.md')).toBe(text);
  expect(stateOf(project).todo.map((item) => item.text)).toEqual(['urgent']);
});

test('a history folder that leads out of the worktree is refused, and nothing leaves STATE.md', () => {
  project = coordinated();
  const outside = project.outside('elsewhere');
  mkdirSync(project.path('docs'));
  symlinkSync(outside, project.path('docs', 'history'));
  project.must('todo', 'add', 'old', '--priority', 'P2');
  expect(project.coord(['todo', 'prune', '--older', '0'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('leads to'),
  });
  expect(existsSync(join(outside, 'TODO.md'))).toBe(false);
  expect(stateOf(project).todo).toHaveLength(1);
});

test('eight at once lose no item and give no number twice', async () => {
  project = coordinated();
  const adders = Array.from({ length: 8 }, (_, at) => project.coordLater(['todo', 'add', `item ${at}`]));
  for (const run of await Promise.all(adders)) expect(run.code).toBe(0);
  const { todo } = stateOf(project);
  expect(new Set(todo.map((item) => item.id)).size).toBe(8);
  expect(new Set(todo.map((item) => item.text)).size).toBe(8);
});
