/**
 * Closes a phase: its work is accepted, its worker ends. The worktree and its branch stay as they are; nothing of
 * the worker's is removed. Order: 1 STATE.md says done, 2 the worker is told, 3 its open questions are closed, 4 the
 * roster says ended. Killed after 1, closing again carries on from 2.
 */
import { foldTransition } from '../domain/folding.ts';
import { reachGoals } from '../domain/goal.ts';
import { branchOf, COORDINATOR } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import type { QueueRefusal } from '../domain/queue-entry.ts';
import {
  judgeClose,
  phaseOrRefusal,
  replacePhase,
  type StateDocument,
  type StatePhase,
} from '../domain/state-document.ts';
import { envelopeAt } from '../domain/urgency.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeState } from '../storage/documents.ts';
import { git } from '../storage/git.ts';
import { closeQuestion, listOpenQuestions } from '../storage/light/open-questions.ts';
import { openEntryOf } from '../storage/light/queue-files.ts';
import {
  readPlaceRecord,
  readWorkerRecord,
  type WorkerRecord,
  writePlaceRecord,
  writeWorkerRecord,
} from '../storage/light/roster.ts';
import { sendEnvelope } from '../storage/light/sending.ts';
import { withTests } from './change-agenda.ts';
import { waitingTransitions } from './fold-transitions.ts';
import { withPhases } from './start-phase.ts';

export interface ClosedPhase {
  readonly phase: string;
  readonly worker: string;
  readonly branch: string;
  readonly worktree: string | undefined;
  readonly commit: string | undefined;
}

export function closePhase(home: string, id: string, isForced: boolean): Outcome<ClosedPhase> {
  return withPhases(home, () => {
    const at = isoOf(nowMs());
    const arrived = waitingTransitions(home);
    const outcome = changeState<StatePhase, Extract<Outcome<never>, { done: false }>['problem']>(
      home,
      (state) => {
        const folded = arrived.reduce(foldTransition, state);
        const phase = phaseOrRefusal(folded, id);
        if ('code' in phase) return refuse(phase);
        const isHalfClosed =
          phase.state === 'done' && readWorkerRecord(home, phase.worker)?.state === 'active';
        if (isHalfClosed) return { done: true as const, document: state, value: phase };
        const refusal = judgeClose(phase, isForced) ?? (isForced ? undefined : sentBack(home, id));
        if (refusal) return refuse(refusal);
        const commit = commitOf(home, phase.branch ?? branchOf(phase.folder));
        const { state: next, phase: closed } = closeIn(folded, phase, at, commit);
        return { done: true as const, document: withTests(home, next), value: closed };
      },
    );
    return outcome.done ? done(endWorker(home, outcome.value.value)) : outcome;
  });
}

/** Work that the merge queue rejected has not landed: a phase is not done by saying so. */
function sentBack(home: string, phase: string): QueueRefusal | undefined {
  const entry = openEntryOf(home, phase);
  if (entry?.state !== 'rejected' && entry?.state !== 'needs_followup') return undefined;
  const why = entry.history.at(-1)?.why ?? entry.state;
  return { code: 'entry-rejected', entry: entry.id, phase: entry.phase, why };
}

/** STATE.md with the phase done, up to this commit. */
export function closeIn(
  state: StateDocument,
  phase: StatePhase,
  at: string,
  commit: string | undefined,
): { state: StateDocument; phase: StatePhase } {
  const closed = { ...phase, state: 'done' as const, closed: at, commit };
  const milestones = [...state.milestones, { at, phase: phase.id, event: 'phase_closed' as const, commit }];
  return { state: reachGoals({ ...replacePhase(state, closed), milestones }, at), phase: closed };
}

function commitOf(home: string, branch: string): string | undefined {
  const result = git(home, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`]);
  return result.ok ? result.stdout.trim() : undefined;
}

function endWorker(home: string, phase: StatePhase): ClosedPhase {
  const record = readWorkerRecord(home, phase.worker);
  const branch = phase.branch ?? branchOf(phase.folder);
  if (record?.state === 'active') {
    const atMs = Date.parse(phase.closed ?? '') || nowMs();
    const draft = {
      to: phase.worker,
      type: 'verdict',
      content: `Phase ${phase.id} "${phase.name}" is closed. Commit what is left and stop; nothing more is expected.`,
      references: [phase.id],
      metadata: { phase: phase.id, verdict: 'accept' },
    };
    // The id is made from the closing, so one that is carried on tells the worker once.
    sendEnvelope(home, envelopeAt(draft, { tail: `${phase.id}.closed`, from: COORDINATOR, atMs }));
    // Nobody can answer one that reads no mail any more.
    for (const { id } of listOpenQuestions(home, phase.worker)) closeQuestion(home, id);
    endRecords(home, record);
  }
  return { phase: phase.id, worker: phase.worker, branch, worktree: record?.worktree, commit: phase.commit };
}

/** The roster says that the worker has ended. */
export function endRecords(home: string, record: WorkerRecord): void {
  const place = readPlaceRecord(home, record.place);
  if (place && record.place !== null) writePlaceRecord(home, record.place, { ...place, isEnded: true });
  // Last: by this record a closing that was killed is known.
  writeWorkerRecord(home, { ...record, state: 'ended' });
}
