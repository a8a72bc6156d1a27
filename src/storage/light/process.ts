/**
 * Whether the process that wrote something is still there.
 *
 * A pid alone proves nothing: it is used again. So a mark carries when the process started, as
 * `<boot>.<pid namespace>.<clock ticks since boot>`, all three read from /proc; elsewhere it is null.
 *
 * States of a mark, as seen by a reader:
 *   alive    the pid answers and its start is the same (never robbed, however silent)
 *   dead     no such pid; or a zombie; or the pid belongs to a later process; or another boot: the machine
 *            was started since (another machine over a network folder would look so too: not supported)
 *   unknown  all else: no start known and the pid answers; a mark from another pid namespace (a container
 *            over the same folder: its live processes have no pid here, and ESRCH would call each of them
 *            dead); a mark from another kind of system; nonsense. Whoever asks must then wait for time to
 *            pass.
 *
 * Nothing is ever signalled: only signal 0, and never a pid below 1, which would mean a process group or
 * everybody. A process that dies between two reads is dead either way. Nothing is written, and
 * sweepTemporaries only removes what no process can need any more, so a kill leaves nothing half done.
 */
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isCoordsTemporary, TEMPORARY_PREFIX } from '../../domain/temporary-name.ts';
import { isErrno, removeIfThere } from './files.ts';

export interface ProcessMark {
  pid: number;
  started: string | null;
}

export type Liveness = 'alive' | 'dead' | 'unknown';

const PID_MAX = 0x7fffffff;
const TEMPORARY_STALE_MS = 60_000;
const WRITING_MAX_MS = 24 * 3_600_000;
const ANCESTORS_MAX = 64;

/** The mark of a process that is alive now; its start is null where /proc does not tell. */
export function markOf(pid: number): ProcessMark {
  const place = placeHere();
  const life = place === null || !isPid(pid) ? undefined : lifeOf(pid);
  return { pid, started: life === undefined ? null : `${place}.${life.ticks}` };
}

/** The processes around this one, its parent first; none where /proc does not tell. */
export function ancestorsOf(pid: number): ProcessMark[] {
  const found: ProcessMark[] = [];
  let at = lifeOf(pid)?.parent ?? 0;
  while (isPid(at) && found.length < ANCESTORS_MAX) {
    found.push(markOf(at));
    at = lifeOf(at)?.parent ?? 0;
  }
  return found;
}

export function livenessOf(mark: ProcessMark): Liveness {
  if (!isPid(mark.pid)) return 'unknown';
  if (mark.started !== null) {
    const verdict = placeVerdict(mark.started);
    if (verdict !== 'here') return verdict;
  }
  if (!answers(mark.pid)) return 'dead';
  const life = placeHere() === null ? undefined : lifeOf(mark.pid);
  // It answered and has no entry: it died in between, or /proc hides other users' processes (hidepid).
  if (life === undefined) return answers(mark.pid) ? 'unknown' : 'dead';
  if (life.isZombie) return 'dead';
  if (mark.started === null) return 'unknown';
  return mark.started === `${placeHere()}.${life.ticks}` ? 'alive' : 'dead';
}

/**
 * The temporaries that killed writers left among these names of a folder, in which others may have files whose names
 * begin alike. Two things must hold: the process is dead, and the file is a minute away from now in either direction; for
 * a writer in another container looks dead here while it is just about to link. No writer takes a day: after that another
 * process has its pid.
 */
export function leftTemporaries(folder: string, names: readonly string[], now: number): string[] {
  return names.filter((name) => {
    if (!isCoordsTemporary(name)) return false;
    const pid = Number.parseInt(name.slice(TEMPORARY_PREFIX.length), 10);
    const touchedAt = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs;
    if (touchedAt === undefined) return false;
    const leastMs = livenessOf({ pid, started: null }) === 'dead' ? TEMPORARY_STALE_MS : WRITING_MAX_MS;
    return Math.abs(now - touchedAt) > leastMs;
  });
}

export function sweepTemporaries(folder: string, names: readonly string[], now: number): void {
  for (const name of leftTemporaries(folder, names, now)) removeIfThere(join(folder, name));
}

// --- internal ---

interface Life {
  ticks: string;
  isZombie: boolean;
  readonly parent: number;
}

let placeRead: string | null | undefined;

/** Boot and pid namespace of this process; they cannot change while it lives, so they are read once. */
function placeHere(): string | null {
  placeRead ??= readPlace();
  return placeRead;
}

function readPlace(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
    return namespace === undefined ? null : `${boot}.${namespace}`;
  } catch (error) {
    // macOS, Windows, or a sandbox that hides /proc.
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return null;
    throw error;
  }
}

/** Another boot: everything of the old one is dead. Another namespace: its pids mean nothing here. */
function placeVerdict(started: string): 'here' | 'dead' | 'unknown' {
  const [boot, namespace, ticks] = started.split('.');
  const here = placeHere()?.split('.');
  if (here === undefined || ticks === undefined || !/^\d+$/.test(ticks)) return 'unknown';
  if (boot !== here[0]) return 'dead';
  return namespace === here[1] ? 'here' : 'unknown';
}

/** Fields 22, 3 and 4 of stat, counted after the last ')': a command's name may hold spaces and ')' too. */
function lifeOf(pid: number): Life | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // ESRCH: it died between the open and the read.
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields[19];
  if (ticks === undefined) return undefined;
  return { ticks, isZombie: fields[0] === 'Z' || fields[0] === 'X', parent: Number(fields[1]) };
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (isErrno(error, 'ESRCH')) return false;
    if (isErrno(error, 'EPERM')) return true;
    throw error;
  }
}

function isPid(pid: number): boolean {
  return Number.isInteger(pid) && pid >= 1 && pid <= PID_MAX;
}
