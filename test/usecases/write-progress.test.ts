import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { StatusDocument } from '../../src/domain/status-document.ts';
import type { TaskProgress } from '../../src/domain/task-progress.ts';
import { callerAt } from '../../src/storage/light/caller.ts';
import { coordinatedPlaceOf } from '../../src/storage/light/place.ts';
import { settleDocuments } from '../../src/surfaces/hooks/settle.ts';
import {
  addTaskTo,
  changePlan,
  changeTask,
  raiseBlockerOf,
  resolveBlockerOf,
} from '../../src/usecases/change-status.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { joinPhase } from '../../src/usecases/join-phase.ts';
import {
  recordArtifactOf,
  recordCheckOf,
  recordEstimateOf,
  recordMetricOf,
  showTasks,
} from '../../src/usecases/record-work.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { writeProgress } from '../../src/usecases/write-progress.ts';
import {
  archivedOf,
  completedOf,
  currentOf,
  expectFollows,
  expectLatestShown,
  progressPath,
  shownAtHome,
} from '../kit/progress.ts';
import { gitIn, type Project } from '../kit/project.ts';
import {
  addPhase,
  callerIn,
  editStatus,
  onlyOf,
  operator,
  refusal,
  started,
  statusOf,
  value,
  worker,
} from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

/** What each hook of a session does, at the worker's place or at home; answers what it tells. */
function hookAt(folder: string): string[] {
  const place = coordinatedPlaceOf(folder);
  if (!place) throw new Error('no project');
  return settleDocuments({ place, caller: callerAt(place, 'a-session') });
}

const hook = (id: string) => hookAt(project.worktree(id));

function write(id: string, read?: StatusDocument): string {
  const { home, root, record } = worker(project, id);
  if (!record) throw new Error('no worker');
  return value(writeProgress({ home, root, record }, read));
}

describe('STATUS.md as the caller has just read it', () => {
  test('is not read once more when nothing differs', () => {
    project = started('01');
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    const read = statusOf(project, '01');
    writeFileSync(project.statusFile('01'), 'no document any more');
    expect(write('01', read)).toBe('unchanged');
    expect(() => write('01')).toThrow('document-corrupt');
  });

  test('is read again before anything is written: it may be older than what another one saved', () => {
    project = started('01');
    const read = statusOf(project, '01');
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    expect(write('01', read)).toBe('written');
    expectFollows(project, '01');
    expect(completedOf(project, '01').map((task) => task.task_id)).toEqual(['01-01']);
  });
});

describe('after each verb', () => {
  test('the task is what STATUS.md says', () => {
    project = started('01');
    const me = worker(project, '01');
    const steps = [
      () => changePlan(me, '01-01', 'start'),
      () => addTaskTo(me, undefined, 'Write it'),
      () => addTaskTo(me, undefined, 'Try it'),
      () => changeTask(me, undefined, '1', 'complete'),
      () => changeTask(me, undefined, '2', 'in_progress'),
      () =>
        recordArtifactOf(me, undefined, { path: 'src/a.ts', cwd: me.root, type: undefined, status: 'draft' }),
      () => recordCheckOf(me, undefined, { name: 'tests', state: 'failed', figures: { failed: 2 } }),
      () => recordMetricOf(me, undefined, 'lines_of_code', 320),
      () => recordEstimateOf(me, undefined, '2026-03-01T00:00:00.000Z'),
      () => raiseBlockerOf(me, { summary: 'which port' }),
      () => resolveBlockerOf(me, 'B1', undefined),
      () => changePlan(me, '01-02', 'fail', 'no network'),
    ];
    for (const step of steps) {
      value(step() as ReturnType<typeof changePlan>);
      expectFollows(project, '01');
      expectLatestShown(project);
      expect(write('01')).toBe('unchanged');
    }
    expect(currentOf(project, '01')).toMatchObject({
      task_id: '01-01',
      phase: '01',
      status: 'in_progress',
      current_step: 'Try it',
      completed_steps: ['Write it'],
      remaining_steps: ['Try it'],
      blocked_on: null,
      artifacts: [{ path: 'src/a.ts', type: 'source_code', status: 'draft' }],
      quality_gates: { tests: { status: 'failed', failed: 2 } },
      metrics: { lines_of_code: 320 },
      estimated_completion: '2026-03-01T00:00:00.000Z',
    });
  });

  test('a completed plan is in the log, in the archive and in the figures, once', () => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'start'));
    value(recordMetricOf(me, undefined, 'test_count', 28));
    value(changePlan(me, '01-01', 'complete'));
    expectFollows(project, '01');
    expect(hook('01')).toEqual([]);
    expect(completedOf(project, '01')).toMatchObject([
      { task_id: '01-01', status: 'completed', metrics: { test_count: 28 }, blocked_on: null },
    ]);
    expect(archivedOf(project, '01')).toHaveLength(1);
    expect(JSON.parse(readFileSync(progressPath(project, '01', 'metrics.json'), 'utf8'))).toMatchObject({
      tasks_completed: 1,
      completions: 1,
      metrics: { test_count: 28 },
    });
    expect(currentOf(project, '01').status).toBe('completed');
  });

  test('a plan that is completed again is a new line, and the first stays as it was', () => {
    project = started('01');
    const me = worker(project, '01');
    value(recordMetricOf(me, '01-01', 'loc', 1));
    value(changePlan(me, '01-01', 'complete'));
    const [first] = completedOf(project, '01');
    value(changePlan(me, '01-01', 'start'));
    value(recordMetricOf(me, '01-01', 'loc', 2));
    expect(completedOf(project, '01')).toEqual([first]);
    value(changePlan(me, '01-01', 'complete'));
    expectFollows(project, '01');
    expect(completedOf(project, '01')).toMatchObject([{ metrics: { loc: 1 } }, { metrics: { loc: 2 } }]);
    expect(archivedOf(project, '01')).toHaveLength(2);
  });

  test('what is recorded of a plan that is complete already reaches its line', () => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'complete'));
    value(recordCheckOf(me, '01-01', { name: 'tests', state: 'passed', figures: {} }));
    expectFollows(project, '01');
    expect(completedOf(project, '01')).toMatchObject([{ quality_gates: { tests: { status: 'passed' } } }]);
  });
});

describe('blocked_on', () => {
  test('is null, and is not, as seed 002 asks it', () => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'start'));
    expect(shownAtHome(project).blocked_on).toBeNull();
    value(raiseBlockerOf(me, { summary: 'which port', detail: 'of the two' }));
    expect(shownAtHome(project)).toMatchObject({
      status: 'blocked',
      blocked_on: { blocker: 'B1', summary: 'which port', detail: 'of the two', task: '01-01' },
    });
    value(changePlan(me, '01-02', 'start'));
    expect(shownAtHome(project)).toMatchObject({
      task_id: '01-02',
      status: 'in_progress',
      blocked_on: { task: '01-01' },
    });
    value(resolveBlockerOf(me, 'B1', 'found it'));
    expect(shownAtHome(project).blocked_on).toBeNull();
  });
});

test('open questions to the coordinator are shown until they are answered, those to others are not', () => {
  project = started('01', '02');
  const me = worker(project, '01');
  const ask = (to: string) =>
    onlyOf(sendMessage(me, { to, type: 'question', content: 'which one?' }, Date.now()));
  const asked = ask('coordinator');
  ask('02');
  hook('01');
  expect(currentOf(project, '01').questions_for_coordinator).toEqual([
    { id: asked.id, content: 'which one?', asked: asked.timestamp },
  ]);
  value(
    sendMessage(
      operator(project),
      { to: 'worker-01', type: 'response', content: 'b', references: [asked.id] },
      Date.now(),
    ),
  );
  hook('01');
  expect(currentOf(project, '01').questions_for_coordinator).toEqual([]);
});

describe('a hook', () => {
  test('writes the first task of a worker that has done nothing yet', () => {
    project = started('01');
    expect(existsSync(progressPath(project, '01'))).toBe(false);
    expect(hook('01')).toEqual([]);
    expectFollows(project, '01');
    expect(currentOf(project, '01')).toMatchObject({
      task_id: '01-01',
      status: 'not_started',
      started: null,
    });
  });

  test('follows a hand edit of STATUS.md', () => {
    project = started('01');
    hook('01');
    editStatus(project, '01', (text) =>
      text
        .replace('state: not_started', 'state: complete')
        .replace('title: Plan 02', 'title: Plan 02\n    metrics:\n      loc: 7'),
    );
    hook('01');
    expectFollows(project, '01');
    expect(completedOf(project, '01')).toHaveLength(1);
  });

  test('follows a checkout of an older STATUS.md: the completion leaves the log and stays in the archive', () => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'start'));
    gitIn(me.root, 'add', '-A');
    gitIn(me.root, 'commit', '-qm', 'Begin');
    value(changePlan(me, '01-01', 'complete'));
    const status = readFileSync(project.statusFile('01'));
    gitIn(me.root, 'checkout', '-q', '--', '.planning');
    hook('01');
    expectFollows(project, '01');
    expect(completedOf(project, '01')).toEqual([]);
    expect(archivedOf(project, '01')).toHaveLength(1);
    writeFileSync(project.statusFile('01'), status);
    hook('01');
    expectFollows(project, '01');
    expect(completedOf(project, '01')).toHaveLength(1);
  });

  test.each<[string, (folder: string) => void]>([
    ['another state', (folder) => edit(join(folder, 'current-task.json'), '"in_progress"', '"completed"')],
    ['a current task that is no JSON', (folder) => writeFileSync(join(folder, 'current-task.json'), '{')],
    ['a line for a task that never was', (folder) => append(join(folder, 'completed-tasks.jsonl'), '01-02')],
    [
      'a line for a task of no possible name',
      (folder) => append(join(folder, 'completed-tasks.jsonl'), '../\0x'),
    ],
    [
      'a line for a task of an endless name',
      (folder) => append(join(folder, 'completed-tasks.jsonl'), 'x'.repeat(5_000)),
    ],
    ['a torn line', (folder) => append(join(folder, 'completed-tasks.jsonl'), '{"task_id":')],
    ['a line twice', (folder) => twice(join(folder, 'completed-tasks.jsonl'))],
    ['an empty log', (folder) => writeFileSync(join(folder, 'completed-tasks.jsonl'), '')],
    ['other figures', (folder) => edit(join(folder, 'metrics.json'), '"completions": 2', '"completions": 9')],
    ['no log', (folder) => rmSync(join(folder, 'completed-tasks.jsonl'))],
    ['no archive', (folder) => rmSync(join(folder, 'archive'), { recursive: true })],
    ['nothing at all', (folder) => rmSync(folder, { recursive: true })],
  ])('corrects %s', (_what, tamper) => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'complete'));
    value(changePlan(me, '01-01', 'start'));
    value(changePlan(me, '01-02', 'complete'));
    const before = completedOf(project, '01');
    expect(before).toHaveLength(2);
    tamper(progressPath(project, '01'));
    expect(hook('01')).toEqual([]);
    expectFollows(project, '01');
    expect(completedOf(project, '01').map((task) => task.task_id)).toEqual(['01-01', '01-02']);
    if (existsSync(progressPath(project, '01', 'archive')))
      expect(completedOf(project, '01')[1]).toEqual(before[1]);
    expect(hook('01')).toEqual([]);
    expect(write('01')).toBe('unchanged');
  });

  test('changes no file when nothing changed', () => {
    project = started('01', '02');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'complete'));
    value(changePlan(me, '01-02', 'fail', 'x'));
    hook('01');
    const files = [
      progressPath(project, '01', 'current-task.json'),
      progressPath(project, '01', 'completed-tasks.jsonl'),
      progressPath(project, '01', 'metrics.json'),
      ...archivedOf(project, '01').map((name) => progressPath(project, '01', 'archive', name)),
      project.path('.progress/current-task.json'),
      project.path('.progress/workers/worker-01.json'),
    ];
    for (const file of files) utimesSync(file, 1, 1);
    hook('01');
    hookAt(project.home);
    expect(files.map((file) => statSync(file).mtimeMs)).toEqual(files.map(() => 1_000));
  });

  test('with a STATUS.md that cannot be read leaves all as it is, and complains of that alone', () => {
    project = started('01');
    hook('01');
    const before = currentOf(project, '01');
    writeFileSync(project.statusFile('01'), 'no front matter');
    expect(hook('01')).toEqual([expect.stringContaining('STATUS.md line 1')]);
    expect(currentOf(project, '01')).toEqual(before);
  });
});

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${from} is not in ${text}`);
  writeFileSync(file, text.replace(from, to));
}

/** A line of the log, of another task or torn. */
function append(file: string, what: string): void {
  const text = readFileSync(file, 'utf8');
  const [first = ''] = text.split('\n');
  const forged = {
    ...(JSON.parse(first) as TaskProgress),
    task_id: what,
    finished: '2020-01-01T00:00:00.000Z',
  };
  writeFileSync(file, `${text}${what.startsWith('{') ? what : JSON.stringify(forged)}`);
}

function twice(file: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text + text);
}

describe('what coord did not write', () => {
  test('is set aside when it comes to a folder for the first time', () => {
    project = started('01');
    const folder = progressPath(project, '01');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'current-task.json'), '{"mine": true}\n');
    writeFileSync(join(folder, 'notes.md'), 'mine');
    project.write('.progress/current-task.json', '{"mine": "too"}\n');
    hook('01');
    expectFollows(project, '01');
    const [aside = ''] = archivedOf(project, '01');
    expect(readFileSync(join(folder, 'archive', aside), 'utf8')).toBe('{"mine": true}\n');
    expect(readFileSync(join(folder, 'notes.md'), 'utf8')).toBe('mine');
    const [atHome = ''] = readdirSync(project.path('.progress/archive'));
    expect(project.read(`.progress/archive/${atHome}`)).toBe('{"mine": "too"}\n');
  });

  test('lines of the log that say nothing to it are set aside before they go', () => {
    project = started('01');
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    const log = progressPath(project, '01', 'completed-tasks.jsonl');
    writeFileSync(log, `${readFileSync(log, 'utf8')}done by hand\n`);
    hook('01');
    expect(completedOf(project, '01')).toHaveLength(1);
    const aside = archivedOf(project, '01').filter((name) => name.startsWith('set-aside-'));
    expect(aside.map((name) => readFileSync(progressPath(project, '01', 'archive', name), 'utf8'))).toEqual([
      'done by hand\n',
    ]);
    hook('01');
    expect(archivedOf(project, '01').filter((name) => name.startsWith('set-aside-'))).toEqual(aside);
  });

  test('completions of an earlier phase of the worktree stay in its log', () => {
    project = started('01');
    const folder = join(project.outside('trees'), 'own');
    project.git('worktree', 'add', '-q', '-b', 'own', folder);
    value(addPhase(project, '02'));
    value(joinPhase(callerIn(folder), '02', false));
    for (const plan of ['02-01', '02-02']) value(changePlan(callerIn(folder), plan, 'complete'));
    value(closePhase(project.home, '02', true));
    value(addPhase(project, '03'));
    value(joinPhase(callerIn(folder), '03', false));
    value(changePlan(callerIn(folder), '03-01', 'complete'));
    const log = join(folder, '.progress', 'completed-tasks.jsonl');
    const ids = () =>
      readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as TaskProgress).task_id);
    expect(ids()).toEqual(['02-01', '02-02', '03-01']);
    rmSync(log);
    hookAt(folder);
    expect(ids()).toEqual(['02-01', '02-02', '03-01']);
  });
});

describe('where it cannot write', () => {
  test.each<[string, (folder: string) => void]>([
    ['a file where the folder should be', (folder) => writeFileSync(folder, 'x')],
    ['a link out of the worktree', (folder) => symlinkSync(project.outside('elsewhere'), folder)],
    [
      'a folder where a file should be',
      (folder) => mkdirSync(join(folder, 'current-task.json'), { recursive: true }),
    ],
  ])('%s: the verb is done, the hook says it, nothing else is touched', (_what, prepare) => {
    project = started('01');
    prepare(progressPath(project, '01'));
    expect(value(changePlan(worker(project, '01'), '01-01', 'start')).state).toBe('in_progress');
    expect(statusOf(project, '01').plans[0]?.state).toBe('in_progress');
    expect(hook('01')).toEqual([expect.stringMatching(/\.progress.*could not be brought up to date/)]);
    expect(existsSync(join(project.outside('elsewhere'), 'current-task.json'))).toBe(false);
    rmSync(progressPath(project, '01'), { recursive: true, force: true });
    expect(hook('01')).toEqual([]);
    expectFollows(project, '01');
  });

  test('in the primary worktree the same', () => {
    project = started('01');
    symlinkSync(project.outside('elsewhere'), project.path('.progress'));
    expect(hook('01')).toEqual([expect.stringMatching(/\.progress could not/)]);
    expect(hookAt(project.home)).toEqual([expect.stringMatching(/\.progress could not/)]);
  });
});

describe('at the root of the project', () => {
  test('stands the task of the worker that changed something last', () => {
    project = started('01', '02', '03');
    for (const id of ['01', '02', '03', '02', '01']) {
      value(addTaskTo(worker(project, id), `${id}-01`, 'step'));
      expect(shownAtHome(project).task_id).toBe(`${id}-01`);
      expectLatestShown(project);
    }
    for (const id of ['01', '02', '03']) {
      hook(id);
      expect(write(id)).toBe('unchanged');
      expect(shownAtHome(project).task_id).toBe('01-01');
    }
  });

  test('a worker that went back to an older STATUS.md yields to the next', () => {
    project = started('01', '02');
    value(addTaskTo(worker(project, '02'), '02-01', 'step'));
    const before = readFileSync(project.statusFile('02'));
    value(addTaskTo(worker(project, '01'), '01-01', 'step'));
    value(addTaskTo(worker(project, '02'), '02-01', 'step'));
    expect(shownAtHome(project).task_id).toBe('02-01');
    writeFileSync(project.statusFile('02'), before);
    hook('02');
    expect(shownAtHome(project).task_id).toBe('01-01');
    expectLatestShown(project);
  });

  test('what was tampered with is corrected by the coordinator’s hook, or by the worker’s', () => {
    project = started('01', '02');
    for (const id of ['01', '02']) value(addTaskTo(worker(project, id), `${id}-01`, 'step'));
    const file = project.path('.progress/current-task.json');
    const right = readFileSync(file, 'utf8');
    for (const wrong of ['{', right.replace('"updated": "20', '"updated": "90').replace('02-01', '09-01')]) {
      writeFileSync(file, wrong);
      expect(hookAt(project.home)).toEqual([]);
      expect(readFileSync(file, 'utf8')).toBe(right);
    }
    writeFileSync(project.path('.progress/workers/worker-02.json'), '{}');
    hook('02');
    expectFollows(project, '02');
    renameSync(file, `${file}.gone`);
    hook('01');
    expect(readFileSync(file, 'utf8')).toBe(right);
  });

  test('a file of a person’s own stays while no worker has anything to show', () => {
    project = started();
    project.write('.progress/current-task.json', '{"mine": true}');
    expect(hookAt(project.home)).toEqual([]);
    expect(project.read('.progress/current-task.json')).toBe('{"mine": true}');
  });

  test('of a phase without plans there is nothing, and what there was of it goes', () => {
    project = started('01');
    hook('01');
    editStatus(project, '01', (text) => text.replace(/plans:\n[\s\S]*?blockers:/, 'plans: []\nblockers:'));
    expect(hook('01')).toEqual([]);
    expect(existsSync(progressPath(project, '01', 'current-task.json'))).toBe(false);
    expect(existsSync(project.path('.progress/current-task.json'))).toBe(false);
    expect(existsSync(project.path('.progress/workers/worker-01.json'))).toBe(false);
    expect(write('01')).toBe('unchanged');
  });

  test('a closed phase stays as it was left', () => {
    project = started('01');
    for (const plan of ['01-01', '01-02']) value(changePlan(worker(project, '01'), plan, 'complete'));
    value(closePhase(project.home, '01', false));
    expect(hook('01')).toEqual([]);
    expect(shownAtHome(project)).toMatchObject({ task_id: '01-02', status: 'completed' });
  });
});

test('git sees nothing of it, whatever the branch ignores', () => {
  project = started('01');
  hook('01');
  const seen = gitIn(project.worktree('01'), 'status', '--porcelain', '--untracked-files=all');
  expect(seen).not.toContain('.progress');
});

describe('what a worker records', () => {
  test('artifacts are named from where it stands, inside its worktree', () => {
    project = started('01');
    const me = worker(project, '01');
    mkdirSync(join(me.root, 'src'));
    const record = (path: string, cwd: string) =>
      recordArtifactOf(me, '01-01', { path, cwd, type: undefined, status: 'complete' });
    expect(value(record('a.ts', join(me.root, 'src'))).artifact.path).toBe('src/a.ts');
    expect(value(record(join(me.root, 'b.md'), project.home)).artifact).toMatchObject({
      path: 'b.md',
      type: 'documentation',
    });
    for (const path of ['../x', '', ' ', '.', 'a\nb', 'a\0b', project.path('README.md'), 'x'.repeat(600)])
      expect(refusal(record(path, me.root)).code, path).toBe('artifact-outside');
  });

  test('names of checks and figures are plain words', () => {
    project = started('01');
    const me = worker(project, '01');
    for (const name of ['', '__proto__', 'a b', 'x'.repeat(60)]) {
      expect(refusal(recordMetricOf(me, '01-01', name, 1)).code).toBe('identifier-bad');
      const check = { name, state: 'passed' as const, figures: {} };
      expect(refusal(recordCheckOf(me, '01-01', check)).code).toBe('identifier-bad');
    }
    expect(statusOf(project, '01').revision).toBe(1);
  });

  test('it stays in STATUS.md with what a person noted beside it, and stands in its body in short', () => {
    project = started('01');
    const me = worker(project, '01');
    value(recordCheckOf(me, '01-01', { name: 'tests', state: 'failed', figures: { failed: 3 } }));
    editStatus(project, '01', (text) =>
      text.replace('status: failed', 'status: failed\n        note: flaky'),
    );
    value(recordMetricOf(me, '01-01', 'loc', 7));
    value(recordArtifactOf(me, '01-01', { path: 'a.ts', cwd: me.root, type: 'test', status: 'draft' }));
    expect(statusOf(project, '01').plans[0]).toMatchObject({
      quality_gates: { tests: { status: 'failed', failed: 3, note: 'flaky' } },
      metrics: { loc: 7 },
    });
    const body = readFileSync(project.statusFile('01'), 'utf8').split('\n---\n')[1];
    expect(body).toContain('- 1 artifact, 1 in draft');
    expect(body).toContain('- checks: tests failed');
    expect(body).toContain('- figures: loc 7');
  });

  test('is shown of the current plan, or of the one that is named', () => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-02', 'start'));
    expect(value(showTasks(me, undefined)).plan?.id).toBe('01-02');
    expect(value(showTasks(me, '01-01')).plan?.id).toBe('01-01');
    expect(refusal(showTasks(me, '09-01')).code).toBe('plan-unknown');
    expect(refusal(showTasks(operator(project), undefined)).code).toBe('not-a-worker');
  });
});
