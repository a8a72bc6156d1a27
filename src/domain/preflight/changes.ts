/** Pre-flight rules about which files a branch changes: not the coordinator's, not too many gone, within the scope. */
import { cleanWord } from '../message.ts';
import {
  documentAt,
  IGNORED_BY_GIT,
  isInProgress,
  PHASES_FOLDER,
  PROGRESS_FOLDER,
  phaseFolderAt,
  RUNTIME_FOLDERS,
  STATE_FILE,
  TEAM_SETTINGS_FILE,
} from '../project-paths.ts';
import type { Change, PreflightFacts } from './facts.ts';
import { countOf, listed, placeOf, typedPathspecs } from './lists.ts';
import type { PreflightRefusal } from './refusal.ts';

type Judged = PreflightRefusal | undefined;

/** What git is told not to track, as paths: folders without their slash. */
const UNTRACKED = IGNORED_BY_GIT.map((line) => line.replace(/\/$/, ''));

/** Folders of coord's: a file, link or submodule in place of one takes away all that lies in it, of all worktrees. */
const FOLDERS = new Set(
  [
    STATE_FILE,
    TEAM_SETTINGS_FILE,
    ...[PHASES_FOLDER, ...RUNTIME_FOLDERS, ...UNTRACKED].map((folder) => `${folder}/x`),
  ].flatMap((path) => parentsOf(path)),
);

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** Every path that a change touches: of a rename both ends. */
function touched(change: Change): Touched[] {
  const isNew = change.kind === 'added' || change.kind === 'renamed';
  const isGone = change.kind === 'deleted';
  const here = { path: change.path, isGone, isNew, isFile: isGone || change.newMode.startsWith('100') };
  return change.from ? [here, { path: change.from.path, isGone: true, isNew: false, isFile: true }] : [here];
}

interface Touched {
  readonly path: string;
  readonly isGone: boolean;
  readonly isNew: boolean;
  /** False for a symlink or a submodule. */
  readonly isFile: boolean;
}

/** What a file is that no worker changes; undefined for one that is not guarded. */
function guardedAs(
  { path, isGone, isNew, isFile }: Touched,
  { phase, caseBlind }: PreflightFacts,
): string | undefined {
  const fold = (text: string) => (caseBlind ? text.toLowerCase() : text);
  const document = documentAt(path, caseBlind);
  switch (document?.kind) {
    case 'runtime':
      return "coord's own, never committed";
    case 'state':
    case 'agents':
      return "the coordinator's";
    case 'decisions':
      return 'written by `coord decide` alone';
    case 'status':
      if (fold(document.phaseFolder) !== fold(phase.folder)) return "another phase's";
      return isFile ? undefined : 'no file any more, and coord reads it as one';
  }
  const plain = fold(path);
  if (plain === TEAM_SETTINGS_FILE) return "the team's settings, the coordinator's";
  const isBelow = (folder: string) => plain === folder || plain.startsWith(`${folder}/`);
  const untracked = UNTRACKED.find(isBelow);
  // A project that tracks .progress all the same may go on to: its files change with every task.
  if (untracked === PROGRESS_FOLDER && !isNew && plain !== PROGRESS_FOLDER) return undefined;
  if (untracked !== undefined) return "coord's own, never committed";
  if (isGone) return undefined;
  if (FOLDERS.has(plain) || phaseFolderAt(path, caseBlind) !== undefined)
    return "lies where coord's folder belongs";
  const isDocument = (parent: string) =>
    documentAt(parent, caseBlind) !== undefined || fold(parent) === TEAM_SETTINGS_FILE;
  return MAY_BE_BELOW.test(path) && parentsOf(path).some(isDocument)
    ? "lies where coord's document belongs"
    : undefined;
}

/** Spares all other paths a longer look. */
const MAY_BE_BELOW = /^\.planning\/|^\.claude\/|^(?:agents|decisions)\.md\//i;

export function judgeGuarded(facts: PreflightFacts): Judged {
  const { changed, phase } = facts;
  if (!changed) return undefined;
  const found = changed.changes.flatMap((change) =>
    touched(change).flatMap((one) => {
      const as = guardedAs(one, facts);
      return as === undefined ? [] : [{ ...one, as }];
    }),
  );
  const { ignoreLost } = changed;
  if (found.length === 0 && ignoreLost.length === 0) return undefined;
  const files = found.map(({ path, as, isGone }) => `${path} (${isGone ? 'removed; ' : ''}${as})`);
  const lost = ignoreLost.map((line) => `.gitignore (line ${line})`);
  const added = found.filter((one) => one.isNew).map(({ path }) => path);
  const others = found.filter((one) => !one.isNew).map(({ path }) => path);
  const back = [...others, ...(lost.length > 0 ? ['.gitignore'] : [])];
  return {
    rule: 'coordinator-files',
    what: `${phase.branch} changes ${countOf(found.length + lost.length, 'file', 'files')} that no worker may change`,
    where: placeOf(facts),
    ...listed([...files, ...lost]),
    why: 'they were committed by a program or by force (`git add -f`), or came with a commit from elsewhere; the guard keeps sessions from writing them, so a person types this in a terminal',
    next: [
      ...(added.length > 0 ? [`git rm -r -q -- ${typedPathspecs(added)}`] : []),
      ...(back.length > 0 ? [restore(facts, back)] : []),
      'git commit -m "Leave the coordinator\'s files as they were"',
      `coord merge add ${cleanWord(phase.id)}`,
    ],
    isWaivable: false,
    side: 'worker',
  };
}

function restore({ history, target }: PreflightFacts, paths: readonly string[]): string {
  const source = history?.base?.slice(0, 12) ?? cleanWord(target.name);
  return `git restore --source=${source} --staged --worktree -- ${typedPathspecs(paths)}`;
}

/** Whether a path lies in the declared scope; a phase without one may write anywhere. */
function scopeOf({ phase, caseBlind }: PreflightFacts): (path: string) => boolean {
  if (phase.scope.length === 0) return () => true;
  const rules = phase.scope.map((rule) => new RegExp(rule.pattern, caseBlind ? 'i' : ''));
  return (path) =>
    documentAt(path, caseBlind)?.kind === 'status' ||
    isInProgress(path) ||
    rules.some((rule) => rule.test(path));
}

/** Files that are gone, without those that came back under a name of another case. */
function deletionsOf(changes: readonly Change[]): Change[] {
  const added = new Set(
    changes.filter((change) => change.kind === 'added').map((change) => change.key.toLowerCase()),
  );
  return changes.filter((change) => change.kind === 'deleted' && !added.has(change.key.toLowerCase()));
}

export function judgeDeletions(facts: PreflightFacts): Judged {
  const { changed, phase, deletionsMax } = facts;
  if (!changed) return undefined;
  const isIn = scopeOf(facts);
  const gone = deletionsOf(changed.changes).filter((change) => guardedGone(change, facts) === undefined);
  const foreign = gone.filter((change) => !isIn(change.path));
  const isTooMany = gone.length > deletionsMax;
  if (!isTooMany && foreign.length === 0) return undefined;
  const what = [
    ...(isTooMany
      ? [`${phase.branch} deletes ${gone.length} files, and merge_deletions allows ${deletionsMax}`]
      : []),
    ...(foreign.length > 0
      ? [
          `${countOf(foreign.length, 'deleted file was', 'deleted files were')} never the phase's (outside of ${scopeWords(facts)})`,
        ]
      : []),
  ].join('; ');
  const told = isTooMany ? [...foreign, ...gone.filter((change) => isIn(change.path))] : foreign;
  return {
    rule: 'deletions',
    what,
    where: placeOf(facts),
    ...listed(told.map(({ path }) => path)),
    why: 'a clean-up or a generator went further than it was meant to; renames are not counted (of more than 1,000 at once only those of unchanged files)',
    next: remedies(
      facts,
      told.map(({ path }) => path),
      'deletions',
    ),
    isWaivable: true,
    side: 'worker',
  };
}

/** Deleting what is guarded is told by that rule alone. */
function guardedGone(change: Change, facts: PreflightFacts): string | undefined {
  return guardedAs({ path: change.path, isGone: true, isNew: false, isFile: true }, facts);
}

export function judgeScope(facts: PreflightFacts): Judged {
  const { changed, phase } = facts;
  if (!changed || phase.scope.length === 0) return undefined;
  const isIn = scopeOf(facts);
  const outside = changed.changes
    .filter((change) => change.kind !== 'deleted')
    .flatMap((change) => touched(change))
    .filter((one) => !isIn(one.path) && guardedAs(one, facts) === undefined);
  if (outside.length === 0) return undefined;
  return {
    rule: 'scope',
    what: `${phase.branch} changes ${countOf(outside.length, 'file', 'files')} outside of ${scopeWords(facts)}`,
    where: placeOf(facts),
    ...listed(outside.map(({ path, isGone }) => (isGone ? `${path} (moved away)` : path))),
    why: 'the work needed more than the phase was given, or a program rewrote files of others',
    next: remedies(
      facts,
      outside.map(({ path }) => path),
      'scope',
    ),
    isWaivable: true,
    side: 'worker',
  };
}

function scopeWords({ phase }: PreflightFacts): string {
  return `the scope ${phase.scope.map((rule) => rule.glob).join(', ')}`;
}

/** What brings the files back to what they were, or lets them pass. */
function remedies(facts: PreflightFacts, files: readonly string[], rule: string): string[] {
  const add = `coord merge add ${cleanWord(facts.phase.id)}`;
  return [
    restore(facts, files),
    'git commit -m "Leave files of others as they were"',
    add,
    `# or, where they belong to the work, the coordinator: ${add} --waive ${rule}`,
  ];
}
