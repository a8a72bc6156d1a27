/** A subagent with a worktree of its own is a worker like any other: its ground, its mail, its reports. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markedBy, type Turn } from '../kit/messages-api.ts';
import type { ModelRequest, ToolResult } from '../kit/model-request.ts';
import { fingerprint, inboxOf, projectWith } from './disk.ts';
import { bash, call, countOf, Gate, type Played, resultsOf, Scene, say, seenIn, write } from './kit.ts';

const MARKER = '[[the worker of phase 01]]';

function spawn(more: Readonly<Record<string, unknown>> = {}): Turn {
  const input = {
    description: 'phase 01',
    prompt: `Work on phase 01. ${MARKER}`,
    subagent_type: 'coord:phase-worker',
  };
  return call('Agent', { ...input, ...more });
}

function isWorker(request: ModelRequest): boolean {
  return request.agentId !== undefined && markedBy(MARKER)(request);
}

let scene: Scene;
let home: string;
let other: string;

async function open(): Promise<void> {
  const project = projectWith({ 'src/app.txt': 'one\n' }, '02');
  project.must('phase', 'add', '01', 'Phase 01', '--plan', '01-01:First', '--plan', '01-02:Second');
  scene = await Scene.open(project);
  home = project.home;
  other = project.worktree('02');
}

describe('a subagent that joins a phase', () => {
  let chief: Played;
  let requests: readonly ModelRequest[];
  let results: readonly ToolResult[];
  let root: string;
  let before: Record<string, string>;
  let after: Record<string, string>;

  beforeAll(async () => {
    await open();
    const { project, api } = scene;
    const worktree = () => /^root=(.*)$/m.exec(resultsOf(api.of('worker'))[1]?.text ?? '')?.[1] ?? 'unknown';
    const file = () => join(worktree(), '.planning/phases/01-phase-01/STATUS.md');
    const turns = [
      bash('coord join 01'),
      bash('echo "root=$(pwd)"; coord plan list'),
      () => {
        before = fingerprint(project, worktree());
        return write(`${home}/w.txt`);
      },
      bash(`echo x > ${home}/b.txt`),
      bash(`echo x > ${other}/b.txt`),
      write(`${other}/w.txt`),
      bash(`git -C ${home} commit --allow-empty -qm foreign`),
      write('own.txt'),
      () => {
        after = fingerprint(project, worktree());
        project.must('send', 'worker-01', 'directive', 'for the subagent alone');
        return bash('echo own > src/own.txt && git add -A && git commit -qm "Work of the subagent"');
      },
      // Not `complete`: the client itself refuses that word to an isolated subagent.
      bash('coord plan start 01-01 && coord plan done 01-01'),
      () => call('Read', { file_path: file() }),
      () =>
        call('Edit', {
          file_path: file(),
          old_string: 'title: Second\n    state: not_started',
          new_string: 'title: Second\n    state: in_progress',
        }),
      say('the phase is half done'),
    ];
    api.add({ name: 'worker', when: isWorker, turns });
    const chiefly = [
      spawn({ run_in_background: false }),
      () => bash(`echo x > ${worktree()}/c.txt`),
      () => write(`${worktree()}/c2.txt`),
      bash('echo mine > mine.txt'),
      say('I see'),
    ];
    chief = await scene.play({ name: 'chief', cwd: home, steps: chiefly });
    requests = api.of('worker');
    results = resultsOf(requests);
    root = worktree();
  });
  afterAll(() => scene.close());

  it('becomes the worker of that phase, in its own worktree', () => {
    expect(results[0]).toMatchObject({ isError: false, text: expect.stringContaining('you are worker-01') });
    expect(root).toContain('/.claude/worktrees/agent-');
    expect(results[1]?.text).toContain('01-01 not_started First');
    expect(requests[0]?.latestText).toContain('coord join <phase>');
  });

  it('is refused outside of it, and leaves nothing there', () => {
    expect(results.slice(2, 7).map((result) => result.isError)).toEqual([true, true, true, true, true]);
    expect(results[3]?.text).toContain('[coord] Refused');
    expect(results[4]?.text).toContain('worktree of worker-02');
    expect(results[5]?.text).toMatch(/worker-02|isolated/);
    expect(after).toEqual(before);
  });

  it('goes unhindered inside', () => {
    expect(results.slice(7).filter((result) => result.isError)).toEqual([]);
    expect(existsSync(join(root, 'own.txt'))).toBe(true);
    expect(
      scene.project.git('log', '-1', '--format=%s', root.replace(/.*\/(agent-\w+)$/, 'worktree-$1')),
    ).toContain('Work of the subagent');
  });

  it('gets its mail itself, and its session does not', () => {
    expect(countOf(seenIn(requests), '> for the subagent alone')).toBe(1);
    expect(chief.seen).not.toContain('for the subagent alone');
    expect(inboxOf(scene.project, 'worker-01')).toEqual([]);
  });

  it('reports by verb at once and by hand at its end, to the coordinator that spawned it', () => {
    for (const text of ['plan 01-01 "First" complete', 'plan 01-02 "Second" started'])
      expect(countOf(chief.seen, text)).toBe(1);
    const state = scene.project.read('.planning/STATE.md');
    expect(state).toContain('01-01 complete');
    expect(state).toContain('01-02 in_progress');
    expect(state).toContain('1 complete, 1 in progress, 0 not started, 0 failed');
  });

  it('keeps its ground from its own coordinator', () => {
    const [, shell, tool, own] = chief.results;
    expect(shell).toMatchObject({ isError: true, text: expect.stringContaining('worktree of worker-01') });
    expect(tool).toMatchObject({ isError: true, text: expect.stringContaining('worktree of worker-01') });
    expect(own).toMatchObject({ isError: false });
    expect(existsSync(join(root, 'c.txt')) || existsSync(join(root, 'c2.txt'))).toBe(false);
    expect(readFileSync(join(home, 'mine.txt'), 'utf8')).toBe('mine\n');
  });
});

describe('a coordinator whose subagent works in the background', () => {
  beforeAll(open);
  afterAll(() => scene.close());

  it('works on in its own place, is kept out of the other, and hears of the end', async () => {
    const { api } = scene;
    const gate = new Gate();
    const worktree = () => /^root=(.*)$/m.exec(resultsOf(api.of('worker'))[1]?.text ?? '')?.[1] ?? 'unknown';
    const turns = [
      bash('coord join 01'),
      bash('echo "root=$(pwd)"'),
      gate.before(bash('coord plan start 01-01')),
      write('late.txt'),
      say('done in the background'),
    ];
    api.add({ name: 'worker', when: isWorker, turns });
    const joined = () => api.waitFor(() => resultsOf(api.of('worker')).length >= 2, 20_000);
    const steps = [
      spawn({ run_in_background: true }),
      async () => {
        await joined();
        return bash(`echo x > ${worktree()}/c.txt`);
      },
      bash('echo mine > mine.txt'),
      () => {
        gate.open();
        return say('I go on when it ends');
      },
    ];
    const chief = await scene.play({ name: 'chief', cwd: home, steps });
    expect(chief.results.map((result) => result.isError)).toEqual([false, true, false]);
    expect(chief.results[1]?.text).toContain('worktree of worker-01');
    const results = resultsOf(api.of('worker'));
    expect(results.map((result) => result.isError)).toEqual([false, false, false, false]);
    expect(existsSync(join(worktree(), 'late.txt'))).toBe(true);
    expect(existsSync(join(worktree(), 'c.txt'))).toBe(false);
    expect(scene.project.read('.planning/STATE.md')).toContain('01-01 in_progress');
    expect(chief.seen).toContain('done in the background');
  });
});

describe('a subagent without a worktree of its own', () => {
  beforeAll(open);
  afterAll(() => scene.close());

  it('stands where its session stands, and takes none of its mail', async () => {
    const { api, project } = scene;
    const turns = [
      write(`${other}/w.txt`),
      write('helped.txt'),
      () => {
        project.must('send', 'worker-02', 'directive', 'for the session itself');
        return bash(`echo x > ${home}/b.txt`);
      },
      say('helped'),
    ];
    api.add({ name: 'helper', when: isWorker, turns });
    const steps = [
      spawn({ subagent_type: 'general-purpose', run_in_background: false }),
      say('over'),
      say('heard'),
    ];
    const worker = await scene.play({ name: 'session', cwd: other, steps });
    const results = resultsOf(api.of('helper'));
    expect(results.map((result) => result.isError)).toEqual([false, false, true]);
    expect(existsSync(join(other, 'helped.txt'))).toBe(true);
    expect(existsSync(join(home, 'b.txt'))).toBe(false);
    expect(seenIn(api.of('helper'))).not.toContain('for the session itself');
    expect(countOf(worker.seen, '> for the session itself')).toBe(1);
  });
});
