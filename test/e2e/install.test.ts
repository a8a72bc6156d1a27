/** The plugin installs from its own marketplace, a folder or a git one, drags nothing along, and works as installed. */

import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type CliResult, claudeCli, type FreshHome, freshHome } from '../kit/client.ts';
import { type GitServer, startGitServer } from '../kit/git-server.ts';
import { isLong } from '../kit/long.ts';
import { gitIn, repositoryRoot } from '../kit/project.ts';
import { projectWith } from './disk.ts';
import { bash, Scene, say, write } from './kit.ts';

const INSTALLED_BYTES_MAX = 5 * 1024 * 1024;

let base: string;
let source: string;
let server: GitServer;

/** What a user would clone: the tracked files, and what is new beside them, with no node_modules. */
function copyOfCheckout(to: string): void {
  const files = gitIn(repositoryRoot, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split(
    '\0',
  );
  for (const file of files.filter((name) => name !== '' && existsSync(join(repositoryRoot, name)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(repositoryRoot, file), join(to, file));
  }
  gitIn(to, 'init', '-q', '-b', 'main');
  gitIn(to, 'add', '-A');
  gitIn(to, '-c', 'user.name=T', '-c', 'user.email=t@example.invalid', 'commit', '-qm', 'Release');
}

beforeAll(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'coord-install-')));
  source = join(base, 'source');
  mkdirSync(source);
  copyOfCheckout(source);
  gitIn(base, 'clone', '-q', '--bare', source, join(base, 'coord.git'));
  server = await startGitServer(base);
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

async function must(home: FreshHome, ...args: string[]): Promise<CliResult> {
  const done = await claudeCli(['plugin', ...args], { home, cwd: home.path });
  expect(done, `${args.join(' ')}: ${done.stdout} ${done.stderr}`).toMatchObject({ code: 0 });
  return done;
}

interface ListedPlugin {
  readonly id: string;
  readonly version: string;
  readonly enabled: boolean;
  readonly installPath: string;
  readonly [more: string]: unknown;
}

async function install(home: FreshHome, from: string): Promise<ListedPlugin> {
  await must(home, 'marketplace', 'add', from);
  await must(home, 'install', 'coord@coord');
  const listed = JSON.parse((await must(home, 'list', '--json')).stdout) as ListedPlugin[];
  expect(listed).toHaveLength(1);
  return listed[0] as ListedPlugin;
}

/** All files below, without git's own. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === '.git') return [];
    return entry.isDirectory() ? [path, ...filesBelow(path)] : [path];
  });
}

function expectClean(plugin: ListedPlugin): void {
  const version = JSON.parse(readFileSync(join(repositoryRoot, 'plugin.json'), 'utf8')).version as string;
  expect(plugin).toMatchObject({ id: 'coord@coord', version, enabled: true });
  for (const complaint of ['notes', 'noteDetails', 'warnings', 'errors'])
    expect(plugin[complaint] ?? []).toEqual([]);
  const files = filesBelow(plugin.installPath);
  expect(files.filter((file) => file.includes('node_modules'))).toEqual([]);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(INSTALLED_BYTES_MAX);
}

/** A session that has the plugin only because it is installed in its HOME. */
async function expectGuarded(scene: Scene): Promise<void> {
  const { project } = scene;
  const other = project.worktree('02');
  const steps = [
    write(`${other}/w.txt`),
    bash(`echo x > ${other}/b.txt`),
    bash('coord plan start 01-01 && command -v coord'),
    write('own.txt'),
    say('installed'),
  ];
  const played = await scene.play({ name: 'installed', cwd: project.worktree('01'), steps, pluginDir: null });
  expect(played.results.map((result) => result.isError)).toEqual([true, true, false, false]);
  expect(played.results[0]?.text).toContain('worktree of worker-02');
  expect(played.requests[0]?.latestText).toContain('You are worker-01');
  expect(existsSync(join(other, 'w.txt')) || existsSync(join(other, 'b.txt'))).toBe(false);
}

describe('the manifest', () => {
  const { hooks } = JSON.parse(readFileSync(join(repositoryRoot, 'hooks', 'hooks.json'), 'utf8'));
  it.each(['marketplace and plugin', 'the plugin alone'])(
    'passes the client’s strict validation: %s',
    async (what) => {
      const home = freshHome();
      const path = what === 'the plugin alone' ? join(source, '.claude-plugin', 'plugin.json') : source;
      const { stdout } = await must(home, 'validate', '--strict', '--json', path);
      const { success, manifest, contents, provides } = JSON.parse(stdout);
      expect({ success, errors: manifest.errors, warnings: manifest.warnings, contents }).toEqual({
        success: true,
        errors: [],
        warnings: [],
        contents: [],
      });
      const events = provides.hooks.map((hook: { event: string }) => hook.event);
      expect(new Set(events)).toEqual(new Set(Object.keys(hooks)));
      home.dispose();
    },
  );
});

describe('from a git marketplace', () => {
  it('installs with nothing dragged along, and the session is guarded', async () => {
    const scene = await Scene.open(projectWith({}, '01', '02'));
    onTestFinished(() => scene.close());
    const plugin = await install(scene.home, `${server.url}/coord.git`);
    expect(plugin.installPath).toContain(scene.home.path);
    expectClean(plugin);
    await expectGuarded(scene);
    expectClean(plugin);
  });
});

describe('from a folder as marketplace', () => {
  it.runIf(isLong)('installs with nothing dragged along, and the session is guarded', async () => {
    const scene = await Scene.open(projectWith({}, '01', '02'));
    onTestFinished(() => scene.close());
    expectClean(await install(scene.home, source));
    await expectGuarded(scene);
    expect(gitIn(source, 'status', '--porcelain')).toBe('');
  });
});

describe('the installed files', () => {
  it('run as they are, from a path with spaces and quotes', () => {
    const odd = join(base, "it's a “path”");
    gitIn(base, 'clone', '-q', source, odd);
    const overview = execFileSync(join(odd, 'bin', 'coord'), ['help'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    });
    expect(overview).toContain('coord phase add|scope|list|start');
  });
});
