/** Tells every agent of the repository the protocol: a block in CLAUDE.md and AGENTS.md that comes and goes. */

import { done } from '../../domain/problem.ts';
import {
  addInstructions,
  INSTRUCTION_FILES,
  readInstructions,
  removeInstructions,
} from '../../usecases/write-instructions.ts';
import { INSTRUCTIONS, printInstructionChanges, printInstructionStates } from '../wording/instructions.ts';
import { type Command, type Context, UsageError } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

function filesOf(context: Context): readonly string[] {
  const files = context.options('file');
  const odd = files.find((file) => !INSTRUCTION_FILES.includes(file));
  if (odd !== undefined) throw new UsageError(`--file takes ${INSTRUCTION_FILES.join(' or ')}`);
  return files;
}

const add: Command = {
  name: 'instructions add',
  usage: '[--file CLAUDE.md | AGENTS.md]…',
  summary:
    'Puts a short block on the protocol at the end of those of CLAUDE.md and AGENTS.md that are there (of CLAUDE.md where neither is), or brings it up to date. The rest stays byte for byte.',
  values: ['file'],
  positionals: [0, 0],
  shape: '{files: [{file, change: made|added|updated|same}…]}',
  run: (context) => {
    const caller = coordinatorOf(context, 'write instructions');
    if (!caller.done) return caller;
    const changed = addInstructions(caller.value, INSTRUCTIONS, filesOf(context));
    if (!changed.done) return changed;
    return done({ json: { files: changed.value }, text: printInstructionChanges(changed.value) });
  },
};

const remove: Command = {
  name: 'instructions remove',
  usage: '[--file CLAUDE.md | AGENTS.md]…',
  summary: 'Takes the block out again: what is left is what was there before it.',
  values: ['file'],
  positionals: [0, 0],
  shape: '{files: [{file, change: removed|deleted|none}…]}',
  run: (context) => {
    const caller = coordinatorOf(context, 'take instructions out');
    if (!caller.done) return caller;
    const changed = removeInstructions(caller.value, filesOf(context));
    if (!changed.done) return changed;
    return done({ json: { files: changed.value }, text: printInstructionChanges(changed.value) });
  },
};

const show: Command = {
  name: 'instructions show',
  usage: '',
  summary: 'Prints the block, and which files have it.',
  positionals: [0, 0],
  shape: '{text, files: [{file, state: missing|none|current|old|broken}…]}',
  run: (context) => {
    const caller = coordinatorOf(context, 'look at the instructions of all');
    if (!caller.done) return caller;
    const states = readInstructions(caller.value.home, INSTRUCTIONS);
    if (!states.done) return states;
    const text = `${INSTRUCTIONS}\n\n${printInstructionStates(states.value)}`;
    return done({ json: { text: INSTRUCTIONS, files: states.value }, text });
  },
};

export const INSTRUCTIONS_COMMANDS: readonly Command[] = [add, remove, show];
