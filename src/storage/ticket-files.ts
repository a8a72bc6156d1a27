/**
 * Ticket templates (`docs/worker-ticket-templates/<name>.md`, committed) and tickets (`.taskers/tickets/<worker>.md`,
 * not committed, made from them). Both have YAML front matter; zod says whether it is one.
 */
import { join } from 'node:path';
import * as z from 'zod';
import type { Ticket, TicketRefusal } from '../domain/ticket.ts';
import { parseFrontMatter, printFrontMatter } from './front-matter.ts';
import { ticketFile } from './light/closing-outputs.ts';
import { listNames, makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';
import { TICKETS_FOLDER } from './light/runs.ts';

export const TEMPLATES_FOLDER = 'docs/worker-ticket-templates';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const words = z
  .array(z.string().min(1))
  .nullish()
  .transform((value) => value ?? []);
const schema = z.looseObject({
  title: z.string().min(1),
  kind: z
    .string()
    .nullish()
    .transform((value) => value ?? undefined),
  scope: words,
  forbidden: words,
  acceptance: words,
});

const README = `# Worker tickets

One file for each kind of job: what a worker may write (\`scope\`), must not touch (\`forbidden\`), and the commands that
decide whether its work is accepted (\`acceptance\`); below that, in words, what is to be done. Commit them. coord makes a
ticket from one when a phase gets it (\`coord ticket issue <name> --phase <id>\`), and again whenever it is lost.
`;

export function isTicketName(name: string): boolean {
  return NAME.test(name) && !name.includes('..') && name.toLowerCase() !== 'readme';
}

export function templateFile(name: string): string {
  return `${TEMPLATES_FOLDER}/${name}.md`;
}

export function listTemplates(home: string): string[] {
  return listNames(join(home, TEMPLATES_FOLDER))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -3))
    .filter(isTicketName)
    .sort();
}

export function readTemplate(home: string, name: string): Ticket | TicketRefusal {
  const file = templateFile(name);
  const text = isTicketName(name) ? readTextIfThere(join(home, file)) : undefined;
  if (text === undefined) return { code: 'ticket-unknown', name, known: listTemplates(home) };
  const front = parseFrontMatter(text);
  if ('code' in front) {
    const detail =
      front.code === 'front-matter-broken' ? front.detail : 'it does not begin with YAML front matter';
    return { code: 'ticket-broken', file, line: front.line, detail };
  }
  const parsed = schema.safeParse(front.data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const detail = `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not understood'}`;
    return { code: 'ticket-broken', file, line: front.lineOf(issue?.path ?? []), detail };
  }
  const { title, kind, scope, forbidden, acceptance } = parsed.data;
  return { name, title, kind, scope, forbidden, acceptance, body: front.body.replace(/^\n+/, '') };
}

function printTemplate({ title, kind, scope, forbidden, acceptance, body }: Ticket): string {
  return printFrontMatter(undefined, { title, kind, scope, forbidden, acceptance }, `\n${body.trimEnd()}\n`);
}

/** Makes the file, with a README beside the first one; false when it is there. */
export function createTemplate(home: string, ticket: Ticket): boolean {
  const folder = join(home, TEMPLATES_FOLDER);
  if (readTextIfThere(join(home, templateFile(ticket.name))) !== undefined) return false;
  makeFolder(folder);
  if (readTextIfThere(join(folder, 'README.md')) === undefined)
    writeAtomic(join(folder, 'README.md'), README, { durable: true });
  writeAtomic(join(home, templateFile(ticket.name)), printTemplate(ticket), { durable: true });
  return true;
}

/** What the worker reads: the template, and whose it is. */
export function writeTicket(home: string, worker: string, phase: string, ticket: Ticket): string {
  const file = ticketFile(worker);
  const { title, kind, scope, forbidden, acceptance, name, body } = ticket;
  const values = { worker, phase, template: name, title, kind, scope, forbidden, acceptance };
  makeFolder(join(home, TICKETS_FOLDER));
  const list = (items: readonly string[], none: string) =>
    items.length === 0 ? `- ${none}` : items.map((item) => `- \`${item}\``).join('\n');
  const text = `\n# ${title}\n\n${body.trim()}\n\n## Write only\n\n${list(scope, 'anywhere in your worktree')}\n\n## Do not touch\n\n${list(forbidden, 'nothing beyond that')}\n\n## Accepted when these pass\n\n${list(acceptance, 'none is named')}\n`;
  writeAtomic(join(home, file), printFrontMatter(undefined, values, text), { durable: true });
  return file;
}
