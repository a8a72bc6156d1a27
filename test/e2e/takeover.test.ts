/** One session holds the seat of a place; another gets it when the first is gone, or when it is told to take it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bash, Gate, type Live, projectWith, say, Scene, write } from './kit.ts';

interface Status {
  readonly coordinator: { readonly session: string | null; readonly epoch: number | null };
}

let scene: Scene;
let home: string;

beforeEach(async () => {
  scene = await Scene.open(projectWith({}, '01'));
  home = scene.project.home;
});
afterEach(() => scene.close());

function seat(): Status['coordinator'] {
  return scene.project.must<Status>('status').coordinator;
}

/** A session that has written once and then waits at the gate. */
async function seated(name: string, cwd: string, gate: Gate, ...then: Parameters<Gate['then']>[0][]): Promise<Live> {
  const [first = say('bye'), ...rest] = then;
  const live = scene.start({ name, cwd, steps: [write(`${name}.txt`), gate.then(first), ...rest] });
  await scene.api.waitFor(() => scene.api.of(name).length >= 2, 20_000);
  return live;
}

describe('two coordinators at once', () => {
  it('the second may not write and is told how; after its takeover the first may not', async () => {
    const gate = new Gate();
    const first = await seated('first', home, gate, write('late.txt'), bash('echo x > late2.txt'), bash('coord phase add 07 "Late"'));
    expect(seat()).toMatchObject({ session: first.id, epoch: 1 });
    const steps = [
      write('second.txt'),
      bash('echo x > second2.txt'),
      bash('coord phase add 08 "Sneaked in"'),
      bash('cat README.md && coord --help'),
      bash('coord join'),
      bash('coord join --takeover'),
      write('second3.txt'),
      bash('coord phase add 09 "Mine now"'),
      say('over'),
    ];
    const second = await scene.play({ name: 'second', cwd: home, steps });
    const secondId = second.client.sessionId;
    gate.open();
    const late = await first.done;

    expect(second.requests[0]?.latestText).toContain(`Another live session (${first.id}) works in this worktree`);
    expect(second.results.map((result) => result.isError)).toEqual([true, true, true, false, true, false, false, false]);
    for (const refused of second.results.slice(0, 3)) {
      expect(refused.text).toContain(first.id);
      expect(refused.text).toContain('coord join --takeover');
    }
    expect(existsSync(join(home, 'second.txt')) || existsSync(join(home, 'second2.txt'))).toBe(false);
    expect(existsSync(join(home, 'second3.txt'))).toBe(true);

    expect(late.results.map((result) => result.isError)).toEqual([false, true, true, true]);
    for (const refused of late.results.slice(1)) expect(refused.text).toContain(secondId);
    expect(existsSync(join(home, 'late.txt')) || existsSync(join(home, 'late2.txt'))).toBe(false);
    const phases = scene.project.must<{ phases: { id: string }[] }>('phase', 'list').phases.map((phase) => phase.id);
    expect(phases).toEqual(['01', '09']);
  });

  it('holds for a worker’s worktree too, and not for the person at a terminal', async () => {
    const gate = new Gate();
    const cwd = scene.project.worktree('01');
    const first = await seated('worker', cwd, gate);
    const twin = await scene.play({ name: 'twin', cwd, steps: [write('twin.txt'), bash('coord plan start 01-01'), say('over')] });
    expect(twin.results.map((result) => result.isError)).toEqual([true, true]);
    expect(existsSync(join(cwd, 'twin.txt'))).toBe(false);
    expect(scene.project.coord(['phase', 'add', '05', 'By the operator']).code).toBe(0);
    gate.open();
    await first.done;
  });
});

describe('a seat whose session is gone', () => {
  it('is taken at once by the next session after a SIGKILL, with a higher epoch', async () => {
    const first = await seated('first', home, new Gate());
    const before = seat();
    expect(before.session).toBe(first.id);
    process.kill(first.session.pid, 'SIGKILL');
    await first.done;
    const heir = await scene.play({ name: 'heir', cwd: home, steps: [write('heir.txt'), bash('coord phase add 02 "Next"'), say('over')] });
    expect(heir.requests[0]?.latestText).not.toContain('Another live session');
    expect(heir.results.map((result) => result.isError)).toEqual([false, false]);
    expect(existsSync(join(home, 'heir.txt'))).toBe(true);
    expect(seat().epoch ?? 0).toBeGreaterThan(before.epoch ?? 0);
  });

  it('is free after an ordinary end, and its session gets it back when it is resumed', async () => {
    const first = await scene.play({ name: 'first', cwd: home, steps: [write('one.txt'), say('over')] });
    expect(seat().session).toBe(null);
    const resumed = await scene.play({
      name: 'resumed',
      cwd: home,
      steps: [write('two.txt'), say('over')],
      resume: first.client.sessionId,
    });
    expect(resumed.client.sessionId).toBe(first.client.sessionId);
    expect(resumed.results.at(-1)).toMatchObject({ isError: false });
    expect(existsSync(join(home, 'two.txt'))).toBe(true);
  });
});
