/** The page of `coord` alone: where one stands, what is next there, and a handful of commands; no wall of text. */
import { describe, expect, test } from 'vitest';
import { gitIn, Project, putRepository } from '../kit/project.ts';
import { Session } from '../kit/session.ts';

const LINES_MAX = 20;

function page(project: Project, cwd = project.home, env: Record<string, string> = {}): string {
  const run = project.coord([], { cwd, env });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const lines = run.stdout.split('\n');
  expect(lines.length).toBeLessThanOrEqual(LINES_MAX);
  expect(lines[0]).toContain('several Claude Code sessions on one repository');
  expect(run.stdout).toContain('coord help');
  expect(project.coord(['help', 'here'], { cwd, env }).stdout).toBe(run.stdout);
  return run.stdout;
}

/** The first command that the page names. */
const next = (text: string) => /`([^`]+)`/.exec(text)?.[1];

describe('each step that the page names is the next one', () => {
  test('from a folder without a repository to a worker whose plans are complete', () => {
    const project = new Project('fresh', (base) => putRepository(`${base}/kept`));
    try {
      const empty = project.outside('empty');
      expect(next(page(project, empty))).toBe('git init');
      gitIn(empty, 'init', '-q', '-b', 'main');
      expect(next(page(project, empty))).toBe('coord init');
      expect(project.coord(['init'], { cwd: empty }).code).toBe(0);
      expect(next(page(project, empty))).toBe('coord phase add 01 "<name>" --plan 01-01:"<title>"');
      project.mustIn(empty, 'phase', 'add', '01', 'API', '--plan', '01-01:Parser');
      expect(next(page(project, empty))).toBe('git commit --allow-empty -m "start"');
      gitIn(
        empty,
        '-c',
        'user.name=T',
        '-c',
        'user.email=t@x.invalid',
        'commit',
        '-q',
        '--allow-empty',
        '-m',
        's',
      );
      expect(next(page(project, empty))).toBe('coord phase start 01');
      const { worktree } = project.mustIn<{ worktree: string }>(empty, 'phase', 'start', '01');
      expect(next(page(project, empty))).toBe(`cd ${worktree} && claude`);

      const own = page(project, worktree);
      expect(own).toContain('You are worker-01, the one worker of phase 01 "API"');
      expect(next(own)).toBe('coord plan start 01-01');
      project.mustIn(worktree, 'plan', 'start', '01-01');
      expect(next(page(project, worktree))).toBe('coord plan done 01-01');
      project.mustIn(worktree, 'plan', 'fail', '01-01', '--reason', 'no');
      expect(page(project, worktree)).toContain('to take it up again: `coord plan start 01-01`');
      project.mustIn(worktree, 'plan', 'start', '01-01');
      project.mustIn(worktree, 'plan', 'complete', '01-01');
      expect(next(page(project, worktree))).toBe('coord merge add');

      expect(next(page(project, empty))).toBe('coord inbox');
      expect(page(project, empty)).toContain('phase 01 is finished: `coord merge add 01`');
    } finally {
      project.dispose();
    }
  });

  test('blockers and mail come before everything else', () => {
    const project = Project.started('01');
    try {
      const cwd = project.worktree('01');
      project.mustIn(cwd, 'blocker', 'raise', 'which port');
      const answer = next(page(project)) ?? '';
      expect(answer).toMatch(/^coord send worker-01 response "<answer>" --ref msg-/);
      const [, reference = ''] = / --ref (\S+)$/.exec(answer) ?? [];
      project.must('send', 'worker-01', 'response', '8080', '--ref', reference);
      expect(page(project)).not.toContain('is blocked');
      expect(next(page(project, cwd))).toBe('coord inbox');
    } finally {
      project.dispose();
    }
  });

  test('a landing that was cut short is carried on, not queued again; a cold coordinator is told the same', async () => {
    const project = Project.started('01');
    try {
      const cwd = project.worktree('01');
      for (const plan of ['01-01', '01-02'])
        for (const verb of ['start', 'complete']) project.mustIn(cwd, 'plan', verb, plan);
      expect(page(project)).toContain('`coord merge add 01`');
      const tip = gitIn(cwd, 'rev-parse', 'HEAD').trim();
      const entries = [{ entry: '01.1', phase: '01', tip, commit: tip }];
      const landing = { id: 'x', target: 'main', ref: 'refs/heads/main', from: tip, to: tip, entries };
      project.write('.coordination/queue/landing.json', JSON.stringify({ ...landing, isSettled: false }));
      expect(page(project)).toContain('`coord merge run`');
      expect(page(project)).not.toContain('coord merge add 01');
      const { context } = await new Session(project, { session: 's1', cwd: project.home }).start();
      expect(context).toContain('The landing of 01 was cut short: `coord merge run`');
      expect(context).not.toContain('coord merge add 01');
    } finally {
      project.dispose();
    }
  });

  test('a worktree of the project that has joined nothing is told what it may join', () => {
    const project = Project.started('01');
    try {
      project.must('phase', 'add', '02', 'Second');
      const own = `${project.outside('guest')}/w`;
      project.git('worktree', 'add', '-q', '-b', 'own', own);
      const text = page(project, own);
      expect(text).toContain('has joined no phase');
      expect(next(text)).toBe('coord join 02');
    } finally {
      project.dispose();
    }
  });
});

test('in a session it names what a person can type there', async () => {
  const project = Project.started('01');
  try {
    const session = new Session(project, { session: 's1', cwd: project.worktree('01') });
    await session.start();
    expect(page(project, session.cwd, session.env)).toContain('/coord:plan');
    expect(page(project, session.cwd)).not.toContain('/coord:');
  } finally {
    project.dispose();
  }
});

test('what keeps it from knowing is said, and is no reason to fail', () => {
  const project = Project.started('01');
  try {
    project.write('.planning/STATE.md', '---\ncoord: state/1\nphases: [\n---\n');
    const text = page(project);
    expect(text).toContain('.planning/STATE.md line');
    expect(next(text)).toBe('coord doctor --repair');
  } finally {
    project.dispose();
  }
});

test('it is data behind --json', () => {
  const project = Project.started('01');
  try {
    const { stdout, code } = project.coord(['--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'operator',
      project: 'project',
      next: [{ code: 'open-session', worker: 'worker-01' }],
    });
  } finally {
    project.dispose();
  }
});
