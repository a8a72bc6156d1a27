/** What is left of work that is over: doctor names it, `coord merge reap` takes away what may go. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readStatus } from '../../src/storage/document-kinds.ts';
import { openSlot } from '../../src/storage/integration.ts';
import { readLease, takeLease } from '../../src/storage/light/lease.ts';
import { listLeftPlaces } from '../../src/storage/light/left-places.ts';
import { markOf, type ProcessMark } from '../../src/storage/light/process.ts';
import { writeSession } from '../../src/storage/light/roster.ts';
import { readSeat, takeSeat } from '../../src/storage/light/seat.ts';
import { printFinding } from '../../src/surfaces/wording/findings.ts';
import { changePlan } from '../../src/usecases/change-status.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import { cleanLanded, removeGuarded } from '../../src/usecases/clean-landed.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { expireKept } from '../../src/usecases/expire-kept.ts';
import { findOrphans } from '../../src/usecases/find-orphans.ts';
import { joinPhase } from '../../src/usecases/join-phase.ts';
import { reapOrphans } from '../../src/usecases/reap-orphans.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { commitIn, landedPhases, landPhase } from '../kit/landed.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { addPhase, callerIn, coordinated, started, value, worker } from '../kit/scene.ts';
import { OTHER_ALIVE, sessionRecord } from '../storage/scratch.ts';

let project: Project;
afterEach(() => project.dispose());

const reap = (isDryRun = false) => {
  const { reaped, kept } = value(reapOrphans(project.home, isDryRun));
  return {
    reaped: reaped.map(({ kind, phase }) => `${kind} ${phase}`),
    kept: kept.map(({ kind, phase, keep }) => `${kind} ${phase}: ${keep?.code}`),
  };
};
const findings = () =>
  checkProject(project.home, false).flatMap((finding) =>
    finding.code === 'orphan' ? [`${finding.kind} ${finding.phase}: ${finding.why ?? 'may go'}`] : [],
  );
const branches = () => project.git('for-each-ref', '--format=%(refname:lstrip=3)', 'refs/heads/coord').trim();

describe('no orphan', () => {
  test('is what belongs to an active phase, nor anything of a project that has not begun', () => {
    project = started('01');
    commitIn(project.worktree('01'), 'a.txt', 'x\n');
    expect([findings(), reap()]).toEqual([[], { reaped: [], kept: [] }]);
    expect(branches()).toBe('01-phase-01');
  });

  test('is what a session still stands in; it is kept all the same', () => {
    project = started('01');
    value(closePhase(project.home, '01', true));
    const root = project.worktree('01');
    writeSession(project.home, sessionRecord('s', { place: '01-phase-01', root, process: OTHER_ALIVE }));
    expect(findings()).toEqual([]);
    expect(reap()).toEqual({ reaped: [], kept: ['closed 01: in-use'] });
  });
});

describe('an orphan', () => {
  test('is what landed and was kept then: doctor says why, and it goes when nothing is lost any more', () => {
    project = started('01');
    const [entry] = landedPhases(project, '01');
    if (!entry) throw new Error('no entry');
    const note = join(project.worktree('01'), 'notes.md');
    writeFileSync(note, 'x\n');
    expect(cleanLanded(project.home, entry)).toMatchObject({ worktree: 'kept' });
    expect(findings()).toEqual(['landed 01: files that were never added to git: notes.md']);
    expect(reap()).toEqual({ reaped: [], kept: ['landed 01: untracked'] });
    rmSync(note);
    expect(findings()).toEqual(['landed 01: may go']);
    expect(reap(true)).toEqual({ reaped: ['landed 01'], kept: [] });
    expect(existsSync(project.worktree('01'))).toBe(true);
    expect(reap()).toEqual({ reaped: ['landed 01'], kept: [] });
    expect([existsSync(project.worktree('01')), branches(), findings()]).toEqual([false, '', []]);
  });

  test('is what a closed phase left; it goes where the target has its commits, however they came there', () => {
    project = started('01', '02');
    for (const id of ['01', '02']) {
      commitIn(project.worktree(id), `${id}.txt`, 'x\n');
      value(closePhase(project.home, id, true));
    }
    project.git('merge', '-q', '--no-edit', 'coord/01-phase-01');
    expect(findings()).toEqual([
      'closed 01: may go',
      'closed 02: coord/02-phase-02 has commits that main does not have',
    ]);
    expect(reap()).toEqual({ reaped: ['closed 01'], kept: ['closed 02: unmerged'] });
    expect(branches()).toBe('02-phase-02');
  });

  test('is a branch of a start that failed, on which each try would fail; it goes, and the next start works', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    project.git('branch', 'coord/01-phase-01');
    expect(startPhase(project.home, '01').done).toBe(false);
    expect(findings()).toEqual(['unknown 01: may go']);
    expect(reap()).toEqual({ reaped: ['unknown 01'], kept: [] });
    expect(startPhase(project.home, '01').done).toBe(true);
    expect([findings(), reap()]).toEqual([[], { reaped: [], kept: [] }]);
  });

  test('is a branch of no phase at all; with commits of its own it is kept', () => {
    project = coordinated();
    project.git('branch', 'coord/nothing');
    project.git('worktree', 'add', '-q', '-b', 'coord/work', project.path('.claude/worktrees/work'));
    commitIn(project.path('.claude/worktrees/work'), 'a.txt', 'x\n');
    project.git('branch', 'mine');
    expect(findings()).toEqual([
      'unknown null: may go',
      'unknown null: coord/work has commits that main does not have',
    ]);
    expect(reap()).toEqual({ reaped: ['unknown null'], kept: ['unknown null: unmerged'] });
    expect([branches(), project.git('branch', '--list', 'mine').trim()]).toEqual(['work', 'mine']);
  });

  test('is what a start noted that was killed before its phase was active', () => {
    project = coordinated();
    value(addPhase(project, '01'));
    const root = project.worktree('01');
    project.git('worktree', 'add', '-q', '-b', 'coord/01-phase-01', root);
    project.write(
      '.coordination/roster/starting/01-phase-01.json',
      JSON.stringify({ worktree: root, branch: 'coord/01-phase-01' }),
    );
    expect(findings()).toEqual(['half-started 01: may go']);
    expect(reap()).toEqual({ reaped: ['half-started 01'], kept: [] });
    expect([existsSync(root), branches()]).toEqual([false, '']);
    expect(readdirSync(project.path('.coordination/roster/starting'))).toEqual([]);
    expect(startPhase(project.home, '01').done).toBe(true);
  });

  test('is a worktree from which a phase was taken over; it goes when the target has what was committed there', () => {
    project = started('01');
    const old = project.worktree('01');
    commitIn(old, 'a.txt', 'x\n');
    project.git('worktree', 'add', '-q', '-b', 'mine', project.path('.claude/worktrees/mine'));
    value(joinPhase(callerIn(project.path('.claude/worktrees/mine')), '01', true));
    expect(reap()).toEqual({ reaped: [], kept: ['left 01: unmerged'] });
    commitIn(project.home, 'b.txt', 'x\n');
    project.git('cherry-pick', 'coord/01-phase-01');
    writeFileSync(join(old, 'a.txt'), 'half\n');
    expect(reap()).toEqual({ reaped: [], kept: ['left 01: dirty'] });
    gitIn(old, 'checkout', '-q', 'a.txt');
    expect(reap()).toEqual({ reaped: ['left 01'], kept: [] });
    expect([existsSync(old), branches()]).toEqual([false, '']);
    expect(reap()).toEqual({ reaped: [], kept: [] });
    expect(existsSync(project.path('.claude/worktrees/mine'))).toBe(true);
    expect(listLeftPlaces(project.home).map(({ place }) => place)).toEqual(['mine']);
  });

  test('is one that a client locked which has died; the lock of one that lives, or of a person, holds', () => {
    project = started('01');
    landedPhases(project, '01');
    const root = project.worktree('01');
    const [own, ticks] = [process.pid, markOf(process.pid).started?.split('.').at(-1)];
    const dead = spawnSync('true').pid;
    const reasons: [string, boolean][] = [
      ['mine', true],
      [`claude agent a1 (pid ${own} start ${ticks})`, true],
      [`claude agent a1 (pid ${own})`, true],
      ...(ticks === undefined
        ? []
        : ([[`claude agent a1 (pid ${own} start 1)`, false]] as [string, boolean][])),
      [`claude agent a1 (pid ${dead} start 5)`, false],
    ];
    for (const [reason, holds] of reasons) {
      project.git('worktree', 'lock', '--reason', reason, root);
      const found = reap(!holds);
      expect([reason, found]).toEqual([
        reason,
        holds ? { reaped: [], kept: ['landed 01: locked'] } : { reaped: ['landed 01'], kept: [] },
      ]);
      project.git('worktree', 'unlock', root);
    }
    project.git('worktree', 'lock', '--reason', reasons.at(-1)?.[0] ?? '', root);
    expect([reap(), existsSync(root)]).toEqual([{ reaped: ['landed 01'], kept: [] }, false]);
  });

  test('is an entry of a phase that is not active; only its cancelling takes it out of the queue', () => {
    project = started('01');
    commitIn(project.worktree('01'), 'a.txt', 'x\n');
    const entry = landPhase(project, '01');
    value(closePhase(project.home, '01', true));
    const { landed: _, ...waiting } = { ...entry, state: 'queued' };
    project.write('.coordination/queue/entries/01.1.json', JSON.stringify(waiting));
    expect(findings()).toContain(
      'entry 01: entry 01.1 waits in the queue; `coord merge cancel 01.1` takes it out',
    );
    expect(reap().kept).toContain('entry 01: waits');
    expect(existsSync(project.path('.coordination/queue/entries/01.1.json'))).toBe(true);
  });

  test('is an integration worktree beyond the setting; those that a run uses stay', () => {
    project = coordinated();
    for (const number of [1, 2, 3]) expect(openSlot(project.home, number).done).toBe(true);
    expect(findings()).toEqual(['slot null: may go', 'slot null: may go']);
    expect(reap()).toEqual({ reaped: ['slot null', 'slot null'], kept: [] });
    expect(readdirSync(project.path('.coordination/integration'))).toEqual(['slot-1']);
    expect(project.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(2);
  });

  test('is told with what it is, why it is kept, and the next command', () => {
    project = started('01');
    value(closePhase(project.home, '01', true));
    const told = () => checkProject(project.home, false).map(printFinding).join('\n');
    expect(told()).toMatch(
      /worktree .*01-phase-01 with branch coord\/01-phase-01 of phase 01, which is closed\. Nothing of it would be lost: `coord merge reap`/,
    );
    writeFileSync(join(project.worktree('01'), 'notes.md'), 'x\n');
    expect(told()).toMatch(
      /kept, since files that were never added to git: notes\.md\. Look: `git -C .*01-phase-01 status`/,
    );
  });
});

describe('a worktree that a person made elsewhere', () => {
  const joining = () => {
    project = coordinated();
    value(addPhase(project, '01'));
    const mine = join(project.outside('elsewhere'), 'mine');
    project.git('worktree', 'add', '-q', '-b', 'mine', mine);
    return mine;
  };

  test('is the person’s, and so is its branch, also when the phase is closed and the worktree gone', () => {
    const mine = joining();
    value(joinPhase(callerIn(mine), '01', false));
    value(closePhase(project.home, '01', true));
    expect([findings(), reap()]).toEqual([[], { reaped: [], kept: [] }]);
    project.git('worktree', 'remove', '--force', mine);
    expect([findings(), reap()]).toEqual([[], { reaped: [], kept: [] }]);
    expect(project.git('branch', '--list', 'mine').trim()).toBe('mine');
  });

  test('and that was refused for its base has no work of the phase', () => {
    const mine = joining();
    commitIn(mine, 'a.txt', 'x\n');
    commitIn(project.home, 'b.txt', 'x\n');
    expect(joinPhase(callerIn(mine), '01', false)).toMatchObject({ problem: { code: 'wrong-base' } });
    expect(listLeftPlaces(project.home)).toEqual([]);
    const other = join(project.outside('elsewhere'), 'other');
    project.git('worktree', 'add', '-q', '-b', 'other', other);
    expect(value(joinPhase(callerIn(other), '01', false))).not.toHaveProperty('earlier_branch');
  });
});

test('a worktree of a subagent that died before it joined a phase goes when it is clean; a living one’s stays', () => {
  project = started('01');
  const dead = { pid: spawnSync('true').pid ?? 0, started: null };
  const seats: [string, ProcessMark][] = [
    ['agent-dead', dead],
    ['agent-working', dead],
    ['agent-living', markOf(process.pid)],
  ];
  for (const [place, process] of seats) {
    const worktree = project.path('.claude/worktrees', place);
    project.git('worktree', 'add', '-q', '-b', `worktree-${place}`, worktree);
    takeSeat({ home: project.home, place, owner: place, session: 's', agent: place, process }, Date.now());
  }
  writeFileSync(project.path('.claude/worktrees/agent-working/half.txt'), 'half\n');
  expect(reap()).toEqual({ reaped: ['guest null'], kept: ['guest null: untracked'] });
  const standing = seats.map(([place]) => existsSync(project.path('.claude/worktrees', place)));
  expect(standing).toEqual([false, true, true]);
  expect(readSeat(project.home, 'agent-dead')).toBeUndefined();
});

test('a worktree whose subagent never came goes an hour after it was made', () => {
  project = started('01');
  const places = ['agent-a1', 'agent-half', 'agent-young', 'agent-theirs', 'mine'];
  const admin = (place: string) => project.path('.git/worktrees', place);
  for (const place of places) {
    const branch = place === 'agent-theirs' ? 'feature' : `worktree-${place}`;
    project.git('worktree', 'add', '-q', '-b', branch, project.path('.claude/worktrees', place));
  }
  // As a git leaves it that is killed before its end.
  writeFileSync(join(admin('agent-half'), 'locked'), 'initializing');
  const longAgo = Date.now() / 1_000 - 2 * 3_600;
  for (const place of places.filter((one) => one !== 'agent-young'))
    for (const name of ['HEAD', 'index', 'logs/HEAD', 'locked'])
      if (existsSync(join(admin(place), name))) utimesSync(join(admin(place), name), longAgo, longAgo);
  for (const branch of ['worktree-agent-b1', 'worktree-agent-own', 'worktree-agent-new', 'worktree-other'])
    project.git('branch', branch);
  const own = project.git('commit-tree', '-p', 'HEAD', '-m', 'Own', 'HEAD^{tree}').trim();
  project.git('update-ref', 'refs/heads/worktree-agent-own', own);
  for (const branch of ['worktree-agent-b1', 'worktree-agent-own', 'worktree-other'])
    for (const folder of ['refs', 'logs/refs'])
      utimesSync(project.path('.git', folder, 'heads', branch), longAgo, longAgo);
  expect(reap()).toEqual({
    reaped: ['guest null', 'guest null', 'guest null'],
    kept: ['guest null: unmerged'],
  });
  const left = project.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/worktree-*').split('\n');
  expect(left).toEqual(
    expect.arrayContaining(['worktree-agent-new', 'worktree-agent-own', 'worktree-other']),
  );
  expect(left).not.toContain('worktree-agent-b1');
  const standing = places.filter((place) => existsSync(project.path('.claude/worktrees', place)));
  expect(standing).toEqual(['agent-young', 'agent-theirs', 'mine']);
  expect(project.git('branch', '--list', 'worktree-agent-half')).toBe('');
});

test('who had the seat of a worktree that is gone is known, until the phase goes on elsewhere', () => {
  project = started('01');
  const process = { pid: spawnSync('true').pid ?? 0, started: null };
  const seat = { home: project.home, place: '01-phase-01', owner: 'worker-01', session: 's', agent: null };
  takeSeat({ ...seat, process }, Date.now());
  value(changePlan(worker(project, '01'), '01-01', 'start'));
  project.git('worktree', 'remove', '--force', project.worktree('01'));
  reap();
  const root = project.path('.claude/worktrees/mine');
  project.git('worktree', 'add', '-q', '-b', 'mine', root);
  value(joinPhase(callerIn(root), '01', false));
  const { plans } = value(readStatus({ home: project.home, root, folder: '01-phase-01' })).document;
  expect(plans[0]?.handoff).toMatchObject({ session: 's' });
});

test('the seat of a place that is gone is free, when its session has died; others stay as they are', () => {
  project = started('01');
  const dead = { pid: spawnSync('true').pid ?? 0, started: null };
  const seats: [string, ProcessMark][] = [
    ['agent-gone', dead],
    ['agent-living', markOf(process.pid)],
    ['01-phase-01', dead],
  ];
  for (const [place, process] of seats)
    takeSeat(
      { home: project.home, place, owner: 'x', session: `s-${place}`, agent: null, process },
      Date.now(),
    );
  const mutex = project.path('.coordination/leases/report-01');
  const options = { now: Date.now, ttlMs: null, judge: () => 'alive' as const };
  takeLease(mutex, { owner: 'x', session: 's', agent: null, process: dead }, options);
  reap();
  expect(readLease(mutex)?.holder).toBeNull();
  const held = seats.map(([place]) => readSeat(project.home, place)?.session);
  expect(held).toEqual([undefined, 's-agent-living', 's-01-phase-01']);
});

test('a phase that was started since its branch was looked for is not taken away', () => {
  project = coordinated();
  value(addPhase(project, '01'));
  project.git('branch', 'coord/01-phase-01');
  const [found] = value(findOrphans(project.home));
  if (!found?.manifest) throw new Error('nothing found');
  project.git('branch', '-D', 'coord/01-phase-01');
  value(startPhase(project.home, '01'));
  const manifest = { ...found.manifest, place: '01-phase-01', worktree: project.worktree('01') };
  for (const one of [found.manifest, manifest])
    expect(removeGuarded(project.home, one)).toMatchObject({ keep: { code: 'phase-active', phase: '01' } });
  expect([existsSync(project.worktree('01')), branches()]).toEqual([true, '01-phase-01']);
});

test('what clean-ups keep is kept for ninety days', () => {
  project = started('01');
  const [entry] = landedPhases(project, '01');
  if (!entry) throw new Error('no entry');
  cleanLanded(project.home, entry);
  project.git('update-ref', 'refs/coord/landed/99.1', 'main');
  const old = project.path('.coordination/queue/kept/99.1');
  mkdirSync(old);
  const days = (count: number) => Date.now() + count * 24 * 3_600_000;
  const left = () => [
    project
      .git('for-each-ref', '--format=%(refname:lstrip=3)', 'refs/coord/landed')
      .trim()
      .split('\n')
      .filter(Boolean),
    readdirSync(project.path('.coordination/queue/kept')).sort(),
  ];
  expireKept(project.home, days(89));
  expect(left()).toEqual([
    ['01.1', '99.1'],
    ['01.1', '99.1'],
  ]);
  utimesSync(old, 0, 0);
  expireKept(project.home, days(91));
  // Of the other one only its commit tells how old it is, so it is given as long again.
  expect(left()).toEqual([['99.1'], []]);
  expireKept(project.home, days(181));
  expect(left()).toEqual([[], []]);
});
