/**
 * Where coord keeps what, as relative paths with forward slashes.
 *
 * Glossary. *home*: the primary worktree of the repository; all shared state lives there.
 * *runtime folder*: a folder that only coord itself writes; it is never committed.
 * *coordinator's document*: a file that the coordinator alone writes (STATE.md, AGENTS.md).
 */

export const STATE_FILE = '.planning/STATE.md';
export const PHASES_FOLDER = '.planning/phases';
export const STATUS_NAME = 'STATUS.md';
export const DECISIONS_FILE = 'DECISIONS.md';
/** Old decisions, by year. */
export const DECISIONS_FOLDER = 'docs/decisions';
export const AGENTS_FILE = 'AGENTS.md';
export const COORDINATION = '.coordination';
export const TEAM_SETTINGS_FILE = '.claude/coord.md';
export const LOCAL_SETTINGS_FILE = '.claude/coord.local.md';
export const WORKTREES_FOLDER = '.claude/worktrees';

/** The states of development cycles, with their journals. */
export const CYCLES_FOLDER = '.workflow/.cycle';
export const TASKERS_FOLDER = '.taskers';

/** Folders that nobody writes except through coord (guard rule 1). */
export const RUNTIME_FOLDERS: readonly string[] = [COORDINATION, CYCLES_FOLDER, TASKERS_FOLDER];

/** What coord works out about the tasks of a worktree, and the artifacts of its development cycle. */
export const PROGRESS_FOLDER = '.progress';

/** A folder of coord's own among the artifacts of a cycle. */
export const ARTIFACT_COORDINATION = 'coordination';
/** The artifacts of earlier cycles, a folder to each. */
export const ARTIFACT_ARCHIVE = 'cycles';
/** Folders in it that hold cycles' artifacts: one to each role, and coord's own, with those of earlier cycles. */
export const ARTIFACT_FOLDERS = ['ra', 'ep', 'cd', 'vas', ARTIFACT_COORDINATION, ARTIFACT_ARCHIVE] as const;
/** In the folder of a role: the versions that were taken in. */
export const ARTIFACT_HISTORY = 'history';

/** What `coord init` adds to .gitignore. */
export const IGNORED_BY_GIT: readonly string[] = [
  ...[COORDINATION, PROGRESS_FOLDER, CYCLES_FOLDER, TASKERS_FOLDER, WORKTREES_FOLDER].map((it) => `${it}/`),
  LOCAL_SETTINGS_FILE,
];

/** Whether a path, given relative to its worktree's root, lies in the folder of what coord works out there. */
export function isInProgress(path: string): boolean {
  return path.startsWith(`${PROGRESS_FOLDER}/`);
}

/** `.planning/phases/01-api/STATUS.md` for the phase folder `01-api`. */
export function statusFileOf(phaseFolder: string): string {
  return `${PHASES_FOLDER}/${phaseFolder}/${STATUS_NAME}`;
}

export type DocumentKind =
  | { kind: 'state' }
  | { kind: 'agents' }
  | { kind: 'decisions' }
  | { kind: 'status'; phaseFolder: string }
  | { kind: 'runtime'; folder: string };

const DECISIONS_ARCHIVE = /^docs\/decisions\/\d{4}\.md$/;

/**
 * Which guarded document a path is, given relative to its worktree's root.
 * `caseBlind` is true on file systems where `state.md` and `STATE.md` are one file.
 */
export function documentAt(relativePath: string, caseBlind: boolean): DocumentKind | undefined {
  const path = caseBlind ? relativePath.toLowerCase() : relativePath;
  const same = (name: string) => path === (caseBlind ? name.toLowerCase() : name);
  for (const folder of RUNTIME_FOLDERS) {
    if (same(folder) || path.startsWith(`${folder}/`)) return { kind: 'runtime', folder };
  }
  if (same(STATE_FILE)) return { kind: 'state' };
  if (same(AGENTS_FILE)) return { kind: 'agents' };
  if (same(DECISIONS_FILE) || DECISIONS_ARCHIVE.test(path)) return { kind: 'decisions' };
  const parts = path.split('/');
  const isStatus =
    parts.length === 4 &&
    parts[0] === '.planning' &&
    parts[1] === 'phases' &&
    parts[3] === (caseBlind ? STATUS_NAME.toLowerCase() : STATUS_NAME);
  return isStatus && parts[2] ? { kind: 'status', phaseFolder: parts[2] } : undefined;
}

/** Whether a guarded document could lie at or below a folder: for writes that take a whole tree. */
export function mayHoldDocuments(relativeFolder: string, caseBlind: boolean): boolean {
  if (relativeFolder === '' || phaseFolderAt(relativeFolder, caseBlind) !== undefined) return true;
  const folder = caseBlind ? relativeFolder.toLowerCase() : relativeFolder;
  // The folder itself alone: above it lies most of what a project has to say, and the ledger has all that is in it.
  if (folder === DECISIONS_FOLDER) return true;
  const guarded = [STATE_FILE, AGENTS_FILE, DECISIONS_FILE, PHASES_FOLDER, ...RUNTIME_FOLDERS];
  return guarded
    .map((path) => (caseBlind ? path.toLowerCase() : path))
    .some((path) => path === folder || path.startsWith(`${folder}/`));
}

/** `01-api` for `.planning/phases/01-api`: the folder of a phase, whose STATUS.md lies in it. */
export function phaseFolderAt(relativeFolder: string, caseBlind: boolean): string | undefined {
  const document = documentAt(`${relativeFolder}/${STATUS_NAME}`, caseBlind);
  return document?.kind === 'status' ? document.phaseFolder : undefined;
}

export interface ArtifactPath {
  readonly folder: (typeof ARTIFACT_FOLDERS)[number];
  /** What nobody but coord writes: accepted versions, and all that is its own. */
  readonly isKept: boolean;
  /** The folder itself, with all that lies in it. */
  readonly isWhole: boolean;
}

/** Which artifact of a cycle a path is, or lies at, given relative to its worktree's root. */
export function artifactAt(relativePath: string, caseBlind: boolean): ArtifactPath | undefined {
  // Most paths end here: this is asked at every write.
  if (relativePath.charCodeAt(0) !== 0x2e) return undefined;
  const [top, name, inside] = (caseBlind ? relativePath.toLowerCase() : relativePath).split('/');
  const folder = top === PROGRESS_FOLDER ? ARTIFACT_FOLDERS.find((one) => one === name) : undefined;
  if (folder === undefined) return undefined;
  const isKept =
    folder === ARTIFACT_COORDINATION || folder === ARTIFACT_ARCHIVE || inside === ARTIFACT_HISTORY;
  return { folder, isKept, isWhole: inside === undefined };
}

/** Whether artifacts could lie below a folder; the worktree's own root has documents besides, and is asked elsewhere. */
export function mayHoldArtifacts(relativeFolder: string, caseBlind: boolean): boolean {
  return (caseBlind ? relativeFolder.toLowerCase() : relativeFolder) === PROGRESS_FOLDER;
}
