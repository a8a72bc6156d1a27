/**
 * Runs a hook's bundle again and again in one process, each time with another payload on its stdin: a process for each
 * would take an hour. What it prints, how long it takes and what it throws is held against what the client would take.
 *
 * node hook-loop.cjs <bundle> <file of payloads, one JSON text a line>; answers {runs, denied, spoke, faults: [{at, why, detail}…]}
 */
const fs = require('node:fs');
const path = require('node:path');

const [bundle, file] = process.argv.slice(2);
const payloads = fs
  .readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
const SLOW_MS = 10_000;
const PRINTED_MAX = 64_000;

const { readFileSync, writeSync } = fs;
let input = '';
let printed = { 1: '', 2: '' };
fs.readFileSync = (from, ...rest) => (from === 0 ? input : readFileSync(from, ...rest));
fs.writeSync = (to, text, ...rest) => {
  if (to !== 1 && to !== 2) return writeSync(to, text, ...rest);
  printed[to] += String(text);
  return Buffer.byteLength(String(text));
};
process.reallyExit = () => undefined;

function faultOf(ms) {
  if (ms > SLOW_MS) return `it took ${Math.round(ms)} ms`;
  if (printed[2] !== '' && process.exitCode !== 2) return `it complained: ${printed[2].slice(0, 300)}`;
  if (process.exitCode !== undefined && process.exitCode !== 0 && process.exitCode !== 2)
    return `exit ${process.exitCode}`;
  if (printed[1] === '') return undefined;
  if (printed[1].length > PRINTED_MAX) return `it printed ${printed[1].length} characters`;
  let said;
  try {
    said = JSON.parse(printed[1]);
  } catch {
    return `no JSON: ${printed[1].slice(0, 300)}`;
  }
  const { hookSpecificOutput: out = {}, decision } = said;
  if (decision === 'approve' || (out.permissionDecision !== undefined && out.permissionDecision !== 'deny'))
    return `it widens: ${printed[1].slice(0, 300)}`;
  const text = [out.permissionDecisionReason, out.additionalContext, said.reason, said.systemMessage].join(
    '\n',
  );
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text))
    return `it acts: ${JSON.stringify(text).slice(0, 300)}`;
  return undefined;
}

const answer = { runs: 0, denied: 0, spoke: 0, faults: [] };
const folder = path.dirname(bundle);
payloads.forEach((payload, at) => {
  for (const name of Object.keys(require.cache)) if (name.startsWith(folder)) delete require.cache[name];
  input = payload;
  printed = { 1: '', 2: '' };
  process.exitCode = undefined;
  const begun = performance.now();
  let fault;
  try {
    require(bundle);
    fault = faultOf(performance.now() - begun);
  } catch (error) {
    fault = `it threw: ${String(error?.stack ?? error).slice(0, 600)}`;
  }
  answer.runs += 1;
  if (printed[1].includes('"deny"')) answer.denied += 1;
  if (printed[1] !== '') answer.spoke += 1;
  if (fault !== undefined && answer.faults.length < 20)
    answer.faults.push({ at, why: fault, payload: payload.slice(0, 2_000) });
});
process.exitCode = 0;
writeSync(1, JSON.stringify(answer));
