/** `coord health`: calm, degraded, what helps next; the status's line; and what really happens is what is counted. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../src/domain/counter.ts';
import type { SettingKey } from '../../src/domain/settings.ts';
import { count } from '../../src/storage/light/counters.ts';
import { noteAct } from '../../src/storage/light/journal.ts';
import { writeSession } from '../../src/storage/light/roster.ts';
import { writeSetting } from '../../src/storage/settings.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';

let project: Project;
beforeAll(() => {
  project = started('01');
});
afterAll(() => project.dispose());
beforeEach(() => {
  rmSync(project.path('.coordination/log'), { recursive: true, force: true });
});

interface Health {
  calm: boolean;
  triggers: {
    code: string;
    fired: boolean;
    measured: number | null;
    limit: number;
    of: number;
    day: string;
  }[];
  mitigations: { step: number; code: string; in_force: boolean; next: boolean; commands: string[] }[];
  active_agents: number;
  pass_percent: number | null;
  days: Record<string, number | string>[];
  waited_for: { what: string; waits: number; waited_ms: number }[];
  failures: Record<string, unknown>[];
}

function health(...args: string[]): { code: number | null; json: Health } {
  const run = project.coord(['health', '--json', ...args]);
  return { code: run.code, json: JSON.parse(run.stdout) as Health };
}

const set = (key: SettingKey, to: unknown) => void writeSetting(project.home, key, to);
const statusLine = () =>
  project
    .coord(['status'])
    .stdout.split('\n')
    .filter((line) => line.startsWith('Coordination degrades'));

describe('coord health', () => {
  test('is calm where nothing was counted: exit code 0, and nothing is said of it in the status', () => {
    const { code, json } = health();
    expect(code).toBe(0);
    expect(json).toMatchObject({ calm: true, waited_for: [], failures: [], pass_percent: null });
    expect(json.days).toHaveLength(1);
    expect(json.days[0]).toMatchObject({
      lock_tries: 0,
      mutex_wait_max_ms: 0,
      refusals: 0,
      failures_shared: 0,
    });
    expect(json.mitigations.every(({ next }) => !next)).toBe(true);
    expect(project.coord(['health']).stdout).toContain('Calm: nothing needs to be changed.');
    expect(statusLine()).toEqual([]);
  });

  test('that degrades exits with 1, names what fired and what helps, in order, with what is in force', () => {
    count(project.home, 'lock_tries', 300);
    count(project.home, 'lock_waits', 21);
    for (const waited_ms of [4_000, 9_000])
      noteAct(
        project.home,
        {
          act: 'lock-wait',
          actor: 'agent-a',
          waited_ms,
          ended: 'refused',
          paths: ['src/a.ts\u001b[2J'],
          holders: ['x'],
        },
        Date.now(),
      );
    count(project.home, 'failures_shared', 2);
    noteAct(
      project.home,
      { act: 'plan-failed', actor: 'worker-01', plan: '01-01', reason: 'another agent', shared: ['words'] },
      Date.now(),
    );
    writeFileSync(
      project.path('.coordination/log/counters', new Date().toISOString().slice(0, 10), 'junk'),
      '\u0000',
    );
    const { code, json } = health();
    expect(code).toBe(1);
    expect(
      json.triggers
        .filter(({ fired }) => fired)
        .map(({ code: name, measured, limit, of }) => [name, measured, limit, of]),
    ).toEqual([
      ['lock-wait-rate', 7, 5, 300],
      ['lock-waits-a-day', 21, 20, 300],
      ['failures-shared', 2, 1, 0],
    ]);
    expect(json.waited_for).toMatchObject([{ waits: 2, waited_ms: 13_000 }]);
    expect(json.failures).toMatchObject([{ act: 'plan-failed', plan: '01-01' }]);
    expect(json.mitigations).toMatchObject([
      {
        step: 1,
        code: 'sequential',
        in_force: false,
        next: true,
        commands: ['coord config set sequential true'],
      },
      {
        step: 2,
        code: 'strict-gate',
        in_force: false,
        next: false,
        commands: [`coord config set validation '["npm test"]'`, 'coord config set gate strict'],
      },
      { step: 3, code: 'worktrees', in_force: true, next: false },
      { step: 4, code: 'isolation', in_force: false, next: false },
    ]);
    const text = project.coord(['health']).stdout;
    expect(text).toContain('FIRED more than 20 waits for a lock in a day: 21');
    expect(text).toContain('1. one writer at a time (NEXT): `coord config set sequential true`');
    expect(text).toContain('3. a worktree for each agent, and a merge queue (in force)');
    expect(text).not.toContain('\u001b');
    expect(statusLine()).toEqual([
      'Coordination degrades (lock-wait-rate, lock-waits-a-day, failures-shared): what was counted and what helps: `coord health`',
    ]);
    expect(project.must<{ health: string[] }>('status').health).toHaveLength(3);
    set('sequential', true);
    set('validation', ['npm test']);
    set('gate', 'strict');
    expect(health().json.mitigations.find(({ next }) => next)?.code).toBe('isolation');
    set('sequential', false);
    set('gate', 'on');
    set('validation', []);
  });

  test('looks back over days; a day that is over is told by it', () => {
    count(project.home, 'lock_waits', 25, Date.now() - 30 * HOUR_MS);
    count(project.home, 'lock_tries', 999, Date.now() - 30 * HOUR_MS);
    expect(health().code).toBe(0);
    const { code, json } = health('--days', '7');
    expect([code, json.days.length, json.days[1]?.['lock_waits']]).toEqual([1, 7, 25]);
    for (const days of ['0', '31']) expect(project.coord(['health', `--days=${days}`]).code).toBe(64);
  });

  test('counts who is at work, and judges four with a falling pass rate', () => {
    for (const session of ['a', 'b', 'c', 'd'])
      writeSession(project.home, {
        session,
        agent: null,
        place: null,
        root: project.home,
        startedAt: '',
        process: null,
        attended: false,
        transcript: null,
      });
    count(project.home, 'validations_failed', 9);
    count(project.home, 'validations_passed', 11);
    const { code, json } = health();
    expect([code, json.active_agents, json.pass_percent]).toEqual([1, 4, 55]);
    expect(json.triggers.find(({ fired }) => fired)?.code).toBe('many-agents-unstable');
  });

  test('counters that cannot be read break neither it nor the status', () => {
    mkdirSync(project.path('.coordination/log'));
    writeFileSync(project.path('.coordination/log/counters'), 'a file');
    expect([health().code, project.coord(['status']).code]).toEqual([0, 0]);
  });
});

describe('what really happens', () => {
  test('a refusal of the guard, a lock that another has, a validation that fails on a shared port', () => {
    const day = () => health().json.days[0] ?? {};
    expect(project.guardWrite(project.worktree('01'), project.path('.planning/STATE.md'))).toContain(
      'Refused',
    );
    expect(project.guardWrite(project.worktree('01'), `${project.worktree('01')}/a.ts`)).toBeUndefined();
    expect(day()).toMatchObject({ refusals: 1, lock_tries: 0 });
    // Each in a shell of its own, so in the name of another holder.
    project.must('lock', 'a.ts');
    const mine = { env: { CLAUDE_CODE_SESSION_ID: 'd' } };
    expect(project.coord(['lock', 'a.ts'], mine).code).toBe(1);
    expect(day()).toMatchObject({ lock_tries: 2, lock_waits: 1 });
    const command = 'node -e "console.error(\'EADDRINUSE\');process.exit(1)"';
    set('validation', [command]);
    const argv = ['run', '--', 'node', '-e', "console.error('EADDRINUSE');process.exit(1)"];
    expect(project.coord(argv, { cwd: project.worktree('01') }).code).toBe(1);
    expect(day()).toMatchObject({ validations_failed: 1, validations_passed: 0, failures_shared: 1 });
    expect(health().json.failures).toMatchObject([
      {
        act: 'validation',
        actor: 'worker-01',
        exit: 1,
        shared: ['words'],
        command,
        log: expect.stringContaining('.log'),
      },
    ]);
  });
});
