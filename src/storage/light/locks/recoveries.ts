/** Locks that were released because their holder is gone, in the log of acts: whose they were, and on what. */
import { targetName } from '../../../domain/lock.ts';
import { noteAct } from '../journal.ts';
import type { FoundLock } from './files.ts';

const PATHS_NOTED_MAX = 20;

export function noteRecovered(home: string, locks: readonly FoundLock[], nowMs: number): void {
  const own = locks.filter((lock) => !lock.note.isAlias);
  if (own.length === 0) return;
  const paths = own.slice(0, PATHS_NOTED_MAX).map(({ note }) => targetName(note.target));
  const holders = [...new Set(own.map(({ note }) => note.name))].slice(0, PATHS_NOTED_MAX);
  noteAct(home, { act: 'locks-recovered', count: own.length, paths, holders }, nowMs);
}
