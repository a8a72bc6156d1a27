/** The states of a queue entry: every move that is allowed, every other refused, and what is read back from a file. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  cancelEntry,
  ENTRY_STATES,
  type EntryState,
  enqueue,
  findEntry,
  inLine,
  isOpen,
  landEntry,
  positionOf,
  type QueueEntry,
  type Queueing,
  rejectEntry,
  toldEntry,
} from '../../src/domain/queue-entry.ts';
import { parseEntry, printEntry } from '../../src/domain/queue-record.ts';

const tip = 'a'.repeat(40);
const other = 'b'.repeat(40);
const at = '2026-01-02T03:04:05.678Z';

const added: Queueing = {
  phase: '01',
  worker: 'worker-01',
  branch: 'coord/01-api',
  place: '01-api',
  target: 'main',
  tip,
  waived: [],
  by: 'worker-01',
  at,
};

const attempt: Attempt = {
  at,
  outcome: 'red',
  tip,
  onto: other,
  why: '`npm test` failed (exit 1)',
  files: ['a.ts'],
  log: '.coordination/queue/logs/01.1.log',
  excerpt: 'not ok',
};

function anEntry(over: Partial<QueueEntry> = {}): QueueEntry {
  const { at: queued, ...facts } = added;
  return { id: '01.1', revision: 1, ...facts, state: 'queued', queued, tries: 0, history: [], ...over };
}

function inState(state: EntryState): QueueEntry {
  const landed = state === 'landed' ? { landed: { commit: other, tip, at } } : {};
  return anEntry({ state, tries: state === 'needs_followup' ? 3 : 1, ...landed });
}

describe('moves', () => {
  const moves = {
    'added by its worker': (entry: QueueEntry) => enqueue(entry, '01.2', { ...added, tip: other }, false),
    'added by the lead': (entry: QueueEntry) => enqueue(entry, '01.2', { ...added, tip: other }, true),
    cancelled: cancelEntry,
    landed: (entry: QueueEntry) => landEntry(entry, { ...attempt, outcome: 'landed' }, other),
    'rejected early': (entry: QueueEntry) => rejectEntry(entry, attempt, 9),
    'rejected for the last time': (entry: QueueEntry) => rejectEntry(entry, attempt, 1),
  };
  const allowed: Record<keyof typeof moves, Partial<Record<EntryState, EntryState>>> = {
    'added by its worker': { queued: 'queued', rejected: 'queued' },
    'added by the lead': { queued: 'queued', rejected: 'queued', needs_followup: 'queued' },
    cancelled: { queued: 'cancelled', rejected: 'cancelled', needs_followup: 'cancelled' },
    landed: { queued: 'landed', landed: 'landed' },
    'rejected early': { queued: 'rejected' },
    'rejected for the last time': { queued: 'needs_followup' },
  };
  const names = Object.keys(moves) as (keyof typeof moves)[];
  // A final entry is not added again: its phase gets another one.
  const cases = names.flatMap((move) =>
    ENTRY_STATES.filter((state) => !move.startsWith('added') || isOpen({ state })).map(
      (from) => [from, move, allowed[move][from]] as const,
    ),
  );

  test.each(cases)('%s, %s: %s', (from, move, to) => {
    const moved = moves[move](inState(from));
    if (to === undefined) expect(moved).toHaveProperty('code');
    else expect(moved).toHaveProperty('state', to);
  });
});

describe('added', () => {
  test('a first time, it waits under a new id', () => {
    const entry = enqueue(undefined, '01.1', added, false);
    expect(entry).toEqual(anEntry({ revision: 0 }));
  });

  test('twice as it is, it is one entry and nothing changes', () => {
    const entry = anEntry();
    expect(enqueue(entry, '01.2', { ...added, at: '2027-01-01T00:00:00.000Z' }, false)).toBe(entry);
  });

  test('with a new tip, it keeps its place in the line', () => {
    const entry = anEntry();
    const moved = enqueue(entry, '01.2', { ...added, tip: other, at: '2027-01-01T00:00:00.000Z' }, false);
    expect(moved).toEqual({ ...entry, tip: other });
  });

  test('after a rejection, it goes to the end of the line and its tries count on', () => {
    const later = '2027-01-01T00:00:00.000Z';
    const again = enqueue(inState('rejected'), '01.2', { ...added, at: later }, false);
    expect(again).toMatchObject({ id: '01.1', state: 'queued', queued: later, tries: 1 });
  });

  test('when its tries are used up, the lead alone can, and they begin anew', () => {
    const used = inState('needs_followup');
    expect(enqueue(used, '01.2', added, false)).toEqual({
      code: 'entry-needs-followup',
      entry: '01.1',
      phase: '01',
      tries: 3,
    });
    expect(enqueue(used, '01.2', added, true)).toMatchObject({ state: 'queued', tries: 0 });
  });
});

test('three rejections need the coordinator, with all of them in the history', () => {
  let entry = anEntry();
  for (const number of [1, 2, 3]) {
    const rejected = rejectEntry(entry, { ...attempt, why: `try ${number}` }, 3);
    if ('code' in rejected) throw new Error(rejected.code);
    expect(rejected).toMatchObject({
      tries: number,
      state: number === 3 ? 'needs_followup' : 'rejected',
      untold: true,
    });
    const again = enqueue(rejected, '01.2', added, true);
    if ('code' in again) throw new Error(again.code);
    entry = number === 3 ? rejected : again;
  }
  expect(entry.history.map(({ why }) => why)).toEqual(['try 1', 'try 2', 'try 3']);
});

test('a history is bounded, and told is told', () => {
  const long = anEntry({ history: Array(50).fill(attempt) });
  const rejected = rejectEntry(long, { ...attempt, why: 'last' }, 3) as QueueEntry;
  expect(rejected.history).toHaveLength(50);
  expect(rejected.history.at(-1)?.why).toBe('last');
  expect(toldEntry(rejected)).not.toHaveProperty('untold');
  const told = toldEntry(rejected);
  expect(toldEntry(told)).toBe(told);
});

describe('the line', () => {
  const entries = [
    anEntry({ id: '03.1', phase: '03', queued: '2026-01-03T00:00:00.000Z' }),
    anEntry({ id: '01.2', queued: '2026-01-01T00:00:00.000Z', state: 'rejected' }),
    anEntry({ id: '02.1', phase: '02', queued: '2026-01-02T00:00:00.000Z' }),
    anEntry({ id: '01.1', state: 'cancelled' }),
  ];

  test('is served oldest first, and holds only what waits', () => {
    expect(inLine(entries).map(({ id }) => id)).toEqual(['02.1', '03.1']);
    expect([positionOf(entries, '02.1'), positionOf(entries, '03.1'), positionOf(entries, '01.2')]).toEqual([
      1, 2, 0,
    ]);
  });

  test('an entry is found by its phase, its open one first, or by its id', () => {
    const idOf = (asked: string) => (findEntry(entries, asked) as QueueEntry).id;
    expect([idOf('01'), idOf('01.1'), idOf('03'), idOf('02.1')]).toEqual(['01.2', '01.1', '03.1', '02.1']);
    expect(findEntry(entries, '09')).toEqual({
      code: 'entry-unknown',
      asked: '09',
      known: ['03.1', '01.2', '02.1'],
    });
  });
});

describe('on disk', () => {
  test('every entry is read back as it was written', () => {
    for (const state of ENTRY_STATES) {
      const entry = {
        ...inState(state),
        history: [attempt, { ...attempt, onto: null, log: null }],
        untold: true as const,
      };
      expect(parseEntry(printEntry(entry), '01.1')).toEqual(entry);
    }
  });

  test.each<[string, object]>([
    ['an unknown state', { state: 'banana' }],
    ['a tip that is none', { tip: 'main' }],
    ['a tip that is an option', { tip: '--exec=sh' }],
    ['another id', { id: '01.2' }],
    ['another phase', { phase: '02' }],
    ['no branch', { branch: '' }],
    ['a place that is no name', { place: 3 }],
    ['a moment that is none', { queued: 'yesterday' }],
    ['a waiver that there is not', { waived: ['dirty'] }],
    ['a count below zero', { tries: -1 }],
    ['a history that is none', { history: [{}] }],
    ['landed without saying as what', { state: 'landed' }],
    ['queued and landed', { landed: { commit: tip, tip, at } }],
    ['told of halfway', { untold: 'no' }],
  ])('%s is refused, and named', (_, over) => {
    const read = parseEntry(JSON.stringify({ ...anEntry(), ...over }), '01.1');
    expect(read).toHaveProperty('flaw', expect.stringMatching(/./));
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseEntry(text, '01.1')).toHaveProperty('flaw');
      }),
    );
  });
});
