/** `coord cycle`: the user's side. Made, started, shown, paused, resumed, stopped, extended, rebuilt. */
import { nextStep } from '../../domain/cycle/next.ts';
import { done } from '../../domain/problem.ts';
import { rebuildCycle } from '../../usecases/rebuild-cycle.ts';
import { listCycles, showCycle } from '../../usecases/show-cycle.ts';
import {
  extendCycleOf,
  ITERATIONS_DEFAULT,
  ITERATIONS_MAX,
  makeCycle,
  pauseCycleOf,
  resumeCycleOf,
  startCycleOf,
  stopCycleOf,
} from '../../usecases/steer-cycle.ts';
import { printCycleLine, printCycleView, printRebuilt, printStep } from '../wording/cycle.ts';
import { withCaller } from './calling.ts';
import type { Command } from './command.ts';
import { answerWith, BRIEF_SHAPE, iterationsOf, stepOf } from './cycle-calling.ts';
import { CYCLE_WORK_COMMANDS } from './cycle-work-commands.ts';

const cycleNew: Command = {
  name: 'cycle new',
  usage: '<task> [--max-iterations <n>]',
  summary:
    'Makes a development cycle for a task, in this worktree: requirements, exploration and plan, code, validation, until all holds.',
  values: ['max-iterations'],
  positionals: [1, 1],
  shape: BRIEF_SHAPE,
  run: (context) =>
    withCaller(context, (caller) => {
      const most = iterationsOf(context, ITERATIONS_MAX) ?? ITERATIONS_DEFAULT;
      const made = makeCycle(caller, context.positionals[0] ?? '', most);
      return answerWith(made, ({ cycle_id, title }) => `${cycle_id} made: ${title}`);
    }),
};

const start: Command = {
  name: 'cycle start',
  usage: '[<cycle>]',
  summary: 'Begins the first iteration of a cycle: the requirements-analyst has the turn.',
  positionals: [0, 1],
  shape: BRIEF_SHAPE,
  run: (context) =>
    withCaller(context, (caller) =>
      answerWith(startCycleOf(caller, context.positionals[0]), ({ cycle_id }) => `${cycle_id} runs`),
    ),
};

const next: Command = {
  name: 'cycle next',
  usage: '[<cycle>]',
  summary:
    'Says what is to be done next: which agent to start with which prompt, or what the cycle waits for.',
  positionals: [0, 1],
  shape:
    "{cycle, status, phase, iteration, action: 'start'|'agent'|'answer'|'resume'|'none', role, agent, prompt, why, decisions: [{id, description, options, …}…]}",
  run: (context) =>
    withCaller(context, (caller) => {
      const shown = showCycle(caller, context.positionals[0]);
      if (!shown.done) return shown;
      const { cycle, next: step } = shown.value;
      const json = stepOf(cycle, caller.home);
      const told = printStep(cycle, step);
      return done({ json, text: json['prompt'] === null ? told : `${told}\n\n${String(json['prompt'])}` });
    }),
};

const show: Command = {
  name: 'cycle show',
  usage: '[<cycle>] [--journal]',
  summary: 'Shows how a cycle stands; with --journal, all that happened, and why.',
  switches: ['journal'],
  positionals: [0, 1],
  shape:
    'the whole state (schemas/cycle-state-v1.0.schema.json), and {worktree, next, ready: [task…], order: [task…]}; with --journal {journal: [{at, revision, iteration, act, by, why}…]}',
  run: (context) =>
    withCaller(context, (caller) => {
      const shown = showCycle(caller, context.positionals[0]);
      if (!shown.done) return shown;
      const withJournal = context.flags.has('journal');
      const { cycle, journal, ...rest } = shown.value;
      const json = { ...cycle, ...rest, ...(withJournal ? { journal } : {}) };
      return done({ json, text: printCycleView(shown.value, withJournal) });
    }),
};

const list: Command = {
  name: 'cycle list',
  usage: '',
  summary: 'Lists the cycles of the project, the newest first.',
  positionals: [0, 0],
  shape:
    '{cycles: [{cycle_id, title, status, phase, iteration, max_iterations, place}…], broken: [cycle_id…]}',
  run: (context) =>
    withCaller(context, (caller) => {
      const listed = listCycles(caller.home);
      const lines = [
        ...listed.cycles.map(printCycleLine),
        ...listed.broken.map((id) => `${id} cannot be read: coord cycle rebuild ${id}`),
      ];
      return done({ json: listed, text: lines.join('\n') || 'none: coord cycle new "<task>"' });
    }),
};

const pause: Command = {
  name: 'cycle pause',
  usage: '[<cycle>] [--reason <text>]',
  summary: 'Pauses a cycle: from now on each call of its agents is refused, until it is resumed.',
  values: ['reason'],
  positionals: [0, 1],
  shape: BRIEF_SHAPE,
  run: (context) =>
    withCaller(context, (caller) => {
      const paused = pauseCycleOf(caller, context.positionals[0], context.option('reason') ?? '');
      return answerWith(paused, ({ cycle_id }) => `${cycle_id} is paused; its agents may do nothing`);
    }),
};

const resume: Command = {
  name: 'cycle resume',
  usage: '[<cycle>]',
  summary: 'Lets a paused cycle go on where it stood, in this session or any other.',
  positionals: [0, 1],
  shape: BRIEF_SHAPE,
  run: (context) =>
    withCaller(context, (caller) =>
      answerWith(resumeCycleOf(caller, context.positionals[0]), ({ cycle_id }) => `${cycle_id} goes on`),
    ),
};

const stop: Command = {
  name: 'cycle stop',
  usage: '[<cycle>] [--reason <text>]',
  summary: 'Ends a cycle as failed. Nothing of its work is undone; extending it goes on with it.',
  values: ['reason'],
  positionals: [0, 1],
  shape: BRIEF_SHAPE,
  run: (context) =>
    withCaller(context, (caller) => {
      const stopped = stopCycleOf(caller, context.positionals[0], context.option('reason') ?? '');
      return answerWith(stopped, ({ cycle_id }) => `${cycle_id} is stopped`);
    }),
};

const extend: Command = {
  name: 'cycle extend',
  usage: '<cycle> <text> [--max-iterations <n>]',
  summary:
    'Adds to the task of a cycle: at once where it has ended, with the next iteration where one is under way.',
  values: ['max-iterations'],
  positionals: [2, 2],
  shape: BRIEF_SHAPE,
  run: (context) =>
    withCaller(context, (caller) => {
      const [id, text = ''] = context.positionals;
      const extended = extendCycleOf(caller, id, text, iterationsOf(context, ITERATIONS_MAX));
      return answerWith(extended, (cycle) =>
        cycle.coord.waiting.length > 0
          ? `${cycle.cycle_id} takes it up with its next iteration`
          : `${cycle.cycle_id} is extended`,
      );
    }),
};

const rebuild: Command = {
  name: 'cycle rebuild',
  usage: '<cycle>',
  summary: 'Makes the state of a cycle again from its artifacts, or its artifacts from its state.',
  positionals: [1, 1],
  shape:
    "{cycle_id, status, from: 'state'|'artifacts'|'journal', written: [file…], lost: [what…], aside, state}",
  run: (context) =>
    withCaller(context, (caller) => {
      const rebuilt = rebuildCycle(caller.home, context.positionals[0] ?? '');
      if (!rebuilt.done) return rebuilt;
      const { cycle, ...rest } = rebuilt.value;
      const { cycle_id, status } = cycle;
      const text = `${printRebuilt(rebuilt.value)}\nNext: ${printStep(cycle, nextStep(cycle))}`;
      return done({ json: { cycle_id, status, ...rest, state: cycle }, text });
    }),
};

export const CYCLE_COMMANDS: readonly Command[] = [
  cycleNew,
  start,
  next,
  show,
  list,
  pause,
  resume,
  stop,
  extend,
  rebuild,
  ...CYCLE_WORK_COMMANDS,
];
