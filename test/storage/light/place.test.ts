import {
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { linkedRoots } from '../../../src/storage/light/location.ts';
import {
  coordinatedPlaceOf,
  HOME_POINTER,
  hasHome,
  isCoordinated,
  placeAt,
  placeOf,
} from '../../../src/storage/light/place.ts';
import { gitIn } from '../../kit/project.ts';
import { coordinated, linked, put, repository, scratch, unborn } from '../scratch.ts';

const started = process.cwd();
afterEach(() => process.chdir(started));

describe('the primary worktree', () => {
  test.each(['', 'src', 'src/deep'])('is found from its folder "%s"', (below) => {
    const root = repository();
    mkdirSync(join(root, 'src/deep'), { recursive: true });
    const gitDir = join(root, '.git');
    expect(placeOf(join(root, below))).toEqual({ home: root, root, name: null, gitDir, commonDir: gitDir });
  });

  test('is found without a commit', () => {
    const root = unborn(join(scratch(), 'r'));
    expect(placeOf(root)).toMatchObject({ home: root, name: null });
  });

  test('is found through a linked folder, and under its real name', () => {
    const root = repository();
    mkdirSync(join(root, 'src'));
    const alias = join(scratch(), 'alias');
    symlinkSync(join(root, 'src'), alias);
    expect(placeOf(alias)?.root).toBe(root);
    process.chdir(join(root, 'src'));
    expect(placeOf(process.cwd())?.root).toBe(root);
  });

  test('is found where `.git` is a link to the git folder', () => {
    const root = repository();
    const elsewhere = join(scratch(), 'moved.git');
    renameSync(join(root, '.git'), elsewhere);
    symlinkSync(elsewhere, join(root, '.git'));
    expect(placeOf(root)).toMatchObject({ home: root, root, name: null });
  });
});

describe('a linked worktree', () => {
  test('has a name, and its home is the primary one', () => {
    const root = repository();
    const other = linked(root, 'w1', join(scratch(), 'folder-of-another-name'));
    const name = 'folder-of-another-name';
    mkdirSync(join(other, 'src'));
    expect(placeOf(join(other, 'src'))).toEqual({
      home: root,
      root: other,
      name,
      gitDir: join(root, '.git/worktrees', name),
      commonDir: join(root, '.git'),
    });
  });

  test('inside the primary one is the nearer place', () => {
    const root = repository();
    const inside = linked(root, 'w1');
    expect(placeOf(inside)).toMatchObject({ home: root, root: inside, name: 'w1' });
    expect(placeOf(join(inside, '..'))).toMatchObject({ root, name: null });
  });

  test('is found by a relative pointer', () => {
    const root = repository();
    const inside = linked(root, 'w1');
    writeFileSync(join(inside, '.git'), 'gitdir: ../../../.git/worktrees/w1\n');
    expect(placeOf(inside)).toMatchObject({ home: root, name: 'w1', commonDir: join(root, '.git') });
    expect(gitIn(inside, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('branch-w1');
  });

  test('is found by a pointer with CRLF or without a line end', () => {
    const root = repository();
    const inside = linked(root, 'w1');
    const pointer = readFileSync(join(inside, '.git'), 'utf8').trim();
    for (const end of ['\r\n', '']) {
      writeFileSync(join(inside, '.git'), pointer + end);
      expect(placeOf(inside)).toMatchObject({ name: 'w1' });
    }
  });

  test.each(['a\nb', 'a\r\nb', ' a '])('is found in a repository whose folder is named %j', (name) => {
    const root = repository(join(scratch(), name));
    const inside = linked(root, 'w1');
    expect(placeOf(inside)).toMatchObject({ home: root, root: inside, name: 'w1' });
    expect(linkedRoots({ commonDir: join(root, '.git') })).toEqual([{ name: 'w1', root: inside }]);
  });

  test('of a repository that was reached through a link has the same home as the repository', () => {
    const root = repository();
    const alias = join(scratch(), 'alias');
    symlinkSync(root, alias);
    const inside = linked(alias, 'w1', join(alias, 'w1'));
    expect(placeOf(inside)?.home).toBe(realpathSync(root));
  });
});

describe('a repository of its own', () => {
  test('a submodule is one', () => {
    const library = repository();
    const root = repository();
    gitIn(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'lib');
    const lib = join(root, 'lib');
    expect(placeOf(lib)).toMatchObject({
      home: lib,
      root: lib,
      name: null,
      gitDir: join(root, '.git/modules/lib'),
    });
  });

  test('a nested repository is one', () => {
    const root = repository();
    const nested = repository(join(root, 'vendor/nested'));
    expect(placeOf(nested)).toMatchObject({ home: nested, name: null });
    expect(placeOf(join(root, 'vendor'))).toMatchObject({ home: root });
  });

  test('one with a separate git folder is one', () => {
    const base = scratch();
    const root = unborn(join(base, 'work'), '--separate-git-dir', join(base, 'apart'));
    expect(placeOf(root)).toMatchObject({ home: root, name: null, commonDir: join(base, 'apart') });
  });

  test('a worktree linked to a separate git folder has a home only where one was written down', () => {
    const base = scratch();
    const root = unborn(join(base, 'work'), '--separate-git-dir', join(base, 'apart'));
    gitIn(root, 'commit', '-qm', 'x', '--allow-empty');
    const other = linked(root, 'w1', join(base, 'w1'));
    expect(placeOf(other)).toMatchObject({ home: undefined, name: 'w1' });
    writeFileSync(join(base, 'apart', HOME_POINTER), `${root}\n`);
    expect(placeOf(other)).toMatchObject({ home: root, name: 'w1' });
    writeFileSync(join(base, 'apart', HOME_POINTER), `${base}/ two\nlines \n`);
    expect(placeOf(other)?.home).toBe(`${base}/ two\nlines `);
  });
});

describe('a bare repository', () => {
  function bare(): { base: string; folder: string; other: string } {
    const base = scratch();
    gitIn(base, 'clone', '-q', '--bare', repository(), 'store.git');
    const folder = join(base, 'store.git');
    return { base, folder, other: linked(folder, 'w1', join(base, 'w1')) };
  }

  test('has no home, and nor has its linked worktree', () => {
    const { folder, other } = bare();
    expect(placeOf(folder)).toBeUndefined();
    const place = placeOf(other);
    expect(place).toMatchObject({ home: undefined, root: other, name: 'w1', commonDir: folder });
    expect(place && hasHome(place)).toBe(false);
    expect(coordinatedPlaceOf(other)).toBeUndefined();
  });

  test('has the home that was written down, an empty note is none', () => {
    const { base, folder, other } = bare();
    writeFileSync(join(folder, HOME_POINTER), '\n');
    expect(placeOf(other)?.home).toBeUndefined();
    writeFileSync(join(folder, HOME_POINTER), join(base, 'home'));
    expect(placeOf(other)?.home).toBe(join(base, 'home'));
  });
});

describe('what is no repository', () => {
  const rows: [string, (root: string) => void][] = [
    ['an empty `.git` folder', (root) => mkdirSync(join(root, '.git'))],
    ['a `.git` file of other words', (root) => put(root, '.git', 'hello\n')],
    ['an empty `.git` file', (root) => put(root, '.git', '')],
    ['a dangling `.git` link', (root) => symlinkSync('nowhere', join(root, '.git'))],
    ['a `.git` link to itself', (root) => symlinkSync('.git', join(root, '.git'))],
    ['nothing', () => undefined],
  ];
  test.each(rows)('%s: the walk goes on upward', (_name, make) => {
    const outer = repository();
    const inner = join(outer, 'inner');
    mkdirSync(inner);
    make(inner);
    expect(placeAt(inner)).toBeUndefined();
    expect(placeOf(inner)).toMatchObject({ root: outer });
  });

  test('a folder that is not there, a file, and the root are no place', () => {
    const folder = scratch();
    expect(placeOf(join(folder, 'none'))).toBeUndefined();
    expect(placeOf('/')).toBeUndefined();
    const place = placeOf(folder);
    expect(place === undefined || place.root !== folder).toBe(true);
  });
});

describe('a coordinated project', () => {
  test('is one where coord was set up, seen from each of its worktrees', () => {
    const root = repository();
    const other = linked(root, 'w1');
    expect([isCoordinated(root), coordinatedPlaceOf(root), coordinatedPlaceOf(other)]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    coordinated(root);
    expect(coordinatedPlaceOf(root)).toMatchObject({ home: root, name: null });
    expect(coordinatedPlaceOf(other)).toMatchObject({ home: root, name: 'w1' });
    rmSync(join(root, '.coordination/roster'), { recursive: true });
    expect(coordinatedPlaceOf(other)).toBeUndefined();
  });
});
