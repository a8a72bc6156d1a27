/** What a file hands out, somebody takes: else it is dead, or nobody else's business. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { everyNode, filesBelow, importsIn, textOf, treeOf, treeOfText } from './sources.ts';

/** Values that a file exports; types describe what its functions take and give, and may be there to be read. */
function exportedBy(tree: ts.SourceFile): string[] {
  return tree.statements.flatMap((node) => {
    const isExported =
      ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.map(({ name }) => name.getText(tree));
    const isValue = ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node);
    return isValue && node.name ? [node.name.text] : [];
  });
}

/** `src/domain/plan.ts#printPlan` of each name that a file takes from another. */
function takenBy(tree: ts.SourceFile): string[] {
  const files = new Map(importsIn(tree).map(({ name, file }) => [name, file]));
  const found: string[] = [];
  everyNode(tree, (node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return;
    const from =
      node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text;
    const file = from ? files.get(from) : undefined;
    const names = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
    if (file === undefined) return;
    const isAll = names
      ? !ts.isNamedImports(names) && !ts.isNamedExports(names)
      : ts.isExportDeclaration(node);
    if (isAll) found.push(`${file}#*`);
    else
      for (const one of (names as ts.NamedImports | ts.NamedExports | undefined)?.elements ?? [])
        found.push(`${file}#${(one.propertyName ?? one.name).text}`);
  });
  return found;
}

/** Entries hand out what their bundle is asked for at run time. */
const sources = filesBelow('src', '.ts').filter((file) => !file.includes('/entries/'));
const takenFrom = (files: readonly string[]) => new Set(files.flatMap((file) => takenBy(treeOf(file))));
const byProduct = takenFrom([...filesBelow('src', '.ts'), ...filesBelow('test/build', '.ts')]);
const byTests = takenFrom(filesBelow('test', '.ts'));

function hasUseIn(file: string, name: string): boolean {
  return textOf(file).split(new RegExp(`(?<![\\w$])${name.replace('$', '\\$')}(?![\\w$])`)).length > 2;
}

test('no file exports a value that nobody imports', () => {
  const idle = sources.flatMap((file) =>
    exportedBy(treeOf(file))
      .filter(
        (name) => ![name, '*'].some((it) => byProduct.has(`${file}#${it}`) || byTests.has(`${file}#${it}`)),
      )
      .map((name) => `${file} ${name}`),
  );
  expect(idle).toEqual([]);
});

/** The whole of a rule, which the one that loads no library is held against. */
const ORACLES = ['src/storage/message-schema.ts envelopeSchema'];

test('nothing is there for its tests alone', () => {
  const idle = sources.flatMap((file) =>
    exportedBy(treeOf(file))
      .filter((name) => ![name, '*'].some((it) => byProduct.has(`${file}#${it}`)) && !hasUseIn(file, name))
      .map((name) => `${file} ${name}`),
  );
  expect(idle).toEqual(ORACLES);
});

test('the reading of exports and imports sees each way', () => {
  const text = `export const a = 1, b = 2; export function c() {} export class D {} export async function e() {}
    export interface F {} export type G = 1; const h = 1; export { h };`;
  expect(exportedBy(treeOfText('src/domain/x.ts', text))).toEqual(['a', 'b', 'c', 'D', 'e']);
  const taking = `import { a, b as c, type D } from './y.ts'; import * as e from './z.ts'; export { f } from '../g.ts';
    import h from 'node:fs'; export * from './i.ts';`;
  expect(takenBy(treeOfText('src/domain/x.ts', taking))).toEqual(
    ['domain/y.ts#a', 'domain/y.ts#b', 'domain/y.ts#D', 'domain/z.ts#*', 'g.ts#f', 'domain/i.ts#*'].map(
      (it) => `src/${it}`,
    ),
  );
});
