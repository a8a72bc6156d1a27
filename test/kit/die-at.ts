/**
 * Runs a bundled script so that it dies (or stands still) at its k-th call of node:fs; see die-at.cjs.
 * `callsOf` once, then `dieAt` for each k. The script says what it has done by printing it: what it printed
 * before it died is what a user was told, and must be true of the files afterwards.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Script {
  /** A CommonJS bundle; `bundleFixture` makes one. */
  bundle: string;
  args: string[];
  /** Only calls on files under this folder count. */
  under: string;
  env?: Record<string, string>;
  cwd?: string;
  /** What it reads on stdin. */
  input?: string;
  /** Printing, and starting a process and waiting for it, count as calls too. */
  wide?: boolean;
  /** The code that it ends with when nobody kills it; 0 unless said otherwise. */
  exits?: number;
}

export interface Ended {
  signal: NodeJS.Signals | null;
  status: number | null;
  stdout: string;
  stderr: string;
}

export type Death = 'kill' | 'torn' | 'stop';

const preload = fileURLToPath(new URL('die-at.cjs', import.meta.url));

/** Bundles a TypeScript fixture for plain node: starting it costs no more than node itself. */
export async function bundleFixture(source: string): Promise<string> {
  const outfile = join(
    mkdtempSync(join(tmpdir(), 'coord-fixture-')),
    basename(source).replace(/\.ts$/, '.cjs'),
  );
  const options = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  } as const;
  await build({ entryPoints: [source], outfile, ...options });
  return outfile;
}

/** Runs it to its end and names its calls in order. */
export async function callsOf(script: Script): Promise<string[]> {
  const countFile = join(mkdtempSync(join(tmpdir(), 'coord-count-')), 'count');
  const ended = await run(script, { COORD_COUNT_FILE: countFile }).ended;
  if (ended.status !== (script.exits ?? 0)) throw new Error(`the script failed: ${ended.stderr}`);
  return readFileSync(countFile, 'utf8').split('\n').slice(1);
}

/** Runs it until its k-th call (from 1) and kills it there. */
export function dieAt(script: Script, k: number, death: Exclude<Death, 'stop'> = 'kill'): Promise<Ended> {
  return run(script, { COORD_DIE_AT: String(k), COORD_DIE_HOW: death }).ended;
}

/**
 * Runs it until its k-th call, does something while it stands still there, and lets it go on to its end.
 * Linux.
 */
export async function stopAt(script: Script, k: number, meanwhile: () => void): Promise<Ended> {
  const { child, ended } = run(script, { COORD_DIE_AT: String(k), COORD_DIE_HOW: 'stop' });
  const pid = child.pid ?? 0;
  for (let looks = 0; looks < 10_000 && !hasStopped(pid); looks += 1) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  try {
    meanwhile();
  } finally {
    child.kill('SIGCONT');
  }
  return ended;
}

/** Runs the tasks, so many at a time. */
export async function inParallel<T>(width: number, tasks: Array<() => Promise<T>>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < tasks.length; at = next++)
      results[at] = await (tasks[at] as () => Promise<T>)();
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}

function run(script: Script, env: Record<string, string>) {
  const wide = script.wide ? { COORD_DIE_STDOUT: '1', COORD_DIE_SPAWN: '1' } : {};
  const child = spawn(process.execPath, ['--require', preload, script.bundle, ...script.args], {
    env: { PATH: process.env['PATH'], ...script.env, ...wide, ...env, COORD_DIE_UNDER: script.under },
    cwd: script.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may die before it reads.
  child.stdin.on('error', () => undefined);
  child.stdin.end(script.input ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}

function hasStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'T';
  } catch (error) {
    // It is gone already; the caller notices.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
