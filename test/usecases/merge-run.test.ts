/** A run of the merge queue on real repositories: what lands, who is rejected and told what, and what stays untouched. */
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { readWorkerRecord } from '../../src/storage/light/roster.ts';
import { foreignChanges } from '../../src/storage/light/trespass-scan.ts';
import { addToQueue } from '../../src/usecases/add-to-queue.ts';
import { cancelInQueue, retryInQueue } from '../../src/usecases/change-queue.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { commitIn } from '../kit/landed.ts';
import { isLong } from '../kit/long.ts';
import type { Project } from '../kit/project.ts';
import {
  add,
  entryOf,
  filesOn,
  finish,
  leftovers,
  merge,
  NO_BAD_FILE,
  phasesOf,
  queue,
  sentTo,
  setting,
  tipOf,
  verdicts,
  waiting,
  workerGit,
} from '../kit/queue.ts';
import { operator, refusal, stateOf, value, worker } from '../kit/scene.ts';
import { scratch } from '../storage/scratch.ts';

let project: Project;
afterEach(() => {
  expect(leftovers(project)).toEqual([]);
  project.dispose();
});

describe('green', () => {
  test('a single branch lands as its own commit; its worker is told, and goes on', async () => {
    project = waiting(['01']);
    queue(project, '01');
    const tip = tipOf(project, 'coord/01-phase-01');
    const ran = await merge(project);
    expect(ran).toMatchObject({
      rejected: [],
      left: [],
      resumed: null,
      target: 'main',
      commit: tip,
      isProven: true,
    });
    expect(ran.landed).toEqual([{ entry: '01.1', phase: '01', commit: tip, isClosed: false, kept: null }]);
    expect([tipOf(project, 'main'), project.read('01.txt')]).toEqual([tip, '01\n']);
    expect(entryOf(project, '01')).toMatchObject({ state: 'landed', landed: { commit: tip, tip }, tries: 0 });
    expect(stateOf(project).milestones).toMatchObject([{ phase: '01', event: 'phase_landed', commit: tip }]);
    expect(verdicts(project, '01')).toMatchObject([
      { from: 'coordinator', type: 'verdict', metadata: { verdict: 'accept', phase: '01', commit: tip } },
    ]);
    expect(verdicts(project, '01')[0]?.content).toContain('`git rebase main`');
    expect(existsSync(project.worktree('01'))).toBe(true);
    expect(await merge(project)).toMatchObject({ landed: [], rejected: [], left: [], validations: 0 });
  });

  test('three land together after one validation, oldest first, and a phase that is complete is closed and cleaned up', async () => {
    project = waiting(['01', '02', '03']);
    for (const id of ['03', '01']) finish(project, id);
    for (const id of ['03', '01', '02']) queue(project, id);
    const ran = await merge(project);
    expect([phasesOf(ran.landed), ran.validations]).toEqual([['03', '01', '02'], 1]);
    expect(filesOn(project)).toEqual(['01.txt', '02.txt', '03.txt', 'shared.txt']);
    const subjects = project.git('log', '-3', '--format=%s', 'main').trim().split('\n').reverse();
    expect(subjects).toEqual(['Work on 03.txt', 'Work on 01.txt', 'Work on 02.txt']);
    expect(stateOf(project).phases.map(({ state }) => state)).toEqual(['done', 'active', 'done']);
    expect(stateOf(project).phases[0]?.commit).toBe(ran.landed[1]?.commit);
    expect(readWorkerRecord(project.home, 'worker-01')?.state).toBe('ended');
    expect(['01', '02', '03'].map((id) => existsSync(project.worktree(id)))).toEqual([false, true, false]);
    const branches = project.git('branch', '--list', 'coord/*', '--format=%(refname:short)').trim();
    expect(branches).toBe('coord/02-phase-02');
    expect(verdicts(project, '01')[0]?.content).toContain('closed');
  });

  test('a phase whose worker has gone on since is not closed', async () => {
    project = waiting(['01']);
    finish(project, '01');
    queue(project, '01');
    workerGit(project, '01', 'commit', '-q', '--allow-empty', '-m', 'Later');
    expect((await merge(project)).landed).toMatchObject([{ phase: '01', isClosed: false }]);
    expect(stateOf(project).phases[0]?.state).toBe('active');
    expect(project.git('branch', '--list', 'coord/*').trim()).not.toBe('');
  });

  test('with no validation it lands after the pre-flight, and says that nothing was proven', async () => {
    project = waiting(['01'], { validation: [] });
    queue(project, '01');
    const ran = await merge(project);
    expect(ran).toMatchObject({ isProven: false, validations: 0, landed: [{ phase: '01' }] });
    expect(verdicts(project, '01')[0]?.content).toContain('nothing was proven');
    queue(project, '01', { 'more.txt': 'x\n' });
    project.git('merge', '-q', '--ff-only', 'coord/01-phase-01');
    // What somebody merged by hand has landed.
    expect((await merge(project)).landed).toMatchObject([{ entry: '01.2' }]);
    expect(verdicts(project, '01')).toMatchObject(Array(2).fill({ metadata: { verdict: 'accept' } }));
  });

  test('more than fit into one batch are all served, oldest first', async () => {
    project = waiting(['01', '02', '03'], { merge_batch: 2 });
    for (const id of ['03', '02', '01']) queue(project, id);
    const ran = await merge(project);
    expect([phasesOf(ran.landed), ran.validations]).toEqual([['03', '02', '01'], 2]);
  });
});

describe('red', () => {
  test('one bad in the middle is rejected alone, with what it has to mend; the rest lands', async () => {
    project = waiting(['01', '02', '03'], { validation: ['echo looking', `echo is it; ${NO_BAD_FILE}`] });
    queue(project, '01');
    queue(project, '02', { bad: 'x\n' });
    queue(project, '03');
    const ran = await merge(project);
    expect([phasesOf(ran.landed), phasesOf(ran.rejected)]).toEqual([['01', '03'], ['02']]);
    expect(filesOn(project)).not.toContain('bad');
    const [rejected] = ran.rejected;
    expect(rejected).toMatchObject({ outcome: 'red', state: 'rejected', tries: 1, files: [] });
    expect(rejected?.why).toBe(`\`echo is it; ${NO_BAD_FILE}\` failed (exit 1)`);
    expect(readFileSync(project.path(rejected?.log ?? ''), 'utf8')).toContain('is it');
    expect(verdicts(project, '02')).toHaveLength(1);
    const [{ content = '', metadata } = {}] = verdicts(project, '02');
    expect(metadata).toMatchObject({ verdict: 'reject', phase: '02', log: rejected?.log, tries: 1 });
    for (const told of [
      'is it',
      rejected?.log,
      '`git rebase main`',
      '`coord merge add`',
      'main is untouched',
    ])
      expect(content).toContain(told);
    expect(existsSync(project.worktree('02'))).toBe(true);
    expect(entryOf(project, '02').history).toMatchObject([{ outcome: 'red', onto: ran.landed[0]?.commit }]);
  });

  test('three times is enough: it needs the coordinator, who gets the whole history and may begin anew', async () => {
    project = waiting(['01']);
    queue(project, '01', { bad: 'x\n' });
    const states: string[] = [];
    for (const number of [1, 2, 3]) {
      const [rejected] = (await merge(project)).rejected;
      states.push(`${rejected?.state} ${rejected?.tries}`);
      if (number === 3) break;
      workerGit(project, '01', 'commit', '-q', '--allow-empty', '-m', `Try ${number + 1}`);
      expect(value(retryInQueue(worker(project, '01'), '01', [])).outcome).toBe('queued-again');
    }
    expect(states).toEqual(['rejected 1', 'rejected 2', 'needs_followup 3']);
    expect(entryOf(project, '01').history).toHaveLength(3);
    expect(await merge(project)).toMatchObject({ rejected: [], left: [], validations: 0 });
    expect(verdicts(project, '01').at(-1)?.content).toMatch(/History:\n( {2}\d\. .*\n?){3}/);
    expect(sentTo(project, 'coordinator', 'error')).toMatchObject([
      { content: expect.stringContaining('3 times'), metadata: { phase: '01' } },
    ]);
    workerGit(project, '01', 'mv', 'bad', 'good.txt');
    workerGit(project, '01', 'commit', '-qm', 'Mend it');
    const again = { phase: undefined, waive: [] };
    expect(refusal(addToQueue(worker(project, '01'), again))).toMatchObject({
      code: 'entry-needs-followup',
      tries: 3,
    });
    expect(value(retryInQueue(operator(project), '01', [])).entry).toMatchObject({
      state: 'queued',
      tries: 0,
    });
    expect((await merge(project)).landed).toMatchObject([{ phase: '01' }]);
    expect(entryOf(project, '01').history).toHaveLength(4);
  });

  test('a phase whose plans are all complete is not done while its work is sent back', async () => {
    project = waiting(['01']);
    finish(project, '01');
    queue(project, '01', { bad: 'x\n' });
    expect((await merge(project)).rejected).toMatchObject([{ phase: '01', state: 'rejected' }]);
    const stands = () => [
      stateOf(project).phases[0]?.state,
      readWorkerRecord(project.home, 'worker-01')?.state,
    ];
    expect(stands()).toEqual(['active', 'active']);
    expect(stateOf(project).milestones.filter(({ event }) => event === 'phase_landed')).toEqual([]);
    expect(refusal(closePhase(project.home, '01', false))).toEqual({
      code: 'entry-rejected',
      entry: '01.1',
      phase: '01',
      why: `\`${NO_BAD_FILE}\` failed (exit 1)`,
    });
    expect(stands()).toEqual(['active', 'active']);
    workerGit(project, '01', 'rm', '-q', 'bad');
    commitIn(project.worktree('01'), '01.txt', 'mended\n');
    add(project, '01');
    expect((await merge(project)).landed).toMatchObject([{ phase: '01', isClosed: true }]);
    expect(stands()).toEqual(['done', 'ended']);
  });

  test('closed by order all the same, or when it is out of the queue', async () => {
    project = waiting(['01', '02']);
    for (const id of ['01', '02']) {
      finish(project, id);
      queue(project, id, { bad: `${id}\n` });
    }
    await merge(project);
    expect(value(closePhase(project.home, '01', true)).phase).toBe('01');
    value(cancelInQueue(operator(project), '02'));
    expect(value(closePhase(project.home, '02', false)).phase).toBe('02');
  });

  test('a validation that changes what git tracks proves nothing', async () => {
    project = waiting(['01'], { validation: ['test ! -e 01.txt || echo more >> shared.txt'] });
    queue(project, '01');
    const [rejected] = (await merge(project)).rejected;
    expect(rejected).toMatchObject({ outcome: 'red', files: ['shared.txt'] });
    expect(rejected?.why).toContain('changed files that git tracks');
    expect(project.read('shared.txt')).toBe('one\ntwo\nthree\n');
  });

  test('a validation that does not end is ended with all that it started, and is red', async () => {
    project = waiting(['01'], {
      merge_timeout: 1,
      validation: ['test ! -e 01.txt || (sleep 98.7 & sleep 98.7)'],
    });
    queue(project, '01');
    const [rejected] = (await merge(project)).rejected;
    expect(rejected?.why).toContain('was not over after 1 s');
    expect(project.git('-c', 'alias.ps=!ps ax', 'ps')).not.toContain('sleep 98.7');
  });

  test.each([
    ['itself', 'kill -9 $$'],
    ['as a shell tells of what it ran', 'exit 137'],
  ])('a validation that somebody kills, %s, has shown nothing: it runs again', async (_who, dies) => {
    const seen = `${scratch()}/seen`;
    project = waiting(['01'], {
      validation: [`echo x >> ${seen}; test "$(wc -l < ${seen})" -gt 2 || ${dies}`],
    });
    queue(project, '01');
    expect(phasesOf((await merge(project)).landed)).toEqual(['01']);
    expect([entryOf(project, '01').tries, readFileSync(seen, 'utf8')]).toEqual([0, 'x\nx\nx\n']);
  });

  test.runIf(isLong)(
    'one that is killed each time is red in the end; a crash of its own at once',
    async () => {
      const seen = `${scratch()}/seen`;
      project = waiting(['01', '02'], {
        validation: [
          `test ! -e 01.txt -a ! -e 02.txt || { echo x >> ${seen}; test -e 02.txt && kill -SEGV $$; kill -9 $$; }`,
        ],
        merge_batch: 1,
      });
      queue(project, '01');
      expect((await merge(project)).rejected[0]?.why).toContain('was ended by SIGKILL');
      expect(readFileSync(seen, 'utf8')).toBe('x\nx\nx\n');
      queue(project, '02');
      expect((await merge(project)).rejected[0]?.why).toContain('was ended by SIGSEGV');
      expect(readFileSync(seen, 'utf8')).toBe('x\nx\nx\nx\n');
    },
  );

  test.runIf(process.platform === 'linux')(
    'what a validation left running in a session of its own ends with it, and does not spoil the next one',
    async () => {
      const writes =
        'sleep 1; for i in 1 2 3 4 5 6 7 8 9; do echo x >> shared.txt; sleep 0.1; done; sleep 96.5';
      const leaves = `(setsid sh -c '${writes}' > /dev/null 2>&1 &)`;
      project = waiting(['01', '02'], {
        merge_batch: 1,
        validation: [`if test -e 02.txt; then sleep 3; elif test -e 01.txt; then ${leaves}; sleep 0.3; fi`],
      });
      queue(project, '01');
      queue(project, '02');
      const ran = await merge(project);
      expect([phasesOf(ran.landed), ran.rejected, ran.left]).toEqual([['01', '02'], [], []]);
      expect(project.git('-c', 'alias.ps=!ps ax', 'ps')).not.toContain('sleep 96.5');
    },
  );

  test('a setup that fails is told as such, and one that works is there for the validation', async () => {
    project = waiting(['01', '02'], {
      merge_setup: ['test ! -e 01.txt', 'touch made.log'],
      validation: ['test -e made.log'],
    });
    project.write('.git/info/exclude', '*.log\n');
    queue(project, '01');
    queue(project, '02');
    const ran = await merge(project);
    expect([phasesOf(ran.landed), phasesOf(ran.rejected)]).toEqual([['02'], ['01']]);
    expect(ran.rejected[0]?.why).toBe('the setup `test ! -e 01.txt` failed (exit 1)');
  });

  test('when the target itself is red nobody is rejected, the operator is told, and other targets are served', async () => {
    project = waiting(['01', '02']);
    project.git('branch', 'release');
    queue(project, '01');
    setting(project, { merge_target: 'release' });
    queue(project, '02');
    project.git('checkout', '-q', '.claude/coord.md');
    project.write('bad', 'x\n');
    project.git('add', 'bad');
    project.git('commit', '-qm', 'Break it');
    const ran = await merge(project);
    expect(ran).toMatchObject({ landed: [{ phase: '02' }], rejected: [], target: 'release' });
    expect(ran.left).toMatchObject([{ phase: '01', reason: { code: 'target-red', target: 'main' } }]);
    expect(entryOf(project, '01')).toMatchObject({ state: 'queued', tries: 0 });
    expect(verdicts(project, '01')).toEqual([]);
  });
});

describe('conflict', () => {
  test('with the target: rejected with the hunks; with an earlier branch of the batch: when that one has landed', async () => {
    project = waiting(['01', '02', '03']);
    queue(project, '01', { 'shared.txt': 'one\nTWO of 01\nthree\n' });
    queue(project, '02', { 'new.txt': '02\n' });
    queue(project, '03', { 'new.txt': '03\n' });
    project.write('shared.txt', 'one\nTWO of main\nthree\n');
    project.git('commit', '-qam', 'Meanwhile');
    const ran = await merge(project);
    expect([phasesOf(ran.landed), phasesOf(ran.rejected), ran.validations]).toEqual([
      ['02'],
      ['01', '03'],
      1,
    ]);
    expect(ran.rejected).toMatchObject([
      { outcome: 'conflict', files: ['shared.txt'] },
      { outcome: 'conflict', files: ['new.txt'] },
    ]);
    expect(entryOf(project, '03').history).toMatchObject([{ onto: ran.landed[0]?.commit }]);
    const [{ content = '' } = {}] = verdicts(project, '01');
    for (const told of ['TWO of 01', 'TWO of main', 'shared.txt', '`git rebase main`'])
      expect(content).toContain(told);
    expect(workerGit(project, '01', 'status', '--porcelain', '--untracked-files=no')).toBe('');
  });

  test('with an earlier branch that is rejected itself: it lands', async () => {
    project = waiting(['01', '02']);
    queue(project, '01', { 'shared.txt': 'one\nTWO of 01\nthree\n', bad: 'x\n' });
    queue(project, '02', { 'shared.txt': 'one\nTWO of 02\nthree\n' });
    const ran = await merge(project);
    expect([phasesOf(ran.landed), phasesOf(ran.rejected)]).toEqual([['02'], ['01']]);
    expect(project.read('shared.txt')).toBe('one\nTWO of 02\nthree\n');
  });
});

describe('taken out, and put back', () => {
  test('a cancelled branch does not land; added again, it is a further entry', async () => {
    project = waiting(['01']);
    queue(project, '01');
    expect(value(cancelInQueue(operator(project), '01')).state).toBe('cancelled');
    expect(sentTo(project, 'worker-01', 'directive')).toMatchObject([{ from: 'operator' }]);
    expect(refusal(cancelInQueue(operator(project), '01'))).toMatchObject({
      code: 'entry-state',
      state: 'cancelled',
    });
    expect(await merge(project)).toMatchObject({ landed: [], validations: 0 });
    expect(add(project, '01').entry?.id).toBe('01.2');
    expect((await merge(project)).landed).toMatchObject([{ entry: '01.2' }]);
  });

  test("a worker's own is its own to cancel, and another's is not", () => {
    project = waiting(['01', '02']);
    queue(project, '01');
    expect(refusal(cancelInQueue(worker(project, '02'), '01'))).toMatchObject({
      code: 'entry-of-other',
      worker: 'worker-01',
    });
    expect(value(cancelInQueue(worker(project, '01'), '01.1')).state).toBe('cancelled');
    expect(refusal(retryInQueue(worker(project, '01'), '01', []))).toMatchObject({ code: 'entry-state' });
    expect(refusal(cancelInQueue(operator(project), '09'))).toMatchObject({
      code: 'entry-unknown',
      known: [],
    });
  });

  test('cancelled, or with a new tip, while it is validated: what was validated does not land for it', async () => {
    project = waiting(['01', '02', '03']);
    for (const id of ['01', '02', '03']) queue(project, id);
    let isFirst = true;
    const ran = await merge(project, (event) => {
      if (event.kind !== 'command' || !isFirst) return;
      isFirst = false;
      value(cancelInQueue(operator(project), '02'));
      queue(project, '03', { '03-more.txt': 'x\n' });
    });
    expect(phasesOf(ran.landed)).toEqual(['01', '03']);
    expect(entryOf(project, '02').state).toBe('cancelled');
    expect(tipOf(project, 'main:03-more.txt')).toMatch(/^[0-9a-f]{40}$/);
    expect(() => tipOf(project, 'main:02.txt')).toThrow();
  });
});

describe('the target', () => {
  test('moved by somebody else during the validation: all is stacked upon it anew, and validated again', async () => {
    project = waiting(['01', '02']);
    for (const id of ['01', '02']) queue(project, id);
    let moves = 0;
    const ran = await merge(project, (event) => {
      if (event.kind !== 'command' || moves > 0) return;
      moves += 1;
      project.write('shared.txt', 'one\ntwo\nthree\nfour\n');
      project.git('commit', '-qam', 'Meanwhile');
    });
    expect([phasesOf(ran.landed), ran.validations]).toEqual([['01', '02'], 2]);
    expect(ran.events.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
    expect(project.read('shared.txt')).toBe('one\ntwo\nthree\nfour\n');
  });

  test.runIf(isLong)(
    'that never rests: it gives up after some rounds, and leaves the branch as it is',
    async () => {
      project = waiting(['01']);
      queue(project, '01');
      const ran = await merge(project, (event) => {
        if (event.kind === 'command') project.git('commit', '-q', '--allow-empty', '-m', 'Again');
      });
      expect(ran.left).toMatchObject([{ phase: '01', reason: { code: 'target-restless' } }]);
      expect(entryOf(project, '01')).toMatchObject({ state: 'queued', tries: 0 });
    },
  );

  test('checked out in another worktree follows there, and the primary worktree stays as it is', async () => {
    project = waiting(['01'], { merge_target: 'release' });
    project.git('branch', 'release');
    const other = project.outside('release');
    project.git('worktree', 'add', '-q', other, 'release');
    queue(project, '01');
    const main = tipOf(project, 'main');
    const ran = await merge(project);
    expect(ran).toMatchObject({ target: 'release', landed: [{ phase: '01' }] });
    expect([
      existsSync(`${other}/01.txt`),
      existsSync(project.path('01.txt')),
      tipOf(project, 'main'),
    ]).toEqual([true, false, main]);
  });

  test('with uncommitted work where a branch would land: that branch waits, untouched work stays, others land', async () => {
    project = waiting(['01', '02']);
    queue(project, '01', { 'shared.txt': 'one\nTWO\nthree\n' });
    queue(project, '02');
    project.write('shared.txt', 'mine\n');
    project.write('note.txt', 'mine too\n');
    const ran = await merge(project);
    expect([phasesOf(ran.landed), phasesOf(ran.left)]).toEqual([['02'], ['01']]);
    expect(ran.left).toMatchObject([{ reason: { code: 'preflight', refusals: [{ rule: 'target-dirty' }] } }]);
    expect([project.read('shared.txt'), project.read('note.txt')]).toEqual(['mine\n', 'mine too\n']);
    expect(entryOf(project, '01')).toMatchObject({ state: 'queued', tries: 0 });
    project.git('checkout', '-q', 'shared.txt');
  });

  test('guarded by a hook of the repository that refuses: named with what it says; other hooks do not run', async () => {
    project = waiting(['01', '02']);
    queue(project, '01');
    queue(project, '02');
    const before = tipOf(project, 'main');
    const hook = (name: string, script: string) =>
      chmodSync(project.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
    for (const name of ['pre-commit', 'post-checkout', 'post-rewrite', 'pre-rebase', 'post-merge'])
      hook(name, `touch "${project.path('ran.log')}"; exit 1`);
    hook(
      'reference-transaction',
      'grep -q refs/heads/main && { echo "main is frozen" >&2; exit 1; }; exit 0',
    );
    const detail = expect.stringContaining('main is frozen');
    const refused = { reason: { code: 'landing-refused', detail } };
    expect((await merge(project)).left).toMatchObject([refused, refused]);
    expect([tipOf(project, 'main'), entryOf(project, '01').tries]).toEqual([before, 0]);
    hook('reference-transaction', 'exit 0');
    expect(phasesOf((await merge(project)).landed)).toEqual(['01', '02']);
    expect(existsSync(project.path('ran.log'))).toBe(false);
  });
});

test.runIf(isLong)(
  'several validations run at once where the setting says so, each in a worktree of its own',
  async () => {
    const settings = { merge_parallel: 2, validation: [`sleep 0.2; ${NO_BAD_FILE}`] };
    project = waiting(['01', '02', '03', '04'], settings);
    for (const id of ['01', '02', '04']) queue(project, id);
    queue(project, '03', { bad: 'x\n' });
    const ran = await merge(project);
    expect(phasesOf(ran.rejected)).toEqual(['03']);
    expect(phasesOf(ran.landed)).toEqual(['01', '02', '04']);
    const slots = new Set(ran.events.flatMap((event) => (event.kind === 'probe' ? [event.slot] : [])));
    expect(slots.size).toBe(2);
    expect(filesOn(project)).toEqual(['01.txt', '02.txt', '04.txt', 'shared.txt']);
  },
);

test('an entry that nobody can read is set aside with a reason, and its branch can be added again', async () => {
  project = waiting(['01', '02']);
  queue(project, '01');
  queue(project, '02');
  project.write('.coordination/queue/entries/01.1.json', '{"id": "01.1", "state": "banana"}');
  const ran = await merge(project);
  expect([phasesOf(ran.landed), ran.aside]).toMatchObject([
    ['02'],
    [{ why: expect.stringContaining('phase') }],
  ]);
  expect(project.read('.coordination/queue/aside/01.1~1.reason.txt')).toContain('phase');
  expect(add(project, '01').entry?.id).toBe('01.2');
  expect((await merge(project)).landed).toMatchObject([{ entry: '01.2' }]);
});

test('what coord writes while it validates and lands is no trespass of a worker whose command ran meanwhile', async () => {
  project = waiting(['01', '02'], { validation: ['echo x > made-by-validation.txt'] });
  queue(project, '01');
  const { home, commonDir, root, place: name } = worker(project, '02');
  const own = { home, commonDir, root, name, gitDir: project.path('.git/worktrees', String(name)) };
  const since = Date.now();
  const seen: unknown[] = [];
  await merge(project, () => void seen.push(...foreignChanges(own, since)));
  expect([...seen, ...foreignChanges(own, since)]).toEqual([]);
  project.write('shared.txt', 'by somebody\n');
  expect(foreignChanges(own, since).map(({ path }) => path)).toEqual(['shared.txt']);
  project.git('checkout', '-q', 'shared.txt');
});
