import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { leasesFolder } from '../../../src/storage/light/locks/files.ts';
import type { LockSeams } from '../../../src/storage/light/locks/holders.ts';
import { dropInterests } from '../../../src/storage/light/locks/interests.ts';
import { tendWaiters } from '../../../src/storage/light/locks/locks.ts';
import type { LockTaker } from '../../../src/storage/light/locks/taker.ts';
import { waitForLocks } from '../../../src/storage/light/locks/waiting.ts';
import { newWaiting, noteWait, readWaits } from '../../../src/storage/light/locks/waits.ts';
import { listWaiting, readWaiting } from '../../../src/storage/light/mailbox.ts';
import { coordinationPath } from '../../../src/storage/light/roster.ts';
import { ALIVE, DEAD, put } from '../scratch.ts';
import { file, LockBench, on } from './lock-bench.ts';

let at: LockBench;
beforeEach(() => {
  at = new LockBench();
});

function mailOf(me: LockTaker): string[] {
  return listWaiting(at.home, me.name).map((id) => {
    const envelope = readWaiting(at.home, me.name, id);
    return envelope === undefined || envelope === 'unreadable' ? id : envelope.content;
  });
}

function entriesOfMutex(): number {
  return Math.max(...readdirSync(join(leasesFolder(at.home), 'locks')).map(Number.parseFloat));
}

function withBox(me: LockTaker): LockTaker {
  put(coordinationPath(at.home, 'inbox', me.name), '.keep', '');
  return me;
}

describe('a bounded wait', () => {
  test('ends when its time is up, and leaves no edge', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('1'));
    const outcome = waitForLocks(at.space(), b, [file('1')], 60, { seams: at.seams });
    expect(outcome).toMatchObject({ taken: false });
    expect('waitedMs' in outcome && outcome.waitedMs).toBeGreaterThanOrEqual(60);
    expect(readWaits(at.home, at.seams)).toEqual([]);
  });

  test('takes what gets free while it waits', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('1'));
    let looks = 0;
    const seams = {
      ...at.seams,
      now: () => {
        looks += 1;
        if (looks === 8) at.die(a);
        return at.now;
      },
    };
    expect(waitForLocks(at.space(), b, [file('1')], 5_000, { seams })).toMatchObject({ taken: true });
    expect(at.left()).toHaveLength(1);
  });

  test('of two that wait for each other the younger is refused at once, by name', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('1'));
    at.take(b, file('2'));
    noteWait(at.space(), a, [file('2')], newWaiting(ALIVE, at.now, at.now + 60_000));
    at.now += 5;
    const startedAt = Date.now();
    const outcome = waitForLocks(at.space(), b, [file('1')], 20_000, { seams: at.seams });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(outcome).toMatchObject({ taken: false, deadlock: { youngest: { name: 'agent-b' } } });
    expect(readWaits(at.home, at.seams).map((wait) => wait.name)).toEqual(['agent-a']);
  });

  test('keeps nobody from the mutex while nothing changes', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('1'));
    const waiting = newWaiting(ALIVE, at.now, at.now + 60_000);
    const look = () => at.words(b, file('1'), { waiting });
    expect(look()).toBe('held by a');
    const before = entriesOfMutex();
    expect([look(), look()]).toEqual(['held by a', 'held by a']);
    expect(entriesOfMutex()).toBe(before);
    at.release(a);
    expect(look()).toBe('locked');
  });

  test('is refused at a later look, when another’s wait has closed the circle since', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('1'));
    at.take(b, file('2'));
    const waiting = newWaiting(ALIVE, at.now + 50, at.now + 60_000);
    expect(at.take(b, file('1'), { waiting })).not.toHaveProperty('deadlock');
    noteWait(at.space(), a, [file('2')], newWaiting(ALIVE, at.now, at.now + 60_000));
    expect(at.take(b, file('1'), { waiting })).toMatchObject({ deadlock: { youngest: { name: 'agent-b' } } });
  });

  test('for several is an edge to whoever comes to have one of them', () => {
    const [a, b, c] = [at.taker('a'), at.taker('b'), at.taker('c')];
    at.take(a, file('1'));
    at.take(b, file('3'));
    const waiting = newWaiting(ALIVE, at.now, at.now + 60_000);
    expect(at.words(b, [file('1'), file('2')], { waiting })).toBe('held by a, free');
    at.take(c, file('2'));
    at.release(a);
    const later = newWaiting(ALIVE, at.now + 5, at.now + 60_000);
    expect(at.take(c, file('3'), { waiting: later })).toMatchObject({
      deadlock: { youngest: { name: 'agent-c' } },
    });
  });

  test('the older one of a circle waits on', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('1'));
    at.take(b, file('2'));
    noteWait(at.space(), b, [file('1')], newWaiting(ALIVE, at.now + 50, at.now + 60_000));
    const outcome = waitForLocks(at.space(), a, [file('2')], 50, { seams: at.seams });
    expect(outcome).toMatchObject({ taken: false });
    expect(outcome).not.toHaveProperty('deadlock');
  });

  test('a circle over a folder and a pattern is one too', () => {
    const [a, b, c] = [at.taker('a'), at.taker('b'), at.taker('c')];
    at.take(a, on('tree', 'src'));
    at.take(b, on('glob', 'lib/*.ts'));
    at.take(c, file('doc/x'));
    noteWait(at.space(), a, [file('lib/a.ts')], newWaiting(ALIVE, at.now, at.now + 60_000));
    noteWait(at.space(), b, [on('tree', 'doc')], newWaiting(ALIVE, at.now + 1, at.now + 60_000));
    at.now += 10;
    const outcome = waitForLocks(at.space(), c, [file('src/deep/y')], 5_000, { seams: at.seams });
    expect(outcome).toMatchObject({ deadlock: { cycle: [{ name: 'agent-c' }, {}, {}] } });
  });

  test.each([
    ['whose process is gone', DEAD, 0],
    ['whose time is long up', ALIVE, -10 * 60_000],
  ])('a wait %s is no edge', (_, mark, shiftMs) => {
    const bench = at;
    const seams: LockSeams = {
      ...bench.seams,
      livenessOf: ({ pid }) => (pid === DEAD.pid ? 'dead' : 'alive'),
    };
    const [a, b] = [bench.taker('a'), bench.taker('b')];
    bench.take(a, file('1'));
    bench.take(b, file('2'));
    noteWait(bench.space(), a, [file('2')], newWaiting(mark, bench.now + shiftMs, bench.now + shiftMs));
    const outcome = waitForLocks(bench.space(), b, [file('1')], 40, { seams });
    expect(outcome).not.toHaveProperty('deadlock');
    expect(bench.left()).toHaveLength(2);
  });
});

describe('who is told', () => {
  test('whoever was refused hears once when it is free, and not before', () => {
    const [a, b, c] = [at.taker('a'), withBox(at.taker('b')), withBox(at.taker('c'))];
    at.take(a, [file('src/a.ts'), file('2')]);
    for (const times of [1, 2]) {
      expect(at.take(b, file('src/a.ts'), { isInterested: true }).taken, `${times}`).toBe(false);
    }
    at.take(c, on('tree', 'src'), { isInterested: true });
    at.release(a, '2');
    expect(mailOf(b)).toEqual([]);
    at.release(a, 'src/a.ts');
    expect(mailOf(b)).toHaveLength(1);
    expect(mailOf(b)[0]).toContain('coord lock src/a.ts');
    expect(mailOf(c)).toHaveLength(1);
    tendWaiters(at.home, at.seams);
    at.take(b, file('src/a.ts'));
    at.release(b);
    expect([...mailOf(b), ...mailOf(c)]).toHaveLength(2);
    expect(at.left()).toEqual([]);
  });

  test('not while a third one still keeps it', () => {
    const [a, b, c] = [at.taker('a'), at.taker('b'), withBox(at.taker('c'))];
    at.take(a, file('src/a'));
    at.take(b, file('src/b'));
    at.take(c, on('tree', 'src'), { isInterested: true });
    at.release(a);
    expect(mailOf(c)).toEqual([]);
    at.release(b);
    expect(mailOf(c)).toHaveLength(1);
  });

  test('a dead holder counts as one that released, when it is met', () => {
    const [a, c] = [at.taker('a'), withBox(at.taker('c'))];
    at.take(a, file('1'));
    at.take(c, file('1'), { isInterested: true });
    tendWaiters(at.home, at.seams);
    expect(mailOf(c)).toEqual([]);
    at.die(a);
    tendWaiters(at.home, at.seams);
    tendWaiters(at.home, at.seams);
    expect(mailOf(c)).toHaveLength(1);
  });

  test('whoever took it meanwhile, ended, or died leaves nothing and hears nothing', () => {
    const a = at.taker('a');
    const [b, c, d] = [withBox(at.taker('b')), withBox(at.taker('c')), withBox(at.taker('d'))];
    at.take(a, file('1'));
    for (const one of [b, c, d]) at.take(one, file('1'), { isInterested: true });
    dropInterests(at.home, (waiter) => waiter.session === 'c');
    at.die(d);
    at.release(a);
    expect([mailOf(b).length, mailOf(c).length, mailOf(d).length]).toEqual([1, 0, 0]);
    expect(at.left()).toEqual([]);
  });

  test('a release that was killed before its message is carried on, and told once', () => {
    const [a, b] = [at.taker('a'), withBox(at.taker('b'))];
    at.take(a, file('1'));
    at.take(b, file('1'), { isInterested: true });
    const folder = join(leasesFolder(at.home), 'locks-wanted');
    const [name = ''] = at.left().filter((entry) => entry.endsWith('.json'));
    const interest = {
      waiter: b.holder,
      name: b.name,
      space: at.space(),
      target: file('1'),
      sinceMs: at.now,
    };
    at.release(a);
    expect(mailOf(b)).toHaveLength(1);
    // As the kill between the message and the end of the note leaves it.
    writeFileSync(join(folder, name), JSON.stringify({ ...interest, freedAtMs: at.now }));
    tendWaiters(at.home, at.seams);
    expect(mailOf(b)).toHaveLength(1);
    expect(at.left()).toEqual([]);
  });
});
