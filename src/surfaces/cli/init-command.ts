/** `coord init`: sets a project up, and offers to tell its agents the protocol, or does so when asked. */

import { done, type Outcome, refuse } from '../../domain/problem.ts';
import { findProject } from '../../storage/light/caller.ts';
import { initProject } from '../../usecases/init-project.ts';
import { addInstructions, judgeInstructions, readInstructions } from '../../usecases/write-instructions.ts';
import { OFFER, printInstructionChanges } from '../wording/instructions.ts';
import type { Answer, Command, Context } from './command.ts';
import { contentOf } from './instructions-commands.ts';
import { coordinatorOf } from './phase-commands.ts';

export const INIT_COMMAND: Command = {
  name: 'init',
  usage: '[--instructions]',
  summary:
    'Sets coord up in this repository. Running it again changes nothing that is there. --instructions also tells every agent the protocol, as coord instructions add does.',
  switches: ['instructions'],
  positionals: [0, 0],
  shape: '{home, already, made: [path…], adopted, instructions: [{file, state}…], or [{file, change}…]}',
  run: (context) => {
    const isAsked = context.flags.has('instructions');
    const project = findProject(context.cwd);
    // Before anything is made: a refusal then means that nothing was changed.
    const problem =
      isAsked && project.done
        ? judgeInstructions(project.value.home, contentOf(project.value.home))
        : undefined;
    const outcome = problem ? refuse(problem) : initProject(context.cwd);
    if (!outcome.done) return outcome;
    const { home, already, made, adopted } = outcome.value;
    const lines = [`${already ? 'coord is set up already' : 'coord is set up'} in ${home}`];
    if (made.length > 0) lines.push(`made or completed: ${made.join(', ')}`);
    if (adopted) lines.push('The STATE.md that was there keeps all of its sections; coord added its own.');
    const told = isAsked ? tell(context) : done(offer(home));
    if (!told.done) return told;
    if (told.value.text !== '') lines.push(told.value.text);
    lines.push('Next: coord phase add 01 "<name>" --plan 01-01:"<title>", then coord phase start 01');
    return done({ json: { ...outcome.value, instructions: told.value.json }, text: lines.join('\n') });
  },
};

function tell(context: Context): Outcome<Answer> {
  const caller = coordinatorOf(context, 'write instructions');
  if (!caller.done) return caller;
  const changed = addInstructions(caller.value, contentOf(caller.value.home));
  return changed.done ? done({ json: changed.value, text: printInstructionChanges(changed.value) }) : changed;
}

/** One line while no file has the block; nothing where the files cannot be read, which is no matter of setting up. */
function offer(home: string): Answer {
  const states = readInstructions(home, contentOf(home));
  if (!states.done) return { json: [], text: '' };
  const isTold = states.value.some(({ state }) => state !== 'missing' && state !== 'none');
  return { json: states.value, text: isTold ? '' : OFFER };
}
