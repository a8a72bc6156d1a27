/**
 * Clean-up killed at each of its calls, and held up at each of them while a worker writes: nothing of worth is lost, and
 * the next run carries on.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listCleanings } from '../../src/storage/light/cleaning-files.ts';
import { readPlaceRecord } from '../../src/storage/light/roster.ts';
import { cleanLeft } from '../../src/usecases/clean-landed.ts';
import { bundleFixture, callsOf, dieAt, inParallel, type Script, stopAt } from '../kit/die-at.ts';
import { landedPhases } from '../kit/landed.ts';
import { bareEnvironment, gitIn, type Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { eachKill, isLong, Lab } from './fixtures/lab.ts';

let bundle: string;
let labs: Lab[] = [];

beforeAll(async () => {
  bundle = await bundleFixture(new URL('fixtures/clean-steps.ts', import.meta.url).pathname);
  labs = [0, 1].map(() => {
    const project = started('01', '02');
    project.write('.git/info/exclude', '.env\nnode_modules/\n.claude/worktrees/\n');
    landedPhases(project, '01');
    const root = project.worktree('01');
    writeFileSync(join(root, '.env'), 'SECRET=1\n');
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules', 'x.js'), 'x\n');
    writeFileSync(join(project.worktree('02'), 'not committed.txt'), 'sibling\n');
    return new Lab(project);
  });
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

function script(project: Project): Script {
  const under = dirname(project.home);
  return { bundle, args: [project.home], under, env: bareEnvironment(), cwd: project.home, wide: true };
}

const kept = (project: Project) => project.path('.coordination/queue/kept/01.1');

/** All that a person may want of the worktree is somewhere, and the sibling's is where it was. */
function expectNothingLost(project: Project): void {
  const root = project.worktree('01');
  const places = [root, join(dirname(root), '.coord-going-01.1'), kept(project)];
  for (const [file, text] of [
    ['.env', 'SECRET=1\n'],
    ['.planning/phases/01-phase-01/STATUS.md', 'worker-01'],
  ] as const) {
    const found = places.map((place) => join(place, file)).filter(existsSync);
    expect(found.length, file).toBeGreaterThan(0);
    expect(readFileSync(found[0] as string, 'utf8')).toContain(text);
  }
  expect(readFileSync(join(project.worktree('02'), 'not committed.txt'), 'utf8')).toBe('sibling\n');
  expect(project.git('rev-parse', '--verify', 'refs/coord/landed/01.1')).toMatch(/^[0-9a-f]{40}/);
}

function expectGone(project: Project): void {
  expect(readdirSync(dirname(project.worktree('01')))).toEqual(['02-phase-02']);
  expect(project.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(2);
  expect(project.git('worktree', 'list', '--porcelain')).not.toContain('locked');
  expect(project.git('for-each-ref', '--format=%(refname)', 'refs/heads/coord').trim()).toBe(
    'refs/heads/coord/02-phase-02',
  );
  expect(readPlaceRecord(project.home, '01-phase-01')).toBeUndefined();
  expect(listCleanings(project.home)).toEqual([]);
  expect(readFileSync(join(kept(project), '.env'), 'utf8')).toBe('SECRET=1\n');
}

test('killed anywhere, it has lost nothing, and the next run ends it', async () => {
  const kills = await eachKill(
    labs,
    script,
    async (project) => {
      expectNothingLost(project);
      cleanLeft(project.home);
      expectNothingLost(project);
      expectGone(project);
    },
    6,
  );
  expect(kills).toBeGreaterThan(10);
});

test('killed again and again, it still comes to its end', async () => {
  const [lab] = labs;
  if (!lab) throw new Error('no lab');
  lab.restore();
  const calls = (await callsOf(script(lab.project))).length;
  lab.restore();
  let seed = 7;
  for (let round = 0; round < 6; round += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    await dieAt(script(lab.project), 1 + (seed % calls));
    expectNothingLost(lab.project);
  }
  cleanLeft(lab.project.home);
  expectGone(lab.project);
});

describe('held up anywhere while somebody', () => {
  /** At each of some of its calls; the two labs are two lanes. */
  async function atEach(
    most: number,
    meanwhile: (project: Project) => void,
    visit: (project: Project, stdout: string, k: number) => void,
  ): Promise<void> {
    const [first] = labs;
    if (!first) throw new Error('no lab');
    first.restore();
    const calls = (await callsOf(script(first.project))).length;
    const step = isLong ? 1 : Math.max(1, Math.floor(calls / most));
    const stops = Array.from({ length: Math.floor(calls / step) }, (_, at) => 1 + at * step);
    const free = [...labs];
    await inParallel(
      labs.length,
      stops.map((k) => async () => {
        const lab = free.pop();
        if (!lab) throw new Error('no lab is free');
        lab.restore();
        const ended = await stopAt(script(lab.project), k, () => meanwhile(lab.project));
        expect(ended.status, `call ${k}: ${ended.stderr}`).toBe(0);
        visit(lab.project, ended.stdout, k);
        free.push(lab);
      }),
    );
  }

  test('writes a file by its name, it is never lost: the worktree stays, or the file is not in it any more', async () => {
    let stayed = 0;
    let went = 0;
    await atEach(
      6,
      (project) => {
        const file = join(project.worktree('01'), 'src', 'late.ts');
        if (existsSync(dirname(file))) writeFileSync(file, 'late\n');
      },
      (project, stdout, k) => {
        expectNothingLost(project);
        const file = join(project.worktree('01'), 'src', 'late.ts');
        const { cleaned } = JSON.parse(stdout) as { cleaned: { worktree: string; why: string | null }[] };
        if (cleaned[0]?.worktree === 'kept') {
          stayed += 1;
          expect([k, cleaned[0].why]).toEqual([k, 'files that were never added to git: src/late.ts']);
          expect(readFileSync(file, 'utf8')).toBe('late\n');
          expect(gitIn(project.worktree('01'), 'status', '--porcelain')).toContain('src/late.ts');
          rmSync(file);
          cleanLeft(project.home);
        } else went += 1;
        expectGone(project);
      },
    );
    expect([stayed > 1, went > 1]).toEqual([true, true]);
  });

  test('commits to the branch, no commit is lost', async () => {
    await atEach(
      6,
      (project) => {
        // From anywhere: a worker that still has the repository's path.
        const branch = 'refs/heads/coord/01-phase-01';
        const old = project.git('for-each-ref', '--format=%(objectname)', branch).trim();
        if (old === '') return;
        const made = project.git('commit-tree', '-p', old, '-m', 'late', `${old}^{tree}`).trim();
        project.git('update-ref', branch, made, old);
        project.write('late-commit', made);
      },
      (project) => {
        const note = project.path('late-commit');
        if (!existsSync(note)) return expectGone(project);
        const made = readFileSync(note, 'utf8');
        expect(project.git('branch', '--format=%(refname)', '--contains', made)).toContain(
          'coord/01-phase-01',
        );
      },
    );
  });

  test('adds and prunes worktrees, or cleans up too, it comes to the same end', async () => {
    await atEach(
      3,
      (project) => {
        project.git('worktree', 'add', '-q', '--detach', project.outside(`other-${Math.random()}`));
        project.git('worktree', 'prune');
      },
      (project) => {
        for (const line of project.git('worktree', 'list', '--porcelain').split('\n'))
          if (line.startsWith('worktree ') && line.includes('/other-'))
            project.git('worktree', 'remove', line.slice('worktree '.length));
        expectNothingLost(project);
        expectGone(project);
      },
    );
  });
});

test('two that clean up at once make one clean-up', async () => {
  const [lab] = labs;
  if (!lab) throw new Error('no lab');
  for (let round = 0; round < (isLong ? 20 : 2); round += 1) {
    lab.restore();
    const runs = await Promise.all([0, 1, 2].map(() => dieAt(script(lab.project), 1_000_000)));
    for (const run of runs) expect(run.status, run.stderr).toBe(0);
    expectNothingLost(lab.project);
    expectGone(lab.project);
  }
});
