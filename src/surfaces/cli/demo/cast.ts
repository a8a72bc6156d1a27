/** Who plays in the demo, and what a scene is. */
import type { Envelope } from '../../../domain/message.ts';
import { must } from './checks.ts';
import type { Scratch } from './scratch.ts';
import { Session } from './session.ts';

export const API = '01-api';
export const WEB = '02-web';
/** The file of worker-02 that worker-01 will be after. */
export const PAGE = 'page.html';
export const PAGE_TEXT = '<h1>Fruit</h1>\n';

export interface Cast {
  readonly scratch: Scratch;
  /** In a terminal, so that mail can wake it; the workers run headless. */
  readonly coordinator: Session;
  readonly api: Session;
  readonly web: Session;
}

export function castIn(scratch: Scratch): Cast {
  return {
    scratch,
    coordinator: new Session(scratch, 'coordinator', scratch.home, true),
    api: new Session(scratch, 'worker-01', scratch.worktree(API), false),
    web: new Session(scratch, 'worker-02', scratch.worktree(WEB), false),
  };
}

export interface Scene {
  readonly name: string;
  /** Plays and checks it; answers what to tell: a line as it is, or a text to be wrapped. */
  readonly play: (cast: Cast) => readonly string[];
}

/** The state that a document's front matter gives a plan. */
function planStateIn(document: string, plan: string): string {
  const entry = new RegExp(`id: "?${plan}"?\\n(?:(?!\\s*- id:).*\\n)*?\\s+state: (\\w+)`).exec(document);
  return entry?.[1] ?? 'not in the document';
}

export function mustBeIn(document: string, plan: string, state: string, where: string): void {
  const found = planStateIn(document, plan);
  must(found === state, `plan ${plan} to be ${state} in ${where}`, found);
}

/** The one message of an inbox that reports this event of this plan or blocker. */
export function reportIn(inbox: readonly Envelope[], event: string, of: string): Envelope {
  const about = inbox.filter(({ metadata }) => metadata['plan'] === of || metadata['blocker'] === of);
  const found = about.filter(({ metadata }) => metadata['event'] === event);
  const [report] = found;
  const events = inbox.map(({ metadata, type }) =>
    `${metadata['event'] ?? type} ${metadata['plan'] ?? ''}`.trim(),
  );
  const seen = events.length === 0 ? 'an empty inbox' : events.join(', ');
  must(report !== undefined && found.length === 1, `one message "${event}" about ${of} in the inbox`, seen);
  return report;
}

/** Mail wakes the idle coordinator; the turn that this begins shows it. Answers what that turn was told. */
export function wakeCoordinator({ coordinator }: Cast): string {
  const woken = coordinator.wokenWithin(10_000);
  must(woken !== undefined, 'the idle coordinator to be woken by its mail', 'it slept on');
  return coordinator.prompt(`<system-reminder>${woken}</system-reminder>`);
}
