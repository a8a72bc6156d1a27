/**
 * A repository with a target and something to land on it, for the tests of landing; and a picture of all that must stay
 * as it is when nothing lands.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LandingOrder } from '../../src/domain/landing.ts';
import { type Held, takeLease } from '../../src/storage/light/lease.ts';
import { placeAt } from '../../src/storage/light/place.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { gitIn } from '../kit/project.ts';
import { put, scratch, unborn } from './scratch.ts';

export const FILES: Readonly<Record<string, string>> = {
  '.gitignore': '.coordination/\nignored/\n*.log\n',
  'a.txt': 'a\n',
  'b.txt': 'b\n',
  'dir/c.txt': 'c\n',
  'dir/d.txt': 'd\n',
};

const templates = new Map<string, string>();

/** A repository whose `main` has these files, and nothing else: a copy, since making one takes ten times as long. */
export function world(files: Readonly<Record<string, string>> = FILES, ...options: string[]): string {
  const key = JSON.stringify([files, options]);
  const template = templates.get(key) ?? templateOf(files, options);
  templates.set(key, template);
  const root = join(scratch(), 'repo');
  cpSync(template, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return root;
}

/** Holds a commit on top of main that no ref names: it changes a.txt, removes dir/c.txt, adds new/n.txt. */
function templateOf(files: Readonly<Record<string, string>>, options: readonly string[]): string {
  const root = unborn(join(scratch(), 'repo'), ...options);
  gitIn(root, 'config', 'gc.auto', '0');
  rmSync(join(root, '.git/hooks'), { recursive: true });
  for (const [path, text] of Object.entries(files)) put(root, path, text);
  gitIn(root, 'add', '-A', '-f');
  gitIn(root, 'commit', '-qm', 'Start');
  const to = commitOn(root, (at) => {
    put(at, 'a.txt', 'A\n');
    rmSync(join(at, 'dir/c.txt'), { force: true });
    put(at, 'new/n.txt', 'n\n');
  });
  mkdirSync(join(root, '.coordination'));
  put(root, '.coordination/work', to);
  return root;
}

/** The commit that is to land, in most tests. */
export function workIn(root: string): string {
  return readFileSync(join(root, '.coordination/work'), 'utf8');
}

export function tipOf(root: string, ref = 'main'): string {
  return gitIn(root, 'rev-parse', '--verify', `${ref}^{commit}`).trim();
}

/** A commit on top of the target, made in a worktree of its own that is gone again. */
export function commitOn(root: string, change: (worktree: string) => void, from = 'main'): string {
  const worktree = join(scratch(), 'work');
  gitIn(root, 'worktree', 'add', '-q', '--detach', worktree, from);
  change(worktree);
  gitIn(worktree, 'add', '-A', '-f');
  gitIn(worktree, 'commit', '-q', '--allow-empty', '-m', 'Work');
  const commit = tipOf(worktree, 'HEAD');
  gitIn(root, 'worktree', 'remove', '--force', '--force', worktree);
  return commit;
}

export function orderOf(root: string, to: string, target = 'main'): LandingOrder {
  const from = tipOf(root, `refs/heads/${target}`);
  return { target, from, to, entries: [{ entry: '01.1', phase: '01', tip: to, commit: to }] };
}

export function turn(home: string): Held {
  const holder = { owner: 'test', session: 's', agent: null, process: markOf(process.pid) };
  const held = takeLease(join(home, '.coordination', 'leases', 'merge-turn'), holder, {
    now: Date.now,
    ttlMs: null,
    judge: () => 'unknown',
  });
  if ('code' in held) throw new Error(held.code);
  return held;
}

/** Every file of a worktree with its bytes and kind; git's and coord's own folders left out. */
export function filesOf(root: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, below)).sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    if (path === '.git' || path === '.coordination') continue;
    const stat = lstatSync(join(root, path));
    if (stat.isDirectory()) {
      // git keeps no empty folders, and takes some away.
      Object.assign(found, filesOf(root, path));
    } else if (stat.isSymbolicLink()) found[path] = `link ${readlinkSync(join(root, path))}`;
    else found[path] = `${stat.mode & 0o100 ? 'x' : '-'} ${readFileSync(join(root, path), 'latin1')}`;
  }
  return found;
}

/** `git status` with all that it can tell, as lines; without the commits and blobs in it, which a landing moves. */
export function statusOf(root: string): string[] {
  const printed = gitIn(
    root,
    'status',
    '--porcelain=v1',
    '-z',
    '--untracked-files=all',
    '--ignored',
    '--no-renames',
  );
  return printed.split('\0').filter((line) => line !== '' && !/\.coordination\//.test(line));
}

export interface Picture {
  readonly files: Record<string, string>;
  readonly index: string;
  readonly refs: string;
  readonly head: string;
  readonly status: string[];
}

export function pictureOf(root: string): Picture {
  return {
    files: filesOf(root),
    index: gitIn(root, 'ls-files', '-s', '-v', '-z'),
    refs: refsIn(placeAt(root)?.commonDir ?? ''),
    head: readFileSync(join(placeAt(root)?.gitDir ?? '', 'HEAD'), 'utf8'),
    status: statusOf(root),
  };
}

/** As they lie on the disk. */
function refsIn(commonDir: string): string {
  const names = readdirSync(join(commonDir, 'refs'), { recursive: true, encoding: 'utf8' }).sort();
  const files = ['packed-refs', ...names.map((name) => join('refs', name))].map((name) =>
    join(commonDir, name),
  );
  const isFile = (file: string) => lstatSync(file, { throwIfNoEntry: false })?.isFile();
  return files
    .filter(isFile)
    .map((file) => `${file} ${readFileSync(file, 'utf8')}`)
    .join('');
}

/** What coord may leave in git's folder of a worktree when it is done: nothing. */
export function leftovers(root: string): string[] {
  const gitDir = placeAt(root)?.gitDir ?? '';
  const names = readdirSync(gitDir).filter((name) => /lock$|coord|^\.tmp/.test(name));
  return existsSync(join(root, '.coordination', 'queue', 'landing.json'))
    ? [...names, 'landing.json']
    : names;
}

/** Runs git with input, for what only plumbing can make. */
export function gitWith(root: string, input: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, input, encoding: 'utf8' });
}
