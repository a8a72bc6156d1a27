/**
 * What a commit only points at, and whether it is there: objects of Git LFS, and commits of submodules. Works without
 * git-lfs. Of what the branch did not change itself nothing is said.
 */
import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { Change, LfsFlaw, SubmoduleFlaw } from '../domain/preflight/facts.ts';
import type { CommitIndex } from './commit-index.ts';
import { git, textOf } from './git.ts';
import type { GitReader } from './git-reader.ts';
import { placeAt } from './light/place.ts';

const SUBMODULE_MODE = '160000';
/** git-lfs itself takes no longer file for a pointer. */
const POINTER_BYTES_MAX = 1_024;
const POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n(?:ext-.*\n)*oid sha256:([0-9a-f]{64})\nsize (\d+)\n$/;
const GITLINKS_MAX = 1_000;

export function lfsFlaws(
  reader: GitReader,
  commonDir: string,
  index: CommitIndex,
  changes: readonly Change[],
): LfsFlaw[] {
  const files = changes.filter(
    ({ kind, newMode, oldBlob, newBlob }) =>
      kind !== 'deleted' && newMode.startsWith('100') && newBlob !== oldBlob,
  );
  const isLfs = new Set(
    index.pathsWith(
      'filter',
      'lfs',
      files.map(({ key }) => key),
    ),
  );
  const found = files.filter(({ key }) => isLfs.has(key));
  if (found.length === 0) return [];
  const pointers = pointersOf(
    reader,
    found.map(({ newBlob }) => newBlob),
  );
  const storage = lfsStorage(reader, commonDir);
  return found.flatMap(({ key, path, newBlob }): LfsFlaw[] => {
    const pointer = pointers.get(newBlob);
    // An empty file is its own pointer.
    if (pointer === 'empty') return [];
    if (pointer === undefined) return [{ key, path, flaw: 'no-pointer' }];
    const object = join(storage, 'objects', pointer.oid.slice(0, 2), pointer.oid.slice(2, 4), pointer.oid);
    const size = statSync(object, { throwIfNoEntry: false })?.size;
    return size === pointer.size ? [] : [{ key, path, flaw: 'no-object' }];
  });
}

interface Pointer {
  readonly oid: string;
  readonly size: number;
}

/** Sizes first, so that a large file which was committed whole is never read. */
function pointersOf(reader: GitReader, blobs: readonly string[]): Map<string, Pointer | 'empty'> {
  const found = new Map<string, Pointer | 'empty'>();
  const small: string[] = [];
  const sizes = reader.read(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    input: `${blobs.join('\n')}\n`,
  });
  for (const line of sizes.split('\n')) {
    const [blob = '', size = ''] = line.split(' ');
    if (size === '0') found.set(blob, 'empty');
    else if (/^\d+$/.test(size) && Number(size) < POINTER_BYTES_MAX) small.push(blob);
  }
  if (small.length === 0) return found;
  const texts = reader.read(['cat-file', '--batch=%(objectname) %(objectsize)'], {
    input: `${small.join('\n')}\n`,
  });
  for (let at = 0; at < texts.length; ) {
    const end = texts.indexOf('\n', at);
    const [blob = '', size = ''] = texts.slice(at, end).split(' ');
    if (end < 0 || !/^\d+$/.test(size)) break;
    const match = POINTER.exec(texts.slice(end + 1, end + 1 + Number(size)));
    if (match) found.set(blob, { oid: match[1] ?? '', size: Number(match[2]) });
    at = end + 1 + Number(size) + 1;
  }
  return found;
}

function lfsStorage(reader: GitReader, commonDir: string): string {
  const configured = textOf(reader.read(['config', '--get', 'lfs.storage'], { mayBeNone: true })).trim();
  if (configured === '') return join(commonDir, 'lfs');
  return isAbsolute(configured) ? configured : resolve(commonDir, configured);
}

export interface SubmoduleAsk {
  readonly tip: string;
  readonly changes: readonly Change[];
  readonly commonDir: string;
  /** Worktrees in which the submodule may be checked out, and their own git folders. */
  readonly roots: readonly { readonly root: string; readonly gitDir: string }[];
}

export function submoduleFlaws(reader: GitReader, ask: SubmoduleAsk): SubmoduleFlaw[] {
  const { tip, changes } = ask;
  const isLink = (change: Change) => change.newMode === SUBMODULE_MODE && change.kind !== 'deleted';
  const moved = changes.filter((change) => isLink(change) && change.newBlob !== change.oldBlob);
  const changesList = changes.some(({ key, from }) => key === '.gitmodules' || from?.key === '.gitmodules');
  const links = changes.filter(isLink);
  const all = changesList
    ? linksOf(reader, tip)
    : links.map(({ key, path, newBlob: commit }) => ({ key, path, commit }));
  if (all.length === 0) return [];
  const names = namesOf(reader, tip);
  const flaws: SubmoduleFlaw[] = all
    .filter(({ key }) => !names.has(key))
    .map((link) => ({ ...link, flaw: 'no-entry' as const }));
  for (const { key, path, newBlob: commit } of moved) {
    const name = names.get(key);
    const flaw =
      name === undefined ? undefined : commitFlaw(commit, repositoriesOf(ask, path, name), reader.root);
    if (flaw) flaws.push({ key, path, commit, flaw });
  }
  return flaws;
}

function linksOf(reader: GitReader, tip: string): { key: string; path: string; commit: string }[] {
  return reader
    .list(['ls-tree', '-r', '-z', '--full-tree', tip])
    .filter((line) => line.startsWith(`${SUBMODULE_MODE} `))
    .slice(0, GITLINKS_MAX)
    .map((line) => {
      const [head = '', key = ''] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)];
      return { key, path: textOf(key), commit: head.split(' ')[2] ?? '' };
    });
}

/** Path to name, by the .gitmodules of the tip. */
function namesOf({ root }: GitReader, tip: string): Map<string, string> {
  const args = ['config', '-z', '--blob', `${tip}:.gitmodules`, '--get-regexp', '^submodule\\..*\\.path$'];
  // Fails where there is no such file, or none is in it: then no submodule has an entry.
  const told = git(root, args, { encoding: 'latin1' }).stdout;
  const entries = told.split('\0').filter((entry) => entry.includes('\n'));
  return new Map(
    entries.map((entry) => {
      const at = entry.indexOf('\n');
      return [entry.slice(at + 1).replace(/\/+$/, ''), entry.slice('submodule.'.length, at - '.path'.length)];
    }),
  );
}

/** Git folders in which the submodule's commits may lie. */
function repositoriesOf({ roots, commonDir }: SubmoduleAsk, path: string, name: string): string[] {
  const isPlain = !name.split('/').includes('..');
  const kept = isPlain
    ? [...roots.map(({ gitDir }) => gitDir), commonDir].map((dir) => join(dir, 'modules', textOf(name)))
    : [];
  const checkedOut = roots.flatMap(({ root }) => placeAt(join(root, path))?.gitDir ?? []);
  return [...new Set([...checkedOut, ...kept])].filter((dir) => existsSync(join(dir, 'HEAD')));
}

function commitFlaw(
  commit: string,
  repositories: readonly string[],
  cwd: string,
): 'absent' | 'unpushed' | undefined {
  const holding = repositories.filter(
    (dir) => git(cwd, ['--git-dir', dir, 'cat-file', '-e', `${commit}^{commit}`]).ok,
  );
  if (holding.length === 0) return 'absent';
  const remote = ['for-each-ref', '--count=1', `--contains=${commit}`, 'refs/remotes/'];
  return holding.some((dir) => git(cwd, ['--git-dir', dir, ...remote]).stdout !== '')
    ? undefined
    : 'unpushed';
}
