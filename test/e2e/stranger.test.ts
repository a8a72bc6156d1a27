/**
 * A stranger who has the README and nothing else: an empty HOME, the plugin installed as it says, its block of "The first
 * five minutes" typed line by line, and a session of the real client in each worktree that the output names.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claudeCli } from '../kit/client.ts';
import { Project, repositoryRoot } from '../kit/project.ts';
import { bash, Scene, say, write } from './kit.ts';

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');

function section(title: string): string {
  return new RegExp(`\\n## ${title}\\n([\\s\\S]*?)\\n## `).exec(readme)?.[1] ?? '';
}

function block(text: string, kind = ''): string[] {
  const lines = new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
  return lines.split('\n').filter((line) => line !== '');
}

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(new Project('shop'));
});
afterAll(() => scene.close());

/** In a terminal: nothing set but HOME and a PATH with the clone's `bin/`. */
function type(line: string, cwd: string): string {
  const env = { HOME: scene.home.path, PATH: `${join(repositoryRoot, 'bin')}:${process.env['PATH']}` };
  const run = spawnSync('/bin/sh', ['-c', line], { cwd, env, encoding: 'utf8' });
  expect(run.status, `${line}: ${run.stderr}`).toBe(0);
  return run.stdout;
}

/** The first command of coord's in a refusal, its blanks filled. */
function named(refusal: string | undefined): string {
  const [, command = ''] = /`(coord [^`]+)`/.exec(refusal ?? '') ?? [];
  return command.replace(/<[^>]+>/g, 'which file?');
}

it('gets two workers going', async () => {
  const { project, home } = scene;
  for (const line of block(section('Install into Claude Code'))) {
    const words = line
      .replace(/^\//, '')
      .replace(/ {2,}.*$/, '')
      .split(' ');
    const filled = words.map((word) => (word === '<owner>/<repository>' ? repositoryRoot : word));
    const done = await claudeCli(filled, { home, cwd: home.path });
    expect(done, line).toMatchObject({ code: 0 });
  }
  const output = block(section('The first five minutes'), 'sh').map((line) => type(line, project.home));
  const folders = [...output.join('\n').matchAll(/cd (\S+) && claude/g)].map((match) => match[1] ?? '');
  expect(folders).toHaveLength(2);
  const [api = '', ui = ''] = folders;

  let refusal = '';
  const worker = await scene.play({
    name: 'worker',
    cwd: api,
    pluginDir: null,
    prompt: 'begin',
    steps: [
      write(`${ui}/src/ui/page.html`),
      (request) => {
        refusal = request.toolResults.at(-1)?.text ?? '';
        return bash(named(refusal));
      },
      bash('coord plan start 01-01'),
      write(`${api}/src/api/parser.js`),
      bash('git add -A && git commit -qm "01-01 parser" && coord plan done 01-01'),
      say('begun'),
    ],
  });
  expect(worker.requests[0]?.latestText).toContain('You are worker-01, the one worker of phase 01 "API"');
  expect(worker.results.map(({ isError }) => isError)).toEqual([true, false, false, false, false]);
  expect(refusal).toContain('worktree of worker-02');
  expect(existsSync(join(ui, 'src'))).toBe(false);

  const other = await scene.play({
    name: 'other',
    cwd: ui,
    pluginDir: null,
    prompt: 'begin',
    steps: [write(`${ui}/src/ui/page.html`), bash('coord plan start 02-01'), say('begun')],
  });
  expect(other.requests[0]?.latestText).toContain('which file?');
  expect(other.results.map(({ isError }) => isError)).toEqual([false, false]);

  const lead = await scene.play({
    name: 'lead',
    cwd: project.home,
    pluginDir: null,
    prompt: '/coord:status',
    steps: [say('shown')],
  });
  const told = lead.requests[0]?.latestText ?? '';
  expect(told).toContain('01 active API (worker-01): 1 complete, 0 in progress, 1 not started, 0 failed');
  expect(told).toContain('02 active UI (worker-02): 0 complete, 1 in progress, 0 not started, 0 failed');
  expect(type('coord doctor', project.home)).toContain('nothing found');
});
