/** The test mutex: who gets it, when it ends, and who is refused at once. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Errand, type LockTarget, PEN, testMutexOf } from '../../../src/domain/lock.ts';
import type { LockSeams } from '../../../src/storage/light/locks/holders.ts';
import { listLocks, tendWaiters } from '../../../src/storage/light/locks/locks.ts';
import { reservedSpace } from '../../../src/storage/light/locks/reserved.ts';
import type { LockTaker } from '../../../src/storage/light/locks/taker.ts';
import { waitForLocks } from '../../../src/storage/light/locks/waiting.ts';
import { newWaiting, noteWait } from '../../../src/storage/light/locks/waits.ts';
import { listWaiting, readWaiting } from '../../../src/storage/light/mailbox.ts';
import type { Liveness, ProcessMark } from '../../../src/storage/light/process.ts';
import { coordinationPath } from '../../../src/storage/light/roster.ts';
import {
  callHolder,
  releaseTestMutex,
  type TestTaker,
  takeTestMutex,
} from '../../../src/storage/light/test-mutex.ts';
import { ALIVE, put, scratch } from '../scratch.ts';
import { file, LockBench, on } from './lock-bench.ts';

let at: LockBench;
beforeEach(() => {
  at = new LockBench();
});

const here = (name: string | null = null) => ({
  home: at.home,
  root: at.home,
  name,
  gitDir: '',
  commonDir: '',
});

/** A command of a session's tool. */
function call(me: LockTaker, id: string, more: Partial<Errand> = {}): TestTaker {
  const errand = {
    command: 'npm test',
    text: 'npm test',
    call: id,
    transcript: null,
    isBackground: false,
    ...more,
  };
  return { ...me, holder: callHolder(me.holder, id), errand };
}

function take(me: TestTaker, waitMs = 0, seams: LockSeams = at.seams, isInterested = true) {
  const outcome = takeTestMutex(here(), me, { waitMs, seams, isInterested });
  if ('code' in outcome) throw new Error(outcome.code);
  return outcome;
}

const end = (id: string) => releaseTestMutex(here(), ({ note }) => note.errand?.call === id, at.seams);

function mailOf(me: LockTaker): string[] {
  return listWaiting(at.home, me.name).map((id) => {
    const envelope = readWaiting(at.home, me.name, id);
    return envelope === undefined || envelope === 'unreadable' ? id : envelope.content;
  });
}

function withBox(me: LockTaker): LockTaker {
  put(coordinationPath(at.home, 'inbox', me.name), '.keep', '');
  return me;
}

describe('one command at a time', () => {
  test('also of one session: the second of two calls is told that it is its own', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    expect(take(call(a, 't1'))).toMatchObject({ taken: true });
    expect(take(call(a, 't1'))).toMatchObject({ taken: true });
    expect(take(call(a, 't2'))).toMatchObject({ taken: false, isOwn: true, wanted: [] });
    expect(take(call(b, 't3'))).toMatchObject({
      taken: false,
      isOwn: false,
      by: { holder: 'agent-a', session: 'a', command: 'npm test' },
    });
    expect([end('t2'), end('t1'), end('t1')]).toEqual([false, true, false]);
    expect(take(call(b, 't3'))).toMatchObject({ taken: true });
  });

  test('in one worktree: another one has its own, and locks on paths are something else', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    take(call(a, 't1'));
    expect(takeTestMutex(here('01-x'), call(b, 't2'), { waitMs: 0, seams: at.seams })).toMatchObject({
      taken: true,
    });
    expect(at.words(b, on('tree', ''))).toBe('locked');
    expect(listLocks(at.home, at.seams).locks.map(({ target }) => [target.place, target.path])).toEqual([
      [null, ''],
      ['~tests', ''],
      ['~tests', '01-x'],
    ]);
  });

  test('of two calls of one session that wait for each other nobody is a circle', () => {
    const a = at.taker('a');
    take(call(a, 't1'));
    const outcome = take(call(a, 't2'), 60);
    expect(outcome).toMatchObject({ taken: false, isOwn: true });
    expect(outcome).not.toHaveProperty('deadlock');
    expect(at.left()).toHaveLength(2);
  });
});

describe('it ends', () => {
  test('with its holder’s process, and not while that is only silent', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    take(call(a, 't1'));
    at.now += 3 * 3_600_000;
    expect(take(call(b, 't2')).taken).toBe(false);
    at.die(a);
    expect(take(call(b, 't2')).taken).toBe(true);
  });

  test('when the process of its holder’s number is another one by now', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    take(call(a, 't1'));
    const started = a.holder.process?.started;
    const reused = {
      ...at.seams,
      livenessOf: (mark: ProcessMark): Liveness => (mark.started === started ? 'dead' : 'alive'),
    };
    expect(take(call(b, 't2'), 0, reused).taken).toBe(true);
  });

  test('when the client has written down that its call is over, whatever hook was missed', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    const path = join(scratch(), 'a.jsonl');
    writeFileSync(path, '{"type":"user"}\n');
    take(call(a, 't1', { transcript: { path, size: 16 } }));
    expect(take(call(b, 't2')).taken).toBe(false);
    const content = [{ type: 'tool_result', tool_use_id: 't1', content: 'interrupted' }];
    appendFileSync(path, `${JSON.stringify({ type: 'user', message: { content } })}\n`);
    expect(take(call(b, 't2')).taken).toBe(true);
  });

  test('and who was refused is told once, also for several commands of one session', () => {
    const [a, b, c] = [at.taker('a'), withBox(at.taker('b')), withBox(at.taker('c'))];
    take(call(a, 't1'));
    take(call(b, 't2'));
    take(call(b, 't3'));
    take(call(c, 't4'));
    end('t1');
    expect(mailOf(b)).toEqual([expect.stringMatching(/^The test mutex is free/)]);
    expect(mailOf(c)).toHaveLength(1);
    expect(at.left()).toEqual([]);
    // The first of them has it; the other one is refused again, and told again.
    take(call(c, 't5'));
    at.now += 1_000;
    take(call(b, 't6'));
    end('t5');
    expect(mailOf(b)).toHaveLength(2);
  });

  test('with a holder that died unseen, and who was refused hears of it', () => {
    const [a, b] = [at.taker('a'), withBox(at.taker('b'))];
    take(call(a, 't1'));
    take(call(b, 't2'));
    at.die(a);
    tendWaiters(at.home, at.seams);
    expect(mailOf(b)).toHaveLength(1);
  });
});

describe('a wait', () => {
  /** Ends a wait's clock early, so that a refusal at once is told from one by time. */
  const quickly = (outcome: { waitedMs: number }) => expect(outcome.waitedMs).toBeLessThan(2_000);

  test('of whoever has what the holder was refused is refused at once, with what it is', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    take(call(a, 't1', { isBackground: true }));
    at.take(b, [file('src/a.ts'), on('tree', 'lib')]);
    at.take(a, [file('src/a.ts')], { isInterested: true });
    at.take(a, [file('lib/deep/x')], { isInterested: true });
    const outcome = take(call(b, 't2'), 20_000);
    expect(outcome).toMatchObject({ taken: false, wanted: [{ path: 'lib' }, { path: 'src/a.ts' }] });
    quickly(outcome);
    at.release(b, 'src/a.ts', 'lib');
    expect(take(call(b, 't2'), 60)).toMatchObject({ taken: false, wanted: [] });
  });

  test('of whoever has what the holder waits for is refused at once', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    take(call(a, 't1', { isBackground: true }));
    at.take(b, file('1'));
    noteWait(at.space(), a, [file('1')], newWaiting(ALIVE, at.now, at.now + 60_000));
    const outcome = take(call(b, 't2'), 20_000);
    expect(outcome).toMatchObject({ taken: false, wanted: [{ path: '1' }] });
    quickly(outcome);
  });

  test('for a lock of somebody who waits for the mutex closes a circle, and its youngest is refused by name', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    take(call(a, 't1', { isBackground: true }));
    at.take(b, file('1'));
    const waiter = call(b, 't2');
    const target = testMutexOf(null);
    noteWait(reservedSpace(at.home, target), waiter, [target], newWaiting(ALIVE, at.now, at.now + 60_000));
    at.now += 5;
    const outcome = waitForLocks(at.space(), a, [file('1')], 20_000, { seams: at.seams });
    expect(outcome).toMatchObject({ taken: false, deadlock: { youngest: { name: 'agent-a' } } });
  });

  test('ends with the mutex when it gets free, and leaves no edge', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    take(call(a, 't1'));
    let looks = 0;
    const now = () => {
      looks += 1;
      if (looks === 20) at.die(a);
      return at.now;
    };
    const seams = { ...at.seams, now };
    expect(take(call(b, 't2'), 10_000, seams)).toMatchObject({ taken: true });
    expect(at.left()).toHaveLength(1);
  });
});

describe('within one session', () => {
  const kin: [string, LockTarget][] = [
    ['a path', file('src/a.ts')],
    ['the pen', PEN],
  ];
  test.each(kin)(
    'a wait of a subagent for its main thread, and the reverse, is refused at once: %s',
    (_, target) => {
      const space = reservedSpace(at.home, target);
      for (const [first, second] of [
        [at.taker('s'), at.taker('s', { agent: 'x1' })],
        [at.taker('r', { agent: 'x2' }), at.taker('r')],
      ] as const) {
        at.take(first, []);
        const wait = (me: LockTaker, ms: number) =>
          waitForLocks(space, me, [target], ms, { seams: at.seams });
        expect(wait(first, 0)).toMatchObject({ taken: true });
        const startedAt = performance.now();
        expect(wait(second, 20_000)).toMatchObject({ taken: false });
        expect(performance.now() - startedAt).toBeLessThan(2_000);
        at.release(first);
      }
    },
  );

  test('a wait for the mutex is not: what runs will end', () => {
    const [main, sub] = [at.taker('s'), at.taker('s', { agent: 'x1' })];
    take(call(main, 't1'));
    const outcome = take(call(sub, 't2'), 80);
    expect(outcome).toMatchObject({ taken: false, isOwn: false });
    expect(outcome.waitedMs).toBeGreaterThanOrEqual(80);
  });

  test('two subagents wait for each other as strangers do', () => {
    const [x, y] = [at.taker('s', { agent: 'x1' }), at.taker('s', { agent: 'y1' })];
    at.take(x, file('1'));
    const outcome = waitForLocks(at.space(), y, [file('1')], 80, { seams: at.seams });
    expect('waitedMs' in outcome && outcome.waitedMs).toBeGreaterThanOrEqual(80);
  });
});

test('whoever is refused at once hears of it when it is free, also when that was while it was being refused', () => {
  const [main, sub] = [withBox(at.taker('s')), withBox(at.taker('s', { agent: 'x1' }))];
  at.take(main, file('1'));
  const options = { seams: at.seams, isInterested: true };
  expect(waitForLocks(at.space(), sub, [file('1')], 5_000, options)).toMatchObject({ taken: false });
  at.release(main);
  expect(mailOf(sub)).toHaveLength(1);
  at.take(main, file('2'));
  // Between the look that is refused and the last one.
  const isVain = () => {
    at.release(main);
    return true;
  };
  expect(
    waitForLocks(at.space(), at.taker('other'), [file('2')], 5_000, { ...options, isVain }),
  ).toMatchObject({
    taken: true,
  });
});
