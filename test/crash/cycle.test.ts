/** Killed at any call: a change of a cycle has happened or not, and the next verb makes what was left undone. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { artifactOf, filesOf } from '../../src/domain/cycle/artifacts.ts';
import { readCycle, readJournal } from '../../src/storage/cycle-files.ts';
import { rebuildCycle } from '../../src/usecases/rebuild-cycle.ts';
import { listCycles, showCycle } from '../../src/usecases/show-cycle.ts';
import { analyse, begun, explore, write } from '../kit/cycle.ts';
import { Project } from '../kit/project.ts';
import { value, worker } from '../kit/scene.ts';
import { cli, eachKill, type Lab, twoLabs } from './fixtures/lab.ts';

const made: Lab[] = [];
afterAll(() => {
  for (const lab of made) lab.dispose();
});

function labs(prepare: (project: Project) => void): Lab[] {
  const project = Project.started('01');
  prepare(project);
  const two = twoLabs(project);
  made.push(...two);
  return two;
}

const me = (project: Project) => worker(project, '01');
const idOf = (project: Project) => listCycles(project.home).cycles[0]?.cycle_id ?? '';
const cycleOf = (project: Project) => value(readCycle(project.home, idOf(project)));
const call =
  (...args: string[]) =>
  (project: Project) =>
    cli(project, ['cycle', ...args], project.worktree('01'));

/** Looking once makes the rest: journal and artifacts say what the state says, each act once. */
function expectWhole(project: Project): void {
  const { cycle } = value(showCycle(me(project), undefined));
  const { acts, broken } = readJournal(project.home, cycle.cycle_id);
  expect(broken).toBeLessThanOrEqual(1);
  const lines = acts.map(({ revision, act, at, why }) => `${revision} ${act} ${at} ${why}`);
  expect(new Set(lines).size).toBe(lines.length);
  const last = acts.filter(({ revision, act }) => revision === cycle.coord.revision && act !== 'rebuild');
  expect(last).toEqual(cycle.coord.acts);
  for (const { file, text } of filesOf(cycle))
    expect(readFileSync(join(project.worktree('01'), '.progress', file), 'utf8'), file).toBe(text);
}

test('a report: the turn has gone on with all that was handed over, or it is as it was', async () => {
  const kills = await eachKill(
    labs((project) => {
      begun(me(project));
      analyse(me(project));
      write(me(project), '.progress/ep/exploration.md', '## Risks\n- few\n');
      write(me(project), '.progress/ep/plan.json', '{"tasks":[{"id":"A","description":"a"}]}');
    }),
    call('report', 'completed', 'planned'),
    async (project) => {
      const after = cycleOf(project);
      if (after.current_phase === 'ep') {
        expect(after.plan).toBeUndefined();
        expect(
          project.coord(['cycle', 'report', 'completed', 'planned'], { cwd: project.worktree('01') }).code,
        ).toBe(0);
      }
      expect(cycleOf(project)).toMatchObject({
        current_phase: 'cd',
        plan: { version: '1.0.0', tasks: [{ id: 'A' }] },
        agents: { ep: { iterations_completed: 1 } },
      });
      expectWhole(project);
      const told = readJournal(project.home, idOf(project)).acts.filter(({ act }) => act === 'ep completed');
      expect(told).toHaveLength(1);
    },
    5,
  );
  expect(kills).toBeGreaterThan(8);
});

test('a pause: killed anywhere it is paused or runs, and what it was is never lost', async () => {
  await eachKill(
    labs((project) => {
      begun(me(project));
      analyse(me(project));
      explore(me(project));
    }),
    call('pause'),
    async (project) => {
      const { status } = cycleOf(project);
      expect(['running', 'paused']).toContain(status);
      expectWhole(project);
      if (status === 'running') project.mustIn(project.worktree('01'), 'cycle', 'pause');
      project.mustIn(project.worktree('01'), 'cycle', 'resume');
      expect(cycleOf(project)).toMatchObject({
        status: 'running',
        current_phase: 'cd',
        current_iteration: 1,
      });
      expectWhole(project);
    },
  );
});

test('a new cycle where another has ended: none is lost, and one can be made', async () => {
  await eachKill(
    labs((project) => {
      begun(me(project), 'The first');
      analyse(me(project), 'the first\n');
      project.mustIn(project.worktree('01'), 'cycle', 'stop');
    }),
    call('new', 'The second'),
    async (project) => {
      const root = project.worktree('01');
      const open = listCycles(project.home).cycles.filter(({ status }) => status === 'created');
      if (open.length === 0) project.mustIn(root, 'cycle', 'new', 'The second');
      expect(open.length).toBeLessThanOrEqual(1);
      const made = listCycles(project.home).cycles;
      expect(made.map(({ title }) => title).sort()).toEqual(['The first', 'The second']);
      const second = made.find(({ title }) => title === 'The second')?.cycle_id ?? '';
      project.mustIn(root, 'cycle', 'start', second);
      expectWhole(project);
      const first = made.find(({ title }) => title === 'The first')?.cycle_id ?? '';
      project.mustIn(root, 'cycle', 'stop', second);
      project.mustIn(root, 'cycle', 'extend', first, 'more');
      expect(readFileSync(join(root, '.progress', artifactOf('requirements')), 'utf8')).toContain(
        'the first',
      );
      expectWhole(project);
    },
  );
});

test('a rebuild: killed anywhere, the next one makes the same', async () => {
  await eachKill(
    labs((project) => {
      begun(me(project));
      analyse(me(project));
      explore(me(project));
      const file = project.path('.workflow/.cycle', `${idOf(project)}.json`);
      project.write('before.json', readFileSync(file, 'utf8'));
      project.write('id', idOf(project));
      writeFileSync(file, '{"broken');
    }),
    (project) => call('rebuild', project.read('id'))(project),
    async (project) => {
      const id = project.read('id');
      value(rebuildCycle(project.home, id));
      const state = project.read(`.workflow/.cycle/${id}.json`);
      expect(JSON.parse(state)).toEqual(JSON.parse(project.read('before.json')));
      expectWhole(project);
    },
  );
});
