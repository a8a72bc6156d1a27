/**
 * GSD's own commands write the front matter of STATE.md anew, from what they know: coord's keys are gone. `coord doctor
 * --repair` brings them back, with what GSD has written since, and `coord init` never starts anew over them.
 */
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StateDocument } from '../../src/domain/state-document.ts';
import { initProject } from '../../src/usecases/init-project.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { LATE, putFiles } from '../kit/gsd.ts';
import { Project } from '../kit/project.ts';
import { stateOf, value } from '../kit/scene.ts';

let project: Project;
let before: StateDocument;

beforeEach(() => {
  project = Project.like('late GSD, at work', (made) => {
    putFiles(made.home, LATE);
    value(initProject(made.home));
    made.git('add', '-A');
    made.git('commit', '-qm', 'Planning');
    value(startPhase(made.home, '02'));
    made.must('todo', 'add', 'Order the fuel', '--priority', 'P0');
    made.must('criteria', 'add', 'v1', 'it sails');
    made.must('decide', 'Steam', '--decision', 'yes');
  });
  before = stateOf(project);
});
afterEach(() => project.dispose());

const STATE = '.planning/STATE.md';
const THEIRS =
  'gsd_state_version: 1.0\nmilestone: v1.0\nmilestone_name: Maiden Voyage\nstatus: verifying\nlast_activity: "2026-03-09 -- 02-03 done"\nprogress:\n  total_phases: 4\n  percent: 75\n';

/** As GSD's `state` commands do: the body as it is but for their own lines, the front matter theirs alone. */
function rewriteByGsd(): string {
  const text = project.read(STATE);
  const body = text.slice(text.indexOf('\n---\n', 4) + 5);
  const changed = body
    .replace('**Plan:** 02-03', '**Plan:** 02-04')
    .replace('Executing Phase 02', 'Verifying Phase 02');
  expect(changed).not.toBe(body);
  project.write(STATE, `---\n${THEIRS}---\n${changed}`);
  return project.read(STATE);
}

function expectWhole(): void {
  const { revision: _, updated: __, ...known } = before;
  const after = stateOf(project);
  for (const key of [
    'phases',
    'todo',
    'todo_last',
    'criteria',
    'criteria_last',
    'goals',
    'milestones',
  ] as const)
    expect(after[key]).toEqual(known[key]);
  expect(after.revision).toBeGreaterThan(before.revision);
  const text = project.read(STATE);
  // GSD's, as GSD has it now.
  expect(after).toMatchObject({ gsd_state_version: 1, status: 'verifying', progress: { percent: 75 } });
  expect(text).toContain('**Plan:** 02-04');
  expect(text).toContain('**Status:** Verifying Phase 02');
  expect(text).toContain('- [BLOCKER] Fuel supplier blocks 02-03');
  expect(text).toContain('Order the fuel');
  expect(text.split('## TODO').length).toBe(2);
}

test('doctor names the line, and repairs it: coord’s keys from the last good copy, GSD’s as they are now', () => {
  const broken = rewriteByGsd();
  expect(project.coord(['status'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('doctor --repair'),
  });
  expect(project.coord(['doctor'])).toMatchObject({ code: 1 });
  expect(project.read(STATE)).toBe(broken);
  project.coord(['doctor', '--repair']);
  expectWhole();
  const aside = readdirSync(project.path('.planning')).filter((name) => name.startsWith('STATE.md.corrupt-'));
  expect(aside).toHaveLength(1);
  expect(project.read(`.planning/${aside[0]}`)).toBe(broken);
  expect(project.coord(['doctor']).stdout).not.toContain('STATE.md line');
  // Again and again, without anything growing.
  const size = project.read(STATE).length;
  for (const _ of [1, 2]) {
    const text = project
      .read(STATE)
      .replace('**Plan:** 02-04', '**Plan:** 02-03')
      .replace('Verifying Phase', 'Executing Phase');
    project.write(STATE, text);
    rewriteByGsd();
    project.coord(['doctor', '--repair']);
    expectWhole();
  }
  expect(Math.abs(project.read(STATE).length - size)).toBeLessThan(20);
});

test('init instead of doctor loses nothing either', () => {
  rewriteByGsd();
  project.coord(['init']);
  project.coord(['doctor', '--repair']);
  expectWhole();
});

test('a worker goes on meanwhile, and what it reports arrives after the repair', () => {
  const cwd = project.worktree('02').replace('02-phase-02', '02-engine');
  rewriteByGsd();
  project.mustIn(cwd, 'plan', 'start', '02-03');
  project.coord(['doctor', '--repair']);
  project.must('status');
  const plans = stateOf(project).phases.find((phase) => phase.id === '02')?.plans ?? [];
  expect(plans.find((plan) => plan.id === '02-03')?.state).toBe('in_progress');
  expect(stateOf(project).todo).toEqual(before.todo);
});
