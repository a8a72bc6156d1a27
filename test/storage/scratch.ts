/** Scratch folders and repositories for the tests of the storage layer; they go when the run ends. */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Envelope } from '../../src/domain/message.ts';
import { type HomedPlace, hasHome, placeOf } from '../../src/storage/light/place.ts';
import { markOf, type ProcessMark } from '../../src/storage/light/process.ts';
import type { PlaceRecord, SessionRecord } from '../../src/storage/light/roster.ts';
import { gitIn, putRepository } from '../kit/project.ts';

/** A pid that no system gives out this high, with a start that this machine could have told. */
export const DEAD: ProcessMark = { pid: 0x7fffff00, started: markOf(process.pid).started };
export const ALIVE: ProcessMark = markOf(process.pid);
/** Another process that surely lives: the one that started this one. */
export const OTHER_ALIVE: ProcessMark = markOf(process.ppid);

const base = realpathSync(mkdtempSync(join(tmpdir(), 'coord-storage-')));
let made = 0;

export function scratch(): string {
  const folder = join(base, `s${made++}`);
  mkdirSync(folder);
  return folder;
}

export function put(folder: string, relative: string, text: string | Uint8Array = 'x\n'): string {
  const file = join(folder, relative);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A home that hooks take for coordinated. */
export function home(): string {
  const folder = scratch();
  mkdirSync(join(folder, '.coordination', 'roster'), { recursive: true });
  return folder;
}

/** A repository with one commit. */
export function repository(folder = join(scratch(), 'repo')): string {
  putRepository(folder);
  return folder;
}

export function unborn(folder: string, ...options: string[]): string {
  mkdirSync(folder, { recursive: true });
  gitIn(folder, 'init', '-q', '-b', 'main', ...options);
  gitIn(folder, 'config', 'user.name', 'Tester');
  gitIn(folder, 'config', 'user.email', 'tester@example.invalid');
  return folder;
}

export function coordinated(folder: string): string {
  mkdirSync(join(folder, '.coordination', 'roster'), { recursive: true });
  return folder;
}

export function linked(root: string, name: string, at = join(root, '.claude', 'worktrees', name)): string {
  gitIn(root, 'worktree', 'add', '-q', '-b', `branch-${name}`, at);
  return at;
}

export function placeAtHome(folder: string): HomedPlace {
  const place = placeOf(folder);
  if (!place || !hasHome(place)) throw new Error(`${folder} has no home`);
  return place;
}

export function placeRecord(worker: string, worktree: string): PlaceRecord {
  const id = worker.replace('worker-', '');
  return {
    worker,
    phase: { id, folder: `${id}-phase`, name: `Phase ${id}` },
    scope: [],
    branch: `branch-${id}`,
    worktree,
    joinedAt: '2026-01-01T00:00:00.000Z',
  };
}

export function sessionRecord(session: string, change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    session,
    agent: null,
    place: null,
    root: '/nowhere',
    startedAt: '2026-01-01T00:00:00.000Z',
    process: null,
    attended: true,
    transcript: null,
    ...change,
  };
}

export function envelope(id: string, change: Partial<Envelope> = {}): Envelope {
  return {
    id,
    from: 'worker-01',
    to: 'coordinator',
    timestamp: '2026-01-02T03:04:05.678Z',
    type: 'question',
    priority: 'normal',
    content: `What of ${id}?`,
    references: [],
    metadata: {},
    read: false,
    ...change,
  };
}
