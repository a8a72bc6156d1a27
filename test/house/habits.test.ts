/** How the sources are written: limits, names, what a catch does, nothing of the machine that they were made on. */
import { basename } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { everyNode, filesBelow, lineOf, textOf, treeOf, treeOfText } from './sources.ts';

const FILE_LINES_MAX = 250;
const FUNCTION_LINES_MAX = 70;

const files = filesBelow('src', '.ts');
// Read before any test's clock runs.
for (const file of files) treeOf(file);

function linesIn(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)
  );
}

/** `file:line name (lines)` of each function that is too long. */
function longFunctions(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  everyNode(tree, (node) => {
    if (!isFunction(node)) return;
    const first = lineOf(tree, node);
    const last = tree.getLineAndCharacterOfPosition(node.end).line + 1;
    const lines = last - first + 1;
    if (lines > FUNCTION_LINES_MAX)
      found.push(`${tree.fileName}:${first} ${node.name?.getText(tree) ?? 'function'} (${lines})`);
  });
  return found;
}

function defaultExports(tree: ts.SourceFile): number[] {
  const found: number[] = [];
  everyNode(tree, (node) => {
    const isKeyword = node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent);
    const isRenamed = ts.isExportSpecifier(node) && node.name.text === 'default';
    const isAssigned = ts.isExportAssignment(node);
    if (isKeyword || isRenamed || isAssigned) found.push(lineOf(tree, node));
  });
  return found;
}

/**
 * A catch names the failure that it expects: it looks at the error's code or kind, hands the error on, or throws; and
 * one that looks at nothing says in a comment why nothing need be known.
 */
function looseCatches(tree: ts.SourceFile): number[] {
  const found: number[] = [];
  everyNode(tree, (node) => {
    if (!ts.isCatchClause(node)) return;
    const body = node.block.getText(tree);
    const hasComment = /\/\/|\/\*/.test(body);
    const isEmpty = node.block.statements.length === 0;
    const isBound = node.variableDeclaration !== undefined && isUsed(tree, node);
    if (isEmpty ? !hasComment : !isBound && !hasComment) found.push(lineOf(tree, node));
  });
  return found;
}

function isUsed(tree: ts.SourceFile, clause: ts.CatchClause): boolean {
  const name = clause.variableDeclaration?.name;
  if (!name || !ts.isIdentifier(name)) return name !== undefined;
  let used = false;
  everyNode(tree, (node) => {
    const isInside = node.pos >= clause.block.pos && node.end <= clause.block.end;
    if (isInside && ts.isIdentifier(node) && node.text === name.text) used = true;
  });
  return used;
}

/** Says what a bundle begins with or hands out; what it is for stands in the file that it names. */
function isEntry(file: string): boolean {
  return file.includes('/entries/');
}

/** Only hands on what other files export. Types weigh nothing, and may come through one door. */
function isBarrel({ statements }: ts.SourceFile): boolean {
  const isHandedOn = (it: ts.Statement) =>
    ts.isExportDeclaration(it) && it.moduleSpecifier !== undefined && !it.isTypeOnly;
  return statements.length > 0 && statements.every(isHandedOn);
}

describe('limits', () => {
  test(`no source file has more than ${FILE_LINES_MAX} lines`, () => {
    const long = files.map((file) => [file, linesIn(textOf(file))] as const);
    expect(long.filter(([, lines]) => lines > FILE_LINES_MAX)).toEqual([]);
  });

  test(`no function has more than ${FUNCTION_LINES_MAX} lines`, () => {
    expect(files.flatMap((file) => longFunctions(treeOf(file)))).toEqual([]);
  });

  test.each([
    [70, 0],
    [71, 1],
  ])('a function of %d lines makes %d too long', (lines, count) => {
    for (const open of ['function f() {', 'const f = () => {', 'class A { m() {', 'const o = { get x() {']) {
      const close = open.includes('m()') || open.includes('get') ? '} }' : '}';
      const text = [`/** Doc. */`, open, ...Array(lines - 2).fill('  x();'), close].join('\n');
      expect(longFunctions(treeOfText('a.ts', text)), open).toHaveLength(count);
    }
  });
});

describe('names', () => {
  test('nothing is exported as default', () => {
    expect(files.filter((file) => defaultExports(treeOf(file)).length > 0)).toEqual([]);
  });

  test.each([
    ['export default 1;', true],
    ['export default function f() {}', true],
    ['const a = 1; export { a as default };', true],
    ['export = 1;', true],
    ['export { default } from "x";', true],
    ['switch (a) { default: b(); }', false],
    ['export const a = "export default";', false],
  ])('%s exports a default: %j', (text, expected) => {
    expect(defaultExports(treeOfText('a.ts', text)).length > 0).toBe(expected);
  });

  test('no file is a barrel, and none is named after nothing', () => {
    const forbidden = /^(index|utils?|helpers?|common|misc|manager|service|types|constants)\.ts$/;
    expect(files.filter((file) => forbidden.test(basename(file)))).toEqual([]);
    const barrels = files.filter((file) => !isEntry(file) && isBarrel(treeOf(file)));
    expect(barrels).toEqual([]);
  });

  test('files are named in kebab case', () => {
    expect(files.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(file)))).toEqual([]);
  });

  test('every file begins by saying what it is for', () => {
    const silent = files.filter((file) => !isEntry(file) && !/^(?:\/\*|\/\/)/.test(textOf(file)));
    expect(silent).toEqual([]);
  });
});

describe('catch', () => {
  test('every catch names what it expects, hands it on, or says why it need not', () => {
    const loose = files.flatMap((file) => looseCatches(treeOf(file)).map((line) => `${file}:${line}`));
    expect(loose).toEqual([]);
  });

  test.each([
    ['try { a(); } catch {}', 1],
    ['try { a(); } catch (error) {}', 1],
    ['try { a(); } catch { /* gone already */ }', 0],
    ['try { a(); } catch { return 1; }', 1],
    ['try { a(); } catch {\n  // it may be gone\n  return 1;\n}', 0],
    ['try { a(); } catch (error) { return 1; }', 1],
    ['try { a(); } catch (error) { if (error.code !== "ENOENT") throw error; }', 0],
    ['try { a(); } catch (error) { say(error); }', 0],
    ['try { a(); } catch ({ code }) { say(code); }', 0],
  ])('%j has %d loose', (text, count) => {
    expect(looseCatches(treeOfText('a.ts', `function f() { ${text} }`))).toHaveLength(count);
  });
});

describe('the machine that coord was made on', () => {
  /** Where root's own git keeps its settings is the same on every machine: what `sudo git config --global` writes. */
  const PATHS_OF_ALL_MACHINES = /\/root\/\.gitconfig/g;
  const MACHINE_PATH = /(?:^|[^\w.$}~*)])(\/(?:work|root|tmp|home)\/[\w.-]+)/gm;

  const pathsIn = (text: string) =>
    [...text.replace(PATHS_OF_ALL_MACHINES, '').matchAll(MACHINE_PATH)].map((match) => match[1]);

  const shipped = [
    ...files,
    ...filesBelow('scripts', '.cjs'),
    ...filesBelow('commands', '.md'),
    ...filesBelow('agents', '.md'),
    ...filesBelow('hooks', '.json'),
    'README.md',
    'plugin.json',
    'bin/coord',
    'bin/coord.cmd',
  ];

  test('no path of it stands in what is shipped', () => {
    const found = shipped.flatMap((file) => pathsIn(textOf(file)).map((path) => `${file}: ${path}`));
    expect(found).toEqual([]);
  });

  test.each([
    ["'/work/main/x'", ['/work/main']],
    ['see /tmp/abc.log', ['/tmp/abc.log']],
    ['/root/.npm', ['/root/.npm']],
    ["'/root/.gitconfig'", []],
    ["join(base, 'home/work/x')", []],
    ['$' + '{root}/tmp/x', []],
    ['https://example.com/work/x', []],
  ])('%s names %j', (text, paths) => {
    expect(pathsIn(text)).toEqual(paths);
  });
});
