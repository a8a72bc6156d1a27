/** The repository of the day: a small library with a test suite that really runs, and what each phase adds to it. */
import { Project } from '../../kit/project.ts';

export const SUITE = 'node test/all.js';

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules/\n',
  'README.md': '# Figures\n',
  'NOTES.md': '# Notes\n',
  'index.js': "module.exports = {\n  ...require('./lib/core'),\n};\n",
  'lib/core.js': 'exports.area = (width, height) => width * height;\n',
  'test/all.js': [
    "const tests = require('node:fs').readdirSync(__dirname).filter((name) => name.endsWith('.test.js'));",
    "for (const name of tests) require('./' + name);\n",
  ].join('\n'),
  'test/core.test.js': suite('core', "assert.equal(require('../lib/core').area(2, 3), 6);"),
  'test/index.test.js': suite('index', "assert.ok(Object.keys(require('..')).length > 0);"),
};

export function suite(name: string, body: string): string {
  return `const assert = require('node:assert');\nrequire('node:test')('${name}', () => {\n  ${body}\n});\n`;
}

/** One part of the library: a function, and the test of it. */
export interface Part {
  readonly lib: string;
  readonly code: string;
  readonly test: string;
}

export const PARTS = {
  parse: part(
    'parse',
    'exports.parse = (text) => text.split(/\\s+/).map(Number);',
    "assert.deepEqual(f('1 2'), [1, 2]);",
  ),
  print: part(
    'print',
    "exports.print = (w, h) => w + ' x ' + h + ' = ' + require('./core').area(w, h);",
    "assert.equal(f(2, 3), '2 x 3 = 6');",
  ),
  units: part('units', 'exports.units = (metres) => metres * 100;', 'assert.equal(f(2), 200);'),
  stats: part('stats', 'exports.stats = (...all) => Math.max(...all);', 'assert.equal(f(1, 5, 2), 5);'),
} as const;

export function part(name: string, code: string, check: string): Part {
  const body = `const f = require('../lib/${name}').${name};\n  ${check}`;
  return { lib: name, code: `${code}\n`, test: suite(name, body) };
}

/** A shell command that writes a file, whatever stands in it. */
export function put(file: string, text: string): string {
  return `mkdir -p "$(dirname '${file}')" && cat > '${file}' <<'END'\n${text}END\n`;
}

export function putPart({ lib, code, test }: Part): string {
  return `${put(`lib/${lib}.js`, code)}${put(`test/${lib}.test.js`, test)}`;
}

/** Commits what is there; a git that was killed may have left its lock, and only its own worktree's is taken away. */
export function commit(title: string, ...paths: string[]): string {
  const which = paths.map((path) => `'${path}'`).join(' ');
  return `${FREE_INDEX}; git add -- ${which} && git commit -qm '${title}' -- ${which}`;
}

export const FREE_INDEX =
  'rm -f "$(git rev-parse --git-path index.lock)" "$(git rev-parse --git-path HEAD.lock)"';

/** Brings the branch onto main; what conflicts in `index.js` is all of both. */
export function rebaseOntoMain(index: string, after = 'true'): string {
  const resolve = `${put('index.js', index)}git add index.js && git -c core.editor=true rebase --continue`;
  // A rebase that was killed near its end is none any more, and has left its files.
  return `${FREE_INDEX}; git rebase --abort 2>/dev/null || git reset -q --hard; git rebase -q main || {\n${resolve}\n}\n${after}`;
}

export function indexOf(...parts: string[]): string {
  const lines = ['core', ...parts].map((name) => `  ...require('./lib/${name}'),\n`);
  return `module.exports = {\n${lines.join('')}};\n`;
}

export function openProject(): Project {
  return Project.like('a working day', (project) => {
    for (const [path, text] of Object.entries(FILES)) project.write(path, text);
    project.git('add', '-A');
    project.git('commit', '-qm', 'Lay the ground');
  });
}
