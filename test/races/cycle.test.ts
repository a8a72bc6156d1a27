/** Several at once on one cycle: each thing happens once, nothing is lost, and a worktree has one cycle. */
import { afterEach, expect, test } from 'vitest';
import { readCycle, readJournal } from '../../src/storage/cycle-files.ts';
import { listCycles } from '../../src/usecases/show-cycle.ts';
import { analyse, begun, write } from '../kit/cycle.ts';
import { isLong } from '../kit/long.ts';
import type { Project } from '../kit/project.ts';
import { started, value, worker } from '../kit/scene.ts';
import { allAtOnce } from './fixtures/crowd.ts';

const ROUNDS = isLong ? 20 : 1;
let project: Project;
afterEach(() => project.dispose());

const call = (id: string, ...args: string[]) => ({ args: ['cycle', ...args], cwd: project.worktree(id) });

test('of many that make one in a worktree, one does; worktrees do not hinder each other', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    project = started('01', '02');
    const calls = ['01', '02'].flatMap((id) =>
      Array.from({ length: 4 }, (_, at) => call(id, 'new', `task ${at}`)),
    );
    const runs = await allAtOnce(project, calls);
    expect(runs.map(({ code }) => code).filter((code) => code === 0)).toHaveLength(2);
    expect(
      listCycles(project.home)
        .cycles.map(({ place }) => place)
        .sort(),
    ).toEqual(['01-phase-01', '02-phase-02']);
    if (round < ROUNDS - 1) project.dispose();
  }
});

test('of many reports of one turn, one counts; extensions, feedback and questions all do', async () => {
  project = started('01');
  const me = worker(project, '01');
  for (let round = 0; round < ROUNDS; round += 1) {
    const { cycle_id: id } = begun(me, `task ${round}`);
    write(me, '.progress/ra/requirements.md', '# R\n');
    const crowd = Array.from({ length: 4 }, (_, at) => [
      call('01', 'report', 'completed', `report ${at}`),
      call('01', 'extend', id, `extension ${at}`),
      call('01', 'feedback', 'cd', `word ${at}`),
      call('01', 'ask', `question ${at}`),
    ]).flat();
    const runs = await allAtOnce(project, crowd);
    const reports = runs.filter((_, at) => at % 4 === 0);
    expect(reports.filter(({ code }) => code === 0)).toHaveLength(1);
    expect(runs.filter((_, at) => at % 4 !== 0).map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(
      Array(12).fill('0 '),
    );
    const cycle = value(readCycle(project.home, id));
    expect(cycle.current_phase).toBe('ep');
    expect(cycle.coord.waiting).toHaveLength(4);
    expect(cycle.coordination.feedback_log).toHaveLength(8);
    expect(cycle.coordination.pending_decisions.map(({ id: one }) => one)).toEqual(['D1', 'D2', 'D3', 'D4']);
    const { acts } = readJournal(project.home, id);
    const revisions = [...new Set(acts.map(({ revision }) => revision))];
    expect(revisions).toEqual(Array.from({ length: cycle.coord.revision }, (_, at) => at + 1));
    project.mustIn(me.root, 'cycle', 'stop', id);
  }
});

test('pauses and reports at once: whatever wins, the state is one that could have come about in turn', async () => {
  project = started('01');
  const me = worker(project, '01');
  for (let round = 0; round < ROUNDS * 2; round += 1) {
    const { cycle_id: id } = begun(me, `task ${round}`);
    analyse(me);
    write(me, '.progress/ep/plan.json', '{"tasks":[{"id":"A","description":"a"}]}');
    const [reported, paused] = await allAtOnce(project, [
      call('01', 'report', 'completed', 'x'),
      call('01', 'pause'),
    ]);
    const cycle = value(readCycle(project.home, id));
    expect([paused?.code, cycle.status]).toEqual([0, 'paused']);
    expect([reported?.code, cycle.current_phase]).toEqual(reported?.code === 0 ? [0, 'cd'] : [1, 'ep']);
    project.mustIn(me.root, 'cycle', 'stop', id);
  }
});
