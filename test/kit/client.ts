/**
 * The real client, headless, in an environment of its own and nothing else: whatever the developer's machine has (settings,
 * plugins, tokens, `CLAUDE_*` of a surrounding session) must neither reach a test nor be reached by it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The place of a test's API key; a terminal session approves its last 20 characters beforehand. */
export const API_KEY = 'sk-ant-scripted-0123456789abcdefghij';

export interface FreshHome {
  readonly path: string;
  dispose(): void;
}

export interface HeadlessOptions {
  readonly cwd: string;
  readonly prompt: string;
  readonly api: { readonly url: string };
  readonly home: { readonly path: string };
  readonly pluginDir?: string;
  /** Further arguments of the client; a `--permission-mode` here replaces bypassPermissions. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** One line of `--output-format stream-json`. */
export type StreamEvent = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly subtype?: string;
};

export interface HeadlessResult {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly isTimedOut: boolean;
  readonly events: readonly StreamEvent[];
  /** `hook_started` and `hook_response`; the latter carries hook_event, outcome, exit_code, stdout, stderr. */
  readonly hookEvents: readonly StreamEvent[];
  readonly resultText: string;
  readonly stderr: string;
  readonly sessionId: string;
}

export interface HeadlessSession {
  readonly pid: number;
  /** Resolves when the client has ended, however it ended. */
  readonly done: Promise<HeadlessResult>;
  /** Signals the client and all that it started; for the client alone there is `pid`. */
  kill(signal?: NodeJS.Signals): void;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 60_000;
const GRACE_MS = 1000;

/** The native binary itself: its path does not need a node on PATH, which some tests take away. */
export function clientBinary(): string {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('@anthropic-ai/claude-code/package.json');
  return join(dirname(manifest), 'bin', 'claude.exe');
}

/** A HOME in a temporary folder, its path resolved: the client compares real paths. */
export function freshHome(): FreshHome {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'coord-home-')));
  mkdirSync(join(path, '.claude'));
  return {
    path,
    dispose: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/** Everything the client gets; this very node comes first on PATH. */
export function clientEnvironment(home: { readonly path: string }, apiUrl?: string): Record<string, string> {
  const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'];
  return {
    PATH: [...new Set(path)].join(delimiter),
    HOME: home.path,
    LANG: 'C.UTF-8',
    IS_SANDBOX: '1',
    // Port 9 refuses at once: a call that should need no API must not find the real one.
    ANTHROPIC_BASE_URL: apiUrl ?? 'http://127.0.0.1:9',
    ANTHROPIC_API_KEY: API_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
  };
}

export async function runHeadless(options: HeadlessOptions): Promise<HeadlessResult> {
  return startHeadless(options).done;
}

/** For tests that look at, or kill, a session in its midst. */
export function startHeadless(options: HeadlessOptions): HeadlessSession {
  const { args = [], pluginDir, prompt } = options;
  const argv = ['-p', prompt, '--output-format', 'stream-json', '--verbose', '--include-hook-events'];
  if (!args.includes('--permission-mode')) argv.push('--permission-mode', 'bypassPermissions');
  if (pluginDir !== undefined) argv.push('--plugin-dir', pluginDir);
  const env = { ...clientEnvironment(options.home, options.api.url), ...options.env };
  const child = start([...argv, ...args], options.cwd, env);
  const collected = collect(child, options.timeoutMs ?? TIMEOUT_MS);
  return {
    pid: child.pid,
    done: collected.then(({ code, isTimedOut, stdout, stderr }) => {
      const events = parseStream(stdout);
      const result = events.find((event) => event.type === 'result');
      return {
        code,
        isTimedOut,
        events,
        hookEvents: events.filter((event) => event.subtype?.startsWith('hook_')),
        resultText: String(result?.['result'] ?? ''),
        stderr,
        sessionId: String(events.find((event) => event.subtype === 'init')?.['session_id'] ?? ''),
      };
    }),
    kill: (signal) => killTree(child.pid, signal),
  };
}

/** `claude plugin …` and the like: commands that end by themselves and need no model. */
export async function claudeCli(
  args: readonly string[],
  where: {
    readonly home: { readonly path: string };
    readonly cwd: string;
    readonly env?: Record<string, string>;
  },
): Promise<CliResult> {
  const child = start(args, where.cwd, { ...clientEnvironment(where.home), ...where.env });
  const { code, stdout, stderr } = await collect(child, 2 * TIMEOUT_MS);
  return { code, stdout, stderr };
}

type Running = ChildProcess & { readonly pid: number };

function start(args: readonly string[], cwd: string, env: Record<string, string>): Running {
  const child = spawn(clientBinary(), [...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.on('error', () => 'said below: without a pid it did not start');
  if (child.pid === undefined) throw new Error(`the client did not start: ${clientBinary()} in ${cwd}`);
  return child as Running;
}

interface Collected extends CliResult {
  readonly isTimedOut: boolean;
}

/** Ends at `exit` plus a grace for the pipes, not at `close`: a detached hook that keeps a pipe must not hold the test. */
function collect(child: Running, timeoutMs: number): Promise<Collected> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let isTimedOut = false;
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  const timer = setTimeout(() => {
    isTimedOut = true;
    killTree(child.pid);
  }, timeoutMs);
  return new Promise((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    const finish = (code: number | null) => {
      clearTimeout(timer);
      clearTimeout(grace);
      child.stdout?.destroy();
      child.stderr?.destroy();
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('utf8'));
      resolve({ code, isTimedOut, stdout: stdout ?? '', stderr: stderr ?? '' });
    };
    child.on('close', finish);
    child.on('exit', (code) => {
      grace = setTimeout(finish, GRACE_MS, code);
    });
  });
}

/** The client's shells lead process groups of their own: its group alone would leave them running, as orphans of nobody's. */
export function killTree(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  // 0 and -1 mean "everybody" to kill(2).
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`not a process of ours: ${pid}`);
  for (const each of [pid, ...descendantsOf(pid)]) {
    try {
      process.kill(each, signal);
    } catch (error) {
      // Already gone: that is what was asked for.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function descendantsOf(pid: number): readonly number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const parent of family) {
    family.push(...rows.filter((row) => row[1] === parent).map((row) => row[0] ?? 0));
  }
  return family.slice(1);
}

function parseStream(stdout: string): readonly StreamEvent[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map(parseLine).filter((event) => event !== undefined);
}

function parseLine(line: string): StreamEvent | undefined {
  try {
    return JSON.parse(line) as StreamEvent;
  } catch {
    // A session that was killed in its midst ends with half a line.
    return undefined;
  }
}
