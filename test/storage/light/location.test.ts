import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  groundOf,
  isCaseBlind,
  linkedRoots,
  ownerOfPlace,
  targetOf,
} from '../../../src/storage/light/location.ts';
import { writePlaceRecord, writeWorkerRecord } from '../../../src/storage/light/roster.ts';
import { coordinated, linked, placeAtHome, placeRecord, put, repository, scratch } from '../scratch.ts';

/** Home, and two worktrees w1 (worker-01) and w2 (nobody's); judged by who stands in w1 or at home. */
function project() {
  const home = coordinated(repository());
  const w1 = linked(home, 'w1');
  const w2 = linked(home, 'w2', join(scratch(), 'w2'));
  writePlaceRecord(home, 'w1', placeRecord('worker-01', w1));
  writeWorkerRecord(home, {
    worker: 'worker-01',
    phase: '01',
    folder: '01-phase',
    place: 'w1',
    worktree: w1,
    branch: 'b',
    state: 'active',
  });
  return { home, w1, w2, atHome: placeAtHome(home), at1: placeAtHome(w1) };
}
type Project = ReturnType<typeof project>;

describe('groundOf, seen from w1', () => {
  const rows: [string, (it: Project) => string, object | ((it: Project) => object)][] = [
    [
      'a file of its own',
      (it) => join(it.w1, 'src/a.ts'),
      { kind: 'worktree', place: 'w1', relative: 'src/a.ts', owner: '' },
    ],
    ['its root', (it) => it.w1, { kind: 'worktree', place: 'w1', relative: '', owner: '' }],
    [
      'a file at home',
      (it) => join(it.home, 'src/a.ts'),
      { kind: 'worktree', place: null, relative: 'src/a.ts', owner: 'coordinator' },
    ],
    [
      'a file in the other worktree',
      (it) => join(it.w2, 'a'),
      { kind: 'worktree', place: 'w2', owner: 'whoever works in worktree w2' },
    ],
    [
      'the folder around the worktrees',
      (it) => join(it.home, '.claude/worktrees'),
      { kind: 'worktree', place: null, relative: '.claude/worktrees' },
    ],
    ['its own `.git` file', (it) => join(it.w1, '.git'), { kind: 'git', place: 'shared' }],
    ["the other's `.git` file", (it) => join(it.w2, '.git'), { kind: 'git', place: 'shared' }],
    ['the `.git` folder', (it) => join(it.home, '.git'), { kind: 'git', place: 'shared' }],
    ['a hook of git', (it) => join(it.home, '.git/hooks/pre-commit'), { kind: 'git', place: 'shared' }],
    ['its own index', (it) => join(it.home, '.git/worktrees/w1/index'), { kind: 'git', place: 'w1' }],
    ["the other's HEAD", (it) => join(it.home, '.git/worktrees/w2/HEAD'), { kind: 'git', place: 'w2' }],
    [
      'the folder of the worktrees in `.git`',
      (it) => join(it.home, '.git/worktrees'),
      { kind: 'git', place: 'shared' },
    ],
    ['a temporary folder', () => '/tmp/x', { kind: 'outside' }],
    ['the root', () => '/', { kind: 'outside' }],
    ['a folder with a like name', (it) => `${it.home}-2/x`, { kind: 'outside' }],
    [
      'a file called like the `.git` file',
      (it) => join(it.w1, 'src/.git'),
      { kind: 'worktree', place: 'w1', relative: 'src/.git' },
    ],
  ];
  let it: Project;
  beforeAll(() => {
    it = project();
  });
  test.each(rows)('%s', (_name, path, expected) => {
    expect(groundOf(path(it), it.at1)).toMatchObject(expected);
  });

  test('a repository nested in a worktree belongs to the worktree', () => {
    const nested = repository(join(it.w1, 'vendor/nested'));
    expect(groundOf(join(nested, 'a'), it.at1)).toMatchObject({
      kind: 'worktree',
      place: 'w1',
      relative: 'vendor/nested/a',
    });
    expect(groundOf(join(nested, '.git/config'), it.atHome)).toMatchObject({
      kind: 'worktree',
      place: 'w1',
      owner: 'worker-01',
    });
  });

  test('a coordinated project nested in a worktree belongs to the worktree too', () => {
    const nested = coordinated(repository(join(it.w2, 'vendor/project')));
    expect(groundOf(join(nested, 'a'), it.at1)).toMatchObject({ kind: 'worktree', place: 'w2' });
  });

  test('another coordinated project is told as such, another repository is outside', () => {
    const other = coordinated(repository());
    const away = linked(other, 'x', join(scratch(), 'x'));
    for (const path of [other, join(other, 'a/b'), join(away, 'a')]) {
      expect(groundOf(path, it.at1)).toEqual({ kind: 'foreign-project', home: other });
    }
    expect(groundOf(join(repository(), 'a'), it.at1)).toEqual({ kind: 'outside' });
  });
});

describe('targetOf', () => {
  test('resolves links, `..` and what is not there yet before it judges', () => {
    const it = project();
    symlinkSync(it.w2, join(it.w1, 'shortcut'));
    const rows = ['shortcut/new', 'shortcut/../w2/new', '../../../README.md', 'x/../../w1/new/y'];
    const places = rows.map((path) => targetOf(path, it.w1, it.at1, false)?.ground);
    expect(places).toMatchObject([
      { place: 'w2' },
      { place: 'w2' },
      { place: null, relative: 'README.md' },
      { place: 'w1', relative: 'new/y' },
    ]);
    expect(targetOf('a\0b', it.w1, it.at1, false)).toBeUndefined();
  });

  test('knows the worker of a STATUS.md, in whichever worktree it lies', () => {
    const it = project();
    for (const root of [it.home, it.w1, it.w2]) {
      expect(targetOf('.planning/phases/01-phase/STATUS.md', root, it.at1, false)?.documentOwner).toBe(
        'worker-01',
      );
      expect(
        targetOf('.planning/phases/02-none/STATUS.md', root, it.at1, false)?.documentOwner,
      ).toBeUndefined();
    }
  });

  test('of a whole tree names the worktrees below it', () => {
    const it = project();
    const below = (path: string, tree = true) =>
      targetOf(path, '/', it.at1, tree)
        ?.below.map(({ place, owner }) => `${place} ${owner}`)
        .sort();
    expect(below(it.home)).toEqual(['w1 worker-01']);
    expect(below('/')).toEqual(['null coordinator', 'w1 worker-01', 'w2 whoever works in worktree w2']);
    expect(below(join(it.home, '.claude'))).toEqual(['w1 worker-01']);
    expect(below(it.w1)).toEqual([]);
    expect(below(join(it.home, '.claude/worktrees/w'))).toEqual([]);
    expect(below(it.home, false)).toEqual([]);
  });

  type Row = [string, (it: Project) => [string, string], object];
  const aliases: Row[] = [
    [
      'STATE.md',
      (it) => [put(it.home, '.planning/STATE.md'), join(it.w1, 'notes.md')],
      { place: null, relative: '.planning/STATE.md' },
    ],
    [
      "another worktree's STATE.md",
      (it) => [put(it.w2, '.planning/STATE.md'), join(it.w1, 'notes.md')],
      { place: 'w2' },
    ],
    [
      'DECISIONS.md',
      (it) => [put(it.home, 'DECISIONS.md'), join(it.w1, 'x/notes.md')],
      { place: null, relative: 'DECISIONS.md' },
    ],
    [
      "another's STATUS.md",
      (it) => [put(it.w2, '.planning/phases/02-b/STATUS.md'), join(it.w1, 'a')],
      { place: 'w2', relative: '.planning/phases/02-b/STATUS.md' },
    ],
    [
      'the same file in another worktree',
      (it) => [put(it.w2, 'src/deep/a.ts'), join(it.w1, 'src/deep/a.ts')],
      { place: 'w2', relative: 'src/deep/a.ts' },
    ],
    [
      'the same file at home',
      (it) => [put(it.home, 'src/a.ts'), join(it.w1, 'src/a.ts')],
      { place: null, relative: 'src/a.ts' },
    ],
    [
      'a file of the same name at the root of another',
      (it) => [put(it.w2, 'a.ts'), join(it.w1, 'src/a.ts')],
      { place: 'w2', relative: 'a.ts' },
    ],
    [
      'a message',
      (it) => [put(it.home, '.coordination/inbox/worker-01/m.json'), join(it.w1, 'm')],
      { place: null, relative: '.coordination/inbox/worker-01/m.json' },
    ],
    [
      'a good copy',
      (it) => [put(it.home, '.coordination/roster/good/STATE.json'), join(it.w1, 'm')],
      { place: null, relative: '.coordination/roster/good/STATE.json' },
    ],
    ['a lease', (it) => [put(it.home, '.coordination/leases/seat/000001'), '/OUT/m'], { place: null }],
  ];
  test.each(aliases)('a hard link to %s is another name of it', (_name, make, expected) => {
    const it = project();
    const [original, alias] = make(it).map((path) => path.replace('/OUT', scratch())) as [string, string];
    mkdirSync(join(alias, '..'), { recursive: true });
    linkSync(original, alias);
    const target = targetOf(alias, '/', it.at1, false);
    expect(target?.aliasOf).toMatchObject({ path: original, ground: { kind: 'worktree', ...expected } });
  });

  test('a hard link inside its own worktree, and a file with one name, are no aliases', () => {
    const it = project();
    linkSync(put(it.w1, 'a'), join(it.w1, 'b'));
    expect(targetOf('b', it.w1, it.at1, false)?.aliasOf).toBeUndefined();
    expect(targetOf(put(it.w1, 'STATE.md'), '/', it.at1, false)?.aliasOf).toBeUndefined();
    expect(targetOf('.', it.w1, it.at1, false)?.aliasOf).toBeUndefined();
  });

  test('the guarded file itself is its own target, not an alias of itself', () => {
    const it = project();
    const state = put(it.home, '.planning/STATE.md');
    linkSync(state, join(scratch(), 'copy'));
    expect(targetOf(state, '/', it.at1, false)).toMatchObject({ path: state, aliasOf: undefined });
  });
});

describe('worktrees and owners', () => {
  test('linked worktrees are those that git knows, wherever they are, also one that is gone or moved by hand', () => {
    const it = project();
    const sorted = () => linkedRoots(it.atHome).sort((a, b) => a.name.localeCompare(b.name));
    expect(sorted()).toEqual([
      { name: 'w1', root: it.w1 },
      { name: 'w2', root: it.w2 },
    ]);
    renameSync(it.w2, `${it.w2}-moved`);
    expect(sorted()).toHaveLength(2);
    mkdirSync(join(it.home, '.git/worktrees/broken'));
    expect(sorted()).toHaveLength(2);
    rmSync(join(it.home, '.git/worktrees'), { recursive: true });
    expect(sorted()).toEqual([]);
  });

  test('an owner is the worker of the place, the coordinator, or whoever works there', () => {
    const it = project();
    expect([null, 'w1', 'w2'].map((place) => ownerOfPlace(it.home, place))).toEqual([
      'coordinator',
      'worker-01',
      'whoever works in worktree w2',
    ]);
  });

  test('a file system is case-blind where the other spelling of a folder is there too', () => {
    const it = project();
    expect(isCaseBlind(it.home)).toBe(false);
    mkdirSync(join(it.home, '.COORDINATION'));
    expect(isCaseBlind(it.home)).toBe(true);
  });
});
