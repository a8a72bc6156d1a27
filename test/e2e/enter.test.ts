/** A session that the client itself puts into a worker's worktree (EnterWorktree, --worktree) is that worker. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong } from '../kit/long.ts';
import { archiveOf, projectWith } from './disk.ts';
import { bash, call, Gate, Scene, say, write } from './kit.ts';

let scene: Scene;
let home: string;

beforeAll(async () => {
  scene = await Scene.open(projectWith({}, '01', '02', '03'));
  home = scene.project.home;
});
afterAll(() => scene.close());

describe('a session that enters a worktree by the tool', () => {
  it('is the worker inside, and the coordinator again outside', async () => {
    const inside = scene.project.worktree('01');
    const steps = [
      call('ToolSearch', { query: 'select:EnterWorktree,ExitWorktree' }),
      write('as-coordinator.txt'),
      call('EnterWorktree', { path: inside }),
      bash('echo x > own.txt && coord plan start 01-01 && coord plan done 01-01'),
      bash(`echo x > ${home}/foreign.txt`),
      bash(`echo x > ${scene.project.worktree('02')}/foreign.txt`),
      call('ExitWorktree', { action: 'keep' }),
      write(`${home}/again.txt`),
      bash(`echo x > ${inside}/foreign.txt`),
      say('over'),
    ];
    const { results } = await scene.play({ name: 'entering', cwd: home, steps });
    expect(results.map((result) => result.isError)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(results[4]?.text).toContain('worktree of coordinator');
    expect(results[8]?.text).toContain('worktree of worker-01');
    expect(existsSync(join(home, 'again.txt')) && existsSync(join(inside, 'own.txt'))).toBe(true);
    expect(existsSync(join(home, 'foreign.txt')) || existsSync(join(inside, 'foreign.txt'))).toBe(false);
    // The coordinator that it became again has read them by now.
    const events = archiveOf(scene.project).map((message) => [message.from, message.metadata['event']]);
    expect(events).toEqual([
      ['worker-01', 'plan_started'],
      ['worker-01', 'plan_complete'],
    ]);
  });

  it.runIf(isLong)('is refused while that worker’s own session is alive', async () => {
    const gate = new Gate();
    const inside = scene.project.worktree('02');
    const owner = scene.start({
      name: 'owner',
      cwd: inside,
      steps: [bash('echo x > mine.txt'), gate.before(say('bye'))],
    });
    await scene.api.waitFor(() => scene.api.of('owner').length >= 2, 20_000);
    const steps = [
      call('ToolSearch', { query: 'select:EnterWorktree' }),
      call('EnterWorktree', { path: inside }),
      bash('pwd'),
      say('over'),
    ];
    const { results } = await scene.play({ name: 'intruder', cwd: home, steps });
    gate.open();
    await owner.done;
    expect(results[1]).toMatchObject({
      isError: true,
      text: expect.stringContaining('whose session is alive'),
    });
    expect(results[2]?.text).toBe(home);
  });
});

describe('a session started with --worktree', () => {
  it('is the worker of the phase whose worktree it names', async () => {
    const steps = [
      bash('echo x > own.txt && coord plan start 03-01 && coord plan done 03-01'),
      bash(`echo x > ${home}/foreign.txt`),
      say('over'),
    ];
    const played = await scene.play({ name: 'named', cwd: home, steps, args: ['--worktree', '03-phase-03'] });
    expect(played.requests[0]?.latestText).toContain('You are worker-03');
    expect(played.results.map((result) => result.isError)).toEqual([false, true]);
    expect(existsSync(join(scene.project.worktree('03'), 'own.txt'))).toBe(true);
    expect(existsSync(join(home, 'foreign.txt'))).toBe(false);
  });
});
