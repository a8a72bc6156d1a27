/** One session holds the seat of a place; another gets it when the first is gone, or when it is told to take it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLong } from '../kit/long.ts';
import { projectWith } from './disk.ts';
import { bash, Gate, type Live, Scene, say, write } from './kit.ts';

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
async function seated(
  name: string,
  cwd: string,
  gate: Gate,
  ...then: Parameters<Gate['before']>[0][]
): Promise<Live> {
  const [first = say('bye'), ...rest] = then;
  const live = scene.start({ name, cwd, steps: [write(`${name}.txt`), gate.before(first), ...rest] });
  await scene.api.waitFor(() => scene.api.of(name).length >= 2, 20_000);
  return live;
}

describe('two coordinators at once', () => {
  it('the second may not write and is told how; after its takeover the first may not', async () => {
    const gate = new Gate();
    const first = await seated(
      'first',
      home,
      gate,
      write('late.txt'),
      bash('echo x > late2.txt'),
      bash('coord phase add 07 "Late"'),
    );
    expect(seat()).toMatchObject({ session: first.id, epoch: 1 });
    const stay = new Gate();
    const steps = [
      write('second.txt'),
      bash('echo x > second2.txt'),
      bash('coord phase add 08 "Sneaked in"'),
      bash('cat README.md && coord --help'),
      bash('coord join'),
      bash('coord join --takeover'),
      write('second3.txt'),
      bash('coord phase add 09 "Mine now"'),
      stay.before(say('over')),
    ];
    const taking = scene.start({ name: 'second', cwd: home, steps });
    await scene.api.waitFor(() => scene.api.of('second').length >= steps.length, 20_000);
    expect(seat()).toMatchObject({ session: taking.id, epoch: 2 });
    gate.open();
    const late = await first.done;
    stay.open();
    const second = await taking.done;

    expect(second.requests[0]?.latestText).toContain(
      `Another live session (${first.id}) works in this worktree`,
    );
    expect(second.results.map((result) => result.isError)).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
    for (const refused of second.results.slice(0, 3)) {
      expect(refused.text).toContain(first.id);
      expect(refused.text).toContain('coord join --takeover');
    }
    expect(existsSync(join(home, 'second.txt')) || existsSync(join(home, 'second2.txt'))).toBe(false);
    expect(existsSync(join(home, 'second3.txt'))).toBe(true);

    expect(late.results.map((result) => result.isError)).toEqual([false, true, true, true]);
    for (const refused of late.results.slice(1)) expect(refused.text).toContain(taking.id);
    expect(existsSync(join(home, 'late.txt')) || existsSync(join(home, 'late2.txt'))).toBe(false);
    const phases = scene.project
      .must<{ phases: { id: string }[] }>('phase', 'list')
      .phases.map((phase) => phase.id);
    expect(phases).toEqual(['01', '09']);
  });

  it.runIf(isLong)('holds for a worker’s worktree too, and not for the person at a terminal', async () => {
    const gate = new Gate();
    const cwd = scene.project.worktree('01');
    const first = await seated('worker', cwd, gate);
    const twin = await scene.play({
      name: 'twin',
      cwd,
      steps: [write('twin.txt'), bash('coord plan start 01-01'), say('over')],
    });
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
    const gate = new Gate();
    const heir = await seated('heir', home, gate, bash('coord phase add 02 "Next"'));
    expect(seat()).toEqual(expect.objectContaining({ session: heir.id, epoch: (before.epoch ?? 0) + 1 }));
    gate.open();
    const played = await heir.done;
    expect(played.requests[0]?.latestText).not.toContain('Another live session');
    expect(played.results.map((result) => result.isError)).toEqual([false, false]);
    expect(existsSync(join(home, 'heir.txt'))).toBe(true);
  });

  it.runIf(isLong)(
    'is taken at its next prompt by a session that found it taken when it started',
    async () => {
      const first = await seated('first', home, new Gate());
      const patient = await scene.terminal({
        name: 'patient',
        cwd: home,
        steps: [write('patient.txt'), say('written')],
      });
      process.kill(first.session.pid, 'SIGKILL');
      await first.done;
      await patient.prompt('now it is yours');
      await patient.waitFor(/written/);
      expect(seat().session).toBe(scene.api.of('patient')[0]?.sessionId);
      expect(existsSync(join(home, 'patient.txt'))).toBe(true);
    },
  );

  it.runIf(isLong)(
    'is free after an ordinary end, and its session gets it back when it is resumed',
    async () => {
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
    },
  );
});
