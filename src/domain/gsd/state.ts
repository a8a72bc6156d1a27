/**
 * STATE.md of Get Shit Done: where the work stands, what was put aside to be done, what stands in the way. Its sections
 * stay in the file as they are; what of them coord has a place for is read here. Pure.
 *
 * What is said under "Blockers/Concerns" is mostly a concern, and often one that is over. So: a line that is struck, or
 * says in capitals that it is resolved, is none; one that says that it blocks is critical; the rest is not.
 */

import type { Priority } from '../todo.ts';
import { NUMBER, phaseIdOf, planNumberOf } from './number.ts';
import { type GsdLine, headingAt, headOf, itemAt, plainOf, titleFrom } from './text.ts';

export interface GsdTodo {
  readonly priority: Priority;
  readonly text: string;
}

export interface GsdState {
  /** The plan that somebody was working on. */
  readonly underWay: { readonly phase: string; readonly plan: string | undefined; line: GsdLine } | undefined;
  readonly todo: readonly GsdTodo[];
  /** Of the head: the milestone by version and name. */
  readonly milestone: { readonly version: string; readonly name: string; readonly line: GsdLine } | undefined;
}

const TODO_CHARS_MAX = 300;

export function parseGsdState(text: string): GsdState {
  const head = headOf(text);
  const position = new Map<string, GsdLine>();
  const todo: GsdTodo[] = [];
  let section: 'position' | 'todos' | 'blockers' | undefined;
  for (const line of head.body) {
    const heading = headingAt(line);
    if (heading) section = sectionOf(heading.text, heading.depth);
    else if (section === 'position') {
      const [, name = '', value = ''] =
        /^\W*(Phase|Plan|Status)\W*?:\W*?\s*(.*)$/i.exec(plainOf(line.text)) ?? [];
      if (name !== '' && !position.has(name.toLowerCase()))
        position.set(name.toLowerCase(), { line: line.line, text: value });
    } else if (section !== undefined) {
      const item = itemAt(line);
      const words = item && item.indent < 2 && item.ticked !== true ? saidIn(item.text) : undefined;
      if (words !== undefined) todo.push({ priority: priorityOf(section, words), text: words });
    }
  }
  return { underWay: underWayIn(position), todo, milestone: milestoneOf(head.values) };
}

function sectionOf(title: string, depth: number): 'position' | 'todos' | 'blockers' | undefined {
  if (/^\W*current position\b/i.test(title)) return 'position';
  if (/^\W*pending todos?\b/i.test(title)) return 'todos';
  // coord has a section "Blockers" of its own, of depth 2.
  const isTheirs = depth > 2 || /concerns/i.test(title);
  return isTheirs && /^\W*(?:active |known |open )?(?:blockers|concerns)\b/i.test(title)
    ? 'blockers'
    : undefined;
}

/** An item's words; undefined for one that is over, or that only holds the place. */
function saidIn(text: string): string | undefined {
  const words = titleFrom(text, TODO_CHARS_MAX);
  if (words === '' || /^[([]?\s*(?:none\b|nothing\b|n\/a\b|-+$|from \.planning)/i.test(words))
    return undefined;
  const isOver =
    /^\s*~~|[\u2705\u2713\u2714]/.test(text) ||
    /\b(?:RESOLVED|COMPLETE|CLEARED|CLOSED|FIXED|DONE)\b/.test(words);
  return isOver || /^\W*(?:resolved|fixed)\b/i.test(words) ? undefined : words;
}

function priorityOf(section: 'todos' | 'blockers', words: string): Priority {
  if (section === 'todos') return 'P1';
  const isDenied = /\b(?:not|non|no longer|never|n't)[\s-]+(?:\w+[\s-]+){0,2}block/i.test(words);
  return !isDenied && /\bblock(?:s|ed|ing|er)\b/i.test(words) ? 'P0' : 'P1';
}

function underWayIn(position: ReadonlyMap<string, GsdLine>): GsdState['underWay'] {
  const status = position.get('status');
  if (!status || !/\b(?:in progress|in_progress|executing|under way|working)\b/i.test(status.text))
    return undefined;
  const line = position.get('plan') ?? position.get('phase') ?? status;
  const number = new RegExp(`^(?:Phase\\s+)?(${NUMBER})`, 'i').exec(position.get('phase')?.text ?? '')?.[1];
  const phase = phaseIdOf(number ?? '');
  const plan = /^(?:[\w.]+-)?(\d{1,3}[A-Za-z]?)\b(?!\.)/.exec(position.get('plan')?.text ?? '')?.[1];
  if (phase === undefined) return undefined;
  return { phase, plan: plan === undefined ? undefined : planNumberOf(plan), line };
}

function milestoneOf(values: ReadonlyMap<string, GsdLine>): GsdState['milestone'] {
  const version = values.get('milestone');
  if (!version || !/^v\d{1,3}(?:\.\d{1,3}){0,2}$/i.test(version.text)) return undefined;
  const name = values.get('milestone_name')?.text ?? '';
  // GSD's own word where nobody gave it a name.
  const isNamed = name !== '' && name.toLowerCase() !== 'milestone';
  const id = version.text.toLowerCase();
  return { version: id, name: isNamed ? titleFrom(`${version.text} ${name}`) : version.text, line: version };
}

/** One idea that was put aside in a file of its own: its title, or its first heading. */
export function parseTodoFile(text: string, name: string): GsdTodo | undefined {
  const head = headOf(text);
  const heading = head.body.map(headingAt).find((one) => one !== undefined);
  const fallback = name
    .replace(/\.md$/i, '')
    .replace(/^\d{4}-\d{2}-\d{2}-/, '')
    .replaceAll('-', ' ');
  const words = titleFrom(head.values.get('title')?.text || heading?.text || fallback, TODO_CHARS_MAX);
  return words === '' ? undefined : { priority: 'P1', text: words };
}
