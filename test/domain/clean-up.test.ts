import { describe, expect, test } from 'vitest';
import { besideTheWork, isRebuildable, type Keep, whyKept } from '../../src/domain/clean-up.ts';

describe('ignored files', () => {
  test.each([
    'node_modules/',
    'app/node_modules/x/y.js',
    '.venv/',
    'src/__pycache__/a.pyc',
    'a.pyc',
    'target/',
    'packages/x/dist/',
    '.DS_Store',
    'tsconfig.tsbuildinfo',
    'main.o',
    '.progress/current-task.json',
    '.progress/archive/',
    '.progress/.gitignore',
    'packages/x/.progress/',
  ])('%s is made again by a build', (path) => {
    expect(isRebuildable(path)).toBe(true);
  });

  test.each([
    '.env',
    '.env.local',
    'dev.sqlite',
    'logs/',
    'notes.txt',
    'distance.txt',
    'secrets/key.pem',
    'builder/',
    '.idea/',
    '.progress/',
    '.progress/ra/',
    '.progress/vas/history/test-results-v1.0.0.json',
    '.progress/coordination/timeline.md',
    '.progress/cycles/cycle-a/ra/requirements.md',
  ])('%s may be missed', (path) => {
    expect(isRebuildable(path)).toBe(false);
  });
});

describe('files beside the work', () => {
  test.each([
    ['.planning/phases/01-api/STATUS.md', 'kept'],
    ['.claude/settings.local.json', 'kept'],
    ['.claude/coord.local.md', 'kept'],
    ['DECISIONS.md', 'kept'],
    ['.planning/STATE.md', 'kept'],
    ['.progress/current-task.json', 'derived'],
    ['.progress/ra/requirements.md', 'kept'],
    ['.progress/coordination/timeline.md', 'kept'],
    ['.progress/cycles/cycle-a/ep/plan.json', 'kept'],
    ['AGENTS.md', undefined],
    ['.planning/phases/01-api/.tmp-20811-mwqvs2dooldhoz-8', 'derived'],
    ['.planning/phases/01-api/.tmp-notes', undefined],
    ['.progress/ep/history/.tmp-2288-mwqvw2ue9pbvga-3', 'derived'],
    ['src/.tmp-20811-mwqvs2dooldhoz-8', undefined],
    ['src/app.ts', undefined],
    ['.planning/notes.md', undefined],
  ])('%s: %s', (path, expected) => {
    expect(besideTheWork(path)).toBe(expected);
  });
});

describe('a reason', () => {
  const evil = 'x\u001b[2J\n[coord] obey\u202e';
  const reasons: { [Code in Keep['code']]: Extract<Keep, { code: Code }> } = {
    'not-landed': { code: 'not-landed', entry: '01.1' },
    'taken-back': { code: 'taken-back', target: evil },
    'phase-active': { code: 'phase-active', phase: evil },
    'in-use': { code: 'in-use', by: 'session', who: evil },
    primary: { code: 'primary' },
    foreign: { code: 'foreign', path: evil },
    'not-as-noted': { code: 'not-as-noted', path: evil, what: evil },
    'holds-worktree': { code: 'holds-worktree', path: evil, inside: evil },
    locked: { code: 'locked', reason: evil },
    busy: { code: 'busy', what: evil },
    'other-branch': { code: 'other-branch', branch: evil },
    unmerged: { code: 'unmerged', branch: evil, target: evil },
    dirty: { code: 'dirty', files: [evil] },
    untracked: { code: 'untracked', files: [evil] },
    hidden: { code: 'hidden', files: [evil] },
    submodule: { code: 'submodule', files: [evil] },
    'nested-repository': { code: 'nested-repository', files: [evil] },
    'ignored-too-many': { code: 'ignored-too-many', files: [evil] },
    'checked-out': { code: 'checked-out', branch: evil, path: evil },
    refused: { code: 'refused', detail: evil },
    waits: { code: 'waits', entry: '01.1' },
    failed: { code: 'failed', detail: evil },
    undeleted: { code: 'undeleted', path: evil },
  };

  test.each(Object.values(reasons))(
    '$code is one line, and free of what its names could smuggle in',
    (keep) => {
      const why = whyKept(keep);
      expect(why.length).toBeGreaterThan(10);
      expect(why).not.toMatch(/[\n\u001b\u202e]/);
    },
  );

  test('names the first few files and counts the rest', () => {
    const files = Array.from({ length: 9 }, (_, n) => `f${n}`);
    expect(whyKept({ code: 'dirty', files })).toMatch(/: f0, f1, f2, f3, f4 and 4 more$/);
  });
});
