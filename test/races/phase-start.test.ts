/** Starts at once: of the same phase exactly one wins, of different phases all do, and each has its own worktree. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { gitIn, type Project } from '../kit/project.ts';
import { addPhase, callerIn, coordinated, started, value } from '../kit/scene.ts';
import { allAtOnce, failuresOf } from './fixtures/crowd.ts';

let project: Project;
afterEach(() => project.dispose());

const TEN = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'];

test('ten phases start at once', async () => {
  project = coordinated();
  for (const id of TEN) value(addPhase(project, id));
  const runs = await allAtOnce(
    project,
    TEN.map((id) => ({ args: ['phase', 'start', id, '--json'] })),
  );
  expect(failuresOf(runs)).toEqual([]);
  const head = project.git('rev-parse', 'HEAD');
  for (const run of runs) {
    const { phase, worker, worktree, branch } = JSON.parse(run.stdout) as Record<string, string>;
    expect(worker).toBe(`worker-${phase}`);
    expect(gitIn(worktree ?? '', 'symbolic-ref', '--short', 'HEAD').trim()).toBe(branch);
    expect(gitIn(worktree ?? '', 'rev-parse', 'HEAD')).toBe(head);
    expect(existsSync(project.statusFile(phase ?? ''))).toBe(true);
  }
  const { phases } = project.must<{ phases: { state: string }[] }>('status');
  expect(phases.map((phase) => phase.state)).toEqual(TEN.map(() => 'active'));
  expect(readdirSync(project.path('.coordination', 'roster', 'starting'))).toEqual([]);
});

test('ten starts of one phase: one wins, and the others are told where it is', async () => {
  project = coordinated();
  value(addPhase(project, '01'));
  const runs = await allAtOnce(
    project,
    TEN.map(() => ({ args: ['phase', 'start', '01', '--json'] })),
  );
  expect(runs.map((run) => run.code).sort()).toEqual([0, ...TEN.slice(1).map(() => 1)]);
  for (const run of runs.filter((one) => one.code === 1)) {
    const { error } = JSON.parse(run.stdout) as { error: { code: string; worktree: string } };
    expect(error).toMatchObject({ code: 'phase-already-started', worktree: project.worktree('01') });
  }
  expect(project.git('worktree', 'list').trim().split('\n')).toHaveLength(2);
  expect(project.git('branch', '--list', 'coord/*').trim().split('\n')).toHaveLength(1);
});

test('joins at once: of one phase one worktree wins, and from one worktree all say the same', async () => {
  project = coordinated();
  value(addPhase(project, '01'));
  const trees = ['a', 'b', 'c', 'd'].map((name) => project.path('.claude', 'worktrees', name));
  for (const tree of trees) project.git('worktree', 'add', '-q', tree);
  const joining = [...trees, ...trees].map((cwd) => ({ args: ['join', '01', '--json'], cwd }));
  const runs = await allAtOnce(project, joining);
  const winners = new Set(joining.filter((_, at) => runs[at]?.code === 0).map(({ cwd }) => cwd));
  expect(winners.size).toBe(1);
  expect(runs.filter((run) => run.code === 0)).toHaveLength(2);
  const roles = trees.map((tree) => callerIn(tree).kind).sort();
  expect(roles).toEqual(['guest', 'guest', 'guest', 'worker']);
});

test('four sessions for one worktree: one gets the seat, and the others may not write', async () => {
  project = started('01');
  const cwd = project.worktree('01');
  const clients = ['a', 'b', 'c', 'd'].map((session) => ({ session, child: spawn('sleep', ['60']) }));
  try {
    await Promise.all(
      clients.map(({ session, child }) =>
        project.hookLater(
          'session',
          { hook_event_name: 'SessionStart', session_id: session, cwd, source: 'startup' },
          { CLAUDE_PID: String(child.pid) },
        ),
      ),
    );
    const mayWrite = clients.filter(
      ({ session }) => project.guardWrite(cwd, `${cwd}/file.txt`, session) === undefined,
    );
    expect(mayWrite).toHaveLength(1);
  } finally {
    for (const { child } of clients) child.kill();
  }
});
