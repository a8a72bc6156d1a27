/** A session's hooks while others give up its mail as fast as they can: it is shown all, each once, and nothing is lost. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLong } from '../kit/long.ts';
import { archived, logOf, repeated, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { allAtOnce, failuresOf } from './fixtures/crowd.ts';

const ROUNDS = isLong ? 60 : 5;
/** A quick machine takes mail before it dies; then it takes more of it. */
const ROUNDS_MAX = 200;

let project: Project;
beforeAll(() => {
  project = started('01', '02');
  project.must('config', 'set', 'ack_timeout', '1');
  project.must('config', 'set', 'ack_retries', '0');
  project.must('config', 'set', 'mail_batch', '2');
});
afterAll(() => project.dispose());

const questions = (agent: string) => waitingFor(project, agent).filter(({ type }) => type === 'question');

/** The test is only worth something if some of it died meanwhile. */
const died = () =>
  logOf(project).envelopes.filter(
    ({ to, metadata }) => to === 'operator' && metadata['error_type'] === 'undelivered',
  );

test('mail that dies and waits again is shown once to the session that lives', async () => {
  const session = new Session(project, { session: 's1', cwd: project.worktree('01') });
  await session.start();
  const sent: string[] = [];
  const send = async (at: number) => {
    const run = await project.coordLater(['send', '01', 'question', `Number ${at}`, '--json'], {
      cwd: project.worktree('02'),
    });
    sent.push((JSON.parse(run.stdout) as { id: string }).id);
  };
  let round = 0;
  for (; round < ROUNDS || (round < ROUNDS_MAX && died().length === 0); round += 1) {
    const sweeps = allAtOnce(project, [{ args: ['status'] }, { args: ['status'] }, { args: ['inbox'] }]);
    const hooks = round % 2 === 0 ? session.prompt() : session.stop();
    await Promise.all([send(3 * round), send(3 * round + 1), send(3 * round + 2), sweeps, hooks]);
    expect(failuresOf(await sweeps)).toEqual([]);
  }
  for (let more = 0; more < 40 && questions('worker-01').length > 0; more += 1) {
    await session.prompt();
    await session.stop();
  }
  await session.prompt();
  await session.stop();
  expect(sent.length).toBe(3 * round);
  expect(repeated(session.shown)).toEqual([]);
  expect(sent.filter((id) => !session.shown.includes(id))).toEqual([]);
  const done = archived(project).map(({ id }) => id);
  expect(sent.filter((id) => !done.includes(id))).toEqual([]);
  const logged = logOf(project).envelopes;
  expect(repeated(logged.map(({ id }) => id))).toEqual([]);
  expect(died().length).toBeGreaterThan(0);
});
