/**
 * Processes that outlived the coord that started them: a git that was waiting for a hook of the repository, a
 * validation in its last two seconds. They carry a mark in their environment, and are looked for in /proc.
 */
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno, listNames } from './light/files.ts';

const PROC = '/proc';
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Undefined: this system does not tell. */
export function straysOf(name: string, value: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const mark = Buffer.from(`${name}=${value}`).toString('latin1');
  const found: number[] = [];
  for (const entry of listNames(PROC)) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    if (environmentOf(entry).includes(mark)) found.push(Number(entry));
  }
  return found;
}

/** Whether a process that lives has the file open; undefined where this system, or another user, does not tell. */
export function isOpenSomewhere(file: string): boolean | undefined {
  if (process.platform !== 'linux' || statSync(file, { throwIfNoEntry: false })?.uid !== process.getuid?.())
    return undefined;
  const real = realpathSync(file);
  for (const entry of listNames(PROC)) {
    if (!/^\d+$/.test(entry)) continue;
    const folder = join(PROC, entry, 'fd');
    for (const fd of namesIn(folder)) if (linkOf(join(folder, fd)) === real) return true;
  }
  return false;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(join(PROC, pid, 'environ'), 'latin1').split('\0');
  } catch (error) {
    // It ended meanwhile, or belongs to somebody else.
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

export function pause(ms: number): void {
  Atomics.wait(sleeper, 0, 0, ms);
}

/** At once; one that is gone already is no failure. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}
