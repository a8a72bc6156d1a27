/** Tells every agent of the repository the protocol: a block in CLAUDE.md and AGENTS.md that comes and goes. */

import { done } from '../../domain/problem.ts';
import { AGENTS_FILE } from '../../domain/project-paths.ts';
import { readSettings } from '../../storage/settings.ts';
import {
  addInstructions,
  type Content,
  INSTRUCTION_FILES,
  readInstructions,
  removeInstructions,
} from '../../usecases/write-instructions.ts';
import { instructionsFor, printInstructionChanges, printInstructionStates } from '../wording/instructions.ts';
import { type Command, type Context, UsageError } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

export function contentOf(home: string): Content {
  return instructionsFor(readSettings(home).settings);
}

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
    'Puts a short block on the protocol at the end of those of CLAUDE.md and AGENTS.md that are there (of CLAUDE.md where neither is), or brings it up to date; in AGENTS.md with the rules of orchestration. The rest stays byte for byte.',
  values: ['file'],
  positionals: [0, 0],
  shape: '{files: [{file, change: made|added|updated|same}…]}',
  run: (context) => {
    const caller = coordinatorOf(context, 'write instructions');
    if (!caller.done) return caller;
    const changed = addInstructions(caller.value, contentOf(caller.value.home), filesOf(context));
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
  summary: 'Prints the block, as AGENTS.md has it, and which files have it.',
  positionals: [0, 0],
  shape: '{text, files: [{file, state: missing|none|current|old|broken}…]}',
  run: (context) => {
    const caller = coordinatorOf(context, 'look at the instructions of all');
    if (!caller.done) return caller;
    const content = contentOf(caller.value.home);
    const states = readInstructions(caller.value.home, content);
    if (!states.done) return states;
    const block = content(AGENTS_FILE);
    const text = `${block}\n\n${printInstructionStates(states.value)}`;
    return done({ json: { text: block, files: states.value }, text });
  },
};

export const INSTRUCTIONS_COMMANDS: readonly Command[] = [add, remove, show];
