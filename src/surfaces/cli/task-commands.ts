/** A worker's tasks, and what it records of the plan under way: artifacts, checks, figures, an estimate. */
import { cleanLine } from '../../domain/message.ts';
import { ARTIFACT_STATES, ARTIFACT_TYPES, CHECK_STATES, type Plan } from '../../domain/plan.ts';
import { done } from '../../domain/problem.ts';
import { instantOf } from '../../domain/task-progress.ts';
import { addTaskTo, changeTask } from '../../usecases/change-status.ts';
import {
  recordArtifactOf,
  recordCheckOf,
  recordEstimateOf,
  recordMetricOf,
  showTasks,
} from '../../usecases/record-work.ts';
import { withCaller } from './calling.ts';
import { type Command, UsageError } from './command.ts';

/** One of the words, or a usage error that names them. */
function oneOf<T extends string>(what: string, words: readonly T[], word: string): T {
  const found = words.find((candidate) => candidate === word);
  if (found === undefined) throw new UsageError(`${what} is one of: ${words.join(', ')}`);
  return found;
}

function numberFrom(what: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value))
    throw new UsageError(`${what} must be a number, and "${cleanLine(text)}" is none`);
  return value;
}

const taskAdd: Command = {
  name: 'task add',
  usage: '<title> [--plan <plan>]',
  summary: 'Adds a task to a plan: the one under way, unless another is named.',
  values: ['plan'],
  positionals: [1, 1],
  shape: '{plan, task}',
  run: (context) =>
    withCaller(context, (caller) => {
      const outcome = addTaskTo(caller, context.option('plan'), context.positionals[0] ?? '');
      if (!outcome.done) return outcome;
      const { plan, task } = outcome.value;
      return done({ json: outcome.value, text: `task ${task} added to plan ${plan}` });
    }),
};

function taskCommand(verb: 'start' | 'done', summary: string): Command {
  return {
    name: `task ${verb}`,
    usage: '<task> [--plan <plan>]',
    summary,
    values: ['plan'],
    positionals: [1, 1],
    shape: '{plan, task, state}',
    run: (context) =>
      withCaller(context, (caller) => {
        const state = verb === 'start' ? 'in_progress' : 'complete';
        const outcome = changeTask(caller, context.option('plan'), context.positionals[0] ?? '', state);
        if (!outcome.done) return outcome;
        const { plan, task } = outcome.value;
        return done({ json: outcome.value, text: `task ${task} of plan ${plan} is ${state}` });
      }),
  };
}

/** The plan as its worker reads it: one line a thing. */
function linesOf(plan: Plan): string[] {
  const gates = Object.entries(plan.quality_gates ?? {});
  const metrics = Object.entries(plan.metrics ?? {});
  return [
    `${plan.id} ${plan.state} ${cleanLine(plan.title)}`,
    ...plan.tasks.map((task) => `  ${task.id} ${task.state} ${cleanLine(task.title)}`),
    ...(plan.artifacts ?? []).map((it) => `  artifact ${cleanLine(it.path)} ${it.type} ${it.status}`),
    ...gates.map(([name, gate]) => `  check ${cleanLine(name)} ${gate.status}`),
    ...metrics.map(([name, value]) => `  metric ${cleanLine(name)} ${value}`),
    ...(plan.estimated_completion ? [`  expected ${cleanLine(plan.estimated_completion)}`] : []),
  ];
}

const taskList: Command = {
  name: 'task list',
  usage: '[--plan <plan>]',
  summary: "Lists a plan's tasks and what was recorded of it: of the current plan, unless another is named.",
  values: ['plan'],
  positionals: [0, 0],
  shape:
    '{plan: {id, title, state, tasks, artifacts?, quality_gates?, metrics?, estimated_completion?…} or null}',
  run: (context) =>
    withCaller(context, (caller) => {
      const outcome = showTasks(caller, context.option('plan'));
      if (!outcome.done) return outcome;
      const { plan } = outcome.value;
      return done({ json: { plan }, text: plan ? linesOf(plan).join('\n') : 'no plan in this phase' });
    }),
};

const taskArtifact: Command = {
  name: 'task artifact',
  usage:
    '<path> [--type source_code|test|documentation|config|other] [--status draft|complete] [--plan <plan>]',
  summary: 'Records a file that the plan made or changed. Its type is told by its name, unless you say it.',
  values: ['type', 'status', 'plan'],
  positionals: [1, 1],
  shape: '{plan, artifact: {path, type, status}}',
  run: (context) => {
    const [path = ''] = context.positionals;
    const word = context.option('type');
    const type = word === undefined ? undefined : oneOf('--type', ARTIFACT_TYPES, word);
    const status = oneOf('--status', ARTIFACT_STATES, context.option('status') ?? 'complete');
    return withCaller(context, (caller) => {
      const named = { path, cwd: context.cwd, type, status };
      const outcome = recordArtifactOf(caller, context.option('plan'), named);
      if (!outcome.done) return outcome;
      const { plan, artifact } = outcome.value;
      const text = `artifact ${cleanLine(artifact.path)} (${artifact.type}, ${artifact.status}) of plan ${plan}`;
      return done({ json: outcome.value, text });
    });
  },
};

/** `coverage_percent=92`. */
function figuresFrom(options: readonly string[]): Record<string, number> {
  const pairs = options.map((text): [string, number] => {
    const [, key, value = ''] = /^([A-Za-z][\w.-]{0,39})=(.+)$/.exec(text) ?? [];
    if (key === undefined || key === 'status' || key === 'last_run')
      throw new UsageError(`--number takes <key>=<number>, such as errors=0; not "${cleanLine(text)}"`);
    return [key, numberFrom(`--number ${key}`, value)];
  });
  return Object.fromEntries(pairs);
}

const taskCheck: Command = {
  name: 'task check',
  usage: '<name> passed|failed|not_run [--number <key>=<number>]… [--plan <plan>]',
  summary:
    'Records how a quality check of the plan went, as you ran it: a linter, a type checker, the tests. Figures of an earlier run go.',
  values: ['number', 'plan'],
  positionals: [2, 2],
  shape: '{plan, check: {name, status}}',
  run: (context) => {
    const [name = '', word = ''] = context.positionals;
    const state = oneOf('a check', CHECK_STATES, word);
    const figures = figuresFrom(context.options('number'));
    return withCaller(context, (caller) => {
      const outcome = recordCheckOf(caller, context.option('plan'), { name, state, figures });
      if (!outcome.done) return outcome;
      return done({ json: outcome.value, text: `check ${name} of plan ${outcome.value.plan} ${state}` });
    });
  },
};

const taskMetric: Command = {
  name: 'task metric',
  usage: '<name> <number> [--plan <plan>]',
  summary: 'Records a figure of the plan, such as lines_of_code or time_spent_minutes; the last one counts.',
  values: ['plan'],
  positionals: [2, 2],
  shape: '{plan, metric: {name, value}}',
  run: (context) => {
    const [name = '', text = ''] = context.positionals;
    const value = numberFrom('the figure', text);
    return withCaller(context, (caller) => {
      const outcome = recordMetricOf(caller, context.option('plan'), name, value);
      if (!outcome.done) return outcome;
      return done({ json: outcome.value, text: `${name} of plan ${outcome.value.plan} is ${value}` });
    });
  },
};

const taskEstimate: Command = {
  name: 'task estimate',
  usage: '<date> [--plan <plan>]',
  summary: 'Records when you expect the plan to be done: 2026-03-01, or 2026-03-01T18:00:00Z.',
  values: ['plan'],
  positionals: [1, 1],
  shape: '{plan, estimated_completion}',
  run: (context) => {
    const at = instantOf(context.positionals[0]);
    if (at === null)
      throw new UsageError('<date> is a date such as 2026-03-01, or a moment such as 2026-03-01T18:00:00Z');
    return withCaller(context, (caller) => {
      const outcome = recordEstimateOf(caller, context.option('plan'), at);
      if (!outcome.done) return outcome;
      return done({ json: outcome.value, text: `plan ${outcome.value.plan} is expected by ${at}` });
    });
  },
};

export const TASK_COMMANDS: readonly Command[] = [
  taskAdd,
  taskCommand('start', 'Starts a task: it is the current step now.'),
  taskCommand('done', 'Finishes a task.'),
  taskList,
  taskArtifact,
  taskCheck,
  taskMetric,
  taskEstimate,
];
