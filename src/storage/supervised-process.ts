/**
 * The door to programs that a person or an agent names (`coord run -- CMD…`): started as the arguments say, without a
 * shell; watched, so that it never outlives whoever started it.
 *
 * Between coord and the program stands a *supervisor*, a small Node that leads a process group of its own with the
 * program in it. It hears of coord's end by the channel between them, which the kernel closes however coord ends, and
 * then ends the group: SIGTERM, two seconds later SIGKILL. Killed before it was told what to start, it starts nothing.
 * The program gets coord's stdin; its stdout and stderr are pipes, so that what it prints can be kept too.
 */
import { spawn } from 'node:child_process';

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
const tell = (message) => {
  isOver = true;
  process.send(message, () => process.disconnect());
};
process.on('message', (message) => {
  if (message.signal) return end(message.signal);
  child = spawn(message.file, message.args, { stdio: 'inherit' });
  child.on('error', (error) => tell({ error: error.code || String(error) }));
  child.on('exit', (code, signal) => tell({ code, signal }));
});
process.on('disconnect', () => {
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
}

export interface Start {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly hear: (stream: 'stdout' | 'stderr', bytes: Buffer) => void;
}

/** Runs the program to its end; `error` when it cannot be started. */
export function superviseProcess({ argv, cwd, hear }: Start): Promise<Ended | { error: string }> {
  const [file = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const supervisor = spawn(process.execPath, ['-e', SUPERVISOR], {
      cwd,
      stdio: ['inherit', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
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
      const pass = () => void (supervisor.connected && supervisor.send({ signal }));
      process.on(signal, pass);
      return () => process.off(signal, pass);
    });
    const finish = async (ended: Ended | { error: string }) => {
      await Promise.race([Promise.all(streams), new Promise((late) => setTimeout(late, DRAIN_MS).unref())]);
      for (const stop of passers) stop();
      resolve('error' in ended ? ended : { ...ended, output: kept.text() });
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
      if (!isTold) finish({ code: null, signal: signal ?? 'SIGKILL', output: '' }).catch(reject);
    });
    supervisor.send({ file, args });
  });
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
