import { describe, expect, test } from 'vitest';
import type { ProcessMark } from '../../../src/storage/light/process.ts';
import { writeSession } from '../../../src/storage/light/roster.ts';
import {
  keepSeat,
  leaveSeat,
  readSeat,
  type SeatClaim,
  seatTakenBy,
  takeSeat,
} from '../../../src/storage/light/seat.ts';
import { ALIVE, DEAD, home, OTHER_ALIVE, sessionRecord } from '../scratch.ts';

const NOW = Date.UTC(2026, 0, 3);
const ELSEWHERE: ProcessMark = { pid: 1, started: `${(ALIVE.started ?? 'x.0.0').split('.')[0]}.1.1` };

function claim(
  folder: string,
  session: string,
  process: ProcessMark | null = ALIVE,
  place: string | null = null,
): SeatClaim {
  return {
    home: folder,
    place,
    owner: place === null ? 'coordinator' : 'worker-01',
    session,
    agent: null,
    process,
  };
}

/** A folder where s1 sits, with that process. */
function seated(process: ProcessMark | null): string {
  const folder = home();
  expect(takeSeat(claim(folder, 's1', process), NOW)).toBeUndefined();
  return folder;
}

describe('taking a seat', () => {
  test('that is free succeeds with the first epoch', () => {
    expect(readSeat(seated(OTHER_ALIVE), null)).toEqual({
      session: 's1',
      sinceMs: NOW,
      epoch: 1,
      process: OTHER_ALIVE,
    });
  });

  test('of one place leaves the others free', () => {
    const folder = seated(OTHER_ALIVE);
    expect(takeSeat(claim(folder, 's2', ALIVE, 'w1'), NOW)).toBeUndefined();
    expect([
      readSeat(folder, null)?.session,
      readSeat(folder, 'w1')?.session,
      readSeat(folder, 'w2'),
    ]).toEqual(['s1', 's2', undefined]);
  });

  test("that is one's own changes nothing", () => {
    const folder = seated(OTHER_ALIVE);
    expect(takeSeat(claim(folder, 's1', ALIVE), NOW + 9)).toBeUndefined();
    expect(readSeat(folder, null)).toMatchObject({ epoch: 1, sinceMs: NOW });
  });

  const rows: [string, ProcessMark | null, ProcessMark | null, string][] = [
    ['a live one keeps it', OTHER_ALIVE, ALIVE, 's1'],
    ['a dead one yields', DEAD, ALIVE, 's2'],
    ['an unknown one yields', null, ALIVE, 's2'],
    ['an unknown one yields to an unknown one', null, null, 's2'],
    ['a live one keeps it from an unknown one', OTHER_ALIVE, null, 's1'],
    ["the same process's earlier session yields (it was cleared)", ALIVE, ALIVE, 's2'],
    ['one in another container keeps it for its time', ELSEWHERE, ALIVE, 's1'],
  ];
  test.each(rows)('%s', (_name, holder, comer, expected) => {
    const folder = seated(holder);
    const kept = takeSeat(claim(folder, 's2', comer), NOW + 1_000);
    expect(readSeat(folder, null)).toMatchObject({ session: expected, epoch: expected === 's1' ? 1 : 2 });
    expect(kept?.session).toBe(expected === 's1' ? 's1' : undefined);
  });

  test('from one in another container succeeds after its time, unless it gave a sign of life', () => {
    const folder = seated(ELSEWHERE);
    keepSeat(folder, null, 's1', NOW + 10 * 60_000);
    expect(takeSeat(claim(folder, 's2'), NOW + 20 * 60_000)?.session).toBe('s1');
    expect(takeSeat(claim(folder, 's2'), NOW + 26 * 60_000)).toBeUndefined();
  });

  test('by order takes it from a live one and raises the epoch, each time', () => {
    const folder = seated(OTHER_ALIVE);
    expect(takeSeat(claim(folder, 's2'), NOW + 1, true)).toBeUndefined();
    expect(readSeat(folder, null)).toMatchObject({ session: 's2', epoch: 2 });
    expect(takeSeat(claim(folder, 's1', OTHER_ALIVE), NOW + 2, true)).toBeUndefined();
    expect(readSeat(folder, null)).toMatchObject({ session: 's1', epoch: 3 });
  });
});

describe('seatTakenBy', () => {
  const rows: [string, ProcessMark | null, string | null, boolean, boolean][] = [
    ['a live other', OTHER_ALIVE, 's2', false, true],
    ['a live other, asked by a terminal', OTHER_ALIVE, null, false, true],
    ['oneself', OTHER_ALIVE, 's1', false, false],
    ['a dead other', DEAD, 's2', true, false],
    ['an unknown other, asked by one that started here', null, 's2', true, true],
    ['an unknown other, asked by one that never started here', null, 's2', false, false],
    ['an unknown other, asked by a terminal', null, null, false, false],
  ];
  test.each(rows)('%s', (_name, holder, asking, hasRecord, isTaken) => {
    const folder = seated(holder);
    if (hasRecord && asking) writeSession(folder, sessionRecord(asking));
    const found = seatTakenBy(folder, null, asking);
    expect(found).toEqual(isTaken ? { session: 's1', sinceMs: NOW, epoch: 1 } : undefined);
  });

  test('a seat that nobody ever took is free', () => {
    expect(seatTakenBy(home(), null, 's1')).toBeUndefined();
  });
});

describe('leaving', () => {
  test("frees one's own seat, and the epoch goes on", () => {
    const folder = seated(OTHER_ALIVE);
    leaveSeat(folder, null, 's1');
    expect([readSeat(folder, null), seatTakenBy(folder, null, 's2')]).toEqual([undefined, undefined]);
    takeSeat(claim(folder, 's2'), NOW);
    expect(readSeat(folder, null)?.epoch).toBeGreaterThan(1);
  });

  test("does not free another's: one that was followed, one that never sat, one that left before", () => {
    const folder = seated(OTHER_ALIVE);
    takeSeat(claim(folder, 's2'), NOW, true);
    for (const session of ['s1', 's3', 's1']) leaveSeat(folder, null, session);
    expect(readSeat(folder, null)).toMatchObject({ session: 's2', epoch: 2 });
    leaveSeat(folder, 'w1', 's2');
    expect(readSeat(folder, null)?.session).toBe('s2');
  });

  test("a sign of life of one that does not sit there changes nobody's", () => {
    const folder = seated(OTHER_ALIVE);
    const before = readSeat(folder, null);
    keepSeat(folder, null, 's2', NOW + 99_000);
    keepSeat(folder, 'w1', 's1', NOW + 99_000);
    expect(readSeat(folder, null)).toEqual(before);
    expect(readSeat(folder, 'w1')).toBeUndefined();
  });
});
