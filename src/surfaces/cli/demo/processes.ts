/**
 * The demo's door to processes: what plays a session, what a session starts. Arguments go as a list, never through a
 * shell. A command of coord's runs to its end before anything else happens, so a program in the background is
 * watched over by a thread of its own, and the demo asks that thread's port.
 */
import { spawn, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads on stdin. */
  readonly input?: string;
}

export interface Ended {
  /** Null when it could not be started, or was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 30_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const POLL_MS = 10;

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Runs a program to its end. */
export function runProgram(program: Program): Ended {
  const { command, args, cwd, env, input = '' } = program;
  const result = spawnSync(command, args, {
    cwd,
    env,
    input,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES_MAX,
    windowsHide: true,
  });
  const stderr = result.error ? result.error.message : result.stderr;
  return { code: result.status, stdout: result.stdout ?? '', stderr };
}

interface Told {
  readonly pid?: number;
  readonly ended?: Ended;
}

/** Runs inside the thread, from its own text: so it may use nothing of this file. */
function watchOver(): void {
  const threads = require('node:worker_threads') as typeof import('node:worker_threads');
  const processes = require('node:child_process') as typeof import('node:child_process');
  const { program, port } = threads.workerData as { program: Program; port: MessagePort };
  const { command, args, cwd, env, input } = program;
  const child = processes.spawn(command, args, { cwd, env, windowsHide: true });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.on('error', (error) => port.postMessage({ ended: { code: null, stdout, stderr: error.message } }));
  child.on('close', (code) => port.postMessage({ ended: { code, stdout, stderr } }));
  child.stdin.on('error', () => undefined).end(input ?? '');
  port.postMessage({ pid: child.pid });
}

/** A program that runs beside the demo. */
export class BackgroundProgram {
  private readonly port: MessagePort;
  private readonly thread: Worker;
  private pid: number | undefined;
  private result: Ended | undefined;

  constructor(program: Program) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.thread = new Worker(`(${watchOver.toString()})()`, {
      eval: true,
      workerData: { program, port: port2 },
      transferList: [port2],
    });
    this.thread.unref();
  }

  /** How it ended; undefined while it runs. */
  ended(): Ended | undefined {
    for (let got = receiveMessageOnPort(this.port); got; got = receiveMessageOnPort(this.port)) {
      const told = got.message as Told;
      this.pid = told.pid ?? this.pid;
      this.result = told.ended ?? this.result;
    }
    return this.result;
  }

  /** How it ended, waiting for that at most so long. */
  waitFor(limitMs: number): Ended | undefined {
    const endsAt = performance.now() + limitMs;
    while (this.ended() === undefined && performance.now() < endsAt) pause(POLL_MS);
    return this.ended();
  }

  /** Ends it, where it still runs; waits until it is gone, since it may be writing into the scratch folder. */
  end(): void {
    const startsBy = performance.now() + TIMEOUT_MS;
    while (this.ended() === undefined && this.pid === undefined && performance.now() < startsBy)
      pause(POLL_MS);
    if (this.result === undefined && this.pid !== undefined) kill(this.pid);
    this.waitFor(TIMEOUT_MS);
    this.port.close();
  }
}

/** A process that does nothing, in place of a client: it lives until it is ended, or until the demo itself is gone. */
export class StandIn {
  readonly pid: number;
  private isOver = false;

  constructor(env: Readonly<Record<string, string>>, cwd: string) {
    const idle = ['-e', 'process.stdin.on("end", () => process.exit()).resume()'];
    const child = spawn(process.execPath, idle, {
      cwd,
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
    });
    child.unref();
    if (child.pid === undefined) throw new Error('no process could be started to stand in for a session');
    this.pid = child.pid;
  }

  end(): void {
    if (!this.isOver) kill(this.pid);
    this.isOver = true;
  }
}

const TEND = `
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
const remove = () => require('node:fs').rmSync(process.argv[1], { recursive: true, force: true, maxRetries: 9, retryDelay: 200 });
process.stdin.on('end', () => setTimeout(remove, 2000)).resume();
`;

/** Removes a folder when the demo is cut off (Ctrl-C, a kill), since the demo itself then cannot. */
export class Caretaker {
  private readonly pid: number | undefined;

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    const args = ['-e', TEND, folder];
    const cwd = dirname(folder);
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
    });
    child.unref();
    this.pid = child.pid;
  }

  /** The demo came to its end, and looks after the folder itself. */
  release(): void {
    if (this.pid !== undefined) kill(this.pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
