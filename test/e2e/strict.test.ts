/** Blockers in both modes: strict ones hold the worker until the answer comes, the others let it go on elsewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLong } from '../kit/long.ts';
import type { Turn } from '../kit/messages-api.ts';
import type { Project } from '../kit/project.ts';
import { inboxOf, projectWith } from './disk.ts';
import { bash, type Live, Scene, say, write } from './kit.ts';

let scene: Scene;
let project: Project;
let cwd: string;

beforeEach(async () => {
  scene = await Scene.open(projectWith({}, '01'));
  project = scene.project;
  cwd = project.worktree('01');
});
afterEach(() => scene.close());

const RAISE = 'coord blocker raise "which port" --plan 01-01 --detail "8080 is taken; 9090 may be"';

function setStrict(value: boolean): void {
  project.must('config', 'set', 'strict_blockers', String(value));
}

function blockerMessage() {
  return inboxOf(project, 'coordinator').find((message) => message.type === 'blocker');
}

/** Resolves when the session has given its n-th answer and still runs a while later. */
async function stillWaiting(live: Live, name: string, answers: number): Promise<void> {
  await scene.api.waitFor(() => scene.api.of(name).length >= answers, 20_000);
  const ended = await Promise.race([live.done.then(() => 'ended'), sleep(1_500, 'waiting')]);
  expect(ended).toBe('waiting');
  expect(scene.api.of(name)).toHaveLength(answers);
}

describe('a strict blocker', () => {
  it('refuses writes, holds the end of the turn until the answer, and lets go with it', async () => {
    setStrict(true);
    const steps = [
      write('before.txt'),
      bash(RAISE),
      write('held.txt'),
      bash('echo x > held-too.txt'),
      bash('sh -c "$SOMETHING"'),
      bash('coord inbox && git status --short && ls'),
      say('I wait for the answer'),
      write('after.txt'),
      bash('echo x > after-too.txt'),
      say('done with it'),
    ];
    const live = scene.start({ name: 'strict', cwd, steps });
    await stillWaiting(live, 'strict', 7);
    const blocker = blockerMessage();
    const answeredAt = Date.now();
    project.must('send', 'worker-01', 'response', 'use 9090', '--ref', blocker?.id ?? '');
    const { client, results, requests } = await live.done;
    expect(results.map((result) => result.isError)).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    for (const refused of results.slice(2, 5))
      expect(refused.text).toContain('blocker B1 ("which port") waits');
    expect(existsSync(join(cwd, 'held.txt')) || existsSync(join(cwd, 'held-too.txt'))).toBe(false);
    expect(existsSync(join(cwd, 'after.txt')) && existsSync(join(cwd, 'after-too.txt'))).toBe(true);
    expect(requests[7]?.latestText).toContain('> use 9090');
    expect((requests[7]?.at ?? 0) - answeredAt).toBeLessThan(3_000);
    expect(client.resultText).toBe('done with it');
  });

  it('has its full record in STATUS.md and a condensed one with a pointer in the message', async () => {
    setStrict(false);
    await scene.play({ name: 'teller', cwd, steps: [bash(RAISE), say('ok')] });
    const message = blockerMessage();
    expect(message).toMatchObject({ from: 'worker-01', priority: 'urgent', references: ['01-01', 'B1'] });
    expect(message?.content).toContain('which port [full record: .planning/phases/01-phase-01/STATUS.md#b1]');
    expect(message?.content).not.toContain('9090 may be');
    expect(readFileSync(project.statusFile('01'), 'utf8')).toContain('8080 is taken; 9090 may be');
  });

  it.runIf(isLong)(
    'is released at the next hook when strict mode goes off, in mid-turn and at the end of one',
    async () => {
      setStrict(true);
      const whenStrict = (value: boolean, turn: Turn) => () => {
        setStrict(value);
        return turn;
      };
      const steps = [
        bash(RAISE),
        write('one.txt'),
        whenStrict(false, write('two.txt')),
        whenStrict(true, write('three.txt')),
        say('I wait'),
      ];
      const live = scene.start({ name: 'toggled', cwd, steps });
      await stillWaiting(live, 'toggled', 5);
      setStrict(false);
      const { results, requests } = await live.done;
      expect(results.map((result) => result.isError)).toEqual([false, true, false, true]);
      expect(['one.txt', 'two.txt', 'three.txt'].map((file) => existsSync(join(cwd, file)))).toEqual([
        false,
        true,
        false,
      ]);
      expect(requests).toHaveLength(5);
    },
  );

  it.runIf(isLong)(
    'waits no longer than it was told, and holds the next session until that was shown the answer',
    async () => {
      setStrict(true);
      project.must('config', 'set', 'strict_wait', '1');
      const startedAt = Date.now();
      await scene.play({ name: 'patient', cwd, steps: [bash(RAISE), say('I wait')] });
      expect(Date.now() - startedAt).toBeGreaterThan(1_000);
      const held = await scene.play({ name: 'held', cwd, steps: [write('held.txt'), say('still')] });
      expect(held.results[0]).toMatchObject({ isError: true, text: expect.stringContaining('B1') });
      project.must('send', 'worker-01', 'response', 'use 9090', '--ref', blockerMessage()?.id ?? '');
      const free = await scene.play({ name: 'free', cwd, steps: [write('free.txt'), say('at last')] });
      expect(free.requests[0]?.latestText).toContain('> use 9090');
      expect(free.results[0]).toMatchObject({ isError: false });
      expect(readFileSync(project.statusFile('01'), 'utf8')).toContain('operator: use 9090');
    },
  );
});

describe('a blocker in the default mode', () => {
  it.runIf(isLong)('names the next plan that is free, and nothing is held', async () => {
    const steps = [
      bash('coord plan start 01-01'),
      bash(RAISE),
      bash('coord plan start 01-02'),
      write('next.txt'),
      say('on'),
    ];
    const startedAt = Date.now();
    const { results, requests } = await scene.play({ name: 'going', cwd, steps });
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    expect(results[1]?.text).toContain('Go on meanwhile with plan 01-02 Second');
    expect(results.map((result) => result.isError)).toEqual([false, false, false, false]);
    expect(existsSync(join(cwd, 'next.txt'))).toBe(true);
    expect(requests).toHaveLength(5);
  });
});
