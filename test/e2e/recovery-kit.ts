/**
 * What the recovery scenarios share: what coord put into a session by its hooks, what that names as the next thing to do,
 * and how long and how much it took. A model that knows nothing but that goes on by it alone.
 */
import { estimateTokens } from '../../src/domain/brief-lines.ts';
import type { StreamEvent } from '../kit/client.ts';
import type { ModelRequest } from '../kit/model-request.ts';
import type { Live } from './kit.ts';

export interface Figures {
  readonly scenario: string;
  readonly seconds: number;
  /** Characters / 4, as one counts roughly; `budget` by coord's own stricter count. */
  readonly tokens: number;
  readonly budget: number;
}

export const BUDGET_TOKENS = 2_000;
/** Of the client's own start most; generous, since tests share a machine. */
export const SECONDS_MAX = 30;

/** All that hooks of these events injected, in order. */
export function injected(events: readonly StreamEvent[], ...of: readonly string[]): string[] {
  return events
    .filter((event) => event.subtype === 'hook_response' && of.includes(String(event['hook_event'])))
    .map((event) => contextIn(String(event['stdout'] ?? '')))
    .filter((context) => context !== '');
}

function contextIn(stdout: string): string {
  if (!stdout.startsWith('{')) return '';
  const output = JSON.parse(stdout) as { hookSpecificOutput?: { additionalContext?: string } };
  return output.hookSpecificOutput?.additionalContext ?? '';
}

/** coord asks nobody anything: no question in what it says, quoted mail and TODO left aside. */
export function questionsIn(told: string): string[] {
  return told
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .filter((line) => /\?(?:\s|$)/.test(line));
}

/** `T2` of `Next: P0 T2 …`. */
export function nextTodo(text: string): string {
  const found = /^Next: P0 (T\d+) /m.exec(text)?.[1];
  if (found === undefined) throw new Error(`the brief names no next action:\n${text}`);
  return found;
}

/** From the start of the client until its model is asked, with the next action in what it is told. */
export function measure(
  scenario: string,
  start: { readonly atMs: number },
  request: ModelRequest | undefined,
  told: readonly string[],
): Figures {
  const text = told.join('\n');
  return {
    scenario,
    seconds: ((request?.at ?? Number.POSITIVE_INFINITY) - start.atMs) / 1_000,
    tokens: Math.ceil(text.length / 4),
    budget: estimateTokens(text),
  };
}

export function printFigures(figures: readonly Figures[]): string {
  const rows = figures.map(
    ({ scenario, seconds, tokens }) => `| ${scenario} | ${seconds.toFixed(1)} s | ${tokens} | none |`,
  );
  return [
    '| | until the next action is named | tokens | questions |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

export function killed(live: Live): Promise<unknown> {
  process.kill(live.session.pid, 'SIGKILL');
  return live.done;
}
