/** `coord criteria` and `coord milestone`: what must hold before something is done, and what is to be reached. */
import { addCriterion, criteriaOf, dropCriterion, setMet } from '../../domain/criterion.ts';
import { figuresOf, goalShare } from '../../domain/figures.ts';
import { addGoal, dropGoal, reachGoal, reachGoals } from '../../domain/goal.ts';
import { isDisplayName, isIdentifier } from '../../domain/identifiers.ts';
import { cleanLine } from '../../domain/message.ts';
import { refuse } from '../../domain/problem.ts';
import type { StateDocument } from '../../domain/state-document.ts';
import type { AgendaChange } from '../../usecases/change-agenda.ts';
import { printCriterion, printShare } from '../wording/agenda.ts';
import { change, show, textOf } from './agenda-calling.ts';
import type { Answer, Command } from './command.ts';

const criteriaAdd: Command = {
  name: 'criteria add',
  usage: '<phase|v1|v2> <text>',
  summary: 'Adds an acceptance criterion to a phase, or to the checklist of a version.',
  positionals: [2, 2],
  shape: '{id, phase?, version?, text}',
  run: (context) => {
    const [target = ''] = context.positionals;
    const text = textOf('a criterion', context.positionals[1]);
    return change(
      context,
      'keep the acceptance criteria',
      (state) => addCriterion(state, target, text),
      (state) => {
        const added = state.criteria.at(-1);
        return { json: added, text: added ? printCriterion(added) : '' };
      },
    );
  },
};

function criteriaVerb(
  verb: string,
  summary: string,
  how: (state: StateDocument, id: string, at: string) => ReturnType<AgendaChange>,
): Command {
  return {
    name: `criteria ${verb}`,
    usage: '<id>',
    summary,
    positionals: [1, 1],
    shape: '{id, phase?, version?, text, met?}, or {id, dropped: true}',
    run: (context) => {
      const [id = ''] = context.positionals;
      return change(
        context,
        'keep the acceptance criteria',
        (state, at) => how(state, id, at),
        (state) => {
          const one = state.criteria.find((known) => known.id.toLowerCase() === id.toLowerCase());
          return one
            ? { json: one, text: printCriterion(one) }
            : { json: { id, dropped: true }, text: `${id} dropped` };
        },
      );
    },
  };
}

const criteriaMet = criteriaVerb('met', 'Says that a criterion is met.', (state, id, at) =>
  setMet(state, id, at),
);
const criteriaUnmet = criteriaVerb('unmet', 'Takes that back.', (state, id) => setMet(state, id, undefined));
const criteriaDrop = criteriaVerb('drop', 'Takes a criterion off the list.', dropCriterion);

const criteriaList: Command = {
  name: 'criteria list',
  usage: '[<phase|v1|v2>]',
  summary: 'Lists the acceptance criteria: all, or those of a phase or a version.',
  positionals: [0, 1],
  shape: '{criteria: [{id, phase?, version?, text, met?}…], met, all}',
  run: (context) =>
    show(context, (state) => {
      const [target] = context.positionals;
      const of = (word: string) => [
        ...criteriaOf(state, word),
        ...state.criteria.filter((one) => one.version === word.toLowerCase()),
      ];
      const criteria = target === undefined ? state.criteria : of(target);
      const met = criteria.filter((one) => one.met !== undefined).length;
      const text = criteria.map(printCriterion).join('\n') || 'none: coord criteria add <phase|v1> "<text>"';
      return { json: { criteria, met, all: criteria.length }, text };
    }),
};

const milestoneAdd: Command = {
  name: 'milestone add',
  usage: '<id> <name> [--phase <id>]…',
  summary:
    'Names a milestone. It is reached when the last of its phases is done, or by hand when it has none.',
  values: ['phase'],
  positionals: [2, 2],
  shape: '{id, name, phases: [id…], reached?}',
  run: (context) => {
    const [id = '', name = ''] = context.positionals;
    if (!isIdentifier(id)) return refuse({ code: 'identifier-bad', what: 'milestone id', text: id });
    if (!isDisplayName(name)) return refuse({ code: 'name-bad', what: 'milestone name', text: name });
    const phases = context.options('phase');
    return change(
      context,
      'keep the milestones',
      (state, at) => {
        const added = addGoal(state, { id, name, phases });
        return 'code' in added ? added : reachGoals(added, at);
      },
      (state) => goalAnswer(state, id),
    );
  },
};

function goalAnswer(state: StateDocument, id: string): Answer {
  const goal = state.goals.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (!goal) return { json: { id, dropped: true }, text: `milestone ${id} dropped` };
  const how = goal.reached ? `reached ${goal.reached}` : printShare(goalShare(state, goal));
  return { json: goal, text: `${goal.id} ${cleanLine(goal.name)}: ${how}` };
}

function milestoneVerb(
  verb: string,
  summary: string,
  how: (state: StateDocument, id: string, at: string) => ReturnType<AgendaChange>,
): Command {
  return {
    name: `milestone ${verb}`,
    usage: '<id>',
    summary,
    positionals: [1, 1],
    shape: '{id, name, phases: [id…], reached?}, or {id, dropped: true}',
    run: (context) => {
      const [id = ''] = context.positionals;
      return change(
        context,
        'keep the milestones',
        (state, at) => how(state, id, at),
        (state) => goalAnswer(state, id),
      );
    },
  };
}

const milestoneReach = milestoneVerb('reach', 'Says that a milestone without phases is reached.', reachGoal);
const milestoneDrop = milestoneVerb('drop', 'Takes a milestone off the list.', dropGoal);

const milestoneList: Command = {
  name: 'milestone list',
  usage: '',
  summary: 'Lists the named milestones and how far each is, with the progress of the project.',
  positionals: [0, 0],
  shape:
    '{milestones: [{id, name, phases, reached?, share: {done, all, percent}}…], reached: [{at, phase, event, plan?, commit?}…], figures: {phases, plans, goals, criteria, active}}',
  run: (context) =>
    show(context, (state) => {
      const figures = figuresOf(state);
      const milestones = state.goals.map((goal) => ({ ...goal, share: goalShare(state, goal) }));
      const overall = `overall: plans ${printShare(figures.plans)}, phases ${printShare(figures.phases)}`;
      const lines = [...state.goals.map((goal) => goalAnswer(state, goal.id).text), overall];
      return { json: { milestones, reached: state.milestones, figures }, text: lines.join('\n') };
    }),
};

export const MILESTONE_COMMANDS: readonly Command[] = [
  criteriaAdd,
  criteriaMet,
  criteriaUnmet,
  criteriaDrop,
  criteriaList,
  milestoneAdd,
  milestoneReach,
  milestoneDrop,
  milestoneList,
];
