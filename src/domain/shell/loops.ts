// Loops: a body may run as often as there are items, or lines to read, or any number of times; its world moves with each run.
import { takeStep } from './ledger.ts';
import { EXPANSION_MAX } from './limits.ts';
import { hasPattern, isOpen, OPEN_VARIABLE } from './markers.ts';
import type { Place } from './parameters.ts';
import type { Reader } from './reader.ts';
import type { CompoundList, For, Select, While } from './syntax.ts';
import { expandWords } from './words.ts';
import { mergeWorlds, sameWorld, setVariable, type World, widenWorlds } from './world.ts';

type Run = (worlds: readonly World[]) => World[];

const PASSES_MAX = 3;

/** Any number of runs: until nothing new comes of one; what still differs after the second is not known. */
function repeated(starts: readonly World[], run: Run): World[] {
  let ends = [...starts];
  let now = [...starts];
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const fresh = run(now).filter((end) => !ends.some((other) => sameWorld(end, other)));
    if (fresh.length === 0) break;
    ends = mergeWorlds([...ends, ...fresh]);
    now = pass === 0 ? fresh : [[...starts, ...fresh].reduce(widenWorlds)];
  }
  return ends;
}

export function walkFor(reader: Reader, node: For | Select, world: World): World[] {
  const place: Place = { reader, world };
  const items =
    node.wordlist === undefined ? (world.positional ?? [OPEN_VARIABLE]) : expandWords(place, node.wordlist);
  const followed = items.length > EXPANSION_MAX ? [...items.slice(0, EXPANSION_MAX), OPEN_VARIABLE] : items;
  const left: World[] = [];
  let now: World[] = [place.world];
  for (const item of followed) {
    if (!takeStep(reader)) break;
    const run: Run = (worlds) =>
      reader.runStatements(
        node.body.commands,
        worlds.map((start) => setVariable(start, node.name.value, item)),
      );
    // One item that is not known may be many.
    now = hasPattern(item) || isOpen(item) ? repeated(now, run) : run(now);
    left.push(...now);
  }
  // The body may leave the loop wherever it stands.
  const elsewhere = left.filter((end) => !now.some((last) => last.cwd === end.cwd));
  return mergeWorlds([...now, ...elsewhere]);
}

/** while, until and `for (( ))`. Where the condition reads lines that are known, the body runs once for each. */
export function walkLoop(reader: Reader, body: CompoundList, world: World, loop?: While): World[] {
  const ask: Run = (worlds) =>
    loop === undefined ? [...worlds] : reader.runStatements(loop.clause.commands, worlds);
  const run: Run = (worlds) => reader.runStatements(body.commands, worlds);
  let now = [world];
  let ends = [world];
  for (let pass = 0; pass < EXPANSION_MAX; pass += 1) {
    const asked = ask(now);
    const isFed = asked.some(
      (end) => end.stdin !== undefined && !now.some((start) => start.stdin === end.stdin),
    );
    if (!isFed) return mergeWorlds([...ends, ...asked, ...repeated(now, (worlds) => run(ask(worlds)))]);
    const after = run(asked);
    ends = mergeWorlds([...ends, ...asked, ...after]);
    now = after.filter((end) => end.stdin === undefined || end.stdin.length > 0);
    if (now.length === 0 || !takeStep(reader)) return ends;
  }
  // More lines than can be followed.
  const open = now.map((end) => ({ ...end, stdin: undefined }));
  return mergeWorlds([...ends, ...run(ask(open))]);
}
