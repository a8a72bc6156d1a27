/** AGENTS.md's rules where they bite: the pool, approvals that only a person lifts, reporting workers, tickets. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { markOf } from '../../src/storage/light/process.ts';
import { readWorkerRecord, writeSession } from '../../src/storage/light/roster.ts';
import { waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { addPhase, coordinated, started, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

/** A session of this very process, at work in a phase's worktree. */
function occupy(id: string): void {
  const record = readWorkerRecord(project.home, `worker-${id}`);
  writeSession(project.home, {
    session: `s-${id}`,
    agent: null,
    place: record?.place ?? null,
    root: project.worktree(id),
    startedAt: new Date().toISOString(),
    process: markOf(process.pid),
    attended: true,
    transcript: null,
  });
}

test('the pool refuses a worker too many; phases without a session take no place', () => {
  project = started('01', '02');
  project.must('config', 'set', 'pool', '["claude:1"]');
  value(addPhase(project, '03'));
  occupy('01');
  expect(project.coord(['phase', 'start', '03'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('worker-01'),
  });
  project.must('config', 'set', 'pool', '["claude:2"]');
  project.must('phase', 'start', '03');
  expect(project.coord(['config', 'set', 'pool', '["claude"]']).code).toBe(1);
});

test('overlapping scopes are refused before a worker starts, unless a person says so', () => {
  project = coordinated();
  value(addPhase(project, '01', { scope: ['src/api/**'] }));
  value(addPhase(project, '02', { scope: ['src/**/*.ts'] }));
  project.must('phase', 'start', '01');
  expect(project.coord(['phase', 'start', '02'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('coord phase scope 02'),
  });
  expect(existsSync(project.worktree('02'))).toBe(false);
  project.must('phase', 'start', '02', '--overlap');
});

describe('approvals', () => {
  const session = { CLAUDE_CODE_SESSION_ID: 'lead' };
  const lead = (...args: string[]) => project.coord(args, { env: session });

  test('a step of a session waits for a person, goes through once, and is told of', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    value(addPhase(project, '02'));
    project.must('config', 'set', 'approvals', '["phase_start"]');
    const asked = lead('phase', 'start', '01');
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('coord approve A1') });
    expect(lead('phase', 'start', '01').stderr).toContain('coord approve A1');
    expect(waitingFor(project, 'operator')).toHaveLength(1);
    expect(lead('approve', 'A1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('only a person'),
    });
    expect(existsSync(project.worktree('01'))).toBe(false);
    expect(project.coord(['approvals']).stdout).toContain('A1 phase start 01: asked');
    project.must('approve', 'A1');
    expect(
      waitingFor(project, 'coordinator')
        .map((one) => one.content)
        .join(),
    ).toContain('A1');
    expect(lead('phase', 'start', '01').code).toBe(0);
    expect(lead('phase', 'start', '02').stderr).toContain('coord approve A2');
    project.must('approve', 'A2', '--deny', '--note', 'not this week');
    expect(lead('phase', 'start', '02').stderr).toContain('not this week');
    expect(lead('phase', 'start', '02').stderr).toContain('coord approve A3');
    // A terminal is the person.
    project.must('phase', 'start', '02');
    expect(project.coord(['approve', 'A9'])).toMatchObject({ code: 1 });
    expect(project.coord(['approve', 'A1'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('used already'),
    });
  });

  test('no session gives it: neither in its shell, nor in PowerShell, nor without its name', () => {
    project = coordinated();
    const command = 'env -u CLAUDE_CODE_SESSION_ID coord approve A1';
    expect(project.guardBash(project.home, command)).toContain('a person at a terminal');
    const input = { command: '$env:CLAUDE_CODE_SESSION_ID = ""; coord approve A1' };
    const call = { cwd: project.home, session: 's', input };
    expect(project.guard({ ...call, tool: 'PowerShell' })).toContain('a person at a terminal');
    expect(project.guard({ ...call, tool: 'Monitor', input: { command } })).toContain(
      'a person at a terminal',
    );
    value(addPhase(project, '01'));
    project.must('config', 'set', 'approvals', '["phase_start"]');
    const hidden = { env: { CLAUDECODE: '1' } };
    expect(project.coord(['phase', 'start', '01'], hidden).stderr).toContain('coord approve A1');
    expect(project.coord(['approve', 'A1'], hidden).stderr).toContain('only a person');
    project.must('approve', 'A1');
  });

  test.runIf(process.platform === 'linux')(
    'a session that hides its name is known by the process above it',
    () => {
      project = coordinated();
      value(addPhase(project, '01'));
      project.must('config', 'set', 'approvals', '["phase_start"]');
      lead('phase', 'start', '01');
      // This process starts `coord`, so by this it is a client with a session.
      writeSession(project.home, {
        session: 'lead',
        agent: null,
        place: null,
        root: project.home,
        startedAt: new Date().toISOString(),
        process: markOf(process.pid),
        attended: true,
        transcript: null,
      });
      expect(project.coord(['approve', 'A1'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('only a person'),
      });
    },
  );
});

test('a reporting worker reads and hands in; what it writes is refused', () => {
  project = coordinated();
  project.must('phase', 'add', '01', 'Phase 01', '--plan', '01-01:Look', '--kind', 'reporting');
  project.must('phase', 'start', '01');
  const cwd = project.worktree('01');
  expect(project.guardWrite(cwd, join(cwd, 'src', 'a.ts'))).toContain('coord findings');
  expect(project.guardBash(cwd, 'echo x > notes.md')).toContain('reporting worker');
  expect(project.guardBash(cwd, 'grep -r x . | head')).toBeUndefined();
  expect(project.guardWrite(cwd, project.statusFile('01'))).toBeUndefined();
  for (const [file, why] of [
    ['/dev/zero', 'is no file'],
    ['nowhere', 'cannot be read (ENOENT)'],
    ['é'.repeat(300), 'cannot be read (ENAMETOOLONG)'],
  ] as const) {
    const { code, stderr } = project.coord(['findings', '--file', file], { cwd });
    expect([code, stderr.split('\n')[0]]).toEqual([64, expect.stringContaining(`${file} ${why}`)]);
  }
  const handed = project.mustIn(cwd, 'findings', 'The parser leaks.\nSee src/parser.ts:12.') as {
    file: string;
  };
  expect(readFileSync(join(project.home, handed.file), 'utf8')).toBe(
    'The parser leaks.\nSee src/parser.ts:12.\n',
  );
  expect(handed.file).toMatch(/^\.taskers\/runs\/\d{8}_\d{6}\/worker-01\.txt$/);
  const [told] = waitingFor(project, 'coordinator').filter((one) => one.type === 'completion');
  expect(told?.content).toContain(handed.file);
});

describe('tickets', () => {
  test('a template becomes a phase’s scope, forbidden files and criteria; the guard holds the worker to it', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    value(addPhase(project, '02'));
    project.must(
      'ticket',
      'new',
      'api',
      'The API',
      '--scope',
      'src/**',
      '--forbid',
      'src/ui/**',
      '--accept',
      'npm test',
    );
    project.must('ticket', 'new', 'ui', 'The UI', '--scope', 'src/ui/**');
    project.must('ticket', 'new', 'all', 'Everything', '--scope', 'src/**');
    expect(project.must('ticket', 'issue', 'api', '--phase', '01')).toMatchObject({
      worker: 'worker-01',
      file: '.taskers/tickets/worker-01.md',
    });
    expect(project.coord(['ticket', 'issue', 'all', '--phase', '02'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('one file could be both'),
    });
    project.must('ticket', 'issue', 'ui', '--phase', '02');
    expect(stateOf(project).criteria.map((one) => one.text)).toEqual(['`npm test` passes']);
    project.must('phase', 'start', '01');
    const cwd = project.worktree('01');
    expect(project.guardWrite(cwd, join(cwd, 'src', 'a.ts'))).toBeUndefined();
    expect(project.guardWrite(cwd, join(cwd, 'src', 'ui', 'a.ts'))).toContain('but not src/ui/**');
    // Issuing again adds nothing twice.
    project.must('ticket', 'issue', 'api', '--phase', '01');
    expect(stateOf(project).criteria).toHaveLength(1);
  });

  test('when .taskers/ is gone the tickets are made again, the same; a broken template is told with its line', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    project.must('ticket', 'new', 'api', 'The API', '--scope', 'src/**');
    project.must('ticket', 'issue', 'api', '--phase', '01');
    const ticket = project.read('.taskers/tickets/worker-01.md');
    rmSync(project.path('.taskers'), { recursive: true });
    expect(project.must('ticket', 'regenerate')['made']).toHaveLength(1);
    expect(project.read('.taskers/tickets/worker-01.md')).toBe(ticket);
    expect(project.must('ticket', 'regenerate')['made']).toEqual([]);
    project.write('docs/worker-ticket-templates/api.md', '---\ntitle: x\nscope: src\n---\n');
    expect(project.coord(['ticket', 'list']).stdout).toContain('docs/worker-ticket-templates/api.md line 3');
    project.write('docs/worker-ticket-templates/evil.md', '---js\n({title: process.exit(1)})\n---\n');
    expect(project.coord(['ticket', 'issue', 'evil', '--phase', '01'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('YAML'),
    });
    expect(project.coord(['ticket', 'issue', '../../x', '--phase', '01'])).toMatchObject({ code: 1 });
  });
});
