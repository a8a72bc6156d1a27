/** The Stop hook of a worker with transitions due, killed at any call: none is lost, and none is sent twice. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logOf, repeated, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { eachKill, hook, type Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];

/** Two plans that changed by hand, and a blocker: three transitions, and a fourth of the phase. */
const DUE = ['blocker_raised', 'plan_complete', 'plan_failed'];

function edited(project: Project, change: (text: string) => string): void {
  const file = project.statusFile('01');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

beforeAll(async () => {
  const project = started('01');
  await stopOf(project).start();
  edited(project, (text) =>
    text
      .replace('state: not_started', 'state: complete')
      .replace('state: not_started', 'state: failed\n    reason: no network')
      .replace(
        'blockers: []',
        'blockers:\n  - id: B1\n    summary: which port\n    state: open\n    raised: 2026-01-01T00:00:00Z',
      ),
  );
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

function stopOf(project: Project): Session {
  return new Session(project, { session: 'session-a', cwd: project.worktree('01') });
}

function scriptOf(project: Project) {
  const session = stopOf(project);
  return hook(project, 'session', session.payload('Stop', { stop_hook_active: false }), session.env);
}

function eventsOf(project: Project): string[] {
  return waitingFor(project, 'coordinator').map((envelope) => String(envelope.metadata['event']));
}

function expectOnce(project: Project, torn: boolean): void {
  const { envelopes, broken } = logOf(project);
  expect(broken.length).toBeLessThanOrEqual(torn ? 1 : 0);
  expect(repeated(envelopes.map((envelope) => envelope.id))).toEqual([]);
  expect(envelopes.map((envelope) => envelope.id).sort()).toEqual(
    waitingFor(project, 'coordinator').map((envelope) => envelope.id),
  );
}

test('the next Stop completes a report that was killed', async () => {
  const kills = await eachKill(labs, scriptOf, async (project, _, { death }) => {
    await stopOf(project).stop();
    expect(eventsOf(project).sort()).toEqual(DUE);
    expectOnce(project, death === 'torn');
    await stopOf(project).stop();
    expect(eventsOf(project).sort()).toEqual(DUE);
  });
  expect(kills).toBeGreaterThan(4);
});

test('what changes after the kill is reported besides, and the coordinator ends up with what STATUS.md says', async () => {
  await eachKill(labs, scriptOf, async (project, _, { death }) => {
    edited(project, (text) => text.replace('state: failed\n', 'state: in_progress\n'));
    await stopOf(project).stop();
    const events = eventsOf(project).sort();
    const isTold = events.includes('plan_failed');
    expect(events).toEqual([...(isTold ? DUE : DUE.slice(0, 2)), 'plan_started'].sort());
    expectOnce(project, death === 'torn');
    const { phases } = project.must<{ phases: { plans: object; plan_list: { state: string }[] }[] }>(
      'status',
    );
    expect(phases[0]?.plans).toEqual({ not_started: 0, in_progress: 1, complete: 1, failed: 0 });
    expect(phases[0]?.plan_list.map((plan) => plan.state)).toEqual(['complete', 'in_progress']);
  });
});

test('the blocker is known by its message whatever the kill, so that the answer to it finds it', async () => {
  await eachKill(labs, scriptOf, async (project) => {
    await stopOf(project).stop();
    const raised = waitingFor(project, 'coordinator').find((one) => one.type === 'blocker');
    const twin = JSON.parse(project.read('.coordination/roster/blockers/worker-01.json')) as object;
    expect(twin).toEqual({
      open: [{ id: 'B1', summary: 'which port', plan: null, message: raised?.id, answeredBy: null }],
    });
  });
});
