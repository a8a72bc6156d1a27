/**
 * Gives a phase its ticket: the scope, the forbidden files and the acceptance commands of a template become the
 * phase's, and the ticket is written for its worker.
 *
 * Order: 1 STATE.md (scope, forbidden, the name of the template, the criteria), 2 what the guard of an active worker
 * reads, 3 the ticket. Killed in between, issuing it again completes it; the ticket can be made again from STATE.md and
 * the template at any time, also when all of `.taskers/` is gone.
 */

import { join } from 'node:path';
import { addCriterion, criteriaOf } from '../domain/criterion.ts';
import { done, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import {
  phaseOrRefusal,
  replacePhase,
  type StateDocument,
  type StatePhase,
} from '../domain/state-document.ts';
import { judgeApart, judgeTicket, type Ticket, type TicketRefusal } from '../domain/ticket.ts';
import { nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { changeState } from '../storage/documents.ts';
import { scopeOf, scopeRuleOf } from '../storage/globs.ts';
import { isTicketThere } from '../storage/light/closing-outputs.ts';
import { noteChanges } from '../storage/light/journal.ts';
import { isCaseBlind } from '../storage/light/location.ts';
import { readPlaceRecord, readWorkerRecord, writePlaceRecord } from '../storage/light/roster.ts';
import {
  createTemplate,
  isTicketName,
  listTemplates,
  readTemplate,
  TEMPLATES_FOLDER,
  templateFile,
  writeTicket,
} from '../storage/ticket-files.ts';
import type { Scribe } from './write-history.ts';

export interface IssuedTicket {
  readonly ticket: string;
  readonly phase: string;
  readonly worker: string;
  readonly file: string;
}

/** Makes a template. */
export function makeTicket(scribe: Scribe, ticket: Ticket): Outcome<{ file: string }> {
  const { home, session } = scribe;
  if (!isTicketName(ticket.name))
    return refuse({ code: 'identifier-bad', what: 'ticket name', text: ticket.name });
  const flaw = flawOf(home, ticket);
  if (flaw) return refuse(flaw);
  const file = templateFile(ticket.name);
  const paths = [join(home, file), join(home, TEMPLATES_FOLDER, 'README.md')];
  noteChanges(home, null, { atMs: nowMs(), session: session ?? 'terminal', paths });
  return createTemplate(home, ticket)
    ? done({ file })
    : refuse({ code: 'ticket-exists', name: ticket.name, file });
}

function flawOf(home: string, ticket: Ticket): Problem | undefined {
  const bad = [...ticket.scope, ...ticket.forbidden].find((glob) => !scopeRuleOf(glob));
  if (bad !== undefined) return { code: 'scope-bad', glob: bad };
  return judgeTicket(ticket, isCaseBlind(home));
}

export function issueTicket(home: string, name: string, phaseId: string): Outcome<IssuedTicket> {
  const ticket = readTemplate(home, name);
  if ('code' in ticket) return refuse(ticket);
  const flaw = flawOf(home, ticket);
  if (flaw) return refuse(flaw);
  const outcome = changeState<StatePhase, Problem>(home, (state) => {
    const phase = phaseOrRefusal(state, phaseId);
    if ('code' in phase) return refuse(phase);
    if (phase.state === 'done')
      return refuse({ code: 'phase-not-active', phase: phase.id, state: phase.state });
    const apart = judgeApart(ticket, othersOf(state, phase), isCaseBlind(home));
    if (apart) return refuse(apart);
    const { scope, forbidden, kind } = ticket;
    const next = { ...phase, scope, forbidden, ticket: name, ...(kind === undefined ? {} : { kind }) };
    return { done: true, document: withCriteria(replacePhase(state, next), next, ticket), value: next };
  });
  if (!outcome.done) return outcome;
  return done(handOut(home, outcome.value.value, ticket));
}

/** The tickets of the phases that are not done, as STATE.md has them. */
function othersOf({ phases }: StateDocument, phase: StatePhase): Ticket[] {
  return phases
    .filter((one) => one.id !== phase.id && one.state !== 'done' && one.scope.length > 0)
    .map((one) => ({
      name: one.ticket ?? `phase ${one.id}`,
      title: one.name,
      scope: one.scope,
      forbidden: one.forbidden ?? [],
      acceptance: [],
      body: '',
    }));
}

/** Each acceptance command is a criterion of the phase, once. */
function withCriteria(state: StateDocument, phase: StatePhase, { acceptance }: Ticket): StateDocument {
  return acceptance.reduce((next, command) => {
    const text = `\`${command}\` passes`;
    if (criteriaOf(next, phase.id).some((one) => one.text === text)) return next;
    const added = addCriterion(next, phase.id, text);
    return 'code' in added ? next : added;
  }, state);
}

function handOut(home: string, phase: StatePhase, ticket: Ticket): IssuedTicket {
  const { worker, id } = phase;
  const place = readWorkerRecord(home, worker)?.place ?? null;
  const record = readPlaceRecord(home, place);
  if (place !== null && record?.phase.id === id)
    writePlaceRecord(home, place, { ...record, scope: scopeOf(phase) });
  return { ticket: ticket.name, phase: id, worker, file: writeTicket(home, worker, id, ticket) };
}

/** Phases that were given a ticket which is not there any more. */
export function lostTickets(home: string, { phases }: StateDocument): (StatePhase & { ticket: string })[] {
  return phases
    .filter((phase): phase is StatePhase & { ticket: string } => phase.ticket !== undefined)
    .filter((phase) => phase.state !== 'done' && !isTicketThere(home, phase.worker));
}

/** Makes the tickets again that are gone; answers each that was made, and each whose template is gone or broken. */
export function regenerateTickets(home: string): Outcome<{ made: IssuedTicket[]; broken: TicketRefusal[] }> {
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const made: IssuedTicket[] = [];
  const broken: TicketRefusal[] = [];
  for (const phase of lostTickets(home, loaded.value.document)) {
    const ticket = readTemplate(home, phase.ticket);
    if ('code' in ticket) broken.push(ticket);
    else made.push(handOut(home, phase, ticket));
  }
  return done({ made, broken });
}

export interface TicketView {
  readonly name: string;
  readonly title: string;
  readonly scope: readonly string[];
  readonly forbidden: readonly string[];
  readonly acceptance: readonly string[];
  /** Phases that were given it. */
  readonly phases: readonly string[];
}

export function listTickets(home: string): Outcome<{ tickets: TicketView[]; broken: TicketRefusal[] }> {
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const tickets: TicketView[] = [];
  const broken: TicketRefusal[] = [];
  for (const name of listTemplates(home)) {
    const ticket = readTemplate(home, name);
    if ('code' in ticket) {
      broken.push(ticket);
      continue;
    }
    const phases = loaded.value.document.phases
      .filter((phase) => phase.ticket === name)
      .map((phase) => phase.id);
    const { title, scope, forbidden, acceptance } = ticket;
    tickets.push({ name, title, scope, forbidden, acceptance, phases });
  }
  return done({ tickets, broken });
}
