/** The merge queue in one line, for the dashboard: from file names and small files, without git. */
import type { LandingJournal } from '../domain/landing.ts';
import { inLine } from '../domain/queue-entry.ts';
import { readTurn } from '../storage/light/merge-turn.ts';
import { listEntries, queuePath } from '../storage/light/queue-files.ts';
import { readRecord } from '../storage/light/roster.ts';

export interface QueueGlance {
  /** Phases in the line, the next one first. */
  readonly waiting: readonly string[];
  readonly rejected: readonly string[];
  readonly needs_followup: readonly string[];
  /** A run is under way. */
  readonly running: boolean;
  /** A run was killed while something landed; the next one carries it on. */
  readonly interrupted: boolean;
}

export function glanceAtQueue(home: string): QueueGlance {
  const { entries } = listEntries(home);
  const phasesIn = (state: string) =>
    entries.filter((entry) => entry.state === state).map(({ phase }) => phase);
  const running = readTurn(home) !== undefined;
  return {
    waiting: inLine(entries).map(({ phase }) => phase),
    rejected: phasesIn('rejected'),
    needs_followup: phasesIn('needs_followup'),
    running,
    interrupted: landingCutShort(home) !== undefined,
  };
}

/** The phases whose landing a killed run has left in the midst; undefined where there is no such landing. */
export function landingCutShort(home: string): readonly string[] | undefined {
  const journal = readRecord<Partial<LandingJournal>>(queuePath(home, 'landing.json'));
  if (journal === undefined || journal.isSettled === true || readTurn(home) !== undefined) return undefined;
  return Array.isArray(journal.entries) ? journal.entries.map(({ phase }) => phase) : [];
}
