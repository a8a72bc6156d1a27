/**
 * Loads a sibling bundle, with V8's compiled form of it where one is kept: compiling the guard and the shell parser
 * costs more than running them.
 *
 * The compiled form lies in the plugin's data folder (CLAUDE_PLUGIN_DATA, outside of every repository) and nowhere
 * else: in the repository, a sandboxed command could replace it by code that a hook then runs. The client names that
 * folder to hooks alone; what the session's first hook tells the Bash tool of it, the command line heeds and no hook.
 * V8 checks that it belongs to this very source and version, and is passed over where it does not. States: absent;
 * complete (written beside and renamed). Whoever finds none makes one when its work is done; it costs that one call a
 * few milliseconds.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readvSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';

type Evaluate = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: unknown },
  file: string,
  dir: string,
) => void;

export interface Loaded<T> {
  readonly exports: T;
  /** Keeps the compiled form, functions that ran included, where none is kept yet. */
  readonly keep: () => void;
}

/** The second line of a bundle that the build has framed: to frame half a megabyte here copies it, and costs 0.5 ms. */
const FRAME = '(function (exports, require, module, __filename, __dirname) {';
const BYTES_MAX = 4 * 1024 * 1024;

/** Where the command line finds the plugin's data folder, in a shell of the client's. */
export const DATA_FOLDER = 'COORD_PLUGIN_DATA';

type CachedBundle = 'guard-inside' | 'shell' | 'locks' | 'full';

export type LoadCached = <T>(name: CachedBundle) => Loaded<T>;

export function loadCached<T>(name: CachedBundle, data = process.env['CLAUDE_PLUGIN_DATA']): Loaded<T> {
  // Only here: outside of a project nothing is loaded, and the module costs 0.1 ms.
  const { Script } = require('node:vm') as typeof import('node:vm');
  const file = join(__dirname, `${name}.cjs`);
  const source = asText(readBytes(file));
  const folder = data ? join(data, 'code') : undefined;
  const key = `${name}-${process.version}-${process.arch}-${source.length}-${markOf(source)}.v8`;
  const cachedData = folder === undefined ? undefined : readIfThere(join(folder, key));
  const framed = source.startsWith(FRAME, source.indexOf('\n') + 1) ? source : `${FRAME}${source}\n})`;
  const script = new Script(framed, { filename: file, ...(cachedData ? { cachedData } : {}) });
  const module_ = { exports: {} };
  const evaluate = script.runInThisContext() as Evaluate;
  evaluate(module_.exports, require, module_, file, __dirname);
  const isKept = cachedData !== undefined && !script.cachedDataRejected;
  return {
    exports: module_.exports as T,
    keep: () => (isKept || folder === undefined ? undefined : write(folder, name, key, script)),
  };
}

/** Tells two builds of one length apart: V8 itself compares the length alone. */
function markOf(source: string): string {
  const at = source.lastIndexOf('// mark ');
  return at === -1 ? '0' : source.slice(at + 8, at + 24);
}

/** One room for all that is read: memory that was written to before takes half the time. */
let room: Uint8Array | undefined;

/**
 * Good until the next call. Bundles are ASCII (test/build), so they are read a byte a character, in half the time of
 * UTF-8; and without `readFileSync`, whose first use for bytes costs more than the reading.
 */
function readBytes(file: string): Uint8Array {
  room ??= new Uint8Array(BYTES_MAX);
  const descriptor = openSync(file, 'r');
  const length = readvSync(descriptor, [room]);
  closeSync(descriptor);
  if (length === BYTES_MAX) throw new Error(`${file} is too long`);
  return room.subarray(0, length);
}

/** Without a Buffer around the bytes, which would be the only one of the process. */
function asText(bytes: Uint8Array): string {
  return Buffer.prototype.latin1Slice.call(bytes, 0, bytes.length);
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readBytes(file);
  } catch (error) {
    if (isHarmless(error)) return undefined;
    throw error;
  }
}

/** The data folder may not be there, be somebody else's, or the disk be full: then there is no cache, and that is all. */
function isHarmless(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EISDIR'].includes(
    code,
  );
}

function write(folder: string, name: string, key: string, script: Script): void {
  try {
    mkdirSync(folder, { recursive: true });
    const temporary = join(folder, `.tmp-${process.pid}-${key}`);
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, join(folder, key));
    for (const old of readdirSync(folder)) {
      if (old !== key && old.startsWith(`${name}-${process.version}-`)) unlinkSync(join(folder, old));
    }
  } catch (error) {
    if (!isHarmless(error)) throw error;
  }
}
