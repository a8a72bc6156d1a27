/** What a validation that ended leaves to `coord health`, and which failures cite shared state. */
import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readCounts } from '../../src/storage/light/counters.ts';
import { readActs } from '../../src/storage/light/journal.ts';
import { releaseLocks, takeLocks } from '../../src/storage/light/locks/locks.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { removeSession, writeSession } from '../../src/storage/light/roster.ts';
import { beginValidation, endValidation } from '../../src/usecases/keep-evidence.ts';
import type { Project } from '../kit/project.ts';
import { coordinated } from '../kit/scene.ts';

let project: Project;
beforeAll(() => {
  project = coordinated();
  project.write('theirs.ts', 'one\n');
  project.git('add', '-A');
  project.git('commit', '-qm', 'x');
});
afterAll(() => project.dispose());
beforeEach(() => {
  rmSync(project.path('.coordination/log'), { recursive: true, force: true });
  releaseLocks(
    project.home,
    () => true,
    () => true,
  );
  removeSession(project.home, 'other', null);
  project.git('checkout', '-q', '.');
});

/** Runs a validation in the shared tree, as the agent `me`. */
function ran(
  result: { exit: number | null; output?: string },
  meanwhile?: () => void,
  commands = ['npm test'],
) {
  const { home } = project;
  const run = {
    commands,
    isSole: commands.length === 1,
    place: null,
    root: home,
    by: 'me',
    session: 's1',
    via: 'tool' as const,
  };
  const begun = beginValidation(run);
  meanwhile?.();
  endValidation(home, begun, { output: '', ...result });
  const [act] = readActs(home, ['validation'], 0);
  const [hour] = readCounts(home, Date.now() - 3_600_000, Date.now()).slice(-1);
  return { shared: act?.['shared'], counted: hour?.tallies ?? {}, act };
}

function lockTheirs(name = 'other'): void {
  const process_ = markOf(process.pid);
  const me = { holder: { owner: name, session: name, agent: null, process: process_ }, name };
  const space = { home: project.home, place: null, caseBlind: false };
  const outcome = takeLocks(space, me, [{ kind: 'file', place: null, path: 'theirs.ts' }]);
  if ('code' in outcome || !outcome.taken) throw new Error('not taken');
}

function startOther(): void {
  const rest = {
    agent: null,
    place: null,
    root: project.home,
    startedAt: '',
    process: null,
    attended: false,
    transcript: null,
  };
  writeSession(project.home, { session: 'other', ...rest });
}

const dirty = () => writeFileSync(project.path('theirs.ts'), 'two\n');

test('a pass is a pass, and one line of several commands one run', () => {
  lockTheirs();
  dirty();
  const { shared, counted, act } = ran({ exit: 0 }, undefined, ['npm test', 'npm run lint']);
  expect([shared, counted]).toEqual([undefined, { validations_passed: 1 }]);
  expect(act).toMatchObject({
    actor: 'me',
    command: 'npm test && npm run lint',
    exit: 0,
    evidence: expect.any(String),
  });
});

test('a run that was stopped has neither passed nor failed', () => {
  expect(ran({ exit: null }).counted).toEqual({});
});

test('a failure by itself cites nothing, also where it changed files or others are clean', () => {
  lockTheirs();
  expect(ran({ exit: 1 }).counted).toEqual({ validations_failed: 1 });
});

test('a failure that changed files while it was alone cites nothing', () => {
  expect(ran({ exit: 1 }, dirty).shared).toBeUndefined();
});

test('a failure while another one had a locked file uncommitted cites that', () => {
  lockTheirs();
  dirty();
  expect(ran({ exit: 1 })).toMatchObject({
    shared: ['others-dirty'],
    counted: { validations_failed: 1, failures_shared: 1 },
  });
});

test('its own uncommitted file is its own', () => {
  lockTheirs('me');
  dirty();
  expect(ran({ exit: 1 }).shared).toBeUndefined();
});

test('a failure under which files moved while another session worked there cites that, and what it printed', () => {
  startOther();
  const output = 'Error: listen EADDRINUSE: address already in use';
  expect(ran({ exit: 2, output }, dirty)).toMatchObject({
    shared: ['words', 'tree-moved'],
    counted: { validations_failed: 1, failures_shared: 1 },
  });
});
