/**
 * Finds what belongs to no active phase any more, each with whether it may go. Looked at is what coord noted (the
 * queue's entries, the roster, a start or a clean-up under way) and what has a branch under coord's own name. Changes
 * nothing.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BRANCH_PREFIX, branchOf } from '../domain/identifiers.ts';
import type { Orphan, OrphanKind } from '../domain/orphan.ts';
import { done, type Outcome } from '../domain/problem.ts';
import { WORKTREES_FOLDER } from '../domain/project-paths.ts';
import { isOpen, type QueueEntry } from '../domain/queue-entry.ts';
import type { StatePhase } from '../domain/state-document.ts';
import { judgeBranch } from '../storage/branch-end.ts';
import { readState } from '../storage/document-kinds.ts';
import { git } from '../storage/git.ts';
import { listIdleSlots } from '../storage/idle-slots.ts';
import { listCleanings, type Manifest } from '../storage/light/cleaning-files.ts';
import { listNames } from '../storage/light/files.ts';
import { listLeftPlaces } from '../storage/light/left-places.ts';
import { placeAt } from '../storage/light/place.ts';
import { listEntries } from '../storage/light/queue-files.ts';
import {
  coordinationPath,
  listWorkers,
  readPlaceRecord,
  readRecord,
  readWorkerRecord,
  unreadablePlaceRecord,
} from '../storage/light/roster.ts';
import { listWorktrees } from '../storage/noted-worktree.ts';
import { readSettings } from '../storage/settings.ts';
import { targetOf } from '../storage/target-branch.ts';
import { manifestOf } from './clean-landed.ts';
import { findGuests } from './find-guests.ts';
import { judgeRemoval } from './judge-removal.ts';

/** An orphan, and what is handed to the clean-up when it is to go. */
export interface FoundOrphan {
  readonly orphan: Orphan;
  readonly manifest: Manifest | undefined;
}

interface Search {
  readonly home: string;
  readonly target: string;
  readonly phases: readonly StatePhase[];
  readonly entries: readonly QueueEntry[];
  readonly worktrees: readonly { path: string; branch: string | undefined }[];
  readonly branches: ReadonlySet<string>;
}

interface Candidate {
  readonly kind: OrphanKind;
  readonly phase: string | null;
  readonly manifest: Manifest;
}

/** Each is judged by a handful of git processes. */
const JUDGED_MAX = 100;

export function findOrphans(home: string): Outcome<FoundOrphan[]> {
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const { settings } = readSettings(home);
  const refs = git(home, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/']).stdout;
  const search: Search = {
    home,
    target: targetOf(home, settings),
    phases: loaded.value.document.phases,
    entries: listEntries(home).entries,
    worktrees: listWorktrees(home) ?? [],
    branches: new Set(refs.split('\n').filter((name) => name !== '')),
  };
  const active = search.phases.filter(({ state }) => state === 'active');
  // A phase that is done may have its worker yet, where its closing was cut short (check-closings.ts).
  const workers = listWorkers(home).filter(({ state }) => state === 'active');
  const claimed = new Set([
    ...active.map((phase) => branchAt(home, phase)),
    ...workers.map(({ branch }) => branch),
  ]);
  const candidates = [halfCleaned, landed, closed, halfStarted, left, guests, unknown]
    .flatMap((look) => look(search))
    // Found by several of them it is one, and the first knows most of it.
    .filter(({ manifest }) => !claimed.has(manifest.branch) && claimed.add(manifest.branch))
    .filter(({ kind, manifest }) => kind === 'half-cleaned' || isLeft(search, manifest));
  const judged = candidates.slice(0, JUDGED_MAX).map((candidate) => judge(search, candidate));
  const slots = listIdleSlots(home, settings.merge_parallel).map(({ name, root, keep }): FoundOrphan => {
    const orphan = { kind: 'slot' as const, id: name, phase: null, worktree: root, branch: null, keep };
    return { orphan, manifest: undefined };
  });
  return done([...judged, ...slots, ...waiting(search)]);
}

function branchAt(home: string, phase: StatePhase): string {
  return readWorkerRecord(home, phase.worker)?.branch ?? phase.branch ?? branchOf(phase.folder);
}

function isLeft({ branches, worktrees }: Search, { branch, worktree }: Manifest): boolean {
  return branches.has(branch) || worktrees.some(({ path }) => path === worktree);
}

function judge(search: Search, { kind, phase, manifest }: Candidate): FoundOrphan {
  const { home, branches } = search;
  const { id, worktree, branch } = manifest;
  const judged = kind === 'half-cleaned' ? undefined : judgeRemoval(home, manifest);
  const ofBranch =
    judged && 'noted' in judged ? judgeBranch(home, manifest, worktree ?? undefined) : undefined;
  const keep =
    judged && 'code' in judged
      ? judged
      : ofBranch && ofBranch !== 'absent' && 'code' in ofBranch
        ? ofBranch
        : undefined;
  const there =
    worktree !== null && (existsSync(worktree) || isLeft({ ...search, branches: new Set() }, manifest));
  const named = branches.has(branch) ? branch : null;
  return { orphan: { kind, id, phase, worktree: there ? worktree : null, branch: named, keep }, manifest };
}

function halfCleaned({ home, entries }: Search): Candidate[] {
  return listCleanings(home).map((cleaning) => {
    const entry = entries.find(({ id }) => id === cleaning.id);
    return { kind: 'half-cleaned', phase: entry?.phase ?? null, manifest: cleaning };
  });
}

function landed({ home, entries }: Search): Candidate[] {
  const last = new Map(
    entries.filter(({ state }) => state === 'landed').map((entry) => [entry.phase, entry]),
  );
  return [...last.values()].flatMap((entry): Candidate[] => {
    const manifest = manifestOf(home, entry);
    return 'code' in manifest ? [] : [{ kind: 'landed', phase: entry.phase, manifest }];
  });
}

/** A worktree that a person made elsewhere is the person's, with its branch. */
function isOurs(home: string, branch: string, worktree: string | undefined): boolean {
  return (
    branch.startsWith(BRANCH_PREFIX) ||
    (worktree !== undefined && dirname(worktree) === join(home, WORKTREES_FOLDER))
  );
}

/** Closed by hand, or by a landing whose entry is gone. */
function closed({ home, target, phases }: Search): Candidate[] {
  return phases
    .filter(({ state }) => state === 'done')
    .flatMap((phase): Candidate[] => {
      const record = readWorkerRecord(home, phase.worker);
      const branch = branchAt(home, phase);
      if (!isOurs(home, branch, record?.worktree) || record?.state === 'active') return [];
      const place = record?.place ?? null;
      const noted = unreadablePlaceRecord(home, place) ? undefined : readPlaceRecord(home, place);
      const isIts = noted?.worker === phase.worker && noted.worktree === record?.worktree;
      const at = isIts ? { place, worktree: noted.worktree } : nowhere;
      const rest = { worker: phase.worker, branch, target, landed: null };
      return [{ kind: 'closed', phase: phase.id, manifest: { id: `phase-${phase.folder}`, ...rest, ...at } }];
    });
}

const nowhere = { place: null, worktree: null };

/** What a start that did not come to its end noted. */
function halfStarted({ home, target, phases }: Search): Candidate[] {
  const folder = coordinationPath(home, 'roster', 'starting');
  return listNames(folder).flatMap((name): Candidate[] => {
    const noted = readRecord<{ worktree?: unknown; branch?: unknown }>(join(folder, name));
    if (typeof noted?.branch !== 'string' || typeof noted.worktree !== 'string') return [];
    const { worktree, branch } = noted;
    const phase = phases.find((known) => branchOf(known.folder) === branch);
    const place = placeAt(worktree)?.name ?? null;
    const at = place === null ? nowhere : { place, worktree };
    const id = `start-${name.replace(/\.json$/, '')}`;
    const manifest = { id, worker: null, branch, target, landed: null, ...at };
    return [{ kind: 'half-started', phase: phase?.id ?? null, manifest }];
  });
}

/** Worktrees that joined a phase, which is over or was taken over from there. */
function left({ home, target, phases }: Search): Candidate[] {
  return listLeftPlaces(home)
    .filter(({ branch, worktree }) => isOurs(home, branch, worktree))
    .map(({ place, worktree, branch, worker }) => {
      const phase = phases.find((known) => known.worker === worker)?.id ?? null;
      const manifest = { id: `left-${place}`, worker: null, branch, target, landed: null, place, worktree };
      return { kind: 'left', phase, manifest };
    });
}

function guests({ home, target, worktrees, branches }: Search): Candidate[] {
  return findGuests(home, worktrees, branches).map((found) => {
    const manifest = { ...found, worker: null, target, landed: null };
    return { kind: 'guest', phase: null, manifest };
  });
}

/** Branches under coord's name that nothing notes, with the worktree that has one checked out. */
function unknown({ target, phases, branches, worktrees }: Search): Candidate[] {
  return [...branches]
    .filter((branch) => branch.startsWith(BRANCH_PREFIX))
    .map((branch) => {
      const worktree = worktrees.find((one) => one.branch === branch)?.path;
      const place = worktree === undefined ? null : (placeAt(worktree)?.name ?? null);
      const at = worktree === undefined || place === null ? nowhere : { place, worktree };
      const phase = phases.find(({ folder }) => branchOf(folder) === branch)?.id ?? null;
      const id = `branch-${branch.slice(BRANCH_PREFIX.length)}`;
      return { kind: 'unknown', phase, manifest: { id, worker: null, branch, target, landed: null, ...at } };
    });
}

/** Entries that wait for a phase that is done or gone: only `coord merge cancel` takes them out of the queue. */
function waiting({ entries, phases }: Search): FoundOrphan[] {
  return entries
    .filter((entry) => isOpen(entry))
    .filter(({ phase }) => phases.find(({ id }) => id === phase)?.state !== 'active')
    .map(({ id, phase, branch }) => {
      const keep = { code: 'waits' as const, entry: id };
      return { orphan: { kind: 'entry', id, phase, worktree: null, branch, keep }, manifest: undefined };
    });
}
