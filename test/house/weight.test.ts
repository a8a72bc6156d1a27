/** What each bundle may hold, by esbuild's own account of a build made for this test, and whether scripts/ is that build. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUNDLES, buildAll, root } from '../build/build.ts';
import { bundledPackages } from '../build/licenses.ts';

let folder = '';
let metafiles: Record<string, Metafile> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coord-weight-'));
  metafiles = await buildAll(folder);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function metafileOf(bundle: string): Metafile {
  const metafile = metafiles[bundle];
  if (!metafile) throw new Error(`no bundle ${bundle}`);
  return metafile;
}

/** The modules that stay outside of the bundle: Node's own. */
function externals(bundle: string): string[] {
  const imports = Object.values(metafileOf(bundle).inputs).flatMap((input) => input.imports);
  const names = imports.filter((it) => it.external).map((it) => it.path.replace(/^node:/, ''));
  return [...new Set(names)].sort();
}

const LIGHT = [
  'guard',
  'guard-inside',
  'after',
  'session-end',
  'wake',
  'trespass',
  'dropped',
  'locks',
  'staging',
  'tests',
  'refusals',
  'coord',
  'session',
];
/** What runs at every tool call, or stays in memory. The trespass bundle is loaded after a trespass, and asks git. */
const HOOKS = ['guard', 'guard-inside', 'after', 'session-end', 'wake', 'session'];

/** Bundle → the packages in it; the rest hold none. */
const FRONT_MATTER =
  'extend-shallow gray-matter is-extendable kind-of section-matter strip-bom-string yaml'.split(' ');
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  shell: ['unbash'],
  evidence: ['unbash'],
  settings: FRONT_MATTER,
};

const KIB = 1024;
const BYTES_MAX: readonly [bundle: string, max: number][] = [
  ['guard', 16 * KIB],
  ['guard-inside', 80 * KIB],
  ['session', 16 * KIB],
  ['session-end', 64 * KIB],
  ['wake', 76 * KIB],
  ['after', 96 * KIB],
  ['trespass', 80 * KIB],
  ['dropped', 80 * KIB],
  ['coord', 96 * KIB],
  ['locks', 84 * KIB],
  ['staging', 72 * KIB],
  ['tests', 16 * KIB],
  ['refusals', 32 * KIB],
];

describe('weight', () => {
  test.each(LIGHT)('%s holds no library', (bundle) => {
    expect(bundledPackages([metafileOf(bundle)])).toEqual([]);
  });

  test.each(Object.entries(PACKAGES))('%s holds %j and no other library', (bundle, packages) => {
    expect(bundledPackages([metafileOf(bundle)])).toEqual(packages);
  });

  test.each(HOOKS)('%s loads neither child_process nor crypto', (bundle) => {
    expect(externals(bundle)).not.toContain('child_process');
    expect(externals(bundle)).not.toContain('crypto');
  });

  test.each(Object.keys(BUNDLES))(
    '%s loads neither TLS nor what is not in Node 20, and is no ESM',
    (bundle) => {
      const refused = ['tls', 'https', 'http', 'http2', 'net', 'sqlite'];
      expect(externals(bundle).filter((name) => refused.includes(name))).toEqual([]);
      expect(readFileSync(join(folder, `${bundle}.cjs`), 'utf8')).not.toMatch(/^(?:import|export)\s/m);
    },
  );

  test.each([
    ['guard', ['fs', 'path', 'vm']],
    ['guard-inside', ['fs', 'path', 'vm']],
    ['shell', ['fs', 'path']],
    ['trespass', ['fs', 'path', 'child_process']],
    ['locks', ['fs', 'path']],
    ['staging', ['fs', 'path', 'child_process']],
  ])('%s loads of Node %j at most', (bundle, allowed) => {
    expect(externals(bundle).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(externals(bundle)).toContain('fs');
  });

  test('the command line and the heavy half load no crypto', () => {
    expect(externals('coord')).not.toContain('crypto');
    expect(externals('full')).not.toContain('crypto');
    expect(externals('full')).toContain('child_process');
  });

  test('no heavy door reaches a light bundle, and a use case none of the hooks that run at every tool', () => {
    // These two are no tool's: one is typed, the other runs beside an idle session.
    const mayUse = new Set(['coord', 'wake']);
    for (const bundle of [...HOOKS, 'coord']) {
      const inputs = Object.keys(metafileOf(bundle).inputs);
      const heavy = inputs.filter(
        (file) =>
          /^src\/storage\/(?!light\/)/.test(file) || (!mayUse.has(bundle) && /^src\/usecases\//.test(file)),
      );
      expect([bundle, heavy]).toEqual([bundle, []]);
    }
  });

  test.each(BYTES_MAX)('%s has at most %d bytes', (bundle, max) => {
    const size = statSync(join(folder, `${bundle}.cjs`)).size;
    expect(size).toBeLessThanOrEqual(max);
    expect(size).toBeGreaterThan(500);
  });
});

describe('what is committed', () => {
  const names = [...Object.keys(BUNDLES).map((name) => `${name}.cjs`), 'THIRD-PARTY-LICENSES.txt'];

  test.each(names)('scripts/%s is what the sources make, byte for byte', (name) => {
    const committed = readFileSync(join(root, 'scripts', name));
    expect(committed.equals(readFileSync(join(folder, name)))).toBe(true);
  });

  test('scripts/ holds nothing else', () => {
    const found = readdirSync(join(root, 'scripts')).filter((name) => !/\.\d+$/.test(name));
    expect(found.sort()).toEqual([...names].sort());
  });

  test.each(names.filter((name) => name.endsWith('.cjs')))(
    'scripts/%s is ASCII outside of comments',
    (name) => {
      const text = readFileSync(join(root, 'scripts', name), 'latin1');
      if (/^[\0-\x7f]*$/.test(text)) return;
      expect(nonAsciiOutsideOfComments(text)).toEqual([]);
    },
  );

  test.each([
    ['const a = 1; // caf\u00e9', 0],
    ["/* caf\u00e9 */ const a = 'x';", 0],
    ["const a = 'caf\u00e9';", 1],
    ['const a = `caf\u00e9`;', 1],
    ["const a = '// caf\u00e9';", 1],
    ['const caf\u00e9 = 1;', 1],
  ])('%j has %d such places', (text, count) => {
    expect(nonAsciiOutsideOfComments(text)).toHaveLength(count);
  });
});

/** By the syntax tree: a token's text begins after the comments before it. */
function nonAsciiOutsideOfComments(text: string): string[] {
  const tree = ts.createSourceFile('bundle.js', text, ts.ScriptTarget.ES2022, false);
  const found: string[] = [];
  const walk = (node: ts.Node): void => {
    if (!/[^\0-\x7f]/.test(text.slice(node.pos, node.end))) return;
    let hasChildren = false;
    ts.forEachChild(node, (child) => {
      hasChildren = true;
      walk(child);
    });
    const own = hasChildren ? '' : node.getText(tree);
    if (/[^\0-\x7f]/.test(own)) found.push(own.slice(0, 80));
  };
  walk(tree);
  return found;
}
