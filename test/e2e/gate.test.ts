/**
 * A worker of the real client and the gate: its plan is not complete before its validation passed, in full, on the very
 * files that are there, and a commit names the plan; its task list is held to the same.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import { isLong } from '../kit/long.ts';
import type { Project } from '../kit/project.ts';
import { inboxOf, projectWith } from './disk.ts';
import { bash, call, countOf, type Played, Scene, say } from './kit.ts';

/** Passes once `done.txt` is there. */
const CHECK = 'node check.js';
const SCRIPT = "process.exit(require('fs').existsSync('done.txt') ? 0 : 3)\n";

function evidenceOf(project: Project): Evidence[] {
  const folder = project.path('.coordination', 'evidence', '01-phase-01');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Evidence);
}

function gated(): Project {
  const project = projectWith({ 'check.js': SCRIPT }, '01');
  project.must('config', 'set', 'validation', JSON.stringify([CHECK]));
  return project;
}

describe('a worker that would be done too early', () => {
  let scene: Scene;
  let played: Played;

  beforeAll(async () => {
    scene = await Scene.open(gated());
    const { project } = scene;
    played = await scene.play({
      name: 'worker',
      cwd: project.worktree('01'),
      steps: [
        bash('coord plan start 01-01'),
        bash('coord plan done 01-01'),
        bash(CHECK),
        bash(`${CHECK} || true`),
        bash(`${CHECK} | cat`),
        bash('echo ok > done.txt && coord plan done 01-01'),
        bash(CHECK),
        bash('coord plan done 01-01'),
        bash('git add -A && git commit -qm "01-010: nearly"'),
        bash('coord plan done 01-01'),
        bash('git commit -q --allow-empty -m "01-01: the check passes"'),
        bash('coord plan done 01-01'),
        say('done'),
      ],
    });
  });
  afterAll(() => scene.close());

  it('is refused until the validation passed on these files and a commit names the plan', () => {
    const outcome = (at: number) => [played.results[at]?.isError, played.results[at]?.text];
    expect(outcome(1)).toEqual([true, expect.stringContaining('it has not run here')]);
    expect(outcome(2)[0]).toBe(true);
    expect(outcome(5)).toEqual([true, expect.stringContaining('it ran on other files')]);
    expect(outcome(7)).toEqual([true, expect.stringContaining('no commit since the plan was started')]);
    expect(outcome(7)[1]).not.toContain('it ran on other files');
    expect(outcome(9)).toEqual([true, expect.stringContaining('has "01-01" in its message')]);
    expect(outcome(11)).toEqual([
      false,
      expect.stringContaining('plan 01-01 is complete, and the gate passed'),
    ]);
  });

  it('only runs by themselves are evidence, with their exit code and their output', () => {
    const evidence = evidenceOf(scene.project);
    expect(evidence.map((one) => [one.command, one.exit, one.via, one.by])).toEqual([
      [CHECK, 3, 'tool', 'worker-01'],
      [CHECK, 0, 'tool', 'worker-01'],
    ]);
    expect(evidence.every((one) => one.tree !== null && one.tree === one.tree_after)).toBe(true);
  });

  it('the plan, its milestone and its message tell of the gate', () => {
    const status = readFileSync(scene.project.statusFile('01'), 'utf8');
    expect(status).toMatch(/plan_complete 01-01 @ [0-9a-f]{12} \(gate passed\)/);
    expect(status).not.toContain('needs_followup');
    const told = inboxOf(scene.project, 'coordinator').filter((one) => one.type === 'completion');
    expect(told).toHaveLength(1);
    expect(told[0]?.metadata['quality_gates']).toMatchObject({
      [CHECK]: { status: 'passed' },
      commit: { status: 'passed' },
    });
  });
});

describe('a worker that calls its plan complete in an editor', () => {
  it('finds it taken back at its Stop, is told so once, and the coordinator hears of no completion', async () => {
    const scene = await Scene.open(gated());
    const { project } = scene;
    try {
      const file_path = project.statusFile('01');
      const edit = {
        old_string: 'title: First\n    state: in_progress',
        new_string: 'title: First\n    state: complete',
      };
      const played = await scene.play({
        name: 'worker',
        cwd: project.worktree('01'),
        steps: [
          bash('coord plan start 01-01'),
          call('Read', { file_path }),
          call('Edit', { file_path, ...edit }),
          say('all done'),
          say('well'),
        ],
      });
      expect(countOf(played.seen, 'was called complete in STATUS.md and is not')).toBe(1);
      expect(readFileSync(file_path, 'utf8')).toMatch(/state: in_progress[\s\S]*needs_followup/);
      const events = inboxOf(project, 'coordinator').map((one) => one.metadata['event']);
      expect(events).toEqual(['plan_started']);
    } finally {
      await scene.close();
    }
  });
});

describe("a task of the client's own list that names the plan", () => {
  it.runIf(isLong)('is not completed before the plan is proven', async () => {
    const scene = await Scene.open(gated());
    const { project } = scene;
    try {
      const played = await scene.play({
        name: 'worker',
        cwd: project.worktree('01'),
        // The client's newer models have no task tools unless it is told to give them some.
        env: { CLAUDE_CODE_ENABLE_TODO_TOOLS: '1' },
        steps: [
          bash('coord plan start 01-01'),
          call('TaskCreate', { subject: 'Finish 01-01', description: 'All of it' }),
          call('TaskCreate', { subject: 'Have lunch', description: 'Not of any plan' }),
          call('TaskUpdate', { taskId: '2', status: 'completed' }),
          call('TaskUpdate', { taskId: '1', status: 'completed' }),
          bash('echo ok > done.txt && git add -A && git commit -qm "01-01: done"'),
          bash(CHECK),
          call('TaskUpdate', { taskId: '1', status: 'completed' }),
          say('done'),
        ],
      });
      const texts = played.results.map((result) => result.text);
      expect(texts[3]).not.toContain('[coord]');
      expect(texts[4]).toContain('names plan 01-01, which is not proven yet');
      expect(texts[7]).not.toContain('[coord]');
    } finally {
      await scene.close();
    }
  });
});
