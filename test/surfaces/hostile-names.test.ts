/**
 * Hostile names in every place that prints or passes one: the path of the project itself, files, titles, people. What is
 * printed acts in no terminal and makes no line of its own; what is passed on is that name, no option, no pattern, and
 * no shell ever reads it.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTILE_NAMES } from '../kit/hostile-names.ts';
import { isLong } from '../kit/long.ts';
import { gitIn, Project, type Run } from '../kit/project.ts';

const ACTS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Runs a command as text and as JSON where it only looks; answers what it printed as text. */
function tell(project: Project, cwd: string, ...args: string[]): string {
  return judged(project.coord(args, { cwd }), args, [0]);
}

function judged(run: Run, args: readonly string[], codes: readonly number[]): string {
  const all = `${run.stdout}\n${run.stderr}`;
  expect(codes, `coord ${args.join(' ')}: ${all}`).toContain(run.code);
  expect(all, args.join(' ')).not.toMatch(ACTS);
  return all;
}

function expectNothingOwned(project: Project): void {
  const found = readdirSync(join(project.home, '..'), { recursive: true }).map(String);
  expect(found.filter((name) => /(^|\/)owned$/.test(name))).toEqual([]);
}

const ROOTS: Readonly<Record<string, string>> = {
  'blanks, quotes and a dollar': `it's  "a" $(touch owned) \`touch owned\` $HOME`,
  'a newline': 'new\nline',
  'a leading dash': '-rf',
  'pathspec magic': ':(glob)**',
  'a colour and right to left': 'a\u001b[31mb\u202ec',
  'brackets and a backslash': '[id]\\*{a,b}',
  emoji: '🚀 é e\u0301',
};

describe('the path of the project has', () => {
  const roots = Object.entries(ROOTS).slice(0, isLong ? undefined : 2);

  test.each(roots)('%s', (_what, name) => {
    const project = new Project(name);
    const { home } = project;
    try {
      tell(project, home, 'init');
      tell(project, home, 'config', 'set', 'validation', '["git --version"]');
      gitIn(home, 'add', '-A');
      gitIn(home, 'commit', '-qm', 'Set up');
      for (const id of ['01', '02']) {
        tell(project, home, 'phase', 'add', id, `Phase ${id}`, '--plan', `${id}-01:First`);
        tell(project, home, 'phase', 'start', id);
      }
      const [one, two] = [project.worktree('01'), project.worktree('02')];
      expect(project.guardWrite(one, join(one, 'src/a.ts'))).toBeUndefined();
      expect(project.guardWrite(one, join(two, 'src/a.ts'))).toContain('worktree of worker-02');
      const reach = `echo x > ${quoted(join(two, 'b.ts'))}`;
      expect(project.guardBash(one, reach)).toContain('worktree of worker-02');
      expect(project.guardWrite(one, project.path('.planning/STATE.md'))).not.toMatch(ACTS);

      tell(project, one, 'plan', 'start', '01-01');
      tell(project, one, 'lock', 'src/a.ts');
      writeFileSync(join(one, 'a.ts'), 'a\n');
      gitIn(one, 'add', '-A');
      gitIn(one, 'commit', '-qm', '01-01: a');
      tell(project, one, 'run', '--', 'git', '--version');
      tell(project, one, 'gate', '01-01');
      tell(project, one, 'plan', 'complete', '01-01');
      tell(project, one, 'unlock', '--all');
      tell(project, one, 'merge', 'add');
      tell(project, home, 'merge', 'radar');
      tell(project, home, 'merge', 'run');
      expect(existsSync(join(home, 'a.ts'))).toBe(true);
      for (const args of [['status'], ['doctor'], ['resume'], ['merge', 'status']])
        tell(project, home, ...args);
      judged(project.coord(['merge', 'reap']), ['merge', 'reap'], [0, 1]);
      judged(project.coord(['handoff']), ['handoff'], [0, 1]);
      expectNothingOwned(project);
    } finally {
      project.dispose();
    }
  });
});

/** The short form tries a part of them. */
const tried = Object.entries(HOSTILE_NAMES).filter((_, at) => isLong || at % 5 === 1);

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

describe('a file has', () => {
  let project: Project;
  let one: string;
  let two: string;
  const names = Object.values(HOSTILE_NAMES);

  beforeAll(() => {
    project = Project.started('01', '02');
    [one, two] = [project.worktree('01'), project.worktree('02')];
    gitIn(project.home, 'config', 'user.name', 'A\u001b[31m$(touch owned) "x"');
  });
  afterAll(() => project.dispose());

  test.each(tried)('%s: locked, refused by the guard, listed, unlocked', (_what, name) => {
    const locked = tell(project, one, 'lock', '--', `./${name}`);
    expect(locked.trim().split('\n')).toHaveLength(1);
    tell(project, one, 'locks');
    const refused = project.guardWrite(one, join(two, name)) ?? '';
    expect(refused).toContain('worker-02');
    expect(refused).not.toMatch(/[\n\r]|\u001b|\u202e/);
    const command = `echo x > ${quoted(join(two, name))}`;
    expect(project.guardBash(one, command)).toContain('worker-02');
    const json = project.coord(['locks', '--json'], { cwd: one });
    const { locks } = JSON.parse(json.stdout) as { locks: { path: string }[] };
    expect(locks).toHaveLength(1);
    tell(project, one, 'unlock', '--', `./${name}`);
  });

  test('each of them: changed by two, landed by one, sent back to the other', () => {
    for (const [root, id] of [
      [one, '01'],
      [two, '02'],
    ] as const) {
      tell(project, root, 'plan', 'start', `${id}-01`);
      mkdirSync(join(root, 'src'), { recursive: true });
      for (const name of names) writeFileSync(join(root, 'src', name), `${id}\n`);
      gitIn(root, 'add', '-A');
      gitIn(root, 'commit', '-qm', `${id}-01: names`);
      for (const plan of [`${id}-01`, `${id}-02`]) {
        if (plan.endsWith('02')) tell(project, root, 'plan', 'start', plan);
        tell(project, root, 'plan', 'complete', plan);
      }
    }
    const radar = tell(project, project.home, 'merge', 'radar');
    expect(radar).toContain('src/');
    tell(project, one, 'merge', 'add');
    judged(project.coord(['merge', 'add'], { cwd: two }), ['merge', 'add'], [0, 1]);
    judged(project.coord(['merge', 'run']), ['merge', 'run'], [0, 1]);
    expect(readdirSync(project.path('src')).sort()).toEqual([...names].sort());
    for (const args of [['merge', 'status'], ['status'], ['resume'], ['inbox']]) {
      judged(project.coord(args), args, [0, 1]);
      judged(project.coord(args, { cwd: two }), args, [0, 1]);
    }
    judged(project.coord(['doctor']), ['doctor'], [0, 1]);
    expectNothingOwned(project);
  });
});

describe('a text has', () => {
  let project: Project;
  beforeAll(() => {
    project = Project.started('01');
  });
  afterAll(() => project.dispose());

  test.each(tried)('%s, as title, name, question, finding, decision', (_what, text) => {
    const home = project.home;
    const worker = project.worktree('01');
    // Some are refused as a title, which says so.
    const any = (cwd: string, ...args: string[]) => judged(project.coord(args, { cwd }), args, [0, 1, 64]);
    any(home, 'todo', 'add', '--', text);
    any(home, 'criteria', 'add', '--', '01', text);
    any(
      home,
      'decide',
      '--context',
      `x${text}`,
      '--decision',
      `x${text}`,
      `--alternative=a: ${text}`,
      `--consequence=${text}`,
      '--',
      text,
    );
    any(worker, 'task', 'add', '--plan', '01-01', '--', text);
    any(worker, 'findings', '--', text);
    any(worker, 'send', '--', 'coordinator', 'question', text);
  });

  test('and all of them are shown', () => {
    const { home } = project;
    for (const args of [
      ['status'],
      ['todo', 'list'],
      ['criteria', 'list'],
      ['decisions'],
      ['inbox'],
      ['resume'],
      ['doctor'],
    ])
      judged(project.coord(args), args, [0, 1]);
    for (const args of [['task', 'list', '--plan', '01-01'], ['plan', 'list'], ['resume']])
      judged(project.coord(args, { cwd: project.worktree('01') }), args, [0, 1]);
    judged(project.coord(['handoff', '--no-commit'], { cwd: home }), ['handoff'], [0, 1]);
    expectNothingOwned(project);
  });
});
