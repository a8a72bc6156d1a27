/** Takes an entry out of the queue, or puts one back that was rejected: by its worker, or by the lead. */
import { COORDINATOR, OPERATOR } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { cancelEntry, findEntry, isOpen, type QueueEntry, type Waiver } from '../domain/queue-entry.ts';
import { envelopeAt } from '../domain/urgency.ts';
import { nowMs } from '../storage/clock.ts';
import type { Caller } from '../storage/light/caller.ts';
import { changeEntry, listEntries, withQueue } from '../storage/light/queue-files.ts';
import { readWorkerRecord } from '../storage/light/roster.ts';
import { newTail, sendEnvelope } from '../storage/light/sending.ts';
import { type AddedEntry, addToQueue, isLead } from './add-to-queue.ts';

/** The entry that is meant, where the caller may change it. */
function ownEntry(caller: Caller, asked: string): Outcome<QueueEntry> {
  const found = findEntry(listEntries(caller.home).entries, asked);
  if ('code' in found) return refuse(found);
  if (isLead(caller) || found.worker === caller.name) return done(found);
  return refuse({ code: 'entry-of-other', entry: found.id, worker: found.worker, actor: caller.name });
}

/** A run that validates it just now sees that it is gone, and goes on without it. */
export function cancelInQueue(caller: Caller, asked: string): Outcome<QueueEntry> {
  const { home, name } = caller;
  const entry = ownEntry(caller, asked);
  if (!entry.done) return entry;
  const { id, worker } = entry.value;
  const saved = withQueue(home, (queue) => changeEntry(queue, home, id, cancelEntry));
  if (saved.done && name !== worker) tellWorker(home, saved.value, name);
  return saved;
}

/** Whoever waits for a verdict waits for nothing now. */
function tellWorker(home: string, { id, phase, worker, branch, target }: QueueEntry, by: string): void {
  if (readWorkerRecord(home, worker)?.state !== 'active') return;
  const content = `${branch} (${id}) was taken out of the merge queue by the ${by}, so it does not land on ${target} now. When it is to land after all: \`coord merge add\`.`;
  const draft = {
    to: worker,
    type: 'directive',
    content,
    references: [phase],
    metadata: { phase, entry: id },
  };
  const from = by === OPERATOR ? OPERATOR : COORDINATOR;
  sendEnvelope(home, envelopeAt(draft, { tail: newTail(), from, atMs: nowMs() }));
}

/** What was rejected, as its branch is now; it passes the pre-flight again like any other. */
export function retryInQueue(caller: Caller, asked: string, waive: readonly Waiver[]): Outcome<AddedEntry> {
  const found = ownEntry(caller, asked);
  if (!found.done) return found;
  const { id: entry, phase, state } = found.value;
  if (state === 'queued' || !isOpen(found.value))
    return refuse({ code: 'entry-state', entry, phase, state, verb: 'be retried' });
  return addToQueue(caller, { phase, waive });
}
