/**
 * Records a decision: the project's in DECISIONS.md, newest on top; a worker's own in its STATUS.md (seed 000 splits
 * them by scope). DECISIONS.md is only ever added to; what is in it stays as it is, byte for byte.
 */
import { join } from 'node:path';
import { cleanLine } from '../domain/message.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { DECISIONS_FILE } from '../domain/project-paths.ts';
import { addDecision } from '../domain/status-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeStatus } from '../storage/documents.ts';
import type { Caller } from '../storage/light/caller.ts';
import { readTextIfThere, writeAtomic } from '../storage/light/files.ts';
import { noteChanges } from '../storage/light/journal.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { coordinationPath } from '../storage/light/roster.ts';

export interface Decision {
  readonly title: string;
  readonly context: string;
  readonly decision: string;
  readonly alternatives: readonly string[];
  readonly consequences: readonly string[];
}

const TEXT_MAX = 4_000;

export function recordDecision(caller: Caller, decision: Decision): Outcome<{ file: string; title: string }> {
  const { title } = decision;
  if (caller.kind === 'guest' || caller.kind === 'ended')
    return refuse({ code: 'not-joined', root: caller.root });
  if (cleanLine(title) === '') return refuse({ code: 'name-bad', what: 'title', text: title });
  return caller.record
    ? recordForPhase(caller, caller.record.phase.folder, decision)
    : recordForProject(caller, decision);
}

function recordForPhase(
  caller: Caller,
  folder: string,
  decision: Decision,
): Outcome<{ file: string; title: string }> {
  const { home, root } = caller;
  const why = decision.context === '' ? '' : ` Because: ${cleanLine(decision.context, TEXT_MAX)}`;
  const rest = [...decision.alternatives.map((text) => `Not: ${text}`), ...decision.consequences];
  const text = cleanLine([`${decision.title}: ${decision.decision}.${why}`, ...rest].join(' '), TEXT_MAX);
  const changed = changeStatus<undefined, never>({ home, root, folder }, (document) => ({
    done: true,
    document: addDecision(document, { at: isoOf(nowMs()), text }),
    value: undefined,
  }));
  return changed.done
    ? done({ file: `.planning/phases/${folder}/STATUS.md`, title: decision.title })
    : changed;
}

function recordForProject(caller: Caller, decision: Decision): Outcome<{ file: string; title: string }> {
  const { home } = caller;
  const file = join(home, DECISIONS_FILE);
  const outcome = withMutex(coordinationPath(home, 'leases'), 'document-DECISIONS', () => {
    const atMs = nowMs();
    const text = readTextIfThere(file) ?? headOf(home, atMs);
    noteChanges(home, null, { atMs, session: caller.session ?? 'terminal', paths: [file] });
    writeAtomic(file, withEntry(text, printEntry(decision, atMs)), { durable: true });
  });
  if (!outcome.done) return refuse({ code: 'mutex-timeout', name: DECISIONS_FILE });
  return done({ file: DECISIONS_FILE, title: decision.title });
}

function headOf(home: string, atMs: number): string {
  const project = home.split(/[\\/]/).at(-1) ?? 'project';
  return `# Architectural Decision Log\n\n**Project:** ${project}\n**Started:** ${isoOf(atMs).slice(0, 10)}\n\n---\n\n`;
}

/** Before the newest entry, which is the first heading of depth 2; at the end where there is none. */
function withEntry(text: string, entry: string): string {
  const at = /^## /m.exec(text)?.index ?? text.length;
  const gap = at === 0 || text.slice(0, at).endsWith('\n\n') ? '' : '\n\n';
  return `${text.slice(0, at)}${gap}${entry}${text.slice(at)}`;
}

function printEntry(decision: Decision, atMs: number): string {
  const line = (text: string) => cleanLine(text, TEXT_MAX) || 'none given';
  const list = (items: readonly string[], mark: (index: number) => string) =>
    items.length === 0 ? ['none given'] : items.map((item, index) => `${mark(index)} ${line(item)}`);
  return [
    `## ${isoOf(atMs).slice(0, 10)}: ${line(decision.title)}`,
    '',
    `**Context:** ${line(decision.context)}`,
    '',
    `**Decision:** ${line(decision.decision)}`,
    '',
    '**Alternatives considered:**',
    ...list(decision.alternatives, (index) => `${index + 1}.`),
    '',
    '**Consequences:**',
    ...list(decision.consequences, () => '-'),
    '',
    '**Status:** Accepted',
    '',
    '---',
    '',
    '',
  ].join('\n');
}
