'use strict';
/**
 * Preload for a child (`node --require die-at.cjs script.cjs`): counts its synchronous calls of node:fs and
 * dies, or stands still, right before the k-th. Run once without COORD_DIE_AT to learn the count, then once
 * for each k: that is a kill between any two calls.
 *
 *   COORD_DIE_AT      k, from 1; 0 or unset only counts
 *   COORD_DIE_HOW     kill: SIGKILL before the call (default). torn: if the call writes, let it write half
 *                     first. stop: SIGSTOP before the call; somebody sends SIGCONT and it goes on
 *   COORD_DIE_UNDER   count only calls on a path under this folder, or on a file opened there (else every
 *                     call of the program and of the module loader)
 *   COORD_DIE_STDOUT  1: what it prints counts too, as `print`
 *   COORD_DIE_SPAWN   1: each process that it starts and waits for counts too, as `spawn git worktree`
 *   COORD_COUNT_FILE  at exit: the number of calls, then their names, one a line; an open that writes is
 *                     `openSync w`
 *
 * It patches the functions of the shared fs module object, which bundled CommonJS calls through, and ESM
 * imports too.
 */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const dieAt = Number(process.env['COORD_DIE_AT'] ?? 0);
const how = process.env['COORD_DIE_HOW'] ?? 'kill';
const under = process.env['COORD_DIE_UNDER'];
const countFile = process.env['COORD_COUNT_FILE'];
const countsStdout = process.env['COORD_DIE_STDOUT'] === '1';
const countsSpawn = process.env['COORD_DIE_SPAWN'] === '1';

const real = { ...fs };
const watched = new Set();
const calls = [];

function isWatched(values) {
  if (under === undefined) return true;
  return values.slice(0, 2).some((value, at) => {
    if (typeof value === 'number') return at === 0 && (watched.has(value) || (value === 1 && countsStdout));
    return (typeof value === 'string' || value instanceof URL) && String(value).includes(under);
  });
}

function half(data) {
  const bytes = Buffer.from(data);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/** What a power that stops in the middle of a write leaves. */
function tear(name, values) {
  if (name === 'writeSync') real.writeSync(values[0], half(values[1]));
  if (name === 'writeFileSync' || name === 'appendFileSync')
    real[name](values[0], half(values[1]), values[2]);
}

function nameOf(name, values) {
  if (name === 'writeSync' && values[0] === 1) return 'print';
  if (name === 'openSync' && values[1] !== undefined && values[1] !== 'r') return 'openSync w';
  return name;
}

function beforeCall(name, values) {
  calls.push(nameOf(name, values));
  if (calls.length !== dieAt) return;
  if (how === 'torn') tear(name, values);
  process.kill(process.pid, how === 'stop' ? 'SIGSTOP' : 'SIGKILL');
}

for (const name of Object.keys(real)) {
  if (!name.endsWith('Sync') || typeof real[name] !== 'function') continue;
  const call = real[name];
  fs[name] = (...values) => {
    const counts = isWatched(values);
    if (counts) beforeCall(name, values);
    const result = call(...values);
    if (counts && name === 'openSync') watched.add(result);
    if (name === 'closeSync') watched.delete(values[0]);
    return result;
  };
  // realpathSync.native, say.
  Object.assign(fs[name], call);
}
if (countsSpawn) {
  const processes = require('node:child_process');
  const { spawnSync } = processes;
  processes.spawnSync = (command, args, ...rest) => {
    beforeCall(`spawn ${command} ${args[0]}`, []);
    return spawnSync(command, args, ...rest);
  };
}
syncBuiltinESMExports();

if (countFile !== undefined) {
  const tell = () => real.writeFileSync(countFile, [calls.length, ...calls].join('\n'));
  process.on('exit', tell);
  // A program that takes this way out passes the event by.
  const { reallyExit } = process;
  process.reallyExit = (code) => {
    tell();
    reallyExit.call(process, code);
  };
}
