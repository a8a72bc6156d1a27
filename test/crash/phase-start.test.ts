/** `coord phase start`, killed at any call, also between two calls of git: starting it again succeeds and leaves one of each. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveRecipient } from '../../src/usecases/send-message.ts';
import { gitIn, Project } from '../kit/project.ts';
import { addPhase, coordinated, stateOf, value } from '../kit/scene.ts';
import { cli, eachKill, type Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];

beforeAll(() => {
  const project = new Project();
  project.write('src/app.ts', 'export const a = 1;\n');
  project.git('add', '-A');
  project.git('commit', '-qm', 'Add');
  project.must('init');
  project.must('phase', 'add', '01', 'Phase 01', '--plan', '01-01:First', '--scope', 'src/**');
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

const START = ['phase', 'start', '01', '--json'];

/** One worktree, one branch, a clean checkout, a worker who can work; and no note of a start under way. */
function expectStarted(project: Project): void {
  const root = project.worktree('01');
  const worktrees = project.git('worktree', 'list', '--porcelain').match(/^worktree .*$/gm);
  expect(worktrees).toEqual([`worktree ${project.home}`, `worktree ${root}`]);
  expect(project.git('worktree', 'list', '--porcelain')).not.toContain('locked');
  expect(project.git('branch', '--format=%(refname:short)').trim().split('\n').sort()).toEqual([
    'coord/01-phase-01',
    'main',
  ]);
  expect(gitIn(root, 'rev-parse', 'HEAD')).toBe(project.git('rev-parse', 'main'));
  expect(gitIn(root, 'status', '--porcelain')).toBe('?? .planning/\n');
  expect(project.mustIn(root, 'plan', 'start', '01-01')).toMatchObject({ state: 'in_progress' });
  const { phases } = project.must<{ phases: { state: string; plans: object }[] }>('status');
  expect(phases).toMatchObject([{ state: 'active', plans: { not_started: 0, in_progress: 1 } }]);
  expect(project.guardWrite(root, join(root, 'src/app.ts'))).toBeUndefined();
  expect(project.guardWrite(root, join(root, 'README.md'))).toContain('scope');
  const doctor = project.coord(['doctor', '--json']);
  expect(JSON.parse(doctor.stdout)).toEqual({ findings: [] });
}

test('a start that was killed is resumed by the next one', async () => {
  const kills = await eachKill(
    labs,
    (project) => cli(project, START),
    async (project, ended) => {
      const isReported = ended.stdout.endsWith('}\n');
      const again = await project.coordLater(START);
      const answer = JSON.parse(again.stdout) as { error?: { code: string } };
      if (isReported) expect(answer.error?.code).toBe('phase-already-started');
      else if (again.code !== 0) expect(answer.error?.code, again.stderr).toBe('phase-already-started');
      expectStarted(project);
    },
  );
  expect(kills).toBeGreaterThan(5);
});

test.each(['in the middle of the checkout', 'while it was taking away what it had made'])(
  'a start that was killed together with git, %s, is resumed too',
  async (moment) => {
    const [lab] = labs;
    if (!lab) throw new Error('no lab');
    lab.restore();
    const { project } = lab;
    // A filter of the checkout that kills all that is above it: git, and coord.
    const filter = join(project.outside('filter'), 'deadly.sh');
    writeFileSync(
      filter,
      `#!/bin/sh
[ -n "$DEADLY" ] || exec cat
pid=$$
for step in 1 2 3 4 5; do
  pid=$(awk '/^PPid/ {print $2}' /proc/$pid/status)
  [ "$pid" = "$DEADLY" ] && break
  victims="$pid $victims"
done
kill -9 $victims
`,
    );
    chmodSync(filter, 0o755);
    project.git('config', 'filter.deadly.smudge', filter);
    project.write('.gitattributes', 'src/** filter=deadly\n');
    project.git('add', '.gitattributes');
    project.git('commit', '-qm', 'Filter');
    const killed = await project.coordLater(START, { env: { DEADLY: String(process.pid) } });
    expect(killed.code).toBe(null);
    expect(project.git('branch', '--list', 'coord/*')).toContain('coord/01-phase-01');
    if (moment.startsWith('while')) rmSync(project.path('.git', 'worktrees'), { recursive: true });
    const again = project.coord(START);
    expect(again.code, again.stderr).toBe(0);
    expectStarted(project);
  },
);

test('a join that was killed is completed by the next one', async () => {
  const guest = (project: Project) => project.path('.claude', 'worktrees', 'guest');
  const planned = coordinated();
  value(addPhase(planned, '01'));
  planned.git('worktree', 'add', '-q', '-b', 'tree-a', guest(planned));
  const two = twoLabs(planned);
  labs.push(...two);
  await eachKill(
    two,
    (project) => cli(project, ['join', '01', '--json'], guest(project)),
    async (project) => {
      const cwd = guest(project);
      const again = await project.coordLater(['join', '01', '--json'], { cwd });
      expect(again.code, again.stdout).toBe(0);
      expect(stateOf(project).phases[0]).toMatchObject({ state: 'active', branch: 'tree-a' });
      expect(resolveRecipient(project.home, 'worker-01')).toEqual({ done: true, value: 'worker-01' });
      expect(project.mustIn(cwd, 'plan', 'start', '01-01')).toMatchObject({ state: 'in_progress' });
      expect((await project.coordLater(['join', '01', '--json'], { cwd })).code).toBe(0);
      expect(JSON.parse((await project.coordLater(['doctor', '--json'])).stdout)).toEqual({ findings: [] });
    },
  );
});
