/**
 * Calls of a bundle that a test waits for: most by a server that runs them one after the other (bundle-server.cjs says
 * how), the rest as processes of their own. What is on trial is the built bundle either way.
 *
 * A process of its own has whatever looks at processes, waits, runs other programs for somebody, or is told through
 * node's own variables how to start; and all of the long form, so that nothing hangs on the server being right.
 * COORD_TEST_PROCESSES=1 gives each call one.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLongIn } from './long.ts';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  /** The bundle. */
  readonly file: string;
  readonly args: readonly string[];
  /** On its standard input. */
  readonly input: string;
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

const HOOKS = new Set(['guard', 'after', 'session', 'session-end']);
/** First words of commands that write down something, or tell what is written down. */
const COMMANDS = new Set([
  ...[
    'init',
    'config',
    'phase',
    'join',
    'plan',
    'task',
    'todo',
    'criteria',
    'milestone',
    'decide',
    'decisions',
  ],
  ...['send', 'inbox', 'ack', 'blocker', 'status', 'lock', 'unlock', 'locks', 'ticket', 'findings', 'cycle'],
]);
/** These look at who stands in a worktree. */
const LOOKING = new Set(['phase close', 'phase reassign', 'phase start']);

/** Whether a call is one of those that the server may run. */
export function mayShare(
  { file, args, env }: Pick<Call, 'file' | 'args' | 'env'>,
  own: NodeJS.ProcessEnv = process.env,
): boolean {
  if (isLongIn(own) || process.platform === 'win32' || own['COORD_TEST_PROCESSES'] === '1') return false;
  if (Object.keys(env).some((name) => /^(NODE_|LD_|UV_)/.test(name))) return false;
  const bundle = basename(file, '.cjs');
  if (bundle !== 'coord') return HOOKS.has(bundle);
  return COMMANDS.has(args[0] ?? '') && !LOOKING.has(args.slice(0, 2).join(' '));
}

export function runBundle(call: Call): Run {
  return (mayShare(call) ? askServer(call) : undefined) ?? runProcess(call);
}

export function runProcess({ file, args, input, cwd, env }: Call): Run {
  const options = { cwd, input, encoding: 'utf8' as const, env: { ...env } };
  const result = spawnSync(process.execPath, [file, ...args], options);
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

interface Server {
  readonly child: ChildProcess;
  readonly asks: number;
  readonly answers: number;
}

let server: Server | undefined;

/** Undefined where no process could start there: what comes of that, a process says. */
export function askServer(call: Call): Run | undefined {
  server ??= startServer();
  const body = Buffer.from(JSON.stringify(call));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  put(server.asks, Buffer.concat([head, body]));
  const answer = JSON.parse(take(server.answers, take(server.answers, 4).readUInt32BE()).toString('utf8')) as
    | Run
    | { readonly refused: string };
  return 'refused' in answer ? undefined : answer;
}

function startServer(): Server {
  const file = join(dirname(fileURLToPath(import.meta.url)), 'bundle-server.cjs');
  const child = spawn(process.execPath, [file], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  // It ends when this process does, which it may not keep from ending.
  child.unref();
  return { child, asks: descriptorOf(child.stdin), answers: descriptorOf(child.stdout) };
}

/** Read and written here by hand: a test that waits for a bundle waits with all that it is. */
function descriptorOf(stream: unknown): number {
  const handle = (stream as { _handle?: { fd?: number; unref?: () => void } } | null)?._handle;
  if (handle?.fd === undefined || handle.fd < 0) throw new Error('the server of bundles has no pipe');
  handle.unref?.();
  return handle.fd;
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const PAUSE_MS = 1;

/** Does it now, or as soon as the other side is ready. */
function asSoonAsPossible(transfer: () => number): number {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(cell, 0, 0, PAUSE_MS);
    }
  }
}

function put(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += asSoonAsPossible(() => writeSync(descriptor, bytes, at));
}

function take(descriptor: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const got = asSoonAsPossible(() => readSync(descriptor, bytes, at, length - at, null));
    if (got === 0) {
      server = undefined;
      throw new Error('the server of bundles has ended: what it said stands above');
    }
    at += got;
  }
  return bytes;
}
