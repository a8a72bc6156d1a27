/** `coord init`: sets a project up, and offers to tell its agents the protocol, or does so when asked. */

import { done, type Outcome, refuse } from '../../domain/problem.ts';
import { STATE_FILE } from '../../domain/project-paths.ts';
import { findProject, identifyCaller } from '../../storage/light/caller.ts';
import { isCoordinated } from '../../storage/light/place.ts';
import { type Initialised, initProject } from '../../usecases/init-project.ts';
import { addInstructions, judgeInstructions, readInstructions } from '../../usecases/write-instructions.ts';
import { printGsd, shownNotes } from '../wording/gsd.ts';
import { OFFER, printInstructionChanges } from '../wording/instructions.ts';
import type { Answer, Command, Context } from './command.ts';
import { contentOf } from './instructions-commands.ts';
import { coordinatorOf } from './phase-commands.ts';

export const INIT_COMMAND: Command = {
  name: 'init',
  usage: '[--instructions]',
  summary:
    'Sets coord up in this repository. Running it again changes nothing that is there. In a project of Get Shit Done it takes phases, plans and their states from .planning/, again what is new since. --instructions also tells every agent the protocol, as coord instructions add does.',
  switches: ['instructions'],
  positionals: [0, 0],
  shape:
    '{home, already, made: [path…], adopted, gsd: {phases: [id…], moved: [id…], plans, criteria, milestones: [id…], todo} or null, not_understood: [{file, line, text, why}…], not_understood_more, instructions: [{file, state}…], or [{file, change}…]}',
  run: (context) => {
    const isAsked = context.flags.has('instructions');
    const project = findProject(context.cwd);
    // Before anything is made: a refusal then means that nothing was changed.
    const problem =
      isAsked && project.done
        ? judgeInstructions(project.value.home, contentOf(project.value.home))
        : undefined;
    const outcome = problem ? refuse(problem) : initProject(context.cwd, mayChange(context));
    if (!outcome.done) return outcome;
    const { home, already, made, adopted, gsd } = outcome.value;
    const lines = [`${already ? 'coord is set up already' : 'coord is set up'} in ${home}`];
    if (made.length > 0) lines.push(`made or completed: ${made.join(', ')}`);
    if (adopted) lines.push('The STATE.md that was there keeps all of its sections; coord added its own.');
    if (gsd) lines.push(printGsd(gsd));
    const told = isAsked ? tell(context) : done(offer(home));
    if (!told.done) return told;
    if (told.value.text !== '') lines.push(told.value.text);
    // A fresh clone, or a clean-up: the plan is there, and who works where is not.
    const isFound = !already && !made.includes(STATE_FILE) && !adopted;
    if (isFound)
      lines.push('Its STATE.md was there before. Next: coord doctor --repair, which finds the workers again');
    const hasPhases = gsd !== undefined && gsd.taken.phases.length > 0;
    if (!isFound) lines.push(hasPhases ? NEXT_AFTER_GSD : already ? NEXT_AGAIN : NEXT);
    const json = { ...jsonOf(outcome.value), instructions: told.value.json };
    return done({ json, text: lines.join('\n') });
  },
};

const NEXT = 'Next: coord phase add 01 "<name>" --plan 01-01:"<title>", then coord phase start 01';
const NEXT_AGAIN = 'What is next here: coord';
const NEXT_AFTER_GSD =
  'Next: commit .planning/, so that the worktrees have its plans; coord status, then coord phase start <id>';

/** Where a project is coordinated already, its STATE.md is the coordinator's. */
function mayChange(context: Context): boolean {
  const project = findProject(context.cwd);
  if (!project.done || !isCoordinated(project.value.home)) return true;
  const caller = identifyCaller(context.cwd, context.env);
  return caller.done && (caller.value.kind === 'operator' || caller.value.kind === 'coordinator');
}

function jsonOf({ gsd, ...made }: Initialised): object {
  const notes = gsd?.notes ?? [];
  const not_understood = shownNotes(notes);
  const not_understood_more = notes.length - not_understood.length;
  return { ...made, gsd: gsd?.taken ?? null, not_understood, not_understood_more };
}

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
