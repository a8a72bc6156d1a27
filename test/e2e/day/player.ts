/**
 * Who plays a part of the day: a model that wants certain things, one after the other, and knows them to be done by what
 * lies on the disk, never by what it remembers. So whoever is killed in the midst is followed by a session that goes on.
 */
import type { Reply, Turn } from '../../kit/messages-api.ts';
import type { ModelRequest, ToolResult } from '../../kit/model-request.ts';
import { bash, call, isCompaction, SUMMARY, say } from '../kit.ts';

export interface Goal {
  readonly name: string;
  isDone(): boolean;
  /** Until then there is nothing to do for it. */
  isReady?(): boolean;
  /** `attempt` counts from 0. */
  turn(attempt: number, request: ModelRequest): Turn;
  /** Looks at what came of its turn. */
  heed?(results: readonly ToolResult[]): void;
}

const ATTEMPTS_MAX = 150;

/** What nobody can see on the disk: a call that was refused as it should be, a session that was left. */
export class Facts {
  private readonly known = new Set<string>();

  note(fact: string): void {
    this.known.add(fact);
  }

  has(fact: string): boolean {
    return this.known.has(fact);
  }
}

export class Player {
  readonly name: string;
  /** How often it went on after its context was compacted. */
  compactions = 0;
  /** Why the day cannot go on. */
  despair: string | undefined;
  private readonly goals: readonly Goal[];
  /** In a row. */
  private tried: { goal: Goal | undefined; times: number } = { goal: undefined, times: 0 };
  private readonly said: string[] = [];
  private pending: Goal | undefined;
  private readonly idle: () => Turn;

  /** `idle`: what it does while none of its goals is ready. */
  constructor(name: string, goals: readonly Goal[], idle: () => Turn = () => say('I wait.')) {
    this.name = name;
    this.goals = goals;
    this.idle = idle;
  }

  get isThrough(): boolean {
    return this.goals.every((goal) => goal.isDone());
  }

  get hasWork(): boolean {
    return this.nextGoal()?.isReady?.() ?? !this.isThrough;
  }

  /** For whoever reads why a day has failed. */
  get account(): string {
    const open = this.nextGoal()?.name ?? 'nothing';
    return `${this.name}: is at "${open}"\n${this.said.slice(-12).join('\n')}`;
  }

  readonly reply: Reply = (request) => {
    if (isCompaction(request)) return SUMMARY;
    // Who dies before that has compacted nothing.
    if (request.latestText.includes('Your context was compacted')) this.compactions += 1;
    this.hear(request.toolResults);
    const goal = this.nextGoal();
    if (goal === undefined) return say('All is done.');
    if (goal.isReady?.() === false) return this.idle();
    return this.attempt(goal, request);
  };

  private attempt(goal: Goal, request: ModelRequest): Turn {
    if (this.tried.goal !== goal) this.tried = { goal, times: 0 };
    const attempt = this.tried.times;
    this.tried.times += 1;
    if (attempt >= ATTEMPTS_MAX) {
      this.despair = `${this.name}: "${goal.name}" was tried ${attempt} times\n${this.said.slice(-6).join('\n')}`;
      return say('I give up.');
    }
    this.pending = goal;
    const turn = goal.turn(attempt, request);
    this.said.push(`- ${goal.name}: ${JSON.stringify(turn.calls?.[0]?.input ?? turn.text).slice(0, 400)}`);
    return turn;
  }

  private hear(results: readonly ToolResult[]): void {
    for (const { isError, text } of results) this.said.push(`  ${isError ? '!' : '='} ${text.slice(0, 700)}`);
    if (results.length > 0) this.pending?.heed?.(results);
    this.pending = undefined;
  }

  private nextGoal(): Goal | undefined {
    return this.goals.find((goal) => !goal.isDone());
  }
}

// --- goals ---

type More = Partial<Pick<Goal, 'isReady' | 'heed'>>;

/** Done when the disk says so; until then the commands are tried in turn. */
export function reach(
  name: string,
  isDone: () => boolean,
  commands: readonly string[],
  more: More = {},
): Goal {
  return { name, isDone, turn: (attempt) => bash(commands[attempt % commands.length] ?? ''), ...more };
}

/** Done when a call came back as it should: `refused` with these words, or `granted`. */
export function expectOnce(
  facts: Facts,
  name: string,
  wanted: { readonly refused: string } | 'granted',
  turn: Goal['turn'],
  more: Pick<More, 'isReady'> = {},
): Goal {
  const heed = ([result]: readonly ToolResult[]) => {
    if (result === undefined) return;
    const isRight =
      wanted === 'granted' ? !result.isError : result.isError && result.text.includes(wanted.refused);
    if (isRight) facts.note(name);
  };
  return { name, isDone: () => facts.has(name), turn, heed, ...more };
}

/** What the last refusal named as the way out; the call again, where it named none. */
export function followingRefusal(make: () => string): Pick<Goal, 'turn' | 'heed'> {
  let way: string | undefined;
  return {
    turn: () => {
      const command = way ?? make();
      way = undefined;
      return bash(command);
    },
    heed: ([result]) => {
      if (result?.isError) way = /`(coord (?:lock|run|join)[^`]*)`/.exec(result.text)?.[1];
    },
  };
}

export function spawnAgent(type: string, prompt: string, more: Readonly<Record<string, unknown>> = {}): Turn {
  return call('Agent', { description: type, subagent_type: type, prompt, ...more });
}
