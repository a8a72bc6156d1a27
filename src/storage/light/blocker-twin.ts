/**
 * The open blockers of a worker, as the guard reads them: the JSON twin of what its STATUS.md says, with the answer
 * that arrived. A report of transitions writes it from STATUS.md; a hook that shows an answer marks it here, so that
 * a strict worker may write again at its very next tool call. Changed under the mutex `blockers-<worker>`.
 */
import { type OpenBlocker, withAnswers } from '../../domain/blocker.ts';
import type { Envelope } from '../../domain/message.ts';
import { withMutex } from './mutex.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './roster.ts';

interface BlockerTwin {
  readonly open: readonly OpenBlocker[];
}

function twinOf(home: string, worker: string): string {
  return coordinationPath(home, 'roster', 'blockers', `${fileNameOf(worker)}.json`);
}

export function readOpenBlockers(home: string, worker: string): readonly OpenBlocker[] {
  return readRecord<BlockerTwin>(twinOf(home, worker))?.open ?? [];
}

/** Changes the twin; the same array back means: nothing to write. True when it was written. */
export function changeOpenBlockers(
  home: string,
  worker: string,
  change: (open: readonly OpenBlocker[]) => readonly OpenBlocker[],
): boolean {
  const outcome = withMutex(coordinationPath(home, 'leases'), `blockers-${worker}`, () => {
    const before = readOpenBlockers(home, worker);
    const after = change(before);
    if (after === before) return false;
    writeRecord(twinOf(home, worker), { open: after });
    return true;
  });
  if (!outcome.done)
    throw new Error(`the blockers of ${worker} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

/** Marks what these messages answer; true when that changed anything. */
export function markAnswers(home: string, worker: string, envelopes: readonly Envelope[]): boolean {
  if (readOpenBlockers(home, worker).length === 0) return false;
  return changeOpenBlockers(home, worker, (open) => withAnswers(open, envelopes));
}
