/**
 * Runs bundles one after the other in one process, each as in a process of its own: a start of node costs more than most
 * calls of coord. kit/bundles.ts asks, and says which calls may be asked for here.
 *
 * A call has its own folder, environment, arguments, standard input and outputs, evaluates the bundle anew, and has a
 * process id of its own, that of a child which lives as long as the call does: what it leaves on disk names a process
 * that is dead by then, as after a real one. It runs to its end before the next is read.
 *
 * On standard input and output: a length in four bytes (big endian), then JSON. A question is {file, args, input, cwd,
 * env}, its answer {code, stdout, stderr}, or {refused} where no process could have started in that folder.
 */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { readFileSync, readSync, writeSync } = fs;
const ownEnvironment = { ...process.env };
const ownPid = process.pid;
const globals = new Set(Reflect.ownKeys(globalThis));
const exitOf = process.reallyExit;

/** Thrown where a real process would be no more. */
const ENDED = Symbol('the call has ended');
const LINGERS_MS = 30_000;

let call;

fs.readFileSync = (from, ...rest) => (from === 0 && call ? call.input : readFileSync(from, ...rest));
fs.writeSync = (to, what, ...rest) => {
  if (!call || (to !== 1 && to !== 2)) return writeSync(to, what, ...rest);
  const bytes = typeof what === 'string' ? Buffer.from(what) : what.subarray(rest[0] ?? 0);
  call.printed[to].push(Buffer.from(bytes));
  return bytes.length;
};
// The streams that node would make set the descriptors to answer "not now".
for (const [name, descriptor] of [
  ['stdout', 1],
  ['stderr', 2],
])
  Object.defineProperty(process, name, { value: { write: (text) => fs.writeSync(descriptor, text) >= 0 } });

process.reallyExit = (code) => {
  if (!call) return exitOf.call(process, code);
  call.end(code ?? 0);
  return undefined;
};
process.exit = (code) => {
  call.end(code ?? process.exitCode ?? 0);
  throw ENDED;
};
Object.defineProperty(process, 'pid', { get: () => (call ? call.pid() : ownPid) });

function begin({ input }) {
  let bearer;
  const begun = { input, printed: { 1: [], 2: [] }, code: undefined };
  begun.ended = new Promise((resolve) => {
    begun.end = (code) => {
      begun.code ??= code;
      resolve();
    };
  });
  begun.pid = () => {
    bearer ??= spawn('sleep', ['600'], { stdio: 'ignore', env: ownEnvironment, cwd: '/' });
    return bearer.pid;
  };
  begun.over = () =>
    new Promise((resolve) => {
      if (!bearer) return resolve();
      bearer.on('exit', resolve);
      bearer.kill('SIGKILL');
    });
  return begun;
}

async function serve(asked) {
  try {
    process.chdir(asked.cwd);
  } catch (error) {
    return { refused: String(error) };
  }
  const listeners = new Map(process.eventNames().map((name) => [name, new Set(process.listeners(name))]));
  const folder = path.dirname(asked.file);
  for (const name of Object.keys(require.cache)) if (name.startsWith(folder)) delete require.cache[name];
  setEnvironment(asked.env);
  process.argv = [process.execPath, asked.file, ...asked.args];
  process.exitCode = undefined;
  call = begin(asked);
  try {
    require(asked.file);
    // What goes on behind ends the process itself: the entries of all bundles but the hooks' do.
    if (call.code === undefined && asked.args.length > 0) await untilEnded(call);
  } catch (error) {
    if (error !== ENDED) {
      call.printed[2].push(Buffer.from(`${error?.stack ?? error}\n`));
      call.end(1);
    }
  }
  const { printed, code, over } = call;
  await over();
  call = undefined;
  const status = code ?? process.exitCode ?? 0;
  process.exitCode = undefined;
  process.chdir('/');
  for (const name of process.eventNames())
    for (const listener of process.listeners(name))
      if (!listeners.get(name)?.has(listener)) process.off(name, listener);
  for (const key of Reflect.ownKeys(globalThis)) if (!globals.has(key)) delete globalThis[key];
  const text = (descriptor) => Buffer.concat(printed[descriptor]).toString('utf8');
  return { code: status, stdout: text(1), stderr: text(2) };
}

function untilEnded({ ended }) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${LINGERS_MS} ms`)), LINGERS_MS);
  });
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

function setEnvironment(env) {
  // All of them, so that they stand in the same order too.
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) process.env[name] = value;
}

/** All of so many bytes; undefined at the end of what is asked. */
function take(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const got = readSync(0, bytes, at, length - at, null);
    if (got === 0) return undefined;
    at += got;
  }
  return bytes;
}

function give(answer) {
  const body = Buffer.from(JSON.stringify(answer));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  const whole = Buffer.concat([head, body]);
  for (let at = 0; at < whole.length; ) at += writeSync(1, whole, at);
}

async function main() {
  for (let head = take(4); head; head = take(4)) {
    const asked = take(head.readUInt32BE());
    if (!asked) break;
    give(await serve(JSON.parse(asked.toString('utf8'))));
  }
  exitOf.call(process, 0);
}

main();
