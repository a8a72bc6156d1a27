/** What the merge queue holds and does, for whoever asks: read only. */
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { findEntry, inLine, isOpen, type QueueEntry } from '../domain/queue-entry.ts';
import { readLanding } from '../storage/landing.ts';
import { readTurn, type TurnHolder } from '../storage/light/merge-turn.ts';
import { type BrokenEntry, listEntries } from '../storage/light/queue-files.ts';
import { type MergeProgress, readProgress } from '../storage/light/queue-progress.ts';
import { lostLandings } from '../storage/lost-landings.ts';
import { refusingGit } from '../storage/plumbing.ts';
import { readSettings } from '../storage/settings.ts';
import { targetOf } from '../storage/target-branch.ts';

export interface QueueView {
  readonly target: string;
  readonly turn: TurnHolder | undefined;
  readonly running: MergeProgress | undefined;
  /** Phases whose landing was begun and is not over: a run does it now, or the next one carries it on. */
  readonly landing: readonly string[];
  /** `isLost`: it landed, and the target does not hold it any more. Those in the line first, in its order; then what needs somebody; then what is over, newest first. */
  readonly entries: readonly (QueueEntry & { readonly position: number; readonly isLost: boolean })[];
  readonly broken: readonly BrokenEntry[];
  readonly triesMax: number;
}

const FINAL_SHOWN = 20;

/** Of one entry, or a phase's latest, where one is named. */
export function showQueue(home: string, asked: string | undefined): Outcome<QueueView> {
  const { settings } = readSettings(home);
  const { entries, broken } = listEntries(home);
  const found = asked === undefined ? undefined : findEntry(entries, asked);
  if (found && 'code' in found) return refuse(found);
  const line = inLine(entries);
  const waiting = entries.filter((entry) => isOpen(entry) && entry.state !== 'queued');
  const final = entries.filter((entry) => !isOpen(entry)).reverse();
  const shown = found ? [found] : [...line, ...waiting, ...final.slice(0, FINAL_SHOWN)];
  const target = targetOf(home, settings);
  const lost = refusingGit(() => lostLandings(home, shown, target));
  return done({
    target,
    turn: readTurn(home),
    running: readProgress(home),
    landing: readLanding(home)?.entries.map(({ phase }) => phase) ?? [],
    entries: shown.map((entry) => ({
      ...entry,
      position: line.indexOf(entry) + 1,
      isLost: 'has' in lost && lost.has(entry.id),
    })),
    broken,
    triesMax: settings.merge_retries,
  });
}
