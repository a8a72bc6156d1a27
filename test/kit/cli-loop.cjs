/**
 * Runs the command line again and again in one process, each time with other words, from another place: a process for
 * each would take hours. What it prints, how it ends and how long it takes is held against what the README promises.
 *
 * node cli-loop.cjs <bundle> <file of calls, one JSON a line: {command, args, cwd, session, file?}>; `file: {path, text}`
 * is written before the call, and put back after it
 * answers {runs, codes: {code: count}, done: [command…], faults: [{why, call}…]}
 */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const [bundle, file] = process.argv.slice(2);
const calls = fs
  .readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
const SLOW_MS = 20_000;
const REFUSAL_MAX = 20_000;

const { writeSync } = fs;
let printed = { 1: '', 2: '' };
fs.writeSync = (to, data, ...rest) => {
  if (to !== 1 && to !== 2) return writeSync(to, data, ...rest);
  printed[to] += Buffer.from(data).toString('utf8', rest[0] ?? 0);
  return Buffer.byteLength(data) - (rest[0] ?? 0);
};

// The full bundle is compiled once; it is evaluated anew for each call.
const { Script } = vm;
const scripts = new Map();
vm.Script = function CachedScript(source, options) {
  const known = scripts.get(options.filename);
  if (known) return known;
  const script = new Script(source, { filename: options.filename });
  scripts.set(options.filename, script);
  return script;
};

// A wait goes by in no time: the clock that waits are measured by runs ahead.
let aheadMs = 0;
const { bigint } = process.hrtime;
process.hrtime.bigint = () => bigint() + BigInt(Math.round(aheadMs)) * 1_000_000n;
Atomics.wait = (_array, _at, _value, ms) => {
  aheadMs += ms * 200;
  return 'timed-out';
};

let ended;
process.reallyExit = (code) => ended(code);
// The real end, once all is done.
const leave = process.exit.bind(process);
const complaints = [];
process.on('unhandledRejection', (error) => {
  complaints.push(`unhandled: ${String(error?.stack ?? error).slice(0, 600)}`);
  ended(70);
});

const ACTS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const STACK = /\n\s+at .+[:(]\d+/;
const HOLLOW = /\[object Object\]|\bundefined\b|\bNaN\b/;

const runsProgram = (call) => call.command === 'run';

function asksJson(args) {
  const end = args.indexOf('--');
  const words = end < 0 ? args : args.slice(0, end);
  return words.includes('--json');
}

function faultOf(call, code, ms) {
  const { 1: out, 2: err } = printed;
  const both = `${out}\n${err}`;
  if (ms > SLOW_MS) return `it took ${Math.round(ms)} ms`;
  if (code === 70 || code === 2) return `exit ${code}: ${err.slice(0, 900)}`;
  if (runsProgram(call) && code !== 64) return undefined;
  if (![0, 1, 64].includes(code)) return `exit ${code}: ${err.slice(0, 600)}`;
  if (STACK.test(both)) return `a stack: ${both.slice(0, 600)}`;
  if (ACTS.test(both))
    return `it acts: ${JSON.stringify(both.slice(Math.max(0, both.search(ACTS) - 60))).slice(0, 300)}`;
  const isHelp = call.args.includes('--help') || call.args.includes('-h');
  if (isHelp) return code === 0 ? undefined : `help ends with ${code}`;
  if (HOLLOW.test(both) && !HOLLOW.test(call.args.join(' ')))
    return `hollow: ${both.slice(Math.max(0, both.search(HOLLOW) - 100)).slice(0, 300)}`;
  if (asksJson(call.args) && out !== '') {
    try {
      JSON.parse(out);
    } catch {
      return `no JSON: ${out.slice(0, 300)}`;
    }
  }
  if (code === 64 && out !== '') return `a misuse on stdout: ${out.slice(0, 300)}`;
  if (code === 64 && !/coord (?:\S+ )*--help|coord help/.test(err))
    return `a misuse without a word: ${err.slice(0, 300)}`;
  if (code === 1 && both.trim().length < 20) return `a refusal without a word: ${both}`;
  if (code !== 0 && err.length > REFUSAL_MAX)
    return `a refusal of ${err.length} characters: ${err.slice(0, 200)}`;
  if (code === 0 && err !== '' && !runsProgram(call)) return `done, and complains: ${err.slice(0, 300)}`;
  return undefined;
}

function standIn(folder, isGone) {
  if (isGone) fs.mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  process.env.PWD = folder;
  if (isGone) fs.rmdirSync(folder);
}

async function once(call) {
  if (call.file === undefined) return alone(call);
  const before = fs.existsSync(call.file.path) ? fs.readFileSync(call.file.path) : undefined;
  put(call.file.path, call.file.text);
  try {
    return await alone(call);
  } finally {
    if (before === undefined) fs.rmSync(call.file.path, { force: true });
    else put(call.file.path, before);
  }
}

/** A released lease goes with its folder. */
function put(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

async function alone(call) {
  standIn(call.cwd, call.isGone === true);
  if (call.session) process.env.CLAUDE_CODE_SESSION_ID = call.session;
  else delete process.env.CLAUDE_CODE_SESSION_ID;
  delete process.env.COORD_TEST_MUTEX;
  process.argv = [process.execPath, bundle, ...call.command.split(' '), ...call.args];
  printed = { 1: '', 2: '' };
  const begun = performance.now();
  const code = await new Promise((done) => {
    ended = done;
    try {
      delete require.cache[bundle];
      require(bundle);
    } catch (error) {
      complaints.push(`it threw: ${String(error?.stack ?? error).slice(0, 600)}`);
      done(70);
    }
  });
  const fault = complaints.splice(0)[0] ?? faultOf(call, code, performance.now() - begun);
  process.chdir(path.dirname(bundle));
  return { code, fault };
}

(async () => {
  const answer = { runs: 0, codes: {}, done: [], faults: [] };
  for (const call of calls) {
    const { code, fault } = await once(call);
    answer.runs += 1;
    answer.codes[code] = (answer.codes[code] ?? 0) + 1;
    if (code === 0 && !answer.done.includes(call.command)) answer.done.push(call.command);
    if (fault !== undefined && answer.faults.length < 40)
      answer.faults.push({ why: fault, call: JSON.stringify(call).slice(0, 1_500) });
  }
  writeSync(1, JSON.stringify(answer));
  process.exitCode = 0;
  leave(0);
})();
