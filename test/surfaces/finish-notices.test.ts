/**
 * What a worker says last, and who may say it: a finish is told behind what came before it, and what is late of an
 * earlier session does not touch the one that sits there now.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSeat } from '../../src/storage/light/seat.ts';
import { waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started, stateOf, statusOf } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
let cwd = '';
beforeEach(() => {
  project = started('01');
  cwd = project.worktree('01');
});
afterEach(() => project.dispose());

test('a finish comes behind what its worker sent before it, and when it comes all of it can be read', async () => {
  project.mustIn(cwd, 'plan', 'start', '01-01');
  project.mustIn(cwd, 'plan', 'start', '01-02');
  project.mustIn(cwd, 'send', 'coordinator', 'response', 'The parser takes UTF-8 alone.');
  project.mustIn(cwd, 'plan', 'complete', '01-01');
  project.mustIn(cwd, 'plan', 'complete', '01-02');
  const [ready = ''] = waitingFor(project, 'coordinator')
    .filter(({ metadata }) => metadata['event'] === 'phase_complete')
    .map(({ id }) => id);
  // The document that it tells of was saved before it was sent.
  expect(statusOf(project, '01').plans.map(({ state }) => state)).toEqual(['complete', 'complete']);
  const boss = new Session(project, { session: 'boss', cwd: project.home });
  const { context = '' } = await boss.start();
  const finished = context.indexOf(ready);
  expect(context.indexOf('The parser takes UTF-8 alone.')).toBeGreaterThan(0);
  expect(finished).toBeGreaterThan(context.indexOf('The parser takes UTF-8 alone.'));
  expect(stateOf(project).phases[0]?.plans.map(({ state }) => state)).toEqual(['complete', 'complete']);
});

test('the end of a session that was followed takes nothing from the one that followed it', async () => {
  const first = new Session(project, { session: 'first', cwd });
  await first.start();
  project.must('config', 'set', 'mode', 'shared');
  project.mustIn(cwd, 'join', '01', '--takeover');
  const second = new Session(project, { session: 'second', cwd });
  await second.start();
  expect(project.coord(['lock', 'a.ts', '--json'], { cwd, env: second.env }).code).toBe(0);
  const seat = readSeat(project.home, '01-phase-01');
  // All that a session says at its end, late: its turn, its helper, itself.
  await first.stop();
  await new Session(project, { session: 'first', cwd, agent: 'h1' }).stop();
  await first.run('SessionEnd', { reason: 'other' });
  await first.run('SessionEnd', { reason: 'other' });
  expect(readSeat(project.home, '01-phase-01')).toEqual(seat);
  const { locks } = project.must<{ locks: { path: string; session: string }[] }>('locks');
  expect(locks).toMatchObject([{ path: 'a.ts', session: 'second' }]);
  expect(project.coord(['plan', 'start', '01-01', '--json'], { cwd, env: second.env }).code).toBe(0);
});

test('a hook that cannot read the inbox says so, and shows the mail when it can', async () => {
  const session = new Session(project, { session: 's', cwd });
  await session.start();
  project.must('send', 'worker-01', 'question', 'Which port?');
  const inbox = project.path('.coordination/inbox/worker-01');
  const ids = waitingFor(project, 'worker-01').map(({ id }) => id);
  const kept = project.read(`.coordination/inbox/worker-01/${ids[0]}.json`);
  rmSync(inbox, { recursive: true });
  writeFileSync(inbox, 'in the way');
  const mute = await session.prompt();
  expect(mute.code).toBe(0);
  const doctor = project.coord(['doctor']);
  expect([doctor.code, doctor.stdout.includes('the UserPromptSubmit hook failed')]).toEqual([1, true]);
  rmSync(inbox);
  project.write(join('.coordination/inbox/worker-01', `${ids[0]}.json`), kept);
  expect((await session.prompt()).context).toContain('Which port?');
});
