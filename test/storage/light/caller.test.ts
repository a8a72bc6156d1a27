import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changeOpenBlockers } from '../../../src/storage/light/blocker-twin.ts';
import { agentsOf, callerAt, findProject, identifyCaller } from '../../../src/storage/light/caller.ts';
import { placeOf } from '../../../src/storage/light/place.ts';
import { actorOf, presenceOf } from '../../../src/storage/light/presence.ts';
import { writePlaceRecord, writeSession } from '../../../src/storage/light/roster.ts';
import { takeSeat } from '../../../src/storage/light/seat.ts';
import { gitIn } from '../../kit/project.ts';
import {
  coordinated,
  linked,
  OTHER_ALIVE,
  placeAtHome,
  placeRecord,
  repository,
  scratch,
  sessionRecord,
} from '../scratch.ts';

/** worker-01 in w1, a closed phase in w2, nobody's w3. */
function project() {
  const home = coordinated(repository());
  const [w1, w2, w3] = ['w1', 'w2', 'w3'].map((name) => linked(home, name)) as [string, string, string];
  writePlaceRecord(home, 'w1', placeRecord('worker-01', w1));
  writePlaceRecord(home, 'w2', { ...placeRecord('worker-02', w2), isEnded: true });
  mkdirSync(join(w1, 'src'));
  return { home, w1, w2, w3 };
}
type Project = ReturnType<typeof project>;
let kept: Project | undefined;
/** One for the tests that only look. */
const shared = () => {
  kept ??= project();
  return kept;
};
const as = (session: string) => ({ CLAUDE_CODE_SESSION_ID: session });
const who = (outcome: ReturnType<typeof identifyCaller>) => (outcome.done ? outcome.value : outcome.problem);

describe('a caller is who its place says', () => {
  const rows: [string, (it: Project) => string, string, object][] = [
    ['a terminal at home', (it) => it.home, '', { kind: 'operator', name: 'operator', session: null }],
    ['a session at home', (it) => it.home, 's1', { kind: 'coordinator', name: 'coordinator', session: 's1' }],
    [
      "a session in a worker's worktree",
      (it) => it.w1,
      's1',
      { kind: 'worker', name: 'worker-01', place: 'w1' },
    ],
    ['a session deep inside of it', (it) => join(it.w1, 'src'), 's1', { kind: 'worker', name: 'worker-01' }],
    [
      "a terminal in a worker's worktree",
      (it) => it.w1,
      '',
      { kind: 'worker', name: 'worker-01', session: null },
    ],
    [
      'the worktree of a closed phase',
      (it) => it.w2,
      's1',
      { kind: 'ended', name: 'worker-02', record: undefined },
    ],
    [
      'a worktree that joined nothing',
      (it) => it.w3,
      's1',
      { kind: 'guest', name: 'guest-w3', record: undefined },
    ],
    ['the folder around the worktrees', (it) => join(it.w1, '..'), 's1', { kind: 'coordinator' }],
  ];
  test.each(rows)('%s', (_name, folder, session, expected) => {
    const it = shared();
    expect(who(identifyCaller(folder(it), session === '' ? {} : as(session)))).toMatchObject(expected);
  });

  test('no variable but the session counts', () => {
    const it = shared();
    const env = { COORD_AGENT: 'coordinator', USER: 'coordinator', CLAUDE_CODE_SESSION_ID: '' };
    expect(who(identifyCaller(it.w1, env))).toMatchObject({ kind: 'worker', session: null });
  });

  test('outside a repository, in a bare one and in one without coord there is none', () => {
    const folder = scratch();
    expect(findProject(folder)).toMatchObject({ problem: { code: 'not-a-repository', folder } });
    const root = repository();
    expect(who(identifyCaller(root, {}))).toEqual({ code: 'not-coordinated', home: root, isLost: false });
    gitIn(folder, 'clone', '-q', '--bare', root, 'store.git');
    const other = linked(join(folder, 'store.git'), 'x', join(folder, 'x'));
    expect(who(identifyCaller(other, {}))).toMatchObject({ code: 'bare-repository' });
  });
});

describe('a session that walked elsewhere', () => {
  test('is refused, and told where it belongs; in its own place it is not', () => {
    const it = project();
    writeSession(it.home, sessionRecord('s1', { place: 'w1', root: it.w1 }));
    const refused = { code: 'not-your-place', yours: it.w1 };
    for (const folder of [it.home, it.w2, it.w3])
      expect(who(identifyCaller(folder, as('s1')))).toEqual({ ...refused, root: folder });
    expect(who(identifyCaller(it.w1, as('s1')))).toMatchObject({ kind: 'worker' });
    expect(who(identifyCaller(it.home, {}))).toMatchObject({ kind: 'operator' });
  });

  test('from home is refused in a worktree', () => {
    const it = project();
    writeSession(it.home, sessionRecord('s1', { root: it.home }));
    expect(who(identifyCaller(it.w1, as('s1')))).toEqual({
      code: 'not-your-place',
      root: it.w1,
      yours: it.home,
    });
  });

  test('is let in where a subagent of it is bound, and only there', () => {
    const it = project();
    writeSession(it.home, sessionRecord('s1', { root: it.home }));
    writeSession(it.home, sessionRecord('s1', { agent: 'a1', place: 'w1', root: it.w1 }));
    writeSession(it.home, sessionRecord('s12', { agent: 'a2', place: 'w3', root: it.w3 }));
    expect(agentsOf(it.home, 's1').map(({ agent }) => agent)).toEqual(['a1']);
    expect(who(identifyCaller(it.w1, as('s1')))).toMatchObject({ kind: 'worker' });
    expect(who(identifyCaller(it.w3, as('s1')))).toMatchObject({ code: 'not-your-place' });
  });
});

test('a session whose seat another one holds is refused with the epoch', () => {
  const it = project();
  takeSeat(
    { home: it.home, place: null, owner: 'coordinator', session: 's1', agent: null, process: OTHER_ALIVE },
    7_000,
  );
  expect(who(identifyCaller(it.home, as('s2')))).toEqual({
    code: 'seat-taken',
    place: it.home,
    session: 's1',
    sinceMs: 7_000,
    epoch: 1,
    actor: 'coordinator',
  });
  expect(who(identifyCaller(it.home, as('s1')))).toMatchObject({ kind: 'coordinator' });
  expect(who(identifyCaller(it.home, {}))).toMatchObject({ kind: 'operator' });
});

describe('presence', () => {
  type Row = [
    string,
    { own?: 'home' | 'w1'; sub?: 'w1' | 'w3'; agent?: string; stands: 'home' | 'w1' | 'w3' | 'agent' },
    string,
  ];
  const rows: Row[] = [
    ['a session without a record is where it stands', { stands: 'w1' }, 'worker-01'],
    ['a session that walked is who it was', { own: 'w1', stands: 'home' }, 'worker-01'],
    [
      'a coordinator that walked into a worktree is the coordinator',
      { own: 'home', stands: 'w1' },
      'coordinator',
    ],
    [
      "a subagent without a record is its session's",
      { own: 'home', agent: 'a1', stands: 'w1' },
      'coordinator',
    ],
    [
      'a subagent with a record is bound by its own',
      { own: 'home', sub: 'w1', agent: 'a1', stands: 'home' },
      'worker-01',
    ],
    [
      'a subagent in a worktree of its own is there',
      { own: 'w1', agent: 'a1b2', stands: 'agent' },
      'guest-agent-a1b2',
    ],
    ["another subagent in it is its session's", { own: 'w1', agent: 'ffff', stands: 'agent' }, 'worker-01'],
    ['a subagent without any record is where it stands', { agent: 'a1', stands: 'w3' }, 'guest-w3'],
  ];
  test.each(rows)('%s', (_name, { own, sub, agent = null, stands }, expected) => {
    const it = project();
    const roots = {
      home: it.home,
      w1: it.w1,
      w3: it.w3,
      agent: stands === 'agent' ? linked(it.home, 'agent-a1b2') : '',
    };
    const name = (key: 'home' | 'w1' | 'w3') => (key === 'home' ? null : key);
    if (own) writeSession(it.home, sessionRecord('s1', { place: name(own), root: roots[own] }));
    if (sub) writeSession(it.home, sessionRecord('s1', { agent, place: name(sub), root: roots[sub] }));
    const { caller } = presenceOf(placeAtHome(roots[stands]), { session: 's1', agent });
    expect(caller.name).toBe(expected);
  });

  test('a place that is gone, or another project, binds nobody', () => {
    const it = project();
    const standing = placeAtHome(it.w1);
    for (const root of [join(it.home, 'gone'), repository()]) {
      writeSession(it.home, sessionRecord('s1', { place: 'x', root }));
      expect(presenceOf(standing, { session: 's1', agent: null }).place).toEqual(standing);
    }
  });

  test('an actor carries its phase, its seat and, in strict mode alone, its open blocker', () => {
    const it = project();
    const instance = { session: 's1', agent: null };
    changeOpenBlockers(it.home, 'worker-01', () => [
      { id: 'B1', summary: 'stuck', plan: null, message: 'm', answeredBy: null },
    ]);
    const presence = presenceOf(placeAtHome(it.w1), instance);
    expect(actorOf(presence, instance, false)).toMatchObject({
      name: 'worker-01',
      place: 'w1',
      root: it.w1,
      phase: { id: '01', folder: '01-phase' },
      hold: undefined,
      seatTakenBy: undefined,
      caseBlind: false,
    });
    expect(actorOf(presence, instance, true).hold).toMatchObject({ blocker: 'B1', summary: 'stuck' });
    takeSeat(
      { home: it.home, place: 'w1', owner: 'worker-01', session: 's2', agent: null, process: OTHER_ALIVE },
      7_000,
    );
    expect(actorOf(presence, instance, true).seatTakenBy).toMatchObject({ session: 's2', epoch: 1 });
  });

  test('the caller at a place without a session at home is the operator', () => {
    const it = project();
    const place = placeOf(it.home);
    expect(place && callerAt(placeAtHome(it.home), null).kind).toBe('operator');
  });
});
