/** The pre-flight on real repositories: each rule refused, and its nearest harmless neighbour let pass. */

import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Moment } from '../../src/domain/preflight/facts.ts';
import type { PreflightRefusal, PreflightRule } from '../../src/domain/preflight/refusal.ts';
import type { SettingKey } from '../../src/domain/settings.ts';
import { tipOf } from '../../src/storage/branch-facts.ts';
import { gitReader } from '../../src/storage/git-reader.ts';
import { readWorkerRecord, writeWorkerRecord } from '../../src/storage/light/roster.ts';
import { writeSetting } from '../../src/storage/settings.ts';
import { type Preflighted, preflightEntry } from '../../src/usecases/preflight.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { ranBy } from '../kit/evidence.ts';
import { isLong } from '../kit/long.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { addPhase, coordinated, value, worker } from '../kit/scene.ts';

const FILES = [
  'src/a.ts',
  'src/b.ts',
  'docs/guide.md',
  'docs/in.md',
  'docs/mode.md',
  'docs/link.md',
  'big/one.bin',
];

let project: Project;
/** What the target and the worker's branch stand on before each test. */
let start = '';
/** Worktrees that a test wrote in. */
const touched = new Set(['01', '02', '03']);

beforeAll(() => {
  project = coordinated();
  for (const file of [...FILES, 'AGENTS.md']) project.write(file, `${file}\n${'line\n'.repeat(20)}`);
  project.git('add', '.gitignore', 'src', 'docs', 'AGENTS.md', 'big');
  project.git('commit', '-qm', 'Files');
  for (const id of ['01', '02', '03']) {
    value(addPhase(project, id, id === '03' ? { scope: ['src/**'] } : {}));
    value(startPhase(project.home, id));
  }
  start = project.git('rev-parse', 'HEAD').trim();
});
afterAll(() => project.dispose());

beforeEach(() => {
  project.git('checkout', '-q', '-f', '-B', 'main', start);
  rmSync(project.path('deep'), { recursive: true, force: true });
  rmSync(project.path('DECISIONS.md'), { force: true });
  for (const id of touched) {
    gitIn(root(id), 'checkout', '-q', '-f', '-B', branch(id), start);
    gitIn(root(id), 'clean', '-ffdqx');
  }
  touched.clear();
});

function root(id = '01'): string {
  touched.add(id);
  return project.worktree(id);
}
const git = (...args: string[]) => gitIn(root(), ...args);
const branch = (id: string = '01') => `coord/${id}-phase-${id}`;

function put(relative: string, text = `${relative}\n`, id = '01'): string {
  const file = join(root(id), relative);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function commit(id = '01', message = 'Work'): string {
  gitIn(root(id), 'add', '-A');
  gitIn(root(id), 'commit', '-q', '--allow-empty', '-m', message);
  return gitIn(root(id), 'rev-parse', 'HEAD').trim();
}

function entry(id = '01', over: Partial<Preflighted> = {}): Preflighted {
  const record = readWorkerRecord(project.home, `worker-${id}`);
  if (!record) throw new Error('no record');
  const { worker: name, place } = record;
  const tip = tipOf(gitReader(project.home), record.branch) ?? '';
  return { phase: id, worker: name, branch: record.branch, place, target: 'main', tip, waived: [], ...over };
}

function ask(id = '01', over: Partial<Preflighted> = {}, moment: Moment = 'add') {
  return value(preflightEntry(project.home, entry(id, over), moment));
}

const rules = (id = '01', over: Partial<Preflighted> = {}, moment: Moment = 'add') =>
  ask(id, over, moment).refusals.map(({ rule }) => rule);

function only(rule: PreflightRule, id = '01', over: Partial<Preflighted> = {}): PreflightRefusal {
  const { refusals } = ask(id, over);
  const [first] = refusals;
  expect(refusals.map((refusal) => refusal.rule)).toEqual([rule]);
  if (!first) throw new Error('not refused');
  return first;
}

/** Work that may land, so that another rule than `nothing-to-land` is asked. */
function work(id = '01'): string {
  put('src/new.ts', 'new\n', id);
  return commit(id);
}

test('work that is committed passes', () => {
  const tip = work();
  expect(ask()).toEqual({ refusals: [], waived: [], target: start, base: start, changed: 1 });
  expect(tip).toBe(entry().tip);
});

describe('target-missing', () => {
  test('a branch that is not there', () => {
    work();
    const refused = only('target-missing', '01', { target: 'release' });
    expect(refused).toMatchObject({ side: 'operator', what: expect.stringContaining('release') });
  });

  test('a detached primary worktree', () => {
    work();
    expect(only('target-missing', '01', { target: '' }).what).toContain('stands on no branch');
  });

  test('a target that is the phase’s own branch', () => {
    work();
    expect(only('target-missing', '01', { target: branch() }).what).toContain('own branch');
  });

  test('a tag of the same name is no branch, and no hindrance', () => {
    work();
    project.git('tag', 'release');
    project.git('tag', 'main');
    expect(rules('01', { target: 'release' })).toEqual(['target-missing']);
    expect(rules()).toEqual([]);
    project.git('tag', '-d', 'release', 'main');
  });
});

describe('another branch is checked out in the primary worktree', () => {
  test('than the phase was started from: the coordinator goes back, and the worker rebases nothing', () => {
    git('checkout', '-q', '-B', branch());
    work();
    const before = `${start}~1`;
    project.git('checkout', '-q', '-f', '-b', 'hotfix', before);
    const refused = only('wrong-base', '01', { target: 'hotfix' });
    expect([refused.side, refused.next[0]]).toEqual(['operator', 'git switch main']);
    project.git(...(refused.next[0] ?? '').split(' ').slice(1));
    expect(rules()).toEqual([]);
  });

  test('is not so where the target itself was rewritten, and another branch has what it was', () => {
    work();
    project.git('branch', 'backup');
    project.git('checkout', '-q', '-f', '-B', 'main', `${start}~1`);
    expect(ask().refusals[0]).toMatchObject({ rule: 'wrong-base', side: 'worker' });
    project.git('branch', '-D', 'backup');
  });
});

describe('branch-missing', () => {
  test('a branch that was deleted is named with the commit to bring it back by', () => {
    const tip = work();
    git('checkout', '-q', '--detach');
    git('branch', '-D', branch());
    const refused = only('branch-missing', '01', { tip });
    expect(refused.next).toEqual([`git branch ${branch()} ${tip.slice(0, 12)}`]);
  });

  test('a branch that was renamed in its worktree gets its name back', () => {
    work();
    git('branch', '-m', 'better-name');
    const { next } = only('branch-missing');
    expect(next).toEqual([`git branch -m better-name ${branch()}`, 'coord merge add 01']);
    git(...(next[0] ?? '').split(' ').slice(1));
    expect(rules()).toEqual([]);
  });

  test('a branch whose queued commit git has thrown away is there', () => {
    work();
    const refused = only('wrong-base', '01', { tip: '1'.repeat(40) });
    expect([refused.what, refused.next]).toEqual([
      expect.stringContaining('was rewritten after it was queued'),
      ['coord merge add 01'],
    ]);
  });

  test('a phase that was joined on a detached HEAD', () => {
    expect(only('branch-missing', '01', { branch: '(detached)', tip: '' }).next[0]).toBe(
      `git switch -c ${branch()}`,
    );
  });
});

describe('wrong-base', () => {
  test('a branch without a common ancestor', () => {
    git('checkout', '-q', '--orphan', 'other');
    commit();
    git('branch', '-q', '-M', branch());
    expect(only('wrong-base').what).toContain('no commit in common');
  });

  test('a branch that lost the commit it was started from; rebased, it passes', () => {
    const older = `${start}~1`;
    git('reset', '-q', '--hard', older);
    work();
    const refused = only('wrong-base');
    expect(refused.what).toContain(start.slice(0, 12));
    expect(refused.next).toEqual(['git rebase main', 'coord merge add 01']);
    git('rebase', '-q', 'main');
    expect(rules()).toEqual([]);
  });

  test('a record from before the start was kept asks nothing of it', () => {
    git('reset', '-q', '--hard', `${start}~1`);
    work();
    const record = readWorkerRecord(project.home, 'worker-01');
    if (!record) throw new Error('no record');
    const { base, ...older } = record;
    expect(base).toBe(start);
    writeWorkerRecord(project.home, older);
    expect(rules()).toEqual([]);
    writeWorkerRecord(project.home, record);
  });

  test('a start that the target does not hold any more, unless it holds the same change', () => {
    work();
    project.git('commit', '-q', '--amend', '-m', 'Said better');
    expect(rules()).toEqual([]);
    project.write('src/a.ts', 'changed in the same commit\n');
    project.git('commit', '-q', '-a', '--amend', '-m', 'Another change');
    const refused = only('wrong-base');
    expect(refused.what).toContain('from before the phase was started');
    expect(refused.next[0]).toBe(`git rebase --onto main ${start.slice(0, 12)}`);
    git('rebase', '-q', '--onto', 'main', start);
    expect(rules()).toEqual([]);
  });

  test('another phase’s commits that were merged in; once they have landed, it passes', () => {
    work('02');
    put('src/mine.ts');
    commit();
    git('merge', '-q', '-m', 'Take along', branch('02'));
    expect(only('wrong-base').what).toContain(`phase 02 (${branch('02')})`);
    // The other one made its commits itself.
    expect(rules('02')).toEqual([]);
    project.git('merge', '-q', '--ff-only', branch('02'));
    expect(rules()).toEqual([]);
  });

  test('a branch that was begun from another phase’s', () => {
    work('02');
    git('reset', '-q', '--hard', branch('02'));
    put('src/mine.ts');
    commit();
    expect(only('wrong-base').what).toContain('phase 02');
    expect(rules('02')).toEqual([]);
  });

  test('whose commits another phase took along is not blamed for it', () => {
    work();
    put('src/theirs.ts', 'theirs\n', '02');
    commit('02');
    gitIn(root('02'), 'merge', '-q', '-m', 'Take along', branch());
    expect(rules()).toEqual([]);
    expect(rules('02')).toEqual(['wrong-base']);
  });

  test.each([
    ['another branch', () => git('switch', '-q', '-c', 'side'), /stands on side, and not on/],
    ['a detached HEAD', () => git('checkout', '-q', '--detach'), /stands on no branch/],
  ])('a worktree that stands on %s', (_, leave, what) => {
    work();
    leave();
    expect(only('wrong-base').what).toMatch(what);
    git('switch', '-q', branch());
    expect(rules()).toEqual([]);
  });

  test('at a run: a branch that was rewritten after it was added, and not one that went on', () => {
    const tip = work();
    put('src/more.ts');
    commit();
    expect(rules('01', { tip }, 'run')).toEqual([]);
    git('reset', '-q', '--hard', start);
    commit('01', 'Anew');
    const { refusals } = ask('01', { tip }, 'run');
    expect(refusals.map(({ rule, what }) => [rule, /rewritten/.test(what)])).toEqual([['wrong-base', true]]);
  });
});

describe('dirty', () => {
  test('each kind of work that is not committed is named, and does not matter at a run', () => {
    work();
    put('src/staged.ts');
    git('add', 'src/staged.ts');
    put('src/a.ts', 'changed\n');
    rmSync(join(root(), 'src/b.ts'));
    put('notes.txt');
    chmodSync(join(root(), 'src/new.ts'), 0o755);
    symlinkSync('/etc', join(root(), 'etc'));
    git('update-index', '--assume-unchanged', 'docs/guide.md');
    put('docs/guide.md', 'hidden\n');
    git('update-index', '--skip-worktree', 'big/one.bin');
    put('big/one.bin', 'hidden\n');
    put('AGENTS.md', 'mine\n');
    const refused = only('dirty');
    expect([...refused.files].sort()).toEqual([
      'AGENTS.md (changed)',
      'big/one.bin (changed, and git was told not to look)',
      'docs/guide.md (changed, and git was told not to look)',
      'etc (untracked)',
      'notes.txt (untracked)',
      'src/a.ts (changed)',
      'src/b.ts (changed)',
      'src/new.ts (changed)',
      'src/staged.ts (staged)',
    ]);
    expect(refused).toMatchObject({ total: 9, where: root(), side: 'worker', isWaivable: false });
    expect(rules('01', { waived: ['deletions', 'scope', 'evidence'] })).toEqual(['dirty']);
    expect(rules('01', {}, 'run')).toEqual([]);
    git('update-index', '--no-assume-unchanged', 'docs/guide.md');
    git('update-index', '--no-skip-worktree', 'big/one.bin');
  });

  test('not: what is ignored, coord’s own, the client’s, only newer, or dirt of another worktree', () => {
    put('.gitignore', `${git('show', 'HEAD:.gitignore')}out/\n`);
    work();
    put('out/log.txt');
    put('.planning/phases/01-phase-01/STATUS.md', 'mine');
    put('.planning/STATE.md', 'x');
    put('DECISIONS.md', 'x');
    put('.progress/x');
    put('.claude/settings.local.json', '{}');
    git('update-index', '--assume-unchanged', 'src/a.ts');
    put('src/b.ts', `src/b.ts\n${'line\n'.repeat(20)}`);
    put('notes.txt', 'x', '02');
    expect(rules()).toEqual([]);
    git('update-index', '--no-assume-unchanged', 'src/a.ts');
  });

  test.each<[string, () => void]>([
    ['merge', () => spawnGit('merge', 'main')],
    ['rebase', () => spawnGit('rebase', 'main')],
    ['cherry-pick', () => spawnGit('cherry-pick', 'main')],
  ])('a %s under way', (step, doing) => {
    put('src/a.ts', 'mine\n');
    commit();
    project.write('src/a.ts', 'theirs\n');
    project.git('commit', '-qam', 'Theirs');
    doing();
    const refused = ask().refusals.find(({ rule }) => rule === 'dirty');
    expect(refused?.what).toMatch(new RegExp(`^a ${step} is under way, and 1 file is not committed`));
    expect(refused?.files).toEqual(['src/a.ts (in conflict)']);
    expect(refused?.next).toContain(`git ${step} --continue`);
    expect(rules()).not.toContain('wrong-base');
    git(step, '--abort');
    expect(rules()).toEqual([]);
  });
});

/** A git that is expected to stop half-way. */
function spawnGit(...args: string[]): void {
  try {
    git(...args);
  } catch (error) {
    if (!/CONFLICT|could not apply|Merge conflict/.test(String(error)) && !/merge/.test(String(args)))
      throw error;
  }
}

test('nothing-to-land: nothing committed, all landed already, or the same content in the target', () => {
  expect(only('nothing-to-land').what).toContain('holds all commits');
  work();
  expect(rules()).toEqual([]);
  project.git('merge', '-q', '--squash', branch());
  project.git('commit', '-qm', 'Squashed');
  expect(only('nothing-to-land').what).toContain('changes nothing');
  put('src/more.ts');
  commit();
  expect(rules()).toEqual([]);
  project.git('merge', '-q', '-m', 'Merged', branch());
  expect(rules()).toEqual(['nothing-to-land']);
});

test('a worktree that was moved is looked at where it is', () => {
  work();
  const moved = join(project.outside('trees'), 'moved');
  project.git('worktree', 'move', root(), moved);
  writeFileSync(join(moved, 'notes.txt'), 'x');
  expect(only('dirty')).toMatchObject({ where: moved, files: ['notes.txt (untracked)'] });
  project.git('worktree', 'move', moved, root());
});

describe('coordinator-files', () => {
  function forced(): readonly string[] {
    git('add', '-A', '-f');
    git('commit', '-q', '-m', 'By force');
    const refused = ask('01', { waived: ['scope', 'deletions', 'evidence'] }).refusals.find(
      ({ rule }) => rule === 'coordinator-files',
    );
    expect(refused).toMatchObject({ isWaivable: false, side: 'worker' });
    return [...(refused?.files ?? [])].sort();
  }

  test('each file that no worker changes is named', () => {
    put('.planning/STATE.md', 'mine\n');
    put('DECISIONS.md');
    put('AGENTS.md', 'mine\n');
    put('.claude/coord.md', '---\n---\n');
    put('.claude/coord.local.md');
    put('.claude/worktrees/x/file');
    put('.planning/phases/02-phase-02/STATUS.md');
    put('.planning/phases/09-x');
    put('.planning/phases/01-phase-01/STATUS.md');
    put('.coordination/x.json');
    put('.taskers');
    put('.progress/current-task.json');
    symlinkSync('/etc', join(root(), '.workflow'));
    put('.gitignore', 'node_modules/\n.progress\n!/.claude/worktrees/x\n');
    expect(forced()).toEqual([
      ".claude/coord.local.md (coord's own, never committed)",
      ".claude/coord.md (the team's settings, the coordinator's)",
      ".claude/worktrees/x/file (coord's own, never committed)",
      ".coordination/x.json (coord's own, never committed)",
      '.gitignore (line !/.claude/worktrees/x)',
      '.gitignore (line .claude/coord.local.md)',
      '.gitignore (line .claude/worktrees/)',
      '.gitignore (line .coordination/)',
      '.gitignore (line .taskers/)',
      '.gitignore (line .workflow/.cycle/)',
      ".planning/STATE.md (the coordinator's)",
      ".planning/phases/02-phase-02/STATUS.md (another phase's)",
      ".planning/phases/09-x (lies where coord's folder belongs)",
      ".progress/current-task.json (coord's own, never committed)",
      ".taskers (coord's own, never committed)",
      ".workflow (lies where coord's folder belongs)",
      "AGENTS.md (the coordinator's)",
      'DECISIONS.md (written by `coord decide` alone)',
    ]);
  });

  test.each<[string, () => void, string]>([
    ['removed', () => rmSync(join(root(), 'AGENTS.md')), "AGENTS.md (removed; the coordinator's)"],
    [
      'moved away',
      () => renameSync(join(root(), 'AGENTS.md'), join(root(), 'X.md')),
      "AGENTS.md (removed; the coordinator's)",
    ],
    ['made executable', () => chmodSync(join(root(), 'AGENTS.md'), 0o755), "AGENTS.md (the coordinator's)"],
  ])('a document that is %s', (_, doing, file) => {
    work();
    doing();
    expect(forced()).toEqual([file]);
  });

  test('not: its own STATUS.md, files of the same names elsewhere, more to ignore, a change that was taken back', () => {
    put('AGENTS.md', 'mine\n');
    commit();
    git('revert', '--no-edit', 'HEAD');
    put('.planning/phases/01-phase-01/STATUS.md');
    put('.planning/phases/01-phase-01/notes.md');
    put('docs/AGENTS.md');
    put('docs/DECISIONS.md');
    put('.claude/x.md');
    const lines = git('show', 'HEAD:.gitignore').replace('.progress/', '/.progress');
    put('.gitignore', `node_modules/\n!docs/\n${lines}`);
    commit();
    expect(rules()).toEqual([]);
  });

  test('not: what the target changed itself, merged, rebased, or picked', () => {
    work();
    project.write('AGENTS.md', 'newer\n');
    project.write('DECISIONS.md', 'newer\n');
    project.git('add', 'AGENTS.md', 'DECISIONS.md');
    project.git('commit', '-qm', 'The coordinator’s');
    expect(rules()).toEqual([]);
    git('merge', '-q', '-m', 'Up to date', 'main');
    expect(rules()).toEqual([]);
    // The target goes on: its newer version is not the branch's doing either.
    project.write('AGENTS.md', 'newest\n');
    project.git('commit', '-qam', 'Newest');
    expect(rules()).toEqual([]);
    git('cherry-pick', 'main');
    expect(rules()).toEqual([]);
    put('AGENTS.md', 'mine after all\n');
    commit();
    expect(rules()).toEqual(['coordinator-files']);
  });

  test('not: with several merge bases, what one of them has', () => {
    const one = work();
    project.write('AGENTS.md', 'of the target\n');
    project.git('commit', '-qam', 'Target');
    const two = project.git('rev-parse', 'HEAD').trim();
    git('merge', '-q', '-m', 'Cross', two);
    project.git('merge', '-q', '-m', 'Cross', one);
    put('src/more.ts');
    commit();
    expect(project.git('merge-base', '--all', 'main', branch()).trim().split('\n')).toHaveLength(2);
    expect(rules()).toEqual([]);
  });
});

describe('deletions and scope', () => {
  const set = (key: string, to: unknown) => void writeSetting(project.home, key as SettingKey, to);

  test('more deletions than the setting allows, waivable; renames are none', () => {
    set('merge_deletions', 1);
    for (const name of ['src/a.ts', 'src/b.ts']) rmSync(join(root(), name));
    commit();
    const refused = only('deletions');
    expect(refused).toMatchObject({ files: ['src/a.ts', 'src/b.ts'], total: 2, isWaivable: true });
    expect(refused.what).toMatch(/deletes 2 files, and merge_deletions allows 1/);
    expect(ask('01', { waived: ['deletions', 'scope'] })).toMatchObject({
      refusals: [],
      waived: ['deletions'],
    });
    git('reset', '-q', '--hard', start);
    git('mv', 'src', 'lib');
    put('lib/a.ts', `lib/a.ts, edited\n${'line\n'.repeat(20)}`);
    commit();
    expect(rules()).toEqual([]);
    set('merge_deletions', 50);
  });

  test('a deletion outside of the scope is one that the phase never owned', () => {
    rmSync(join(root('03'), 'src/a.ts'));
    commit('03');
    expect(rules('03')).toEqual([]);
    rmSync(join(root('03'), 'docs/guide.md'));
    commit('03');
    expect(only('deletions', '03')).toMatchObject({ files: ['docs/guide.md'], total: 1 });
    expect(rules('03', { waived: ['deletions'] })).toEqual([]);
  });

  test('each write outside of the scope is named: content, mode, kind, and both ends of a move', () => {
    const at = root('03');
    work('03');
    put('docs/guide.md', 'mine\n', '03');
    put('other.ts', 'x', '03');
    chmodSync(join(at, 'docs/mode.md'), 0o755);
    gitIn(at, 'mv', 'docs/in.md', 'src/in.md');
    gitIn(at, 'mv', 'src/a.ts', 'docs/a.ts');
    rmSync(join(at, 'docs/link.md'));
    symlinkSync('/etc/passwd', join(at, 'docs/link.md'));
    commit('03');
    const refused = only('scope', '03');
    expect([...refused.files].sort()).toEqual([
      'docs/a.ts',
      'docs/guide.md',
      'docs/in.md (moved away)',
      'docs/link.md',
      'docs/mode.md',
      'other.ts',
    ]);
    expect(refused).toMatchObject({ total: 6, isWaivable: true });
    expect(ask('03', { waived: ['scope'] })).toMatchObject({ refusals: [], waived: ['scope'] });
  });

  test('in the scope: its own STATUS.md, moves and changes of case in it, a link that leads outside', () => {
    const at = root('03');
    put('.planning/phases/03-phase-03/STATUS.md', 'x', '03');
    gitIn(at, 'mv', 'src/a.ts', 'src/A.ts');
    gitIn(at, 'mv', 'src/b.ts', 'src/deep.ts');
    symlinkSync('/etc/passwd', join(at, 'src/link'));
    commit('03');
    expect(rules('03')).toEqual([]);
  });

  test('not: what the target changed outside of the scope', () => {
    work('03');
    project.write('docs/guide.md', 'the target’s\n');
    rmSync(project.path('big/one.bin'));
    project.git('commit', '-qam', 'Target');
    gitIn(root('03'), 'merge', '-q', '-m', 'Up to date', 'main');
    expect(rules('03')).toEqual([]);
  });
});

describe('target-dirty', () => {
  const changing = () => [put('src/a.ts', 'mine\n'), put('deep/er/new.ts'), commit()];
  const ignore = (text: string) => writeFileSync(project.path('.git/info/exclude'), text);

  test('each file that the landing would write over is named', () => {
    for (const file of ['src/a.ts', 'src/b.ts', 'docs/guide.md', 'docs/in.md']) put(file, 'mine\n');
    for (const file of ['x/new.ts', 'y/new.ts', 'z/new.ts', 'v/new.ts', 'w']) put(file);
    commit();
    project.write('src/a.ts', 'changed\n');
    project.write('src/b.ts', 'staged\n');
    project.git('add', 'src/b.ts');
    rmSync(project.path('docs/guide.md'));
    project.git('update-index', '--assume-unchanged', 'docs/in.md');
    project.write('docs/in.md', 'hidden\n');
    project.write('x/new.ts', 'untracked\n');
    ignore('y/\n');
    project.write('y/new.ts', 'ignored\n');
    project.write('z', 'a file where a folder is needed\n');
    symlinkSync('/etc', project.path('v'));
    project.write('w/inner', 'a folder where a file is needed\n');
    const refused = only('target-dirty');
    expect([...refused.files].sort()).toEqual([
      'docs/guide.md (changed, not committed)',
      'docs/in.md (changed, not committed)',
      'src/a.ts (changed, not committed)',
      'src/b.ts (changed, not committed)',
      'v (not in git, and in the way)',
      'w/inner (not in git, and in the way)',
      'x/new.ts (not in git, and in the way)',
      'y/new.ts (not in git, and in the way)',
      'z (not in git, and in the way)',
    ]);
    expect(refused).toMatchObject({ where: project.home, side: 'operator', isWaivable: false });
    ignore('');
    for (const name of ['v', 'w', 'x', 'y', 'z']) rmSync(project.path(name), { recursive: true });
    project.git('update-index', '--no-assume-unchanged', 'docs/in.md');
  });

  test('not: changes that the branch leaves alone, empty folders, a target that is checked out nowhere', () => {
    changing();
    project.write('docs/guide.md', 'x\n');
    project.write('deep/notes.txt', 'x');
    project.write('DECISIONS.md', 'x');
    mkdirSync(project.path('deep/er/new.ts'), { recursive: true });
    expect(rules()).toEqual([]);
    project.write('src/a.ts', 'x\n');
    expect(rules()).toEqual(['target-dirty']);
    project.git('checkout', '-q', '-B', 'side');
    expect(rules()).toEqual([]);
  });

  test('a target that is checked out elsewhere is looked at there', () => {
    changing();
    project.git('checkout', '-q', '-B', 'side');
    const elsewhere = join(project.outside('trees'), 'main');
    project.git('worktree', 'add', '-q', elsewhere, 'main');
    expect(rules()).toEqual([]);
    writeFileSync(join(elsewhere, 'src/a.ts'), 'theirs\n');
    expect(only('target-dirty').where).toBe(elsewhere);
    project.git('worktree', 'remove', '--force', elsewhere);
    project.git('checkout', '-q', 'main');
  });

  test('a merge under way where the target is checked out', () => {
    changing();
    project.git('checkout', '-q', '-B', 'side', start);
    project.write('docs/guide.md', 'side\n');
    project.git('commit', '-qam', 'Side');
    project.git('checkout', '-q', 'main');
    project.git('merge', '-q', '--no-commit', '--no-ff', 'side');
    expect(only('target-dirty').what).toContain('a merge is under way');
    project.git('merge', '--abort');
    expect(rules()).toEqual([]);
    project.git('branch', '-D', 'side');
  });
});

test('submodule: work in it that is not committed, or not pushed, in the worktree of the phase', () => {
  const library = project.outside('library');
  gitIn(library, 'init', '-q', '-b', 'main');
  const me = ['-c', 'user.name=T', '-c', 'user.email=t@e.invalid', '-c', 'protocol.file.allow=always'];
  gitIn(library, ...me, 'commit', '-q', '--allow-empty', '-m', 'Library');
  git(...me, 'submodule', '--quiet', 'add', library, 'lib');
  commit();
  expect(rules()).toEqual([]);
  const lib = join(root(), 'lib');
  writeFileSync(join(lib, 'new.ts'), 'x');
  expect(only('submodule').files).toEqual(['lib (uncommitted work in it)']);
  expect(rules('01', {}, 'run')).toEqual([]);
  gitIn(lib, 'add', '-A');
  gitIn(lib, ...me, 'commit', '-qm', 'Mine');
  expect(only('submodule').files).toEqual(['lib (uncommitted work in it)']);
  commit();
  expect(only('submodule').files[0]).toMatch(/^lib \([0-9a-f]{12}: its commit is on no remote branch\)$/);
  gitIn(lib, 'push', '-q', 'origin', 'HEAD:side');
  expect(rules()).toEqual([]);
  git('submodule', '--quiet', 'deinit', '-f', 'lib');
});

test('lfs: a file that was committed whole, in the worktree of the phase', () => {
  put('.gitattributes', '*.bin filter=lfs\n');
  put('raw.bin', 'whole\n');
  commit();
  expect(only('lfs').files).toEqual(['raw.bin (the file itself is committed, not a pointer to it)']);
  expect(rules('01', {}, 'run')).toEqual(['lfs']);
});

test.runIf(isLong)(
  '50,000 changed files, and as many untracked ones, in bounded time',
  () => {
    for (let at = 0; at < 50_000; at += 1) put(`many/${at % 100}/file-${at}.txt`, 'x\n');
    let startedAt = Date.now();
    expect(ask().refusals.find(({ rule }) => rule === 'dirty')?.total).toBe(50_000);
    expect(Date.now() - startedAt).toBeLessThan(30_000);
    commit();
    startedAt = Date.now();
    expect(ask()).toMatchObject({ refusals: [], changed: 50_000 });
    expect(Date.now() - startedAt).toBeLessThan(30_000);
    git('rm', '-r', '-q', 'many');
    project.git('branch', '-f', 'main-with-many', branch());
    commit();
    startedAt = Date.now();
    const refused = ask('01', { target: 'main-with-many' }).refusals;
    expect(refused).toMatchObject([{ rule: 'deletions', total: 50_000 }]);
    expect(Date.now() - startedAt).toBeLessThan(30_000);
  },
  300_000,
);

describe('evidence', () => {
  const set = (to: string[]) => void writeSetting(project.home, 'validation', to);
  const ran = (exit: number | null, id = '01', meanwhile = () => {}) =>
    ranBy(worker(project, id), { exit, meanwhile });
  beforeEach(() => {
    set(['npm test']);
    rmSync(project.path('.coordination/evidence'), { recursive: true, force: true });
    put('src/new.ts', 'new\n');
  });
  afterAll(() => set([]));

  test('passed on what was then committed, STATUS.md and other documents of coord’s left out', () => {
    ran(0);
    put('.planning/phases/01-phase-01/STATUS.md', 'later\n');
    commit();
    expect(rules()).toEqual([]);
  });

  test.each<[string, () => void, RegExp]>([
    ['never run', () => commit(), /it has not run here/],
    ['failed', () => [ran(1), commit()], /it failed \(exit 1\)/],
    ['stopped', () => [ran(null), commit()], /stopped/],
    ['of another tree', () => [ran(0), put('src/later.ts'), commit()], /on other files/],
    ['of another worktree', () => [ran(0, '02'), commit()], /it has not run here/],
    [
      'that changed what it judged',
      () => [ran(0, '01', () => put('src/new.ts', 'x\n')), commit()],
      /changed files/,
    ],
  ])('%s', (_, doing, why) => {
    doing();
    const refused = only('evidence');
    expect(refused).toMatchObject({
      isWaivable: true,
      next: ['coord run -- npm test', 'coord merge add 01'],
    });
    expect(refused.files[0]).toMatch(why);
    expect(ask('01', { waived: ['evidence'] })).toMatchObject({ refusals: [], waived: ['evidence'] });
    expect(rules('01', {}, 'run')).toEqual([]);
  });

  test('of one validation says nothing of another', () => {
    set(['npm test', 'npm run lint']);
    ran(0);
    commit();
    expect(only('evidence').files).toEqual(['npm run lint (it has not run here)']);
  });

  test('is not asked where no gate is', () => {
    commit();
    writeSetting(project.home, 'gate', 'off');
    expect(rules()).toEqual([]);
    writeSetting(project.home, 'gate', 'on');
    expect(rules()).toEqual(['evidence']);
    set([]);
    expect(rules()).toEqual([]);
  });
});
