/** `coord merge radar`, `coord merge reap`, what status and doctor say of them, and a session whose worktree is gone. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitIn } from '../kit/landed.ts';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';

let project: Project;
beforeAll(() => {
  project = Project.started('01', '02');
  for (const id of ['01', '02']) commitIn(project.worktree(id), 'src/app.ts', `export const a = ${id};\n`);
});
afterAll(() => project.dispose());

const conflict = {
  kind: 'branches',
  branches: ['coord/01-phase-01', 'coord/02-phase-02'],
  phases: ['01', '02'],
  workers: ['worker-01', 'worker-02'],
  queued: [false, false],
  files: ['src/app.ts'],
  file_count: 1,
  unrelated: false,
  also_with_target: false,
};

test('the radar answers everybody, in the shape of its help', () => {
  for (const cwd of [project.home, project.worktree('01')])
    expect(project.mustIn(cwd, 'merge', 'radar')).toEqual({
      target: 'main',
      commit: project.git('rev-parse', 'main').trim(),
      branches: ['01', '02'].map((id) => ({
        branch: `coord/${id}-phase-${id}`,
        commit: project.git('rev-parse', `coord/${id}-phase-${id}`).trim(),
        phase: id,
        worker: `worker-${id}`,
        queued: false,
      })),
      conflicts: [conflict],
      pairs: expect.objectContaining({ all: 3, left: 0 }),
      failed: [],
    });
  const { stdout, code } = project.coord(['merge', 'radar']);
  expect(code).toBe(0);
  expect(stdout).toContain('worker-01 (coord/01-phase-01) with worker-02 (coord/02-phase-02): src/app.ts');
});

test('the dashboard has what conflicts, and no word where nothing does', () => {
  expect(project.must('status')).toMatchObject({ conflicts: [conflict] });
  const told = project.coord(['status']).stdout;
  expect(told).toContain(
    'Conflicts, if they were merged now\n  worker-01 (coord/01-phase-01) with worker-02',
  );
  commitIn(project.worktree('02'), 'src/app.ts', 'export const a = 01;\n');
  expect(project.must('status')).toMatchObject({ conflicts: [] });
  expect(project.coord(['status']).stdout).not.toContain('onflict');
});

test('only the coordinator reaps; doctor names what is left, and what was taken away is named', () => {
  const refused = project.coord(['merge', 'reap', '--json'], { cwd: project.worktree('01') });
  expect([refused.code, JSON.parse(refused.stdout).error.code]).toEqual([1, 'not-coordinator']);
  project.git('merge', '-q', '--ff-only', 'coord/01-phase-01');
  for (const id of ['01', '02']) project.must('phase', 'close', id, '--force');
  const doctor = project.coord(['doctor', '--json']);
  expect([doctor.code, JSON.parse(doctor.stdout)]).toMatchObject([
    1,
    {
      findings: [
        { code: 'orphan', kind: 'closed', phase: '01', worktree: project.worktree('01'), why: null },
        {
          code: 'orphan',
          kind: 'closed',
          phase: '02',
          branch: 'coord/02-phase-02',
          keep: { code: 'unmerged' },
        },
      ],
    },
  ]);
  expect(project.must('merge', 'reap', '--dry-run')).toMatchObject({
    reaped: [{ phase: '01' }],
    kept: [{ phase: '02' }],
  });
  expect(existsSync(project.worktree('01'))).toBe(true);
  expect(project.must('merge', 'reap')).toEqual({
    reaped: [
      {
        kind: 'closed',
        id: 'phase-01-phase-01',
        phase: '01',
        worktree: project.worktree('01'),
        branch: 'coord/01-phase-01',
        aside: '.coordination/queue/kept/phase-01-phase-01',
      },
    ],
    kept: [
      {
        kind: 'closed',
        id: 'phase-02-phase-02',
        phase: '02',
        worktree: project.worktree('02'),
        branch: 'coord/02-phase-02',
        code: 'unmerged',
        why: 'coord/02-phase-02 has commits that main does not have',
      },
    ],
  });
  expect(existsSync(project.worktree('01'))).toBe(false);
  const again = project.coord(['merge', 'reap']);
  expect(again.stdout).toMatch(
    /^kept: worktree .*02-phase-02 with branch .*: coord\/02-phase-02 has commits/,
  );
});

test('a session whose folder was taken away under it goes on: its hooks say nothing, its commands say why', () => {
  const gone = join(project.outside('gone'), 'deep');
  const script = [
    `cd '${gone}'`,
    `rm -r '${gone}'`,
    ...['session', 'guard', 'after', 'session-end'].map(
      (name) => `node '${scripts}/${name}.cjs' < ../payload || exit 9`,
    ),
    `node '${scripts}/coord.cjs' status; echo "exit $?"`,
  ];
  mkdirSync(gone);
  const payload = {
    hook_event_name: 'Stop',
    session_id: 's',
    cwd: gone,
    tool_name: 'Write',
    tool_input: { file_path: join(gone, 'x'), content: 'x' },
  };
  writeFileSync(join(gone, '..', 'payload'), JSON.stringify(payload));
  const lines = script
    .map((line) => line.replace('../payload', `'${join(gone, '..', 'payload')}'`))
    .join('\n');
  const run = spawnSync('sh', ['-c', lines], { encoding: 'utf8', env: bareEnvironment() });
  expect(run.stdout).toBe('exit 1\n');
  expect(run.stderr).toMatch(/^coord: .*is in no git repository/);
});
