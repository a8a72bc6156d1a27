/** The coordinator's part: it sets up, starts, answers, lands, hands over in the midst of the day, and cleans up. */
import { landingCutShort } from '../../../src/usecases/glance-at-queue.ts';
import type { Turn } from '../../kit/messages-api.ts';
import { bash, say } from '../kit.ts';
import type { Board } from './board.ts';
import { expectOnce, type Facts, type Goal, reach, spawnAgent } from './player.ts';
import { commit, FREE_INDEX, SUITE } from './project.ts';

export const HELPER = '[[the worker of phase 03]]';

export interface LeadPart {
  readonly board: Board;
  readonly facts: Facts;
  /** How many of its sessions were started so far. */
  sessions(): number;
  /** The subagent that works for the session which lives now. */
  readonly helper: { readonly lives: boolean; hear(): void };
  /** The peers of the afternoon are through. */
  peersAreThrough(): boolean;
}

const PHASES = ['01', '02', '03', '04'] as const;

export function leadGoals(part: LeadPart): Goal[] {
  return [...setUp(part), ...standing(part), ...morning(part), ...afternoon(part), ...evening(part)];
}

function setUp({ board }: LeadPart): Goal[] {
  const add = (id: string, name: string, ...more: string[]) =>
    reach(`phase ${id} is planned`, () => board.phase(id) !== undefined, [
      `coord phase add ${id} "${name}" --plan ${id}-01:"First" --plan ${id}-02:"Second" ${more.join(' ')}`,
    ]);
  return [
    reach('coord is set up', () => board.state() !== undefined, ['coord init']),
    reach('the validation is set', () => board.setting('all.js'), [
      `coord config set validation '["${SUITE}"]'`,
    ]),
    add('01', 'Parser'),
    add('02', 'Printer', '--depends 01'),
    add('03', 'Units'),
    add('04', 'Statistics'),
    reach('that is committed', () => board.subjects('main').includes('Plan the day'), [
      commit('Plan the day', '.gitignore', '.claude/coord.md', '.planning'),
    ]),
    ...['01', '04'].map((id) => started(board, id)),
  ];
}

function started(board: Board, id: string, isReady?: () => boolean): Goal {
  const isDone = () =>
    board.phase(id)?.state === 'active' ? board.rootOf(id) !== undefined : board.isClosed(id);
  // What its refusal names, where the landing that it waits for was cut short.
  const commands = [`coord phase start ${id}`, 'coord merge run'];
  return reach(`phase ${id} is started`, isDone, commands, isReady ? { isReady } : {});
}

/** What comes up in the day goes before all else. */
function standing({ board, facts }: LeadPart): Goal[] {
  const questions = () => board.questionsTo('coordinator');
  const blockers = () => board.unansweredBlockers();
  const waiting = () => PHASES.filter((id) => board.entries(id).some(({ state }) => state === 'queued'));
  return [
    {
      name: 'no question is open',
      isDone: () => questions().length === 0,
      turn: () => {
        const [first] = questions();
        return first
          ? bash(`coord send ${first.from} response "[[answer to ${first.id}]]" --ref ${first.id}`)
          : say('Nothing.');
      },
    },
    {
      name: 'no blocker is open',
      isDone: () => blockers().length === 0,
      // A strict one is to hold its worker first.
      isReady: () => blockers()[0]?.from !== 'worker-04' || facts.has('a strict blocker held its worker'),
      turn: () => {
        const [first] = blockers();
        return first
          ? bash(`coord send ${first.from} response "[[way out of ${first.id}]]" --ref ${first.id}`)
          : say('Nothing.');
      },
    },
    {
      name: 'nothing waits to land',
      isDone: () => waiting().length === 0,
      turn: () => bash('coord merge run', { timeout: 120_000 }),
    },
    {
      name: 'no landing is cut short',
      isDone: () => landingCutShort(board.home) === undefined,
      turn: () => bash('coord merge run', { timeout: 120_000 }),
    },
    {
      name: 'nothing needs the coordinator',
      isDone: () => exhausted(board).length === 0,
      turn: () => bash(`coord merge retry ${exhausted(board)[0]}`),
    },
  ];
}

function exhausted(board: Board): string[] {
  return PHASES.filter((id) => board.entries(id).some(({ state }) => state === 'needs_followup'));
}

function morning(part: LeadPart): Goal[] {
  const { board, facts, sessions, helper } = part;
  let handedOverAs = 0;
  return [
    {
      name: 'phase 03 has a subagent',
      isDone: () => helper.lives || board.isQueued('03'),
      turn: (): Turn => {
        helper.hear();
        return spawnAgent('coord:phase-worker', `Work on phase 03. ${HELPER}`, { run_in_background: true });
      },
    },
    started(board, '02', () => board.hasLanded('01')),
    handedOver(facts, 'the next lead finds all it needs', () => {
      handedOverAs = sessions();
    }),
    {
      name: 'another lead has taken over',
      isDone: () => sessions() > handedOverAs,
      turn: () => say('I hand over.'),
    },
    reach(
      'blockers are strict',
      () => board.setting('strict_blockers: true') || facts.has('strictness is over'),
      ['coord config set strict_blockers true'],
    ),
    {
      ...reach('blockers are lenient again', () => facts.has('strictness is over'), [
        'coord config set strict_blockers false',
      ]),
      isReady: () => facts.has('a strict blocker held its worker') && board.unansweredBlockers().length === 0,
      heed: () => {
        if (board.setting('strict_blockers: false')) facts.note('strictness is over');
      },
    },
    {
      ...reach(
        'worker-02 knows that 04 has landed',
        () => board.hasSaid('coordinator', '[[04 has landed]]'),
        ['coord send 02 directive "[[04 has landed]] queue yours now"'],
      ),
      isReady: () => board.hasLanded('04'),
    },
  ];
}

function afternoon({ board, facts, peersAreThrough }: LeadPart): Goal[] {
  return [
    {
      ...reach(
        'all share one tree',
        () => board.setting('mode: shared') || facts.has('the sharing is over'),
        ['coord config set mode shared && coord config set lock_wait 1'],
      ),
      isReady: () => PHASES.every((id) => board.isClosed(id)),
    },
    {
      ...reach('each has its own tree again', () => facts.has('the sharing is over'), [
        'coord config set mode worktrees',
      ]),
      isReady: peersAreThrough,
      heed: () => {
        if (board.setting('mode: worktrees')) facts.note('the sharing is over');
      },
    },
  ];
}

function evening({ facts }: LeadPart): Goal[] {
  return [
    expectOnce(facts, 'what is over is cleared away', 'granted', () => bash('coord merge reap')),
    expectOnce(facts, 'the day is decided upon', 'granted', () =>
      bash('coord decide "Ship it" --decision "Tomorrow" --alternative "Today: nobody is awake"'),
    ),
    handedOver(facts, 'the day is handed over'),
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  '<verb> <what>': 'Ship the library',
  '<glob>': '**',
  '<what must hold>': 'The suite is green',
  '<test command>': SUITE,
};

/** What the checklist lacks is typed, as it says, until nothing is lacking. */
export function handedOver(facts: Facts, name: string, begin: () => void = () => undefined): Goal {
  let lacking: string[] = [];
  let wasLocked = false;
  return {
    name,
    isDone: () => facts.has(name),
    turn: () => {
      begin();
      return bash(lacking.shift() ?? 'coord handoff');
    },
    heed: ([result]) => {
      // Of a git that was killed; at the second time it is none that is just at work.
      const isLocked = result?.isError === true && result.text.includes('index.lock');
      if (isLocked && wasLocked) lacking = [FREE_INDEX];
      wasLocked = isLocked;
      if (result === undefined || !result.text.includes('## Handoff quality')) return;
      if (!result.isError) facts.note(name);
      lacking = [...result.text.matchAll(/Type: (coord .+)$/gm)].map(([, command = '']) =>
        Object.entries(WORDS).reduce((text, [blank, word]) => text.replaceAll(blank, word), command),
      );
    },
  };
}

/** Doctor has nothing left to tell but of work that nobody committed, which a person has to look at. */
export function mended(facts: Facts, name: string): Goal {
  const doctor = 'coord doctor --repair';
  let command = doctor;
  return {
    name,
    isDone: () => facts.has(name),
    turn: () => bash(command, { timeout: 120_000 }),
    heed: ([result]) => {
      if (result === undefined) return;
      const { isError, text } = result;
      const found = text.split('\n').filter((line) => line.startsWith('- '));
      const isLeft = found.length > 0 && found.every((line) => /; kept, since files /.test(line));
      if (command === doctor && (!isError || isLeft)) facts.note(name);
      // What it says to type; then it is asked again.
      const told = /`(coord merge (?:run|reap))`/.exec(text)?.[1];
      command = command === doctor && told !== undefined ? told : doctor;
    },
  };
}
