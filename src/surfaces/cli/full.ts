/** All commands but those of mail. In a bundle of its own: these read documents, which takes a parser or two. */
import { printProblem } from '../wording/problems.ts';
import { APPROVAL_COMMANDS } from './approval-commands.ts';
import { CHAT_COMMANDS } from './chat-commands.ts';
import type { Command } from './command.ts';
import { CYCLE_COMMANDS } from './cycle-commands.ts';
import { DECISION_COMMANDS } from './decision-commands.ts';
import { DEMO_COMMAND } from './demo.ts';
import { explain } from './explain.ts';
import { GATE_COMMANDS } from './gate-commands.ts';
import { HEALTH_COMMANDS } from './health-commands.ts';
import { INIT_COMMAND } from './init-command.ts';
import { INSTRUCTIONS_COMMANDS } from './instructions-commands.ts';
import { LOCK_COMMANDS } from './lock-commands.ts';
import { MERGE_COMMANDS } from './merge-commands.ts';
import { MILESTONE_COMMANDS } from './milestone-commands.ts';
import { PHASE_COMMANDS } from './phase-commands.ts';
import { PROJECT_COMMANDS } from './project-commands.ts';
import { RESUME_COMMANDS } from './resume-commands.ts';
import { TICKET_COMMANDS } from './ticket-commands.ts';
import { TODO_COMMANDS } from './todo-commands.ts';
import { WORKER_COMMANDS } from './worker-commands.ts';

export { explain, printProblem };

export const FULL_COMMANDS: readonly Command[] = [
  INIT_COMMAND,
  ...PHASE_COMMANDS,
  ...PROJECT_COMMANDS,
  ...APPROVAL_COMMANDS,
  ...RESUME_COMMANDS,
  ...DECISION_COMMANDS,
  ...TICKET_COMMANDS,
  ...TODO_COMMANDS,
  ...MILESTONE_COMMANDS,
  ...WORKER_COMMANDS,
  ...GATE_COMMANDS,
  ...MERGE_COMMANDS,
  ...CYCLE_COMMANDS,
  ...CHAT_COMMANDS,
  ...LOCK_COMMANDS,
  ...HEALTH_COMMANDS,
  ...INSTRUCTIONS_COMMANDS,
  DEMO_COMMAND,
];
