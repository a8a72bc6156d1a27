/** Every worktree has a STATE.md from git. It is a copy and no truth: one STATE.md, in the primary worktree, says who does what. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { joinPhase } from '../../src/usecases/join-phase.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import type { Project } from '../kit/project.ts';
import { addPhase, callerIn, coordinated, refusal, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const COPY = '.planning/STATE.md';

/** Committed, so that each worktree is made with it. */
function committed(): void {
  project = coordinated();
  for (const id of ['01', '02']) value(addPhase(project, id));
  project.git('add', '-f', COPY);
  project.git('commit', '-qm', 'State');
}

test('what a worktree’s copy says of a phase gives it to nobody', () => {
  committed();
  const trees = ['a', 'b'].map((name) => join(project.outside('trees'), name));
  for (const [at, tree] of trees.entries()) project.git('worktree', 'add', '-q', '-b', `t${at}`, tree);
  const [first = '', second = ''] = trees;
  for (const tree of trees) expect(readFileSync(join(tree, COPY), 'utf8')).toContain('state: future');
  value(joinPhase(callerIn(first), '01', false));
  // In the second one's copy the phase is still free.
  expect(readFileSync(join(second, COPY), 'utf8')).not.toContain('state: active');
  expect(refusal(joinPhase(callerIn(second), '01', false)).code).toBe('phase-already-started');
  expect(refusal(startPhase(project.home, '01')).code).toBe('phase-already-started');
  expect(callerIn(second).kind).toBe('guest');
});

test('a copy that is changed, torn or gone changes nothing, and none of coord’s verbs writes it', () => {
  committed();
  const { worktree } = value(startPhase(project.home, '01'));
  const copy = join(worktree, COPY);
  for (const text of [project.read(COPY).replaceAll('future', 'done'), '---\nhalf', undefined]) {
    if (text !== undefined) writeFileSync(copy, text);
    const before = stateOf(project);
    const seen = project.mustIn<{ phases: { id: string; state: string }[] }>(worktree, 'status');
    expect(seen.phases.map(({ id, state }) => `${id} ${state}`)).toEqual(['01 active', '02 future']);
    project.mustIn(worktree, 'plan', 'start', '01-01');
    project.mustIn(worktree, 'plan', 'fail', '01-01', '--reason', 'again');
    expect(stateOf(project).phases.map(({ state }) => state)).toEqual(
      before.phases.map(({ state }) => state),
    );
    if (text !== undefined) expect(readFileSync(copy, 'utf8')).toBe(text);
  }
  expect(existsSync(join(worktree, '.coordination'))).toBe(false);
});
