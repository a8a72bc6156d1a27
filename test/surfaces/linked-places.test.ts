/**
 * Links in the places that coord writes to. A folder that lies elsewhere as a whole is its owner's choice; a link
 * further in is told by doctor. Whatever coord removes, nothing of anybody else's behind a link is gone.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isLong } from '../kit/long.ts';
import { Project } from '../kit/project.ts';

const WHOLE = ['.coordination', '.taskers', '.claude/worktrees', 'docs'];
const INNER = [
  ...[
    'inbox',
    'inbox/coordinator',
    'outbox',
    'leases',
    'roster',
    'roster/sessions',
    'log',
    'queue',
    'evidence',
  ],
  ...['archive', 'chats', 'dead', 'decisions', 'messages.jsonl'],
].map((name) => `.coordination/${name}`);
const OTHERS = ['.planning', '.planning/phases', '.workflow', '.workflow/.cycle'];
const OF_WORKER = ['.planning', '.planning/phases', '.planning/phases/01-phase-01'].map(
  (name) => `.claude/worktrees/01-phase-01/${name}`,
);

/** Puts a link there; what was there lies behind it, with something of somebody else's. */
function putLink(project: Project, place: string): string {
  const path = project.path(place);
  const target = join(project.outside('witness'), 'target');
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) cpSync(path, target, { recursive: true });
  else mkdirSync(target);
  rmSync(path, { recursive: true, force: true });
  if (!place.endsWith('.jsonl')) {
    mkdirSync(join(target, 'precious'), { recursive: true });
    for (const name of ['0000000001.json', '.tmp-1-1-1', 'msg-1.json', 'a.txt'])
      writeFileSync(join(target, 'precious', name), 'precious\n');
    writeFileSync(join(target, 'precious.txt'), 'precious\n');
  }
  symlinkSync(target, path);
  return target;
}

function useAll(project: Project): void {
  const worker = project.worktree('01');
  const calls: [string, ...string[]][] = [
    [project.home, 'send', '01', 'question', 'x'],
    [worker, 'send', 'coordinator', 'question', 'y'],
    [worker, 'lock', 'src/a.ts'],
    [worker, 'unlock', '--all'],
    [worker, 'task', 'add', 'x', '--plan', '01-01'],
    [worker, 'findings', 'x'],
    [worker, 'cycle', 'new', 'x'],
    [project.home, 'doctor', '--repair'],
    [project.home, 'phase', 'close', '01', '--force'],
    [project.home, 'merge', 'reap'],
  ];
  for (const [cwd, ...args] of calls)
    if (existsSync(cwd)) expect(project.coord(args, { cwd }).code).not.toBe(70);
}

function told(project: Project): string[] {
  const { findings } = JSON.parse(project.coord(['doctor', '--json']).stdout) as {
    findings: { code: string; path: string }[];
  };
  return findings.filter(({ code }) => code === 'place-linked').map(({ path }) => path);
}

const some = <T>(rows: readonly T[]) => rows.filter((_, at) => isLong || at % 8 === 1);

test.each(some([...INNER, ...OTHERS, ...OF_WORKER]))('%s', (place) => {
  const project = Project.started('01', '02');
  const target = putLink(project, place);
  expect(told(project)).toContain(project.path(place));
  useAll(project);
  if (!place.endsWith('.jsonl')) expectKept(target);
  project.dispose();
});

test.each(some(WHOLE))('%s, as a whole', (place) => {
  const project = Project.started('01', '02');
  const target = putLink(project, place);
  expect(told(project)).toEqual([]);
  useAll(project);
  expectKept(target);
  project.dispose();
});

function expectKept(target: string): void {
  for (const name of [
    'precious.txt',
    ...['0000000001.json', '.tmp-1-1-1', 'msg-1.json', 'a.txt'].map((one) => `precious/${one}`),
  ])
    expect(readFileSync(join(target, name), 'utf8'), name).toBe('precious\n');
}

test('a link from one place of the project to another is its own business', () => {
  const project = Project.started('01');
  mkdirSync(project.path('elsewhere'));
  rmSync(project.path('.coordination/chats'), { recursive: true, force: true });
  symlinkSync(project.path('elsewhere'), project.path('.coordination/chats'));
  expect(told(project)).toEqual([]);
  project.dispose();
});
