import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listOpenQuestions } from '../../src/storage/light/open-questions.ts';
import { foreignChanges } from '../../src/storage/light/trespass-scan.ts';
import { writeSetting } from '../../src/storage/settings.ts';
import { addPhaseTo } from '../../src/usecases/add-phase.ts';
import { changePlan } from '../../src/usecases/change-status.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { ignoreRuntimeFolders, initProject } from '../../src/usecases/init-project.ts';
import { joinPhase } from '../../src/usecases/join-phase.ts';
import { resolveRecipient } from '../../src/usecases/send-message.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { waitingFor } from '../kit/mail.ts';
import { gitIn, Project } from '../kit/project.ts';
import {
  addPhase,
  callerIn,
  coordinated,
  refusal,
  started,
  stateOf,
  statusOf,
  value,
  worker,
} from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

describe('adding a phase', () => {
  const plans = [{ id: 'p1', title: 'One' }];
  const none = { plans: [], scope: [], depends: [] };
  let project: Project;
  beforeAll(() => {
    project = coordinated();
    value(addPhaseTo(project.home, { ...none, id: '01', name: 'Phase 01', plans }));
    value(addPhaseTo(project.home, { ...none, id: 'ab', name: 'Other' }));
  });
  afterAll(() => project.dispose());
  test.each([
    { title: 'an id with a slash', added: { ...none, id: '../x', name: 'X' }, code: 'identifier-bad' },
    { title: 'an empty id', added: { ...none, id: '', name: 'X' }, code: 'identifier-bad' },
    { title: 'an id that git refuses', added: { ...none, id: 'a.lock', name: 'X' }, code: 'identifier-bad' },
    { title: 'a name of two lines', added: { ...none, id: '02', name: 'a\nb' }, code: 'name-bad' },
    { title: 'a blank name', added: { ...none, id: '02', name: '  ' }, code: 'name-bad' },
    { title: 'an id that is taken', added: { ...none, id: '01', name: 'Y' }, code: 'phase-exists' },
    { title: 'the same id in other case', added: { ...none, id: 'AB', name: 'Y' }, code: 'phase-exists' },
    { title: 'the same folder', added: { ...none, id: '1', name: 'Phase 01' }, code: 'phase-exists' },
    {
      title: 'a plan id that is taken',
      added: { ...none, id: '02', name: 'X', plans },
      code: 'plan-id-taken',
    },
    {
      title: 'two plans of one id',
      added: {
        ...none,
        id: '02',
        name: 'X',
        plans: [...plans, ...plans].map((plan) => ({ ...plan, id: 'q' })),
      },
      code: 'plan-id-taken',
    },
    {
      title: 'a dependency on nothing',
      added: { ...none, id: '02', name: 'X', depends: ['9'] },
      code: 'phase-unknown',
    },
    {
      title: 'a scope that leaves',
      added: { ...none, id: '02', name: 'X', scope: ['../x/**'] },
      code: 'scope-bad',
    },
    {
      title: 'an absolute scope',
      added: { ...none, id: '02', name: 'X', scope: ['/etc/**'] },
      code: 'scope-bad',
    },
    { title: 'an empty scope', added: { ...none, id: '02', name: 'X', scope: [''] }, code: 'scope-bad' },
  ])('refuses $title, and writes nothing', ({ added, code }) => {
    const before = project.read('.planning/STATE.md');
    expect(refusal(addPhaseTo(project.home, added)).code).toBe(code);
    expect(project.read('.planning/STATE.md')).toBe(before);
  });
});

describe('starting a phase', () => {
  test('makes a worktree from the coordinator’s HEAD, not from another branch', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    project.git('checkout', '-qb', 'feature');
    project.git('commit', '-q', '--allow-empty', '-m', 'On the feature');
    const begun = value(startPhase(project.home, '01'));
    expect(gitIn(begun.worktree, 'rev-parse', 'HEAD')).toBe(project.git('rev-parse', 'feature'));
    expect(begun).toMatchObject({ phase: '01', worker: 'worker-01', branch: 'coord/01-phase-01' });
    expect(statusOf(project, '01').plans.map((plan) => plan.state)).toEqual(['not_started', 'not_started']);
    expect(stateOf(project).phases[0]).toMatchObject({ state: 'active', branch: 'coord/01-phase-01' });
  });

  test('waits for what the phase depends on', () => {
    project = started('01');
    value(addPhase(project, '02', { depends: ['01'] }));
    expect(refusal(startPhase(project.home, '02'))).toEqual({
      code: 'phase-depends',
      phase: '02',
      waitsFor: ['01'],
    });
    value(closePhase(project.home, '01', true));
    expect(value(startPhase(project.home, '02')).worker).toBe('worker-02');
  });

  test('names the worktree of a phase that is started already', () => {
    project = started('01');
    expect(refusal(startPhase(project.home, '01'))).toMatchObject({
      code: 'phase-already-started',
      worker: 'worker-01',
      worktree: project.worktree('01'),
    });
  });

  test('refuses an unknown phase, and one that is done', () => {
    project = started('01');
    expect(refusal(startPhase(project.home, '7'))).toEqual({
      code: 'phase-unknown',
      phase: '7',
      known: ['01'],
    });
    value(closePhase(project.home, '01', true));
    expect(refusal(startPhase(project.home, '01')).code).toBe('phase-not-active');
  });

  test('leaves a branch and a worktree of somebody else alone', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    project.git('branch', 'coord/01-phase-01');
    expect(refusal(startPhase(project.home, '01')).code).toBe('branch-in-the-way');
    project.git('branch', '-D', 'coord/01-phase-01');
    mkdirSync(project.worktree('01'), { recursive: true });
    writeFileSync(join(project.worktree('01'), 'mine.txt'), 'mine');
    expect(refusal(startPhase(project.home, '01')).code).toBe('worktree-in-the-way');
    rmSync(project.worktree('01'), { recursive: true });
    expect(value(startPhase(project.home, '01')).phase).toBe('01');
  });

  test('needs a commit, and says so', () => {
    project = new Project();
    project.git('update-ref', '-d', 'HEAD');
    value(initProject(project.home));
    value(addPhase(project, '01'));
    expect(refusal(startPhase(project.home, '01')).code).toBe('no-commit-yet');
    expect(project.git('branch', '--list').trim()).toBe('');
  });

  test('that git refuses leaves no branch on which the next try would fail', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    // A file where git needs a folder.
    writeFileSync(project.path('.git', 'worktrees'), 'in the way');
    expect(refusal(startPhase(project.home, '01')).code).toBe('git-failed');
    expect(project.git('branch', '--list', 'coord/*')).toBe('');
    rmSync(project.path('.git', 'worktrees'));
    expect(value(startPhase(project.home, '01')).branch).toBe('coord/01-phase-01');
  });

  test('in which a hook of the repository fails leaves nothing on which the next try would fail', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    const hook = project.write('.git/hooks/post-checkout', '#!/bin/sh\necho mine >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    for (let tries = 0; tries < 2; tries += 1)
      expect(refusal(startPhase(project.home, '01'))).toMatchObject({
        code: 'git-failed',
        detail: expect.stringContaining('mine'),
      });
    expect([project.git('branch', '--list', 'coord/*'), existsSync(project.worktree('01'))]).toEqual([
      '',
      false,
    ]);
    rmSync(hook);
    expect(value(startPhase(project.home, '01')).branch).toBe('coord/01-phase-01');
  });

  test('works where the path has spaces, quotes, unicode and a leading dash', () => {
    project = coordinated(`-a "b' ü $x;`);
    value(addPhase(project, '01', { scope: ['src/**'] }));
    const begun = value(startPhase(project.home, '01'));
    expect(existsSync(project.statusFile('01'))).toBe(true);
    expect(worker(project, '01')).toMatchObject({ kind: 'worker', root: begun.worktree });
  });

  test('makes a worktree anew that was taken away, with the STATUS.md that it had', () => {
    project = started('01');
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    rmSync(project.worktree('01'), { recursive: true });
    value(startPhase(project.home, '01'));
    expect(statusOf(project, '01').plans[0]?.state).toBe('in_progress');
    expect(worker(project, '01').name).toBe('worker-01');
  });
});

describe('closing a phase', () => {
  test('is refused while a plan is unfinished, and leaves everything in place', () => {
    project = started('01');
    expect(refusal(closePhase(project.home, '01', false))).toMatchObject({ code: 'phase-unfinished' });
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    value(changePlan(worker(project, '01'), '01-02', 'complete'));
    writeFileSync(join(project.worktree('01'), 'untracked.txt'), 'not committed');
    const closed = value(closePhase(project.home, '01', false));
    expect(closed.branch).toBe('coord/01-phase-01');
    expect(existsSync(join(project.worktree('01'), 'untracked.txt'))).toBe(true);
    expect(stateOf(project).phases[0]).toMatchObject({ state: 'done' });
    expect(stateOf(project).milestones.map((milestone) => milestone.event)).toEqual([
      'plan_complete',
      'plan_complete',
      'phase_complete',
      'phase_closed',
    ]);
  });

  test('closes what the worker had asked: nobody could answer it', () => {
    project = started('01', '02');
    const ask = (from: string, to: string) =>
      project.mustIn<{ id: string }>(project.worktree(from), 'send', to, 'question', 'Which port?').id;
    ask('01', '02');
    const other = ask('02', 'coordinator');
    value(closePhase(project.home, '01', true));
    expect(listOpenQuestions(project.home).map(({ id }) => id)).toEqual([other]);
  });

  test('tells the worker once, and takes it out of the reach of mail', () => {
    project = started('01');
    value(closePhase(project.home, '01', true));
    expect(waitingFor(project, 'worker-01').map((one) => one.type)).toEqual(['verdict']);
    expect(refusal(closePhase(project.home, '01', true)).code).toBe('phase-not-active');
    expect(waitingFor(project, 'worker-01')).toHaveLength(1);
    expect(refusal(resolveRecipient(project.home, 'worker-01'))).toMatchObject({ code: 'recipient-ended' });
    expect(worker(project, '01')).toMatchObject({ kind: 'ended', record: undefined });
  });

  test('of a phase that nobody started is refused', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    expect(refusal(closePhase(project.home, '01', true)).code).toBe('phase-not-active');
  });
});

describe('joining a phase', () => {
  function guestTree(name: string, ...base: string[]): string {
    const folder = join(project.outside('trees'), name);
    project.git('worktree', 'add', '-q', '-b', `tree-${name}`, folder, ...base);
    return folder;
  }

  test('makes the worktree one stands in the phase’s', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    const folder = guestTree('a');
    expect(callerIn(folder).kind).toBe('guest');
    expect(value(joinPhase(callerIn(folder), '01', false))).toMatchObject({
      worker: 'worker-01',
      branch: 'tree-a',
    });
    expect(callerIn(folder)).toMatchObject({ kind: 'worker', name: 'worker-01' });
    expect(value(joinPhase(callerIn(folder), '01', false)).worktree).toBe(folder);
  });

  test('brings a worktree that is behind to the coordinator’s HEAD', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    const folder = guestTree('a');
    project.git('commit', '-q', '--allow-empty', '-m', 'Later');
    value(joinPhase(callerIn(folder), '01', false));
    expect(gitIn(folder, 'rev-parse', 'HEAD')).toBe(project.git('rev-parse', 'HEAD'));
  });

  test('refuses a worktree that was forked from elsewhere and has commits of its own', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    const folder = guestTree('a');
    gitIn(folder, 'commit', '-q', '--allow-empty', '-m', 'Its own');
    project.git('commit', '-q', '--allow-empty', '-m', 'Later');
    expect(refusal(joinPhase(callerIn(folder), '01', false)).code).toBe('wrong-base');
    expect(stateOf(project).phases[0]?.state).toBe('future');
  });

  test('refuses a second worker, a second phase, and the primary worktree', () => {
    project = started('01');
    value(addPhase(project, '02'));
    const folder = guestTree('a');
    expect(refusal(joinPhase(callerIn(folder), '01', false)).code).toBe('phase-already-started');
    value(joinPhase(callerIn(folder), '02', false));
    expect(refusal(joinPhase(callerIn(folder), '01', false)).code).toBe('worktree-has-phase');
    expect(refusal(joinPhase(callerIn(project.home), '01', false)).code).toBe('not-a-worker');
  });

  test('takes a phase over, with what STATUS.md said, when it is ordered and nobody works there', () => {
    project = started('01');
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    const folder = guestTree('a');
    value(joinPhase(callerIn(folder), '01', true));
    expect(callerIn(folder)).toMatchObject({ kind: 'worker', name: 'worker-01' });
    expect(worker(project, '01').kind).toBe('guest');
    expect(value(changePlan(callerIn(folder), '01-01', 'complete')).state).toBe('complete');
  });
});

test('a setting that is changed is no trespass of another worker whose command ran meanwhile', () => {
  project = started('01');
  const { home, commonDir, root, place: name } = worker(project, '01');
  const own = { home, commonDir, root, name, gitDir: project.path('.git/worktrees', String(name)) };
  const since = Date.now();
  writeSetting(home, 'strict_blockers', true);
  writeSetting(home, 'lock_wait', 1, 'local');
  writeFileSync(project.path('.gitignore'), '');
  const told = () => foreignChanges(own, since).flatMap(({ path }) => (path.startsWith('.') ? [path] : []));
  expect(told()).toEqual(['.gitignore']);
  expect(ignoreRuntimeFolders(home)).toBe(true);
  expect(told()).toEqual([]);
});

test('a start is no trespass of another worker whose command ran meanwhile, however long its checkout takes', () => {
  project = started('01');
  value(addPhase(project, '02'));
  const stamp = project.outside('stamp');
  project.write(
    '.git/hooks/post-checkout',
    `#!/bin/sh\ndate +%s%3N > '${stamp}/at'\nsleep 0.1\necho late > late.txt\n`,
  );
  chmodSync(project.path('.git/hooks/post-checkout'), 0o755);
  const { home, commonDir, root, place: name } = worker(project, '01');
  const own = { home, commonDir, root, name, gitDir: project.path('.git/worktrees', String(name)) };
  const before = Date.now();
  value(startPhase(home, '02'));
  const midway = Number(readFileSync(join(stamp, 'at'), 'utf8')) + 60;
  expect(readFileSync(join(project.worktree('02'), 'late.txt'), 'utf8')).toBe('late\n');
  const told = (since: number) => foreignChanges(own, since).filter((change) => change.place !== null);
  for (const since of [before, midway]) expect(told(since)).toEqual([]);
});

describe('a takeover', () => {
  /** What the first worker committed with its STATUS.md, and main gone on since. */
  function left(text: string, file = 'work.txt'): string {
    project = started('01');
    const old = project.worktree('01');
    writeFileSync(join(old, 'work.txt'), 'of the first\n');
    gitIn(old, 'add', '-A');
    gitIn(old, 'commit', '-qm', '01-01: work');
    project.write(file, text);
    project.git('add', file);
    project.git('commit', '-qm', 'Main goes on');
    const mine = project.path('.claude/worktrees/mine');
    project.git('worktree', 'add', '-q', '-b', 'mine', mine);
    return mine;
  }

  test('brings along what was committed, also where STATUS.md was, and main has moved', () => {
    const mine = left('of the first\n', 'other.txt');
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    const joined = value(joinPhase(callerIn(mine), '01', true));
    expect(joined).not.toHaveProperty('earlier_branch');
    expect(readFileSync(join(mine, 'work.txt'), 'utf8')).toBe('of the first\n');
    expect(existsSync(join(mine, 'other.txt'))).toBe(true);
    const status = readFileSync(join(mine, '.planning/phases/01-phase-01/STATUS.md'), 'utf8');
    expect(status).toContain('state: in_progress');
  });

  test('is no trespass of another worker whose command ran meanwhile', () => {
    const mine = left('of the first\n', 'other.txt');
    value(addPhase(project, '02'));
    value(startPhase(project.home, '02'));
    const { home, commonDir, root, place: name } = worker(project, '02');
    const own = { home, commonDir, root, name, gitDir: project.path('.git/worktrees', String(name)) };
    const since = Date.now();
    value(joinPhase(callerIn(mine), '01', true));
    expect(readFileSync(join(mine, 'work.txt'), 'utf8')).toBe('of the first\n');
    expect(foreignChanges(own, since)).toEqual([]);
  });

  test('that conflicts leaves the worktree as it is, and says so, again to who asks again', () => {
    const mine = left('of main\n');
    const earlier = { earlier_branch: 'coord/01-phase-01' };
    expect(value(joinPhase(callerIn(mine), '01', true))).toMatchObject(earlier);
    expect(gitIn(mine, 'status', '--porcelain', '--untracked-files=no')).toBe('');
    expect(value(joinPhase(callerIn(mine), '01', false))).toMatchObject(earlier);
    gitIn(mine, 'merge', '-q', '-s', 'ours', '--no-edit', 'coord/01-phase-01');
    expect(value(joinPhase(callerIn(mine), '01', false))).not.toHaveProperty('earlier_branch');
  });
});
