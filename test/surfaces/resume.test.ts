/** What a session is told when it comes, and what is left for the one after it. */

import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { estimateTokens } from '../../src/domain/brief-lines.ts';
import { printEntry, sealEntry } from '../../src/domain/decision-log.ts';
import { hashOf } from '../../src/storage/decision-files.ts';
import { parseTreeState } from '../../src/storage/tree-state.ts';
import { changeAgenda } from '../../src/usecases/change-agenda.ts';
import { bareEnvironment, type HookPayload, type Project, scripts } from '../kit/project.ts';
import { coordinated, started, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

const payload = (event: string, cwd: string, more: object = {}): HookPayload => {
  return { hook_event_name: event, session_id: 's1', cwd, transcript_path: '/tmp/s1.jsonl', ...more };
};
const start = (cwd: string, source = 'startup') =>
  project.hook('session', payload('SessionStart', cwd, { source })).context ?? '';

describe('the brief', () => {
  test('of a coordinator: the first P0 before all, blockers, phases, decisions, git', () => {
    project = started('01', '02');
    project.must('todo', 'add', 'Mend the parser', '--priority', 'P0');
    project.must('todo', 'add', 'Later');
    project.must('decide', 'Use SQLite', '--decision', 'yes');
    project.mustIn(project.worktree('02'), 'blocker', 'raise', 'which port?');
    const text = start(project.home);
    expect(text.indexOf('Next: P0 T1 Mend the parser')).toBeGreaterThan(0);
    expect(text.indexOf('Next: P0')).toBeLessThan(text.indexOf('OPEN BLOCKER 02/'));
    expect(text).toContain('- 01 Phase 01 (worker-01)');
    expect(text).toContain('worker-01 (phase 01) has no session');
    expect(text).toContain('TODO P1 T2 Later');
    expect(text).toContain('D3 Use SQLite');
    expect(text).toMatch(/git: main at [0-9a-f]{12}; \d+ file\(s\) not committed/);
  });

  test('of a worker: its plan, its step, git', () => {
    project = started('01');
    const cwd = project.worktree('01');
    project.mustIn(cwd, 'plan', 'start', '01-01');
    project.mustIn(cwd, 'task', 'add', 'Lexer');
    writeFileSync(`${cwd}/new.txt`, 'x');
    const text = start(cwd);
    expect(text).toMatch(/Next: plan 01-01 Plan 01, task \S+ Lexer\./);
    expect(text).toContain('git: coord/01-phase-01 at');
    expect(text).toContain('which step of plan 01-01 you are at');
  });

  test('has at most 2,000 tokens with 100 phases, 1,000 decisions and a full TODO, and the first P0 in it', () => {
    project = coordinated();
    const today = new Date().toISOString().slice(0, 10);
    const decision = {
      title: 'A decision with a rather long title, as they come',
      context: 'c',
      decision: 'd',
      alternatives: [],
      consequences: [],
      state: 'accepted' as const,
      supersedes: [],
    };
    const entries = Array.from({ length: 1_000 }, (_, at) => {
      const text = printEntry(decision, 1_000 - at, today);
      return sealEntry(text, 1_000 - at, hashOf(text));
    });
    project.write('DECISIONS.md', `# Log\n\n---\n\n${entries.join('')}`);
    const long = 'wörk that is described at length, in 日本語 as well as in English; '
      .repeat(5)
      .slice(0, 390);
    value(
      changeAgenda(project.home, (state) => ({
        ...state,
        phases: Array.from({ length: 100 }, (_, at) => ({
          id: `p${at}`,
          name: long.slice(0, 100),
          folder: `p${at}-x`,
          state: 'active' as const,
          worker: `worker-p${at}`,
          depends: [],
          scope: [],
          plans: [{ id: `p${at}-1`, title: long.slice(0, 100), state: 'in_progress' as const }],
          blockers: [{ id: 'B1', summary: long, state: 'open' as const, pointer: 'x', raised: today }],
        })),
        todo: Array.from({ length: 200 }, (_, at) => ({
          id: `T${at}`,
          priority: 'P0' as const,
          text: long,
          at: today,
        })),
        todo_last: 200,
      })),
    );
    const text = start(project.home);
    expect(estimateTokens(text)).toBeLessThanOrEqual(2_000);
    expect(text).toContain('Next: P0 T0');
    expect(text).toContain('lines left out: `coord resume`');
  });
});

describe('a compaction', () => {
  test('leaves a checkpoint; the session that goes on is told where it was and asked for what is not written', () => {
    project = started('01');
    const cwd = project.worktree('01');
    start(cwd);
    project.mustIn(cwd, 'plan', 'start', '01-02');
    writeFileSync(`${cwd}/half.txt`, 'x');
    expect(
      project.hook('session', payload('PreCompact', cwd, { trigger: 'auto', custom_instructions: null }))
        .stdout,
    ).toBe('');
    const text = start(cwd, 'compact');
    expect(text).toMatch(
      /Your context was compacted at \S+\. You were at plan 01-02 Plan 02\. What was said before stands in \/tmp\/s1\.jsonl\./,
    );
    expect(text).toContain('only you know it: which step of plan 01-02 you are at');
    expect(text).toContain('1 file(s) are not committed (half.txt)');
    // Another start is no compaction.
    expect(start(cwd, 'resume')).not.toContain('compacted');
  });
});

describe('handing over', () => {
  const failing = () => {
    const run = project.coord(['handoff', '--json']);
    const json = JSON.parse(run.stdout) as {
      checklist: { item: string; ok: boolean }[];
      ready: boolean;
      committed: string | null;
    };
    return { code: run.code, json, open: json.checklist.filter((item) => !item.ok).length };
  };

  test('names what is missing; with it done, it is ready, and the documents alone are committed', () => {
    project = started('01');
    project.write('mine.txt', 'not yours to commit\n');
    project.git('add', 'mine.txt');
    const before = failing();
    expect(before.code).toBe(1);
    expect(before.open).toBeGreaterThan(0);
    const text = project.coord(['handoff', '--no-commit']).stdout;
    for (const title of [
      '1. Phase and milestone',
      '2. Current deliverable',
      '3. Progress and tests',
      '4. Workers',
      '5. Blockers',
      '6. Decisions',
      '7. Next actions',
    ])
      expect(text).toContain(`## ${title}`);
    // As a reader who does what it says, with something in the place of each <…>.
    project.must('todo', 'add', 'Write the parser', '--priority', 'P0');
    project.must('criteria', 'add', '01', 'parses everything');
    project.write('check.cjs', 'console.log("# pass 3\\n# fail 0");\n');
    project.must('config', 'set', 'validation', '["node check.cjs"]');
    expect(project.coord(['run', '--', 'node', 'check.cjs']).code).toBe(0);
    const after = failing();
    expect(after).toMatchObject({ code: 0, open: 0, json: { ready: true } });
    expect(stateOf(project).tests).toMatchObject({ passed: 3, failed: 0 });
    const names = project.git('show', '--name-only', '--format=', 'HEAD').trim().split('\n');
    expect(names).toContain('.planning/STATE.md');
    expect(names).not.toContain('mine.txt');
    expect(project.git('diff', '--cached', '--name-only').trim()).toBe('mine.txt');
    // Nothing is left to commit.
    expect(failing().json.committed).toBeNull();
  });

  test('a worker does not hand the project over', () => {
    project = started('01');
    expect(project.coord(['handoff'], { cwd: project.worktree('01') })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('only the coordinator'),
    });
  });

  test('a commit hook that refuses is told, and what was to be committed is there as it was', () => {
    project = started('01');
    project.write('.git/hooks/pre-commit', '#!/bin/sh\necho not today >&2\nexit 1\n');
    chmodSync(project.path('.git', 'hooks', 'pre-commit'), 0o755);
    const before = project.read('.planning/STATE.md');
    expect(project.coord(['handoff'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not today'),
    });
    expect(project.read('.planning/STATE.md')).toBe(before);
  });
});

test('resuming tells all of it, and runs the smoke test', () => {
  project = started('01');
  project.must('todo', 'add', 'Write the parser', '--priority', 'P0');
  const text = project.coord(['resume']).stdout;
  expect(text).toContain('Next: P0 T1');
  expect(text).toContain('## 7. Next actions');
  expect(project.coord(['resume', '--smoke']).stdout).toContain('coord config set smoke_test');
  project.must('config', 'set', 'smoke_test', 'node -e "process.exit(3)"');
  expect(project.coord(['resume', '--smoke'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('FAILED'),
  });
  project.must('config', 'set', 'smoke_test', 'node --version');
  expect(project.coord(['resume', '--smoke'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('passed'),
  });
  expect(project.coord(['resume'], { cwd: project.worktree('01') }).stdout).toContain('You are worker-01');
});

test('a smoke test goes on though nobody reads what it prints', () => {
  project = started('01');
  project.must('config', 'set', 'smoke_test', 'node -e "console.log(String(9).repeat(300000))"');
  const script = `{ '${process.execPath}' '${join(scripts, 'coord.cjs')}' resume --smoke 2>&1 >told; echo $? >code; } | true`;
  spawnSync('sh', ['-c', script], { cwd: project.home, env: bareEnvironment() });
  expect([project.read('code'), project.read('told')]).toEqual(['0\n', expect.stringContaining('passed')]);
});

test.each([
  [
    'a clean branch',
    '# branch.oid abc\0# branch.head main\0# branch.upstream origin/main\0# branch.ab +2 -1\0',
    { branch: 'main', ahead: 2, behind: 1, changedCount: 0 },
  ],
  [
    "coord's own documents, in folders that git does not know too",
    '# branch.head m\x001 .M N... 1 2 3 a b .planning/STATE.md\0? .planning/phases/\0? .planning/phases/01-x/\0? docs/history/\0? docs/\0',
    { changed: ['docs/'], changedCount: 1, documentsCount: 4 },
  ],
  [
    'no commit, detached',
    '# branch.oid (initial)\0# branch.head (detached)\0',
    { branch: null, commit: null },
  ],
  [
    'files with blanks, one in conflict, a stash',
    '# branch.oid abc\0# branch.head m\0# stash 2\x001 .M N... 1 2 3 a b my file\0u UU N... 1 2 3 4 a b c both\0? new one\0',
    { changed: ['my file', 'both', 'new one'], stashes: 2 },
  ],
])('git status of %s', (_title, text, found) => expect(parseTreeState(text)).toMatchObject(found));
