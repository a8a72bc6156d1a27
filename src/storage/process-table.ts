/**
 * The processes around one, on any system: Linux tells by /proc (light/process), the others by a program that lists all
 * of them. For what is rare and has its time; a hook cannot wait for it.
 */
import { spawnSync } from 'node:child_process';
import { ancestorsOf } from './light/process.ts';

export interface Ancestor {
  readonly pid: number;
  /** As in a process mark; null where /proc does not tell. */
  readonly started: string | null;
  /** How long it runs; null where only its mark is known. */
  readonly ageMs: number | null;
}

interface Listed {
  readonly parent: number;
  readonly ageMs: number;
}

/** Runs a program and answers what it printed; '' when there is none. */
export type Lister = (program: string, args: readonly string[]) => string;

const ANCESTORS_MAX = 64;
const TIMEOUT_MS = 20_000;
const BYTES_MAX = 16 * 1024 * 1024;
const POWERSHELL =
  'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $([int64]((Get-Date) - $_.CreationDate).TotalSeconds)" }';

/** Its parent first; undefined where the system does not tell. */
export function processesAround(
  pid: number,
  platform: string = process.platform,
  list: Lister = listWith,
): Ancestor[] | undefined {
  const known = platform === 'linux' ? ancestorsOf(pid) : [];
  if (known.length > 0) return known.map((mark) => ({ ...mark, ageMs: null }));
  const text =
    platform === 'win32'
      ? list('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', POWERSHELL])
      : list('ps', ['-A', '-o', 'pid=,ppid=,etime=']);
  const table = parseTable(text);
  if (!table.has(pid)) return undefined;
  const found: Ancestor[] = [];
  let at = table.get(pid)?.parent ?? 0;
  while (at > 0 && found.length < ANCESTORS_MAX) {
    const listed = table.get(at);
    if (!listed) break;
    found.push({ pid: at, started: null, ageMs: listed.ageMs });
    at = listed.parent === at ? 0 : listed.parent;
  }
  return found;
}

/** Lines of `pid parent age`, the age as `[[days-]hours:]minutes:seconds` or in seconds. */
function parseTable(text: string): Map<number, Listed> {
  const table = new Map<number, Listed>();
  for (const line of text.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(?:(\d+):)?(\d+)\s*$/.exec(line);
    if (!match) continue;
    const [, pid, parent, days, first, second, seconds] = match;
    // With one colon it is minutes, with two hours come first.
    const [hours, minutes] = second === undefined ? [0, first] : [first, second];
    const ageS =
      ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds);
    table.set(Number(pid), { parent: Number(parent), ageMs: ageS * 1_000 });
  }
  return table;
}

function listWith(program: string, args: readonly string[]): string {
  const result = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    timeout: TIMEOUT_MS,
    maxBuffer: BYTES_MAX,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  return result.stdout ?? '';
}
