/** What `coord merge add` says: the place in the line, or each refusal with what, where, why probably, and what to type. */
import { cleanLine } from '../../domain/message.ts';
import type { PreflightRefusal } from '../../domain/preflight/refusal.ts';
import type { AddedEntry } from '../../usecases/add-to-queue.ts';

const FILE_CHARS = 300;
const TEXT_CHARS = 600;

/** One refusal: a line that says it, and indented lines with the rest. */
export function printPreflightRefusal(refusal: PreflightRefusal): string {
  const { rule, what, where, files, total, why, next } = refusal;
  const more = total > files.length ? [`  … and ${total - files.length} more`] : [];
  return [
    `${rule}: ${cleanLine(what, TEXT_CHARS)}`,
    `  where:       ${cleanLine(where, FILE_CHARS)}`,
    ...files.map((file) => `  - ${cleanLine(file, FILE_CHARS)}`),
    ...more,
    `  probably:    ${cleanLine(why, TEXT_CHARS)}`,
    ...next.map(
      (step, at) => `  ${at === 0 ? 'next, there:' : '            '} ${cleanLine(step, TEXT_CHARS)}`,
    ),
  ].join('\n');
}

function printRefused({ asked, refusals, entry }: AddedEntry): string {
  const count = refusals.length === 1 ? 'one thing is' : `${refusals.length} things are`;
  const kept = entry ? ` Its entry ${entry.id} stays as it was (${entry.state}).` : '';
  const isOperators = refusals.some(({ side }) => side === 'operator');
  const lines = [
    `phase ${cleanLine(asked.phase)} (${cleanLine(asked.branch)}) was not queued for ${cleanLine(asked.target) || 'landing'}: ${count} in the way. Nothing was changed.${kept}`,
    ...refusals.map(printPreflightRefusal),
  ];
  if (isOperators)
    lines.push(
      'What lies in the primary worktree, or where the target is checked out, is for the coordinator or the operator to mend. A worker asks: coord send coordinator question "<text>"',
    );
  return lines.join('\n');
}

export function printAdded(added: AddedEntry, isLead: boolean): string {
  const { asked, entry, position, outcome, waived } = added;
  if (outcome === 'refused' || !entry) return printRefused(added);
  const named = `${cleanLine(asked.branch)} at ${asked.tip.slice(0, 12)}`;
  const place = `position ${position}`;
  const head = {
    queued: `phase ${asked.phase} is queued as ${entry.id}: ${named} is to land on ${cleanLine(asked.target)}, ${place}`,
    'queued-again': `phase ${asked.phase} is queued again as ${entry.id}: ${named} is to land on ${cleanLine(asked.target)}, ${place}`,
    moved: `phase ${asked.phase} stays queued as ${entry.id}, now with ${named}, ${place}`,
    same: `phase ${asked.phase} is already queued at ${place} as ${entry.id}, with ${named}; nothing changed`,
  }[outcome];
  const idle = asked.waived.filter((rule) => !waived.includes(rule));
  return [
    head,
    ...(waived.length > 0 ? [`Waived: ${waived.join(', ')}`] : []),
    ...(isLead && idle.length > 0 ? [`Waived without need: ${idle.join(', ')}`] : []),
    isLead
      ? 'Next: coord merge run'
      : 'The coordinator lands it; a verdict comes as a message. Where it stands: coord merge status',
  ].join('\n');
}
