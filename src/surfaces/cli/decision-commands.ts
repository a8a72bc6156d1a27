/** `coord decide` and `coord decisions`: the log of decisions. */
import { DECISION_STATES, type DecisionState } from '../../domain/decision-log.ts';
import { done, type Outcome } from '../../domain/problem.ts';
import { acceptDecision } from '../../usecases/check-decisions.ts';
import { listDecisions, showDecision } from '../../usecases/list-decisions.ts';
import { type DecisionScope, recordDecision } from '../../usecases/record-decision.ts';
import { printDecisionView } from '../wording/decisions.ts';
import { withCaller } from './calling.ts';
import { type Answer, type Command, type Context, UsageError } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

/** `D12` or `12`. */
function numberOf(word: string): number {
  const figure = /^D?(\d{1,7})$/i.exec(word.trim())?.[1];
  if (figure === undefined || Number(figure) === 0)
    throw new UsageError(`a decision is named by its number: D12, not "${word}"`);
  return Number(figure);
}

function stateOf(word: string): DecisionState {
  const found = DECISION_STATES.find((state) => state === word.toLowerCase());
  if (!found) throw new UsageError(`--status is one of: ${DECISION_STATES.join(', ')}`);
  return found;
}

/** `--positive x` is the consequence `Positive: x`. */
function consequencesOf(context: Context): string[] {
  const kinds = ['positive', 'negative', 'neutral'].flatMap((kind) =>
    context.options(kind).map((text) => `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}: ${text}`),
  );
  return [...kinds, ...context.options('consequence')];
}

function scopeOf(context: Context): DecisionScope {
  const phase = context.option('phase');
  if (phase !== undefined && context.flags.has('project'))
    throw new UsageError('--phase and --project: it is one of them');
  if (phase !== undefined) return { kind: 'phase', phase };
  return context.flags.has('project') ? { kind: 'project' } : undefined;
}

const decide: Command = {
  name: 'decide',
  usage:
    '<title> --decision <text> [--context <text>] [--alternative <text>]… [--consequence <text>]… [--positive <text>]… [--negative <text>]… [--neutral <text>]… [--supersedes <number>]… [--status <state>] [--phase <id> | --project]',
  summary:
    "Records a decision on top of DECISIONS.md; a worker's own goes to the STATUS.md of its phase, unless it says --project. An alternative says why it was not taken.",
  values: [
    'context',
    'decision',
    'alternative',
    'consequence',
    'positive',
    'negative',
    'neutral',
    'supersedes',
    'status',
    'phase',
  ],
  switches: ['project'],
  positionals: [1, 1],
  shape: '{file, title, number?}',
  run: (context) =>
    withCaller(context, (caller) => {
      const decision = context.option('decision');
      if (!decision?.trim()) throw new UsageError('--decision <text> is missing: what was decided?');
      const recorded = {
        title: context.positionals[0] ?? '',
        context: context.option('context') ?? '',
        decision,
        alternatives: context.options('alternative'),
        consequences: consequencesOf(context),
        state: stateOf(context.option('status') ?? 'accepted'),
        supersedes: context.options('supersedes').map(numberOf),
      };
      const outcome = recordDecision(caller, recorded, scopeOf(context));
      if (!outcome.done) return outcome;
      const { file, number } = outcome.value;
      return done({
        json: outcome.value,
        text: `recorded${number === undefined ? '' : ` as D${number}`} in ${file}`,
      });
    }),
};

const decisions: Command = {
  name: 'decisions',
  usage: '[--since <span>]',
  summary: 'Lists the decisions, newest first; --since 7d (36h, 2w, 2026-02-01) those since then.',
  values: ['since'],
  positionals: [0, 0],
  shape: '{decisions: [{number, date, title, state, supersedes: [number…], superseded_by, file}…]}',
  run: (context) =>
    withCaller(context, (caller): Outcome<Answer> => {
      const outcome = listDecisions(caller.home, context.option('since'));
      if (!outcome.done) return outcome;
      const text = outcome.value.map(printDecisionView).join('\n') || 'none';
      return done({ json: { decisions: outcome.value }, text });
    }),
};

const show: Command = {
  name: 'decisions show',
  usage: '<number>',
  summary: 'Shows one decision in full.',
  positionals: [1, 1],
  shape: '{number, file, text}',
  run: (context) =>
    withCaller(context, (caller): Outcome<Answer> => {
      const outcome = showDecision(caller.home, numberOf(context.positionals[0] ?? ''));
      return outcome.done ? done({ json: outcome.value, text: outcome.value.text.trimEnd() }) : outcome;
    }),
};

const accept: Command = {
  name: 'decisions accept',
  usage: '<number>',
  summary:
    'Says that a decision that was edited (a typo) is meant as it stands now; `coord doctor` lists such ones.',
  positionals: [1, 1],
  shape: '{number, file}',
  run: (context) => {
    const number = numberOf(context.positionals[0] ?? '');
    const caller = coordinatorOf(context, 'accept an edited decision');
    if (!caller.done) return caller;
    const { home, session } = caller.value;
    const outcome = acceptDecision({ home, session }, number);
    return outcome.done
      ? done({ json: outcome.value, text: `D${number} stands as it is in ${outcome.value.file}` })
      : outcome;
  },
};

export const DECISION_COMMANDS: readonly Command[] = [decide, decisions, show, accept];
