/**
 * The orchestration rules of a project (seed 001, AGENTS.md): generated from the settings, so that what is written is
 * what is enforced. Also the sentences about the pool and about approvals.
 */
import type { Approval, ApprovalRefusal } from '../../domain/approval.ts';
import { cleanLine } from '../../domain/message.ts';
import { DEFAULT_KIND, type PoolRefusal, poolLimits, REPORTING_KIND } from '../../domain/pool.ts';
import type { Settings } from '../../domain/settings.ts';

/** The part of the managed block in AGENTS.md that the settings make; plain ASCII with line feeds. */
export function printOrchestration(settings: Settings): string {
  return [
    '## Orchestration',
    '',
    '### Lead',
    '',
    'One lead at a time: the session that holds the seat of the primary worktree. It plans phases, answers, accepts or',
    'rejects work, keeps STATE.md and its TODO, and records decisions. It does not write in the worktrees of others.',
    '',
    '### Workers',
    '',
    ...poolLines(settings),
    '- A worker owns one phase: scoped work in a worktree of its own, commits on its own branch, reports by STATUS.md.',
    '- No two workers own one file: overlapping scopes are refused before a worker starts.',
    `- A worker of the kind ${REPORTING_KIND} reads everything, writes nothing, and hands in findings: \`coord findings "<text>"\`.`,
    '',
    '### Status report',
    '',
    'Seven sections, by `coord handoff`: 1 phase and milestone, 2 current deliverable, 3 progress and tests, 4 workers,',
    '5 blockers and open questions, 6 decisions of the last seven days, 7 next actions.',
    '',
    '### Approval gates',
    '',
    ...approvalLines(settings),
  ].join('\n');
}

function poolLines({ pool, pool_max }: Settings): string[] {
  const { kinds } = poolLimits(pool_max, pool);
  const each = [...kinds].map(([kind, limit]) => (limit === 0 ? `${kind} off` : `${kind} ${limit}`));
  const of = each.length === 0 ? '' : ` (${each.join(', ')})`;
  return [`- At most ${pool_max} workers at work at once${of}; \`coord phase start\` refuses more.`];
}

function approvalLines({ approvals }: Settings): string[] {
  if (approvals.length === 0) return ['None is set: the lead goes on by itself.'];
  const steps = approvals.map((step) => step.replace('_', ' ')).join(', ');
  return [`Only a person at a terminal lets these through, with \`coord approve <id>\`: ${steps}.`];
}

export function printPoolProblem(problem: PoolRefusal): string {
  switch (problem.code) {
    case 'pool-off':
      return `workers of the kind ${cleanLine(problem.kind)} are off, so phase ${cleanLine(problem.phase)} cannot start. Let one in: \`${printPool(problem.wider)}\`, or give the phase another kind.`;
    case 'pool-full': {
      const what = problem.kind === null ? 'workers' : `workers of the kind ${cleanLine(problem.kind)}`;
      const names = problem.working
        .slice(0, 10)
        .map((one) => cleanLine(one))
        .join(', ');
      const setting =
        problem.kind === null ? `coord config set pool_max ${problem.limit + 1}` : printPool(problem.wider);
      return `${problem.limit} ${what} are at work already (${names}), as many as the pool lets in. Wait until one is done, or let in more: \`${setting}\`.`;
    }
  }
}

function printPool(entries: readonly string[]): string {
  return `coord config set pool '${JSON.stringify(entries.map((one) => cleanLine(one).replaceAll("'", '')))}'`;
}

export function printApprovalProblem(problem: ApprovalRefusal): string {
  switch (problem.code) {
    case 'approval-needed':
      return `${step(problem)} waits for a person's leave${problem.isNew ? ', who was asked just now' : ''}. Go on with something else: the answer reaches you. To ask about it: \`coord send operator question "<text>"\`. The person gives it in a terminal: \`coord approve ${problem.id}\`.`;
    case 'approval-denied':
      return `${step(problem)} was denied${problem.note === '' ? '' : `: ${cleanLine(problem.note, 400)}`}. Do what that asks for; the same command asks again. To speak to who denied it: \`coord send operator question "<text>"\`.`;
    case 'approval-unknown':
      return `there is no approval ${cleanLine(problem.id)}. Waiting: ${problem.known.join(', ') || 'none'}. \`coord approvals --all\` lists them.`;
    case 'approval-settled':
      return `${problem.id} is ${problem.state} already.`;
    case 'approval-not-yours':
      return `only a person at a terminal of the primary worktree approves, and you are ${cleanLine(problem.actor)}. Ask: \`coord send operator question "<text>"\`.`;
  }
}

function step(problem: { step: string; subject: string }): string {
  return `${problem.step.replace('_', ' ')} ${cleanLine(problem.subject)}`;
}

export function printApproval({ id, state, by, asked, note, ...rest }: Approval): string {
  const why = note ? `: ${cleanLine(note, 400)}` : '';
  return `${id} ${step(rest)}: ${state}, asked by ${cleanLine(by)} ${asked}${why}`;
}

export const KIND_HELP = `what its worker runs on (${DEFAULT_KIND} unless you say so), or ${REPORTING_KIND}: it reads everything and writes nothing`;
