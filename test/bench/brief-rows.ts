/** The row of the resume brief: a whole SessionStart hook of a big project beside bare node, and how much it says. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimateTokens } from '../../src/domain/brief-lines.ts';
import { parseLog, printEntry, sealEntry } from '../../src/domain/decision-log.ts';
import type { StatePhase } from '../../src/domain/state-document.ts';
import { hashOf, writeDecisions } from '../../src/storage/decision-files.ts';
import { changeAgenda } from '../../src/usecases/change-agenda.ts';
import { bareEnvironment, type Project, scripts } from '../kit/project.ts';
import { coordinated, value } from '../kit/scene.ts';
import type { Row } from './bench.ts';
import { type Command, timePairs } from './pairs.ts';

const PHASES = 100;
const DECISIONS = 1_000;
const TODO = 200;
const RUNS = 30;
const TOKENS_MAX = 2_000;
const TODAY = new Date().toISOString().slice(0, 10);

export async function briefRows(): Promise<Row[]> {
  const project = coordinated();
  fillState(project);
  fillDecisions(project);
  const env = bareEnvironment({
    CLAUDE_PLUGIN_DATA: project.outside('plugin data'),
    CLAUDE_PID: String(process.pid),
  });
  const empty = join(project.outside('bare'), 'empty.cjs');
  writeFileSync(empty, '');
  const hook = startHook(project, env);
  const bare = { args: [empty], cwd: project.home, input: empty, env };
  const tokens = estimateTokens(told(hook));
  const { ms, otherMs } = await timePairs(hook, bare, RUNS);
  const budgetMs = 2 * otherMs + 100;
  project.dispose();
  return [
    {
      what: `resume brief (SessionStart), ${PHASES} phases, ${DECISIONS.toLocaleString('en')} decisions, ${TODO} TODO items`,
      budget: `≤ 2 × bare node + 100 ms; ≤ ${TOKENS_MAX.toLocaleString('en')} tokens`,
      measured: `${ms.toFixed(0)} ms (of ${budgetMs.toFixed(0)}), ${tokens.toLocaleString('en')} tokens`,
      isMet: ms <= budgetMs && tokens <= TOKENS_MAX,
    },
  ];
}

function startHook(project: Project, env: Record<string, string>): Command {
  const payload = {
    hook_event_name: 'SessionStart',
    session_id: 'bench',
    cwd: project.home,
    source: 'startup',
    transcript_path: join(project.outside('transcripts'), 'bench.jsonl'),
  };
  const input = join(project.outside('payloads'), 'start.json');
  writeFileSync(input, JSON.stringify(payload));
  return { args: [join(scripts, 'session.cjs')], cwd: project.home, input, env };
}

function told({ args, cwd, input, env }: Command): string {
  const text = readFileSync(input, 'utf8');
  const run = spawnSync(process.execPath, [...args], { cwd, input: text, encoding: 'utf8', env: { ...env } });
  const output = JSON.parse(run.stdout) as { hookSpecificOutput: { additionalContext: string } };
  return output.hookSpecificOutput.additionalContext;
}

/** A third done, a third at work, a third to come; blockers, criteria and items as they gather. */
function fillState(project: Project): void {
  const stateAt = (at: number): StatePhase['state'] =>
    at % 3 === 0 ? 'done' : at % 3 === 1 ? 'active' : 'future';
  value(
    changeAgenda(project.home, (state) => ({
      ...state,
      phases: Array.from({ length: PHASES }, (_, at) => ({
        id: `p${at}`,
        name: `A phase with a name of some length, number ${at}`,
        folder: `p${at}-a-phase`,
        state: stateAt(at),
        worker: `worker-p${at}`,
        depends: at > 0 ? [`p${at - 1}`] : [],
        scope: [`src/part-${at}/**`],
        plans: Array.from({ length: 4 }, (_, n) => ({
          id: `p${at}-${n}`,
          title: `A plan of phase ${at} that says what is to be done`,
          state: stateAt(at) === 'done' ? ('complete' as const) : ('not_started' as const),
        })),
        blockers:
          stateAt(at) === 'active'
            ? [
                {
                  id: 'B1',
                  summary: 'it waits for an answer',
                  state: 'open' as const,
                  pointer: 'x',
                  raised: TODAY,
                },
              ]
            : [],
      })),
      todo: Array.from({ length: TODO }, (_, at) => ({
        id: `T${at + 1}`,
        priority: at < 5 ? ('P0' as const) : ('P1' as const),
        text: `something to be done that takes a line to say, number ${at}`,
        at: TODAY,
      })),
      todo_last: TODO,
    })),
  );
}

function fillDecisions(project: Project): void {
  const decision = {
    title: 'A decision with a title as long as they come',
    context: 'why it was asked, in a sentence or two that say what was known then',
    decision: 'what was decided, in a sentence',
    alternatives: [],
    consequences: [],
    state: 'accepted' as const,
    supersedes: [],
  };
  const entries = Array.from({ length: DECISIONS }, (_, at) => {
    const text = printEntry(decision, DECISIONS - at, TODAY);
    return sealEntry(text, DECISIONS - at, hashOf(text));
  });
  // As coord leaves them: the latest in DECISIONS.md, the others by year.
  writeDecisions(project.home, parseLog(`# Log\n\n---\n\n${entries.join('')}`), () => undefined);
}
