/** Sentences for refusals of one room each: most are worded in the file of their room, some of few words here. */
import type { ApprovalRefusal } from '../../domain/approval.ts';
import type { CycleRefusal } from '../../domain/cycle/refusal.ts';
import type { Refusal } from '../../domain/ground.ts';
import { cleanLine } from '../../domain/message.ts';
import type { MetadataFlaw, MetadataShape } from '../../domain/metadata.ts';
import type { PoolRefusal } from '../../domain/pool.ts';
import type {
  DecisionProblem,
  GateProblem,
  InstructionsProblem,
  LockPathProblem,
  MutexProblem,
  ProgressProblem,
  RadarProblem,
} from '../../domain/problem.ts';
import type { QueueRefusal } from '../../domain/queue-entry.ts';
import type { TicketRefusal } from '../../domain/ticket.ts';
import { type AgendaRefusal, printAgendaProblem } from './agenda.ts';
import { printCycleProblem } from './cycle.ts';
import { printDecisionProblem } from './decisions.ts';
import { printGateProblem } from './gate.ts';
import { printInstructionsProblem } from './instructions.ts';
import { printLockPathProblem, printMutexHeld } from './locks.ts';
import { printApprovalProblem, printPoolProblem } from './orchestration.ts';
import { printQueueRefusal } from './queue-refusals.ts';
import { printRefusal } from './refusals.ts';
import { printTicketProblem } from './tickets.ts';

const SHAPES_TOLD: Record<MetadataShape, string> = {
  text: 'text (as JSON: "…")',
  artifacts: 'a list of paths, or of objects with a path',
  gates: 'an object: for each name one with a status',
  figures: 'an object: for each name a number',
  verdict: 'accept or reject',
  count: 'a number from 0 on',
  counts: 'an object: for each name a number from 0 on',
  acknowledged: 'an object with by and at',
  undelivered: 'an object with at and reason',
  outside: 'an object with file',
};

/** What one room refuses. */
export type RoomProblem =
  | AgendaRefusal
  | ApprovalRefusal
  | PoolRefusal
  | CycleRefusal
  | DecisionProblem
  | ProgressProblem
  | GateProblem
  | InstructionsProblem
  | LockPathProblem
  | MutexProblem
  | MetadataFlaw
  | QueueRefusal
  | RadarProblem
  | Refusal
  | TicketRefusal;

export function printRoomProblem(problem: RoomProblem): string {
  if (isOfCycle(problem)) return printCycleProblem(problem);
  switch (problem.code) {
    case 'ticket-unknown':
    case 'ticket-exists':
    case 'ticket-broken':
    case 'ticket-scope':
    case 'ticket-overlaps':
      return printTicketProblem(problem);
    case 'progress-unwritable':
      return `${cleanLine(problem.file)} could not be brought up to date (${cleanLine(problem.detail)}). STATUS.md is, and nothing is lost: move away what is there, or make room; the next hook writes it.`;
    case 'artifact-outside':
      return `${cleanLine(problem.path) || '(empty)'} is no file below ${cleanLine(problem.root)}. Name one of your own worktree.`;
    case 'message-metadata-bad':
      return `the metadata ${cleanLine(problem.key)} is not as the protocol has it: expected ${SHAPES_TOLD[problem.expected]}.`;
    case 'message-verdict-unsaid':
      return 'a verdict says accept or reject, and on what: `--meta verdict=accept --ref <id>`, with the id of the completion.';
    case 'git-too-old':
      return `this asks git to merge without a worktree, which git ${problem.needed} is the first to know (found: ${cleanLine(problem.found)}). Install a newer git and put it first on the PATH; all else of coord works with yours.`;
    case 'lock-unusable':
      return printLockPathProblem(problem);
    case 'mutex-held':
      return printMutexHeld(problem, Date.now(), true);
    case 'pool-full':
    case 'pool-off':
      return printPoolProblem(problem);
    case 'approval-needed':
    case 'approval-denied':
    case 'approval-unknown':
    case 'approval-settled':
    case 'approval-not-yours':
      return printApprovalProblem(problem);
    case 'decision-phase':
    case 'decision-unknown':
    case 'span-bad':
      return printDecisionProblem(problem);
    case 'todo-unknown':
    case 'todo-full':
    case 'criterion-unknown':
    case 'criterion-target':
    case 'criteria-full':
    case 'goal-exists':
    case 'goal-unknown':
    case 'goal-phase-unknown':
    case 'goal-unfinished':
    case 'history-link':
      return printAgendaProblem(problem);
    default:
      return printWorkProblem(problem);
  }
}

function isOfCycle(problem: RoomProblem): problem is CycleRefusal {
  return problem.code.startsWith('cycle-');
}

function printWorkProblem(problem: GateProblem | InstructionsProblem | QueueRefusal | Refusal): string {
  switch (problem.code) {
    case 'gate-failed':
    case 'plan-taken-back':
    case 'command-not-started':
      return printGateProblem(problem);
    case 'instructions-broken':
    case 'instructions-link':
    case 'instructions-unreadable':
      return printInstructionsProblem(problem);
    case 'entry-unknown':
    case 'entry-state':
    case 'entry-needs-followup':
    case 'entry-landing':
    case 'entry-of-other':
    case 'entry-landed':
    case 'entry-rejected':
    case 'landing-unclear':
    case 'turn-lost':
      return printQueueRefusal(problem);
    default:
      return printGuardProblem(problem);
  }
}

function printGuardProblem(problem: Refusal): string {
  return printRefusal(problem, undefined, Date.now()).replace(/^\[coord\] Refused: /, '');
}
