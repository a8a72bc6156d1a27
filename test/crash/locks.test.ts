/** `coord lock` and `coord unlock`, killed at any call: all paths or none, and nothing that stays behind. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allLockFolders, leasesFolder, readLock } from '../../src/storage/light/locks/files.ts';
import type { Project } from '../kit/project.ts';
import { coordinated } from '../kit/scene.ts';
import { cli, eachKill, Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];

beforeAll(() => {
  const project = coordinated();
  project.write('src/a.ts', 'a\n');
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

const PATHS = ['src/a.ts', 'b.txt', 'lib/', 'doc/*.md'];
const other = { env: { CLAUDE_CODE_SESSION_ID: 'other' } };

interface Verdicts {
  locked: string[];
  verdicts: { path: string; verdict: string }[];
}

async function lockAs(
  project: Project,
  paths: readonly string[],
): Promise<Verdicts & { code: number | null }> {
  const run = await project.coordLater(['lock', ...paths, '--json'], other);
  return { ...(JSON.parse(run.stdout) as Verdicts), code: run.code };
}

async function expectNothingLeft(project: Project): Promise<void> {
  await project.coordLater(['unlock', '--all'], other);
  await project.coordLater(['unlock', '--all']);
  expect(allLockFolders(project.home).filter((dir) => readLock(dir) !== undefined)).toEqual([]);
  expect(existsSync(join(leasesFolder(project.home), 'locks-taking.json'))).toBe(false);
}

test('a taking of several that was killed leaves all or none to the next one', async () => {
  const kills = await eachKill(
    labs,
    (project) => cli(project, ['lock', ...PATHS, '--json']),
    async (project, ended) => {
      const isReported = ended.stdout.endsWith('}\n');
      const next = await lockAs(project, PATHS);
      const words = new Set(next.verdicts.map(({ verdict }) => verdict));
      if (isReported) expect(words).toEqual(new Set(['held']));
      else expect([['held'], ['locked']]).toContainEqual([...words].sort());
      expect(next.code).toBe(words.has('held') ? 1 : 0);
      await expectNothingLeft(project);
    },
    5,
  );
  expect(kills).toBeGreaterThan(10);
});

test('the taking of one file, without the mutex, leaves it taken or free', async () => {
  const kills = await eachKill(
    labs,
    (project) => cli(project, ['lock', 'src/a.ts', '--json']),
    async (project, ended) => {
      const next = await lockAs(project, ['src/a.ts']);
      const [verdict] = next.verdicts.map(({ verdict }) => verdict);
      expect(ended.stdout.endsWith('}\n') ? ['held'] : ['held', 'locked']).toContain(verdict);
      expect(next.code).toBe(verdict === 'held' ? 1 : 0);
      await expectNothingLeft(project);
      const announced = join(leasesFolder(project.home), 'locks-announced');
      expect(existsSync(announced) ? readdirSync(announced) : []).toEqual([]);
    },
    4,
  );
  expect(kills).toBeGreaterThan(5);
});

test('a release that was killed is finished by the next one, and frees nobody else', async () => {
  for (const lab of labs) {
    lab.restore();
    lab.project.must('lock', ...PATHS);
    lab.project.coord(['lock', 'others.txt'], other);
  }
  const locked = labs.map((lab) => new Lab(lab.project));
  await eachKill(
    locked,
    (project) => cli(project, ['unlock', '--all', '--json']),
    async (project, ended) => {
      const isReported = ended.stdout.endsWith('}\n');
      expect((await project.coordLater(['unlock', '--all'])).code).toBe(0);
      const next = await lockAs(project, [...PATHS, 'others.txt']);
      expect(next.verdicts.map(({ verdict }) => verdict)).toEqual([
        'locked',
        'locked',
        'locked',
        'locked',
        'yours',
      ]);
      if (isReported) expect(next.code).toBe(0);
      await expectNothingLeft(project);
    },
    5,
  );
});
