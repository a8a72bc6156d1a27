/**
 * Steps that the operator has to approve (domain/approval). A session that takes such a step is refused, and the
 * operator is told how to lift it; a terminal is the operator itself and needs nobody's leave.
 *
 * Order: 1 the approval is kept, 2 the operator is told, by a message whose id is made from the approval.
 */
import {
  type Approval,
  type ApprovalRefusal,
  type ApprovalStep,
  answerApproval,
  nextApprovalId,
  ruleStep,
} from '../domain/approval.ts';
import { COORDINATOR, OPERATOR } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { envelopeAt } from '../domain/urgency.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { listApprovals, withApprovals, writeApproval } from '../storage/light/approvals.ts';
import type { Caller } from '../storage/light/caller.ts';
import { sendEnvelope } from '../storage/light/sending.ts';
import { readSettings } from '../storage/settings.ts';
import { isTerminal } from './judge-terminal.ts';

/** Done when the step may be taken: it needs no leave, or its leave is used up by this. */
export function takeStep(caller: Caller, step: ApprovalStep, subject: string): Outcome<undefined> {
  const { home } = caller;
  if (!readSettings(home).settings.approvals.includes(step) || isTerminal(caller)) return done(undefined);
  const at = isoOf(nowMs());
  const outcome = withApprovals(home, (): Approval | ApprovalRefusal => {
    const all = listApprovals(home);
    const ruling = ruleStep(all, step, subject);
    switch (ruling.kind) {
      case 'go':
        writeApproval(home, ruling.used);
        return ruling.used;
      case 'wait':
        return { code: 'approval-needed', id: ruling.asked.id, step, subject, isNew: false };
      case 'denied': {
        const { id, note = '' } = ruling.denied;
        // Told once: whoever asks again asks anew.
        writeApproval(home, { ...ruling.denied, state: 'used' });
        return { code: 'approval-denied', id, step, subject, note };
      }
      case 'ask': {
        const asked: Approval = {
          id: nextApprovalId(all),
          step,
          subject,
          state: 'asked',
          asked: at,
          by: caller.name,
        };
        writeApproval(home, asked);
        return { code: 'approval-needed', id: asked.id, step, subject, isNew: true };
      }
    }
  });
  if (outcome === undefined) return refuse({ code: 'mutex-timeout', name: 'approvals' });
  if (!('code' in outcome)) return done(undefined);
  if (outcome.code === 'approval-needed' && outcome.isNew) tellOperator(home, outcome);
  return refuse(outcome);
}

function tellOperator(
  home: string,
  { id, step, subject }: Extract<ApprovalRefusal, { code: 'approval-needed' }>,
): void {
  const draft = {
    to: OPERATOR,
    type: 'question',
    content: `The coordinator asks for leave: ${step.replace('_', ' ')} ${subject}. In a terminal of the primary worktree: coord approve ${id} (or coord approve ${id} --deny --note "<why>").`,
    references: [id],
    metadata: {},
  };
  sendEnvelope(home, envelopeAt(draft, { tail: `approval.${id}`, from: COORDINATOR, atMs: nowMs() }));
}

/** A person's answer; afterwards the coordinator is told, which wakes it. */
export function answerAsked(
  caller: Caller,
  id: string,
  isApproved: boolean,
  note: string,
): Outcome<Approval> {
  const { home } = caller;
  if (!isTerminal(caller)) return refuse({ code: 'approval-not-yours', actor: caller.name });
  const outcome = withApprovals(home, (): Approval | ApprovalRefusal => {
    const all = listApprovals(home);
    const found = all.find((one) => one.id.toLowerCase() === id.toLowerCase());
    const open = all.filter((one) => one.state === 'asked').map((one) => one.id);
    if (!found) return { code: 'approval-unknown', id, known: open };
    const answered = answerApproval(found, { isApproved, at: isoOf(nowMs()), note });
    if (!('code' in answered)) writeApproval(home, answered);
    return answered;
  });
  if (outcome === undefined) return refuse({ code: 'mutex-timeout', name: 'approvals' });
  if ('code' in outcome) return refuse(outcome);
  const why = note === '' ? '' : `: ${note}`;
  const draft = {
    to: COORDINATOR,
    type: 'response',
    content: `${outcome.id} (${outcome.step.replace('_', ' ')} ${outcome.subject}) is ${outcome.state}${why}.${isApproved ? ' Run the same command again.' : ''}`,
    references: [outcome.id],
    metadata: {},
  };
  sendEnvelope(home, envelopeAt(draft, { tail: `answer.${outcome.id}`, from: OPERATOR, atMs: nowMs() }));
  return done(outcome);
}
