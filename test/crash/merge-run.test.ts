/**
 * `coord merge run`, killed at any call, also between two calls of git: the target is before or after, never between,
 * and the next run goes on from there, says so, and leaves one of each.
 */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Project } from '../kit/project.ts';
import {
  entryOf,
  filesOn,
  finish,
  leftovers,
  queue,
  sentTo,
  tipOf,
  verdicts,
  waiting,
} from '../kit/queue.ts';
import { stateOf } from '../kit/scene.ts';
import { cli, eachKill, type Lab, twoLabs } from './fixtures/lab.ts';

const RUN = ['merge', 'run', '--json'];
const labs: Lab[] = [];
let good: Lab[];
let mixed: Lab[];

/** One phase is complete, and closed by its landing; the other goes on. */
function twoGood(): Project {
  const project = waiting(['01', '02']);
  finish(project, '01');
  queue(project, '01', { 'shared.txt': 'one\ntwo\n01\n', '01.txt': '01\n' });
  queue(project, '02');
  return project;
}

function oneBad(): Project {
  const project = waiting(['01', '02']);
  queue(project, '01', { bad: 'x\n' });
  queue(project, '02');
  return project;
}

beforeAll(() => {
  good = twoLabs(twoGood());
  mixed = twoLabs(oneBad());
  labs.push(...good, ...mixed);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

interface Answer {
  readonly landed: readonly { readonly phase: string }[];
  readonly resumed: null | { readonly outcome: string; readonly told: boolean };
}

async function again(project: Project, code: number): Promise<Answer> {
  const ran = await project.coordLater(RUN);
  expect([ran.code, ran.code === code ? '' : ran.stderr]).toEqual([code, '']);
  return JSON.parse(ran.stdout) as Answer;
}

async function expectSound(project: Project): Promise<void> {
  expect(leftovers(project)).toEqual([]);
  const doctor = await project.coordLater(['doctor', '--json']);
  expect(JSON.parse(doctor.stdout)).toEqual({ findings: [] });
  const last = await again(project, 0);
  expect(last).toMatchObject({ landed: [], rejected: [], left: [], resumed: null });
}

test('two that are good land, whenever the run is killed', async () => {
  const tips = new Map<Project, string[]>();
  const kills = await eachKill(
    good,
    (project) => cli(project, RUN),
    async (project) => {
      const before = tips.get(project)?.[0];
      const now = tipOf(project, 'main');
      const isMoved = filesOn(project).includes('01.txt');
      // All of it, or nothing: both branches land in one step.
      expect(filesOn(project)).toEqual(isMoved ? ['01.txt', '02.txt', 'shared.txt'] : ['shared.txt']);
      const isOver =
        entryOf(project, '02').state === 'landed' &&
        !existsSync(project.path('.coordination/queue/landing.json'));
      const { resumed } = await again(project, 0);
      if (isMoved && !isOver) expect(resumed).toMatchObject({ outcome: 'landed', told: false });
      if (!isMoved) expect(resumed?.outcome ?? 'not-landed').toBe('not-landed');
      if (before !== undefined && isMoved) expect(now).toBe(before);
      expect(filesOn(project)).toEqual(['01.txt', '02.txt', 'shared.txt']);
      expect([project.read('01.txt'), project.read('shared.txt')]).toEqual(['01\n', 'one\ntwo\n01\n']);
      expect([verdicts(project, '01').length, verdicts(project, '02').length]).toEqual([1, 1]);
      const { milestones, phases } = stateOf(project);
      const landed = milestones.filter(({ event }) => event === 'phase_landed').map(({ phase }) => phase);
      expect([landed.sort(), phases.map(({ state }) => state)]).toEqual([
        ['01', '02'],
        ['done', 'active'],
      ]);
      expect([existsSync(project.worktree('01')), existsSync(project.worktree('02'))]).toEqual([false, true]);
      expect(project.git('branch', '--list', 'coord/*', '--format=%(refname:short)').trim()).toBe(
        'coord/02-phase-02',
      );
      tips.set(project, [tipOf(project, 'main')]);
      await expectSound(project);
    },
    3,
  );
  expect(kills).toBeGreaterThan(100);
});

test('a bad one is rejected and told once, and the good one lands, whenever the run is killed', async () => {
  await eachKill(
    mixed,
    (project) => ({ ...cli(project, RUN), exits: 1 }),
    async (project) => {
      const landedBefore = filesOn(project).includes('02.txt');
      expect(filesOn(project)).toEqual(landedBefore ? ['02.txt', 'shared.txt'] : ['shared.txt']);
      const isRejected = entryOf(project, '01').state === 'rejected';
      await again(project, isRejected ? 0 : 1);
      expect(filesOn(project)).toEqual(['02.txt', 'shared.txt']);
      expect([entryOf(project, '01').tries, entryOf(project, '02').state]).toEqual([1, 'landed']);
      expect(verdicts(project, '01').map(({ metadata }) => metadata['verdict'])).toEqual(['reject']);
      expect(verdicts(project, '02').map(({ metadata }) => metadata['verdict'])).toEqual(['accept']);
      expect(sentTo(project, 'coordinator', 'error')).toEqual([]);
      await expectSound(project);
    },
    3,
  );
});
