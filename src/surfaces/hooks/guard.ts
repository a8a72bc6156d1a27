/**
 * The guard's entry: runs before every tool (PreToolUse), in every repository of a user. So it is small: it finds out
 * whether it stands in a coordinated project, and only there loads the rest (guard-inside.ts). A tool that cannot write
 * concerns it only when an agent of a development cycle calls it.
 *
 * Outside it says nothing, unless an edit tool aims into a project. Inside, when it fails itself it refuses: a write
 * that nobody judged is what it is there to prevent.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { roleOfAgent } from '../../domain/cycle/cycle.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import { type LoadCached, loadCached } from './code-cache.ts';
import { isJudged } from './judged-tools.ts';
import { folderOf, type Payload, printDenial, readInput } from './protocol.ts';

interface Inside {
  judgeInside(raw: Payload['raw'], standing: HomedPlace, load: LoadCached): void;
  refuseOutsider(raw: Payload['raw'], path: string, home: string): void;
  refuseOddPayload(): void;
}

const DEPTH_MAX = 64;

export function runGuard(): void {
  const raw = readInput();
  const isWriting = isJudged(raw?.['tool_name']);
  if (!isWriting && roleOfAgent(raw?.['agent_type']) === undefined) return;
  const standing = coordinatedPlaceOf(raw ? existingFolder(folderOf(raw)) : process.cwd());
  const aim = standing || !raw || !isWriting ? undefined : aimInside(raw);
  if (!standing && !aim) return;
  try {
    const { exports: inside, keep } = loadCached<Inside>('guard-inside');
    if (raw && standing) inside.judgeInside(raw, standing, loadCached);
    else if (raw && aim) inside.refuseOutsider(raw, aim.path, aim.home);
    else inside.refuseOddPayload();
    keep();
  } catch (error) {
    printDenial(printFailure(error));
  }
}

/** The project into which an edit tool of a session outside of it aims. */
function aimInside(raw: Payload['raw']): { path: string; home: string } | undefined {
  const input = raw['tool_input'] as { file_path?: unknown; notebook_path?: unknown } | null | undefined;
  const path = input?.file_path ?? input?.notebook_path;
  if (typeof path !== 'string' || path === '' || path.includes('\0')) return undefined;
  const place = coordinatedPlaceOf(existingFolder(dirname(path)));
  return place ? { path, home: place.home } : undefined;
}

/** The folder, or the nearest one around it that is there: one that was deleted under a session stands for its place. */
function existingFolder(path: string): string {
  let folder = path;
  for (let depth = 0; depth < DEPTH_MAX && !existsSync(folder); depth++) folder = dirname(folder);
  return folder;
}

/** When the guard itself fails: refuse, say so, and name the way out. */
function printFailure(error: unknown): string {
  const detail = (error instanceof Error ? error.message : String(error))
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, 300);
  return `[coord] Refused: the guard itself failed (${detail}), and in a coordinated project a write is not let through unjudged. Run \`coord doctor\`. A person can switch the guard off with \`guard: off\` in the front matter of .claude/coord.local.md.`;
}
