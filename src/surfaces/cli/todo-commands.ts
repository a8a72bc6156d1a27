/** `coord todo`: the project's TODO in STATE.md, by priority. */
import { done } from '../../domain/problem.ts';
import {
  addTodo,
  changeTodo,
  findPriority,
  openTodo,
  PRIORITIES,
  type Priority,
  type TodoItem,
} from '../../domain/todo.ts';
import { pruneTodo } from '../../usecases/change-agenda.ts';
import { printTodoItem } from '../wording/agenda.ts';
import { change, show, textOf } from './agenda-calling.ts';
import { type Answer, type Command, UsageError } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

function priorityOf(word: string): Priority {
  const priority = findPriority(word);
  if (!priority) throw new UsageError(`a priority is one of: ${PRIORITIES.join(', ')}`);
  return priority;
}

const todoAdd: Command = {
  name: 'todo add',
  usage: '<text> [--priority <P0|P1|P2>]',
  summary: "Adds an item to the project's TODO: P0 critical, P1 (the default) high, P2 nice to have.",
  values: ['priority'],
  positionals: [1, 1],
  shape: '{id, priority, text, at}',
  run: (context) => {
    const text = textOf('a TODO item', context.positionals[0]);
    const priority = priorityOf(context.option('priority') ?? 'P1');
    return change(
      context,
      'keep the TODO',
      (state, at) => addTodo(state, priority, text, at),
      (state) => answerOf(state.todo.at(-1)),
    );
  },
};

function answerOf(item: TodoItem | undefined): Answer {
  return { json: item, text: item ? printTodoItem(item) : '' };
}

function todoVerb(verb: string, summary: string, how: (item: TodoItem, at: string) => TodoItem): Command {
  return {
    name: `todo ${verb}`,
    usage: '<id>',
    summary,
    positionals: [1, 1],
    shape: '{id, priority, text, at, done?}',
    run: (context) => {
      const [id = ''] = context.positionals;
      return change(
        context,
        'keep the TODO',
        (state, at) => changeTodo(state, id, (item) => how(item, at)),
        (state) => answerOf(state.todo.find((item) => item.id.toLowerCase() === id.toLowerCase())),
      );
    },
  };
}

const todoDone = todoVerb('done', 'Ticks an item off.', (item, at) =>
  item.done === undefined ? { ...item, done: at } : item,
);

const todoReopen = todoVerb('reopen', 'Opens an item again that was ticked off.', (item) =>
  item.done === undefined ? item : { ...item, done: undefined },
);

const todoMove: Command = {
  name: 'todo move',
  usage: '<id> <P0|P1|P2>',
  summary: 'Gives an item another priority.',
  positionals: [2, 2],
  shape: '{id, priority, text, at, done?}',
  run: (context) => {
    const [id = '', word = ''] = context.positionals;
    const priority = priorityOf(word);
    return change(
      context,
      'keep the TODO',
      (state, at) =>
        changeTodo(state, id, (item) => (item.priority === priority ? item : { ...item, priority, at })),
      (state) => answerOf(state.todo.find((item) => item.id.toLowerCase() === id.toLowerCase())),
    );
  },
};

const todoList: Command = {
  name: 'todo list',
  usage: '[--all]',
  summary: 'Lists what is open, most urgent first; --all with what is done.',
  switches: ['all'],
  positionals: [0, 0],
  shape: '{todo: [{id, priority, text, at, done?}…]}',
  run: (context) =>
    show(context, (state) => {
      const finished = context.flags.has('all') ? state.todo.filter((item) => item.done !== undefined) : [];
      const todo = [...openTodo(state), ...finished];
      return {
        json: { todo },
        text: todo.map(printTodoItem).join('\n') || 'nothing to do: coord todo add "<text>"',
      };
    }),
};

const todoPrune: Command = {
  name: 'todo prune',
  usage: '[--older <days>]',
  summary:
    'Moves done items beyond the latest ten to the backlog (docs/history/TODO.md); with --older also open P1 and P2 that nobody touched for so many days.',
  values: ['older'],
  positionals: [0, 0],
  shape: '{moved: [{id, priority, text, at, done?}…], file}',
  run: (context) => {
    const word = context.option('older');
    if (word !== undefined && !/^\d{1,5}$/.test(word)) throw new UsageError('--older takes a number of days');
    const caller = coordinatorOf(context, 'keep the TODO');
    if (!caller.done) return caller;
    const { home, session } = caller.value;
    const outcome = pruneTodo({ home, session }, word === undefined ? undefined : Number(word));
    if (!outcome.done) return outcome;
    const json = { moved: outcome.value, file: 'docs/history/TODO.md' };
    return done({ json, text: `${outcome.value.length} item(s) moved to docs/history/TODO.md` });
  },
};

export const TODO_COMMANDS: readonly Command[] = [
  todoAdd,
  todoDone,
  todoReopen,
  todoMove,
  todoList,
  todoPrune,
];
