/** The product's own files as the house rules look at them: listed, read and parsed, each once. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { root } from '../build/build.ts';

export interface Import {
  /** As written: `./plan.ts`, `node:fs`, `zod`. */
  readonly name: string;
  /** For a relative one, the file that it names, from the root: `src/domain/plan.ts`. */
  readonly file: string | undefined;
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** Paths from the root, with forward slashes. */
export function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => slashed(relative(root, join(entry.parentPath, entry.name))))
    .filter((file) => !file.includes('node_modules/'))
    .sort();
}

export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

const trees = new Map<string, ts.SourceFile>();

export function treeOf(file: string): ts.SourceFile {
  const known = trees.get(file);
  if (known) return known;
  const tree = treeOfText(file, textOf(file));
  trees.set(file, tree);
  return tree;
}

export function treeOfText(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** To go through a tree costs far more than a list: each of a dozen rules looks at every node. */
const nodes = new WeakMap<ts.SourceFile, ts.Node[]>();

/** Every node of a file, each before those in it. */
export function everyNode(tree: ts.SourceFile, visit: (node: ts.Node) => void): void {
  for (const node of nodes.get(tree) ?? listNodes(tree)) visit(node);
}

function listNodes(tree: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const walk = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, walk);
  };
  walk(tree);
  nodes.set(tree, found);
  return found;
}

const imports = new WeakMap<ts.SourceFile, readonly Import[]>();

/** Every way in which a file names another module: import, export … from, import(), require(), import types. */
export function importsIn(tree: ts.SourceFile): readonly Import[] {
  const known = imports.get(tree) ?? readImports(tree);
  imports.set(tree, known);
  return known;
}

function readImports(tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, named: ts.Node | undefined, isTypeOnly: boolean): void => {
    const name = named && ts.isStringLiteralLike(named) ? named.text : `(computed: ${named?.getText(tree)})`;
    const file = name.startsWith('.')
      ? slashed(relative(root, resolve(root, dirname(tree.fileName), name)))
      : undefined;
    found.push({ name, file, isTypeOnly, line: lineOf(tree, node) });
  };
  everyNode(tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node));
    if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      add(node, node.moduleSpecifier, node.isTypeOnly);
    if (ts.isImportTypeNode(node)) add(node, literalOf(node.argument), true);
    if (!ts.isCallExpression(node)) return;
    const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire)
      add(node, node.arguments[0], false);
  });
  return found;
}

/** `import type …`, or braces in which every name is a type. */
function isTypeImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  if (clause.name || !names || !ts.isNamedImports(names)) return false;
  return names.elements.length > 0 && names.elements.every((element) => element.isTypeOnly);
}

function literalOf(type: ts.TypeNode): ts.Node {
  return ts.isLiteralTypeNode(type) ? type.literal : type;
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
