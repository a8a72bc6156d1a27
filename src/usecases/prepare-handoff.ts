/**
 * Prepares a handoff: the report in seven sections, the checklist of seed 001 judged, and the project's documents
 * committed, and nothing else: what is staged or changed beside them stays as it is.
 *
 * Order: 1 transitions folded and figures brought up to date, 2 judged, 3 committed. Killed before 3, the documents
 * are as they were, not committed; asking again does it.
 */

import type { TreeState } from '../domain/checkpoint.ts';
import { type Deliverable, deliverablesOf, type Figures, figuresOf } from '../domain/figures.ts';
import { type HandoffItem, judgeHandoff } from '../domain/handoff-checklist.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import {
  AGENTS_FILE,
  DECISIONS_FILE,
  DECISIONS_FOLDER,
  STATE_FILE,
  TEAM_SETTINGS_FILE,
} from '../domain/project-paths.ts';
import type { StateDocument } from '../domain/state-document.ts';
import { openTodo, type TodoItem } from '../domain/todo.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { changedFiles, git, headOf } from '../storage/git.ts';
import type { Caller } from '../storage/light/caller.ts';
import { treeStateOf } from '../storage/tree-state.ts';
import { changeAgenda, withTests } from './change-agenda.ts';
import { foldTransitions } from './fold-transitions.ts';
import { type DecisionView, listDecisions } from './list-decisions.ts';
import { type StatusView, showStatus } from './show-status.ts';
import { HISTORY_FOLDER } from './write-history.ts';

export interface Handoff {
  readonly at: string;
  readonly state: StateDocument;
  readonly figures: Figures;
  readonly deliverables: readonly Deliverable[];
  readonly todo: readonly TodoItem[];
  readonly decisions: readonly DecisionView[];
  readonly view: StatusView;
  readonly tree: TreeState | undefined;
  readonly checklist: readonly HandoffItem[];
  /** The commit that holds the documents; null when nothing was to be committed, or none was asked for. */
  readonly committed: string | null;
}

const DECISIONS_SPAN = '7d';
const DOCUMENTS = [
  STATE_FILE,
  DECISIONS_FILE,
  DECISIONS_FOLDER,
  AGENTS_FILE,
  HISTORY_FOLDER,
  TEAM_SETTINGS_FILE,
];

export function prepareHandoff(caller: Caller, isCommitting: boolean): Outcome<Handoff> {
  const { home } = caller;
  const folded = foldTransitions(home);
  if (!folded.done) return folded;
  // A change of nothing but the figures, where a test ran since.
  const fresh = changeAgenda(home, (state) => withTests(home, state));
  if (!fresh.done) return fresh;
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const view = showStatus(caller);
  if (!view.done) return view;
  const decisions = listDecisions(home, DECISIONS_SPAN);
  if (!decisions.done) return decisions;
  const state = loaded.value.document;
  const checklist = judgeHandoff({ state, body: loaded.value.frontMatter.body });
  const committed = isCommitting ? commitDocuments(home) : done(null);
  if (!committed.done) return committed;
  return done({
    at: isoOf(nowMs()),
    state,
    figures: figuresOf(state),
    deliverables: deliverablesOf(state),
    todo: openTodo(state),
    decisions: decisions.value,
    view: view.value,
    tree: treeStateOf(home),
    checklist,
    committed: committed.value,
  });
}

/** Commits the project's documents alone, as they are on disk, whatever else is staged. */
function commitDocuments(home: string): Outcome<string | null> {
  const isDocument = (path: string) =>
    DOCUMENTS.some((document) => path === document || path.startsWith(`${document}/`));
  const files = changedFiles(home).filter((file) => isDocument(file.path));
  const paths = files.map((file) => file.path);
  if (paths.length === 0) return done(null);
  // What git does not know yet cannot be named to `commit --only`.
  const unknown = files.filter((file) => file.status === '??').map((file) => file.path);
  const run = (...args: string[]) => git(home, ['--literal-pathspecs', ...args]);
  const added = unknown.length === 0 || run('add', '--intent-to-add', '--', ...unknown);
  if (added !== true && !added.ok) return refuse({ code: 'git-failed', step: 'add', detail: added.stderr });
  const message = 'Hand over: state, decisions and history as they stand';
  const committed = run('commit', '--quiet', '--only', '-m', message, '--', ...paths);
  if (!committed.ok) {
    if (unknown.length > 0) run('reset', '--quiet', '--', ...unknown);
    return refuse({ code: 'git-failed', step: 'commit', detail: committed.stderr || committed.stdout });
  }
  return done(headOf(home) ?? null);
}
