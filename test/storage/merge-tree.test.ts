/** The radar's answers, held against real merges in a clone. */

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { meetingIn } from '../../src/domain/footprint.ts';
import { historyOf } from '../../src/storage/branch-history.ts';
import { gitVersion, hasMergeTree, openMergeAsker } from '../../src/storage/merge-tree.ts';
import { type Edit, importHistory, lines, type Made, textOf } from '../kit/histories.ts';
import { isLong } from '../kit/long.ts';
import { inOwnTmpdir } from '../kit/own-tmpdir.ts';
import { gitIn } from '../kit/project.ts';
import { scratch, unborn } from './scratch.ts';

function made(commits: readonly Made[]): string {
  const repository = unborn(join(scratch(), 'repo'));
  gitIn(repository, 'config', 'gc.auto', '0');
  importHistory(repository, commits);
  return repository;
}

const at = (repository: string, branch: string) => gitIn(repository, 'rev-parse', branch).trim();

function ask(repository: string, ours: string, theirs: string) {
  const asker = openMergeAsker(repository, join(repository, '.git'));
  try {
    return asker.ask(at(repository, ours), at(repository, theirs), 10_000);
  } finally {
    asker.end();
  }
}

/** Where git puts one of two that collide: `<path>~<branch or commit>`. */
const plain = (names: readonly string[]) =>
  [...new Set(names.filter((name) => name !== '').map((name) => name.replace(/~[^~/]*$/, '')))].sort();

/** What `git merge` leaves in conflict, in a clone that nothing else happens in. */
function merged(clone: string, ours: string, theirs: string): string[] | 'unrelated' | 'died' | 'unstaged' {
  gitIn(clone, 'reset', '-q', '--hard');
  gitIn(clone, 'clean', '-qffdx');
  gitIn(clone, 'checkout', '-q', '--detach', ours);
  const merge = spawnSync('git', ['merge', '-q', '--no-commit', '--no-ff', theirs], {
    cwd: clone,
    encoding: 'utf8',
  });
  if (/unrelated histories/.test(merge.stderr)) return 'unrelated';
  const unmerged = gitIn(clone, 'ls-files', '-u', '-z')
    .split('\0')
    .map((line) => line.slice(line.indexOf('\t') + 1));
  const found = plain(unmerged);
  // It says what conflicts, and dies over writing it down (git 2.39, a file and a folder moved onto each other).
  if (merge.status === 128 && merge.stdout.includes('CONFLICT')) return 'died';
  // A folder that was moved onto another: a conflict, of which no file is entered as conflicting.
  if (found.length === 0 && merge.status === 1 && merge.stdout.includes('CONFLICT')) return 'unstaged';
  if (found.length === 0 && merge.status !== 0)
    throw new Error(`git merge: ${merge.status} ${merge.stdout}${merge.stderr}`);
  return found;
}

function cloneOf(repository: string): string {
  const clone = join(scratch(), 'clone');
  gitIn(repository, 'clone', '-q', '--no-checkout', repository, clone);
  for (const [key, value] of [
    ['user.name', 'T'],
    ['user.email', 't@example.invalid'],
  ])
    gitIn(clone, 'config', key ?? '', value ?? '');
  return clone;
}

const write = (path: string, text: string): Edit => ({ do: 'write', path, text });
const body = (name: string, ...changes: [number, string][]) => {
  const all = lines(name);
  for (const [line, text] of changes) all[line] = text;
  return textOf(all);
};

const base: Edit[] = [
  write('a.txt', body('a')),
  write('src/one.ts', body('one')),
  write('src/two.ts', body('two')),
  write('src/deep/three.ts', body('three')),
  write('docs/guide.md', body('guide')),
  write('image.bin', `\u0000\u0001${body('binary')}`),
];

/** Two branches off one base. */
const pair = (left: Edit[], right: Edit[]): Made[] => [
  { branch: 'main', parents: [], edits: base },
  { branch: 'left', parents: [0], edits: left },
  { branch: 'right', parents: [0], edits: right },
];

const HOSTILE = [
  'a b',
  'line\nbreak',
  'quo"te',
  "apo'strophe",
  '-dash',
  '--name-only',
  'ünï-😀',
  '$(touch ran)',
  'x~HEAD',
  '\u0001control',
  ':(top)x',
  'tab\tin',
];

const CASES: { title: string; left: Edit[]; right: Edit[]; files: string[] }[] = [
  {
    title: 'edits far apart',
    left: [write('a.txt', body('a', [0, 'L']))],
    right: [write('a.txt', body('a', [11, 'R']))],
    files: [],
  },
  {
    title: 'edits of one line',
    left: [write('a.txt', body('a', [5, 'L']))],
    right: [write('a.txt', body('a', [5, 'R']))],
    files: ['a.txt'],
  },
  {
    title: 'the same edit',
    left: [write('a.txt', body('a', [5, 'S']))],
    right: [write('a.txt', body('a', [5, 'S']))],
    files: [],
  },
  {
    title: 'a rename against an edit elsewhere in it',
    left: [{ do: 'move', from: 'src/one.ts', to: 'lib/first.ts' }],
    right: [write('src/one.ts', body('one', [3, 'R']))],
    files: [],
  },
  {
    title: 'a rename with an edit against an edit of that line',
    left: [
      { do: 'move', from: 'src/one.ts', to: 'lib/first.ts' },
      write('lib/first.ts', body('one', [3, 'L'])),
    ],
    right: [write('src/one.ts', body('one', [3, 'R']))],
    files: ['lib/first.ts'],
  },
  {
    title: 'two renames of one file',
    left: [{ do: 'move', from: 'a.txt', to: 'b.txt' }],
    right: [{ do: 'move', from: 'a.txt', to: 'c.txt' }],
    files: ['a.txt', 'b.txt', 'c.txt'],
  },
  {
    title: 'two files renamed to one name',
    left: [{ do: 'move', from: 'src/one.ts', to: 'n.ts' }],
    right: [{ do: 'move', from: 'src/two.ts', to: 'n.ts' }],
    files: ['n.ts'],
  },
  {
    title: 'a file added by both',
    left: [write('new.ts', 'left\n')],
    right: [write('new.ts', 'right\n')],
    files: ['new.ts'],
  },
  {
    title: 'a removal against an edit',
    left: [{ do: 'delete', path: 'a.txt' }],
    right: [write('a.txt', body('a', [5, 'R']))],
    files: ['a.txt'],
  },
  {
    title: 'a file against a folder',
    left: [write('thing', 'file\n')],
    right: [write('thing/in.txt', 'x\n')],
    files: ['thing'],
  },
  {
    title: 'a new file in a folder that the other moved',
    left: [{ do: 'move', from: 'src', to: 'lib' }],
    right: [write('src/new.ts', body('new'))],
    files: ['lib/new.ts'],
  },
  {
    title: 'a binary file',
    left: [write('image.bin', '\u0000L')],
    right: [write('image.bin', '\u0000R')],
    files: ['image.bin'],
  },
  {
    title: 'a link against another',
    left: [{ do: 'link', path: 'l', to: 'a.txt' }],
    right: [{ do: 'link', path: 'l', to: 'docs' }],
    files: ['l'],
  },
  {
    title: 'files with hostile names',
    left: HOSTILE.map((name) => write(name, 'left\n')),
    right: HOSTILE.map((name) => write(name, 'right\n')),
    files: HOSTILE,
  },
];

describe('a merge that is asked for', () => {
  let repository: string;
  let clone: string;
  beforeAll(() => {
    const root: Made = { branch: 'main', parents: [], edits: base };
    const branches = CASES.flatMap(({ left, right }, n): Made[] => [
      { branch: `left-${n}`, parents: [0], edits: left },
      { branch: `right-${n}`, parents: [0], edits: right },
    ]);
    repository = made([root, ...branches]);
    clone = cloneOf(repository);
  });

  test.each(CASES)('of $title is in conflict in $files, as a real one is', (one) => {
    const { files } = one;
    const [left, right] = [`left-${CASES.indexOf(one)}`, `right-${CASES.indexOf(one)}`];
    expect(ask(repository, left, right)).toEqual({ files: [...files].sort(), count: files.length });
    expect(merged(clone, `origin/${left}`, `origin/${right}`)).toEqual(plain(files));
  });

  test('of a new file whose folder the other moved onto one that has its name is in conflict', () => {
    const repository = made(
      pair(
        [
          { do: 'move', from: 'src/one.ts', to: 'docs/one.ts' },
          { do: 'move', from: 'src/two.ts', to: 'docs/two.ts' },
          { do: 'move', from: 'src/deep', to: 'docs/deep' },
        ],
        [write('src/guide.md', 'taken\n')],
      ),
    );
    expect(merged(cloneOf(repository), 'origin/left', 'origin/right')).toBe('unstaged');
    expect(ask(repository, 'left', 'right')).toEqual({ files: ['docs/guide.md'], count: 1 });
  });

  test('of a submodule that both moved is in conflict', () => {
    const repository = made(pair([], []));
    const commits = ['1', '2', '3'].map((digit) => digit.repeat(40));
    for (const [at, branch] of ['main', 'left', 'right'].entries()) {
      gitIn(repository, 'checkout', '-q', '-f', '-B', branch, branch === 'main' ? 'main' : 'main^0');
      gitIn(repository, 'update-index', '--add', '--cacheinfo', `160000,${commits[at]},sub`);
      gitIn(repository, 'commit', '-qm', 'sub');
    }
    expect(ask(repository, 'left', 'right')).toMatchObject({ files: ['sub'] });
    expect(ask(repository, 'main', 'right')).toMatchObject({ count: 0 });
  });

  test('of histories that were merged crosswise is answered', () => {
    const repository = made([
      ...pair([write('a.txt', body('a', [1, 'L']))], [write('a.txt', body('a', [9, 'R']))]),
      { branch: 'left', parents: [1, 2], edits: [write('a.txt', body('a', [1, 'L'], [9, 'R']))] },
      { branch: 'right', parents: [2, 1], edits: [write('a.txt', body('a', [1, 'L2'], [9, 'R']))] },
      { branch: 'left', parents: [3], edits: [write('a.txt', body('a', [1, 'L3'], [9, 'R']))] },
    ]);
    expect(ask(repository, 'left', 'right')).toMatchObject({ files: ['a.txt'] });
    expect(merged(cloneOf(repository), 'origin/left', 'origin/right')).toEqual(['a.txt']);
  });

  test('of histories with nothing in common is told to be unrelated', () => {
    const repository = made([...pair([], []), { branch: 'stray', parents: [], edits: base }]);
    expect(ask(repository, 'left', 'stray')).toEqual({ files: [], count: 0, isUnrelated: true });
    expect(merged(cloneOf(repository), 'origin/left', 'origin/stray')).toBe('unrelated');
  });

  test('of a commit that is not there is a failure, and no conflict', () => {
    const repository = made(pair([], []));
    const asker = openMergeAsker(repository, join(repository, '.git'));
    const answer = asker.ask(at(repository, 'left'), 'f'.repeat(40), 10_000);
    asker.end();
    expect(answer).toMatchObject({ code: 'failed' });
  });

  test('leaves no object in the repository, no lock, no file anywhere', () => {
    const repository = made(
      pair([write('a.txt', body('a', [5, 'L']))], [write('a.txt', body('a', [5, 'R']))]),
    );
    const all = () =>
      gitIn(repository, 'count-objects', '-v') + readdirSync(join(repository, '.git')).sort().join();
    const before = all();
    const left = inOwnTmpdir((folder) => {
      expect(ask(repository, 'left', 'right')).toMatchObject({ count: 1 });
      return readdirSync(folder);
    });
    expect([all(), left]).toEqual([before, []]);
  });
});

describe('the version of git', () => {
  test.each([
    ['2.37.9', false],
    ['2.38.0', true],
    ['2.39.5', true],
    ['3.0.0', true],
    ['1.99', false],
    ['nonsense', false],
    [undefined, false],
  ])('%s can merge without a worktree: %j', (version, can) => {
    expect(hasMergeTree(version)).toBe(can);
  });

  test('is read from git itself', () => {
    expect(gitVersion(scratch())).toMatch(/^\d+\.\d+/);
  });
});

// --- random histories ---

const PATHS = ['a', 'b', 'd/a', 'd/b', 'd/e/a', 'd/e/b', 'f/a', 'f/e/a', 'g'] as const;
const path = fc.constantFrom<string>(...PATHS);
const folder = fc.constantFrom('d', 'd/e', 'f', 'f/e', 'h', 'h/e');
const text = fc
  .tuple(fc.constantFrom('p', 'q', 'r'), fc.nat(3), fc.constantFrom('1', '2'))
  .map(([name, line, mark]) => {
    const all = lines(name, 6);
    all[line] += mark;
    return textOf(all);
  });
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), path, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), path }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      from: fc.oneof(path, folder),
      to: fc.oneof(path, folder),
    }),
  },
);

interface Drawn {
  readonly kind: number;
  readonly other: number;
  readonly edits: readonly Edit[];
}
const BRANCHES = ['b0', 'b1', 'b2', 'b3', 'b4'] as const;
const step: fc.Arbitrary<Drawn & { branch: number }> = fc.record({
  branch: fc.nat(BRANCHES.length),
  kind: fc.nat(9),
  other: fc.nat(30),
  edits: fc.array(anyEdit, { minLength: 1, maxLength: 3 }),
});

/** The files there are after each commit: fast-import refuses to move what is not there. */
function applied(files: ReadonlyMap<string, string>, edits: readonly Edit[]): [Map<string, string>, Edit[]] {
  const now = new Map(files);
  const kept: Edit[] = [];
  const clear = (path: string) => {
    for (const name of now.keys())
      if (name === path || name.startsWith(`${path}/`) || path.startsWith(`${name}/`)) now.delete(name);
  };
  for (const edit of edits) {
    if (edit.do === 'write') {
      clear(edit.path);
      now.set(edit.path, edit.text);
    } else if (edit.do === 'delete') {
      if (!now.delete(edit.path)) continue;
    } else if (edit.do === 'move') {
      const { from, to } = edit;
      const moved = [...now].filter(([name]) => name === from || name.startsWith(`${from}/`));
      if (moved.length === 0 || from === to || to.startsWith(`${from}/`) || from.startsWith(`${to}/`))
        continue;
      for (const [name] of moved) now.delete(name);
      clear(to);
      for (const [name, text] of moved) now.set(to + name.slice(from.length), text);
    }
    kept.push(edit);
  }
  return [now, kept];
}

/** Commits on a target and five branches: forked at any commit, and some of them merging any other. */
function historyFrom(steps: readonly (Drawn & { branch: number })[]): Made[] {
  const root: Edit[] = PATHS.filter((one) => one !== 'g').map((one, at) =>
    write(one, textOf(lines(one + at, 6))),
  );
  const commits: Made[] = [{ branch: 'main', parents: [], edits: root }];
  const trees = [applied(new Map(), root)[0]];
  const tips = new Map([['main', 0]]);
  for (const { branch, kind, other, edits } of steps) {
    const name = BRANCHES[branch] ?? 'main';
    const mainTip = tips.get('main') ?? 0;
    const from = tips.get(name) ?? (kind < 7 ? mainTip : other % commits.length);
    const merged = kind === 8 ? mainTip : kind === 9 ? other % commits.length : from;
    // A merge takes its first parent's files: what the other brought is then changed back, which a merge may do.
    const [files, kept] = applied(trees[from] ?? new Map(), edits);
    tips.set(name, commits.length);
    commits.push({ branch: name, parents: merged === from ? [from] : [from, merged], edits: kept });
    trees.push(files);
  }
  return commits;
}

test('the answer for any two branches of any history is that of a real merge, and those told apart have no conflict', () => {
  let conflicts = 0;
  let apart = 0;
  const drawn = fc.array(step, { minLength: 6, maxLength: 24 });
  fc.assert(
    fc.property(drawn, fc.nat(2), (steps, skip) => {
      const commits = historyFrom(steps);
      const repository = made(commits);
      const clone = cloneOf(repository);
      const branches = [...new Set(commits.map(({ branch }) => branch))].sort();
      const tips = new Map(branches.map((branch) => [branch, at(repository, branch)]));
      const target = tips.get('main') ?? '';
      const history = historyOf(
        repository,
        target,
        [...tips.values()].filter((tip) => tip !== target),
        10_000,
      );
      const meeting = history ? meetingIn(history) : undefined;
      expect(meeting).toBeDefined();
      const asker = openMergeAsker(repository, join(repository, '.git'));
      const pairs = branches.flatMap((a, n) => branches.slice(n + 1).map((b) => [a, b] as const));
      for (const [n, [a, b]] of pairs.entries()) {
        const [ours, theirs] = [tips.get(a) ?? '', tips.get(b) ?? ''];
        const answer = asker.ask(ours, theirs, 10_000);
        const isApart = meeting?.(ours, theirs) === undefined;
        if ('code' in answer) {
          // Git 2.39 has assertions that some renames make fail, in a real merge as here.
          expect([isApart, answer]).toEqual([
            false,
            { code: 'failed', detail: expect.stringContaining('Assertion') },
          ]);
          continue;
        }
        if (isApart) {
          apart += 1;
          expect([a, b, answer]).toEqual([a, b, { files: [], count: 0 }]);
        }
        if (answer.count > 0) conflicts += 1;
        // A real merge takes thirty times as long: a third of them is looked at, another third in the next history.
        if (n % 3 !== skip) continue;
        const real = merged(clone, ours, theirs);
        if (real === 'died' || real === 'unstaged') expect(answer.count).toBeGreaterThan(0);
        else expect([a, b, real]).toEqual([a, b, plain(answer.files)]);
      }
      asker.end();
    }),
    { numRuns: isLong ? 150 : 6, endOnFailure: true },
  );
  expect(conflicts).toBeGreaterThan(5);
  expect(apart).toBeGreaterThan(5);
});
