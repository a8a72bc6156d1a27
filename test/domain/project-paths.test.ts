import { describe, expect, test } from 'vitest';
import {
  COORDINATION,
  documentAt,
  IGNORED_BY_GIT,
  mayHoldDocuments,
  RUNTIME_FOLDERS,
  STATE_FILE,
  statusFileOf,
} from '../../src/domain/project-paths.ts';

const runtime = (folder: string) => ({ kind: 'runtime', folder });
const status = (phaseFolder: string) => ({ kind: 'status', phaseFolder });

describe('documentAt', () => {
  test.each([
    ['.planning/STATE.md', { kind: 'state' }],
    ['AGENTS.md', { kind: 'agents' }],
    ['DECISIONS.md', { kind: 'decisions' }],
    ['.planning/phases/01-api/STATUS.md', status('01-api')],
    ['.coordination', runtime('.coordination')],
    ['.coordination/inbox/worker-01/x.json', runtime('.coordination')],
    ['.workflow/.cycle', runtime('.workflow/.cycle')],
    ['.workflow/.cycle/x.json', runtime('.workflow/.cycle')],
    ['.taskers/x', runtime('.taskers')],
    ['', undefined],
    ['STATE.md', undefined],
    ['STATUS.md', undefined],
    ['planning/STATE.md', undefined],
    ['.planning/STATE.md/x', undefined],
    ['.planning/STATE.md.bak', undefined],
    ['x/.planning/STATE.md', undefined],
    ['.planning/phases/STATUS.md', undefined],
    ['.planning/phases//STATUS.md', undefined],
    ['.planning/phases/a/b/STATUS.md', undefined],
    ['.planning/phases/01-api/STATUS.md/x', undefined],
    ['.planning/phases/01-api/status.md', undefined],
    ['.planning/other/01-api/STATUS.md', undefined],
    ['.coordinationx', undefined],
    ['.Coordination/x', undefined],
    ['.workflow', undefined],
    ['.workflow/.cycles', undefined],
    ['.progress/metrics.json', undefined],
    ['.claude/worktrees/01/AGENTS.md', undefined],
  ])('%j is %j', (path, expected) => {
    expect(documentAt(path, false)).toEqual(expected);
  });

  test.each([
    ['.PLANNING/state.MD', { kind: 'state' }],
    ['agents.md', { kind: 'agents' }],
    ['Decisions.md', { kind: 'decisions' }],
    ['.planning/PHASES/01-API/status.md', status('01-api')],
    ['.COORDINATION/x', runtime('.coordination')],
    ['.Workflow/.Cycle/x', runtime('.workflow/.cycle')],
    ['agents.md2', undefined],
    ['.planning/phases/x/y/status.md', undefined],
  ])('where the file system is blind to case, %j is %j', (path, expected) => {
    expect(documentAt(path, true)).toEqual(expected);
  });

  test('what statusFileOf makes is a STATUS.md of that folder', () => {
    expect(documentAt(statusFileOf('7-x'), false)).toEqual(status('7-x'));
  });
});

describe('mayHoldDocuments', () => {
  test.each([
    ['', true],
    ['.planning', true],
    [STATE_FILE, true],
    ['.planning/phases', true],
    ['.planning/phases/x', true],
    ['.workflow', true],
    ['.coordination', true],
    ['.taskers', true],
    ['AGENTS.md', true],
    ['src', false],
    ['docs', false],
    ['.plan', false],
    ['.planning2', false],
    ['.claude', false],
    ['.planning/phases/01-api', true],
    ['.planning/phases/01-api/notes', false],
    ['.PLANNING', false],
  ])('a tree at %j may: %j', (folder, expected) => {
    expect(mayHoldDocuments(folder, false)).toBe(expected);
  });

  test.each([
    ['.PLANNING', true],
    ['.planning/Phases/01-API', true],
    ['.Workflow', true],
    ['SRC', false],
  ])('where the file system is blind to case, a tree at %j may: %j', (folder, expected) => {
    expect(mayHoldDocuments(folder, true)).toBe(expected);
  });
});

test('git ignores every runtime folder, by its path from the root', () => {
  for (const folder of RUNTIME_FOLDERS) expect(IGNORED_BY_GIT).toContain(`${folder}/`);
  expect(RUNTIME_FOLDERS).toContain(COORDINATION);
  expect(IGNORED_BY_GIT).not.toContain('.planning/');
});
