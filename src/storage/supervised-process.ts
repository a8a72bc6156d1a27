/**
 * The door to programs that a person or an agent names (`coord run -- CMD…`): started as the arguments say, without a
 * shell; watched, so that it never outlives whoever started it.
 *
 * Between coord and the program stands a *supervisor*, a small Node that leads a process group of its own with the
 * program in it. It hears of coord's end by the channel between them, which the kernel closes however coord ends, and
 * then ends the group: SIGTERM, two seconds later SIGKILL. Killed before it was told what to start, it starts nothing.
 * The program gets coord's stdin, or none where it runs *alone*: then its time is limited too, and nothing that it started
 * outlives it. Its stdout and stderr are pipes, so that what it prints can be kept.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openScratch } from './scratch-folder.ts';

/** Runs in a Node of its own; CommonJS, as `node -e` takes it. */
const SUPERVISOR = `
const { spawn } = require('node:child_process');
const hasGroup = process.platform !== 'win32';
let child;
let isOver = false;
const end = (signal) => {
  try {
    if (hasGroup) process.kill(-process.pid, signal);
    else if (child) child.kill(signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
};
// They are meant for the program: coord hands them on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => undefined);
let endsAll = false;
const tell = (message) => {
  isOver = true;
  process.send(message, () => process.disconnect());
};
process.on('message', (message) => {
  if (message.signal) return end(message.signal);
  endsAll = message.endsAll;
  child = spawn(message.file, message.args, { stdio: 'inherit' });
  child.on('error', (error) => tell({ error: error.code || String(error) }));
  child.on('exit', (code, signal) => tell({ code, signal }));
});
process.on('disconnect', () => {
  if (isOver && endsAll) end('SIGKILL');
  if (isOver) process.exit(0);
  end('SIGTERM');
  setTimeout(() => {
    end('SIGKILL');
    process.exit(1);
  }, 2000);
});
`;

const PASSED_ON: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** What still comes from a pipe that something left running holds open. */
const DRAIN_MS = 500;
const OUTPUT_CHARS_MAX = 4 * 1024 * 1024;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The first and last of what it printed, where that is too long. */
  readonly output: string;
  /** True when it was ended because its time was up. */
  readonly isLate?: boolean;
  /** True when what watched it was killed, so that nobody knows what became of it. */
  readonly isLost?: boolean;
}

export interface Start {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly hear: (stream: 'stdout' | 'stderr', bytes: Buffer) => void;
  /** Nobody is there to answer it: it reads nothing, has this environment, and what it leaves running ends with it. */
  readonly alone?: {
    readonly env: NodeJS.ProcessEnv;
    readonly timeoutMs: number;
    readonly abort: AbortSignal;
  };
}

/** Runs the program to its end; `error` when it cannot be started. */
export function superviseProcess({ argv, cwd, hear, alone }: Start): Promise<Ended | { error: string }> {
  const [file = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const supervisor = spawn(process.execPath, ['-e', SUPERVISOR], {
      cwd,
      stdio: [alone ? 'ignore' : 'inherit', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...(alone ? { env: alone.env } : {}),
    });
    const limit = alone ? limitProcess(supervisor, alone) : { isLate: false, lift: () => undefined };
    const kept = keepOutput();
    const streams = (['stdout', 'stderr'] as const).map((name) => {
      const stream = supervisor[name];
      stream?.on('data', (bytes: Buffer) => {
        kept.add(bytes);
        hear(name, bytes);
      });
      return new Promise<void>((closed) => stream?.on('close', () => closed()));
    });
    const passers = PASSED_ON.map((signal) => {
      const pass = () => sendSignal(supervisor, signal);
      process.on(signal, pass);
      return () => process.off(signal, pass);
    });
    const finish = async (ended: Ended | { error: string }) => {
      await Promise.race([Promise.all(streams), new Promise((late) => setTimeout(late, DRAIN_MS).unref())]);
      for (const stop of passers) stop();
      limit.lift();
      const late = limit.isLate ? { isLate: true } : {};
      resolve('error' in ended ? ended : { ...ended, output: kept.text(), ...late });
    };
    let isTold = false;
    supervisor.on('message', (message) => {
      isTold = true;
      const told = message as { code: number | null; signal: NodeJS.Signals | null } | { error: string };
      finish('error' in told ? told : { ...told, output: '' }).catch(reject);
    });
    supervisor.on('error', reject);
    // Killed itself: what became of the program, nobody knows.
    supervisor.on('exit', (_code, signal) => {
      if (!isTold)
        finish({ code: null, signal: signal ?? 'SIGKILL', output: '', isLost: true }).catch(reject);
    });
    supervisor.send({ file, args, endsAll: alone !== undefined }, () => undefined);
  });
}

/** To the program, through its supervisor; one that ends in this very moment needs none. */
function sendSignal(supervisor: ChildProcess, signal: NodeJS.Signals): void {
  if (supervisor.connected) supervisor.send({ signal }, () => undefined);
}

const GRACE_MS = 2_000;

/** Ends the group when its time is up, or when nobody wants to know any more. */
function limitProcess(supervisor: ChildProcess, { timeoutMs, abort }: NonNullable<Start['alone']>) {
  const limit: { isLate: boolean; lift: () => void } = { isLate: false, lift: () => undefined };
  let killing: NodeJS.Timeout | undefined;
  const end = () => {
    sendSignal(supervisor, 'SIGTERM');
    killing ??= setTimeout(() => sendSignal(supervisor, 'SIGKILL'), GRACE_MS);
  };
  const timer = setTimeout(() => {
    limit.isLate = true;
    end();
  }, timeoutMs);
  abort.addEventListener('abort', end);
  if (abort.aborted) end();
  limit.lift = () => {
    clearTimeout(timer);
    clearTimeout(killing);
    abort.removeEventListener('abort', end);
  };
  return limit;
}

/** Output as text, bounded while it grows. */
function keepOutput(): { add(bytes: Buffer): void; text(): string } {
  let head = '';
  let tail = '';
  return {
    add(bytes) {
      const text = bytes.toString('utf8');
      if (head.length < OUTPUT_CHARS_MAX / 2) head += text;
      else {
        tail += text;
        if (tail.length > OUTPUT_CHARS_MAX) tail = tail.slice(-OUTPUT_CHARS_MAX / 2);
      }
    },
    text: () => head + tail,
  };
}

export interface BriefRun {
  readonly cwd: string;
  /** Beside this process's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const BRIEF_OUTPUT_BYTES_MAX = 2_000;

/**
 * Runs a program that a person's setting names to its end, or kills it when its time is up; never throws for what it
 * does. It reads nothing, and its output goes to a file: whoever it started and left running cannot make coord wait by
 * holding a pipe open.
 */
export function runBriefly(
  [file = '', ...args]: readonly string[],
  { cwd, env, timeoutMs }: BriefRun,
): { ok: boolean; detail: string; output: string } {
  if (timeoutMs < 1) return { ok: false, detail: 'no time was left', output: '' };
  const { folder, end } = openScratch();
  const descriptor = openSync(join(folder, 'output'), 'a+');
  try {
    const result = spawnSync(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', descriptor, descriptor],
      timeout: Math.max(1, Math.floor(timeoutMs)),
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    const buffer = Buffer.alloc(BRIEF_OUTPUT_BYTES_MAX);
    const output = buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
    const code = (result.error as NodeJS.ErrnoException | undefined)?.code;
    const detail = code ?? (result.signal ? `ended by ${result.signal}` : `exit ${result.status}`);
    return { ok: result.status === 0 && code === undefined, detail, output };
  } finally {
    // One that runs on writes into nothing that anybody keeps.
    ftruncateSync(descriptor);
    closeSync(descriptor);
    end();
  }
}
