/** The merge queue as people and scripts meet it: the whole way of a phase, by the command line alone. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitIn, Project } from '../kit/project.ts';
import { firstInLine } from '../kit/queue.ts';

let project: Project;

beforeEach(() => {
  project = Project.like('merge cli', (one) => {
    one.must('init');
    one.must('config', 'set', 'validation', '["node check.cjs"]');
    one.write(
      'check.cjs',
      "console.log('looked'); process.exit(require('node:fs').existsSync('bad') ? 1 : 0);\n",
    );
    one.git('add', '-A');
    one.git('commit', '-qm', 'Set up');
    one.startPhase('01');
    one.startPhase('02');
  });
});
afterEach(() => project.dispose());

function work(id: string, file: string, text = 'x\n'): void {
  const root = project.worktree(id);
  writeFileSync(join(root, file), text);
  gitIn(root, 'add', file);
  gitIn(root, 'commit', '-qm', `${id}-01 ${id}-02: ${file}`);
}

function finish(id: string): void {
  const root = project.worktree(id);
  for (const plan of [`${id}-01`, `${id}-02`]) project.mustIn(root, 'plan', 'start', plan);
  work(id, `${id}.txt`);
  expect(project.coord(['run', '--', 'node', 'check.cjs'], { cwd: root }).code).toBe(0);
  for (const plan of [`${id}-01`, `${id}-02`]) project.mustIn(root, 'plan', 'complete', plan);
}

test('a phase from its start to main: worked, proven, queued, landed, closed and cleaned up', () => {
  finish('01');
  const tip = gitIn(project.worktree('01'), 'rev-parse', 'HEAD').trim();
  expect(project.mustIn(project.worktree('01'), 'merge', 'add')).toEqual(firstInLine(tip));
  expect(project.must('merge', 'status')).toMatchObject({
    target: 'main',
    turn: null,
    running: null,
    landing: [],
    entries: [{ entry: '01.1', state: 'queued', position: 1, tries: 0, history: [] }],
  });
  const ran = project.coord(['merge', 'run', '--json']);
  expect([ran.code, JSON.parse(ran.stdout)]).toEqual([
    0,
    {
      landed: [{ entry: '01.1', phase: '01', commit: tip, closed: true, kept: null }],
      rejected: [],
      left: [],
      resumed: null,
      target: 'main',
      commit: tip,
      proven: true,
      validations: 1,
      checkouts: [],
      cleaned: [],
      aside: [],
    },
  ]);
  expect(ran.stderr).toContain('[1] $ node check.cjs');
  expect(project.read('01.txt')).toBe('x\n');
  expect([existsSync(project.worktree('01')), project.git('branch', '--list', 'coord/01*')]).toEqual([
    false,
    '',
  ]);
  expect(project.must('status')).toMatchObject({
    phases: [
      { id: '01', state: 'done' },
      { id: '02', state: 'active' },
    ],
  });
  expect(project.read('.coordination/messages.jsonl')).toMatch(/"type":"verdict".*"verdict":"accept"/);
  expect(project.must('doctor')).toEqual({ findings: [] });
  const status = project.coord(['merge', 'status']).stdout;
  expect(status).toMatch(/^- {3}01\.1 landed as [0-9a-f]{12} /);
});

test('a rejection is told with its log and the next commands, mended, and lands', () => {
  const root = project.worktree('02');
  work('02', 'bad');
  expect(project.coord(['merge', 'add', '02', '--waive', 'evidence']).stdout).toContain('position 1');
  const ran = project.coord(['merge', 'run']);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(
    /^rejected {2}phase 02 \(try 1\): `node check\.cjs` failed \(exit 1\) \[(\.coordination\S+\.log)\]; its worker was told$/m,
  );
  const log = /\[(\.coordination\S+\.log)\]/.exec(ran.stdout)?.[1] ?? '';
  expect(readFileSync(project.path(log), 'utf8')).toContain('looked');
  const { messages } = project.mustIn<{ messages: { type: string; content: string }[] }>(root, 'inbox');
  expect(messages).toMatchObject([
    { type: 'verdict', from: 'coordinator', metadata: { verdict: 'reject', log } },
  ]);
  expect(project.coord(['merge', 'status', '02']).stdout).toMatch(
    /rejected .*1 of 3 tries[\s\S]*red: .*\n {4}log: [\s\S]*\| looked/,
  );
  gitIn(root, 'mv', 'bad', 'good.txt');
  gitIn(root, 'commit', '-qm', 'Mend it');
  expect(project.coord(['run', '--', 'node', 'check.cjs'], { cwd: root }).code).toBe(0);
  expect(project.mustIn(root, 'merge', 'retry', '02')).toMatchObject({ entry: '02.1', state: 'queued' });
  expect(project.must('merge', 'run')).toMatchObject({ landed: [{ phase: '02', closed: false }] });
});

test('who may do what, and what is asked wrongly', () => {
  const root = project.worktree('01');
  const said = (args: string[], cwd = project.home) => {
    const { code, stdout } = project.coord([...args, '--json'], { cwd });
    return [code, (JSON.parse(stdout || '{}') as { error?: { code: string } }).error?.code];
  };
  expect(said(['merge', 'run'], root)).toEqual([1, 'not-coordinator']);
  expect(said(['merge', 'cancel', '09'])).toEqual([1, 'entry-unknown']);
  expect(said(['merge', 'retry', '01'], root)).toEqual([1, 'entry-unknown']);
  expect(said(['merge', 'status', '09'])).toEqual([1, 'entry-unknown']);
  expect(project.coord(['merge', 'retry', '01', '--waive', 'dirty']).code).toBe(64);
  expect(project.coord(['merge', 'run', 'now']).code).toBe(64);
  expect(project.coord(['merge']).stdout + project.coord(['merge']).stderr).toContain('coord merge run');
  expect(project.coord(['merge', 'run']).stdout).toContain('nothing waits');
  expect(project.coord(['merge', 'status']).stdout).toContain('the merge queue is empty');
});

test('a step that needs a person’s leave waits for it', () => {
  finish('01');
  project.mustIn(project.worktree('01'), 'merge', 'add');
  project.must('config', 'set', 'approvals', '["merge_run"]');
  const env = { CLAUDE_CODE_SESSION_ID: 'lead' };
  const refused = project.coord(['merge', 'run', '--json'], { env });
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('approval-needed')]);
  expect(project.must('merge', 'status')).toMatchObject({ entries: [{ state: 'queued', tries: 0 }] });
  expect(project.must('merge', 'run')).toMatchObject({ landed: [{ phase: '01' }] });
});
