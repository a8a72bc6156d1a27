/** The cycle of phase 04: the session goes round as `/coord:cycle` says, the four agents write what is theirs. */
import type { MessagesApi, Reply, Turn } from '../../kit/messages-api.ts';
import type { ModelRequest } from '../../kit/model-request.ts';
import { EXPLORATION, nextIn, REQUIREMENTS, roleOf } from '../cycle-kit.ts';
import { bash, call, say } from '../kit.ts';
import type { Board } from './board.ts';
import type { Facts, Goal } from './player.ts';
import { commit, PARTS, put, putPart, SUITE } from './project.ts';

const EXTENSION = 'Call an area a surface';

/** The first is reached before anything is added, the second when the extension is done too. */
export function cycleGoals(board: Board, facts: Facts): readonly [Goal, Goal] {
  const isComplete = () => board.cycle()?.status === 'completed';
  const first: Goal = {
    name: 'the cycle is complete',
    isDone: () => {
      if (isComplete()) facts.note('the cycle is complete');
      return facts.has('the cycle is complete');
    },
    turn: (_, request) => goRound(board, request),
  };
  const second: Goal = {
    name: 'its extension is complete',
    isDone: () => isExtended(board) && isComplete(),
    turn: (_, request) =>
      isExtended(board)
        ? goRound(board, request)
        : bash(`coord cycle extend ${board.cycle()?.cycle_id} "${EXTENSION}"`),
  };
  return [first, second];
}

function isExtended(board: Board): boolean {
  return board.cycle()?.task_history.includes(EXTENSION) === true;
}

function goRound(board: Board, request: ModelRequest): Turn {
  const cycle = board.cycle();
  if (cycle === undefined) return bash('coord cycle new "Add statistics" --max-iterations 30');
  // Two iterations in which everybody was killed.
  if (cycle.status === 'failed') return bash(`coord cycle extend ${cycle.cycle_id} "Go on"`);
  const last = request.toolResults.at(-1);
  const next = last?.toolName === 'Bash' ? nextIn(last.text) : undefined;
  if (next === undefined) return bash('coord cycle next --json');
  if (next['action'] === 'start') return bash('coord cycle start');
  if (next['action'] !== 'agent') return bash('coord cycle resume');
  return call('Agent', {
    description: String(next['role']),
    subagent_type: next['agent'],
    prompt: next['prompt'],
    run_in_background: false,
  });
}

/** The agents, whoever's session they are of. */
export function castCycle(api: MessagesApi, board: Board): void {
  const turns: Reply = (request) => {
    const role = roleOf(request);
    const steps = role === undefined ? [] : PARTS_OF_ROLES[role](isExtended(board));
    return (
      steps[request.body.messages.filter(({ role: who }) => who === 'assistant').length] ??
      say('That was all.')
    );
  };
  api.add({ name: 'cycle', when: (request) => roleOf(request) !== undefined, turns });
}

const report = (text: string) => bash(`coord cycle report completed "${text}"`);

const RENAMED =
  "sed -i 's/area/surface/g' lib/core.js test/core.test.js && " +
  commit('04-01: Rename', 'lib/core.js', 'test/core.test.js');
const WRITTEN = putPart(PARTS.stats) + commit('04-01: Statistics', 'lib/stats.js', 'test/stats.test.js');

const task = (id: string, files: string[], depends_on: string[]) => ({
  id,
  description: `Do ${id}`,
  effort: 'small',
  depends_on,
  files,
});
const FIRST = task('TASK-001', ['lib/stats.js'], []);
const SECOND = task('TASK-002', ['lib/core.js'], ['TASK-001']);

const PARTS_OF_ROLES = {
  ra: (extended: boolean) => [
    bash(
      put(
        '.progress/ra/requirements.md',
        extended ? REQUIREMENTS.replace('Greeting', 'Surface') : REQUIREMENTS,
      ),
    ),
    report('written down'),
  ],
  ep: (extended: boolean) => [
    bash(put('.progress/ep/exploration.md', EXPLORATION)),
    bash(
      put('.progress/ep/plan.json', `${JSON.stringify({ tasks: extended ? [FIRST, SECOND] : [FIRST] })}\n`),
    ),
    report('planned'),
  ],
  cd: (extended: boolean) => [
    ...coded('TASK-001', WRITTEN),
    ...(extended ? coded('TASK-002', RENAMED) : []),
    report('it counts'),
  ],
  vas: () => [
    bash(SUITE),
    bash(put('.progress/vas/test-results.json', '{"failed_tests": [], "total_tests": 3, "coverage": 100}\n')),
    report('it ran'),
  ],
};

function coded(id: string, command: string): Turn[] {
  return [bash(`coord cycle task ${id} start`), bash(command), bash(`coord cycle task ${id} done`)];
}
