/**
 * Lets go of what clean-ups kept for a while: the commits that branches had before they landed (`refs/coord/landed/`),
 * and what was put aside of worktrees (`queue/kept/`).
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../storage/light/files.ts';
import { listEntries, queuePath } from '../storage/light/queue-files.ts';
import { modifiedAt } from '../storage/light/roster.ts';
import { quietGit } from '../storage/plumbing.ts';

const KEPT_MS = 90 * 24 * 3_600_000;

/** After so long nobody asks for the commits of before the landing, nor for what lay in a worktree. */
export function expireKept(home: string, now: number): void {
  const landedAt = new Map(listEntries(home).entries.map(({ id, landed }) => [id, landed?.at]));
  const format = '--format=%(refname) %(committerdate:unix)';
  for (const line of quietGit(home, ['for-each-ref', format, 'refs/coord/landed/']).stdout.split('\n')) {
    const [ref = '', seconds] = line.split(' ');
    const known = landedAt.get(ref.slice('refs/coord/landed/'.length));
    // Of an entry that is gone only the commit tells how long ago it was; it landed later than that.
    const atMs = known === undefined ? Number(seconds) * 1_000 + KEPT_MS : Date.parse(known);
    if (ref !== '' && now - atMs > KEPT_MS) quietGit(home, ['update-ref', '-d', ref]);
  }
  const folder = queuePath(home, 'kept');
  for (const name of listNames(folder)) {
    const path = join(folder, name);
    if (now - (modifiedAt(path) ?? now) > KEPT_MS)
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }
}
