/**
 * Approval gates (seed 001): steps that wait for the operator, a person at a terminal. Which ones do is a setting.
 *
 *   asked ──(coord approve)──► approved ──(the step is taken)──► used
 *     └────(coord approve --deny)──► denied; asking again asks anew
 *
 * An approval is for one step on one thing, and is used up by it. Pure.
 */

export const APPROVAL_STEPS = ['phase_start', 'phase_close', 'merge_run'] as const;
export type ApprovalStep = (typeof APPROVAL_STEPS)[number];

export const APPROVAL_STATES = ['asked', 'approved', 'denied', 'used'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export interface Approval {
  /** `A7`. */
  readonly id: string;
  readonly step: ApprovalStep;
  /** The phase, or `queue`. */
  readonly subject: string;
  readonly state: ApprovalState;
  readonly asked: string;
  readonly by: string;
  readonly answered?: string;
  readonly note?: string;
}

export type ApprovalRefusal =
  | { code: 'approval-needed'; id: string; step: ApprovalStep; subject: string; isNew: boolean }
  | { code: 'approval-denied'; id: string; step: ApprovalStep; subject: string; note: string }
  | { code: 'approval-unknown'; id: string; known: string[] }
  | { code: 'approval-settled'; id: string; state: ApprovalState }
  | { code: 'approval-not-yours'; actor: string };

/** What is to be done about a step that needs approval. */
export type ApprovalRuling =
  | { kind: 'go'; used: Approval }
  | { kind: 'ask' }
  | { kind: 'wait'; asked: Approval }
  | { kind: 'denied'; denied: Approval };

/** By the last one of its kind: an approved one lets the step through, once. */
export function ruleStep(
  approvals: readonly Approval[],
  step: ApprovalStep,
  subject: string,
): ApprovalRuling {
  const last = approvals.filter((one) => one.step === step && one.subject === subject).at(-1);
  if (last?.state === 'approved') return { kind: 'go', used: { ...last, state: 'used' } };
  if (last?.state === 'asked') return { kind: 'wait', asked: last };
  return last?.state === 'denied' ? { kind: 'denied', denied: last } : { kind: 'ask' };
}

export function answerApproval(
  approval: Approval,
  answer: { readonly isApproved: boolean; readonly at: string; readonly note: string },
): Approval | ApprovalRefusal {
  if (approval.state !== 'asked') return { code: 'approval-settled', id: approval.id, state: approval.state };
  const { isApproved, at, note } = answer;
  return {
    ...approval,
    state: isApproved ? 'approved' : 'denied',
    answered: at,
    ...(note === '' ? {} : { note }),
  };
}

/** A denial that was read and is asked about again: a person may have changed their mind. */
export function nextApprovalId(approvals: readonly Approval[]): string {
  const numbers = approvals.map((one) => Number(/^A(\d+)$/.exec(one.id)?.[1] ?? 0));
  return `A${Math.max(0, ...numbers) + 1}`;
}
