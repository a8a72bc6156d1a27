// Writing down what was found: a target in a world becomes an absolute path, or an unknown with as much of the path as is known.
import type { ShellGit, ShellUnknown, ShellWrite } from './facts.ts';
import { DETAIL_CHARS_MAX, DETOURS_MAX, EXPANSION_MAX, FINDINGS_MAX, STEPS_MAX } from './limits.ts';
import {
  BELOW,
  EVERY,
  FOUND,
  firstOpen,
  hasPattern,
  isOpen,
  isStatic,
  MAYBE,
  NAME,
  OPEN_OUTPUT,
  printText,
  withoutMaybe,
} from './markers.ts';
import { joinPath, normalPath, saysDirectory } from './paths.ts';
import type { Ledger, Reader } from './reader.ts';
import type { World } from './world.ts';

export function emptyLedger(): Ledger {
  return {
    writes: new Map(),
    links: new Map(),
    git: new Map(),
    coord: new Map(),
    unknown: new Map(),
    detours: [],
    files: new Map(),
    noted: new Map(),
    clock: 0,
    steps: 0,
    nesting: 0,
    parsedChars: 0,
    unheard: 0,
    detached: 0,
  };
}

export const isSpent = (reader: Reader): boolean => reader.ledger.steps > STEPS_MAX;

/** Takes one step; false when there are none left, which is then an unknown of its own. */
export function takeStep(reader: Reader, count = 1): boolean {
  if (isSpent(reader)) return false;
  reader.ledger.steps += count;
  if (!isSpent(reader)) return true;
  note(reader, reader.ledger.unknown, { why: 'depth', detail: 'too many steps' });
  return false;
}

function note<T extends object>(reader: Reader, findings: Map<string, T>, finding: T): void {
  const key = JSON.stringify(finding);
  reader.ledger.clock += 1;
  reader.ledger.noted.set(key, reader.ledger.clock);
  if (findings.size < FINDINGS_MAX || findings.has(key)) findings.set(key, finding);
  else if (findings !== (reader.ledger.unknown as Map<string, object>)) {
    note(reader, reader.ledger.unknown, { why: 'depth', detail: 'too many findings' });
  }
}

export function noteUnknown(
  reader: Reader,
  world: World,
  why: ShellUnknown['why'],
  detail: string,
  dir?: string,
): void {
  const place = dir === undefined ? world.cwd : joinPath(world.cwd, dir, reader.facts.windows);
  note(reader, reader.ledger.unknown, {
    why,
    detail: printText(detail).slice(0, DETAIL_CHARS_MAX),
    ...(isStatic(place) ? { dir: place } : {}),
  });
}

/** What a part that is not known leaves to say. */
export function noteOpen(reader: Reader, world: World, text: string, how: string): void {
  const why = text[firstOpen(text)] === OPEN_OUTPUT ? 'substitution' : 'variable';
  noteUnknown(reader, world, why, `${how} ${text}`);
}

/** What does not change a file's text. */
const KEEPS_TEXT = /^(chmod|chown|chgrp|touch|setfacl|xattr)$/;
const DEVICE =
  /^\/dev\/(null|zero|full|tty|stdin|stdout|stderr|fd\/\d+|tcp\/.*|udp\/.*)$|^\/proc\/self\/fd\/\d+$/;
const OWN_CWD = /^\/proc\/[^/]+\/(?:task\/[^/]+\/)?cwd(?=\/|$)/;

/** The absolute path of a target, markers and all. */
export function resolveTarget(reader: Reader, world: World, target: string): string {
  const told = withoutMaybe(target);
  // A value that is not known may be absolute: the cwd says nothing about it.
  if (isOpen(told.slice(0, 1))) return told;
  const path = joinPath(world.cwd, told, reader.facts.windows);
  return OWN_CWD.test(path) ? joinPath(world.cwd, path.replace(OWN_CWD, '.'), reader.facts.windows) : path;
}

interface WriteManner {
  readonly tree?: boolean;
  readonly into?: boolean;
  readonly certain?: boolean;
  /** With `tree`: only some of it. */
  readonly some?: boolean;
}

export function noteWrite(
  reader: Reader,
  world: World,
  target: string,
  how: string,
  manner: WriteManner = {},
): void {
  if (target === '') return;
  // Lines of which one was chosen (`"$(… | tail -1)"`), hardly a name with a line break in it.
  if (target.includes('\n'))
    for (const line of target.split('\n', EXPANSION_MAX)) noteWrite(reader, world, line, how, manner);
  const told = resolveTarget(reader, world, target);
  if ((target + told).includes(MAYBE)) noteUnknown(reader, world, 'variable', `${how} ${target}`);
  const path = withoutMaybe(told);
  if (!KEEPS_TEXT.test(how)) reader.ledger.files.delete(normalPath(path));
  if (DEVICE.test(path)) return;
  const open = firstOpen(path);
  if (open >= 0) {
    noteOpen(reader, world, path.slice(open), how);
    const known = path.slice(0, Math.max(0, path.lastIndexOf('/', open)));
    if (known !== '') notePath(reader, known, how, { into: true, certain: false });
    return;
  }
  const several = path.search(`[${BELOW}${EVERY}${FOUND}]`);
  if (several < 0) {
    notePath(reader, path, how, manner);
    return;
  }
  const root = path.slice(0, path.lastIndexOf('/', several)) || '/';
  // `..` behind it may lead out of the folder, where that is itself among what was found.
  const behind = path.slice(several + 1);
  if (/\/\.\.(\/|$)/.test(behind)) notePath(reader, `${root}${behind}`, how, { ...manner, certain: false });
  notePath(reader, root, how, {
    tree: true,
    certain: path[several] === EVERY && manner.certain !== false,
    some: path[several] === FOUND,
  });
}

const PARENT_GLOB = /\/(\.\.?\*+|\.\?|\.\[[^\]/]*\]\*?)\//;

function notePath(reader: Reader, path: string, how: string, manner: WriteManner): void {
  const write: ShellWrite = {
    path: printText(path),
    ...(hasPattern(path) ? { glob: true as const } : {}),
    ...(manner.tree ? { tree: true as const } : {}),
    ...(manner.some ? { some: true as const } : {}),
    ...(manner.into ? { target: 'into' as const } : {}),
    how,
    certain: manner.certain !== false,
  };
  note(reader, reader.ledger.writes, write);
  // Some shells let `.*` match `..`.
  if (write.glob && PARENT_GLOB.test(write.path))
    notePath(reader, write.path.replace(PARENT_GLOB, '/../'), how, manner);
}

/** A hard link. */
export function noteLink(reader: Reader, world: World, source: string, path: string, how: string): void {
  if (isOpen(source)) {
    noteOpen(reader, world, source, how);
    return;
  }
  const from = resolveTarget(reader, world, source);
  const to = resolveTarget(reader, world, path);
  if (isOpen(from) || isOpen(to)) return;
  note(reader, reader.ledger.links, { source: printText(from), path: printText(to), how });
}

/** From now on `path` leads to `target`. */
export function noteDetour(reader: Reader, path: string, target: string): void {
  // A made-up name ($$, a number) is one name; a glob may be any.
  if (isOpen(path) || isOpen(target) || hasPattern(path.replaceAll(NAME, '')) || saysDirectory(path)) return;
  if (reader.ledger.detours.length >= DETOURS_MAX) {
    note(reader, reader.ledger.unknown, { why: 'depth', detail: 'too many links' });
    return;
  }
  reader.ledger.detours.push({
    path: printText(path),
    target: printText(target),
    glob: hasPattern(target),
    since: reader.ledger.clock,
  });
}

/** Reads something whose calls are nobody's to hear, or go on by themselves. */
export function readAside<T>(reader: Reader, manner: 'unheard' | 'detached', read: () => T): T {
  const { ledger } = reader;
  ledger[manner] += 1;
  const value = read();
  ledger[manner] -= 1;
  return value;
}

export function hearRun(reader: Reader, argv: readonly string[], world: World): void {
  const { ledger, facts } = reader;
  if (facts.hear === undefined || ledger.unheard > 0) return;
  const cwd = isStatic(world.cwd) ? world.cwd : undefined;
  facts.hear({ words: argv.map(printText), cwd, isDetached: ledger.detached > 0 });
}

export function noteGit(reader: Reader, finding: ShellGit): void {
  note(reader, reader.ledger.git, finding);
}

export function noteCoord(reader: Reader, world: World, args: readonly string[], how: string): void {
  if (!isStatic(world.cwd)) {
    noteOpen(reader, world, world.cwd, `${how} called in`);
    // From wherever: nobody in a session may call this.
    if (args[0] === 'approve')
      note(reader, reader.ledger.coord, { cwd: reader.facts.cwd, args: args.map(printText), env: {}, how });
    return;
  }
  const env: Record<string, string | undefined> = {};
  for (const [name, value] of world.vars) {
    if (value === reader.facts.env[name]) continue;
    env[name] = typeof value === 'string' && isStatic(value) ? value : undefined;
  }
  note(reader, reader.ledger.coord, { cwd: world.cwd, args: args.map(printText), env, how });
}
