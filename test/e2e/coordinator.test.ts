/** The coordinator's ground is the primary checkout, wherever it walks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, groundOf, scratch } from './guard-cases.ts';
import { bash, type Played, Scene, write } from './kit.ts';

describe('a coordinator in the primary checkout', () => {
  let scene: Scene;
  let at: Ground;
  let played: Played;

  beforeAll(async () => {
    scene = await Scene.open(scratch());
    at = groundOf(scene.project);
    const steps = [
      write('own.txt'),
      bash('echo x > shell.txt'),
      bash('git -C .claude/worktrees/02-phase-02 log --oneline -1'),
      write(`${at.other}/w.txt`),
      bash(`echo x > ${at.other}/b.txt`),
      bash('echo x > .claude/worktrees/01-phase-01/b.txt'),
      // A plain cd stays for all later calls; it makes nobody a worker.
      bash('cd .claude/worktrees/02-phase-02 && pwd'),
      bash('pwd; echo x > walked.txt'),
      write('walked2.txt'),
      bash('coord plan start 02-01'),
      bash(`cd ${at.home} && echo back > back.txt`),
      bash('ls "$COORD_PLUGIN_DATA/code"'),
    ];
    played = await scene.play({ name: 'coordinator', cwd: at.home, steps });
  });
  afterAll(() => scene.close());

  it('writes in its own checkout, and reads in a worker’s', () => {
    expect(played.results.slice(0, 3).map((result) => result.isError)).toEqual([false, false, false]);
    expect(existsSync(join(at.home, 'own.txt')) && existsSync(join(at.home, 'shell.txt'))).toBe(true);
    expect(played.results[2]?.text).toContain('Lay the ground');
  });

  it("is refused in a worker's worktree, by Write and in the shell", () => {
    const [, , , ...refused] = played.results;
    expect(refused.slice(0, 3).map((result) => result.isError)).toEqual([true, true, true]);
    expect(refused[0]?.text).toContain('worktree of worker-02');
    expect(refused[1]?.text).toContain('worktree of worker-02');
    expect(refused[2]?.text).toContain('worktree of worker-01');
    expect(existsSync(join(at.other, 'w.txt')) || existsSync(join(at.other, 'b.txt'))).toBe(false);
    expect(existsSync(join(at.mine, 'b.txt'))).toBe(false);
  });

  it('has shells that know where coord’s compiled form lies, so that coord starts quickly there', () => {
    expect(played.results.at(-1)).toMatchObject({ isError: false, text: expect.stringContaining('full-v') });
  });

  it('becomes no worker by walking into a worktree', () => {
    const [walk, shell, tool, verb, back] = played.results.slice(6);
    expect(walk).toMatchObject({ isError: false, text: expect.stringContaining(at.other) });
    expect(shell?.text).toContain('worktree of worker-02');
    expect(tool?.text).toContain('worktree of worker-02');
    expect(verb?.text).toContain('coord knows you by');
    expect(existsSync(join(at.other, 'walked.txt')) || existsSync(join(at.other, 'walked2.txt'))).toBe(false);
    expect(readFileSync(scene.project.statusFile('02'), 'utf8')).not.toContain('in_progress');
    expect(back?.isError).toBe(false);
    expect(existsSync(join(at.home, 'back.txt'))).toBe(true);
  });
});
