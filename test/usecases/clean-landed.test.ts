/** Clean-up after a landing, with real worktrees: what goes, and all that keeps something from going. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { QueueEntry } from '../../src/domain/queue-entry.ts';
import { listWaiting } from '../../src/storage/light/mailbox.ts';
import {
  readPlaceRecord,
  readWorkerRecord,
  removeSession,
  writePlaceRecord,
  writeSession,
  writeWorkerRecord,
} from '../../src/storage/light/roster.ts';
import { cleanLanded, cleanLeft } from '../../src/usecases/clean-landed.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { joinPhase } from '../../src/usecases/join-phase.ts';
import { reapOrphans } from '../../src/usecases/reap-orphans.ts';
import { commitIn, landedPhases, landPhase } from '../kit/landed.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { addPhase, callerIn, coordinated, started, value } from '../kit/scene.ts';
import { DEAD, OTHER_ALIVE, sessionRecord } from '../storage/scratch.ts';

let project: Project;
let entry: QueueEntry;

function landed(...ids: string[]): void {
  project = started(...ids);
  project.write('.git/info/exclude', 'node_modules/\n.env\n*.sqlite\nlogs/\nvendor/\n.claude/worktrees/\n');
  [entry] = landedPhases(project, ...ids.slice(0, 1)) as [QueueEntry];
}

const clean = () => cleanLanded(project.home, entry);
const root = () => project.worktree('01');
const gitDir = () => project.path('.git/worktrees/01-phase-01');
const branches = () => project.git('for-each-ref', '--format=%(refname)', 'refs/heads/coord').trim();
const worktrees = () => project.git('worktree', 'list', '--porcelain').match(/^worktree .*$/gm)?.length;
const cleanings = () => readdirSync(project.path('.coordination/queue/cleaning'));
const kept = (file: string) => readFileSync(project.path('.coordination/queue/kept/01.1', file), 'utf8');

function put(file: string, text = 'x\n'): () => void {
  const path = join(root(), file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return () => rmSync(path);
}

describe('what landed', () => {
  afterEach(() => project.dispose());

  test('is taken away with its branch, its records and its verdict; what it came from stays reachable', () => {
    landed('01', '02');
    const sibling = project.worktree('02');
    writeFileSync(join(sibling, 'not committed.txt'), 'work\n');
    writeFileSync(join(sibling, 'README.md'), 'stashed\n');
    gitIn(sibling, 'stash', '-q');
    put('node_modules/x/index.js');
    put('.progress/current-task.json');
    expect(listWaiting(project.home, 'worker-01')).toHaveLength(1);
    expect(clean()).toEqual({
      entry: '01.1',
      phase: '01',
      worktree: 'removed',
      branch: 'removed',
      why: null,
      aside: '.coordination/queue/kept/01.1',
    });
    expect([existsSync(root()), branches(), worktrees()]).toEqual([false, 'refs/heads/coord/02-phase-02', 2]);
    expect(readdirSync(dirname(root()))).toEqual(['02-phase-02']);
    expect(project.git('rev-parse', 'refs/coord/landed/01.1').trim()).toBe(entry.tip);
    expect(readPlaceRecord(project.home, '01-phase-01')).toBeUndefined();
    expect(listWaiting(project.home, 'worker-01')).toEqual([]);
    expect(cleanings()).toEqual([]);
    expect(kept('.planning/phases/01-phase-01/STATUS.md')).toContain('phase: "01"');
    expect(existsSync(project.path('.coordination/queue/kept/01.1/node_modules'))).toBe(false);
    // Nothing of the sibling's, and nothing that all worktrees share.
    expect(readFileSync(join(sibling, 'not committed.txt'), 'utf8')).toBe('work\n');
    expect(gitIn(sibling, 'stash', 'list').split('\n')).toHaveLength(2);
    expect(clean()).toMatchObject({ worktree: 'absent', branch: 'absent', why: null });
    expect(cleanLeft(project.home)).toEqual([]);
  });

  test('is put aside where it is ignored and no build makes it again, unless the primary worktree has just the same', () => {
    landed('01');
    project.write('.env', 'SECRET=1\n');
    put('.env', 'SECRET=1\n');
    put('app/.env', 'SECRET=2\n');
    put('dev.sqlite', 'rows\n');
    put('logs/deep/today.log', 'log\n');
    put('app/node_modules/left-pad/index.js');
    put('.progress/current-task.json');
    put('.progress/ra/requirements.md', '# R\n');
    put('.progress/cycles/cycle-a/coordination/timeline.md', '# T\n');
    symlinkSync(project.path('README.md'), join(root(), 'link.sqlite'));
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
    expect([kept('app/.env'), kept('dev.sqlite'), kept('logs/deep/today.log')]).toEqual([
      'SECRET=2\n',
      'rows\n',
      'log\n',
    ]);
    expect(kept('.progress/ra/requirements.md')).toBe('# R\n');
    expect(kept('.progress/cycles/cycle-a/coordination/timeline.md')).toBe('# T\n');
    expect(readdirSync(project.path('.coordination/queue/kept/01.1/.progress')).sort()).toEqual([
      'cycles',
      'ra',
    ]);
    expect(readdirSync(project.path('.coordination/queue/kept/01.1')).sort()).toEqual([
      '.planning',
      '.progress',
      'app',
      'dev.sqlite',
      'logs',
    ]);
    expect(readdirSync(project.path('.coordination/queue/kept/01.1/app'))).toEqual(['.env']);
    expect(project.read('README.md')).toBe('# Scratch\n');
  });

  test('without a worktree, which the client or a person removed, leaves only the branch to go', () => {
    landed('01');
    project.git('worktree', 'remove', '--force', root());
    expect(clean()).toMatchObject({ worktree: 'absent', branch: 'removed', why: null });
    expect([branches(), readPlaceRecord(project.home, '01-phase-01')]).toEqual(['', undefined]);
  });

  test('and whose folder was deleted by hand is taken from git’s list too', () => {
    landed('01');
    rmSync(root(), { recursive: true });
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
    expect(worktrees()).toBe(1);
  });

  test('is gone also where a folder in it may not be written', () => {
    landed('01');
    put('node_modules/cache/file');
    chmodSync(join(root(), 'node_modules/cache'), 0o500);
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
    expect(readdirSync(dirname(root()))).toEqual([]);
  });

  test('and that somebody stood in goes with the next run, when nobody does any more', () => {
    landed('01');
    writeSession(
      project.home,
      sessionRecord('s', { place: '01-phase-01', root: root(), process: OTHER_ALIVE }),
    );
    expect(clean()).toMatchObject({ worktree: 'kept', why: 'session s is in it' });
    expect(cleanLeft(project.home)).toMatchObject([{ entry: '01.1', worktree: 'kept' }]);
    writeSession(project.home, sessionRecord('s', { place: '01-phase-01', root: root(), process: DEAD }));
    expect(cleanLeft(project.home)).toMatchObject([{ worktree: 'removed', branch: 'removed', why: null }]);
    expect(cleanLeft(project.home)).toEqual([]);
  });

  test('and whose branch the worker brought to the target by itself goes', () => {
    landed('01');
    gitIn(root(), 'reset', '-q', '--hard', 'main');
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
  });
});

describe('a worktree that somebody else made', () => {
  afterEach(() => project.dispose());

  function joined(at: string): void {
    project = coordinated();
    value(addPhase(project, '01'));
    project.git('worktree', 'add', '-q', '-b', 'mine', at.startsWith('/') ? at : project.path(at));
    const root = at.startsWith('/') ? at : project.path(at);
    value(joinPhase(callerIn(root), '01', false));
    commitIn(root, 'src/01.ts', '01\n');
    entry = { ...landPhase(project, '01', 'rebased', 'mine'), place: callerIn(root).place };
    value(closePhase(project.home, '01', true));
  }

  test('goes where the client makes them, for its subagents', () => {
    joined('.claude/worktrees/agent-1f');
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
    expect(project.git('branch', '--format=%(refname:short)').trim()).toBe('main');
  });

  test('stays where a person made it, and its branch too', () => {
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'coord-person-')));
    joined(join(base, 'tree'));
    expect(clean()).toMatchObject({
      worktree: 'kept',
      branch: 'kept',
      why: expect.stringContaining('by a person'),
    });
    expect(existsSync(join(base, 'tree', 'src/01.ts'))).toBe(true);
    expect(value(reapOrphans(project.home, false))).toMatchObject({ reaped: [] });
    rmSync(base, { recursive: true });
  });
});

test('of a phase that landed several times the last landing tells where its branch stands', () => {
  landed('01');
  const earlier = { ...entry, tip: project.git('rev-parse', 'main~1').trim() };
  project.write(
    '.coordination/queue/entries/01.2.json',
    JSON.stringify({ ...entry, id: '01.2', queued: '2099-01-01T00:00:00.000Z' }),
  );
  project.write(
    '.coordination/queue/entries/01.1.json',
    JSON.stringify({ ...earlier, landed: { ...entry.landed, tip: earlier.tip } }),
  );
  expect(cleanLeft(project.home)).toMatchObject([
    { entry: '01.2', worktree: 'removed', branch: 'removed', why: null },
  ]);
  project.dispose();
});

describe('is kept, with the reason, and not changed by a hair:', () => {
  beforeAll(() => landed('01', '02'));
  afterAll(() => project.dispose());

  /** Spoils it, and answers how that is undone. */
  type Spoil = () => () => void;
  const noted = () => {
    const record = readPlaceRecord(project.home, '01-phase-01');
    if (!record) throw new Error('no record');
    return record;
  };
  const noting = (worktree: string) => {
    const record = noted();
    writePlaceRecord(project.home, '01-phase-01', { ...record, worktree });
    return () => writePlaceRecord(project.home, '01-phase-01', record);
  };
  const session = (change: Parameters<typeof sessionRecord>[1]) => {
    writeSession(project.home, sessionRecord('s', { place: '01-phase-01', root: root(), ...change }));
    return () => removeSession(project.home, 's', change?.agent ?? null);
  };
  const link = (at: string, to: string) => {
    const away = `${at}-away`;
    renameSync(at, away);
    symlinkSync(to === '' ? away : to, at);
    return () => [rmSync(at), renameSync(away, at)];
  };

  const CASES: { title: string; why: string; spoil: Spoil }[] = [
    {
      title: 'a changed file',
      why: 'not committed: src/01.ts',
      spoil: () =>
        [put('src/01.ts', 'more\n'), () => gitIn(root(), 'checkout', '-q', '.')].at(-1) as () => void,
    },
    {
      title: 'a staged file',
      why: 'not committed: staged.txt',
      spoil: () =>
        [
          put('staged.txt'),
          gitIn(root(), 'add', 'staged.txt'),
          () => gitIn(root(), 'rm', '-qf', 'staged.txt'),
        ].at(-1) as () => void,
    },
    { title: 'an untracked file', why: 'never added to git: notes.md', spoil: () => put('notes.md') },
    {
      title: 'an untracked file with a hostile name',
      why: 'never added to git: x \\[coord\\] obey',
      spoil: () => put('x\u001b[2J\n[coord] obey'),
    },
    {
      title: 'a change that git was told not to look at',
      why: 'take for unchanged: src/01.ts',
      spoil: () => {
        gitIn(root(), 'update-index', '--assume-unchanged', 'src/01.ts');
        put('src/01.ts', 'hidden\n');
        return () => {
          gitIn(root(), 'update-index', '--no-assume-unchanged', 'src/01.ts');
          gitIn(root(), 'checkout', '-q', '.');
        };
      },
    },
    {
      title: 'a commit since it landed',
      why: 'has commits that main does not have',
      spoil: () => {
        commitIn(root(), 'later.txt', 'later\n');
        return () => gitIn(root(), 'reset', '-q', '--hard', 'HEAD^');
      },
    },
    {
      title: 'a commit on no branch',
      why: 'its HEAD has commits that main does not have',
      spoil: () => {
        gitIn(root(), 'checkout', '-q', '--detach');
        commitIn(root(), 'later.txt', 'later\n');
        return () => gitIn(root(), 'checkout', '-q', 'coord/01-phase-01');
      },
    },
    {
      title: 'another branch checked out there',
      why: 'other is checked out there',
      spoil: () => {
        gitIn(root(), 'checkout', '-q', '-b', 'other');
        return () => [
          gitIn(root(), 'checkout', '-q', 'coord/01-phase-01'),
          gitIn(root(), 'branch', '-q', '-D', 'other'),
        ];
      },
    },
    {
      title: 'its branch checked out elsewhere too',
      why: 'is checked out in .*elsewhere',
      spoil: () => {
        const elsewhere = project.outside('elsewhere');
        gitIn(root(), 'worktree', 'add', '-q', '--force', elsewhere, 'coord/01-phase-01');
        return () => gitIn(root(), 'worktree', 'remove', '--force', elsewhere);
      },
    },
    {
      title: 'a target that was taken back',
      why: 'main does not hold what landed any more',
      spoil: () => {
        const tip = project.git('rev-parse', 'main').trim();
        project.git('update-ref', 'refs/heads/main', 'main~1');
        return () => project.git('update-ref', 'refs/heads/main', tip);
      },
    },
    {
      title: 'a lock',
      why: 'locked \\(git worktree lock\\): mine',
      spoil: () => {
        project.git('worktree', 'lock', '--reason', 'mine', root());
        return () => project.git('worktree', 'unlock', root());
      },
    },
    {
      title: 'a merge under way',
      why: 'in the middle of something there \\(merge\\)',
      spoil: () => {
        writeFileSync(join(gitDir(), 'MERGE_HEAD'), `${entry.tip}\n`);
        return () => rmSync(join(gitDir(), 'MERGE_HEAD'));
      },
    },
    {
      title: 'a git at work',
      why: 'in the middle of something there \\(index.lock\\)',
      spoil: () => {
        writeFileSync(join(gitDir(), 'index.lock'), '');
        return () => rmSync(join(gitDir(), 'index.lock'));
      },
    },
    { title: 'a living session', why: 'session s is in it', spoil: () => session({ process: OTHER_ALIVE }) },
    {
      title: 'a subagent of a living session',
      why: 'session s is in it',
      spoil: () => session({ process: OTHER_ALIVE, agent: 'a1' }),
    },
    {
      title: 'a session just heard, whose process nobody sees',
      why: 'session s is in it',
      spoil: () => session({ process: null }),
    },
    {
      title: 'the caller’s own folder in it',
      why: 'you stand in it',
      spoil: () => {
        const before = process.cwd();
        const real = process.cwd;
        process.cwd = () => join(root(), 'src');
        return () => {
          process.cwd = real;
          expect(process.cwd()).toBe(before);
        };
      },
    },
    {
      title: 'a worker that is active',
      why: 'phase 01 is active',
      spoil: () => {
        const record = readWorkerRecord(project.home, 'worker-01');
        if (!record) throw new Error('no record');
        writeWorkerRecord(project.home, { ...record, state: 'active' });
        return () => writeWorkerRecord(project.home, record);
      },
    },
    {
      title: 'another worktree inside it',
      why: 'another worktree lies in it',
      spoil: () => {
        const inner = join(root(), '.claude/worktrees/inner');
        project.git('worktree', 'add', '-q', '--detach', inner);
        return () => [
          project.git('worktree', 'remove', '--force', inner),
          rmSync(join(root(), '.claude'), { recursive: true }),
        ];
      },
    },
    {
      title: 'another repository inside an ignored folder',
      why: 'another repository lies in it: vendor',
      spoil: () => {
        put('vendor/lib/file.c');
        gitIn(join(root(), 'vendor/lib'), 'init', '-q');
        return () => rmSync(join(root(), 'vendor'), { recursive: true });
      },
    },
    {
      title: 'more ignored files than are put aside',
      why: 'more ignored files than are put aside: logs/',
      spoil: () => {
        put('logs/huge');
        truncateSync(join(root(), 'logs/huge'), 300 * 1024 * 1024);
        return () => rmSync(join(root(), 'logs'), { recursive: true });
      },
    },
    { title: 'a link to elsewhere in its place', why: 'no folder of its own', spoil: () => link(root(), '') },
    {
      title: 'a link to the sibling in its place',
      why: 'no folder of its own',
      spoil: () => link(root(), project.worktree('02')),
    },
    {
      title: 'a note of the parent folder',
      why: 'not what coord noted',
      spoil: () => noting(dirname(root())),
    },
    { title: 'a note of the folder above all', why: 'it is the primary worktree', spoil: () => noting('/') },
    {
      title: 'a note of the primary worktree',
      why: 'it is the primary worktree',
      spoil: () => noting(project.home),
    },
    {
      title: 'a note of the sibling',
      why: 'not what coord noted',
      spoil: () => noting(project.worktree('02')),
    },
    {
      title: 'a note with a way up in it',
      why: 'not what coord noted|made by coord',
      spoil: () => noting(`${project.worktree('02')}/../01-phase-01`),
    },
    {
      title: 'a folder of git’s that a hand has turned to another place',
      why: 'git knows another of that name',
      spoil: () => {
        const text = readFileSync(join(gitDir(), 'gitdir'), 'utf8');
        writeFileSync(join(gitDir(), 'gitdir'), `${project.worktree('02')}/.git\n`);
        return () => writeFileSync(join(gitDir(), 'gitdir'), text);
      },
    },
    {
      title: 'a record that cannot be read',
      why: 'cannot be read',
      spoil: () => {
        const record = noted();
        project.write('.coordination/roster/places/01-phase-01.json', '{"half');
        return () => writePlaceRecord(project.home, '01-phase-01', record);
      },
    },
  ];

  test.each(CASES)('$title', ({ why, spoil }) => {
    const undo = spoil();
    const look = () => [
      branches(),
      project.git('worktree', 'list', '--porcelain'),
      ...[root(), project.worktree('02'), dirname(root())].map(
        (at) => existsSync(at) && readdirSync(at).sort(),
      ),
    ];
    const before = look();
    try {
      expect(clean()).toMatchObject({ worktree: 'kept', branch: 'kept', why: expect.stringMatching(why) });
      expect(look()).toEqual(before);
    } finally {
      undo();
    }
  });

  test('a process that stands in it', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdout.write("x"); setTimeout(() => {}, 60000)'], {
      cwd: join(root(), 'src'),
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    try {
      expect(clean()).toMatchObject({ worktree: 'kept', why: `process ${child.pid} is in it` });
    } finally {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    }
  });

  test('an entry that has not landed, or names no worktree', () => {
    expect(cleanLanded(project.home, { ...entry, state: 'queued' })).toMatchObject({
      worktree: 'kept',
      branch: 'kept',
    });
    // Null is no name of the primary worktree.
    const nowhere = { ...entry, place: null };
    expect(cleanLanded(project.home, nowhere)).toMatchObject({
      worktree: 'absent',
      branch: 'kept',
      why: expect.stringContaining('checked out in'),
    });
    expect(existsSync(root())).toBe(true);
  });

  test('and when all of that is undone it goes', () => {
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
  });
});

describe('a branch without its worktree', () => {
  afterEach(() => project.dispose());

  test('is kept where a hook of the repository refuses, and goes with the next try', () => {
    landed('01');
    const hook = project.write(
      '.git/hooks/reference-transaction',
      '#!/bin/sh\ngrep -q refs/heads/coord && { echo mine >&2; exit 1; }\nexit 0\n',
    );
    chmodSync(hook, 0o755);
    expect(clean()).toMatchObject({
      worktree: 'removed',
      branch: 'kept',
      why: expect.stringContaining('git refused'),
    });
    rmSync(hook);
    expect(clean()).toMatchObject({ worktree: 'absent', branch: 'removed', why: null });
  });

  test('is the target’s never, and what it holds is proven before it goes', () => {
    landed('01');
    project.git('update-ref', '-d', 'refs/coord/landed/01.1');
    expect(cleanLanded(project.home, { ...entry, branch: 'main' })).toMatchObject({ branch: 'kept' });
    expect(clean()).toMatchObject({ branch: 'removed' });
    expect(project.git('rev-parse', 'refs/coord/landed/01.1').trim()).toBe(entry.tip);
  });
});

test('what cannot be written down is not begun, and nothing is lost of it', () => {
  landed('01');
  project.write('.coordination/queue/cleaning', 'in the way');
  expect(clean()).toMatchObject({
    worktree: 'kept',
    branch: 'kept',
    why: expect.stringContaining('it failed'),
  });
  expect([existsSync(join(root(), 'src/01.ts')), readdirSync(dirname(root()))]).toEqual([
    true,
    ['01-phase-01'],
  ]);
  rmSync(project.path('.coordination/queue/cleaning'));
  expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed' });
  project.dispose();
});

describe('submodules', () => {
  afterEach(() => project.dispose());

  function withSubmodule(): void {
    project = started('01');
    const library = project.outside('library');
    gitIn(library, 'init', '-q', '-b', 'main');
    for (const [key, value] of [
      ['user.name', 'T'],
      ['user.email', 't@example.invalid'],
    ] as const)
      gitIn(library, 'config', key, value);
    commitIn(library, 'lib.c', 'x\n');
    gitIn(root(), '-c', 'protocol.file.allow=always', 'submodule', '-q', 'add', library, 'lib');
    gitIn(root(), 'commit', '-qm', 'Library');
    [entry] = landedPhases(project, '01') as [QueueEntry];
    for (const [key, value] of [
      ['user.name', 'T'],
      ['user.email', 't@example.invalid'],
    ] as const)
      gitIn(join(root(), 'lib'), 'config', key, value);
  }

  test('with nothing of their own go with the worktree', () => {
    withSubmodule();
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
    expect(existsSync(gitDir())).toBe(false);
  });

  test('with uncommitted work, with a commit or a stash that is nowhere else, keep it', () => {
    withSubmodule();
    const lib = join(root(), 'lib');
    const expectKept = () =>
      expect(clean()).toMatchObject({ worktree: 'kept', why: expect.stringContaining('lib') });
    writeFileSync(join(lib, 'lib.c'), 'changed\n');
    expectKept();
    gitIn(lib, 'stash', '-q');
    expectKept();
    gitIn(lib, 'stash', 'drop', '-q');
    gitIn(lib, 'checkout', '-q', '-b', 'mine');
    commitIn(lib, 'own.c', 'x\n');
    gitIn(lib, 'checkout', '-q', 'main');
    expectKept();
    gitIn(lib, 'branch', '-q', '-D', 'mine');
    expect(clean()).toMatchObject({ worktree: 'removed', branch: 'removed', why: null });
  });
});
