/**
 * Puts a phase's branch into the merge queue, as it is now, if the pre-flight lets it pass.
 *
 * Order: the pre-flight first, outside of the queue's mutex, since it looks at much; then one save of the entry. What
 * is queued is the commit that was judged, wherever the branch has gone meanwhile. A refusal saves nothing: an entry
 * that is there already stays as it is.
 */
import { branchOf, COORDINATOR } from '../domain/identifiers.ts';
import type { PreflightRefusal } from '../domain/preflight/refusal.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { enqueue, positionOf, type QueueEntry, type Waiver } from '../domain/queue-entry.ts';
import { phaseOrRefusal, type StatePhase } from '../domain/state-document.ts';
import { envelopeAt } from '../domain/urgency.ts';
import { tipOf } from '../storage/branch-facts.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { branchNameOf } from '../storage/git.ts';
import { gitReader } from '../storage/git-reader.ts';
import { type Caller, notCoordinator, notWorker } from '../storage/light/caller.ts';
import { listEntries, openEntryOf, putEntry, withQueue } from '../storage/light/queue-files.ts';
import { readPlaceRecord, readWorkerRecord } from '../storage/light/roster.ts';
import { sendEnvelope } from '../storage/light/sending.ts';
import { readSettings } from '../storage/settings.ts';
import { targetOf } from '../storage/target-branch.ts';
import { type Preflighted, preflightEntry } from './preflight.ts';

export interface Adding {
  /** Undefined: the phase of the worktree that the caller stands in. */
  readonly phase: string | undefined;
  readonly waive: readonly Waiver[];
}

export interface AddedEntry {
  readonly asked: Preflighted;
  /** As it is now; undefined when it was refused and none was there. */
  readonly entry: QueueEntry | undefined;
  /** 1 is next; 0 is not in the line. */
  readonly position: number;
  /** `same`: it was queued like this already. */
  readonly outcome: 'queued' | 'queued-again' | 'moved' | 'same' | 'refused';
  readonly refusals: readonly PreflightRefusal[];
  /** Waivers that let something pass. */
  readonly waived: readonly Waiver[];
}

export function isLead({ kind }: Caller): boolean {
  return kind === 'operator' || kind === 'coordinator';
}

export function addToQueue(caller: Caller, adding: Adding): Outcome<AddedEntry> {
  const { home, name } = caller;
  if (adding.waive.length > 0 && !isLead(caller))
    return refuse(notCoordinator(caller, 'waive a rule of the queue'));
  const phase = phaseOf(caller, adding.phase);
  if (!phase.done) return phase;
  const open = openEntryOf(home, phase.value.id);
  const asked = askedOf(home, phase.value, open, adding.waive);
  const landed =
    phase.value.state === 'done' && asked.tip === '' ? landedEntryOf(home, asked.phase) : undefined;
  if (landed) return refuse({ code: 'entry-landed', ...landed });
  const judged = preflightEntry(home, asked, 'add');
  if (!judged.done) return judged;
  const { refusals, waived } = judged.value;
  if (refusals.length > 0) {
    const position = open ? positionOf(listEntries(home).entries, open.id) : 0;
    return done({ asked, entry: open, position, outcome: 'refused', refusals, waived });
  }
  let before: QueueEntry | undefined;
  const saved = withQueue(home, (held) =>
    putEntry(held, home, asked.phase, (found, id) => {
      before = found;
      // A waiver that was given meanwhile stays given.
      const added = {
        ...asked,
        waived: both(found?.waived ?? [], asked.waived),
        by: name,
        at: isoOf(nowMs()),
      };
      return enqueue(found, id, added, isLead(caller));
    }),
  );
  if (!saved.done) return saved;
  const entry = saved.value;
  const position = positionOf(listEntries(home).entries, entry.id);
  const outcome = outcomeOf(before, entry);
  if (!isLead(caller) && outcome.startsWith('queued')) tellCoordinator(home, entry);
  return done({ asked, entry, position, outcome, refusals, waived });
}

/** Whoever runs the queue may be idle: that its phase is complete, the worker reported before it queued its branch. */
function tellCoordinator(
  home: string,
  { id, phase, worker, branch, target, tip, revision }: QueueEntry,
): void {
  const content = `${branch} at ${tip.slice(0, 12)} waits to land on ${target}, as ${id}: \`coord merge run\`.`;
  const metadata = { phase, entry: id };
  const draft = { to: COORDINATOR, type: 'completion', content, references: [phase], metadata };
  sendEnvelope(home, envelopeAt(draft, { tail: `${id}.queued.${revision}`, from: worker, atMs: nowMs() }));
}

/** What landed of a phase last. */
function landedEntryOf(home: string, phase: string) {
  const { entries } = listEntries(home);
  const last = entries.findLast((entry) => entry.phase === phase && entry.landed !== undefined);
  return last?.landed && { entry: last.id, phase, branch: last.branch, commit: last.landed.commit };
}

function outcomeOf(before: QueueEntry | undefined, entry: QueueEntry): AddedEntry['outcome'] {
  if (before?.id !== entry.id) return 'queued';
  if (before.revision === entry.revision) return 'same';
  return before.state === 'queued' ? 'moved' : 'queued-again';
}

/** The phase that is meant, where the caller may queue it. A closed one may still land. */
function phaseOf(caller: Caller, asked: string | undefined): Outcome<StatePhase> {
  const { home, kind, place, root } = caller;
  if (kind === 'guest') return refuse({ code: 'not-joined', root });
  if (kind === 'peer') return refuse(notWorker(caller, 'queue its branch'));
  const own = isLead(caller) ? undefined : readPlaceRecord(home, place)?.phase.id;
  const id = asked ?? own;
  if (id === undefined) return refuse({ code: 'not-joined', root });
  if (!isLead(caller) && id !== own)
    return refuse(notCoordinator(caller, `queue phase ${id}, which is another's`));
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const phase = phaseOrRefusal(loaded.value.document, id);
  if ('code' in phase) return refuse(phase);
  if (phase.state === 'future') return refuse({ code: 'phase-not-active', phase: id, state: phase.state });
  return done(phase);
}

function askedOf(
  home: string,
  phase: StatePhase,
  open: QueueEntry | undefined,
  waive: readonly Waiver[],
): Preflighted {
  const record = readWorkerRecord(home, phase.worker);
  const known = record?.branch ?? phase.branch ?? branchOf(phase.folder);
  // A phase that was joined on a detached HEAD has got its branch since.
  const made = known.startsWith('(') && record ? branchNameOf(record.worktree) : undefined;
  const branch = made ?? known;
  return {
    phase: phase.id,
    worker: phase.worker,
    branch,
    place: record?.place ?? null,
    target: targetOf(home, readSettings(home).settings),
    tip: tipOf(gitReader(home), branch) ?? open?.tip ?? '',
    waived: both(open?.waived ?? [], waive),
  };
}

function both(given: readonly Waiver[], more: readonly Waiver[]): Waiver[] {
  return [...new Set([...given, ...more])];
}
