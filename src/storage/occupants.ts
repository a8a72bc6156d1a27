/**
 * Who stands in a worktree: a session that is bound to it and lives, or any process whose working directory lies in it
 * (Linux tells; elsewhere only this process is known). A worktree that somebody stands in is not taken away: the hooks
 * of a session whose folder is gone cannot tell any more who it is.
 */
import { readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno, listNames } from './light/files.ts';
import { isMissing } from './light/place.ts';
import { livenessOf } from './light/process.ts';
import { listSessions } from './light/roster.ts';

export interface Occupant {
  readonly by: 'session' | 'process' | 'caller';
  readonly who: string;
}

/** A session whose process nobody can see counts as there so long after its last sign of life. */
const UNSEEN_MS = 15 * 60_000;
const PROC = '/proc';

export function occupantOf(home: string, place: string, root: string, nowMs: number): Occupant | undefined {
  if (isInside(ownFolder(), root)) return { by: 'caller', who: String(process.pid) };
  const session = listSessions(home).find((one) => {
    if (one.place !== place) return false;
    const liveness = one.process ? livenessOf(one.process) : 'unknown';
    return liveness === 'alive' || (liveness === 'unknown' && nowMs - one.heardAtMs < UNSEEN_MS);
  });
  if (session) return { by: 'session', who: session.session };
  const pid = process.platform === 'linux' ? processIn(root) : undefined;
  return pid === undefined ? undefined : { by: 'process', who: pid };
}

function ownFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    // It is gone.
    if (isMissing(error)) return '';
    throw error;
  }
}

function processIn(root: string): string | undefined {
  return listNames(PROC).find((name) => /^\d+$/.test(name) && isInside(cwdOf(name), root));
}

function cwdOf(pid: string): string {
  try {
    return readlinkSync(join(PROC, pid, 'cwd'));
  } catch (error) {
    // It ended meanwhile, is a thread of the kernel, or belongs to somebody else.
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return '';
    throw error;
  }
}

/** `root` is resolved already. */
function isInside(folder: string, root: string): boolean {
  if (folder === root || folder.startsWith(`${root}/`)) return true;
  if (process.platform === 'linux' || folder === '') return false;
  try {
    const real = realpathSync.native(folder);
    return real === root || real.startsWith(`${root}/`) || real.startsWith(`${root}\\`);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
