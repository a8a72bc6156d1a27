/**
 * Worker tickets (seed 001): what one worker is to do, in one file: its scope, the files it must not touch, the
 * commands that decide whether the work is accepted. A *template* is committed (`docs/worker-ticket-templates/`); a
 * *ticket* is what a worker of a phase was given (`.taskers/tickets/<worker>.md`), and can be made from its template
 * again at any time. Pure.
 */
import { globsOverlap } from './glob-overlap.ts';

export interface Ticket {
  /** Of the template that it is made from. */
  readonly name: string;
  readonly title: string;
  readonly kind?: string | undefined;
  readonly scope: readonly string[];
  readonly forbidden: readonly string[];
  readonly acceptance: readonly string[];
  /** What is to be done, as Markdown. */
  readonly body: string;
}

export type TicketRefusal =
  | { code: 'ticket-unknown'; name: string; known: string[] }
  | { code: 'ticket-exists'; name: string; file: string }
  | { code: 'ticket-broken'; file: string; line: number; detail: string }
  | { code: 'ticket-scope'; name: string; glob: string; forbidden: string }
  | { code: 'ticket-overlaps'; name: string; other: string; mine: string; theirs: string };

/** A ticket whose whole scope is forbidden leaves its worker nothing. */
export function judgeTicket(ticket: Ticket, caseBlind: boolean): TicketRefusal | undefined {
  for (const glob of ticket.scope) {
    const forbidden = ticket.forbidden.find((other) => isWithin(glob, other));
    if (forbidden !== undefined) return { code: 'ticket-scope', name: ticket.name, glob, forbidden };
  }
  return undefinedIfApart(ticket, [], caseBlind);
}

function undefinedIfApart(
  ticket: Ticket,
  others: readonly Ticket[],
  caseBlind: boolean,
): TicketRefusal | undefined {
  for (const other of others) {
    for (const mine of ticket.scope) {
      const theirs = other.scope.find(
        (glob) =>
          globsOverlap(mine, glob, caseBlind) && !isForbidden(ticket, glob) && !isForbidden(other, mine),
      );
      if (theirs !== undefined)
        return { code: 'ticket-overlaps', name: ticket.name, other: other.name, mine, theirs };
    }
  }
  return undefined;
}

/** Whether two tickets could send two workers to one file. */
export function judgeApart(
  ticket: Ticket,
  others: readonly Ticket[],
  caseBlind: boolean,
): TicketRefusal | undefined {
  return undefinedIfApart(ticket, others, caseBlind);
}

function isForbidden({ forbidden }: Ticket, glob: string): boolean {
  return forbidden.some((other) => isWithin(glob, other));
}

/** Surely all that a pattern means lies in the other one: the same, or below its folder. */
function isWithin(glob: string, other: string): boolean {
  if (glob === other) return true;
  const folder = /^(.*)\/\*\*$/.exec(other)?.[1];
  return folder !== undefined && !/[*?[{]/.test(folder) && (glob === folder || glob.startsWith(`${folder}/`));
}
