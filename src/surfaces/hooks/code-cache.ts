/**
 * Loads a sibling bundle, with V8's compiled form of it where one is kept: compiling the guard and the shell parser
 * costs more than running them.
 *
 * The compiled form lies in the plugin's data folder (CLAUDE_PLUGIN_DATA, outside of every repository) and nowhere
 * else: in the repository, a sandboxed command could replace it by code that a hook then runs. V8 checks that it
 * belongs to this very source and version, and is passed over where it does not. States: absent; complete (written
 * beside and renamed). Whoever finds none makes one when its work is done; it costs that one call a few milliseconds.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

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

export function loadCached<T>(name: string): Loaded<T> {
  const file = join(__dirname, `${name}.cjs`);
  const folder = process.env['CLAUDE_PLUGIN_DATA'];
  if (!folder) return { exports: require(file) as T, keep: () => undefined };
  const source = readFileSync(file, 'utf8');
  const key = `${name}-${process.version}-${process.arch}-${source.length}-${markOf(source)}.v8`;
  const cachedData = readIfThere(join(folder, 'code', key));
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const module_ = { exports: {} };
  const evaluate = script.runInThisContext() as Evaluate;
  evaluate(module_.exports, require, module_, file, __dirname);
  const isKept = cachedData !== undefined && !script.cachedDataRejected;
  return {
    exports: module_.exports as T,
    keep: () => (isKept ? undefined : write(join(folder, 'code'), name, key, script)),
  };
}

/** Tells two builds of one length apart: V8 itself compares the length alone. */
function markOf(source: string): string {
  const at = source.lastIndexOf('// mark ');
  return at === -1 ? '0' : source.slice(at + 8, at + 24);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isHarmless(error)) return undefined;
    throw error;
  }
}

/** The data folder may not be there, be somebody else's, or the disk be full: then there is no cache, and that is all. */
function isHarmless(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EISDIR'].includes(code);
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
