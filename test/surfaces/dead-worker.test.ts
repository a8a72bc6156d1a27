/** A worker's session is killed in the middle of a plan: whoever comes next starts from what it left. */

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import { changeStatus } from '../../src/storage/documents.ts';
import { readActs } from '../../src/storage/light/journal.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { removeSession } from '../../src/storage/light/roster.ts';
import { readSeat, takeSeat } from '../../src/storage/light/seat.ts';
import { writeSetting } from '../../src/storage/settings.ts';
import { changePlan } from '../../src/usecases/change-status.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import { ClientSession } from '../kit/client-process.ts';
import { callsOf, dieAt } from '../kit/die-at.ts';
import { ranBy } from '../kit/evidence.ts';
import { isLong } from '../kit/long.ts';
import { bareEnvironment, gitIn, type Project, scripts } from '../kit/project.ts';
import { callerIn, started, statusOf, value } from '../kit/scene.ts';

let project: Project;
let root: string;
let first: ClientSession;
const clients: ClientSession[] = [];

/** The worker is at its plan, and a validation has failed, when it is killed. */
beforeEach(async () => {
  project = started('01');
  root = project.worktree('01');
  writeSetting(project.home, 'validation', ['npm test']);
  first = open('first');
  await first.start();
  value(changePlan(callerIn(root, 'first'), '01-01', 'start'));
  ranBy(callerIn(root, 'first'), { exit: 3, output: 'not ok', via: 'tool' });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.client.kill('SIGKILL');
  project.dispose();
});

function open(session: string, cwd = root): ClientSession {
  const client = new ClientSession(project, { session, cwd });
  clients.push(client);
  return client;
}

const LEFT =
  'plan 01-01 was left: session first died over it. Last failure: npm test (exit 3). Read first: its output: ';
const handoffs = () => statusOf(project, '01').plans.map((plan: Plan) => plan.handoff?.session);

describe('the next session in that worktree', () => {
  test('is told, with the log and the transcript; so is the one after it, of the first death alone', async () => {
    await first.kill();
    const second = open('second');
    const { context } = await second.start();
    expect(context).toContain(LEFT);
    expect(context).toContain(`the transcript: ${first.transcript}`);
    expect(statusOf(project, '01').plans[0]?.handoff).toMatchObject({
      session: 'first',
      exit: 3,
      transcript: first.transcript,
      log: expect.stringContaining('.coordination/evidence/'),
    });
    expect(handoffs()).toEqual(['first', undefined]);
    expect(project.coord(['plan', 'list'], { cwd: root, env: second.env }).stdout).toContain(
      `  was left: session first`,
    );
    await second.kill();
    const third = await open('third').start();
    expect(third.context).toContain('session second died over it; before that: session first died over it');
    expect(third.context).toContain('Last failure: npm test (exit 3)');
    expect(readActs(project.home, ['worker-died'], 0).map(({ session, plans }) => [session, plans])).toEqual([
      ['first', ['01-01']],
      ['second', ['01-01']],
    ]);
    expect(readActs(project.home, ['takeover'], 0)).toMatchObject([
      { actor: 'worker-01', session: 'second', from: 'first', ordered: false },
      { session: 'third', from: 'second' },
    ]);
  });

  test('that was there before the death is told by its takeover, or by its next turn', async () => {
    const second = open('second');
    expect((await second.start()).context).toContain('Another live session (first) works in this worktree');
    expect(handoffs()).toEqual([undefined, undefined]);
    await first.kill();
    const taken = project.coord(['join', '--takeover'], { cwd: root, env: second.env });
    expect(taken.stdout).toContain(LEFT);
    expect(handoffs()).toEqual(['first', undefined]);
    await second.kill();
    const third = open('third');
    project.hook('session', third.payload('UserPromptSubmit', { prompt: 'go on' }), third.env);
    expect(handoffs()).toEqual(['second', undefined]);
  });

  test('that took the seat by a write of its own is told when it starts again', async () => {
    const second = open('second');
    await second.start();
    await first.kill();
    const write = { tool_name: 'Write', tool_input: { file_path: join(root, 'a.ts') }, tool_use_id: 'u' };
    expect(project.hook('guard', second.payload('PreToolUse', write), second.env).denied).toBeUndefined();
    expect(handoffs()).toEqual([undefined, undefined]);
    expect((await second.start('resume')).context).toContain(LEFT);
  });

  test('wherever its first hook is killed: the plan is marked, or the seat still names who died', async () => {
    await first.kill();
    const second = open('second');
    const script = {
      bundle: join(scripts, 'session.cjs'),
      args: [],
      under: project.home,
      cwd: root,
      env: { ...bareEnvironment(), ...second.env },
      input: JSON.stringify(second.payload('SessionStart', { source: 'startup' })),
    };
    const dead = { pid: first.client.pid ?? 0, started: markOf(process.pid).started };
    const mine = {
      home: project.home,
      place: '01-phase-01',
      owner: 'worker-01',
      session: 'first',
      agent: null,
    };
    const reset = () => {
      removeSession(project.home, 'second', null);
      takeSeat({ ...mine, process: dead }, Date.now(), true);
      changeStatus({ home: project.home, root, folder: '01-phase-01' }, (before) => {
        const plans = before.plans.map(({ handoff: _, ...plan }) => plan);
        return { done: true, document: { ...before, plans }, value: undefined };
      });
    };
    const calls = await callsOf(script);
    expect(handoffs()).toEqual(['first', undefined]);
    const writes = calls.flatMap((call, at) => (/^(?:link|rename)Sync$/.test(call) ? [at + 1] : []));
    const sample = writes.slice(0, 16).filter((_, at) => at % (isLong ? 1 : 3) === 0);
    const seen = new Set<string>();
    for (const k of sample) {
      reset();
      await dieAt(script, k);
      const state = `${handoffs()[0] ?? 'no mark'}, seat ${readSeat(project.home, '01-phase-01')?.session}`;
      seen.add(state);
      expect(['no mark, seat first', 'first, seat first', 'first, seat second']).toContain(state);
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});

describe('a takeover by a new worker', () => {
  test('in a worktree of its own shows what was left, at once and in its next brief', async () => {
    await first.kill();
    const mine = project.outside('mine');
    project.git('worktree', 'add', '-q', '-b', 'mine', join(mine, 'tree'));
    const second = open('second', join(mine, 'tree'));
    await second.start();
    const joined = project.coord(['join', '01', '--takeover'], { cwd: second.cwd, env: second.env });
    expect(joined).toMatchObject({ code: 0, stdout: expect.stringContaining(LEFT) });
    expect((await second.start('resume')).context).toContain(LEFT);
    expect(readActs(project.home, ['takeover'], 0).at(-1)).toMatchObject({
      phase: '01',
      actor: 'worker-01',
      ordered: true,
    });
    expect(gitIn(second.cwd, 'status', '--porcelain')).toContain('.planning/');
  });
});

test('doctor tells of a worker that died over a plan, and leaves the plan to the next one', async () => {
  const found = (repair: boolean) =>
    checkProject(project.home, repair).filter(({ code }) => code === 'worker-died');
  expect(found(false)).toEqual([]);
  await first.kill();
  const finding = { code: 'worker-died', worker: 'worker-01', session: 'first', plans: ['01-01'] };
  expect(found(false)).toEqual([{ ...finding, repaired: false }]);
  expect(handoffs()).toEqual([undefined, undefined]);
  expect(found(true)).toEqual([{ ...finding, repaired: true }]);
  expect(handoffs()).toEqual(['first', undefined]);
  expect(found(false)).toEqual([]);
  expect((await open('second').start()).context).toContain(LEFT);
});
