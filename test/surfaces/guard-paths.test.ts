/** The guard's bundle and paths that are made to deceive: aliases, addresses, depth, and the fields of other tools. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';

let project: Project;
let one = '';
let two = '';

beforeAll(() => {
  project = started('01', '02');
  one = project.worktree('01');
  two = project.worktree('02');
  mkdirSync(join(one, 'src'));
  mkdirSync(join(two, 'src'));
  symlinkSync(two, join(one, 'door'));
  symlinkSync('door', join(one, 'chain'));
  symlinkSync(project.home, join(project.outside('links'), 'home'));
});
afterAll(() => project.dispose());

const judge = (tool: string, input: object) => project.guard({ session: 's', cwd: one, tool, input });

describe('a path that Write is given', () => {
  test.each([
    { title: 'a chain of links', path: () => join(one, 'chain', 'deep', 'x') },
    { title: '.. behind a link', path: () => `${one}/door/../02-phase-02/x` },
    { title: '.. behind a link, back to the primary one', path: () => `${one}/door/../../../README.md` },
    { title: 'a trailing slash', path: () => `${two}/` },
    { title: 'a trailing dot', path: () => `${two}/src/.` },
    { title: 'doubled slashes', path: () => `${two}//src///a.ts` },
    {
      title: 'the project under another name',
      path: () => join(project.outside('links'), 'home', 'README.md'),
    },
    { title: '/proc/self/cwd', path: () => '/proc/self/cwd/../02-phase-02/x' },
    { title: '/proc/self/root', path: () => `/proc/self/root${two}/x` },
    { title: 'a line break', path: () => `${two}/a\nb` },
    { title: 'letters that look alike', path: () => `${two}/а—文\u202e.ts` },
    { title: 'half of a surrogate pair', path: () => `${two}/a\ud800b` },
    { title: 'more folders than anybody nests', path: () => `${two}/${'a/'.repeat(400)}x` },
    { title: 'the same in its own worktree', path: () => `${one}/${'a/'.repeat(400)}x` },
  ])('by $title is refused', ({ path }) => {
    expect(judge('Write', { file_path: path() })).toContain('[coord] Refused');
  });

  test.each([
    { title: '.. behind a link', path: () => `${one}/door/../01-phase-01/ok` },
    { title: 'a line break', path: () => `${one}/a\nb` },
    {
      title: 'the project under another name',
      path: () => join(project.outside('links'), 'home/.claude/worktrees/01-phase-01/x'),
    },
    { title: 'a hundred new folders', path: () => `${one}/${'a/'.repeat(100)}x` },
    // The client takes it for a relative name, and so does the guard.
    { title: 'what looks like an address', path: () => `file://${two}/x` },
  ])('by $title passes where it is the worker’s own', ({ path }) => {
    expect(judge('Write', { file_path: path() })).toBeUndefined();
  });
});

describe('an MCP tool', () => {
  const refused: readonly (readonly [tool: string, input: () => object])[] = [
    ['fs__write_file', () => ({ path: `file://localhost${two}/x` })],
    ['fs__write_file', () => ({ path: `file://${two.replace('02-', '%302-')}/x` })],
    ['fs__writeFile', () => ({ fileName: `${two}/x` })],
    ['x__write', () => ({ file: { path: `${two}/x` } })],
    ['x__write', () => ({ input: { options: { 'out-path': `${two}/x` } } })],
    ['x__download', () => ({ savePath: `${two}/x` })],
    ['x__exportPdf', () => ({ output_path: `${two}/x.pdf` })],
    ['browser__browser_take_screenshot', () => ({ filename: `${two}/x.png` })],
    ['git__git_commit', () => ({ repo_path: two, message: 'x' })],
    ['git__git_add', () => ({ repo_path: two, files: ['x'] })],
    ['x__delete_files', () => ({ paths: ['a', `${two}/a`] })],
    ['x__rm', () => ({ path: `${two}/a` })],
    ['x__cp', () => ({ src: 'a', dst: `${two}/a` })],
    ['x__unlink', () => ({ path: `${two}/a` })],
    ['x__trash_file', () => ({ path: `${two}/a` })],
    ['x__modify_file', () => ({ filePath: `${two}/a` })],
    ['x__set_file_contents', () => ({ file: `${two}/a` })],
    ['x__symlink', () => ({ path: `${two}/a` })],
  ];
  test.each(refused)('%s that aims elsewhere is refused', (tool, input) => {
    expect(judge(`mcp__${tool}`, input())).toContain('worker-02');
  });

  const passed: readonly (readonly [tool: string, input: () => object])[] = [
    ['fs__read_file', () => ({ path: `${two}/x` })],
    ['fs__list_directory', () => ({ path: two })],
    ['fs__search_files', () => ({ path: two, pattern: 'x' })],
    ['x__get_output', () => ({ path: `${two}/x` })],
    ['x__compute_credits', () => ({ file: `${one}/x` })],
    ['x__cpu_profile', () => ({ file: `${two}/x` })],
    ['x__list_modified', () => ({ path: two })],
    ['git__git_log', () => ({ repo_path: two })],
    ['git__git_status', () => ({ repo_path: two })],
    ['hub__create_issue', () => ({ title: 'x', body: `rm ${two}` })],
    ['hub__push_files', () => ({ files: [{ path: 'a.md', content: '' }] })],
    ['fs__write_file', () => ({ path: `file://${one}/x%20y` })],
    ['fs__write_file', () => ({ path: `${one}/100%` })],
  ];
  test.each(passed)('%s that reads, or keeps to itself, passes', (tool, input) => {
    expect(judge(`mcp__${tool}`, input())).toBeUndefined();
  });
});

describe('PowerShell', () => {
  test.each([
    { command: () => `git -C ${two} reset --hard` },
    { command: () => `npm --prefix ${two} install` },
    { command: () => `node -e "require('fs').writeFileSync('${two}/x','')"` },
    { command: () => `Expand-Archive a.zip -DestinationPath ${two}/x` },
    { command: () => `Invoke-WebRequest u -OutFile "${two}/x"` },
    { command: () => 'cd ../02-phase-02; Set-Content x hi' },
  ])('that writes elsewhere is refused ($command)', ({ command }) => {
    expect(judge('PowerShell', { command: command() })).toContain('worker-02');
  });

  test.each([
    { command: () => `git -C ${two} log --oneline` },
    { command: () => `git -C "${two}" status` },
    { command: () => `Get-ChildItem ${two} -Recurse | Select-String foo` },
    { command: () => 'npm test' },
    { command: () => 'git commit -m "moved ../02-phase-02/x"' },
    { command: () => 'Get-Process | Where-Object { $_.CPU -gt 5 }' },
  ])('that reads passes ($command)', ({ command }) => {
    expect(judge('PowerShell', { command: command() })).toBeUndefined();
  });
});

test.each([null, 5, [], {}, ''])(
  'a call of a tool named %j is refused: nobody knows what it does',
  (tool_name) => {
    const payload = { hook_event_name: 'PreToolUse', session_id: 's', cwd: one, tool_name, tool_input: {} };
    expect(project.hook('guard', payload)).toMatchObject({ code: 0, stderr: '' });
    expect(project.hook('guard', payload).denied).toContain('[coord] Refused');
  },
);
