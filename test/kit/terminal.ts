/**
 * An interactive session of the real client in a terminal of its own: a tmux server on a private socket, so that neither the
 * developer's tmux nor another test's is touched. Only here do background hooks (`asyncRewake`) and idle sessions exist.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { API_KEY, clientBinary, clientEnvironment, killTree } from './client.ts';

export interface TerminalOptions {
  readonly cwd: string;
  readonly api: { readonly url: string };
  readonly home: { readonly path: string };
  readonly pluginDir?: string;
  readonly cols?: number;
  readonly rows?: number;
  /**
   * Further arguments of the client. Without a `--permission-mode` it gets bypassPermissions: auto, its own default, asks the real
   * server about most commands and would stop at a dialog here.
   */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Terminal {
  /** The client's own process. */
  readonly pid: number;
  /** Types text, without Enter. */
  send(text: string): Promise<void>;
  /** Presses keys by tmux name: `Enter`, `Escape`, `Up`, `C-c`. */
  key(...names: readonly string[]): Promise<void>;
  /** Types a prompt, waits until it stands on the screen, and presses Enter. */
  prompt(text: string): Promise<void>;
  /** What a person would see now. */
  screen(): Promise<string>;
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Waits until the turn is over (its foreground Stop hooks too) and the input box is empty. */
  waitIdle(timeoutMs?: number): Promise<string>;
  /** Leaves as a person does (`/exit`), so that SessionEnd hooks run; false when it had to be killed after all. */
  exit(timeoutMs?: number): Promise<boolean>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const POLL_MS = 50;
const WAIT_MS = 15_000;
const START_MS = 30_000;
/** The empty input box. A dialog has a `❯` too, but before one of its choices. */
const IDLE = /^❯\s*$|^❯\s+Try "/m;

const BUSY = /esc to interrupt/;
const IDLE_POLLS = 6;

/** Ends every question the client would ask first: onboarding, trust in the folder, use of the API key, bypassed permissions. */
export function presetHome(home: { readonly path: string }, folders: readonly string[]): void {
  const trusted = folders.map((folder) => [
    realpathSync(folder),
    { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true },
  ]);
  complete(join(home.path, '.claude.json'), (known) => ({
    ...known,
    hasCompletedOnboarding: true,
    theme: 'dark',
    projects: { ...(known['projects'] as object | undefined), ...Object.fromEntries(trusted) },
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
  }));
  complete(join(home.path, '.claude', 'settings.json'), (known) => ({
    ...known,
    skipDangerousModePermissionPrompt: true,
  }));
}

type Json = Readonly<Record<string, unknown>>;

function complete(file: string, change: (known: Json) => Json): void {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Json) : {};
  // Another session of the same HOME may be reading it right now.
  writeFileSync(`${file}.new`, JSON.stringify(change(known), null, 2));
  renameSync(`${file}.new`, file);
}

/** Resolves when the session stands idle at its prompt. */
export async function startTerminal(options: TerminalOptions): Promise<Terminal> {
  presetHome(options.home, [options.cwd]);
  const tmux = tmuxOn(`coord-${randomUUID().slice(0, 8)}`, options.home.path);
  const environment = {
    ...clientEnvironment(options.home, options.api.url),
    TERM: 'tmux-256color',
    ...options.env,
  };
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const command = ['env', '-i', ...assignments, clientBinary(), ...clientArguments(options)];
  const size = ['-x', String(options.cols ?? 120), '-y', String(options.rows ?? 40)];
  // The pane outlives the client: a test can still read the last words of a session that died.
  const keep = ['set-option', '-g', 'remain-on-exit', 'on', ';'];
  await tmux([
    'start-server',
    ';',
    ...keep,
    'new-session',
    '-d',
    '-c',
    options.cwd,
    ...size,
    '--',
    ...command,
  ]);
  const pid = Number(await tmux(['display-message', '-p', '#{pane_pid}']));
  const terminal = terminalOf(tmux, pid);
  try {
    await terminal.waitFor(IDLE, START_MS);
  } catch (error) {
    await terminal.close();
    throw error;
  }
  return terminal;
}

function clientArguments({ pluginDir, args = [] }: TerminalOptions): readonly string[] {
  const plugin = pluginDir === undefined ? [] : ['--plugin-dir', pluginDir];
  const mode = args.includes('--permission-mode') ? [] : ['--permission-mode', 'bypassPermissions'];
  return [...plugin, ...mode, ...args];
}

type Tmux = (args: readonly string[]) => Promise<string>;

function tmuxOn(socket: string, home: string): Tmux {
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
  };
  return async (args) => (await run('tmux', ['-L', socket, '-f', '/dev/null', ...args], { env })).stdout;
}

function terminalOf(tmux: Tmux, pid: number): Terminal {
  const screen = () => tmux(['capture-pane', '-p']);
  const send = async (text: string) => void (await tmux(['send-keys', '-l', '--', text]));
  const key = async (...names: readonly string[]) => void (await tmux(['send-keys', ...names]));

  async function waitFor(pattern: RegExp, timeoutMs = WAIT_MS): Promise<string> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const seen = await screen();
      if (pattern.test(seen)) return seen;
      if (Date.now() > until) throw new Error(`no ${pattern} on the screen within ${timeoutMs} ms:\n${seen}`);
      await sleep(POLL_MS);
    }
  }

  async function waitIdle(timeoutMs = WAIT_MS): Promise<string> {
    const until = Date.now() + timeoutMs;
    for (let polls = 0; ; ) {
      const seen = await screen();
      // Between two steps of a turn the box looks idle for a moment.
      polls = IDLE.test(seen) && !BUSY.test(seen) ? polls + 1 : 0;
      if (polls >= IDLE_POLLS) return seen;
      if (Date.now() > until) throw new Error(`not idle within ${timeoutMs} ms:\n${seen}`);
      await sleep(POLL_MS);
    }
  }

  async function prompt(text: string): Promise<void> {
    await send(text);
    // Enter in the same breath would count as part of a paste.
    await waitFor(new RegExp(escaped(text.slice(0, 20))));
    await sleep(2 * POLL_MS);
    await key('Enter');
  }

  async function exit(timeoutMs = WAIT_MS): Promise<boolean> {
    await key('C-u');
    await prompt('/exit');
    const isGone = await ended(pid, timeoutMs);
    await close();
    return isGone;
  }

  async function close(): Promise<void> {
    await tmux(['kill-server']).catch(() => 'no server: it ended with its session');
    if (await ended(pid, WAIT_MS)) return;
    killTree(pid);
    await ended(pid, WAIT_MS);
  }

  return { pid, send, key, prompt, screen, waitFor, waitIdle, exit, close };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

async function ended(pid: number, timeoutMs: number): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  while (isRunning(pid)) {
    if (Date.now() > until) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    // ESRCH: gone. EPERM cannot be: it is our own child's child.
    return false;
  }
}

/** Ended, but tmux has not collected it yet. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return false;
  return /\) Z /.test(readFileSync(file, 'utf8'));
}
