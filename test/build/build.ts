/**
 * Builds what users run: one bundle per temperature (a branch not taken inside one file still costs its parse), CJS,
 * committed. Also copies the manifest to where the client reads it.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { bundledPackages, printLicenses } from './licenses.ts';
import { guardPreamble, preamble } from './preamble.ts';
import { writeSchemas } from './schemas.ts';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Stands around what surfaces/hooks/code-cache loads: then it need not copy half a megabyte to put it there. */
const FRAME = { banner: '(function (exports, require, module, __filename, __dirname) {', footer: '})' };

/** Bundle name → entry file, and what stands before and behind it. */
export const BUNDLES: Readonly<Record<string, { entry: string; banner: string; footer?: string }>> = {
  guard: { entry: 'src/surfaces/hooks/entries/guard.ts', banner: guardPreamble() },
  'guard-inside': { entry: 'src/surfaces/hooks/entries/guard-inside.ts', ...FRAME },
  shell: { entry: 'src/surfaces/hooks/entries/shell.ts', ...FRAME },
  seat: { entry: 'src/surfaces/hooks/entries/seat.ts', banner: '' },
  locks: { entry: 'src/surfaces/hooks/entries/locks.ts', banner: '' },
  staging: { entry: 'src/surfaces/hooks/entries/staging.ts', banner: '' },
  tests: { entry: 'src/surfaces/hooks/entries/tests.ts', banner: '' },
  refusals: { entry: 'src/surfaces/hooks/entries/refusals.ts', banner: '' },
  settings: { entry: 'src/surfaces/hooks/entries/settings.ts', banner: '' },
  trespass: { entry: 'src/surfaces/hooks/entries/trespass.ts', banner: '' },
  evidence: { entry: 'src/surfaces/hooks/entries/evidence.ts', banner: '' },
  dropped: { entry: 'src/surfaces/hooks/entries/dropped.ts', banner: '' },
  after: { entry: 'src/surfaces/hooks/entries/after.ts', banner: preamble() },
  session: { entry: 'src/surfaces/hooks/entries/session.ts', banner: preamble() },
  'session-end': { entry: 'src/surfaces/hooks/entries/session-end.ts', banner: preamble() },
  wake: { entry: 'src/surfaces/hooks/entries/wake.ts', banner: preamble() },
  coord: { entry: 'src/surfaces/cli/entries/coord.ts', banner: preamble() },
  full: { entry: 'src/surfaces/hooks/entries/full.ts', banner: '' },
};

/** Mostly other people's code: made small, since all that users fetch may have 5 MB. The rest keeps its names. */
const WITH_LIBRARIES = new Set(['full', 'shell', 'settings', 'evidence']);

export async function buildAll(folder: string): Promise<Record<string, Metafile>> {
  mkdirSync(folder, { recursive: true });
  const metafiles: Record<string, Metafile> = {};
  for (const [name, { entry, banner, footer }] of Object.entries(BUNDLES)) {
    const result = await build({
      entryPoints: [join(root, entry)],
      absWorkingDir: root,
      outfile: join(folder, `${name}.cjs`),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node14.6',
      // ASCII: a hook reads it with one byte a character.
      charset: 'ascii',
      minifyWhitespace: true,
      minifySyntax: WITH_LIBRARIES.has(name),
      minifyIdentifiers: WITH_LIBRARIES.has(name),
      legalComments: 'none',
      banner: { js: `// Built from ${entry}; do not edit.\n${banner}` },
      footer: { js: footer ?? '' },
      // gray-matter would bring a second YAML reader; the one engine takes its name.
      alias: { 'js-yaml': join(root, 'src/storage/yaml-engine.ts') },
      metafile: true,
      write: false,
      logLevel: 'warning',
      logOverride: { 'direct-eval': 'silent' },
    });
    for (const file of result.outputFiles) replaceIfNew(file.path, withMark(file.text));
    metafiles[name] = result.metafile;
  }
  const packages = bundledPackages(Object.values(metafiles));
  replaceIfNew(join(folder, 'THIRD-PARTY-LICENSES.txt'), printLicenses(root, packages));
  return metafiles;
}

/** A mark of the text at its end, by which a hook tells two builds of one length apart (surfaces/hooks/code-cache). */
function withMark(bundle: string): string {
  // esbuild writes ASCII but for regular expressions and comments, where an escape means the same; with one character
  // beyond, V8 would read all with two bytes a character.
  const text = bundle.replace(
    /[^\x00-\x7f]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}// mark ${createHash('sha256').update(text).digest('hex').slice(0, 16)}\n`;
}

/** Whole or not at all: tests may be running the bundle that stands there. */
function replaceIfNew(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}

/** What users run, the manifest where the client reads it, and the published schemas. */
export async function buildProduct(): Promise<void> {
  await buildAll(join(root, 'scripts'));
  copyFileSync(join(root, 'plugin.json'), join(root, '.claude-plugin', 'plugin.json'));
  writeSchemas(join(root, 'schemas'));
  copyInstalled(join(root, 'plugin'));
}

/** What the marketplace gives to users: the root's own files that run or are read, without sources and tests. */
export const INSTALLED = [
  '.claude-plugin/plugin.json',
  'LICENSE',
  'README.md',
  'agents',
  'bin',
  'commands',
  'hooks',
  'schemas',
  'scripts',
];

/** Copies, not links: git on Windows makes a link a text file. */
export function copyInstalled(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const name of INSTALLED) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildProduct();
