/** A worker's transitions reach the coordinator by themselves, however its STATUS.md changed, each once. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import { isLong } from '../kit/long.ts';
import type { Project } from '../kit/project.ts';
import { archiveOf, inboxOf, projectWith } from './disk.ts';
import { bash, call, countOf, type Played, Scene, say } from './kit.ts';

const FILE = '.planning/phases/01-phase-01/STATUS.md';

function eventsOf(messages: readonly Envelope[]): string[] {
  return messages.map(({ metadata }) => [metadata['event'], metadata['plan']].filter(Boolean).join(' '));
}

function logged(project: Project): Envelope[] {
  const lines = readFileSync(project.path('.coordination/messages.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Envelope);
}

/** What a worker does with an editor: reads the file, then changes a piece of it. */
function edits(project: Project, from: string, to: string) {
  const file_path = project.statusFile('01');
  return [call('Read', { file_path }), call('Edit', { file_path, old_string: from, new_string: to })];
}

describe('a worker that changes its plans by verb, by hand and by git', () => {
  let scene: Scene;
  let worker: Played;
  let waiting: Envelope[];

  beforeAll(async () => {
    scene = await Scene.open(projectWith({}, '01', '02'));
    const { project } = scene;
    const cwd = project.worktree('01');
    // 1 by verb: 01-01 is started and completed.
    const byVerb = [
      bash('coord task add "a secret step" --plan 01-01'),
      bash('coord plan start 01-01'),
      bash('coord plan complete 01-01'),
    ];
    const [read, edit] = edits(
      project,
      'title: Second\n    state: not_started',
      'title: Second\n    state: in_progress',
    );
    // 2 by hand: 01-02 is in progress, told at the end of the turn.
    const byHand = [read, edit, bash(`git add ${FILE} && git commit -qm "Keep the status"`)].filter(
      (step) => step !== undefined,
    );
    worker = await scene.play({ name: 'first', cwd, steps: [...byVerb, ...byHand, say('the turn ends')] });
    // 3 by git: 01-02 fails by verb, and then the committed file comes back.
    await scene.play({
      name: 'second',
      cwd,
      steps: [
        bash('coord plan fail 01-02 --reason "no network"'),
        bash(`git checkout -q ${FILE}`),
        say('ends'),
      ],
    });
    waiting = inboxOf(project, 'coordinator');
  });
  afterAll(() => scene.close());

  it('reports each change once, in order', () => {
    expect(worker.results.map((result) => result.isError)).not.toContain(true);
    expect(eventsOf(waiting)).toEqual([
      'plan_started 01-01',
      'plan_complete 01-01',
      'plan_started 01-02',
      'plan_failed 01-02',
      'plan_started 01-02',
    ]);
    expect(new Set(waiting.map((message) => message.id)).size).toBe(waiting.length);
    expect(logged(scene.project).map((message) => message.id)).toEqual(waiting.map((message) => message.id));
  });

  it('reports who, what and how many, with the commit, and no task', () => {
    const head = scene.project.git('rev-parse', 'main').trim();
    expect(waiting[1]).toMatchObject({ from: 'worker-01', to: 'coordinator', type: 'completion' });
    expect(waiting[1]?.metadata).toMatchObject({
      phase: '01',
      commit: head,
      counts: { not_started: 1, in_progress: 0, complete: 1, failed: 0 },
    });
    expect(waiting[3]).toMatchObject({ type: 'error', content: expect.stringContaining('no network') });
    expect(JSON.stringify(waiting)).not.toContain('secret step');
  });

  it('is seen by the next coordinator, whose STATE.md has the counts, and archived once it lived on', async () => {
    const { project } = scene;
    const state = () => project.read('.planning/STATE.md');
    expect(state()).toContain('0 complete, 0 in progress, 2 not started');
    let folded = '';
    const step = async () => {
      folded = state();
      return bash('echo look');
    };
    const coordinator = await scene.play({ name: 'chief', cwd: project.home, steps: [step, say('done')] });
    expect(coordinator.client.resultText).toBe('done');
    expect(folded).toContain('1 complete, 1 in progress, 0 not started, 0 failed');
    expect(folded).toContain('01-02 in_progress');
    for (const message of waiting) expect(countOf(coordinator.seen, `${message.id} ·`)).toBe(1);
    expect(coordinator.requests[0]?.latestText).toContain(
      '- 01 Phase 01 (worker-01): 1 complete, 1 in progress',
    );
    expect(inboxOf(project, 'coordinator')).toEqual([]);
    expect(archiveOf(project).map((message) => message.id)).toEqual(waiting.map((message) => message.id));
    expect(archiveOf(project).every((message) => message.read)).toBe(true);
    expect(state()).toMatch(/plan_complete.*01-01|01-01.*plan_complete/);
    expect(state()).not.toContain('secret step');
  });

  it('is not shown to the coordinator again', async () => {
    const again = await scene.play({ name: 'chief2', cwd: scene.project.home, steps: [say('nothing new')] });
    for (const message of waiting) expect(again.seen).not.toContain(message.id);
  });
});

describe('a running coordinator', () => {
  it('folds what arrives while it works, and is told of it', async () => {
    const scene = await Scene.open(projectWith({}, '01'));
    onTestFinished(() => scene.close());
    const { project } = scene;
    const steps = [
      async () => {
        await scene.play({
          name: 'meanwhile',
          cwd: project.worktree('01'),
          steps: [bash('coord plan start 01-01; coord plan complete 01-01')],
        });
        return bash('echo still here');
      },
      say('over'),
      say('read'),
    ];
    const chief = await scene.play({ name: 'chief', cwd: project.home, steps });
    expect(chief.seen).toContain('plan 01-01 "First" complete');
    expect(project.read('.planning/STATE.md')).toContain('1 complete, 0 in progress, 1 not started');
  });
});

describe.runIf(isLong)('with events: milestones', () => {
  it('a start is left out and a completion is told, from the next hook on', async () => {
    const scene = await Scene.open(projectWith({}, '01'));
    onTestFinished(() => scene.close());
    const { project } = scene;
    project.must('config', 'set', 'events', 'milestones');
    const steps = [
      bash('coord plan start 01-01'),
      bash('coord plan complete 01-01'),
      async () => {
        project.must('config', 'set', 'events', 'full');
        await sleep(20);
        return bash('coord plan start 01-02');
      },
    ];
    await scene.play({ name: 'lean', cwd: project.worktree('01'), steps });
    expect(eventsOf(inboxOf(project, 'coordinator'))).toEqual(['plan_complete 01-01', 'plan_started 01-02']);
  });
});

describe('a STATUS.md that the worker broke', () => {
  it('is told to the worker at its Stop, once, with the line, and left as it is', async () => {
    const scene = await Scene.open(projectWith({}, '01'));
    onTestFinished(() => scene.close());
    const { project } = scene;
    const [read, edit] = edits(
      project,
      'title: First\n    state: not_started',
      'title: First\n    state: banana',
    );
    const steps = [read, edit, say('first end'), say('second end')].filter((step) => step !== undefined);
    const played = await scene.play({ name: 'clumsy', cwd: project.worktree('01'), steps });
    expect(played.requests).toHaveLength(4);
    expect(played.requests[3]?.latestText).toMatch(/STATUS\.md line \d+ is not understood/);
    expect(countOf(played.seen, 'is not understood')).toBe(1);
    expect(readFileSync(project.statusFile('01'), 'utf8')).toContain('state: banana');
    expect(inboxOf(project, 'coordinator')).toEqual([]);
  });
});
