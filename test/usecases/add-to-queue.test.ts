/** Who may queue which branch, what adding again does, and that a refusal saves nothing. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Attempt, cancelEntry, type QueueEntry, rejectEntry } from '../../src/domain/queue-entry.ts';
import type { Caller } from '../../src/storage/light/caller.ts';
import { changeEntry, listEntries, openEntryOf, withQueue } from '../../src/storage/light/queue-files.ts';
import { readWorkerRecord } from '../../src/storage/light/roster.ts';
import { writeSetting } from '../../src/storage/settings.ts';
import { type Adding, addToQueue, isLead } from '../../src/usecases/add-to-queue.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { joinPhase } from '../../src/usecases/join-phase.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { addPhase, callerIn, operator, refusal, started, value, worker } from '../kit/scene.ts';

let project: Project;
beforeEach(() => {
  project = started('01', '02');
});
afterEach(() => project.dispose());

const BRANCH = 'coord/01-phase-01';

function work(id = '01', file = 'src/new.ts'): string {
  const root = project.worktree(id);
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), `${file}\n`);
  gitIn(root, 'add', '-A');
  gitIn(root, 'commit', '-qm', `Work on ${file}`);
  return gitIn(root, 'rev-parse', 'HEAD').trim();
}

const add = (caller: Caller, adding: Partial<Adding> = {}) =>
  addToQueue(caller, { phase: undefined, waive: [], ...adding });
const added = (caller: Caller, adding: Partial<Adding> = {}) => {
  const { outcome, position, entry } = value(add(caller, adding));
  return { outcome, position, id: entry?.id, state: entry?.state, tip: entry?.tip, by: entry?.by };
};
const entries = () => listEntries(project.home).entries;

function change(make: (entry: QueueEntry) => ReturnType<typeof cancelEntry>): void {
  const open = openEntryOf(project.home, '01');
  value(withQueue(project.home, (held) => changeEntry(held, project.home, open?.id ?? '', make)));
}
const failed = (outcome: Attempt['outcome'] = 'red'): Attempt => ({
  at: new Date().toISOString(),
  outcome,
  tip: 'a'.repeat(40),
  onto: null,
  why: 'npm test',
  files: [],
  log: null,
  excerpt: '',
});

describe('who may add what', () => {
  test('a worker adds its own phase, named or not, and no other', () => {
    const tip = work();
    const me = worker(project, '01');
    expect(isLead(me)).toBe(false);
    expect(added(me)).toEqual({
      outcome: 'queued',
      position: 1,
      id: '01.1',
      state: 'queued',
      tip,
      by: 'worker-01',
    });
    expect(added(me, { phase: '01' })).toMatchObject({ outcome: 'same' });
    expect(refusal(add(me, { phase: '02' }))).toMatchObject({ code: 'not-coordinator', actor: 'worker-01' });
    expect(entries()[0]).toMatchObject({
      phase: '01',
      worker: 'worker-01',
      branch: BRANCH,
      target: 'main',
      waived: [],
    });
  });

  test('the operator and the coordinator add any that was started, a closed one too', () => {
    work();
    work('02');
    expect(added(operator(project), { phase: '01' })).toMatchObject({ outcome: 'queued', by: 'operator' });
    expect(added(callerIn(project.home, 'a'), { phase: '02' })).toMatchObject({
      position: 2,
      by: 'coordinator',
    });
    value(addPhase(project, '03'));
    expect(refusal(add(operator(project), { phase: '03' }))).toMatchObject({
      code: 'phase-not-active',
      state: 'future',
    });
    expect(refusal(add(operator(project), { phase: '09' }))).toMatchObject({ code: 'phase-unknown' });
    value(closePhase(project.home, '01', true));
    const tip = work('01', 'src/after.ts');
    expect(added(operator(project), { phase: '01' })).toMatchObject({ outcome: 'moved', tip, position: 1 });
    expect(added(worker(project, '01'))).toMatchObject({ outcome: 'same' });
  });

  test('a worktree that joined no phase adds none', () => {
    const guest = join(project.outside('trees'), 'guest');
    project.git('worktree', 'add', '-q', '-b', 'guest', guest);
    expect(refusal(add(callerIn(guest), { phase: '01' }))).toMatchObject({ code: 'not-joined' });
  });

  test('a rule is waived by the lead alone, and is kept with the entry', () => {
    writeSetting(project.home, 'merge_deletions', 0);
    gitIn(project.worktree('01'), 'rm', '-q', 'README.md');
    work();
    const me = worker(project, '01');
    expect(refusal(add(me, { waive: ['deletions'] }))).toMatchObject({
      code: 'not-coordinator',
      actor: 'worker-01',
    });
    expect(added(me)).toMatchObject({ outcome: 'refused' });
    const waived = value(add(operator(project), { phase: '01', waive: ['deletions', 'scope'] }));
    expect(waived).toMatchObject({ outcome: 'queued', waived: ['deletions'] });
    expect(entries()[0]?.waived).toEqual(['deletions', 'scope']);
    work('01', 'src/more.ts');
    expect(added(me)).toMatchObject({ outcome: 'moved', position: 1 });
    expect(entries()[0]?.waived).toEqual(['deletions', 'scope']);
  });
});

describe('adding again', () => {
  test('the same commit changes nothing; a newer one keeps the place in the line', () => {
    work();
    work('02');
    added(worker(project, '01'));
    added(worker(project, '02'));
    const before = entries();
    expect(added(worker(project, '01'))).toMatchObject({ outcome: 'same', position: 1 });
    expect(entries()).toEqual(before);
    const tip = work('01', 'src/more.ts');
    expect(added(worker(project, '01'))).toMatchObject({ outcome: 'moved', position: 1, tip, id: '01.1' });
    expect(entries()).toHaveLength(2);
  });

  test('a rejected one is queued again at the end of the line, its tries kept', () => {
    work();
    work('02');
    added(worker(project, '01'));
    added(worker(project, '02'));
    change((entry) => rejectEntry(entry, failed(), 3));
    const tip = work('01', 'src/mended.ts');
    expect(added(worker(project, '01'))).toEqual({
      outcome: 'queued-again',
      position: 2,
      id: '01.1',
      state: 'queued',
      tip,
      by: 'worker-01',
    });
    expect(openEntryOf(project.home, '01')).toMatchObject({ tries: 1, history: [{ outcome: 'red' }] });
  });

  test('one whose tries are used up is taken up again by the lead alone', () => {
    work();
    added(worker(project, '01'));
    change((entry) => rejectEntry(entry, failed(), 1));
    expect(refusal(add(worker(project, '01')))).toMatchObject({ code: 'entry-needs-followup' });
    expect(added(operator(project), { phase: '01' })).toMatchObject({
      outcome: 'queued-again',
      state: 'queued',
    });
  });

  test('after a cancelled one comes a further one', () => {
    work();
    added(worker(project, '01'));
    change(cancelEntry);
    expect(added(worker(project, '01'))).toMatchObject({ outcome: 'queued', id: '01.2', position: 1 });
  });

  test('a refusal saves nothing, and leaves what was there', () => {
    work();
    added(worker(project, '01'));
    const before = entries();
    writeFileSync(join(project.worktree('01'), 'notes.txt'), 'x');
    const refused = value(add(worker(project, '01')));
    expect(refused).toMatchObject({ outcome: 'refused', position: 1, refusals: [{ rule: 'dirty' }] });
    expect(refused.entry).toEqual(before[0]);
    expect(entries()).toEqual(before);
    expect(value(add(worker(project, '02')))).toMatchObject({
      outcome: 'refused',
      position: 0,
      entry: undefined,
    });
    expect(entries()).toEqual(before);
  });
});

describe('where the worktree is', () => {
  test('gone, the branch is added all the same, and not its place', () => {
    const tip = work();
    project.git('worktree', 'remove', '--force', project.worktree('01'));
    expect(added(operator(project), { phase: '01' })).toMatchObject({ outcome: 'queued', tip });
    project.git('branch', '-D', BRANCH);
    const refused = value(add(operator(project), { phase: '01' }));
    expect(refused.refusals).toMatchObject([
      { rule: 'branch-missing', next: [`git branch ${BRANCH} ${tip.slice(0, 12)}`] },
    ]);
    project.git('branch', BRANCH, tip);
    expect(added(operator(project), { phase: '01' })).toMatchObject({ outcome: 'same' });
  });

  test('joined on a detached HEAD, the branch that was made since counts', () => {
    value(addPhase(project, '03'));
    const root = join(project.outside('trees'), 'mine');
    project.git('worktree', 'add', '-q', '--detach', root);
    value(joinPhase(callerIn(root), '03', false));
    expect(value(add(callerIn(root))).refusals).toMatchObject([{ rule: 'branch-missing' }]);
    gitIn(root, 'switch', '-q', '-c', 'coord/03-phase-03');
    writeFileSync(join(root, 'new.ts'), 'x');
    gitIn(root, 'add', '-A');
    gitIn(root, 'commit', '-qm', 'Work');
    expect(added(callerIn(root))).toMatchObject({ outcome: 'queued', id: '03.1' });
    expect(entries()[0]?.branch).toBe('coord/03-phase-03');
  });

  test('the start of a phase is kept, and outlives its worktree', () => {
    const start = project.git('rev-parse', 'HEAD').trim();
    expect(readWorkerRecord(project.home, 'worker-01')?.base).toBe(start);
    work();
    project.write('later.txt', 'x');
    project.git('add', 'later.txt');
    project.git('commit', '-qm', 'Later');
    rmSync(project.worktree('01'), { recursive: true });
    value(startPhase(project.home, '01'));
    expect(readWorkerRecord(project.home, 'worker-01')?.base).toBe(start);
  });

  test('a target of the setting is landed on, whatever is checked out', () => {
    work();
    project.git('branch', 'release');
    writeSetting(project.home, 'merge_target', 'release');
    added(worker(project, '01'));
    expect(entries()[0]?.target).toBe('release');
    writeSetting(project.home, 'merge_target', 'nowhere');
    expect(value(add(worker(project, '01'))).refusals).toMatchObject([
      { rule: 'target-missing', side: 'operator' },
    ]);
  });
});
