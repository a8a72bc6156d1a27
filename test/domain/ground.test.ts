import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Actor, type Ground, judgeWrite, type Target } from '../../src/domain/ground.ts';
import type { PlaceName } from '../../src/domain/place-name.ts';

const HOME = '/p';
const rootOf = (place: PlaceName) => (place === null ? HOME : `${HOME}/.claude/worktrees/${place}`);
const ownerOf = (place: PlaceName) => (place === null ? 'coordinator' : `worker-${place}`);

function worker(place: string, over: Partial<Actor> = {}): Actor {
  return {
    name: ownerOf(place),
    place,
    root: rootOf(place),
    phase: { id: place, folder: `${place}-api`, scope: [] },
    seatTakenBy: undefined,
    hold: undefined,
    caseBlind: false,
    ...over,
  };
}

function coordinator(over: Partial<Actor> = {}): Actor {
  return { ...worker('x'), name: 'coordinator', place: null, root: HOME, phase: undefined, ...over };
}

const guest = (place: string) => worker(place, { name: 'guest', phase: undefined });

function at(place: PlaceName, relative: string, over: Partial<Target> = {}): Target {
  const root = rootOf(place);
  const ground: Ground = { kind: 'worktree', place, root, relative, owner: ownerOf(place) };
  const path = relative === '' ? root : `${root}/${relative}`;
  return { path, ground, tree: false, below: [], documentOwner: undefined, aliasOf: undefined, ...over };
}

function on(ground: Ground, over: Partial<Target> = {}): Target {
  return { ...at(null, 'x'), path: '/elsewhere', ground, ...over };
}

const scoped = (...globs: [glob: string, pattern: string][]) =>
  worker('01', {
    phase: { id: '01', folder: '01-api', scope: globs.map(([glob, pattern]) => ({ glob, pattern })) },
  });

const w1 = worker('01');
const blind = { caseBlind: true };
const inApi = scoped(['src/api/**', '^src/api/.*$']);
const below02 = [{ place: '02', owner: 'worker-02', root: rootOf('02') }];
const below01 = [{ place: '01', owner: 'worker-01', root: rootOf('01') }];
const taken = { seatTakenBy: { session: 's2', sinceMs: 5, epoch: 3 } };
const held = { hold: { blocker: 'B1', summary: 'No key' } };
const STATUS_01 = '.planning/phases/01-api/STATUS.md';
const STATUS_02 = '.planning/phases/02-ui/STATUS.md';

type Row = [claim: string, actor: Actor, target: Target, code: string | undefined];

const shared: Ground = { kind: 'git', place: 'shared' };

const ROWS: readonly Row[] = [
  [
    '4 the coordinator may write git’s hooks',
    coordinator(),
    on(shared, { path: '/p/.git/hooks', tree: true }),
    undefined,
  ],
  [
    '4 but not take away all of git’s folder',
    coordinator(),
    on(shared, { path: '/p/.git', tree: true }),
    'git-internals',
  ],
  [
    '4 nor everybody’s parts of it',
    coordinator(),
    on(shared, { path: '/p/.git/worktrees', tree: true }),
    'git-internals',
  ],
  ['1 a worker may not write the runtime folder', w1, at('01', '.coordination/x'), 'runtime-folder'],
  ['1 nor may the coordinator', coordinator(), at(null, '.coordination/leases/1'), 'runtime-folder'],
  ['1 nor the folder itself', coordinator(), at(null, '.coordination'), 'runtime-folder'],
  ['1 nor the cycles', coordinator(), at(null, '.workflow/.cycle/a.json'), 'runtime-folder'],
  ['1 nor the taskers', w1, at('01', '.taskers/a'), 'runtime-folder'],
  ['1 a folder with a longer name is none', w1, at('01', '.coordination-notes/x'), undefined],
  ['1 a folder of that name deeper down is none', w1, at('01', 'src/.coordination/x'), undefined],
  ['1 .progress is written by its own worker', w1, at('01', '.progress/current-task.json'), undefined],
  ['1 comes before rule 4', w1, at('02', '.coordination/x'), 'runtime-folder'],
  ['1 case counts where the file system sees it', w1, at('01', '.Coordination/x'), undefined],
  ['1 and does not where it is blind', worker('01', blind), at('01', '.Coordination/x'), 'runtime-folder'],

  ['2 the coordinator writes STATE.md', coordinator(), at(null, '.planning/STATE.md'), undefined],
  ['2 and AGENTS.md', coordinator(), at(null, 'AGENTS.md'), undefined],
  ['2 a worker writes no STATE.md', w1, at(null, '.planning/STATE.md'), 'coordinator-document'],
  ['2 not in its own worktree either', w1, at('01', '.planning/STATE.md'), 'coordinator-document'],
  ['2 nor AGENTS.md', w1, at('01', 'AGENTS.md'), 'coordinator-document'],
  ['2 nor may a guest', guest('g'), at('g', 'AGENTS.md'), 'coordinator-document'],
  [
    '2 the coordinator leaves a copy in a worktree alone',
    coordinator(),
    at('01', 'AGENTS.md'),
    'coordinator-document',
  ],
  ['2 another AGENTS.md deeper down is a plain file', w1, at('01', 'src/AGENTS.md'), undefined],
  ['2 nobody edits DECISIONS.md', coordinator(), at(null, 'DECISIONS.md'), 'decisions-file'],
  ['2 not in a worktree either', w1, at('01', 'DECISIONS.md'), 'decisions-file'],
  ['2 a DECISIONS.md deeper down is a plain file', w1, at('01', 'docs/DECISIONS.md'), undefined],
  ['2 decisions.md is another file', w1, at('01', 'decisions.md'), undefined],
  [
    '2 unless the file system is blind to case',
    worker('01', blind),
    at('01', 'decisions.md'),
    'decisions-file',
  ],
  ['2 so is agents.md', worker('01', blind), at('01', 'agents.md'), 'coordinator-document'],

  ['3 a worker writes its STATUS.md', w1, at('01', STATUS_01), undefined],
  ['3 not the copy of it in another worktree', w1, at('02', STATUS_01), 'status-of-other'],
  ['3 not the copy of it in the primary worktree', w1, at(null, STATUS_01), 'status-of-other'],
  ['3 not the one of another phase, not even in its own tree', w1, at('01', STATUS_02), 'status-of-other'],
  ['3 nor does the coordinator', coordinator(), at('01', STATUS_01), 'status-of-other'],
  ['3 nor in the primary worktree', coordinator(), at(null, STATUS_01), 'status-of-other'],
  ['3 nor a guest', guest('01'), at('01', STATUS_01), 'status-of-other'],
  ['3 a file beside it is a plain one', w1, at('01', '.planning/phases/01-api/notes.md'), undefined],
  ['3 deeper down it is none', w1, at('01', '.planning/phases/01-api/x/STATUS.md'), undefined],
  [
    '3 its own name in other letters is its own where blind',
    worker('01', blind),
    at('01', STATUS_01.toUpperCase()),
    undefined,
  ],
  [
    '3 another in other letters is another',
    worker('01', blind),
    at('01', STATUS_02.toUpperCase()),
    'status-of-other',
  ],

  ['4 a worker writes in its own worktree', w1, at('01', 'src/a.ts'), undefined],
  ['4 not in another one', w1, at('02', 'src/a.ts'), 'other-worktree'],
  ['4 not in the primary one', w1, at(null, 'src/a.ts'), 'other-worktree'],
  ['4 the coordinator writes in the primary one', coordinator(), at(null, 'src/a.ts'), undefined],
  ['4 not in a worker’s', coordinator(), at('01', 'src/a.ts'), 'other-worktree'],
  ['4 a guest writes in its own', guest('g'), at('g', 'src/a.ts'), undefined],
  ['4 not in another', guest('g'), at('01', 'src/a.ts'), 'other-worktree'],
  ['4 its private part of git is its own', w1, on({ kind: 'git', place: '01' }), undefined],
  ['4 another’s is not', w1, on({ kind: 'git', place: '02' }), 'git-internals'],
  ['4 the shared part is not a worker’s', w1, on({ kind: 'git', place: 'shared' }), 'git-internals'],
  ['4 the shared part is the coordinator’s', coordinator(), on({ kind: 'git', place: 'shared' }), undefined],
  ['4 a worktree’s private part is not', coordinator(), on({ kind: 'git', place: '01' }), 'git-internals'],
  [
    '4 another coordinated project is foreign',
    coordinator(),
    on({ kind: 'foreign-project', home: '/q' }),
    'foreign-project',
  ],

  ['4 inside the scope', inApi, at('01', 'src/api/a.ts'), undefined],
  ['4 out of the scope', inApi, at('01', 'src/ui/a.ts'), 'out-of-scope'],
  ['4 any glob of the scope will do', scoped(['a', '^a$'], ['b', '^b$']), at('01', 'b'), undefined],
  ['4 its STATUS.md is always in scope', inApi, at('01', STATUS_01), undefined],
  ['4 its progress files too', inApi, at('01', '.progress/metrics.json'), undefined],
  ['4 and the folder that they lie in', inApi, at('01', '.progress'), undefined],
  ['4 a name that only begins so is not', inApi, at('01', '.progress-notes'), 'out-of-scope'],
  ['4 case counts in a scope', inApi, at('01', 'SRC/api/a.ts'), 'out-of-scope'],
  ['4 and does not where blind', { ...inApi, caseBlind: true }, at('01', 'SRC/api/a.ts'), undefined],
  ['4 another worktree is refused before the scope', inApi, at('02', 'src/api/a.ts'), 'other-worktree'],

  ['6 outside is not coord’s business', w1, on({ kind: 'outside' }), undefined],
  ['6 not even for one without a seat', worker('01', taken), on({ kind: 'outside' }), undefined],
  ['6 nor for one that a blocker holds', worker('01', held), on({ kind: 'outside' }), undefined],

  ['tree: a folder of its own', w1, at('01', 'src', { tree: true }), undefined],
  ['tree: the root holds guarded documents', w1, at('01', '', { tree: true }), 'tree-holds-other'],
  ['tree: so does .planning', w1, at('01', '.planning', { tree: true }), 'tree-holds-other'],
  ['tree: and .workflow', coordinator(), at(null, '.workflow', { tree: true }), 'tree-holds-other'],
  [
    'tree: so does the folder of another phase',
    w1,
    at('01', '.planning/phases/02-ui', { tree: true }),
    'tree-holds-other',
  ],
  [
    'tree: and any phase’s, for the coordinator',
    coordinator(),
    at(null, '.planning/phases/01-api', { tree: true }),
    'tree-holds-other',
  ],
  [
    'tree: its own phase’s folder is its own',
    w1,
    at('01', '.planning/phases/01-api', { tree: true }),
    undefined,
  ],
  [
    'tree: case does not hide .planning where blind',
    worker('01', blind),
    at('01', '.Planning', { tree: true }),
    'tree-holds-other',
  ],
  ['tree: alone the folder’s own entry may change', w1, at('01', '.planning'), undefined],
  [
    'tree: a folder that holds another worktree',
    coordinator(),
    at(null, '.claude/worktrees', { tree: true, below: below02 }),
    'tree-holds-other',
  ],
  [
    'tree: a folder outside that holds one',
    w1,
    on({ kind: 'outside' }, { tree: true, below: below02 }),
    'tree-holds-other',
  ],
  [
    'tree: a folder outside that holds its own alone',
    w1,
    on({ kind: 'outside' }, { tree: true, below: below01 }),
    undefined,
  ],
  ['tree: below counts for trees alone', w1, on({ kind: 'outside' }, { below: below02 }), undefined],

  ['seat: who has it not may not write', worker('01', taken), at('01', 'src/a.ts'), 'seat-taken'],
  ['seat: not its STATUS.md either', worker('01', taken), at('01', STATUS_01), 'seat-taken'],
  ['seat: the rules speak first', worker('01', taken), at('02', 'src/a.ts'), 'other-worktree'],
  [
    'seat: a coordinator without it writes no STATE.md',
    coordinator(taken),
    at(null, '.planning/STATE.md'),
    'seat-taken',
  ],

  ['hold: a held worker may not write', worker('01', held), at('01', 'src/a.ts'), 'strict-hold'],
  ['hold: not its STATUS.md either', worker('01', held), at('01', STATUS_01), 'strict-hold'],
  ['hold: the seat speaks first', worker('01', { ...held, ...taken }), at('01', 'a'), 'seat-taken'],
  [
    'hold: the rules speak before both',
    worker('01', { ...held, ...taken }),
    at('01', 'AGENTS.md'),
    'coordinator-document',
  ],

  [
    'alias: another name of STATE.md counts as it',
    w1,
    at('01', 'a', { aliasOf: at(null, '.planning/STATE.md') }),
    'coordinator-document',
  ],
  ['alias: of its own STATUS.md is its own', w1, at('01', 'a', { aliasOf: at('01', STATUS_01) }), undefined],
  [
    'alias: an allowed one does not open a refused path',
    w1,
    at('02', 'a', { aliasOf: at('01', STATUS_01) }),
    'other-worktree',
  ],
  [
    'alias: outside of the project it is still guarded',
    w1,
    on({ kind: 'outside' }, { aliasOf: at(null, 'DECISIONS.md') }),
    'decisions-file',
  ],
];

describe('judgeWrite', () => {
  test.each(ROWS)('%s', (_claim, actor, target, code) => {
    expect(judgeWrite(actor, target)?.code).toBe(code);
  });

  test('a refusal names the path, the owner and who asked', () => {
    expect(judgeWrite(w1, at('02', 'src/a.ts'))).toEqual({
      code: 'other-worktree',
      path: `${rootOf('02')}/src/a.ts`,
      owner: 'worker-02',
      worktree: rootOf('02'),
      actor: 'worker-01',
      root: rootOf('01'),
    });
    const named = at('02', STATUS_02, { documentOwner: 'worker-02' });
    expect(judgeWrite(w1, named)).toMatchObject({ owner: 'worker-02', actor: 'worker-01' });
    expect(judgeWrite(w1, at('02', STATUS_02))).toMatchObject({ owner: expect.stringContaining('02-ui') });
    expect(judgeWrite(inApi, at('01', 'x'))).toMatchObject({ phase: '01', scope: ['src/api/**'] });
    expect(judgeWrite(worker('01', taken), at('01', 'x'))).toMatchObject({
      session: 's2',
      sinceMs: 5,
      epoch: 3,
    });
  });

  const anyPlace = fc.constantFrom<PlaceName>(null, '01', '02');
  const anyRelative = fc.constantFrom(
    'src/a.ts',
    'AGENTS.md',
    'DECISIONS.md',
    STATUS_01,
    STATUS_02,
    '.planning/STATE.md',
    '.coordination/x',
    '',
    'docs',
  );
  const anyActor = fc
    .tuple(anyPlace, fc.boolean(), fc.boolean(), fc.boolean())
    .map(([place, isTaken, isHeld, caseBlind]) => {
      const over = { ...(isTaken ? taken : {}), ...(isHeld ? held : {}), caseBlind };
      return place === null
        ? coordinator(over)
        : worker(place, {
            ...over,
            phase: { id: place, folder: place === '01' ? '01-api' : '02-ui', scope: [] },
          });
    });

  test('no file has two writers: what one place may write, no other place may', () => {
    fc.assert(
      fc.property(anyActor, anyActor, anyPlace, anyRelative, fc.boolean(), (a, b, place, relative, tree) => {
        const target = at(place, relative, { tree });
        const bothMay = !judgeWrite(a, target) && !judgeWrite(b, target);
        expect(bothMay && a.place !== b.place).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('who has no seat, or is held, may write nothing inside the project', () => {
    fc.assert(
      fc.property(anyActor, anyPlace, anyRelative, (actor, place, relative) => {
        fc.pre(actor.seatTakenBy !== undefined || actor.hold !== undefined);
        expect(judgeWrite(actor, at(place, relative))).toBeDefined();
      }),
    );
  });

  test('a tree is never judged milder than the file', () => {
    fc.assert(
      fc.property(anyActor, anyPlace, anyRelative, (actor, place, relative) => {
        if (judgeWrite(actor, at(place, relative)))
          expect(judgeWrite(actor, at(place, relative, { tree: true }))).toBeDefined();
      }),
    );
  });
});
