/**
 * Killed at any call: a validation that leaves evidence whole or none, and a completion that is proven or did not
 * happen. Never evidence of a run that did not end well, never a plan that is complete and not proven.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hasBegun, readBegun, readEvidence } from '../../src/storage/light/evidence-files.ts';
import { repeated, waitingFor } from '../kit/mail.ts';
import { gitIn, Project } from '../kit/project.ts';
import { editStatus, statusOf } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { cli, eachKill, hook, type Lab, twoLabs } from './fixtures/lab.ts';

const made: Lab[] = [];
afterAll(() => {
  for (const lab of made) lab.dispose();
});

const CHECK = 'node check.js';
const session = (project: Project) =>
  new Session(project, { session: 'session-a', cwd: project.worktree('01') });

async function labs(prepare: (project: Project) => void): Promise<Lab[]> {
  const project = Project.started('01');
  project.must('config', 'set', 'validation', JSON.stringify([CHECK]));
  writeFileSync(join(project.worktree('01'), 'check.js'), '0\n');
  await session(project).start();
  project.mustIn(project.worktree('01'), 'plan', 'start', '01-01');
  prepare(project);
  const two = twoLabs(project);
  made.push(...two);
  return two;
}

const evidence = (project: Project) => readEvidence(project.home, '01-phase-01');
const call = { tool_name: 'Bash', tool_input: { command: CHECK }, tool_use_id: 'use-1' };

function guard(project: Project): void {
  const { denied } = project.hook(
    'guard',
    session(project).payload('PreToolUse', call),
    session(project).env,
  );
  expect(denied).toBeUndefined();
}

function afterwards(project: Project) {
  const ended = { ...call, tool_response: { stdout: 'fine', stderr: '', interrupted: false } };
  return session(project).payload('PostToolUse', ended);
}

function proven(project: Project): void {
  const ran = project.coord(['run', '--', 'node', 'check.js'], { cwd: project.worktree('01') });
  expect(ran.code).toBe(0);
  gitIn(project.worktree('01'), 'add', '-A');
  gitIn(project.worktree('01'), 'commit', '-qm', '01-01: work');
}

test('the hook that keeps evidence: whole or none, one record, and a later run counts whatever was left', async () => {
  const kills = await eachKill(
    await labs(guard),
    (project) => hook(project, 'after', afterwards(project), session(project).env),
    async (project) => {
      const found = evidence(project);
      expect(found.length).toBeLessThanOrEqual(1);
      for (const one of found) {
        expect(one).toMatchObject({ command: CHECK, exit: 0 });
        expect(project.read(one.log ?? '')).toContain('fine');
      }
      const begun = hasBegun(project.home, 'use-1') ? readBegun(project.home, 'use-1') : undefined;
      // The same hook again makes the same record, and no second one.
      project.hook('after', afterwards(project), session(project).env);
      expect(evidence(project).length).toBe(found.length === 1 || begun ? 1 : 0);
      if (begun) expect(evidence(project)[0]?.id).toBe(begun.ids[0]);
      guard(project);
      project.hook('after', afterwards(project), session(project).env);
      expect(evidence(project).at(-1)?.exit).toBe(0);
      const names = readdirSync(project.path('.coordination/evidence/01-phase-01'));
      expect(names.filter((name) => /^\.tmp/.test(name)).length).toBeLessThanOrEqual(2);
    },
  );
  expect(kills).toBeGreaterThan(5);
});

test('`coord run`: what is on record passed, and the next run is evidence', async () => {
  await eachKill(
    await labs(() => undefined),
    (project) => cli(project, ['run', '--', 'node', 'check.js'], project.worktree('01')),
    async (project) => {
      for (const one of evidence(project)) {
        expect(one).toMatchObject({ command: CHECK, exit: 0, via: 'run' });
        expect(existsSync(project.path(one.log ?? ''))).toBe(true);
      }
      expect(evidence(project).length).toBeLessThanOrEqual(1);
      proven(project);
      const gate = project.mustIn<{ verdict: string }>(project.worktree('01'), 'gate', '01-01');
      expect(gate.verdict).toBe('pass');
    },
  );
});

test('a completion: proven and told once, or not complete; doing it again completes it', async () => {
  const kills = await eachKill(
    await labs(proven),
    (project) => cli(project, ['plan', 'done', '01-01'], project.worktree('01')),
    async (project) => {
      // The files move on before anybody looks again: what was proven stays proven.
      writeFileSync(join(project.worktree('01'), 'later.ts'), 'x');
      const before = statusOf(project, '01').plans[0];
      await session(project).stop();
      const plan = statusOf(project, '01').plans[0];
      expect(plan?.state).toBe(before?.state);
      expect(plan?.needs_followup).toBeUndefined();
      if (plan?.state === 'complete') expect(plan.gate?.checks[CHECK]).toMatchObject({ status: 'passed' });
      else {
        expect(plan?.state).toBe('in_progress');
        gitIn(project.worktree('01'), 'clean', '-qf');
        project.mustIn(project.worktree('01'), 'plan', 'done', '01-01');
      }
      await session(project).stop();
      const told = waitingFor(project, 'coordinator').filter(
        (one) => one.metadata['event'] === 'plan_complete',
      );
      expect(told).toHaveLength(1);
      expect(told[0]?.metadata['quality_gates']).toMatchObject({ [CHECK]: { status: 'passed' } });
      expect(repeated(waitingFor(project, 'coordinator').map((one) => one.id))).toEqual([]);
    },
  );
  expect(kills).toBeGreaterThan(5);
});

test('a completion by hand without proof: taken back, whatever the kill, and nobody is told that it was complete', async () => {
  const kills = await eachKill(
    await labs((project) =>
      editStatus(project, '01', (text) => text.replace('state: in_progress', 'state: complete')),
    ),
    (project) => {
      const payload = session(project).payload('Stop', { stop_hook_active: false });
      return hook(project, 'session', payload, session(project).env);
    },
    async (project) => {
      await session(project).stop();
      expect(statusOf(project, '01').plans[0]).toMatchObject({ state: 'in_progress', needs_followup: {} });
      // Beside it: a change of STATUS.md that no tool of the session made.
      const events = waitingFor(project, 'coordinator').map((one) => one.metadata['event']);
      expect(events.filter((event) => event !== undefined)).toEqual(['plan_started']);
      expect(statusOf(project, '01').milestones.map((one) => one.event)).toEqual(['phase_started']);
    },
  );
  expect(kills).toBeGreaterThan(5);
});
