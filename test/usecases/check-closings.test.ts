/** What doctor finds of closings that a kill cut short, and that following it ends them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { releaseLease } from '../../src/storage/light/lease.ts';
import { takeTurn } from '../../src/storage/light/merge-turn.ts';
import { readWorkerRecord, writeWorkerRecord } from '../../src/storage/light/roster.ts';
import { checkProject, type Finding } from '../../src/usecases/check-project.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import type { Project } from '../kit/project.ts';
import { started, stateOf, value } from '../kit/scene.ts';

let project: Project;
beforeEach(() => {
  project = started('01', '02');
});
afterEach(() => project.dispose());

const found = (repair = false): Finding[] =>
  checkProject(project.home, repair).filter(({ code }) => /unfinished|orphan/.test(code));

/** Closed as far as STATE.md: what a kill right after that leaves. */
function halfClose(id: string): void {
  const record = readWorkerRecord(project.home, `worker-${id}`);
  value(closePhase(project.home, id, true));
  if (record) writeWorkerRecord(project.home, record);
}

test('a phase that is done and has its worker yet: closed to its end, not taken for an orphan', () => {
  halfClose('01');
  expect(found()).toEqual([
    { code: 'closing-unfinished', phase: '01', worker: 'worker-01', repaired: false },
  ]);
  expect(found(true)[0]).toMatchObject({ code: 'closing-unfinished', phase: '01', repaired: true });
  expect(readWorkerRecord(project.home, 'worker-01')?.state).toBe('ended');
  expect(found()).toMatchObject([{ code: 'orphan', phase: '01', why: null }]);
  expect(stateOf(project).phases.map(({ state }) => state)).toEqual(['done', 'active']);
});

test('a run of the queue that is at it ends its workers itself', () => {
  halfClose('01');
  const turn = takeTurn(project.home, 'coordinator');
  if (!('epoch' in turn)) throw new Error('the turn is taken');
  expect(found(true)).toEqual([]);
  expect(readWorkerRecord(project.home, 'worker-01')?.state).toBe('active');
  releaseLease(turn);
  expect(found().map(({ code }) => code)).toEqual(['closing-unfinished']);
});

test('as it is told to be typed', () => {
  halfClose('02');
  const told = project.coord(['doctor']).stdout;
  expect(told).toContain('phase 02 is done, and worker-02 has not ended');
  expect(told).toContain('`coord phase close 02`');
  expect(project.coord(['phase', 'close', '02']).code).toBe(0);
  expect(found().map(({ code }) => code)).toEqual(['orphan']);
});

test('a landing that was cut short is carried on by the queue, and closes its phase itself', () => {
  halfClose('01');
  const tip = project.git('rev-parse', 'HEAD').trim();
  const entries = [{ entry: '01.1', phase: '01', tip, commit: tip }];
  const landing = { id: 'x', target: 'main', ref: 'refs/heads/main', from: tip, to: tip, entries };
  project.write('.coordination/queue/landing.json', JSON.stringify({ ...landing, isSettled: false }));
  expect(found(true)).toEqual([{ code: 'landing-unfinished', phases: ['01'] }]);
  expect(project.coord(['doctor']).stdout).toContain('`coord merge run` carries it on');
  project.write('.coordination/queue/landing.json', JSON.stringify({ ...landing, isSettled: true }));
  expect(found().map(({ code }) => code)).toEqual(['closing-unfinished']);
});
