/**
 * Takes a worktree that is gone out of the roster: git gives its name to the next one, which must not be taken for it.
 * Its worker has ended; the verdict that waits for it has nobody left to read it, and is settled. Other mail that waits
 * stays, and is told to its sender as overdue.
 */
import { nowMs } from '../storage/clock.ts';
import { acknowledge } from '../storage/light/acknowledging.ts';
import type { Manifest } from '../storage/light/cleaning-files.ts';
import { removeIfThere } from '../storage/light/files.ts';
import { listWaiting, readWaiting } from '../storage/light/mailbox.ts';
import {
  coordinationPath,
  fileNameOf,
  listSessions,
  readPlaceRecord,
  removePlaceRecord,
  removeSession,
} from '../storage/light/roster.ts';
import { leaveSeat, readSeat } from '../storage/light/seat.ts';

export function forgetPlace(home: string, { place, worker, worktree }: Manifest): void {
  if (place === null || worker === null) return;
  const record = readPlaceRecord(home, place);
  // A worktree that was made since may have the name.
  if (record !== undefined && (record.worker !== worker || record.worktree !== worktree)) return;
  for (const { session, agent } of listSessions(home).filter((one) => one.place === place))
    removeSession(home, session, agent);
  const session = readSeat(home, place)?.session;
  if (typeof session === 'string') leaveSeat(home, place, session);
  for (const file of [`guard/${fileNameOf(place)}`, `baselines/${fileNameOf(place)}.json`])
    removeIfThere(coordinationPath(home, 'roster', file));
  for (const name of ['.jsonl', '.jsonl.old'])
    removeIfThere(coordinationPath(home, 'roster', 'changes', `${fileNameOf(place)}${name}`));
  for (const id of listWaiting(home, worker)) {
    const message = readWaiting(home, worker, id);
    if (message !== undefined && message !== 'unreadable' && message.type === 'verdict')
      acknowledge(home, id, { by: worker, session: null, atMs: nowMs() });
  }
  // Last: by this record a worktree that is left is known.
  removePlaceRecord(home, place);
}
