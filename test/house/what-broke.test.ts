/**
 * test/what-broke.md says of each way in which systems of this kind have failed which test would fail if coord failed so
 * too. Here the table is held against the tests: each one that it names is there, once, and runs in every run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { root } from '../build/build.ts';
import { everyNode, filesBelow, textOf, treeOf, treeOfText } from './sources.ts';

const TABLE = 'test/what-broke.md';
const SECTIONS = ['Locks', 'State', 'Messages', 'Hooks', 'Gate and queue', 'Guards', 'Cost'];

interface Row {
  readonly section: string;
  readonly line: number;
  readonly what: string;
  readonly file: string;
  /** A test's title, or `describe › title`, or its beginning; a line of a table of commands. */
  readonly title: string;
  /** Which of the test's cases, by a text of it; may be empty. */
  readonly example: string;
}

/** Rows of the tables, and what is wrong with lines that look like some. */
function readRows(text: string): { rows: Row[]; flaws: string[] } {
  const rows: Row[] = [];
  const flaws: string[] = [];
  let section = '';
  for (const [at, line] of text.split('\n').entries()) {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    if (!line.startsWith('|') || /^\| (?:---|what broke) \|/.test(line)) continue;
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    const [before, what = '', file = '', title = '', example = '', after] = cells;
    const isWhole = before === '' && after === '' && cells.length === 6;
    const named = /^`(test\/[\w./-]+)`$/.exec(file)?.[1];
    if (!isWhole || section === '' || what === '' || title === '' || named === undefined)
      flaws.push(`line ${at + 1}: ${line}`);
    else rows.push({ section, line: at + 1, what, file: named, title, example });
  }
  return { rows, flaws };
}

interface Named {
  readonly path: readonly string[];
  readonly isAlways: boolean;
}

const CALLS = new Set(['test', 'it', 'describe']);
/** What keeps a test from running, or turns it round; `runIf` of a platform or of root is no such thing. */
const NEVER = /\.(?:skip|todo|fails|only)\b|isLong/;

/** All tests of a file with the titles of the blocks around them. */
function testsIn(tree: ts.SourceFile): Named[] {
  const found: Named[] = [];
  const walk = (node: ts.Node, path: readonly string[], isAlways: boolean): void => {
    const call = ts.isCallExpression(node) ? titledCall(node) : undefined;
    if (!call) {
      ts.forEachChild(node, (child) => walk(child, path, isAlways));
      return;
    }
    const runs = isAlways && !NEVER.test(call.callee);
    if (call.name === 'describe') ts.forEachChild(node, (child) => walk(child, [...path, call.title], runs));
    else found.push({ path: [...path, call.title], isAlways: runs });
  };
  walk(tree, [], true);
  return found;
}

function titledCall(node: ts.CallExpression): { name: string; title: string; callee: string } | undefined {
  let callee: ts.Expression = node.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  const [title] = node.arguments;
  if (!ts.isIdentifier(callee) || !CALLS.has(callee.text) || !title || node.arguments.length < 2)
    return undefined;
  const text = ts.isStringLiteralLike(title)
    ? title.text
    : ts.isTemplateExpression(title)
      ? title.getText().slice(1, -1)
      : undefined;
  // Which cases an `each` has is no condition: what counts is what it is called on.
  const head = node.expression.getText().replace(/\.each\([\s\S]*$/, '');
  return text === undefined ? undefined : { name: callee.text, title: text, callee: head };
}

function matches({ path }: Named, title: string): boolean {
  const words = title.split(' › ');
  const [last = '', ...above] = [...words].reverse();
  const around = path.slice(0, -1);
  const isAround = above.every((word) => around.some((one) => one.startsWith(word)));
  return isAround && (path.at(-1) ?? '').startsWith(last);
}

/** Undefined when the row names what is there. */
function flawOf({ file, title, example }: Row): string | undefined {
  if (!existsSync(join(root, file))) return `${file} is not there`;
  if (file.endsWith('.txt')) {
    const lines = textOf(file).split('\n');
    return lines.filter((line) => line === title).length > 0 ? undefined : `${file} has no line ${title}`;
  }
  if (!file.endsWith('.test.ts')) return `${file} is no test`;
  const all = testsIn(treeOf(file)).filter((one) => matches(one, title));
  const exact = all.filter(({ path }) => path.at(-1) === title.split(' › ').at(-1));
  const found = exact.length > 0 ? exact : all;
  // Two tables of cases may have one title: then the case tells.
  if (found.length === 0 || (found.length > 1 && example === ''))
    return `${file} has ${found.length} tests called ${title}`;
  if (!found.every(({ isAlways }) => isAlways)) return `${file}: ${title} does not run in every run`;
  return example === '' || literalsOf(file).some((text) => text.includes(example))
    ? undefined
    : `${file} has no case ${example}`;
}

const literals = new Map<string, string[]>();

function literalsOf(file: string): string[] {
  const known = literals.get(file);
  if (known) return known;
  const found: string[] = [];
  const tree = treeOf(file);
  everyNode(tree, (node) => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node)) found.push(node.getText(tree).slice(1, -1));
  });
  literals.set(file, found);
  return found;
}

const { rows, flaws } = readRows(textOf(TABLE));

describe(TABLE, () => {
  test('has whole rows only, and each says something of its own', () => {
    expect(flaws).toEqual([]);
    const what = rows.map((row) => row.what);
    expect(what.filter((one, at) => what.indexOf(one) !== at)).toEqual([]);
  });

  test('has all sections, and a good number of rows', () => {
    const sections = [...new Set(rows.map(({ section }) => section))];
    expect(SECTIONS.filter((section) => !sections.includes(section))).toEqual([]);
    expect(rows.length).toBeGreaterThan(90);
  });

  test.each(rows)('line $line, $section: $what', (row) => {
    expect(flawOf(row)).toBeUndefined();
  });
});

describe('the measurements', () => {
  test('begin each process in a clean environment', () => {
    const benches = filesBelow('test/bench', '.ts');
    expect(benches.length).toBeGreaterThan(5);
    // Whoever hands on all of its own environment hands on NODE_EXTRA_CA_CERTS, which costs more than a hook.
    const handsOn = /\.\.\.process\.env\b|env: process\.env\b/;
    expect(benches.filter((file) => handsOn.test(textOf(file)))).toEqual([]);
    // And who says nothing of it hands it on too.
    const starts = benches.filter((file) => /\b(?:spawn|spawnSync|fork)\(/.test(textOf(file)));
    expect(starts.filter((file) => !/\benv\b|bareEnvironment/.test(textOf(file)))).toEqual([]);
  });
});

describe('the reading of the table', () => {
  const head = '## A\n\n| what broke | test | title | case |\n| --- | --- | --- | --- |\n';
  test.each([
    ['| a | `test/x.test.ts` | t | |', 1, 0],
    ['| a \\| b | `test/x.test.ts` | t | c |', 1, 0],
    ['| a | test/x.test.ts | t | |', 0, 1],
    ['| a | `src/x.ts` | t | |', 0, 1],
    ['| a | `test/x.test.ts` | | |', 0, 1],
    ['| | `test/x.test.ts` | t | |', 0, 1],
    ['| a | `test/x.test.ts` | t |', 0, 1],
    ['| a | `test/x.test.ts` | t | | |', 0, 1],
  ])('%s: %d rows, %d flaws', (line, good, bad) => {
    const read = readRows(`${head}${line}\n`);
    expect([read.rows.length, read.flaws.length]).toEqual([good, bad]);
  });

  test.each([
    ["test('a b', () => {});", 'a', true],
    ["test('a b', () => {});", 'b', undefined],
    ["describe('d', () => { it.each([1])('a %d', () => {}); });", 'd › a %d', true],
    ["describe('d', () => { it('a', () => {}); });", 'e › a', undefined],
    ["test.skip('a', () => {});", 'a', false],
    ["test.fails('a', () => {});", 'a', false],
    ["describe.runIf(isLong)('d', () => { test('a', () => {}); });", 'a', false],
    ["test.runIf(isRoot)('a', () => {});", 'a', true],
    ["test.each(isLong ? [1, 2] : [1])('a %d', () => {});", 'a', true],
    // A comment or a text is no test.
    ["const x = \"test('a', f)\"; // test('a', f)", 'a', undefined],
  ])('%s has %s, and always: %j', (text, title, isAlways) => {
    const found = testsIn(treeOfText('a.test.ts', text)).filter((one) => matches(one, title));
    expect(found[0]?.isAlways).toBe(isAlways);
  });

  test('a file, a title or a case that is not there is found out', () => {
    const row = { section: 'A', line: 1, what: 'x', file: 'test/house/what-broke.test.ts', example: '' };
    const title = 'a file, a title or a case that is not there';
    expect(flawOf({ ...row, title })).toBeUndefined();
    expect(flawOf({ ...row, title: 'no such title' })).toContain('has 0 tests');
    expect(flawOf({ ...row, title, example: ['no', 'such', 'case'].join(' ') })).toContain('has no case');
    expect(flawOf({ ...row, title, file: 'test/house/gone.test.ts' })).toContain('is not there');
    const commands = 'test/surfaces/guard-commands/worker-git.txt';
    expect(flawOf({ ...row, title: '- git no such line', file: commands })).toContain('has no line');
  });
});
