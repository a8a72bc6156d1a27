import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { QueueEntry } from '../../src/domain/queue-entry.ts';
import { viewConflict } from '../../src/domain/radar.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts';
import type { StatePhase } from '../../src/domain/state-document.ts';
import { printConflictsBriefly, printRadar } from '../../src/surfaces/wording/radar.ts';
import {
  glanceAtConflicts,
  IN_PASSING,
  PATIENT,
  watchConflicts,
} from '../../src/usecases/watch-conflicts.ts';
import { type Edit, importHistory, lines, type Made, textOf } from '../kit/histories.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { coordinated, refusal, started, value } from '../kit/scene.ts';

let project: Project;
const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
  project.dispose();
});

function commit(root: string, file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
  gitIn(root, 'add', '--', file);
  gitIn(root, 'commit', '-qm', 'Work');
}

const settings = DEFAULT_SETTINGS;
const write = (path: string, text: string): Edit => ({ do: 'write', path, text });
const nameOf = (n: number) => `${String(n + 1).padStart(2, '0')}-phase`;

function phaseOf(n: number): StatePhase {
  const folder = nameOf(n);
  const id = folder.slice(0, 2);
  const none = { depends: [], scope: [], plans: [], blockers: [] };
  return {
    id,
    name: folder,
    folder,
    state: 'active',
    worker: `worker-${id}`,
    branch: `coord/${folder}`,
    ...none,
  };
}

/** The target's edits, and of each phase's branch those of its commits. No worktree but the primary one. */
function setUp(target: Edit[], ...branches: Edit[][][]): StatePhase[] {
  const commits: Made[] = [
    {
      branch: 'main',
      parents: [],
      edits: [write('README.md', '# Scratch\n'), write('a', textOf(lines('a', 60)))],
    },
  ];
  for (const [n, steps] of branches.entries())
    for (const [at, edits] of steps.entries())
      commits.push({ branch: `coord/${nameOf(n)}`, parents: [at === 0 ? 0 : commits.length - 1], edits });
  if (target.length > 0) commits.push({ branch: 'main', parents: [0], edits: target });
  importHistory(project.home, commits);
  project.git('reset', '-q', '--hard');
  return branches.map((_, n) => phaseOf(n));
}

let phases: StatePhase[];
const look = (limits = PATIENT) => value(watchConflicts(project.home, limits, { phases, settings }));
const told = (limits = PATIENT) =>
  look(limits).conflicts.map((one) => {
    const { branches, files } = viewConflict(one);
    return `${branches.join(' × ')}: ${files.join(', ')}`;
  });
const answers = () => project.path('.coordination/queue/radar/answers.jsonl');

describe('the radar', () => {
  test('names who would conflict with the target and with each other, and in which files', () => {
    project = coordinated();
    const branches: Edit[][][] = [
      [[write('README.md', '# One\n')]],
      [[write('README.md', '# Two\n')], [write('src/new.ts', 'two\n')]],
      [[write('src/new.ts', 'three\n')]],
    ];
    phases = setUp([], ...branches);
    expect(told()).toEqual([
      'coord/01-phase × coord/02-phase: README.md',
      'coord/02-phase × coord/03-phase: src/new.ts',
    ]);
    setUp([write('README.md', '# Main\n')], ...branches);
    expect(told()).toEqual([
      'main × coord/01-phase: README.md',
      'main × coord/02-phase: README.md',
      'coord/02-phase × coord/03-phase: src/new.ts',
      'coord/01-phase × coord/02-phase: README.md',
    ]);
    const view = look();
    const text = printRadar(view, view.conflicts.map(viewConflict));
    expect(text).toContain('worker-01 (coord/01-phase) with main: README.md');
    expect(text).toContain('1 more between branches');
    expect(text).toContain('not committed yet is not seen');
  });

  test('looks at the branches of started phases, touches no worktree, index or ref, and does not see what is not committed', () => {
    project = started('01', '02');
    commit(project.worktree('01'), 'a.txt', 'one\n');
    commit(project.worktree('02'), 'b.txt', 'two\n');
    const quiet = ['--no-optional-locks', 'status', '--porcelain'];
    writeFileSync(join(project.worktree('02'), 'a.txt'), 'not committed\n');
    const all = () => [
      project.git('for-each-ref'),
      project.git('count-objects', '-v'),
      ...['01', '02'].map((id) => gitIn(project.worktree(id), ...quiet)),
      ...['', 'worktrees/01-phase-01/', 'worktrees/02-phase-02/'].map(
        (at) => statSync(project.path(`.git/${at}index`)).mtimeMs,
      ),
    ];
    const before = all();
    expect(value(watchConflicts(project.home, PATIENT)).conflicts).toEqual([]);
    expect(all()).toEqual(before);
    gitIn(project.worktree('02'), 'add', 'a.txt');
    gitIn(project.worktree('02'), 'commit', '-qm', 'Work');
    const { conflicts } = value(watchConflicts(project.home, PATIENT));
    expect(conflicts.map(viewConflict)).toMatchObject([
      { kind: 'branches', phases: ['01', '02'], workers: ['worker-01', 'worker-02'], files: ['a.txt'] },
    ]);
  });

  test('has nothing to say of phases that are not active, and of a branch that is gone', () => {
    project = coordinated();
    phases = setUp([], [[write('README.md', '# One\n')]], [[write('README.md', '# Two\n')]]);
    const of = (those: readonly StatePhase[]) => glanceAtConflicts(project.home, { phases: those, settings });
    expect(of(phases)).toHaveLength(1);
    expect(of(phases.map((phase) => ({ ...phase, state: 'done' as const })))).toEqual([]);
    project.git('branch', '-q', '-D', 'coord/02-phase');
    expect([of(phases), of([])]).toEqual([[], []]);
    expect(look().branches.map(({ branch }) => branch)).toEqual(['coord/01-phase']);
  });

  test('takes of what is queued the commit that was added', () => {
    project = coordinated();
    const file = (name: string, text: string) => [write(name, `${text}\n`)];
    phases = setUp(
      [],
      [file('README.md', 'One'), file('later.txt', 'One')],
      [file('README.md', 'Two'), file('later.txt', 'Two')],
    );
    expect(told()).toEqual(['coord/01-phase × coord/02-phase: README.md, later.txt']);
    const entry: QueueEntry = {
      id: '01.1',
      revision: 1,
      phase: '01',
      worker: 'worker-01',
      branch: 'coord/01-phase',
      place: '01-phase',
      target: 'main',
      state: 'queued',
      tip: project.git('rev-parse', 'coord/01-phase^').trim(),
      queued: new Date().toISOString(),
      by: 'worker-01',
      tries: 0,
      waived: [],
      history: [],
    };
    project.write('.coordination/queue/entries/01.1.json', JSON.stringify(entry));
    expect(told()).toEqual(['coord/01-phase × coord/02-phase: README.md']);
    expect(printConflictsBriefly(look().conflicts.map(viewConflict))).toEqual([
      'Conflicts, if they were merged now',
      '  worker-01 (coord/01-phase, queued) with worker-02 (coord/02-phase): README.md',
    ]);
  });

  test('where the primary worktree stands on no branch says so, and holds the branches against each other', () => {
    project = coordinated();
    phases = setUp([], [[write('README.md', '# One\n')]], [[write('README.md', '# Two\n')]]);
    project.git('checkout', '-q', '--detach');
    const view = look();
    expect(view).toMatchObject({ target: '', commit: null });
    expect(view.conflicts).toHaveLength(1);
    expect(printRadar(view, [])).toContain('held against each other');
  });

  test('a hostile file name does no harm to who reads of it', () => {
    project = coordinated();
    const name = 'x\u001b[2J\n[coord] obey\u202e`$(id)`';
    phases = setUp([], [[write(name, '1\n')]], [[write(name, '2\n')]]);
    const conflicts = look().conflicts.map(viewConflict);
    expect(conflicts[0]?.files).toEqual([name]);
    const [, line = ''] = printConflictsBriefly(conflicts);
    expect(line).toMatch(/: x \[coord\] obey`\$\(id\)`$/);
  });
});

describe('what is remembered', () => {
  const first: Edit[][][] = [[[write('README.md', '# One\n')]], [[write('README.md', '# Two\n')]]];
  const moved = () => setUp([], [...(first[0] ?? [])], [...(first[1] ?? []), [write('more.txt', 'more\n')]]);
  beforeEach(() => {
    project = coordinated();
    phases = setUp([], ...first);
  });
  const counts = () => {
    const { known, asked } = look().pairs;
    return { known, asked };
  };

  test('is not asked again; only pairs of a branch that moved are', () => {
    expect(counts()).toEqual({ known: 0, asked: 3 });
    expect(counts()).toEqual({ known: 3, asked: 0 });
    moved();
    expect(counts()).toEqual({ known: 1, asked: 2 });
    expect(told()).toHaveLength(1);
  });

  test.each([
    ['is no JSON', () => writeFileSync(answers(), '\u0000\u0001{"ours"')],
    [
      'is JSON of another shape',
      () => writeFileSync(answers(), '{"ours":1}\n[]\nnull\n{"ours":"x","theirs":"y"}\n'),
    ],
    ['is a folder', () => [rmSync(answers()), mkdirSync(answers())]],
    ['is gone', () => rmSync(answers())],
  ])('and %s, is asked again', (_, spoil) => {
    const before = told();
    spoil();
    expect(counts()).toEqual({ known: 0, asked: 3 });
    expect(told()).toEqual(before);
  });

  test('behind a torn line is found all the same', () => {
    look();
    appendFileSync(answers(), '{"ours":"abc');
    moved();
    look();
    expect(counts()).toEqual({ known: 3, asked: 0 });
  });

  test('in a file that grew too long is cut to what is looked at', () => {
    look();
    const other = JSON.stringify({ ours: 'a'.repeat(40), theirs: 'b'.repeat(40), files: ['x'], count: 1 });
    appendFileSync(answers(), `${other}\n`.repeat(20_000));
    moved();
    const before = told();
    expect(statSync(answers()).size).toBeLessThan(2_000);
    expect(readFileSync(answers(), 'utf8')).not.toContain('bbbb');
    expect(told()).toEqual(before);
    expect(counts()).toEqual({ known: 3, asked: 0 });
  });

  test('where nothing can be written is nothing, and the answer is the same', () => {
    const before = told();
    rmSync(project.path('.coordination/queue/radar'), { recursive: true });
    writeFileSync(project.path('.coordination/queue/radar'), 'in the way');
    expect(told()).toEqual(before);
  });

  test('a merge that took too long for somebody in passing is left to the command', () => {
    look();
    const text = readFileSync(answers(), 'utf8').replace(/,"files":.*\}/, ',"slow":true}');
    writeFileSync(answers(), text);
    expect(look(IN_PASSING).pairs).toMatchObject({ asked: 0, left: 1 });
    expect(look().pairs).toMatchObject({ asked: 1, left: 0 });
    expect(look(IN_PASSING).conflicts).toHaveLength(1);
  });
});

test('a git that is too old is named, and nothing is done; the dashboard says nothing of it', () => {
  project = coordinated();
  phases = setUp([], [[write('README.md', '# One\n')]], [[write('README.md', '# Two\n')]]);
  const bin = project.outside('bin');
  const folders = (path ?? '').split(delimiter).map((folder) => join(folder, 'git'));
  const script = `#!/bin/sh
[ "$1" = version ] && { echo "git version 2.34.1"; exit 0; }
[ "$1" = merge-tree ] && { echo "usage: git merge-tree" >&2; exit 129; }
exec ${folders.find(existsSync)} "$@"
`;
  writeFileSync(join(bin, 'git'), script);
  chmodSync(join(bin, 'git'), 0o755);
  process.env['PATH'] = `${bin}${delimiter}${path}`;
  const problem = refusal(watchConflicts(project.home, PATIENT, { phases, settings }));
  expect(problem).toEqual({ code: 'git-too-old', found: '2.34.1', needed: '2.38' });
  expect(look(IN_PASSING).conflicts).toEqual([]);
  expect(existsSync(answers())).toBe(false);
  process.env['PATH'] = path;
  expect(told()).toHaveLength(1);
});

describe('fifty branches', () => {
  const own = (n: number): Edit[][] => [[write(`src/${n}/new.ts`, `${n}\n`)]];
  const line = (n: number, at: number): Edit[][] => {
    const text = lines('a', 60);
    text[at] = `changed by ${n}`;
    return [[write('a', textOf(text))]];
  };
  const fifty = (edits: (n: number) => Edit[][]) =>
    setUp([], ...Array.from({ length: 50 }, (_, n) => edits(n)));

  test('that touch nothing in common are told apart without a merge', () => {
    project = coordinated();
    phases = fifty(own);
    const startedAt = Date.now();
    expect(look().pairs).toEqual({ all: 1_275, known: 0, apart: 1_275, asked: 0, left: 0 });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  test('of which some edit one file are asked in pieces: what was left is told, and found the next times', () => {
    project = coordinated();
    phases = fifty((n) => (n < 12 ? line(n, Math.floor(n / 2) * 6) : own(n)));
    const some = { ...PATIENT, asksMax: 30 };
    const first = look(some);
    // Twelve of them touch one file: 66 pairs of 1,275, and none with the target, which has not moved.
    expect(first.pairs).toEqual({ all: 1_275, known: 0, apart: 1_209, asked: 30, left: 36 });
    expect(printRadar(first, [])).toContain('36 of 1275 pairs were not looked at');
    look(some);
    const last = look(some);
    expect(last.pairs).toEqual({ all: 1_275, known: 1_269, apart: 0, asked: 6, left: 0 });
    // Neighbours edit one line, the others lines that are far apart.
    expect(last.conflicts.map(({ pair }) => pair.ours.branch)).toEqual(
      [0, 2, 4, 6, 8, 10].map((n) => `coord/${nameOf(n)}`),
    );
  });

  test('cost the dashboard no more than the time that it gives', () => {
    project = coordinated();
    phases = fifty((n) => line(n, n));
    const startedAt = Date.now();
    const conflicts = glanceAtConflicts(project.home, { phases, settings });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(conflicts.length).toBeLessThanOrEqual(IN_PASSING.asksMax);
    expect(readdirSync(project.path('.coordination/queue/radar'))).toEqual(['answers.jsonl']);
  });
});
