/** The pre-flight's judgement on facts alone: order, waivers, bounds, and file systems that are blind to case. */
import { describe, expect, test } from 'vitest';
import type { Change, PreflightFacts } from '../../src/domain/preflight/facts.ts';
import { typedPath, typedPathspec, typedPathspecs } from '../../src/domain/preflight/lists.ts';
import { judgePreflight, summaryOf } from '../../src/domain/preflight/preflight.ts';

const BASE = 'b'.repeat(40);
const TIP = 'c'.repeat(40);

function change(path: string, over: Partial<Change> = {}): Change {
  const blob = { oldMode: '100644', newMode: '100644', oldBlob: BASE, newBlob: TIP };
  return { key: path, path, kind: 'modified', ...blob, ...over };
}

function facts(over: Partial<PreflightFacts> = {}): PreflightFacts {
  const history = {
    base: BASE,
    isInTarget: false,
    holdsTip: true,
    start: BASE,
    startFlaw: undefined,
    mixedIn: [],
  };
  return {
    moment: 'add',
    phase: { id: '01', folder: '01-api', branch: 'coord/01-api', scope: [] },
    target: { name: 'main', state: 'there', commit: BASE, isSet: false },
    root: '/w',
    tip: TIP,
    tipBefore: TIP,
    deletionsMax: 50,
    caseBlind: false,
    waived: [],
    history,
    worktree: { root: '/w', branch: 'coord/01-api', underWay: undefined, dirty: [], dirtySubmodules: [] },
    changed: { changes: [change('src/a.ts')], ignoreLost: [] },
    checkouts: [],
    ...over,
  };
}

const changed = (...changes: Change[]) => facts({ changed: { changes, ignoreLost: [] } });
const rules = (of: PreflightFacts) => judgePreflight(of).refusals.map(({ rule }) => rule);
const scoped = {
  id: '01',
  folder: '01-api',
  branch: 'coord/01-api',
  scope: [{ glob: 'src/**', pattern: '^src/' }],
};

test('nothing wrong is nothing said', () => {
  expect(judgePreflight(facts())).toEqual({ refusals: [], waived: [] });
  expect(summaryOf([])).toBe('');
});

test('without a target or a branch nothing else is judged', () => {
  const dirty = facts({
    target: { name: 'main', state: 'unborn', commit: undefined, isSet: false },
    tip: undefined,
  });
  expect(rules(dirty)).toEqual(['target-missing']);
  expect(rules({ ...facts(), tip: undefined })).toEqual(['branch-missing']);
});

test('all that is wrong is told at once, in one order', () => {
  const all = facts({
    phase: scoped,
    deletionsMax: 0,
    history: { base: BASE, isInTarget: false, holdsTip: true, start: BASE, startFlaw: 'lost', mixedIn: [] },
    worktree: {
      root: '/w',
      branch: 'coord/01-api',
      underWay: 'rebase',
      dirty: [{ key: 'x', path: 'x', kind: 'untracked' }],
      dirtySubmodules: [{ key: 'lib', path: 'lib' }],
    },
    changed: {
      changes: [change('AGENTS.md'), change('other.ts'), change('src/b.ts', { kind: 'deleted' })],
      ignoreLost: [],
    },
    checkouts: [{ root: '/home', dirty: ['other.ts'], inTheWay: [], underWay: undefined }],
    submodules: [{ key: 'lib', path: 'lib', flaw: 'absent', commit: TIP }],
    lfs: [{ key: 'a.bin', path: 'a.bin', flaw: 'no-object' }],
    proof: { validations: ['npm test'], evidence: [], place: '01-api', tree: TIP },
  });
  expect(rules(all)).toEqual([
    'dirty',
    'wrong-base',
    'coordinator-files',
    'deletions',
    'scope',
    'target-dirty',
    'submodule',
    'lfs',
    'evidence',
  ]);
  const some = judgePreflight({ ...all, waived: ['evidence', 'scope', 'deletions'] });
  expect(some.waived).toEqual(['deletions', 'scope', 'evidence']);
  expect(some.refusals.map(({ rule }) => rule)).not.toContain('scope');
  // What lies in worktrees and was proven when it was added is not asked again.
  expect(rules({ ...all, moment: 'run' })).toEqual([
    'wrong-base',
    'coordinator-files',
    'deletions',
    'scope',
    'target-dirty',
    'submodule',
    'lfs',
  ]);
  expect(summaryOf(judgePreflight(all).refusals)).toContain(
    'dirty: a rebase is under way, and 1 file is not committed (x (untracked)); wrong-base: ',
  );
});

test('a waiver lets pass its own rule, and none that cannot be waived', () => {
  const of = changed(change('AGENTS.md'));
  expect(rules({ ...of, waived: ['deletions', 'scope', 'evidence'] })).toEqual(['coordinator-files']);
  expect(judgePreflight({ ...facts(), waived: ['scope'] }).waived).toEqual([]);
});

describe('lists are bounded, and say how many there are', () => {
  test.each([1, 20, 21, 100_000])('%d files', (count) => {
    const startedAt = performance.now();
    const many = Array.from({ length: count }, (_, at) => change(`docs/${at}.md`));
    const [refused] = judgePreflight({
      ...changed(...many.slice(0, 1)),
      phase: scoped,
      changed: { changes: many, ignoreLost: [] },
    }).refusals;
    expect(refused).toMatchObject({ rule: 'scope', total: count });
    expect(refused?.files).toHaveLength(Math.min(count, 20));
    expect(refused?.next[0]?.length).toBeLessThan(200);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('names that differ by case alone', () => {
  const moved = [change('docs/Read.md', { kind: 'deleted' }), change('docs/read.md', { kind: 'added' })];
  test('are no deletion', () => {
    expect(rules({ ...changed(...moved), deletionsMax: 0 })).toEqual([]);
    expect(rules({ ...changed(change('docs/Read.md', { kind: 'deleted' })), deletionsMax: 0 })).toEqual([
      'deletions',
    ]);
  });

  test.each([
    ['.planning/state.md', true],
    ['agents.MD', true],
    ['.Coordination/x', true],
    ['.CLAUDE/coord.md', true],
    ['.planning/phases/01-API/status.md', false],
    ['.planning/phases/02-API/status.md', true],
    ['docs/agents.md', false],
  ])('%s is guarded where the file system is blind to it: %s', (path, isGuarded) => {
    const of = changed(change(path));
    expect(rules({ ...of, caseBlind: true })).toEqual(isGuarded ? ['coordinator-files'] : []);
    expect(rules(of)).toEqual([]);
  });

  test('a scope is blind to it there too', () => {
    const of = { ...changed(change('SRC/a.ts')), phase: scoped };
    expect(rules({ ...of, caseBlind: true })).toEqual([]);
    expect(rules(of)).toEqual(['scope']);
  });
});

describe('.progress', () => {
  test.each<[string, Partial<Change>, string[]]>([
    ['added by force', { kind: 'added' }, ['coordinator-files']],
    ['changed, in a project that tracks it', { kind: 'modified' }, []],
    ['deleted', { kind: 'deleted' }, []],
  ])('%s', (_, over, expected) => {
    expect(rules(changed(change('.progress/metrics.json', over)))).toEqual(expected);
  });
});

test('a submodule or link in place of a folder is refused, its removal is not', () => {
  const link = { kind: 'added' as const, newMode: '160000' };
  expect(rules(changed(change('.planning/phases', link)))).toEqual(['coordinator-files']);
  expect(rules(changed(change('.claude', { kind: 'added', newMode: '120000' })))).toEqual([
    'coordinator-files',
  ]);
  expect(rules(changed(change('.claude', { kind: 'deleted', oldMode: '120000' })))).toEqual([]);
  expect(rules(changed(change('.claudes', link)))).toEqual([]);
  for (const path of [
    'DECISIONS.md/x',
    '.planning/STATE.md/x',
    '.planning/phases/01-api/STATUS.md/x',
    '.claude/coord.md/x',
  ])
    expect([path, rules(changed(change(path, { kind: 'added' })))]).toEqual([path, ['coordinator-files']]);
  expect(rules(changed(change('.planning/phases/01-api/notes/x.md', { kind: 'added' })))).toEqual([]);
});

test('its own STATUS.md stays a file', () => {
  const own = '.planning/phases/01-api/STATUS.md';
  expect(rules(changed(change(own)))).toEqual([]);
  for (const newMode of ['120000', '160000'])
    expect(rules(changed(change(own, { kind: 'type-changed', newMode })))).toEqual(['coordinator-files']);
  expect(rules(changed(change(own, { kind: 'deleted', newMode: '000000' })))).toEqual([]);
});

test('without a worktree it says so', () => {
  const { refusals } = judgePreflight({
    ...facts(),
    root: undefined,
    changed: { changes: [change('AGENTS.md')], ignoreLost: [] },
  });
  expect(refusals[0]?.where).toBe('coord/01-api, which has no worktree now');
});

test('a validation is told as the line by which it counts', () => {
  const validations = ['npm test', "npm run 'a b'", 'npm test | tee "it\'s.log"'];
  const proof = { validations, evidence: [], place: '01-api', tree: TIP };
  expect(judgePreflight(facts({ proof })).refusals[0]?.next).toEqual([
    'coord run -- npm test',
    "coord run -- npm run 'a b'",
    `coord run -- bash -c 'npm test | tee "it'\\''s.log"'`,
    'coord merge add 01',
  ]);
});

describe('commands that are told can be typed, and do what they say', () => {
  test.each([
    ['src/a.ts', 'src/a.ts', 'src/a.ts'],
    ['a b.ts', "'a b.ts'", "'a b.ts'"],
    ["it's", "'it'\\''s'", "'it'\\''s'"],
    ['-rf', './-rf', './-rf'],
    ['a*', "'a*'", "':(literal)a*'"],
    [':(top)x', "':(top)x'", "':(literal):(top)x'"],
    ['new\nline', `"$(printf 'new\\012line')"`, `"$(printf 'new\\012line')"`],
    ['\u001b2J', `"$(printf '\\0332J')"`, `"$(printf '\\0332J')"`],
    ['a  b', "'a  b'", "'a  b'"],
    ['last\n', '<file>', '<file>'],
    ['bytes\ufffd', '<file>', '<file>'],
    ['x'.repeat(400), 'x'.repeat(400), 'x'.repeat(400)],
    ['x'.repeat(5_000), '<name>', '<name>'],
    ['', '<file>', '<file>'],
  ])('%j', (path, typed, pathspec) => {
    expect(typedPath(path)).toBe(typed);
    expect(typedPathspec(path)).toBe(pathspec);
  });

  test('a few at once', () => {
    expect(typedPathspecs(['a', 'b\n', 'c\n', 'd', 'e'])).toBe('a <file> d …');
  });
});
