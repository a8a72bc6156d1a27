/**
 * Each file of coord's own, after whatever may have become of it: what only looks tells of it or goes on without it, and
 * never ends by a bug.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../kit/long.ts';
import { runLoop } from '../kit/loop.ts';
import { anyMutation } from '../kit/mutations.ts';
import { bareEnvironment, gitIn, Project, scripts } from '../kit/project.ts';

const SEED = Number(process.env['COORD_SEED'] ?? 20261121);

/** A project in which something of each kind lies. */
function lived(): Project {
  const project = Project.started('01', '02');
  const { home } = project;
  const one = project.worktree('01');
  project.must('config', 'set', 'validation', '["git --version"]');
  project.must('todo', 'add', 'Something');
  project.must('criteria', 'add', '01', 'It works');
  project.must('milestone', 'add', 'M1', 'First');
  project.must('send', '01', 'question', 'How?');
  project.mustIn(one, 'send', 'coordinator', 'question', 'What?');
  project.mustIn(one, 'send', '02', 'question', 'You?');
  project.mustIn(one, 'plan', 'start', '01-01');
  project.mustIn(one, 'blocker', 'raise', 'It is dark');
  project.mustIn(one, 'lock', 'src/a.ts');
  writeFileSync(join(one, 'a.ts'), 'a\n');
  gitIn(one, 'add', '-A');
  gitIn(one, 'commit', '-qm', '01-01: a');
  project.coord(['run', '--', 'git', '--version'], { cwd: one });
  project.mustIn(one, 'plan', 'complete', '01-01');
  project.coord(['merge', 'add'], { cwd: one });
  project.mustIn(project.worktree('02'), 'cycle', 'new', 'Build it');
  project.must(
    'decide',
    'T',
    ...['--context', 'c', '--decision', 'd', '--alternative', 'a: b', '--consequence', 'e'],
  );
  project.must('ticket', 'new', 'tt', 'A ticket');
  project.hook('session', {
    hook_event_name: 'SessionStart',
    session_id: 's1',
    cwd: home,
    source: 'startup',
  });
  return project;
}

const LOOKS = [
  ...['status', 'doctor', 'resume', 'locks', 'inbox', 'merge status', 'merge radar', 'health', 'chat list'],
  ...['phase list', 'todo list', 'criteria list', 'milestone list', 'decisions', 'ticket list', 'cycle list'],
  ...[
    'plan list',
    'task list',
    'blocker list',
    'cycle show',
    'approvals',
    'dead list',
    'config get',
    'cycle next',
  ],
];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile() && !file.includes('/roster/good/'));
}

interface Answer {
  readonly runs: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly faults: readonly { why: string; call: string }[];
}

function loop(project: Project, calls: readonly object[]): Promise<Answer> {
  return runLoop({
    name: 'cli-loop.cjs',
    bundle: join(scripts, 'coord.cjs'),
    file: join(project.outside('calls'), 'calls.ndjson'),
    inputs: calls,
    env: bareEnvironment(),
    cwd: project.home,
  });
}

const COUNT = isLong ? 3_000 : 150;

test(`${COUNT} looks`, { timeout: (isLong ? 60 : 5) * 60_000 }, async () => {
  const project = lived();
  const kinds = [
    '.coordination/roster',
    '.coordination/leases',
    '.coordination/inbox',
    '.coordination/outbox',
  ];
  const more = [
    '.coordination/queue',
    '.coordination/evidence',
    '.coordination/decisions',
    '.coordination/chats',
  ];
  const folders = [...kinds, ...more, '.coordination/log', '.planning', '.workflow', '.claude/coord.md'];
  const files = folders.flatMap((name) =>
    statSync(project.path(name), { throwIfNoEntry: false })?.isDirectory()
      ? filesBelow(project.path(name))
      : [],
  );
  files.push(
    project.path('.coordination/messages.jsonl'),
    project.path('.claude/coord.md'),
    project.path('DECISIONS.md'),
    project.statusFile('01'),
  );
  const standings = [project.home, project.worktree('01'), project.worktree('02')];
  const call = fc.constantFrom(...files).chain((path) =>
    fc.record({
      command: fc.constantFrom(...LOOKS),
      args: fc.constantFrom([], ['--json']),
      cwd: fc.constantFrom(...standings),
      session: fc.constantFrom(null, null, 's1'),
      file: fc.record({ path: fc.constant(path), text: anyMutation(readFileSync(path, 'utf8')) }),
    }),
  );
  const answer = await loop(project, fc.sample(call, { numRuns: COUNT, seed: SEED }));
  expect(answer.faults.map(({ why, call: of }) => `${why}\n${of.slice(0, 700)}`)).toEqual([]);
  expect(answer.runs).toBe(COUNT);
  expect(answer.codes['0']).toBeGreaterThan(COUNT / 5);
  project.dispose();
});
