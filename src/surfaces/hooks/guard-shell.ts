/**
 * The guard's judgement of shell commands, in a bundle of its own because of the parser. The reader (domain/shell)
 * says what a command writes; each write is judged by the rules that hold for every tool.
 */
import { parse } from 'unbash';
import { type Actor, judgeWrite } from '../../domain/ground.ts';
import type { Settings } from '../../domain/settings.ts';
import type { ShellCoord, ShellGit, ShellReading, ShellWrite } from '../../domain/shell/facts.ts';
import { readShell } from '../../domain/shell/reading.ts';
import { expandGlob } from '../../storage/light/expansion.ts';
import { ownerOfPlace, targetOf } from '../../storage/light/location.ts';
import { type HomedPlace, placeOf } from '../../storage/light/place.ts';
import { livenessOf } from '../../storage/light/process.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import { readPlaceRecord } from '../../storage/light/roster.ts';
import { readSeat } from '../../storage/light/seat.ts';
import type { GuardRefusal } from '../wording/refusals.ts';
import { branchOwners } from './branch-owners.ts';

export interface ShellCase {
  readonly command: string;
  readonly cwd: string;
  readonly actor: Actor;
  readonly project: HomedPlace;
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ShellVerdict {
  readonly refusal: GuardRefusal | undefined;
  readonly how: string | undefined;
  /** Resolved paths that the command is known to write. */
  readonly paths: readonly string[];
  /** Why some of its writes cannot be known; undefined when all are. */
  readonly unknown: string | undefined;
  /** True when it writes more than the paths that it names: a whole tree, or what git brings. */
  readonly isWide: boolean;
}

type Found = { refusal: GuardRefusal; how: string };

/** Variables whose value a shell of the client has from its environment. */
const INHERITED = ['HOME', 'TMPDIR', 'USER'] as const;
const PATHS_NOTED_MAX = 64;

export function judgeShell(shell: ShellCase): ShellVerdict {
  const known: Record<string, string> = { PWD: shell.cwd };
  for (const name of INHERITED) {
    const value = shell.env[name];
    if (value !== undefined) known[name] = value;
  }
  const reading = readShell(shell.command, { cwd: shell.cwd, home: shell.env['HOME'], env: known, parse });
  const paths: string[] = [];
  const found =
    judgeCoordCalls(shell, reading.coord) ??
    judgeWrites(shell, reading.writes, paths) ??
    judgeLinks(shell, reading) ??
    judgeGit(shell, reading.git, paths) ??
    judgeUnknown(shell, reading);
  const [first] = reading.unknown;
  const unknown = first ? `${first.why}: ${first.detail}` : undefined;
  const isWide =
    reading.writes.some((write) => write.tree === true || !write.certain) ||
    reading.git.some((call) => call.effect === 'worktree');
  return {
    refusal: found?.refusal,
    how: found?.how,
    paths: paths.slice(0, PATHS_NOTED_MAX),
    unknown,
    isWide,
  };
}

/** A call of coord must come from where the caller stands: coord knows people by their place. */
function judgeCoordCalls(shell: ShellCase, calls: readonly ShellCoord[]): Found | undefined {
  for (const call of calls) {
    const variable = Object.keys(call.env).find((name) =>
      /^(CLAUDE_CODE_SESSION_ID|NODE_OPTIONS)$/.test(name),
    );
    if (variable !== undefined) {
      return { refusal: { code: 'coord-disguised', how: call.how, variable }, how: call.how };
    }
    const cwd = resolvePath(call.cwd, shell.cwd);
    const place = cwd === undefined ? undefined : placeOf(cwd);
    if (!place || place.commonDir !== shell.project.commonDir || place.name === shell.actor.place) continue;
    const refusal = {
      code: 'coord-elsewhere' as const,
      how: call.how,
      root: place.root,
      yours: shell.actor.root,
    };
    return { refusal, how: call.how };
  }
  return undefined;
}

function judgePath(shell: ShellCase, path: string, tree: boolean): GuardRefusal | undefined {
  const target = targetOf(path, shell.cwd, shell.project, tree);
  return target ? judgeWrite(shell.actor, target) : { code: 'path-unusable', path };
}

function judgeWrites(shell: ShellCase, writes: readonly ShellWrite[], paths: string[]): Found | undefined {
  for (const write of writes) {
    const expanded = write.glob ? expandGlob(write.path) : [write.path];
    // More matches than anybody names one by one: the folder they lie in stands for them.
    const candidates =
      expanded === 'too-many' ? [write.path.replace(/\/?[^/]*[*?[].*$/, '') || '/'] : expanded;
    for (const path of candidates) {
      const refusal = judgePath(shell, path, write.certain && write.tree === true);
      if (refusal && (write.certain || refusal.code !== 'out-of-scope')) return { refusal, how: write.how };
      paths.push(path);
    }
  }
  return undefined;
}

/** A hard link gives a file another name, under which it would be written later. */
function judgeLinks(shell: ShellCase, reading: ShellReading): Found | undefined {
  for (const link of reading.links) {
    const inner = judgePath(shell, link.source, false);
    if (!inner || inner.code === 'out-of-scope') continue;
    return { refusal: { code: 'alias-of-other', how: link.how, source: link.source, inner }, how: link.how };
  }
  return undefined;
}

/** Verbs whose path arguments are no writes of those files. */
const PATHS_NOT_WRITTEN = new Set([
  'add',
  'commit',
  'stash',
  'push',
  'fetch',
  'submodule',
  'sparse-checkout',
  'clean',
]);
/** What all worktrees share and only the primary one's owner changes. */
const SHARED_HARMLESS = new Set([
  'gc',
  'maintenance',
  'repack',
  'pack-refs',
  'notes',
  'clone',
  'init',
  'lfs',
]);

function judgeGit(shell: ShellCase, calls: readonly ShellGit[], paths: string[]): Found | undefined {
  for (const call of calls) {
    const refusal = judgeGitCall(shell, call, paths);
    if (refusal) return { refusal, how: call.how };
  }
  return undefined;
}

function judgeGitCall(shell: ShellCase, call: ShellGit, paths: string[]): GuardRefusal | undefined {
  switch (call.effect) {
    case 'worktree': {
      const refusal = judgePath(shell, call.dir, false);
      if (refusal && refusal.code !== 'out-of-scope') return refusal;
      if (PATHS_NOT_WRITTEN.has(call.verb)) return undefined;
      for (const path of call.paths ?? []) {
        const own = judgePath(shell, path, false);
        if (own && own.code !== 'out-of-scope') return own;
        paths.push(path);
      }
      return undefined;
    }
    case 'other-worktree':
      return judgeWorktreeVerb(shell, call);
    case 'shared':
      if (shell.actor.place === null || SHARED_HARMLESS.has(call.verb)) return undefined;
      return isInProject(shell, call.dir)
        ? { code: 'git-shared', how: call.how, verb: call.verb }
        : undefined;
    case 'ref':
    case 'remote':
      return isInProject(shell, call.dir) ? judgeRefs(shell, call) : undefined;
  }
}

function isInProject(shell: ShellCase, dir: string): boolean {
  const resolved = resolvePath(dir, shell.cwd);
  return resolved !== undefined && placeOf(resolved)?.commonDir === shell.project.commonDir;
}

/** `git worktree remove|move|lock …`: a worktree that somebody works in is left alone; the coordinator tidies the rest. */
function judgeWorktreeVerb(shell: ShellCase, call: ShellGit): GuardRefusal | undefined {
  for (const path of call.paths ?? []) {
    const resolved = resolvePath(path, shell.cwd);
    const place = resolved === undefined ? undefined : placeOf(resolved);
    const isOther = place && place.commonDir === shell.project.commonDir && place.name !== shell.actor.place;
    if (!isOther || place.root !== resolved) {
      const refusal = judgePath(shell, path, false);
      if (refusal && refusal.code !== 'out-of-scope') return refusal;
      continue;
    }
    if (shell.actor.place === null && place.name !== null && isIdle(shell, place.name)) continue;
    const owner = ownerOfPlace(shell.project.home, place.name);
    return { code: 'git-other-worktree', how: call.how, path: resolved ?? path, owner };
  }
  return undefined;
}

/** A worktree that serves no phase any more, with nobody in it. */
function isIdle(shell: ShellCase, place: string): boolean {
  const record = readPlaceRecord(shell.project.home, place);
  const seat = readSeat(shell.project.home, place);
  const isTaken = seat?.process ? livenessOf(seat.process) !== 'dead' : seat !== undefined;
  return (record === undefined || record.isEnded === true) && !isTaken;
}

function judgeRefs(shell: ShellCase, call: ShellGit): GuardRefusal | undefined {
  const owners = branchOwners(shell.project);
  for (const ref of call.refs ?? []) {
    if (ref.op === 'create') continue;
    const branch = ref.name.replace(/^\+?(?:refs\/)?heads\//, '').replace(/^refs\/heads\//, '');
    const isForeignHead = /^(?:main-worktree|worktrees\/[^/]+)\//.test(branch);
    const place = owners.get(branch);
    if (!isForeignHead && (place === undefined || place === shell.actor.place)) continue;
    const owner = place === undefined ? 'another worktree' : ownerOfPlace(shell.project.home, place);
    return { code: 'git-ref-of-other', how: call.how, ref: ref.name, owner };
  }
  return undefined;
}

/** What may write anywhere is refused by the setting, and to whoever may write nowhere just now. */
function judgeUnknown(shell: ShellCase, reading: ShellReading): Found | undefined {
  const [unknown] = reading.unknown;
  if (!unknown) return undefined;
  const own = judgePath(shell, shell.actor.root, false);
  if (own && own.code !== 'out-of-scope') return { refusal: own, how: unknown.detail };
  if (shell.settings.unknown_commands === 'allow') return undefined;
  const refusal = { code: 'unknown-command' as const, why: unknown.why, detail: unknown.detail };
  return { refusal, how: unknown.detail };
}
