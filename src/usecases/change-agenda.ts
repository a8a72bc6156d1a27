/**
 * Changes what the coordinator keeps by hand in STATE.md: the TODO, the acceptance criteria, the named milestones. The
 * figures beside them are worked out anew at every change.
 *
 * Order of moving to the backlog, all under the mutex of STATE.md: 1 the lines are added to docs/history/TODO.md,
 * 2 STATE.md is saved without the items. Killed in between, the next move adds no line twice.
 */
import { done, type HistoryProblem, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import type { StateDocument } from '../domain/state-document.ts';
import { agedTodo, type TodoItem } from '../domain/todo.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeState } from '../storage/documents.ts';
import { lastTests } from '../storage/light/evidence-files.ts';
import { addHistory, BACKLOG_FILE, type Scribe } from './write-history.ts';

/** The same document where nothing changes, another one, or why not. */
export type AgendaChange = (state: StateDocument, at: string) => StateDocument | Problem;

export function changeAgenda(home: string, change: AgendaChange): Outcome<StateDocument> {
  const outcome = changeState<undefined, Problem>(home, (state) => {
    const next = change(state, isoOf(nowMs()));
    if ('code' in next) return refuse(next);
    return { done: true, document: next === state ? state : withTests(home, next), value: undefined };
  });
  return outcome.done ? done(outcome.value.document) : outcome;
}

/** The document with the tests that ran last. */
export function withTests(home: string, state: StateDocument): StateDocument {
  const tests = lastTests(home);
  return tests === undefined || tests.at === state.tests?.at ? state : { ...state, tests };
}

const DAY_MS = 86_400_000;
const BACKLOG_HEAD =
  '# Backlog\n\nTODO items that left .planning/STATE.md: done, or open and untouched for long. `coord todo add` brings one back.\n\n';

/** Moves old items out of STATE.md: done ones beyond the latest, and open P1 and P2 that are older than so many days. */
export function pruneTodo(scribe: Scribe, olderThanDays: number | undefined): Outcome<TodoItem[]> {
  let moved: TodoItem[] = [];
  const outcome = changeAgenda(scribe.home, (state) => {
    const olderThan =
      olderThanDays === undefined ? undefined : isoOf(nowMs() - Math.min(olderThanDays, 36_500) * DAY_MS);
    moved = agedTodo(state, olderThan);
    if (moved.length === 0) return state;
    const problem: HistoryProblem | undefined = addHistory(
      scribe,
      BACKLOG_FILE,
      BACKLOG_HEAD,
      moved.map(printBacklogLine),
    );
    return problem ?? { ...state, todo: state.todo.filter((item) => !moved.includes(item)) };
  });
  return outcome.done ? done(moved) : outcome;
}

/** One line an item, so that it can be found again and is never added twice. */
function printBacklogLine({ id, priority, text, at, done: finished }: TodoItem): string {
  const box = finished === undefined ? '[ ]' : '[x]';
  const when = finished === undefined ? `added ${at.slice(0, 10)}` : `done ${finished.slice(0, 10)}`;
  return `- ${box} ${priority} ${id} (${when}) ${text}`;
}
