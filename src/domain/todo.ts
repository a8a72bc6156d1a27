/**
 * The project's TODO, by priority (seed 001): P0 critical, P1 high, P2 nice to have. An item is open or done; its
 * number is never given out twice, also after it went to the backlog. Pure.
 *
 * Glossary. *backlog*: where done items, and open ones that nobody touched for long, are moved to (docs/history).
 */

export const PRIORITIES = ['P0', 'P1', 'P2'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface TodoItem {
  /** `T7`. */
  readonly id: string;
  readonly priority: Priority;
  readonly text: string;
  /** When it was added, or given another priority. */
  readonly at: string;
  readonly done?: string | undefined;
}

/** What STATE.md holds of it: the items, and the last number that was given out. */
export interface TodoList {
  readonly todo: readonly TodoItem[];
  readonly todo_last: number;
}

export type TodoRefusal =
  | { code: 'todo-unknown'; id: string; known: string[] }
  | { code: 'todo-full'; max: number };

/** STATE.md is read whole by every session: what does not fit a screen or two belongs into the backlog. */
export const TODO_MAX = 200;

export function findPriority(word: string): Priority | undefined {
  return PRIORITIES.find((priority) => priority === word.toUpperCase());
}

export function addTodo<T extends TodoList>(
  list: T,
  priority: Priority,
  text: string,
  at: string,
): T | TodoRefusal {
  if (list.todo.length >= TODO_MAX) return { code: 'todo-full', max: TODO_MAX };
  const taken = list.todo.map((item) => Number(/^T(\d+)$/i.exec(item.id)?.[1] ?? 0));
  const todo_last = Math.max(list.todo_last, ...taken) + 1;
  return { ...list, todo_last, todo: [...list.todo, { id: `T${todo_last}`, priority, text, at }] };
}

/** One change of one item: done, open again, of another priority. */
export function changeTodo<T extends TodoList>(
  list: T,
  id: string,
  change: (item: TodoItem) => TodoItem,
): T | TodoRefusal {
  const found = findTodo(list, id);
  if ('code' in found) return found;
  const next = change(found);
  return next === found ? list : { ...list, todo: list.todo.map((item) => (item === found ? next : item)) };
}

function findTodo({ todo }: TodoList, id: string): TodoItem | TodoRefusal {
  const item = todo.find((one) => one.id.toLowerCase() === id.toLowerCase());
  return item ?? { code: 'todo-unknown', id, known: openTodo({ todo }).map((one) => one.id) };
}

/** Open items, most urgent first, older before newer. */
export function openTodo({ todo }: Pick<TodoList, 'todo'>): TodoItem[] {
  return PRIORITIES.flatMap((priority) =>
    todo.filter((item) => item.priority === priority && item.done === undefined),
  );
}

const DONE_SHOWN_MAX = 10;

/** The done ones that stay in STATE.md, the latest. */
export function doneTodo({ todo }: Pick<TodoList, 'todo'>): TodoItem[] {
  const done = todo.filter((item) => item.done !== undefined);
  return done.sort((a, b) => (String(a.done) < String(b.done) ? 1 : -1)).slice(0, DONE_SHOWN_MAX);
}

/** What goes to the backlog: done items beyond the latest few, and open P1 and P2 that are older than a moment. */
export function agedTodo(list: Pick<TodoList, 'todo'>, olderThan: string | undefined): TodoItem[] {
  const kept = new Set(doneTodo(list));
  return list.todo.filter((item) => {
    if (item.done !== undefined) return !kept.has(item);
    return olderThan !== undefined && item.priority !== 'P0' && item.at < olderThan;
  });
}
