/** Cycles in real repositories: what agents hand over, what git and evidence make of it, and what a lost state is made from. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cycle } from '../../src/domain/cycle/cycle.ts';
import { writeArtifacts } from '../../src/storage/cycle-artifacts.ts';
import { readCycle, readJournal } from '../../src/storage/cycle-files.ts';
import type { Caller } from '../../src/storage/light/caller.ts';
import { glanceAtCycle, pointerFile } from '../../src/storage/light/cycle-glance.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../src/storage/light/place.ts';
import { presenceOf } from '../../src/storage/light/presence.ts';
import { printBrief } from '../../src/surfaces/wording/brief.ts';
import { raiseBlockerOf, resolveBlockerOf } from '../../src/usecases/change-status.ts';
import { gatherBrief } from '../../src/usecases/gather-brief.ts';
import { rebuildCycle } from '../../src/usecases/rebuild-cycle.ts';
import { noteSilentEnd, reportTurn } from '../../src/usecases/report-cycle.ts';
import { listCycles, showCycle } from '../../src/usecases/show-cycle.ts';
import {
  extendCycleOf,
  makeCycle,
  pauseCycleOf,
  resumeCycleOf,
  stopCycleOf,
} from '../../src/usecases/steer-cycle.ts';
import { answerQuestion, askUser, giveFeedback, setTask } from '../../src/usecases/work-on-cycle.ts';
import {
  analyse,
  begun,
  CHECK,
  develop,
  explore,
  ran,
  readIn,
  report,
  validate,
  write,
} from '../kit/cycle.ts';
import type { Project } from '../kit/project.ts';
import { gitIn } from '../kit/project.ts';
import { operator, refusal, started, value, worker } from '../kit/scene.ts';

let project: Project;
let me: Caller;
beforeEach(() => {
  project = started('01', '02');
  project.must('config', 'set', 'validation', JSON.stringify([CHECK]));
  me = worker(project, '01');
});
afterEach(() => project.dispose());

const stateFile = (id: string) => project.path('.workflow/.cycle', `${id}.json`);
const read = (id: string) => value(readCycle(project.home, id));
const acts = (id: string) => readJournal(project.home, id).acts.map(({ act }) => act);

describe('a whole cycle', () => {
  test('two iterations and an extension, each file where the seed has it', () => {
    const { cycle_id: id } = begun(me);
    analyse(me);
    explore(me);
    const coded = develop(me);
    expect([coded.judged, coded.cycle.current_phase]).toEqual([{ outcome: 'completed', why: [] }, 'vas']);
    expect(
      coded.cycle.changes?.changes.map(({ file, action, description }) => [file, action, description]),
    ).toEqual([
      ['src/one.js', 'create', 'the first'],
      ['src/two.js', 'create', 'so it is'],
    ]);
    const red = validate(me, 1, 'Tests  1 failed | 2 passed (3)\n', {
      failed_tests: ['two adds'],
      total_tests: 99,
    });
    expect(red.cycle).toMatchObject({
      status: 'running',
      current_iteration: 2,
      current_phase: 'cd',
      test_results: { version: '1.0.0', pass_rate: 66.67, total_tests: 3, failed_tests: ['two adds'] },
    });
    write(me, 'src/two.js', '2\n');
    gitIn(me.root, 'add', 'src');
    gitIn(me.root, 'commit', '-qm', 'Mend two');
    expect(report(me).judged.outcome).toBe('completed');
    const green = validate(me, 0, 'Tests  3 passed (3)\n');
    expect(green.cycle).toMatchObject({
      status: 'completed',
      test_results: { version: '1.1.0', pass_rate: 100 },
    });
    const more = value(extendCycleOf(me, id, 'Also three', undefined));
    expect(more).toMatchObject({ status: 'running', current_iteration: 3, current_phase: 'ra' });
    expect(report(me).judged.outcome).toBe('partial');
    expect(readdirSync(join(me.root, '.progress')).sort()).toEqual(
      expect.arrayContaining(['cd', 'coordination', 'ep', 'ra', 'vas']),
    );
    expect(readIn(me, '.progress/ra/requirements.md')).toContain('"version": "1.0.0"');
    expect(JSON.parse(readIn(me, '.progress/ep/plan.json'))).toMatchObject({
      cycle_id: id,
      critical_path: ['TASK-001', 'TASK-002'],
    });
    const log = readIn(me, '.progress/cd/code-changes.log')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(log).toMatchObject([
      { cycle_id: id, total_files: 2 },
      { marker: 1 },
      { marker: 2 },
      { file: 'src/one.js', iteration: 1 },
      { file: 'src/two.js', iteration: 1, action: 'create' },
      { file: 'src/two.js', iteration: 2, action: 'modify' },
    ]);
    expect(readdirSync(join(me.root, '.progress/vas/history')).sort()).toEqual([
      'test-results-v1.0.0.json',
      'test-results-v1.1.0.json',
    ]);
    expect(readIn(me, '.progress/coordination/timeline.md')).toContain('## Iteration 2');
    expect(acts(id)).toEqual(
      expect.arrayContaining(['new', 'start', 'iteration', 'ra completed', 'complete', 'extend']),
    );
    expect(gitIn(me.root, 'status', '--porcelain')).not.toContain('.progress');
  });

  test('an outcome is what git and evidence show: nothing done is partial, red never ran is partial', () => {
    begun(me);
    analyse(me);
    explore(me);
    expect(report(me).judged).toEqual({
      outcome: 'partial',
      why: ['TASK-001 is pending', 'TASK-002 is pending', 'git shows no changed file'],
    });
    write(me, '.progress/vas/test-results.json', '{"failed_tests": [], "total_tests": 100}');
    const { judged, cycle } = report(me);
    expect(judged).toEqual({ outcome: 'partial', why: [`\`${CHECK}\`: it has not run here`] });
    expect(cycle.test_results?.pass_rate).toBe(0);
  });

  test('evidence of another tree proves nothing, nor does what ran before the iteration', () => {
    ran(me, 0);
    begun(me);
    analyse(me);
    explore(me);
    develop(me);
    const before = report(me);
    expect(before.judged.why[0]).toContain('it has not run since the plan was started');
    write(me, 'src/two.js', 'x\n');
    report(me);
    ran(me, 0);
    write(me, 'src/two.js', 'y\n');
    expect(report(me).judged.why[0]).toContain('it ran on other files');
  });

  test('what changed before the developer’s turn is not its work, and a file that was put back is none', () => {
    write(me, 'src/mine.js', 'before\n');
    begun(me);
    analyse(me);
    write(me, 'src/other.js', 'by another\n');
    explore(me);
    write(me, 'src/other.js', 'by another\n');
    write(me, 'src/mine.js', 'after\n');
    mkdirSync(join(me.root, 'src'), { recursive: true });
    rmSync(join(me.root, 'shared.txt'), { force: true });
    const { cycle } = report(me, 'partial');
    expect(cycle.changes?.changes.map(({ file, action }) => `${action} ${file}`)).toEqual([
      'modify src/mine.js',
    ]);
  });

  test('who ends without handing over has failed, and says why', () => {
    const { cycle_id: id } = begun(me);
    noteSilentEnd(me.home, me.place, 'cd', null);
    expect(read(id).current_iteration).toBe(1);
    noteSilentEnd(me.home, me.place, 'ra', 'I am done\u001b[2J');
    expect(read(id)).toMatchObject({ current_iteration: 2, agents: { ra: { status: 'running' } } });
    expect(read(id).phase_errors[0]?.error).toContain(
      'it ended without handing over; its last words: I am done',
    );
  });

  test('a worker’s blocker is the cycle’s, and holds it back until it is resolved', () => {
    begun(me);
    analyse(me);
    const raised = value(raiseBlockerOf(me, { summary: 'no key' }));
    explore(me);
    develop(me);
    const held = validate(me, 0);
    expect(held.cycle.iterations[0]?.issues_found).toEqual([`blocker ${raised.blocker} is open`]);
    expect(held.cycle.coordination.blockers).toMatchObject([
      { id: raised.blocker, status: 'open', reported_by: 'worker-01' },
    ]);
    value(resolveBlockerOf(me, raised.blocker, 'got it'));
    write(me, 'src/one.js', 'z\n');
    report(me);
    const free = validate(me, 0);
    expect([free.cycle.status, free.cycle.coordination.blockers[0]?.status]).toEqual([
      'completed',
      'resolved',
    ]);
  });
});

describe('control', () => {
  test('paused: nobody hands over and no task moves; it goes on where it stood', () => {
    const { cycle_id: id } = begun(me);
    analyse(me);
    explore(me);
    expect(value(pauseCycleOf(me, undefined, 'lunch')).status).toBe('paused');
    expect(refusal(reportTurn(me, undefined, { outcome: 'completed', message: 'x' }))).toMatchObject({
      code: 'cycle-turn',
      status: 'paused',
    });
    expect(refusal(setTask(me, undefined, 'TASK-001', 'start')).code).toBe('cycle-move');
    expect(glanceAtCycle(me.home, me.place)).toMatchObject({ cycle: id, status: 'paused', phase: 'cd' });
    expect(value(resumeCycleOf(operator(project), id))).toMatchObject({
      status: 'running',
      current_phase: 'cd',
    });
    expect(refusal(resumeCycleOf(me, id)).code).toBe('cycle-move');
  });

  test('a worker steers its own, the coordinator any; a worktree has one at a time', () => {
    const { cycle_id: id } = begun(me);
    const other = worker(project, '02');
    for (const tried of [
      pauseCycleOf(other, id, ''),
      stopCycleOf(other, id, ''),
      extendCycleOf(other, id, 'x', undefined),
    ])
      expect(refusal(tried)).toMatchObject({ code: 'cycle-elsewhere', root: me.root });
    expect(refusal(makeCycle(me, 'more', 5))).toMatchObject({ code: 'cycle-open', cycle: id });
    const second = begun(other, 'The other');
    expect(
      listCycles(project.home)
        .cycles.map(({ place }) => place)
        .sort(),
    ).toEqual([me.place, other.place]);
    analyse(me);
    expect([read(id).current_phase, read(second.cycle_id).current_phase]).toEqual(['ep', 'ra']);
    expect(refusal(showCycle(operator(project), undefined)).code).toBe('cycle-none');
    expect(value(stopCycleOf(operator(project), second.cycle_id, 'no')).failure_reason).toBe(
      'stopped by operator: no',
    );
  });

  test('the next one puts the old artifacts away; extended again, they are back', () => {
    const first = begun(me);
    analyse(me, 'the first\n');
    value(stopCycleOf(me, undefined, ''));
    const second = begun(me, 'Another');
    expect(existsSync(join(me.root, '.progress/ra/requirements.md'))).toBe(false);
    const kept = join(me.root, '.progress/cycles', first.cycle_id);
    expect(readFileSync(join(kept, 'ra/requirements.md'), 'utf8')).toContain('the first');
    expect(refusal(extendCycleOf(me, first.cycle_id, 'more', undefined)).code).toBe('cycle-open');
    value(stopCycleOf(me, second.cycle_id, ''));
    expect(value(extendCycleOf(me, first.cycle_id, 'more', undefined)).status).toBe('running');
    expect(readIn(me, '.progress/ra/requirements.md')).toContain('the first');
    expect(glanceAtCycle(me.home, me.place)?.cycle).toBe(first.cycle_id);
  });

  test('texts that are none, or too long, are refused', () => {
    for (const text of ['', ' \n', 'x'.repeat(20_001)])
      expect(refusal(makeCycle(me, text, 5)).code).toBe('cycle-text');
    begun(me);
    expect(refusal(extendCycleOf(me, undefined, ' ', undefined)).code).toBe('cycle-text');
    expect(refusal(showCycle(me, '../../etc/passwd'))).toMatchObject({ code: 'cycle-unknown' });
  });
});

test('a state of the original workflow goes on here, wherever it was left', () => {
  const id = 'cycle-v1-20260122T100000-abc123';
  const state = {
    cycle_id: id,
    title: 'Implement OAuth',
    status: 'running',
    created_at: '2026-01-22T10:00:00+08:00',
    updated_at: '2026-01-22T10:00:00+08:00',
    current_iteration: 1,
    current_phase: 'aggregation',
    requirements: { version: '1.0.0', specification: 'All of it', last_updated: '2026-01-22T10:15:00+08:00' },
    plan: {
      version: '1.0.0',
      tasks: [{ id: 'TASK-001', description: 'x', effort: 'small', status: 'pending' }],
    },
    iterations: [
      { number: 1, started_at: '2026-01-22T10:00:00+08:00', agent_results: { cd: { status: 'partial' } } },
    ],
  };
  project.write(`.workflow/.cycle/${id}.json`, JSON.stringify(state));
  const boss = operator(project);
  expect(value(showCycle(boss, undefined))).toMatchObject({
    next: { action: 'resume' },
    cycle: { created_at: '2026-01-22T02:00:00.000Z' },
  });
  expect(project.read('.progress/ra/requirements.md')).toContain('All of it');
  const on = value(resumeCycleOf(boss, id));
  expect(on).toMatchObject({
    current_iteration: 2,
    current_phase: 'cd',
    iterations: [{ resolved: false }, {}],
  });
  writeFileSync(stateFile(id), '');
  expect(value(rebuildCycle(project.home, id)).cycle).toEqual(on);
});

describe('handing over', () => {
  test.each<[string, string, string]>([
    ['no JSON', '{bad', 'it is no JSON'],
    ['a circle', '{"tasks":[{"id":"A","description":"a","depends_on":["A"]}]}', 'in a circle: A → A'],
  ])('a plan that is %s is refused, and the turn stays', (_, text, why) => {
    begun(me);
    analyse(me);
    write(me, '.progress/ep/plan.json', text);
    const problem = refusal(reportTurn(me, undefined, { outcome: 'completed', message: 'x' }));
    expect(problem).toMatchObject({ why: expect.stringContaining(why) });
    expect(value(showCycle(me, undefined)).cycle.current_phase).toBe('ep');
  });

  test('a folder that is a link out of the worktree is refused, and nothing is written through it', () => {
    begun(me);
    const outside = project.outside('elsewhere');
    rmSync(join(me.root, '.progress/ra'), { recursive: true });
    symlinkSync(outside, join(me.root, '.progress/ra'));
    const problem = refusal(reportTurn(me, undefined, { outcome: 'completed', message: 'x' }));
    expect(problem).toMatchObject({ code: 'cycle-artifact', file: join(me.root, '.progress/ra') });
    expect(readdirSync(outside)).toEqual([]);
  });

  test('a draft of the role with the turn is left alone, whatever else is written meanwhile', () => {
    begun(me);
    write(me, '.progress/ra/requirements.md', 'half a draft');
    value(
      giveFeedback(
        operator(project),
        value(showCycle(me, undefined)).cycle.cycle_id,
        'ra',
        'mind X',
        'clarification',
      ),
    );
    value(pauseCycleOf(me, undefined, ''));
    value(resumeCycleOf(me, undefined));
    expect(readIn(me, '.progress/ra/requirements.md')).toBe('half a draft');
  });

  test('a question waits for the user; the answer reaches who asked', () => {
    begun(me);
    const { decision } = value(askUser(me, undefined, 'Which provider?', ['Google', 'GitHub']));
    expect(value(showCycle(me, undefined)).next).toMatchObject({
      action: 'answer',
      decisions: [{ id: 'D1' }],
    });
    expect(refusal(answerQuestion(me, undefined, 'D9', '1')).code).toBe('cycle-decision-unknown');
    expect(refusal(answerQuestion(me, undefined, 'D1', '3')).code).toBe('cycle-option-unknown');
    const answered = value(answerQuestion(me, undefined, decision.id, '2'));
    expect(answered.decision).toMatchObject({
      status: 'made',
      chosen_option: 'GitHub',
      made_by: 'worker-01',
    });
    expect(answered.cycle.coordination.feedback_log.at(-1)).toMatchObject({
      target: 'ra',
      content: 'Which provider? GitHub',
    });
    expect(value(showCycle(me, undefined)).next.action).toBe('agent');
  });
});

describe('rebuilt', () => {
  /** A live cycle with something of everything. */
  function live(): Cycle {
    const { cycle_id: id } = begun(me);
    analyse(me);
    explore(me);
    develop(me);
    value(askUser(me, undefined, 'Which?', ['a', 'b']));
    validate(me, 1, 'Tests  1 failed | 2 passed (3)\n', { failed_tests: ['x'] });
    value(extendCycleOf(me, id, 'More', undefined));
    value(pauseCycleOf(me, undefined, 'for now'));
    return read(id);
  }

  test.each<[string, (file: string) => void]>([
    ['corrupt', (file) => writeFileSync(file, '{"cycle_id": "cyc')],
    ['empty', (file) => writeFileSync(file, '')],
    ['gone', (file) => rmSync(file)],
    [
      'of an unknown word',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('"paused"', '"banana"')),
    ],
  ])('a state that is %s: the same as before, field by field', (name, damage) => {
    const before = live();
    const id = before.cycle_id;
    const raw = JSON.parse(readFileSync(stateFile(id), 'utf8'));
    damage(stateFile(id));
    expect(showCycle(me, undefined).done).toBe(false);
    const damaged = existsSync(stateFile(id)) ? readFileSync(stateFile(id), 'utf8') : undefined;
    const rebuilt = value(rebuildCycle(project.home, id));
    expect([rebuilt.from, rebuilt.lost]).toEqual(['artifacts', []]);
    expect(JSON.parse(readFileSync(stateFile(id), 'utf8'))).toEqual(raw);
    if (name === 'gone') expect(rebuilt.aside).toBeNull();
    else expect(readFileSync(rebuilt.aside ?? '', 'utf8')).toBe(damaged);
    expect(value(resumeCycleOf(me, id)).status).toBe('running');
  });

  test('one whose state is whole is left as it is, and its artifacts are brought to it', () => {
    const before = live();
    rmSync(join(me.root, '.progress/ra'), { recursive: true });
    writeFileSync(join(me.root, '.progress/ep/plan.json'), '{}');
    const rebuilt = value(rebuildCycle(project.home, before.cycle_id));
    expect(rebuilt).toMatchObject({ from: 'state', aside: null, lost: [] });
    expect([...rebuilt.written].sort()).toEqual([
      'ep/plan.json',
      'ra/history/requirements-v1.0.0.md',
      'ra/requirements.md',
    ]);
    expect(read(before.cycle_id)).toEqual(before);
    expect(value(rebuildCycle(project.home, before.cycle_id)).written).toEqual([]);
  });

  test('all of .workflow gone, and the pointer: found by its artifacts, from anywhere', () => {
    const before = live();
    rmSync(project.path('.workflow'), { recursive: true });
    rmSync(pointerFile(project.home, me.place));
    const rebuilt = value(rebuildCycle(project.home, before.cycle_id));
    expect(rebuilt.from).toBe('artifacts');
    expect(read(before.cycle_id)).toEqual(before);
    expect(value(showCycle(me, undefined)).cycle.cycle_id).toBe(before.cycle_id);
  });

  test('what cannot be recovered is listed', () => {
    const { cycle_id: id } = live();
    writeFileSync(stateFile(id), '');
    rmSync(join(me.root, '.progress/ep'), { recursive: true });
    const rebuilt = value(rebuildCycle(project.home, id));
    expect(rebuilt.lost.map((one) => one.split(' ')[0])).toEqual(['exploration', 'plan']);
    expect(rebuilt.cycle).toMatchObject({ status: 'paused', requirements: { version: '1.0.0' } });
    expect(rebuilt.cycle.plan).toBeUndefined();
  });

  test('with the timeline gone too, as much as the journal tells', () => {
    const before = live();
    const id = before.cycle_id;
    writeFileSync(stateFile(id), '');
    rmSync(join(me.root, '.progress/coordination'), { recursive: true });
    const rebuilt = value(rebuildCycle(project.home, id));
    expect(rebuilt.from).toBe('journal');
    expect(rebuilt.lost.join()).toContain('coordination/timeline.md');
    const { status, current_iteration, current_phase, title, plan, created_at } = before;
    expect(rebuilt.cycle).toMatchObject({
      status,
      current_iteration,
      current_phase,
      title,
      plan,
      created_at,
    });
    expect(rebuilt.cycle.iterations).toHaveLength(2);
  });

  test('nothing left at all is said, with where it was looked for', () => {
    const problem = refusal(rebuildCycle(project.home, 'cycle-v1-gone'));
    expect(problem).toMatchObject({
      code: 'cycle-lost',
      looked: expect.arrayContaining([join(me.root, '.progress')]),
    });
    expect(refusal(rebuildCycle(project.home, '../x')).code).toBe('cycle-unknown');
  });

  test('a change that the artifacts had not seen is named', () => {
    const { cycle_id: id } = begun(me);
    const old = read(id);
    analyse(me);
    writeFileSync(stateFile(id), '');
    writeArtifacts(join(me.root, '.progress'), old);
    const rebuilt = value(rebuildCycle(project.home, id));
    expect(rebuilt.cycle.current_phase).toBe('ra');
    expect(rebuilt.lost.join()).toContain('what was done last: ra completed');
  });

  test('the original’s own artifacts are read too', () => {
    const id = 'cycle-v1-20260122T100000-abc123';
    const folder = project.path('.workflow/.cycle', `${id}.progress`);
    const { cycle_id } = begun(me);
    analyse(me);
    const cycle = { ...read(cycle_id), cycle_id: id };
    writeArtifacts(folder, cycle);
    const rebuilt = value(rebuildCycle(project.home, id));
    expect(rebuilt.cycle).toMatchObject({ cycle_id: id, current_phase: 'ep' });
  });

  test('a worktree that was moved away: the state stays, and says so', () => {
    const { cycle_id: id } = begun(me);
    renameSync(me.root, `${me.root}-moved`);
    expect(value(showCycle(operator(project), id))).toMatchObject({
      worktree: null,
      cycle: { status: 'running' },
    });
    renameSync(`${me.root}-moved`, me.root);
  });
});

test('the brief of a session names the cycle of its worktree while it is open, and how to go on', () => {
  const presence = () =>
    presenceOf(coordinatedPlaceOf(me.root) as HomedPlace, { session: 's1', agent: null });
  const told = () => printBrief(gatherBrief(presence(), 's1'));
  expect(told()).not.toContain('ycle');
  const { cycle_id: id } = begun(me);
  expect(told()).toContain(`Cycle ${id} is running at ra, iteration 1. To go on: \`coord cycle next\`.`);
  value(pauseCycleOf(me, undefined, ''));
  expect(told()).toContain('`coord cycle resume`, when the user wants it');
  value(stopCycleOf(me, undefined, ''));
  expect(told()).not.toContain(id);
  writeFileSync(stateFile(id), '');
  expect(told()).toContain(`coord cycle rebuild ${id}`);
});
