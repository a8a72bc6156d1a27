/**
 * Puts the block that tells any agent the protocol into CLAUDE.md and AGENTS.md of the primary worktree, or takes it
 * out again (domain/managed-block.ts says how the rest stays as it is).
 *
 * Which files, when none is named: those that are there, and CLAUDE.md where neither is, since the sessions that coord
 * is made for read that one. Not a CLAUDE.md that imports AGENTS.md (`@AGENTS.md`): its readers would read it twice.
 *
 * Order, under one mutex: all files are read and judged, and only then is the first written, each whole and durable.
 * A kill between two leaves one of them without; the same command completes it. A link is followed to its file inside
 * of the worktree, and two names of one file are one.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addBlock, type BlockFlaw, findBlock, removeBlock } from '../domain/managed-block.ts';
import { done, type InstructionsProblem, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import { AGENTS_FILE, documentAt } from '../domain/project-paths.ts';
import { nowMs } from '../storage/clock.ts';
import { type Caller, findProject } from '../storage/light/caller.ts';
import { removeIfThere, syncFolder, writeAtomic } from '../storage/light/files.ts';
import { noteChanges } from '../storage/light/journal.ts';
import { groundOf } from '../storage/light/location.ts';
import { withMutex } from '../storage/light/mutex.ts';
import type { HomedPlace } from '../storage/light/place.ts';
import { resolvePath } from '../storage/light/resolution.ts';
import { coordinationPath } from '../storage/light/roster.ts';

const CLAUDE_FILE = 'CLAUDE.md';
export const INSTRUCTION_FILES: readonly string[] = [CLAUDE_FILE, AGENTS_FILE];
const BYTES_MAX = 1_048_576;

export interface InstructionChange {
  readonly file: string;
  readonly change: 'made' | 'added' | 'updated' | 'same' | 'removed' | 'deleted' | 'none';
}

export interface InstructionState {
  readonly file: string;
  /** `old`: another text than this coord's. */
  readonly state: 'missing' | 'none' | 'current' | 'old' | 'broken';
}

/** A file that may hold the block. `text` is undefined while it is not there. */
interface Source {
  /** From the root, by its real name. */
  readonly file: string;
  readonly path: string;
  readonly text: string | undefined;
  readonly mode: number | undefined;
}

/** What the block says in a file: each of the two has its readers. */
export type Content = (file: string) => string;

export function addInstructions(
  caller: Caller,
  content: Content,
  files: readonly string[] = [],
): Outcome<InstructionChange[]> {
  const choose = files.length > 0 ? all : usual;
  return changeFiles(caller, files, choose, (text, file) => addBlock(text, content(file)));
}

/** Brings blocks that are there up to date; adds none. */
export function refreshInstructions(caller: Caller, content: Content): Outcome<InstructionChange[]> {
  const withBlock: Choose = (sources) =>
    sources.filter(({ text }) => text !== undefined && findBlock(text).kind === 'block');
  return changeFiles(caller, [], withBlock, (text, file) => addBlock(text, content(file)));
}

export function removeInstructions(
  caller: Caller,
  files: readonly string[] = [],
): Outcome<InstructionChange[]> {
  return changeFiles(caller, files, all, (text) => (text === undefined ? { text } : removeBlock(text)));
}

/** Where the block stands now. */
export function readInstructions(home: string, content: Content): Outcome<InstructionState[]> {
  const sources = readSources(home, INSTRUCTION_FILES);
  if (!sources.done) return sources;
  return done(sources.value.map(({ file, text }) => ({ file, state: stateOf(text, content(file)) })));
}

function stateOf(text: string | undefined, content: string): InstructionState['state'] {
  if (text === undefined) return 'missing';
  const found = findBlock(text);
  if (found.kind === 'flaw') return found.flaw === 'open-fence' ? 'none' : 'broken';
  if (found.kind === 'none') return 'none';
  const added = addBlock(text, content);
  return 'text' in added && added.text === text ? 'current' : 'old';
}

function all(sources: readonly Source[]): readonly Source[] {
  return sources;
}

function usual(sources: readonly Source[]): readonly Source[] {
  const there = sources.filter((source) => source.text !== undefined);
  if (there.length === 0) return sources.slice(0, 1);
  const importsOther = ({ file, text = '' }: Source) =>
    file === CLAUDE_FILE && /^@(?:\.\/)?AGENTS\.md\s*$/m.test(text) && findBlock(text).kind === 'none';
  return there.length > 1 ? there.filter((source) => !importsOther(source)) : there;
}

/** Why the block could not be added to the usual files; undefined when it can. Writes nothing. */
export function judgeInstructions(home: string, content: Content): Problem | undefined {
  const steps = planSteps(home, [], usual, (text, file) => addBlock(text, content(file)));
  return steps.done ? undefined : steps.problem;
}

type Choose = (sources: readonly Source[]) => readonly Source[];
type Edit = (text: string | undefined, file: string) => { text: string | undefined } | BlockFlaw;

interface Step {
  readonly source: Source;
  readonly text: string | undefined;
}

function changeFiles(
  caller: Caller,
  files: readonly string[],
  choose: Choose,
  edit: Edit,
): Outcome<InstructionChange[]> {
  const { home } = caller;
  const outcome = withMutex(coordinationPath(home, 'leases'), 'document-instructions', () => {
    const steps = planSteps(home, files, choose, edit);
    return steps.done ? done(steps.value.map((step) => apply(caller, step))) : steps;
  });
  if (!outcome.done) return refuse({ code: 'mutex-timeout', name: INSTRUCTION_FILES.join(', ') });
  return outcome.value;
}

function planSteps(home: string, files: readonly string[], choose: Choose, edit: Edit): Outcome<Step[]> {
  const sources = readSources(home, files.length > 0 ? files : INSTRUCTION_FILES);
  if (!sources.done) return sources;
  const steps: Step[] = [];
  for (const source of choose(sources.value)) {
    const edited = edit(source.text, source.file);
    if (!('text' in edited))
      return refuse({ code: 'instructions-broken', file: source.file, line: edited.line, flaw: edited.flaw });
    steps.push({ source, text: edited.text });
  }
  return done(steps);
}

function apply(caller: Caller, { source, text }: Step): InstructionChange {
  const { file, path, mode } = source;
  const hadBlock = source.text !== undefined && findBlock(source.text).kind === 'block';
  if (text === source.text) return { file, change: hadBlock ? 'same' : 'none' };
  // Otherwise the Stop hook would ask who wrote it.
  noteChanges(caller.home, null, { atMs: nowMs(), session: caller.session ?? 'terminal', paths: [path] });
  if (text === undefined) {
    removeIfThere(path);
    syncFolder(dirname(path));
    return { file, change: 'deleted' };
  }
  writeAtomic(path, text, { durable: true, ...(mode === undefined ? {} : { mode }) });
  if (source.text === undefined) return { file, change: 'made' };
  const hasBlock = findBlock(text).kind === 'block';
  return { file, change: hasBlock ? (hadBlock ? 'updated' : 'added') : 'removed' };
}

function readSources(home: string, names: readonly string[]): Outcome<Source[]> {
  const project = findProject(home);
  if (!project.done) return project;
  const sources = new Map<string, Source>();
  for (const name of names) {
    const source = readSource(project.value, name);
    if ('code' in source) return refuse(source);
    sources.set(source.path, source);
  }
  return done([...sources.values()]);
}

function readSource(project: HomedPlace, name: string): Source | InstructionsProblem {
  const path = resolvePath(join(project.home, name), project.home);
  if (path === undefined) return { code: 'instructions-link', file: name, target: 'a loop of links' };
  const ground = groundOf(path, project);
  const isOurs = ground.kind === 'worktree' && ground.place === null;
  const document = isOurs ? documentAt(ground.relative, true) : undefined;
  if (!isOurs || (document !== undefined && document.kind !== 'agents'))
    return { code: 'instructions-link', file: name, target: path };
  const file = ground.relative;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { file, path, text: undefined, mode: undefined };
  if (!stat.isFile() || stat.size > BYTES_MAX) return { code: 'instructions-unreadable', file };
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return { code: 'instructions-unreadable', file };
  return { file, path, text, mode: stat.mode & 0o777 };
}
