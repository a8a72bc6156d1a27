/** The parts of those who own a phase each. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bash, say, write } from '../kit.ts';
import type { Board } from './board.ts';
import { cycleGoals } from './cycle-part.ts';
import { expectOnce, type Facts, type Goal, reach } from './player.ts';
import { commit, indexOf, PARTS, type Part, put, putPart, rebaseOntoMain, SUITE } from './project.ts';

export interface WorkerPart {
  readonly board: Board;
  readonly facts: Facts;
}

/** 01, in a session of its own: refused gates, refused ground, a question to a peer, a blocker, a full context. */
export function parserGoals({ board, facts }: WorkerPart, compactions: () => number): Goal[] {
  const reached = () => board.rootOf('04') ?? 'unknown';
  const hasAnswer = () => board.questionsTo('worker-04').length === 0;
  return [
    planStarted(board, '01-01'),
    partCommitted(board, '01', PARTS.parse, '01-01: Parse'),
    expectOnce(facts, 'the gate refuses what is not proven', { refused: 'is not complete' }, () =>
      bash('coord plan done 01-01'),
    ),
    expectOnce(facts, 'the ground of 04 is refused to 01', { refused: 'worker-04' }, () =>
      write(`${reached()}/trespass.txt`),
    ),
    expectOnce(facts, 'to its shell as well', { refused: 'worker-04' }, () =>
      bash(`echo x > '${reached()}/trespass.txt'`),
    ),
    planProven(board, '01-01'),
    reach('04 is asked', () => board.hasSaid('worker-01', '[[which index]]'), [
      'coord send 04 question "[[which index]] do you need?"',
    ]),
    {
      name: 'its context is full',
      isDone: () => compactions() > 0,
      turn: () => ({ ...bash('echo "much was said"'), inputTokens: 990_000 }),
    },
    planStarted(board, '01-02'),
    reach('a blocker is raised', () => (board.status('01')?.blockers.length ?? 1) > 0, [
      'coord blocker raise "[[blocker of 01]] whose name is it?" --plan 01-02 --detail "the parser or the reader"',
    ]),
    reach('the index has it', () => board.worked('01').includes('01-02: Index'), [
      `${put('index.js', indexOf('parse'))}${commit('01-02: Index', 'index.js')}`,
    ]),
    answered(board, '01'),
    planProven(board, '01-02'),
    { name: '04 has answered', isDone: hasAnswer, isReady: hasAnswer, turn: () => say('I wait.') },
    queued(board, '01'),
    landed(board, '01'),
  ];
}

/** 02, in a terminal: it asks, sleeps until the answer wakes it, and is red once 04 has landed. */
export function printerGoals({ board }: WorkerPart): Goal[] {
  const isAnswered = () => board.questionsTo('coordinator').every(({ from }) => from !== 'worker-02');
  return [
    planStarted(board, '02-01'),
    reach('the lead is asked', () => board.hasSaid('worker-02', '[[which paper]]'), [
      'coord send coordinator question "[[which paper]] is it printed on?"',
    ]),
    { name: 'it has the answer', isDone: isAnswered, isReady: isAnswered, turn: () => say('I wait for it.') },
    described(board, '02', '02-01: Describe'),
    planProven(board, '02-01'),
    planStarted(board, '02-02'),
    partCommitted(board, '02', PARTS.print, '02-02: Print'),
    planProven(board, '02-02'),
    {
      ...queuedOnce(board, '02'),
      isReady: () => board.hasSaid('coordinator', '[[04 has landed]]'),
    },
    rebased(board, '02', indexOf('parse', 'stats'), MENDED_PRINT),
    queued(board, '02'),
    landed(board, '02'),
  ];
}

/** In the very commit that it concerns: each one is green on main. */
const MENDED_PRINT =
  "sed -i 's/[.]area(/.surface(/' lib/print.js && git commit -q --amend --no-edit -- lib/print.js";

export interface Joining {
  readonly joined: () => boolean;
  readonly heedJoin: (text: string) => void;
  /** The branch of whoever worked on it before, as long as it is not taken over. */
  readonly earlier: () => string | undefined;
  readonly taken: () => void;
}

/** 03, in a subagent with a worktree of its own; after a death another one takes the phase over. */
export function unitsGoals({ board }: WorkerPart, { joined, heedJoin, earlier, taken }: Joining): Goal[] {
  return [
    {
      name: 'phase 03 is joined',
      isDone: joined,
      turn: (attempt) => bash(`coord join 03${attempt % 2 === 1 ? ' --takeover' : ''} --json`),
      heed: ([result]) => {
        if (result && !result.isError) heedJoin(result.text);
      },
    },
    {
      name: 'what was committed before is taken over',
      isDone: () => earlier() === undefined,
      turn: () => bash(`git merge -q --no-edit ${earlier()}`),
      heed: ([result]) => {
        if (result && !result.isError) taken();
      },
    },
    planStarted(board, '03-01'),
    ...plainly(board, '03', '03-01: Units', {
      'lib/units.js': PARTS.units.code,
      'test/units.test.js': PARTS.units.test,
    }),
    planProven(board, '03-01'),
    planStarted(board, '03-02'),
    ...plainly(board, '03', '03-02: Describe', { 'docs/03.md': 'It is simple.\n' }),
    planProven(board, '03-02'),
    queued(board, '03'),
  ];
}

/** 04: a development cycle with an extension, a strict blocker, and a conflict with 01. */
export function statisticsGoals({ board, facts }: WorkerPart): Goal[] {
  const [cycle, extension] = cycleGoals(board, facts);
  const isAsked = () => board.questionsTo('worker-04').length > 0;
  const index = `${put('index.js', indexOf('stats'))}${commit('04-02: Index', 'index.js')}`;
  return [
    planStarted(board, '04-01'),
    cycle,
    {
      name: 'questions of peers are answered',
      // Asked twice by one who died before the answer of the first command reached it, it answers twice.
      isDone: () => board.hasSaid('worker-01', '[[which index]]') && !isAsked(),
      isReady: isAsked,
      turn: () => {
        const [first] = board.questionsTo('worker-04');
        return bash(`coord send ${first?.from} response "[[the one of ${first?.id}]]" --ref ${first?.id}`);
      },
    },
    extension,
    planProven(board, '04-01'),
    planStarted(board, '04-02'),
    reach('the index has it', () => board.worked('04').includes('04-02: Index'), [index]),
    {
      ...reach('a blocker is raised', () => (board.status('04')?.blockers.length ?? 1) > 0, [
        'coord blocker raise "[[blocker of 04]] may it be fast?" --plan 04-02 --detail "or right"',
      ]),
      isReady: () => board.setting('strict_blockers: true'),
    },
    {
      name: 'a strict blocker holds it',
      isDone: () => facts.has('a strict blocker held its worker'),
      // A raise that was killed behind STATUS.md holds from the end of the turn on.
      turn: (attempt) =>
        attempt % 5 === 4 ? say('I look again.') : write(`${board.rootOf('04')}/docs/too-early.md`),
      heed: ([result]) => {
        if (result?.isError && result.text.includes('blocker'))
          facts.note('a strict blocker held its worker');
      },
    },
    answered(board, '04'),
    planProven(board, '04-02'),
    {
      ...queuedOnce(board, '04'),
      isReady: () => board.hasLanded('01'),
    },
    rebased(board, '04', indexOf('parse', 'stats')),
    queued(board, '04'),
    landed(board, '04'),
  ];
}

// --- what all of them do ---

const STATES_AFTER = ['in_progress', 'complete'];

function planStarted(board: Board, plan: string): Goal {
  const isDone = () => STATES_AFTER.includes(board.planState(plan) ?? '') || board.isClosed(plan.slice(0, 2));
  return reach(`plan ${plan} is started`, isDone, [`coord plan start ${plan}`]);
}

/** By whatever the gate asks for: after a takeover a commit of before the plan was started anew counts no more. */
function planProven(board: Board, plan: string): Goal {
  const commands = [SUITE, `coord plan done ${plan}`, `coord plan start ${plan}`];
  let asked: string | undefined;
  return {
    name: `plan ${plan} is proven`,
    isDone: () => board.planState(plan) === 'complete' || board.isClosed(plan.slice(0, 2)),
    turn: (attempt) => {
      const command = asked ?? commands[attempt % commands.length] ?? SUITE;
      asked = undefined;
      return bash(command);
    },
    heed: ([result]) => {
      if (result?.isError)
        asked = /`(git add [^`]*)`/.exec(result.text)?.[1]?.replace('<what was done>', 'It is done');
    },
  };
}

function partCommitted(board: Board, id: string, part: Part, title: string): Goal {
  const command = `${putPart(part)}${commit(title, `lib/${part.lib}.js`, `test/${part.lib}.test.js`)}`;
  return reach(`"${title}" is committed`, () => board.worked(id).includes(title), [command]);
}

/** As in an isolated subagent, where the client takes simple commands only. */
function plainly(board: Board, id: string, title: string, files: Readonly<Record<string, string>>): Goal[] {
  const isCommitted = () => board.worked(id).includes(title);
  const written = Object.entries(files).map(([file, text]): Goal => {
    const path = () => join(board.rootOf(id) ?? 'unknown', file);
    return {
      name: `${file} is written`,
      isDone: () => isCommitted() || existsSync(path()),
      turn: () => write(path(), text),
    };
  });
  const lock = () => join(board.home, '.git', 'worktrees', basename(board.rootOf(id) ?? ''), 'index.lock');
  const commands = [`git add -- ${Object.keys(files).join(' ')}`, `git commit -qm "${title}"`];
  const turn: Goal['turn'] = (attempt) => bash(commands[attempt % 3] ?? `rm -f ${lock()}`);
  return [...written, { name: `"${title}" is committed`, isDone: isCommitted, turn }];
}

function described(board: Board, id: string, title: string): Goal {
  const command = `${put(`docs/${id}.md`, 'It is simple.\n')}${commit(title, `docs/${id}.md`)}`;
  return reach(`"${title}" is committed`, () => board.worked(id).includes(title), [command]);
}

/** Its blocker is answered by the lead, and resolved by itself. */
function answered(board: Board, id: string): Goal {
  const open = () => board.status(id)?.blockers.find(({ state }) => state !== 'resolved');
  return {
    name: `the blocker of ${id} is resolved`,
    isDone: () => open() === undefined,
    // A session that starts is shown the answer.
    isReady: () => board.unansweredBlockers().every(({ from }) => from !== `worker-${id}`),
    turn: () => bash(`coord blocker resolve ${open()?.id}`),
  };
}

function queued(board: Board, id: string): Goal {
  return reach(`${id} is queued`, () => board.isQueued(id), [SUITE, 'coord merge add']);
}

/** To be rejected: what has landed since is not in it. */
function queuedOnce(board: Board, id: string): Goal {
  const isDone = () => board.isQueued(id) || board.wasRejected(id);
  return reach(`${id} is queued beside main`, isDone, [SUITE, 'coord merge add']);
}

function landed(board: Board, id: string): Goal {
  return {
    name: `${id} has landed`,
    isDone: () => board.hasLanded(id),
    isReady: () => false,
    turn: () => say('I wait.'),
  };
}

/** After its rejection. */
function rebased(board: Board, id: string, index: string, after?: string): Goal {
  return {
    ...reach(
      `${id} stands on main`,
      () => board.hasLanded(id) || (board.wasRejected(id) && board.holdsMain(id)),
      [rebaseOntoMain(index, after)],
    ),
    isReady: () => board.wasRejected(id),
  };
}
