/** What our Markdown tells agents and people is so: commands exist, keys are known, tables are true. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts';
import { FULL_COMMANDS } from '../../src/surfaces/cli/full.ts';
import { MAIL_COMMANDS } from '../../src/surfaces/cli/mail-commands.ts';
import { root } from '../build/build.ts';
import { filesBelow, textOf } from './sources.ts';

const commandFiles = filesBelow('commands', '.md');
const agentFiles = filesBelow('agents', '.md');
const readme = textOf('README.md');

function frontMatterOf(file: string): Record<string, unknown> {
  const match = /^---\n([\s\S]*?)\n---\n/.exec(textOf(file));
  if (!match) throw new Error(`${file} has no front matter`);
  return parse(match[1] ?? '', { strict: true, uniqueKeys: true }) as Record<string, unknown>;
}

/** What Claude Code 2.1 knows; an unknown key is ignored by it in silence. */
const COMMAND_KEYS =
  'description when_to_use argument-hint arguments allowed-tools disallowed-tools model effort disable-model-invocation user-invocable context agent background hooks paths shell name metadata license compatibility'.split(
    ' ',
  );
const AGENT_KEYS =
  'name description model effort maxTurns tools disallowedTools skills memory background isolation color initialPrompt'.split(
    ' ',
  );

describe('front matter', () => {
  test.each(commandFiles)('%s has keys that the client knows, and says what it does', (file) => {
    const keys = frontMatterOf(file);
    expect(Object.keys(keys).filter((key) => !COMMAND_KEYS.includes(key))).toEqual([]);
    expect(keys['description']).toMatch(/^\S.{9,}/);
  });

  test.each(agentFiles)('%s has keys that the client heeds for a plugin, and says when to use it', (file) => {
    const keys = frontMatterOf(file);
    expect(Object.keys(keys).filter((key) => !AGENT_KEYS.includes(key))).toEqual([]);
    expect(keys['name']).toBe(/([\w-]+)\.md$/.exec(file)?.[1]);
    expect(keys['description']).toMatch(/^\S.{9,}/);
    expect([undefined, 'worktree']).toContain(keys['isolation']);
  });

  test.each(commandFiles)('%s allows nothing but coord, and every command that it runs by itself', (file) => {
    const allowed = String(frontMatterOf(file)['allowed-tools']).split(/,\s*/);
    expect(allowed.filter((tool) => !/^Bash\(coord [a-z]+( [a-z]+)?:\*\)$/.test(tool))).toEqual([]);
    const prefixes = allowed.map((tool) => tool.slice('Bash('.length, -':*)'.length));
    const run = [...textOf(file).matchAll(/!`([^`]+)`/g)].map((match) => match[1] ?? '');
    expect(run.length).toBeGreaterThan(0);
    for (const command of run) {
      expect(
        prefixes.some((prefix) => `${command} `.startsWith(`${prefix} `)),
        command,
      ).toBe(true);
      // A command that fails there would abort the slash command as a whole.
      expect(command).toMatch(/ \|\| true$/);
    }
  });
});

/** `phase add`, `status` … ; the help lists each (test/surfaces/cli.test.ts). */
const known = new Set([...[...FULL_COMMANDS, ...MAIL_COMMANDS].map(({ name }) => name), 'help']);
const groups = new Set(
  [...known].filter((name) => name.includes(' ')).map((name) => name.split(' ')[0] ?? ''),
);

/** Places where a text shows a command: code spans, fenced blocks, allowed tools; not its prose. */
function codeIn(markdown: string): string[] {
  const fences = [...markdown.matchAll(/```[^\n]*\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const rest = markdown.replace(/```[\s\S]*?```/g, '');
  const spans = [...rest.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  const tools = [...rest.matchAll(/Bash\(([^)]*)\)/g)].map((match) => match[1] ?? '');
  return [...fences, ...spans, ...tools];
}

/** The same in a source file, where a code span in a sentence is written \`…\` inside a template. */
function codeInSource(source: string): string[] {
  const escapedSpans = [...source.matchAll(/\\`((?:[^`\\]|\\[^`])*)\\`/g)].map((match) => match[1] ?? '');
  const plainSpans = [...source.replace(/\\`/g, '\u0001').matchAll(/'[^'\n]*`([^`'\n]+)`[^'\n]*'/g)];
  const listed = plainSpans.flatMap((match) => codeIn(match[0] ?? ''));
  return [...escapedSpans, ...listed];
}

/** The commands named in a piece of code: `coord plan start|done <plan>` names two. */
function commandsIn(code: string): string[] {
  const found: string[] = [];
  for (const match of code.matchAll(/(?:^|[\s;&|(])coord ([a-z]+)(?:[ ]([a-z]+(?:\|[a-z]+)*))?(?![\w=])/gm)) {
    const [, first = '', second] = match;
    if (!groups.has(first)) found.push(first);
    else if (second === undefined) found.push(known.has(first) ? first : `${first} …`);
    else found.push(...second.split('|').map((word) => `${first} ${word}`));
  }
  return found;
}

const exists = (command: string) =>
  known.has(command) || (command.endsWith(' …') && groups.has(command.slice(0, -2)));

describe('commands that our texts name', () => {
  const markdown = ['README.md', ...commandFiles, ...agentFiles];
  const wording = filesBelow('src/surfaces/wording', '.ts');

  test('the help names the commands that scripts rely on', () => {
    for (const name of [
      'init',
      'phase add',
      'plan complete',
      'send',
      'blocker raise',
      'config set',
      'doctor',
    ])
      expect(known).toContain(name);
  });

  test.each(markdown)('every command in %s exists', (file) => {
    const named = codeIn(textOf(file)).flatMap(commandsIn);
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((command) => !exists(command))).toEqual([]);
  });

  test.each(wording)('every command in %s exists', (file) => {
    const named = codeInSource(textOf(file)).flatMap(commandsIn);
    expect(named.filter((command) => !exists(command))).toEqual([]);
  });

  test('the wording does name commands', () => {
    const named = wording.flatMap((file) => codeInSource(textOf(file)).flatMap(commandsIn));
    expect(named.length).toBeGreaterThan(25);
  });

  test('every command of the help stands in the README', () => {
    const named = new Set(codeIn(readme).flatMap(commandsIn));
    const ofGroup = (name: string) => name.split(' ')[0] ?? '';
    const untold = [...known].filter((name) => !named.has(name) && name !== 'help' && name !== 'plan done');
    expect(untold.map((name) => `${ofGroup(name)}: ${name}`)).toEqual([]);
  });

  test.each([
    ['coord status', []],
    ['coord plan start|complete <plan>', []],
    ['coord plan begin x', ['plan begin']],
    ['coord stat', ['stat']],
    ['bin/coord demo; coord phase start 01', []],
    ['coord plan:*', []],
    ['coord send <to> question "<text>"', []],
    ['cd x && coord nothing', ['nothing']],
  ])('%j names of unknown commands %j', (code, unknown) => {
    expect(commandsIn(code).filter((command) => !exists(command))).toEqual(unknown);
  });

  test('every slash command in the README has its file, and every file its line', () => {
    const table = [...readme.matchAll(/^\| `\/coord:([\w-]+)` \|/gm)].map((match) => match[1]);
    expect(table.sort()).toEqual(commandFiles.map((file) => /([\w-]+)\.md$/.exec(file)?.[1]).sort());
    const named = [...readme.matchAll(/`?\/coord:([\w-]+)/g)].map((match) => `commands/${match[1]}.md`);
    expect(named.filter((file) => !commandFiles.includes(file))).toEqual([]);
    const agents = [...readme.matchAll(/`coord:([\w-]+)`/g)].map((match) => `agents/${match[1]}.md`);
    expect(agents.filter((file) => !agentFiles.includes(file))).toEqual([]);
  });
});

const tracked = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).stdout.split('\0');

/** Those with a file that git tracks, without those of tools (`.ci`). `within`: '' or a path with its slash. */
function foldersIn(within: string): string[] {
  const inside = tracked.filter((file) => file.startsWith(within)).map((file) => file.slice(within.length));
  const names = inside.filter((file) => file.includes('/')).map((file) => file.slice(0, file.indexOf('/')));
  return [...new Set(names)].filter((name) => !name.startsWith('.')).sort();
}

/** The folders that the sources ask for below `.coordination/`. */
function runtimeFolders(): string[] {
  const asked = filesBelow('src', '.ts').flatMap((file) =>
    [...textOf(file).matchAll(/\bcoordinationPath\(\s*\w+(?:\.\w+)*,\s*'([a-z-]+)'/g)].map(
      (match) => match[1] ?? '',
    ),
  );
  return [...new Set(asked)].sort();
}

describe('the README', () => {
  test('its tree names what exists', () => {
    const tree = /## The house\n+```\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const rows = tree.split('\n').filter((line) => line !== '');
    const paths = rows.flatMap((line) =>
      (/^(.*?)(?: {2,}|(?<=\/) (?=[A-Z]))/.exec(line)?.[1] ?? '').split(' '),
    );
    expect(paths.length).toBeGreaterThanOrEqual(10);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('its last row of the tree names the folders of the tests', () => {
    const row = /^test\/ +(.*)$/m.exec(readme)?.[1] ?? '';
    const folders = row.split(', ');
    expect(folders.sort()).toEqual(foldersIn('test/'));
  });

  test('its tree names every folder', () => {
    const tree = /## The house\n+```\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const folders = [...foldersIn(''), ...foldersIn('src/').map((name) => `src/${name}`)];
    expect(folders.length).toBeGreaterThan(8);
    const isNamed = (folder: string) => new RegExp(`(^| )${folder}/`, 'm').test(tree);
    expect(folders.filter((folder) => !isNamed(folder))).toEqual([]);
  });

  test('its table of places names every folder of .coordination/, and none besides', () => {
    const section = /## Where things are\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
    const cells = [...section.matchAll(/^\| (`\.coordination\/.*?) \|/gm)].map((match) => match[1] ?? '');
    const told = cells.flatMap((cell) =>
      [...cell.matchAll(/`(?:\.coordination\/)?([a-z]+)\//g)].map((match) => match[1] ?? ''),
    );
    expect([...new Set(told)].sort()).toEqual(runtimeFolders());
  });

  test('its table of settings has exactly the keys, and their defaults', () => {
    const section = /## Settings\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
    const rows = [...section.matchAll(/^\| `(\w+)` \| `([^`]*)` \|/gm)].map((match) => [
      match[1],
      match[2]?.trim(),
    ]);
    const settings = Object.entries(DEFAULT_SETTINGS).map(([key, value]) => [
      key,
      Array.isArray(value) ? JSON.stringify(value) : String(value),
    ]);
    expect(rows).toEqual(settings);
  });

  test('it asks for the client and the Node that the manifests ask for', () => {
    const client = /"claude-code": ">=([\d.]+)"/.exec(textOf('plugin.json'))?.[1];
    expect(readme).toContain(`Claude Code ${client} or newer`);
    const tried = /"node": "(.+)"/.exec(textOf('package.json'))?.[1]?.match(/\d+/g) ?? [];
    expect(readme).toContain(`Node ${tried[0]} or newer`);
    expect(readme).toContain(`with Node ${tried.slice(0, -1).join(', ')} and ${tried.at(-1)}`);
  });
});
