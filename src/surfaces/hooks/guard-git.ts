/** The guard's judgement of git calls: the places and branches that they reach, beside the files that they write. */
import type { PlaceName } from '../../domain/place-name.ts';
import type { ShellGit, ShellRef } from '../../domain/shell/facts.ts';
import { linkedRoots, ownerOfPlace } from '../../storage/light/location.ts';
import { placeOf } from '../../storage/light/place.ts';
import { livenessOf } from '../../storage/light/process.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import { readPlaceRecord } from '../../storage/light/roster.ts';
import { readSeat } from '../../storage/light/seat.ts';
import type { GuardRefusal } from '../wording/refusals.ts';
import { branchOwners } from './branch-owners.ts';
import { type Found, judgePath, type ShellCase } from './shell-case.ts';

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
/** Verbs that change just the files that they name, as a tool would: the scope counts. */
const NAMES_FILES = new Set(['mv', 'rm']);
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

export function judgeGit(shell: ShellCase, calls: readonly ShellGit[], paths: string[]): Found | undefined {
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
        if (own && (NAMES_FILES.has(call.verb) || own.code !== 'out-of-scope')) return own;
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
  for (const path of [...worktreesEndingIn(shell, call.ends ?? []), ...(call.paths ?? [])]) {
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

/** Worktrees that git finds by the end of their path. */
function worktreesEndingIn(shell: ShellCase, ends: readonly string[]): string[] {
  const wanted = ends.map((end) => `/${end.replace(/\/+$/, '').toLowerCase()}`);
  if (wanted.length === 0) return [];
  const roots = [...linkedRoots(shell.project).map(({ root }) => root), shell.project.home];
  return roots.filter((root) => wanted.some((end) => root.replaceAll('\\', '/').toLowerCase().endsWith(end)));
}

/** A worktree that serves no phase any more, with nobody in it. */
function isIdle(shell: ShellCase, place: string): boolean {
  const record = readPlaceRecord(shell.project.home, place);
  const seat = readSeat(shell.project.home, place);
  const isTaken = seat?.process ? livenessOf(seat.process) !== 'dead' : seat !== undefined;
  return (record === undefined || record.isEnded === true) && !isTaken;
}

/** The coordinator puts a worker's branch on a remote, to land it; nothing changes here. */
function isPublishing(shell: ShellCase, call: ShellGit, { op }: ShellRef): boolean {
  return call.effect === 'remote' && op === 'push' && shell.actor.place === null;
}

/** Somebody else whose branch is among all branches. */
function foreignPlace(owners: ReadonlyMap<string, PlaceName>, shell: ShellCase): PlaceName | undefined {
  return [...owners.values()].find((place) => place !== shell.actor.place);
}

function judgeRefs(shell: ShellCase, call: ShellGit): GuardRefusal | undefined {
  const owners = branchOwners(shell.project);
  for (const ref of call.refs ?? []) {
    if (ref.op === 'create' || isPublishing(shell, call, ref)) continue;
    const branch = ref.name.replace(/^\+?(?:refs\/)?heads\//, '').replace(/^refs\/heads\//, '');
    const isForeignHead = /^(?:main-worktree|worktrees\/[^/]+)\//.test(branch);
    const isEvery = /^\+?refs\/(?:heads\/)?\*$/.test(ref.name);
    const place = isEvery ? foreignPlace(owners, shell) : owners.get(branch);
    if (!isForeignHead && (place === undefined || place === shell.actor.place)) continue;
    const owner = place === undefined ? 'another worktree' : ownerOfPlace(shell.project.home, place);
    return { code: 'git-ref-of-other', how: call.how, ref: ref.name, owner };
  }
  return undefined;
}
