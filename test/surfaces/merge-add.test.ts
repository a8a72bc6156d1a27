/** `coord merge add` read by a stranger: who types what it says to type gets its work queued. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PreflightRefusal } from '../../src/domain/preflight/refusal.ts';
import { bareEnvironment, gitIn, Project, type Run, repositoryRoot, scripts } from '../kit/project.ts';
import { firstInLine } from '../kit/queue.ts';

let project: Project;
beforeEach(() => {
  project = new Project();
  for (const file of ['docs/guide.md', 'docs/notes.md', 'AGENTS.md'])
    project.write(file, `${file}\n${'line\n'.repeat(20)}`);
  project.git('add', '-A');
  project.git('commit', '-qm', 'Files');
  project.must('init');
  project.must('phase', 'add', '01', 'Phase 01', '--plan', '01-01:First', '--scope', 'src/**');
  project.must('phase', 'start', '01');
});
afterEach(() => project.dispose());

interface Answer {
  entry: string | null;
  state: string | null;
  phase: string;
  branch: string;
  tip: string;
  target: string;
  position: number;
  waived: string[];
  refusals?: PreflightRefusal[];
}

const root = () => project.worktree('01');
const add = (args: string[] = [], cwd = root()): Run => project.coord(['merge', 'add', ...args], { cwd });
const answer = (args: string[] = [], cwd = root()): Answer =>
  JSON.parse(add([...args, '--json'], cwd).stdout) as Answer;

function put(relative: string, text = `${relative}\n`): void {
  const file = join(root(), relative);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function commit(): string {
  gitIn(root(), 'add', '-A');
  gitIn(root(), 'commit', '-qm', 'Work');
  return gitIn(root(), 'rev-parse', 'HEAD').trim();
}

test('a worker queues its own branch; again, it is told where that stands', () => {
  put('src/new.ts');
  const tip = commit();
  const first = add(['--json']);
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(JSON.parse(first.stdout)).toEqual(firstInLine(tip));
  const again = add();
  expect(again.code).toBe(0);
  expect(again.stdout).toContain(
    `phase 01 is already queued at position 1 as 01.1, with coord/01-phase-01 at ${tip.slice(0, 12)}; nothing changed`,
  );
  put('src/more.ts');
  commit();
  expect(add().stdout).toContain('phase 01 stays queued as 01.1, now with coord/01-phase-01 at');
  expect(add(['01'], project.home).stdout).toContain('Next: coord merge run');
});

test('a refusal names all that is wrong, exits with 1, and queues nothing', () => {
  put('src/new.ts');
  put('docs/guide.md', 'mine\n');
  rmSync(join(root(), 'docs/notes.md'));
  commit();
  put('left.txt');
  const refused = add();
  expect([refused.code, refused.stderr]).toEqual([1, '']);
  expect(
    refused.stdout.replaceAll(project.home, '<home>').replace(/=[0-9a-f]{12}/g, '=<base>'),
  ).toMatchInlineSnapshot(`
    "phase 01 (coord/01-phase-01) was not queued for main: 3 things are in the way. Nothing was changed.
    dirty: 1 file is not committed
      where:       <home>/.claude/worktrees/01-phase-01
      - left.txt (untracked)
      probably:    only what is committed lands, so this work would stay behind
      next, there: git add -A
                   git commit -m "<what was done>"
                   coord merge add 01
    deletions: 1 deleted file was never the phase's (outside of the scope src/**)
      where:       <home>/.claude/worktrees/01-phase-01
      - docs/notes.md
      probably:    a clean-up or a generator went further than it was meant to; renames are not counted (of more than 1,000 at once only those of unchanged files)
      next, there: git restore --source=<base> --staged --worktree -- docs/notes.md
                   git commit -m "Leave files of others as they were"
                   coord merge add 01
                   # or, where they belong to the work, the coordinator: coord merge add 01 --waive deletions
    scope: coord/01-phase-01 changes 1 file outside of the scope src/**
      where:       <home>/.claude/worktrees/01-phase-01
      - docs/guide.md
      probably:    the work needed more than the phase was given, or a program rewrote files of others
      next, there: git restore --source=<base> --staged --worktree -- docs/guide.md
                   git commit -m "Leave files of others as they were"
                   coord merge add 01
                   # or, where they belong to the work, the coordinator: coord merge add 01 --waive scope
    "
  `);
  const { refusals = [], ...rest } = answer();
  expect(rest).toMatchObject({ entry: null, state: null, phase: '01', position: 0, waived: [] });
  expect(refusals.map(({ rule, isWaivable, side, total }) => [rule, isWaivable, side, total])).toEqual([
    ['dirty', false, 'worker', 1],
    ['deletions', true, 'worker', 1],
    ['scope', true, 'worker', 1],
  ]);
  expect(existsSync(project.path('.coordination/queue/entries'))).toBe(false);
});

test('who may not is told so: another’s phase, a waiver, a missing word', () => {
  put('src/new.ts');
  commit();
  project.must('phase', 'add', '02', 'Phase 02');
  project.must('phase', 'start', '02');
  const other = add(['02']);
  expect([other.code, other.stdout]).toEqual([1, '']);
  expect(other.stderr).toContain('queue phase 02, which is another');
  expect(add(['--waive', 'scope']).stderr).toContain('only the coordinator may waive a rule');
  expect(add(['--waive', 'dirty'])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('deletions, scope, evidence'),
  });
  expect(add([], project.home)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('<phase> is missing'),
  });
  put('docs/guide.md', 'mine\n');
  commit();
  expect(add().code).toBe(1);
  const waived = add(['01', '--waive', 'scope', '--waive', 'deletions'], project.home);
  expect(waived.stdout).toContain('Waived: scope\nWaived without need: deletions\n');
  expect(answer()).toMatchObject({ state: 'queued', waived: ['scope'] });
});

/** Types the commands of a refusal in the place that it names, as a person at a terminal. */
function type(refusal: PreflightRefusal): void {
  for (const step of refusal.next.filter(
    (one) => !one.startsWith('#') && !one.startsWith('coord merge add'),
  )) {
    const line = step
      .replace('<what was done>', '01-01: work')
      .replace('coord run', `node ${scripts}/coord.cjs run`);
    const env = {
      ...bareEnvironment(),
      PATH: `${join(repositoryRoot, 'bin')}:${process.env['PATH']}`,
      GIT_EDITOR: 'true',
    };
    const ran = spawnSync('bash', ['-c', line], { cwd: refusal.where, encoding: 'utf8', env });
    expect([step, ran.status, ran.stderr.slice(0, 300)]).toEqual([step, 0, expect.any(String)]);
  }
}

test('who types what is told, refusal by refusal, gets the work queued', () => {
  // Everything at once: an older base, guarded files, files of others, uncommitted work, a dirty target.
  const start = gitIn(root(), 'rev-parse', 'HEAD').trim();
  gitIn(root(), 'reset', '-q', '--hard', `${start}~1`);
  put('.coordination/x.json', '{}');
  put('README.md', 'out of the scope\n');
  put('src/new.ts', 'the work\n');
  gitIn(root(), 'add', '-f', '-A');
  gitIn(root(), 'commit', '-qm', 'Work');
  put('src/new file.ts', 'more of it\n');
  project.write('src/new.ts', 'in the way\n');
  const met: string[] = [];
  for (let round = 0; round < 12; round += 1) {
    const { refusals, state } = answer();
    const [first] = refusals ?? [];
    if (!first) {
      expect(state).toBe('queued');
      break;
    }
    met.push(first.rule);
    type(first);
  }
  expect(answer().state).toBe('queued');
  expect([...new Set(met)].sort()).toEqual([
    'coordinator-files',
    'dirty',
    'scope',
    'target-dirty',
    'wrong-base',
  ]);
  expect(gitIn(root(), 'show', 'HEAD:src/new.ts')).toBe('the work\n');
  expect(gitIn(root(), 'diff', '--name-only', 'main', 'HEAD').trim().split('\n').sort()).toEqual([
    '.planning/phases/01-phase-01/STATUS.md',
    'src/new file.ts',
    'src/new.ts',
  ]);
  // What lay in the way was moved, not lost.
  expect(project.read('src/new.ts.kept')).toBe('in the way\n');
});

test('six at once make one entry', async () => {
  put('src/new.ts');
  const tip = commit();
  const runs = await Promise.all(
    Array.from({ length: 6 }, () => project.coordLater(['merge', 'add', '--json'], { cwd: root() })),
  );
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
  for (const { stdout } of runs)
    expect(JSON.parse(stdout)).toMatchObject({ entry: '01.1', tip, position: 1 });
  expect(readdirSync(project.path('.coordination/queue/entries'))).toEqual(['01.1.json']);
});

test('what a session is told to type, its guard lets pass', () => {
  for (const line of [
    'git add -A',
    'git commit -m "work"',
    'git rebase main',
    `git rebase --onto main ${'a'.repeat(12)}`,
    'git rebase --root --onto main',
    'git switch coord/01-phase-01',
    'git branch kept-work',
    'git merge kept-work',
    'git update-index --no-assume-unchanged --no-skip-worktree -- src/a.ts',
    'git restore --source=abc --staged --worktree -- docs/guide.md',
    'coord run -- npm test',
    'coord merge add 01',
  ])
    expect([line, project.guardBash(root(), line)]).toEqual([line, undefined]);
});

test('evidence: the validation that is told, run as it is told', () => {
  project.must('config', 'set', 'validation', '["test -f src/new.ts"]');
  put('src/new.ts');
  commit();
  const [refused] = answer().refusals ?? [];
  expect(refused).toMatchObject({
    rule: 'evidence',
    next: ['coord run -- test -f src/new.ts', 'coord merge add 01'],
  });
  if (refused) type(refused);
  expect(answer()).toMatchObject({ state: 'queued' });
});
