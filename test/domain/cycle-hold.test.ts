/** Whose turn it is in a development cycle, and who writes which artifact. */
import { describe, expect, test } from 'vitest';
import {
  CYCLE_PHASES,
  CYCLE_ROLES,
  CYCLE_STATUSES,
  type CyclePhase,
  type CycleRole,
  type CycleStatus,
} from '../../src/domain/cycle/cycle.ts';
import {
  judgeCycleCall,
  judgeCycleText,
  judgeHolder,
  judgeStarting,
  judgeTurn,
} from '../../src/domain/cycle/hold.ts';
import { type Actor, isOfSingleFiles, judgeWrite, needsLock, type Target } from '../../src/domain/ground.ts';
import { artifactAt } from '../../src/domain/project-paths.ts';

const CYCLE = 'cycle-v1-20260122T100000-abc123';
const at = (status: CycleStatus, phase: CyclePhase) => ({ cycle: CYCLE, status, phase, iteration: 1 });

describe('a turn', () => {
  test('is a role’s while the cycle runs in its phase, and at no other time', () => {
    for (const role of CYCLE_ROLES)
      for (const status of CYCLE_STATUSES)
        for (const phase of CYCLE_PHASES) {
          const isTurn = status === 'running' && phase === role;
          expect([role, status, phase, judgeTurn(role, at(status, phase)) === undefined]).toEqual([
            role,
            status,
            phase,
            isTurn,
          ]);
        }
  });

  test.each([
    ['paused', 'cd', { code: 'cycle-not-running', status: 'paused', agent: 'code-developer' }],
    ['created', 'init', { code: 'cycle-not-running', status: 'created' }],
    ['failed', 'cd', { code: 'cycle-not-running', status: 'failed' }],
    ['completed', 'complete', { code: 'cycle-not-running', status: 'completed' }],
    ['running', 'ep', { code: 'cycle-turn-of-other', turn: 'exploration-planner' }],
    ['running', 'aggregation', { code: 'cycle-turn-of-other', turn: 'aggregation' }],
  ] as const)('%s in %s is told as such', (status, phase, refusal) => {
    expect(judgeTurn('cd', at(status, phase))).toMatchObject({ cycle: CYCLE, ...refusal });
  });

  test('is nobody’s when the state cannot be read', () => {
    const glance = { cycle: CYCLE, status: 'unreadable', file: '/p/x.json' } as const;
    for (const role of CYCLE_ROLES)
      expect(judgeTurn(role, glance)).toMatchObject({ code: 'cycle-unreadable', file: '/p/x.json' });
  });

  test.each(['Agent', 'Task', 'Workflow', 'Skill'])('is not handed on by %s', (tool) => {
    expect(judgeStarting('cd', tool)).toMatchObject({ code: 'cycle-delegates', tool });
    expect(judgeStarting('cd', 'Read')).toBeUndefined();
  });
});

describe('of two agents of a role', () => {
  const glance = at('running', 'cd');
  const holder = { cycle: CYCLE, iteration: 1, role: 'cd', session: 's', agent: 'late' } as const;

  test('the later has the turn', () => {
    expect(judgeHolder('cd', glance, holder, { session: 's', agent: 'late' })).toBeUndefined();
    for (const self of [
      { session: 's', agent: 'early' },
      { session: 's', agent: null },
      { session: 'other', agent: 'late' },
    ])
      expect(judgeHolder('cd', glance, holder, self)).toMatchObject({ code: 'cycle-turn-taken' });
  });

  test.each([
    ['nobody was noted', undefined],
    ['another iteration’s', { ...holder, iteration: 2 }],
    ['another cycle’s', { ...holder, cycle: 'cycle-b' }],
    ['another role’s', { ...holder, role: 'vas' as const }],
  ])('what is noted says nothing where it is: %s', (_, noted) => {
    expect(judgeHolder('cd', glance, noted, { session: 's', agent: 'early' })).toBeUndefined();
  });
});

function actor(role: CycleRole | undefined, over: Partial<Actor> = {}): Actor {
  return {
    name: 'worker-01',
    place: '01',
    root: '/p/w',
    phase: { id: '01', folder: '01-api', scope: [{ glob: 'src/**', pattern: '^src/.*$' }] },
    seatTakenBy: undefined,
    hold: undefined,
    caseBlind: false,
    role,
    ...over,
  };
}

/** A file of the worktree 01, as the guard sees it there. */
function target(relative: string, over: Partial<Target> = {}, cycle: string | null = CYCLE): Target {
  const path = `/p/w/${relative}`;
  const ground = { kind: 'worktree', place: '01', root: '/p/w', relative, owner: '' } as const;
  const isAsked = artifactAt(relative, true) !== undefined || relative === '.progress';
  const known = isAsked && cycle !== null ? { cycle } : {};
  return {
    path,
    ground,
    tree: false,
    below: [],
    documentOwner: undefined,
    aliasOf: undefined,
    ...known,
    ...over,
  };
}

const whole = { tree: true };

type Row = [who: CycleRole | undefined, path: string, code: string | undefined, over?: Partial<Target>];

const ROWS: readonly Row[] = [
  ['ra', '.progress/ra/requirements.md', undefined],
  ['ra', '.progress/ra/notes/a.md', undefined],
  ['ra', '.progress/ra', undefined],
  ['ra', '.progress/ra/history/requirements-v1.0.0.md', 'artifact-of-coord'],
  ['ra', '.progress/ra', 'artifact-of-coord', whole],
  ['ra', '.progress/ep/plan.json', 'role-ground'],
  ['ra', '.progress/coordination/timeline.md', 'artifact-of-coord'],
  ['ra', '.progress/current-task.json', 'role-ground'],
  ['ra', 'src/a.ts', 'role-ground'],
  ['ra', 'README.md', 'role-ground'],
  ['ra', '.planning/phases/01-api/STATUS.md', 'role-ground'],
  ['ra', '.progress', 'role-ground', whole],
  ['ep', '.progress/ep/exploration.md', undefined],
  ['ep', '.progress/cd/code-changes.log', 'role-ground'],
  ['vas', '.progress/vas/test-results.json', undefined],
  ['vas', 'src/a.ts', 'role-ground'],
  ['cd', 'src/a.ts', undefined],
  ['cd', 'docs/a.md', 'out-of-scope'],
  ['cd', '.progress/cd/code-changes.log', undefined],
  ['cd', '.progress/cd/history/x', 'artifact-of-coord'],
  ['cd', '.progress/vas/test-results.json', 'artifact-of-role'],
  ['cd', '.progress/coordination/x', 'artifact-of-coord'],
  ['cd', '.progress', 'tree-holds-other', whole],
  [undefined, 'src/a.ts', undefined],
  [undefined, '.progress/ra/requirements.md', 'artifact-of-role'],
  [undefined, '.progress/cd', 'artifact-of-role', whole],
  [undefined, '.progress/ra/history/x', 'artifact-of-role'],
  [undefined, '.progress/coordination/timeline.md', 'artifact-of-coord'],
  [undefined, '.progress/cycles/cycle-a/ra/requirements.md', 'artifact-of-coord'],
  ['cd', '.progress/cycles', 'artifact-of-coord', whole],
  [undefined, '.progress', 'tree-holds-other', whole],
  [undefined, '.progress/archive/x.json', undefined],
  [undefined, '.progress/rag/x', undefined],
];

describe('an artifact', () => {
  test.each(ROWS)('%s at %s: %s', (role, path, code, over = {}) => {
    expect(judgeWrite(actor(role), target(path, over))?.code).toBe(code);
  });

  test('is nobody’s in particular where there is no cycle', () => {
    for (const path of ['.progress/ra/x.md', '.progress/coordination/x', '.progress/cd/history/x'])
      expect(judgeWrite(actor(undefined), target(path, {}, null))).toBeUndefined();
    expect(judgeWrite(actor(undefined), target('.progress', whole, null))).toBeUndefined();
  });

  test('stays one in another case where names are blind to it', () => {
    const blind = actor(undefined, { caseBlind: true });
    expect(judgeWrite(blind, target('.Progress/RA/x.md', { cycle: CYCLE }))?.code).toBe('artifact-of-role');
    expect(judgeWrite(actor(undefined), target('.Progress/RA/x.md', { cycle: CYCLE }))?.code).toBe(
      'out-of-scope',
    );
  });

  test('of another worktree is that one’s, cycle or not', () => {
    const ground = {
      kind: 'worktree',
      place: '02',
      root: '/p/v',
      relative: '.progress/ra/x.md',
      owner: 'worker-02',
    };
    const other = { path: '/p/v/.progress/ra/x.md', ground, cycle: CYCLE } as Partial<Target>;
    expect(judgeWrite(actor('ra'), target('x', other))?.code).toBe('other-worktree');
  });

  test('is held in git’s own folder too, and not outside of the project', () => {
    const git = {
      path: '/p/.git/worktrees/01/index',
      ground: { kind: 'git', place: '01' },
    } as Partial<Target>;
    expect(judgeWrite(actor('ra'), target('x', git))?.code).toBe('role-ground');
    expect(judgeWrite(actor('cd'), target('x', git))).toBeUndefined();
    expect(judgeWrite(actor('ra'), target('x', { path: '/x', ground: { kind: 'outside' } }))).toBeUndefined();
  });

  test('takes no lock: it has one writer', () => {
    expect(needsLock(actor('ra'), target('.progress/ra/x.md'))).toBe(false);
    expect(needsLock(actor(undefined), target('.progress/ra/x.md', {}, null))).toBe(true);
  });

  test('does not keep a role from a command whose writes nobody knows', () => {
    const refused = judgeWrite(actor('vas'), target(''));
    expect(refused && isOfSingleFiles(refused)).toBe(true);
  });
});

describe('a call of coord', () => {
  const verbs = ['new', 'start', 'pause', 'resume', 'stop', 'extend', 'rebuild', 'answer'];
  test.each(verbs)('`cycle %s` is not a role’s', (verb) => {
    expect(judgeCycleCall('cd', ['cycle', verb, 'x'], 'coord')?.code).toBe('cycle-control');
    expect(judgeCycleCall(undefined, ['cycle', verb, 'x'], 'coord')).toBeUndefined();
    expect(judgeCycleText('cd', `& coord.cmd cycle ${verb} x`)?.code).toBe('cycle-control');
  });

  test.each(['report', 'task', 'ask', 'feedback', 'show', 'next', 'list'])('`cycle %s` is', (verb) => {
    expect(judgeCycleCall('cd', ['cycle', verb, 'pause'], 'coord')).toBeUndefined();
    expect(judgeCycleText('cd', `coord cycle ${verb} pause`)).toBeUndefined();
  });

  test.each([
    [['*', 'pause'], true],
    [['cycle', '*'], true],
    [['task', '*'], false],
    [['cycle', 'pause', '--help'], false],
    [['plan', 'start'], false],
  ])('%j of a role is refused: %j', (args, isRefused) => {
    expect(judgeCycleCall('vas', args, 'coord') !== undefined).toBe(isRefused);
  });

  test('nobody hands over for a role', () => {
    const refused = judgeCycleCall(undefined, ['cycle', 'report', 'completed', 'done'], 'coord');
    expect(refused?.code).toBe('cycle-report-of-role');
  });
});
