/** Hands in what a worker found: kept as a run, and told to the coordinator with the path. */
import { COORDINATOR } from '../domain/identifiers.ts';
import { CONTENT_MAX } from '../domain/message.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { nowMs } from '../storage/clock.ts';
import type { Caller } from '../storage/light/caller.ts';
import { keepRun } from '../storage/light/runs.ts';
import { sendMessage } from './send-message.ts';

/** As much of it as a message is good for; the file has all. */
const TOLD_CHARS = Math.min(4_000, CONTENT_MAX - 500);

export function handInFindings(
  caller: Caller,
  text: string,
): Outcome<{ file: string; message: string | null }> {
  if (caller.kind === 'guest' || caller.kind === 'ended')
    return refuse({ code: 'not-joined', root: caller.root });
  const atMs = nowMs();
  const file = keepRun(caller.home, caller.name, text, atMs);
  if (!caller.record) return done({ file, message: null });
  const head =
    text.length > TOLD_CHARS ? `${text.slice(0, TOLD_CHARS)} [… ${text.length} characters in all]` : text;
  const told = {
    to: COORDINATOR,
    type: 'completion',
    content: `Findings of ${caller.name}, in full in ${file}:\n${head}`,
    references: [caller.record.phase.id],
    metadata: {},
  };
  const sent = sendMessage(caller, told, atMs);
  if (!sent.done) return sent;
  return done({ file, message: sent.value[0]?.id ?? null });
}
