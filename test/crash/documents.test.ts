/** `phase add`, `init` and `config set`, killed at any call: a file is as it was or as it should be, and doing it again does it. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { changePlan } from '../../src/usecases/change-status.ts';
import { waitingFor } from '../kit/mail.ts';
import { Project } from '../kit/project.ts';
import { started, stateOf, value, worker } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { cli, eachKill, hook, type Lab, twoLabs } from './fixtures/lab.ts';

const made: Lab[] = [];

function labs(prepare: (project: Project) => void): Lab[] {
  const project = new Project();
  prepare(project);
  return labsOf(project);
}

function labsOf(project: Project): Lab[] {
  const two = twoLabs(project);
  made.push(...two);
  return two;
}
afterAll(() => {
  for (const lab of made) lab.dispose();
});

const NOTES = '\n## Notes of a person\n\n* kept   as it *is*\n';

test('STATE.md is whole at every moment, and a person’s section survives', async () => {
  await eachKill(
    labs((project) => {
      project.must('init');
      project.must('phase', 'add', '01', 'First');
      project.write('.planning/STATE.md', project.read('.planning/STATE.md') + NOTES);
    }),
    (project) => cli(project, ['phase', 'add', '02', 'Second', '--json']),
    async (project, ended) => {
      const text = project.read('.planning/STATE.md');
      expect(text).toContain(NOTES);
      const before = await project.coordLater(['status', '--json']);
      const { phases, revision } = JSON.parse(before.stdout) as {
        phases: { id: string }[];
        revision: number;
      };
      const isThere = phases.length === 2;
      expect(revision).toBe(isThere ? 2 : 1);
      if (ended.stdout.endsWith('}\n')) expect(isThere).toBe(true);
      const again = await project.coordLater(['phase', 'add', '02', 'Second', '--json']);
      expect(again.code).toBe(isThere ? 1 : 0);
      expect(project.read('.planning/STATE.md')).toContain(NOTES);
      const doctor = await project.coordLater(['doctor', '--json']);
      expect(JSON.parse(doctor.stdout)).toEqual({ findings: [] });
    },
  );
});

test('init that was killed is completed by the next one, and hooks are silent until then', async () => {
  await eachKill(
    labs((project) => project.write('.gitignore', 'node_modules\n')),
    (project) => cli(project, ['init', '--json']),
    async (project) => {
      const isReady = existsSync(project.path('.coordination', 'roster'));
      const refusal = project.guardWrite(project.home, project.path('.planning/STATE.md'));
      expect(refusal).toBeUndefined();
      const mail = project.guardWrite(project.home, project.path('.coordination/inbox/coordinator/x.json'));
      expect(mail !== undefined).toBe(isReady);
      const again = await project.coordLater(['init', '--json']);
      expect(again.code, again.stderr).toBe(0);
      expect(project.read('.gitignore').match(/^\.coordination\/$/gm)).toHaveLength(1);
      expect(project.read('.gitignore')).toMatch(/^node_modules\n/);
      expect(project.read('.claude/coord.md')).toContain('# events: milestones');
      expect(project.must('phase', 'add', '01', 'First')).toMatchObject({ worker: 'worker-01' });
      expect(JSON.parse((await project.coordLater(['doctor', '--json'])).stdout)).toEqual({ findings: [] });
    },
  );
});

test('a settings file is the old one or the new one, comments and all', async () => {
  await eachKill(
    labs((project) => {
      project.must('init');
      project.must('config', 'set', 'strict_wait', '7', '--local');
    }),
    (project) => cli(project, ['config', 'set', 'strict_blockers', 'true', '--json']),
    async (project, ended) => {
      const text = project.read('.claude/coord.md');
      expect(text).toMatch(/^strict_blockers: (?:true|false)$/m);
      expect(text).toContain('# events: milestones');
      if (ended.stdout.endsWith('}\n')) expect(text).toContain('strict_blockers: true');
      const got = await project.coordLater(['config', 'get', 'strict_blockers', '--json']);
      expect(JSON.parse(got.stdout)).toEqual({ strict_blockers: text.includes('strict_blockers: true') });
      expect(project.must('config', 'set', 'strict_blockers', 'true')).toMatchObject({ value: true });
      expect(project.must('config', 'get', 'strict_wait')).toEqual({ strict_wait: 7 });
      expect(readFileSync(project.path('.claude/coord.md'), 'utf8')).toContain('strict_blockers: true');
    },
  );
});

test('a phase whose closing was killed is closed by the next one, and its worker told once', async () => {
  await eachKill(
    labsOf(started('01')),
    (project) => cli(project, ['phase', 'close', '01', '--force', '--json']),
    async (project, ended) => {
      const again = await project.coordLater(['phase', 'close', '01', '--force', '--json']);
      if (again.code !== 0) expect(again.stdout).toContain('phase-not-active');
      if (ended.stdout.endsWith('}\n')) expect(again.code).toBe(1);
      expect(waitingFor(project, 'worker-01').map((envelope) => envelope.type)).toEqual(['verdict']);
      expect(worker(project, '01').kind).toBe('ended');
      const { phases, milestones } = stateOf(project);
      expect(phases[0]?.state).toBe('done');
      expect(milestones.map((milestone) => milestone.event)).toEqual(['phase_closed']);
    },
  );
});

test('a coordinator’s hook that was killed while it folded loses no transition, and tells each once', async () => {
  const planned = started('01');
  value(changePlan(worker(planned, '01'), '01-01', 'start'));
  value(changePlan(worker(planned, '01'), '01-02', 'fail', 'no network'));
  const boss = (project: Project) => new Session(project, { session: 'boss', cwd: project.home });
  await eachKill(
    labsOf(planned),
    (project) => {
      const session = boss(project);
      return hook(project, 'session', session.payload('UserPromptSubmit', { prompt: 'x' }), session.env);
    },
    async (project, ended) => {
      const session = boss(project);
      session.hear(ended.stdout);
      await session.prompt();
      await session.stop();
      await session.stop({ stop_hook_active: true });
      expect(session.shown).toHaveLength(2);
      expect(new Set(session.shown).size).toBe(2);
      const [phase] = stateOf(project).phases;
      expect(phase?.plans.map((plan) => plan.state)).toEqual(['in_progress', 'failed']);
      expect(waitingFor(project, 'coordinator')).toEqual([]);
    },
  );
});
