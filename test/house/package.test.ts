/** What a user gets who installs the plugin: the tracked files, the manifest, the wiring of the hooks. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUNDLES, INSTALLED, root } from '../build/build.ts';
import { filesBelow } from './sources.ts';

const MIB = 1024 * 1024;

function git(...args: string[]): string {
  const result = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * MIB });
  if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

const tracked = git('ls-files', '-z')
  .split('\0')
  .filter((file) => file !== '');

function json(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>;
}

test('package and manifest say which Node coord was tried with, and the README says the same', () => {
  const tried = '^20 || ^22 || >=24';
  expect(json('package.json')['engines']).toEqual({ node: tried });
  expect(json('plugin.json')['engines']).toMatchObject({ node: tried });
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toMatch(/with Node 20, 22 and 24/);
});

describe('what is installed', () => {
  const installed = filesBelow('plugin', '');

  test('has at most 5 MB, and nothing but what runs or is read', () => {
    const bytes = installed.reduce((sum, file) => sum + statSync(join(root, file)).size, 0);
    expect(bytes).toBeGreaterThan(MIB / 2);
    expect(bytes).toBeLessThanOrEqual(5_000_000);
    const tops = new Set(installed.map((file) => file.split('/')[1]));
    expect([...tops].sort()).toEqual([...new Set(INSTALLED.map((name) => name.split('/')[0]))].sort());
  });

  test.each(INSTALLED)('%s is the root’s own, byte for byte', (name) => {
    const own = statSync(join(root, name)).isDirectory() ? filesBelow(name, '') : [name];
    const copies = installed.filter(
      (file) => file === `plugin/${name}` || file.startsWith(`plugin/${name}/`),
    );
    expect(copies.sort()).toEqual(own.map((file) => `plugin/${file}`).sort());
    const isSame = (file: string) =>
      readFileSync(join(root, file)).equals(readFileSync(join(root, 'plugin', file)));
    expect(own.filter((file) => !isSame(file))).toEqual([]);
  });

  test('the root names no package to install and holds no lock', () => {
    const manifest = json('package.json');
    const named = Object.keys(manifest).filter((key) => /dependencies/i.test(key));
    expect(named).toEqual([]);
    const locks = /^(package-lock\.json|npm-shrinkwrap\.json|bun\.lockb?|yarn\.lock|pnpm-lock\.yaml)$/;
    expect(tracked.filter((file) => locks.test(file))).toEqual([]);
  });

  test('nothing is run when somebody installs it', () => {
    const scripts = Object.keys(json('package.json')['scripts'] as object);
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare|pack|publish)/.test(name))).toEqual([]);
  });

  test('no package, scratch file or state of coord is tracked', () => {
    const stray =
      /(^|\/)node_modules\/|\.log$|^tmp\/|^\.coordination\/|^\.progress\/|^\.planning\/|\.tgz$|^scripts\/.*\.\d+$/;
    expect(tracked.filter((file) => stray.test(file))).toEqual([]);
  });

  test('the shim of the command line can be executed', () => {
    expect(git('ls-files', '--stage', 'bin/coord')).toMatch(/^100755 /);
  });
});

describe('the manifest', () => {
  test('is copied to .claude-plugin byte for byte', () => {
    const [own, copy] = ['plugin.json', '.claude-plugin/plugin.json'].map((file) =>
      readFileSync(join(root, file)),
    );
    expect(copy?.equals(own as Buffer)).toBe(true);
  });

  test('has the version of every package.json', () => {
    const version = json('plugin.json')['version'];
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const file of ['package.json', 'src/package.json', 'test/package.json'])
      expect([file, json(file)['version']]).toEqual([file, version]);
  });

  test('has the licence and the name of package.json, and the marketplace offers what is to be installed', () => {
    const [plugin, manifest, market] = [
      json('plugin.json'),
      json('package.json'),
      json('.claude-plugin/marketplace.json'),
    ];
    expect(plugin['name']).toBe(manifest['name']);
    expect(plugin['license']).toBe(manifest['license']);
    expect(market['plugins']).toMatchObject([{ name: plugin['name'], source: './plugin' }]);
  });

  test('every dependency is pinned to one version', () => {
    const packages = [json('src/package.json')['dependencies'], json('test/package.json')['devDependencies']];
    const loose = packages
      .flatMap((it) => Object.entries(it as Record<string, string>))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });
});

interface Hook {
  readonly type?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly onFailure?: string;
  readonly asyncRewake?: boolean;
  readonly timeout?: number;
}

const wiring = json('hooks/hooks.json')['hooks'] as Record<string, { matcher?: string; hooks: Hook[] }[]>;
const wired = Object.entries(wiring).flatMap(([event, groups]) =>
  groups.flatMap((group) => group.hooks.map((hook) => ({ event, matcher: group.matcher, ...hook }))),
);
const labelled = wired.map((hook) => ({ ...hook, label: `${hook.event}: ${hook.args?.join(' ')}` }));
const bundleOf = (hook: Hook) => /\/scripts\/([\w-]+)\.cjs$/.exec(hook.args?.[0] ?? '')?.[1];

describe('hooks.json', () => {
  test('wires every event that the design names', () => {
    expect(Object.keys(wiring).sort()).toEqual(
      [
        'PreToolUse',
        'PostToolUse',
        'PostToolUseFailure',
        'SessionStart',
        'UserPromptSubmit',
        'Stop',
        'SubagentStart',
        'SubagentStop',
        'TaskCompleted',
        'PreCompact',
        'SessionEnd',
      ].sort(),
    );
  });

  test.each(labelled)(
    '$label is started without a shell, from a bundle that exists, in bounded time',
    (hook) => {
      expect(hook.type).toBe('command');
      expect(hook.command).toBe('node');
      expect(hook.args).toHaveLength(1);
      expect(hook.args?.[0]).toMatch(/^\$\{CLAUDE_PLUGIN_ROOT\}\/scripts\/[\w-]+\.cjs$/);
      expect(Object.keys(BUNDLES)).toContain(bundleOf(hook));
      expect(existsSync(join(root, 'scripts', `${bundleOf(hook)}.cjs`))).toBe(true);
      expect(hook.timeout).toBeGreaterThan(0);
    },
  );

  test('the guard refuses when it fails, and nothing else does', () => {
    const guards = wired.filter((hook) => hook.event === 'PreToolUse');
    // The second one is for tools that cannot write: whoever may do nothing at all is held there too.
    expect(guards.map(bundleOf)).toEqual(['guard', 'guard']);
    expect(guards.map((hook) => hook.onFailure)).toEqual(['block', undefined]);
    expect(wired.filter((hook) => hook.event !== 'PreToolUse' && hook.onFailure !== undefined)).toEqual([]);
  });

  const waited = ['Stop', 'SessionStart', 'UserPromptSubmit'];
  test.each(waited)('%s starts the waiter that wakes an idle session', (event) => {
    const waiters = wired.filter((hook) => hook.event === event && hook.asyncRewake === true);
    expect(waiters.map(bundleOf)).toEqual(['wake']);
    expect(waiters[0]?.timeout).toBeGreaterThanOrEqual(3_600);
  });

  test('no other event starts a waiter', () => {
    const others = wired.filter((hook) => hook.asyncRewake && !waited.includes(hook.event));
    expect(others).toEqual([]);
  });

  const matcherOf = (event: string) =>
    new RegExp(wired.find((hook) => hook.event === event)?.matcher ?? '$^');

  test.each([
    ['Write', true],
    ['Edit', true],
    ['MultiEdit', true],
    ['NotebookEdit', true],
    ['Bash', true],
    ['PowerShell', true],
    ['Monitor', true],
    ['mcp__files__write_file', true],
    ['EnterWorktree', true],
    ['Read', false],
    ['Grep', false],
    ['Glob', false],
    ['TodoWrite', false],
    ['BashOutput', false],
    ['WebFetch', false],
  ])('the guard looks at %s: %j', (tool, expected) => {
    expect(matcherOf('PreToolUse').test(tool)).toBe(expected);
    expect(matcherOf('PostToolUse').test(tool)).toBe(expected);
  });

  test('whatever the guard looks at is looked at again when it failed', () => {
    for (const tool of [
      'Write',
      'Edit',
      'MultiEdit',
      'NotebookEdit',
      'Bash',
      'PowerShell',
      'Monitor',
      'mcp__a__b',
    ])
      expect(matcherOf('PostToolUseFailure').test(tool), tool).toBe(true);
  });

  test('the events that match no tool carry no matcher', () => {
    const matched = wired.filter((hook) => hook.matcher !== undefined).map((hook) => hook.event);
    expect(new Set(matched)).toEqual(new Set(['PreToolUse', 'PostToolUse', 'PostToolUseFailure']));
  });
});
