/** The queue on disk: saves with a revision, entries that cannot be read, what is kept and what goes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { done, type Outcome } from '../../../src/domain/problem.ts';
import { cancelEntry, enqueue, type QueueEntry, type Queueing } from '../../../src/domain/queue-entry.ts';
import {
  changeEntry,
  listEntries,
  openEntryOf,
  putEntry,
  queuePath,
  readEntry,
  setAside,
  sweepEntries,
  withQueue,
} from '../../../src/storage/light/queue-files.ts';
import { scratch } from '../scratch.ts';

let home = '';
beforeEach(() => {
  home = scratch();
});

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.done) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}

function queueing(phase: string, over: Partial<Queueing> = {}): Queueing {
  const tip = 'a'.repeat(40);
  const at = new Date(Date.now()).toISOString();
  const rest = { target: 'main', tip, waived: [], by: 'operator', at };
  return { phase, worker: `worker-${phase}`, branch: `coord/${phase}`, place: phase, ...rest, ...over };
}

const put = (phase: string, over: Partial<Queueing> = {}) =>
  withQueue(home, (held) =>
    putEntry(held, home, phase, (open, id) => enqueue(open, id, queueing(phase, over), true)),
  );
const cancel = (id: string) => withQueue(home, (held) => changeEntry(held, home, id, cancelEntry));
const files = () => readdirSync(queuePath(home, 'entries')).sort();

test('a phase has one open entry, however often it is added, and each save counts', () => {
  expect(value(put('01'))).toMatchObject({ id: '01.1', revision: 1, state: 'queued' });
  expect(value(put('01'))).toMatchObject({ id: '01.1', revision: 1 });
  expect(value(put('01', { tip: 'b'.repeat(40) }))).toMatchObject({ id: '01.1', revision: 2 });
  expect([files(), openEntryOf(home, '01')?.revision]).toEqual([['01.1.json'], 2]);
});

test('a number is not used twice, whatever became of its entry', () => {
  value(put('01'));
  value(cancel('01.1'));
  expect(openEntryOf(home, '01')).toBeUndefined();
  expect(value(put('01')).id).toBe('01.2');
  writeFileSync(queuePath(home, 'entries', '01.2.json'), 'torn');
  expect(value(put('01')).id).toBe('01.3');
});

test('phases are apart, also where one name begins as another', () => {
  for (const phase of ['1', '1.1', '11', 'api']) value(put(phase));
  expect(files()).toEqual(['1.1.1.json', '1.1.json', '11.1.json', 'api.1.json']);
  expect(openEntryOf(home, 'API')?.id).toBe('api.1');
  expect(openEntryOf(home, '1')?.id).toBe('1.1');
});

test('what cannot be read is named, stops nobody, and is set aside with its reason by who changes the queue', () => {
  value(put('01'));
  const entries = (name: string) => queuePath(home, 'entries', name);
  writeFileSync(entries('02.1.json'), '');
  writeFileSync(entries('03.1.json'), readFileSync(entries('01.1.json'), 'utf8'));
  mkdirSync(entries('04.1.json'));
  const { entries: good, broken } = listEntries(home);
  expect([good.map(({ id }) => id), broken.map(({ why }) => why)]).toEqual([
    ['01.1'],
    ['it is empty', 'its id is "01.1", and its file is named 03.1', 'it is a folder'],
  ]);
  expect(files()).toHaveLength(4);
  value(withQueue(home, (held) => done(setAside(held, home))));
  expect(files()).toEqual(['01.1.json']);
  const aside = queuePath(home, 'aside');
  expect(readdirSync(aside).sort()).toEqual(
    ['02', '03', '04'].flatMap((phase) => [`${phase}.1~1.json`, `${phase}.1~1.reason.txt`]),
  );
  expect(readFileSync(join(aside, '02.1~1.reason.txt'), 'utf8')).toBe('it is empty\n');
  writeFileSync(entries('02.1.json'), '');
  value(withQueue(home, (held) => done(setAside(held, home))));
  expect(existsSync(join(aside, '02.1~2.json'))).toBe(true);
});

test('while a landing is under way nobody else changes what lands', () => {
  value(put('01'));
  const journal = { entries: [{ entry: '01.1' }], isSettled: false };
  writeFileSync(queuePath(home, 'landing.json'), JSON.stringify(journal));
  expect(cancel('01.1')).toMatchObject({ problem: { code: 'entry-landing', phase: '01' } });
  expect(put('01', { tip: 'b'.repeat(40) })).toMatchObject({ problem: { code: 'entry-landing' } });
  writeFileSync(queuePath(home, 'landing.json'), JSON.stringify({ ...journal, isSettled: true }));
  expect(value(cancel('01.1')).state).toBe('cancelled');
});

test('a refusal of the change saves nothing, and an unknown entry is refused', () => {
  value(put('01'));
  value(cancel('01.1'));
  expect(cancel('01.1')).toMatchObject({ problem: { code: 'entry-state' } });
  expect(readEntry(home, '01.1')?.revision).toBe(2);
  expect(cancel('09.1')).toMatchObject({ problem: { code: 'entry-unknown' } });
});

test('final entries are bounded; open ones, untold ones and the last of each phase stay', () => {
  const entry = value(put('01'));
  const write = (one: QueueEntry) =>
    writeFileSync(queuePath(home, 'entries', `${one.id}.json`), JSON.stringify(one));
  const at = (number: number) => new Date(number * 1_000).toISOString();
  for (let number = 2; number <= 600; number += 1)
    write({ ...entry, id: `01.${number}`, state: 'cancelled', queued: at(number) });
  write({ ...entry, id: '01.3', state: 'cancelled', queued: at(3), untold: true });
  write({ ...entry, id: '02.1', phase: '02', state: 'cancelled', queued: at(0) });
  value(
    withQueue(home, (held) => {
      sweepEntries(held, home, Date.now());
      return done(undefined);
    }),
  );
  const { entries } = listEntries(home);
  expect(entries.length).toBeLessThan(510);
  const ids = entries.map(({ id }) => id);
  for (const id of ['01.1', '01.3', '01.600', '02.1']) expect(ids).toContain(id);
  expect(ids).not.toContain('01.2');
});
