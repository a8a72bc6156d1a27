/**
 * The guard's entry: runs before every tool that can write (PreToolUse), in every repository of a user. So it is
 * small: it finds out whether it stands in a coordinated project, and only there loads the rest (guard-inside.ts).
 *
 * Outside it says nothing, unless an edit tool aims into a project. Inside, when it fails itself it refuses: a write
 * that nobody judged is what it is there to prevent.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import { loadCached } from './code-cache.ts';
import { type Payload, printDenial, readPayload } from './protocol.ts';

interface Inside {
  judgeInside(payload: Payload, standing: HomedPlace): void;
  refuseOutsider(payload: Payload, path: string, home: string): void;
  refuseOddPayload(): void;
}

const DEPTH_MAX = 64;

export function runGuard(): void {
  const payload = readPayload();
  const standing = coordinatedPlaceOf(payload?.cwd ?? process.cwd());
  const aim = standing || !payload ? undefined : aimInside(payload);
  if (!standing && !aim) return;
  try {
    const { exports: inside, keep } = loadCached<Inside>('guard-inside');
    if (payload && standing) inside.judgeInside(payload, standing);
    else if (payload && aim) inside.refuseOutsider(payload, aim.path, aim.home);
    else inside.refuseOddPayload();
    keep();
  } catch (error) {
    printDenial(printFailure(error));
  }
}

/** The project into which an edit tool of a session outside of it aims. */
function aimInside(payload: Payload): { path: string; home: string } | undefined {
  const path = payload.toolInput['file_path'] ?? payload.toolInput['notebook_path'];
  if (typeof path !== 'string' || path === '' || path.includes('\0')) return undefined;
  let folder = dirname(path);
  for (let depth = 0; depth < DEPTH_MAX && !existsSync(folder); depth++) folder = dirname(folder);
  const place = coordinatedPlaceOf(folder);
  return place ? { path, home: place.home } : undefined;
}

/** When the guard itself fails: refuse, say so, and name the way out. */
function printFailure(error: unknown): string {
  const detail = (error instanceof Error ? error.message : String(error))
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, 300);
  return `[coord] Refused: the guard itself failed (${detail}), and in a coordinated project a write is not let through unjudged. Run \`coord doctor\`. A person can switch the guard off with \`guard: off\` in the front matter of .claude/coord.local.md.`;
}
