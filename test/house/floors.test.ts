/** Imports go down, never up: the floors of the README, read from the import lines. */
import { describe, expect, test } from 'vitest';
import { filesBelow, type Import, importsIn, treeOf, treeOfText } from './sources.ts';

interface Floor {
  readonly name: string;
  readonly has: (file: string) => boolean;
  /** What a file of the floor may import, beside a type of another package where `types` says so. */
  readonly mayImport: (imported: Import) => boolean;
}

const below = (imported: Import, ...folders: string[]) =>
  folders.some((folder) => imported.file?.startsWith(`${folder}/`));
const isBuiltIn = (imported: Import, ...names: string[]) => names.includes(imported.name);

const FLOORS: readonly Floor[] = [
  {
    name: 'src/domain, without its shell part, imports the domain alone',
    has: (file) => file.startsWith('src/domain/') && !file.startsWith('src/domain/shell/'),
    mayImport: (it) => below(it, 'src/domain') && !below(it, 'src/domain/shell'),
  },
  {
    name: 'src/domain/shell imports the domain, and of the parser its types alone',
    has: (file) => file.startsWith('src/domain/shell/'),
    mayImport: (it) => below(it, 'src/domain') || (it.isTypeOnly && it.name === 'unbash'),
  },
  {
    name: 'src/storage/light imports the domain, itself, node:fs and node:path',
    has: (file) => file.startsWith('src/storage/light/'),
    mayImport: (it) => below(it, 'src/domain', 'src/storage/light') || isBuiltIn(it, 'node:fs', 'node:path'),
  },
  {
    name: 'src/storage imports no use case and no surface',
    has: (file) => file.startsWith('src/storage/') && !file.startsWith('src/storage/light/'),
    mayImport: (it) => below(it, 'src/domain', 'src/storage') || it.file === undefined,
  },
  {
    name: 'src/usecases imports the domain, storage and itself, and no library',
    has: (file) => file.startsWith('src/usecases/'),
    mayImport: (it) =>
      below(it, 'src/domain', 'src/storage', 'src/usecases') || isBuiltIn(it, 'node:fs', 'node:path'),
  },
  {
    name: 'src/surfaces imports what lies below it, and of libraries the bash parser alone',
    has: (file) => file.startsWith('src/surfaces/'),
    mayImport: (it) => it.file?.startsWith('src/') === true || /^node:/.test(it.name) || it.name === 'unbash',
  },
];

const files = filesBelow('src', '.ts');
// Read before any test's clock runs.
for (const file of files) importsIn(treeOf(file));

/** Loading a sibling bundle by a name made at run time, each behind one door. */
const DOORS = [
  'src/surfaces/hooks/bundles.ts',
  'src/surfaces/hooks/code-cache.ts',
  'src/surfaces/cli/main.ts',
];

function climbs(floor: Floor, file: string, imports: readonly Import[]): string[] {
  return imports
    .filter((it) => !floor.mayImport(it) && !(DOORS.includes(file) && it.name.startsWith('(computed')))
    .map((it) => `${file}:${it.line} imports ${it.name}`);
}

const importedBy = (tree: Parameters<typeof importsIn>[0]) =>
  importsIn(tree).flatMap(({ file }) => file ?? []);

/** The files of one circle, in their order; none where there is no circle. */
function circleIn(house: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const from = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return path.slice(path.indexOf(file));
    if (done.has(file)) return [];
    for (const next of house.get(file) ?? []) {
      const circle = from(next, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of house.keys()) {
    const circle = from(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe('floors', () => {
  test('every source file stands on exactly one floor', () => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files)
      expect([file, FLOORS.filter((floor) => floor.has(file)).length]).toEqual([file, 1]);
  });

  test.each(FLOORS)('$name', (floor) => {
    const own = files.filter(floor.has);
    expect(own.length).toBeGreaterThan(5);
    expect(own.flatMap((file) => climbs(floor, file, importsIn(treeOf(file))))).toEqual([]);
  });

  test('every import names a file that exists, with its extension', () => {
    const known = new Set(files);
    const dangling = files.flatMap((file) =>
      importsIn(treeOf(file))
        .filter((it) => it.file !== undefined && !known.has(it.file))
        .map((it) => `${file}:${it.line} ${it.name}`),
    );
    expect(dangling).toEqual([]);
  });

  test('no file needs itself by way of others, not even for a type', () => {
    expect(circleIn(new Map(files.map((file) => [file, importedBy(treeOf(file))])))).toEqual([]);
  });

  test('processes are started behind three doors: git, the list of processes, and what a person or an agent names', () => {
    const spawning = files.filter((file) =>
      importsIn(treeOf(file)).some((it) => it.name === 'node:child_process' && !it.isTypeOnly),
    );
    expect(spawning.filter((file) => !file.startsWith('src/surfaces/cli/demo/'))).toEqual([
      'src/storage/git.ts',
      'src/storage/process-table.ts',
      'src/storage/supervised-process.ts',
    ]);
  });
});

/** The rules are only worth something if they would see the climb, and the circle. */
test('a circle is seen, with the files that make it', () => {
  const house = (text: string) =>
    new Map(text.split(' ').map((row) => [row.charAt(0), row.slice(2).split('')] as const));
  expect(circleIn(house('a:bc b:c c:'))).toEqual([]);
  expect(circleIn(house('a:b b:cd c: d:b'))).toEqual(['b', 'd']);
  expect(circleIn(house('a:a'))).toEqual(['a']);
});

describe('the reading of imports', () => {
  const domain = FLOORS[0] as Floor;
  test.each([
    [`import { x } from './plan.ts';`, 0],
    [`import { readFileSync } from 'node:fs';`, 1],
    [`import type { Node } from 'unbash';`, 1],
    [`import { type Node } from '../storage/files.ts';`, 1],
    [`export { x } from '../usecases/x.ts';`, 1],
    [`export * from './shell/words.ts';`, 1],
    [`const x = require('zod');`, 1],
    [`const x = await import('./plan.ts');`, 0],
    [`const x = await import('../surfaces/x.ts');`, 1],
    [`const x = await import(name);`, 1],
    [`import 'node:os';`, 1],
    [`let x: import('node:fs').Stats;`, 1],
    [`const text = "import { x } from 'node:fs'"; // import 'node:fs'`, 0],
  ])('%s in a domain file has %d climbs', (text, count) => {
    const file = 'src/domain/example.ts';
    expect(climbs(domain, file, importsIn(treeOfText(file, text)))).toHaveLength(count);
  });

  test.each([
    [`import type { Node } from 'unbash';`, true],
    [`import { type Node, type Word } from 'unbash';`, true],
    [`import { type Node, parse } from 'unbash';`, false],
    [`import { parse } from 'unbash';`, false],
    [`import unbash from 'unbash';`, false],
    [`import {} from 'unbash';`, false],
    [`export type { Node } from 'unbash';`, true],
  ])('%s: only types is %j', (text, isTypeOnly) => {
    expect(importsIn(treeOfText('src/domain/shell/example.ts', text))[0]?.isTypeOnly).toBe(isTypeOnly);
  });
});
