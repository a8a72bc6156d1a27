/**
 * What ends with a turn, a subagent or a session: its locks, its wish to be told of others', its commands under the test
 * mutex. What a process of its own holds (`coord run`) ends with that process alone.
 */
import { isGoingOn } from '../../storage/light/call-ends.ts';
import type { FoundLock } from '../../storage/light/locks/files.ts';
import { dropInterests } from '../../storage/light/locks/interests.ts';
import { releaseLocks } from '../../storage/light/locks/locks.ts';
import { livenessOf } from '../../storage/light/process.ts';

/** All hooks of SessionEnd share 1.5 s. */
const SEAMS = { now: Date.now, livenessOf, mutexMs: 1_000 };

type Whose = { readonly session: string | null; readonly agent: string | null };

/** A session with all its subagents is over, or one subagent (null: the session's subagents alone). */
export function endLocks(home: string, session: string, agent?: string | null): void {
  const isOver = (holder: Whose) =>
    holder.session === session &&
    (agent === undefined || (agent === null ? holder.agent !== null : holder.agent === agent));
  dropInterests(home, isOver);
  releaseLocks(home, isOver, (lock) => !isOfProcess(lock), { seams: SEAMS });
}

/**
 * No command of this thread runs in the foreground any more, whatever hook missed its end. `running`: the commands that
 * the client says go on; where it does not say, what was known of each.
 */
export function endCalls(
  home: string,
  session: string,
  agent: string | null,
  running: readonly string[] | undefined,
): void {
  const goesOn = ({ note: { errand } }: FoundLock) =>
    errand === undefined ||
    errand.call === null ||
    (running === undefined ? isGoingOn(errand) : running.includes(errand.text ?? ''));
  releaseLocks(
    home,
    (holder: Whose) => holder.session === session && holder.agent === agent,
    (lock) => !goesOn(lock),
    { seams: SEAMS },
  );
}

function isOfProcess({ note: { errand } }: FoundLock): boolean {
  return errand !== undefined && errand.call === null;
}
