/**
 * Keeps what a worker said last as a run (storage/light/closing-outputs): at each end of a turn, in the place of what it
 * said at the end of the one before, so that the last one stands there however the session ends. Only of who works on a
 * ticket, or reports: what others say stands in their transcripts.
 */
import { boundOutput, lastWords } from '../domain/closing-output.ts';
import type { Instance } from '../domain/delivery.ts';
import { nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { hasTicket, keepOutput, TRANSCRIPT_BYTES } from '../storage/light/closing-outputs.ts';
import { readTail } from '../storage/light/log-tail.ts';
import type { Presence } from '../storage/light/presence.ts';
import type { PlaceRecord } from '../storage/light/roster.ts';
import { seatTakenBy } from '../storage/light/seat.ts';
import { listTemplates } from '../storage/ticket-files.ts';

/** `told`: what the client says that it said; without that the transcript is asked. Answers the run, where one is kept. */
export function keepClosing(
  { caller, place }: Presence,
  instance: Instance,
  told: unknown,
  transcript: string | null,
): string | undefined {
  const { record, home } = caller;
  if (caller.kind !== 'worker' || !record) return undefined;
  // Another session is the worker; this one only looks.
  if (seatTakenBy(home, place.name, instance.session)) return undefined;
  if (!hasTicket(home, record) && !isTicketLost(home, record)) return undefined;
  const said = typeof told === 'string' && told.trim() !== '' ? told : undefined;
  const text = boundOutput(said ?? (transcript ? lastWords(readTail(transcript, TRANSCRIPT_BYTES)) : ''));
  return text === undefined ? undefined : keepOutput(home, record.worker, instance, text, nowMs());
}

/** `.taskers/` is gone, and STATE.md still says that there was one. */
function isTicketLost(home: string, { worker }: PlaceRecord): boolean {
  if (listTemplates(home).length === 0) return false;
  const loaded = readState(home);
  if (!loaded.done) return false;
  return loaded.value.document.phases.some((phase) => phase.worker === worker && phase.ticket !== undefined);
}
