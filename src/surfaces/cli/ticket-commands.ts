/** `coord ticket` and `coord findings`: what a worker is given to do, and what it hands in. */
import { readFileSync, statSync } from 'node:fs';
import { isDisplayName } from '../../domain/identifiers.ts';
import { isKind } from '../../domain/pool.ts';
import { done, refuse } from '../../domain/problem.ts';
import { listRuns } from '../../storage/light/runs.ts';
import { handInFindings } from '../../usecases/hand-in-findings.ts';
import { issueTicket, listTickets, makeTicket, regenerateTickets } from '../../usecases/issue-ticket.ts';
import { printTicketProblem, printTicketView } from '../wording/tickets.ts';
import { withCaller } from './calling.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

const FINDINGS_MAX = 1_048_576;

const ticketNew: Command = {
  name: 'ticket new',
  usage:
    '<name> <title> [--scope <glob>]… [--forbid <glob>]… [--accept <command>]… [--kind <kind>] [--text <text>]',
  summary:
    'Makes a ticket template in docs/worker-ticket-templates/: what a worker may write, must not touch, and what proves its work.',
  values: ['scope', 'forbid', 'accept', 'kind', 'text'],
  positionals: [2, 2],
  shape: '{file}',
  run: (context) => {
    const caller = coordinatorOf(context, 'make tickets');
    if (!caller.done) return caller;
    const [name = '', title = ''] = context.positionals;
    if (!isDisplayName(title)) return refuse({ code: 'name-bad', what: 'title of the ticket', text: title });
    const kind = context.option('kind');
    if (kind !== undefined && !isKind(kind)) throw new UsageError('--kind takes a word');
    const ticket = {
      name,
      title,
      kind,
      scope: context.options('scope'),
      forbidden: context.options('forbid'),
      acceptance: context.options('accept'),
      body: context.option('text') ?? 'What is to be done, what is known, what to hand in.',
    };
    const { home, session } = caller.value;
    const outcome = makeTicket({ home, session }, ticket);
    if (!outcome.done) return outcome;
    const text = `${outcome.value.file} made. Write down in it what is to be done; then: coord ticket issue ${name} --phase <id>`;
    return done({ json: outcome.value, text });
  },
};

const ticketIssue: Command = {
  name: 'ticket issue',
  usage: '<name> --phase <id>',
  summary:
    "Gives a phase the ticket: its scope, its forbidden files and its acceptance commands become the phase's.",
  values: ['phase'],
  positionals: [1, 1],
  shape: '{ticket, phase, worker, file}',
  run: (context) => {
    const caller = coordinatorOf(context, 'issue tickets');
    if (!caller.done) return caller;
    const phase = context.option('phase');
    if (phase === undefined) throw new UsageError('--phase <id> is missing: whose ticket is it?');
    const outcome = issueTicket(caller.value.home, context.positionals[0] ?? '', phase);
    if (!outcome.done) return outcome;
    return done({ json: outcome.value, text: `ticket for ${outcome.value.worker}: ${outcome.value.file}` });
  },
};

const ticketList: Command = {
  name: 'ticket list',
  usage: '',
  summary: 'Lists the templates, which phases have them, and the runs that were handed in.',
  positionals: [0, 0],
  shape:
    '{tickets: [{name, title, scope, forbidden, acceptance, phases}…], broken: [{code, …}…], runs: [{run, workers}…]}',
  run: (context) =>
    withCaller(context, (caller) => {
      const outcome = listTickets(caller.home);
      if (!outcome.done) return outcome;
      const { tickets, broken } = outcome.value;
      const runs = listRuns(caller.home).slice(0, 20);
      const lines = [
        ...tickets.map(printTicketView),
        ...broken.map(printTicketProblem),
        ...runs.map(({ run, workers }) => `run ${run}: ${workers.join(', ')}`),
      ];
      const text = lines.join('\n') || 'none: coord ticket new <name> "<title>" --scope "<glob>"';
      return done({ json: { tickets, broken, runs }, text });
    }),
};

const ticketRegenerate: Command = {
  name: 'ticket regenerate',
  usage: '',
  summary: 'Makes the tickets again that are gone, from their templates: .taskers/ is not committed.',
  positionals: [0, 0],
  shape:
    '{made: [{ticket, phase, worker, file}…], broken: [{code, …}…]}; exit code 1 when one could not be made',
  run: (context) => {
    const caller = coordinatorOf(context, 'make tickets again');
    if (!caller.done) return caller;
    const outcome = regenerateTickets(caller.value.home);
    if (!outcome.done) return outcome;
    const { made, broken } = outcome.value;
    const lines = [
      ...made.map(({ worker, file }) => `${worker}: ${file}`),
      ...broken.map(printTicketProblem),
    ];
    const code = broken.length > 0 ? { code: EXIT.refused } : {};
    return done({ json: outcome.value, text: lines.join('\n') || 'all tickets are there', ...code });
  },
};

const findings: Command = {
  name: 'findings',
  usage: '<text> | --file <path>',
  summary: 'Hands in what you found: it is kept in .taskers/runs/, and the coordinator is told.',
  values: ['file'],
  positionals: [0, 1],
  shape: '{file, message}',
  run: (context) =>
    withCaller(context, (caller) => {
      const path = context.option('file');
      const text = path === undefined ? (context.positionals[0] ?? '') : readText(path);
      if (text.trim() === '') throw new UsageError('what was found? Give a text, or --file <path>');
      const outcome = handInFindings(caller, text);
      return outcome.done ? done({ json: outcome.value, text: `handed in: ${outcome.value.file}` }) : outcome;
    }),
};

function readText(path: string): string {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new UsageError(`${path} is no file`);
    if (found.size > FINDINGS_MAX) throw new UsageError(`${path} is larger than 1 MB`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UsageError || typeof code !== 'string') throw error;
    throw new UsageError(`${path} cannot be read (${code})`);
  }
}

export const TICKET_COMMANDS: readonly Command[] = [
  ticketNew,
  ticketIssue,
  ticketList,
  ticketRegenerate,
  findings,
];
