/**
 * What a worker is told of its branch: a verdict (accept or reject), with what it has to mend and the next commands. Its
 * id follows from the entry, so a run that was killed in the middle and carried on tells it once.
 */
import { COORDINATOR, SYSTEM } from './identifiers.ts';
import { cleanLine, cleanText, cleanWord, type Draft, type Envelope } from './message.ts';
import type { Attempt, QueueEntry } from './queue-entry.ts';
import { envelopeAt } from './urgency.ts';

export interface VerdictFacts {
  readonly entry: QueueEntry;
  readonly attempt: Attempt;
  /** True when the phase is closed by now. */
  readonly isClosed: boolean;
  /** Where home is, for the paths of logs. */
  readonly home: string;
}

const EXCERPT_CHARS_MAX = 6_000;
const HISTORY_CHARS_MAX = 1_500;
const FILES_TOLD = 20;

/** The verdict for the worker. */
export function verdictOf(facts: VerdictFacts): Envelope {
  const { entry, attempt } = facts;
  const isLanded = attempt.outcome === 'landed';
  const { id, phase, worker, state, tries } = entry;
  const verdict = isLanded ? 'accept' : 'reject';
  const commit = isLanded ? { commit: entry.landed?.commit ?? attempt.tip } : {};
  const why = isLanded ? {} : { outcome: attempt.outcome, files: attempt.files, log: attempt.log, tries };
  const draft: Draft = {
    to: worker,
    type: 'verdict',
    priority: isLanded ? 'normal' : 'high',
    content: isLanded ? acceptText(facts) : rejectText(facts),
    references: [phase],
    metadata: { phase, verdict, entry: id, state, ...commit, ...why },
  };
  return envelopeAt(draft, { tail: tailOf(facts, 'merge'), from: COORDINATOR, atMs: Date.parse(attempt.at) });
}

/** For the coordinator, of an entry whose tries are used up. */
export function followUpOf(facts: VerdictFacts): Envelope {
  const { entry, attempt } = facts;
  const { id, phase, worker, tries, branch } = entry;
  const content = [
    `The merge queue rejected ${branch} (phase ${phase}, ${worker}) ${tries} times; it needs you now. Last: ${cleanLine(attempt.why, 400)}`,
    printHistory(entry),
    `When it is mended: \`coord merge retry ${phase}\`. To give it up: \`coord merge cancel ${phase}\`.`,
  ].join('\n');
  const metadata = { phase, entry: id, error_type: 'merge_needs_followup' };
  const draft: Draft = { to: COORDINATOR, type: 'error', content, references: [phase], metadata };
  return envelopeAt(draft, { tail: tailOf(facts, 'followup'), from: SYSTEM, atMs: Date.parse(attempt.at) });
}

/** The tip tells apart two tries of one millisecond. */
function tailOf({ entry, attempt }: VerdictFacts, what: string): string {
  return `${entry.id}.${what}.${attempt.tip.slice(0, 8)}`;
}

function acceptText({ entry, attempt, isClosed }: VerdictFacts): string {
  const { phase, target, landed } = entry;
  const commit = landed?.commit.slice(0, 12) ?? '';
  const head = `Accepted: your work on phase ${phase} is on ${cleanLine(target)} as ${commit}. ${cleanLine(attempt.why, 400)}`;
  if (isClosed)
    return `${head} All plans are complete, so the phase is closed: nothing more is expected of you.`;
  return `${head} The phase goes on. Before your next commit, in your worktree: \`git rebase ${cleanWord(target)}\`; when there is more to land: \`coord merge add\`.`;
}

function rejectText({ entry, attempt, home }: VerdictFacts): string {
  const { branch, target, tries, state } = entry;
  const { onto, why, files, log, excerpt, outcome } = attempt;
  const where = onto === null ? '' : ` on ${cleanLine(target)} at ${onto.slice(0, 12)}`;
  const listed = files.slice(0, FILES_TOLD).map((file) => cleanLine(file));
  const more = files.length > listed.length ? ` and ${files.length - listed.length} more` : '';
  const lines = [
    `Rejected: ${cleanLine(branch)}${where} (${outcome}). ${cleanLine(why, 600)}. ${cleanLine(target)} is untouched.`,
  ];
  if (listed.length > 0) lines.push(`Files: ${listed.join(', ')}${more}`);
  if (excerpt.trim() !== '') lines.push(cut(excerpt, EXCERPT_CHARS_MAX));
  if (log !== null) lines.push(`All of it: ${home}/${log}`);
  if (state === 'needs_followup') lines.push(`That was try ${tries}, the last one.`, printHistory(entry));
  lines.push(nextSteps(entry, attempt));
  return lines.join('\n');
}

function nextSteps({ target, phase, state }: QueueEntry, { outcome }: Attempt): string {
  const rebase = `\`git rebase ${cleanWord(target)}\``;
  const mend = outcome === 'conflict' ? 'resolve the conflicts' : 'mend it';
  const steps =
    outcome === 'preflight'
      ? `Mend what is named and commit`
      : `In your worktree: ${rebase}, ${mend}, run the validations and commit`;
  if (state !== 'needs_followup') return `${steps}; then \`coord merge add\`.`;
  return `${steps}; then tell the coordinator, who queues it again with \`coord merge retry ${phase}\`.`;
}

/** Every try since the entry is there, oldest first; of a long history the latest. */
function printHistory({ history }: Pick<QueueEntry, 'history'>): string {
  const lines = history.map(({ at, outcome, tip, onto, why, log }, index) => {
    const place = onto === null ? '' : ` on ${onto.slice(0, 12)}`;
    const kept = log === null ? '' : ` [${log}]`;
    return `  ${index + 1}. ${at} ${tip.slice(0, 12)}${place} ${outcome}: ${cleanLine(why, 200)}${kept}`;
  });
  const all = lines.join('\n');
  return `History:\n${all.length > HISTORY_CHARS_MAX * 4 ? cut(all, HISTORY_CHARS_MAX * 4) : all}`;
}

/** Its end: what failed stands last. */
function cut(text: string, max: number): string {
  const clean = cleanText(text).trimEnd();
  if (clean.length <= max) return clean;
  const tail = clean.slice(-max);
  return `…\n${tail.slice(tail.indexOf('\n') + 1)}`;
}

/** The end of an output, for an attempt: whole lines, bounded. */
export function tailOfOutput(output: string, max = EXCERPT_CHARS_MAX): string {
  return cut(output, max);
}
