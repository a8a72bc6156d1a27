/** A person at a terminal, told from a session that hides: on each system as it tells of its processes. */
import { afterEach, describe, expect, test } from 'vitest';
import { markOf } from '../../src/storage/light/process.ts';
import { writeSession } from '../../src/storage/light/roster.ts';
import { type Ancestor, processesAround } from '../../src/storage/process-table.ts';
import { isTerminal } from '../../src/usecases/judge-terminal.ts';
import type { Project } from '../kit/project.ts';
import { coordinated } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

/** A session whose client has this number; its start is known on Linux alone. */
function session(pid: number, startedAt = new Date(), started: string | null = null): void {
  writeSession(project.home, {
    session: 'lead',
    agent: null,
    place: null,
    root: project.home,
    startedAt: startedAt.toISOString(),
    process: { pid, started },
    attended: true,
    transcript: null,
  });
}

const operator = () => ({ home: project.home, kind: 'operator' as const });
const above = (...around: Ancestor[]) => ({ env: {}, around: () => around });
const SECOND = 1_000;

describe('by the processes above it', () => {
  test('what runs below a client is none; the same number for a later process is', () => {
    project = coordinated();
    session(4_242, new Date(Date.now() - 60 * SECOND));
    expect(isTerminal(operator(), above({ pid: 4_242, started: null, ageMs: 90 * SECOND }))).toBe(false);
    expect(isTerminal(operator(), above({ pid: 4_242, started: null, ageMs: 61 * SECOND }))).toBe(false);
    expect(isTerminal(operator(), above({ pid: 4_242, started: null, ageMs: 20 * SECOND }))).toBe(true);
    expect(isTerminal(operator(), above({ pid: 1, started: null, ageMs: 90 * SECOND }))).toBe(true);
    expect(isTerminal(operator(), { env: {}, around: () => undefined })).toBe(true);
    expect(isTerminal({ ...operator(), kind: 'coordinator' }, above())).toBe(false);
  });

  test('with marks, by the marks', () => {
    project = coordinated();
    session(4_242, new Date(), 'boot.ns.1');
    expect(isTerminal(operator(), above({ pid: 4_242, started: 'boot.ns.1', ageMs: null }))).toBe(false);
    expect(isTerminal(operator(), above({ pid: 4_242, started: 'boot.ns.2', ageMs: null }))).toBe(true);
  });
});

test.each([
  'CLAUDECODE',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_CHILD_SESSION',
  'AI_AGENT',
  'GEMINI_CLI',
  'CODEX_SANDBOX',
])('with %s in its environment it is an agent’s', (name) => {
  project = coordinated();
  const around = () => [];
  expect(isTerminal(operator(), { env: { [name]: '1' }, around })).toBe(false);
  expect(isTerminal(operator(), { env: { [name]: '' }, around })).toBe(true);
});

describe('the list of processes', () => {
  const ps =
    '    1     0 10-02:03:04\n  300     1 01:00:05\n  400   300    07:09\nnonsense\n  500   400    00:00\n';

  test('of macOS and its like', () => {
    const asked: string[] = [];
    const list = (program: string, args: readonly string[]) => {
      asked.push([program, ...args].join(' '));
      return ps;
    };
    expect(processesAround(500, 'darwin', list)).toEqual([
      { pid: 400, started: null, ageMs: 429 * SECOND },
      { pid: 300, started: null, ageMs: 3_605 * SECOND },
      { pid: 1, started: null, ageMs: (10 * 86_400 + 2 * 3_600 + 3 * 60 + 4) * SECOND },
    ]);
    expect(asked).toEqual(['ps -A -o pid=,ppid=,etime=']);
    expect(processesAround(77, 'darwin', list)).toBeUndefined();
  });

  test('of Windows: seconds, line ends of its own, a parent that is gone', () => {
    const list = () => '4 0 100\r\n12 99 30\r\n500 12 2\r\n';
    expect(processesAround(500, 'win32', list)).toEqual([{ pid: 12, started: null, ageMs: 30 * SECOND }]);
    expect(processesAround(500, 'win32', () => '')).toBeUndefined();
  });

  test('of a circle, which ends', () => {
    expect(processesAround(5, 'darwin', () => '5 6 00:01\n6 7 00:01\n7 6 00:01\n')?.length).toBeLessThan(100);
  });

  test.runIf(process.platform !== 'win32')('is what this system really prints, parents and all', () => {
    const found = processesAround(process.pid, 'darwin') ?? [];
    expect(found[0]).toMatchObject({ pid: process.ppid, started: null });
    expect(found[0]?.ageMs).toBeGreaterThanOrEqual(0);
    const known = processesAround(process.pid, 'linux') ?? [];
    expect(found.map((one) => one.pid)).toEqual(known.map((one) => one.pid));
  });

  test.runIf(process.platform === 'linux')('a client found by it is found', () => {
    project = coordinated();
    session(process.ppid, new Date(), markOf(process.ppid).started);
    expect(isTerminal(operator(), { env: {}, around: () => processesAround(process.pid) })).toBe(false);
    session(process.ppid);
    expect(isTerminal(operator(), { env: {}, around: () => processesAround(process.pid, 'darwin') })).toBe(
      false,
    );
  });
});
