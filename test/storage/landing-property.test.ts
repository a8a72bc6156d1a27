/**
 * Any two trees, any uncommitted work: either it is refused and nothing has changed, or it lands and all of that work is
 * there, byte for byte; and where the two do not touch, it lands. After a kill at the worst moments nothing that a
 * person wrote is gone either.
 */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printJournal } from '../../src/domain/landing.ts';
import { closeLanding, landCommit, recoverLanding } from '../../src/storage/landing.ts';
import { isLong } from '../kit/long.ts';
import { gitIn } from '../kit/project.ts';
import { filesOf, gitWith, leftovers, orderOf, pictureOf, tipOf, turn, world } from './landing-world.ts';
import { scratch } from './scratch.ts';

const RUNS = isLong ? 800 : 8;

const PATHS = ['a', 'a/b', 'b', 'b/c', 'b/d', 'c.log', 'd/e/f', 'd/e', 'd/g', 'D/g', 'e'];

type Kind = 'one' | 'two' | 'long' | 'exec' | 'link';
type Tree = Readonly<Record<string, Kind>>;

const MODES: Record<Kind, string> = {
  one: '100644',
  two: '100644',
  long: '100644',
  exec: '100755',
  link: '120000',
};
const TEXTS: Record<Kind, string> = {
  one: '1\n',
  two: '2\n',
  long: 'long\n'.repeat(4_000),
  exec: '1\n',
  link: 'e',
};

const kind = fc.constantFrom<Kind>('one', 'two', 'long', 'exec', 'link');
/** A file and a folder cannot have one name: the later loses. */
const tree = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), kind), { selector: ([path]) => path, maxLength: 7 })
  .map((entries) => {
    const found: Record<string, Kind> = {};
    for (const [path, one] of entries)
      if (!Object.keys(found).some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)))
        found[path] = one;
    return found;
  });
const both = fc.tuple(tree, tree, fc.boolean()).map(([old, changes, isNear]) => {
  // Most landings change a little of what is there.
  if (!isNear) return [old, changes] as const;
  const kept = Object.entries(old).filter((_, at) => at % 2 === 0);
  const near: Record<string, Kind> = { ...Object.fromEntries(kept) };
  for (const [path, one] of Object.entries(changes))
    if (!Object.keys(near).some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)))
      near[path] = one;
  return [old, near] as const;
});

type Edit = readonly [
  path: string,
  how:
    | 'write'
    | 'remove'
    | 'folder'
    | 'link'
    | 'exec'
    | 'stage'
    | 'unstage'
    | 'intend'
    | 'assume'
    | 'skip'
    | 'same'
    | 'touch',
];
const edits = fc.array(
  fc.tuple(
    fc.constantFrom(...PATHS, 'mine', 'b/mine', 'x.log'),
    fc.constantFrom<Edit[1]>(
      'write',
      'write',
      'write',
      'remove',
      'folder',
      'link',
      'exec',
      'stage',
      'unstage',
      'intend',
      'assume',
      'skip',
      'same',
      'touch',
    ),
  ),
  { maxLength: 5 },
);

/** Both commits in one step; main stands on the first and is checked out. */
function repository(old: Tree, next: Tree): { root: string; to: string } {
  const root = world({ '.gitignore': '.coordination/\n*.log\n' });
  const file = ([path, one]: [string, Kind]) =>
    `M ${MODES[one]} inline ${path}\ndata ${TEXTS[one].length}\n${TEXTS[one]}\n`;
  const commit = (ref: string, files: Tree, from: string) =>
    `commit ${ref}\nmark :${ref.length}\ncommitter T <t@example.invalid> 1000000000 +0000\ndata 1\nx\nfrom ${from}\ndeleteall\nM 100644 inline .gitignore\ndata 21\n.coordination/\n*.log\n\n${Object.entries(files).map(file).join('')}`;
  gitWith(
    root,
    `${commit('refs/heads/main', old, 'refs/heads/main^0')}${commit('refs/heads/next-one', next, ':15')}`,
    'fast-import',
    '--quiet',
    '--force',
  );
  const to = tipOf(root, 'next-one');
  gitIn(root, 'update-ref', '-d', 'refs/heads/next-one');
  gitIn(root, 'reset', '-q', '--hard');
  return { root, to };
}

function happen(root: string, [path, how]: Edit, n: number): void {
  const file = join(root, path);
  const clear = () => {
    // What a person does with a shell: whatever is in the way goes first, from the top.
    const parts = path.split('/').map((_, at, all) => join(root, ...all.slice(0, at + 1)));
    const inTheWay = parts.find((at) => at === file || kindAt(at) === 'file');
    if (inTheWay !== undefined) rmSync(inTheWay, { recursive: true, force: true });
    mkdirSync(dirname(file), { recursive: true });
  };
  const isFile = kindAt(file) === 'file';
  const run = (...args: string[]) => void spawnSync('git', args, { cwd: root });
  if (how === 'write') void [clear(), writeFileSync(file, `mine ${n}\n`)];
  if (how === 'remove' && isFile) rmSync(file);
  if (how === 'folder') void [clear(), mkdirSync(file), writeFileSync(join(file, 'inner'), `mine ${n}\n`)];
  if (how === 'link') void [clear(), symlinkSync('nowhere', file)];
  if (how === 'exec' && isFile && !lstatSync(file).isSymbolicLink()) chmodSync(file, 0o755);
  if (how === 'same' && isFile && !lstatSync(file).isSymbolicLink())
    writeFileSync(file, readFileSync(file, 'latin1').replace(/[12l]/g, 'z'));
  if (how === 'touch' && isFile && !lstatSync(file).isSymbolicLink()) writeFileSync(file, readFileSync(file));
  if (how === 'stage') run('add', '-A', '-f', '--', path);
  if (how === 'unstage') run('rm', '-r', '-q', '--cached', '--', path);
  if (how === 'intend') run('add', '-N', '-f', '--', path);
  if (how === 'assume') run('update-index', '--assume-unchanged', '--', path);
  if (how === 'skip') run('update-index', '--skip-worktree', '--', path);
}

function kindAt(file: string): 'file' | 'folder' | 'none' {
  try {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    return stat === undefined ? 'none' : stat.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    // A part of the way is a file, or a link to itself.
    if (['ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return 'none';
    throw error;
  }
}

/** All else here is synchronous, and who watches the test must hear of it now and then. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function changedPaths(root: string, from: string, to: string): string[] {
  return gitIn(root, 'diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to)
    .split('\0')
    .filter(Boolean);
}

function without(all: Record<string, string>, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([path]) => !paths.includes(path)));
}

function indexOf(root: string): Record<string, string> {
  const lines = gitIn(root, 'ls-files', '-s', '-v', '-z').split('\0').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(line.indexOf('\t') + 1), line]));
}

function freshFiles(root: string, commit: string): Record<string, string> {
  const fresh = join(scratch(), 'fresh');
  gitIn(root, 'worktree', 'add', '-q', '--detach', fresh, commit);
  const files = filesOf(fresh);
  gitIn(root, 'worktree', 'remove', '--force', fresh);
  return files;
}

function touches(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

test('refused with nothing changed, or landed with all uncommitted work there', {
  timeout: isLong ? 3_600_000 : 60_000,
}, async () => {
  const seen = { landed: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(both, edits, async ([old, next], todo) => {
      await breathe();
      const { root, to } = repository(old, next);
      const from = tipOf(root);
      for (const [n, edit] of todo.entries()) happen(root, edit, n);
      const before = { picture: pictureOf(root), index: indexOf(root) };
      const changed = changedPaths(root, from, to);
      const outcome = landCommit(turn(root), root, orderOf(root, to), 100);
      if (!outcome.done) {
        seen.refused += 1;
        expect(pictureOf(root)).toEqual(before.picture);
        expect(leftovers(root)).toEqual([]);
        expect(['target-dirty']).toContain(outcome.problem.code);
        expect(todo.some(([path]) => changed.some((one) => touches(path, one)))).toBe(true);
        return;
      }
      seen.landed += 1;
      closeLanding(turn(root), root, outcome.value.id);
      expect(leftovers(root)).toEqual([]);
      expect(outcome.value.checkouts).toMatchObject([{ state: 'synced', aside: [] }]);
      const after = filesOf(root);
      const wanted = freshFiles(root, to);
      expect(without(after, changed)).toEqual(without(before.picture.files, changed));
      for (const path of changed) expect([path, after[path]]).toEqual([path, wanted[path]]);
      expect(without(indexOf(root), changed)).toEqual(without(before.index, changed));
      if (changed.length === 0) return;
      expect(
        gitIn(
          root,
          'diff',
          '--cached',
          '--name-only',
          to,
          '--',
          ...changed.map((path) => `:(literal)${path}`),
        ),
      ).toBe('');
    }),
    { numRuns: RUNS },
  );
  // Neither side may be a rarity, or this proves little.
  if (isLong) expect(Math.min(seen.landed, seen.refused)).toBeGreaterThan(RUNS / 10);
});

test('after a kill: the sync is finished, and all that a person wrote is there or aside', {
  timeout: isLong ? 3_600_000 : 60_000,
}, async () => {
  const states = fc.array(fc.constantFrom('old', 'new', 'torn', 'missing'), { minLength: 12, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(both, states, edits, async ([old, next], mixture, later) => {
      await breathe();
      const { root, to } = repository(old, next);
      const from = tipOf(root);
      const changed = changedPaths(root, from, to);
      if (changed.length === 0) return;
      const journal = {
        ...orderOf(root, to),
        id: 'k-1',
        at: '2026-01-01T00:00:00.000Z',
        ref: 'refs/heads/main',
        checkouts: [root],
        behind: [],
        isSettled: false,
      };
      mkdirSync(join(root, '.coordination/queue'), { recursive: true });
      writeFileSync(join(root, '.coordination/queue/landing.json'), printJournal(journal));
      gitIn(root, 'update-ref', 'refs/heads/main', to);
      mixUp(root, next, changed, mixture);
      const wrote = later.filter(([, how]) => how === 'write' || how === 'folder');
      for (const [n, edit] of wrote.entries()) happen(root, edit, n);
      const mine = textsIn(root).filter((text) => text.startsWith('mine '));
      const recovered = recoverLanding(turn(root), root, 100);
      expect(recovered).toMatchObject({ outcome: 'landed' });
      expect(
        textsIn(root)
          .filter((text) => text.startsWith('mine '))
          .sort(),
      ).toEqual(mine.sort());
      const picture = pictureOf(root);
      recoverLanding(turn(root), root, 100);
      expect(pictureOf(root)).toEqual(picture);
      // Where nobody wrote, the new commit stands as a whole.
      if (wrote.every(([path]) => !changed.some((one) => touches(path, one)))) {
        expect(recovered?.checkouts).toMatchObject([{ state: 'synced' }]);
        const wanted = freshFiles(root, to);
        for (const path of changed) expect([path, picture.files[path]]).toEqual([path, wanted[path]]);
      }
    }),
    { numRuns: RUNS },
  );
});

/** What git had done of the paths when it was killed: it takes away before it writes. */
function mixUp(root: string, next: Tree, changed: readonly string[], mixture: readonly string[]): void {
  const gone = changed.filter((path) => next[path] === undefined);
  const written = changed.filter((path) => next[path] !== undefined);
  const isBegun = mixture[0] !== 'old';
  for (const [n, path] of gone.entries())
    if (isBegun || mixture[n] === 'missing') rmSync(join(root, path), { force: true });
  if (!isBegun) return;
  for (const [n, path] of written.entries()) {
    const state = mixture[n + 1] ?? 'old';
    if (state === 'old') continue;
    const file = join(root, path);
    const one = next[path] as Kind;
    if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) rmSync(file, { recursive: true });
    rmSync(file, { force: true });
    if (state === 'missing') continue;
    mkdirSync(dirname(file), { recursive: true });
    if (one === 'link') symlinkSync(TEXTS[one], file);
    else
      writeFileSync(file, state === 'torn' ? TEXTS[one].slice(0, -1) : TEXTS[one], {
        mode: one === 'exec' ? 0o755 : 0o644,
      });
  }
}

/** All texts in the worktree and aside. */
function textsIn(root: string): string[] {
  const aside = join(root, '.coordination/queue/aside');
  const kept = existsSync(aside) ? textsBelow(aside) : [];
  return [...Object.values(filesOf(root)).map((text) => text.slice(2)), ...kept];
}

function textsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return textsBelow(path);
    return entry.isSymbolicLink() ? [] : [readFileSync(path, 'utf8')];
  });
}
