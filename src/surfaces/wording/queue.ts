/** What the merge queue says: live while a run goes on, at its end, and of what waits. */
import type { LeftReason, Resumed, RunEvent, RunReport } from '../../domain/merge-run.ts';
import { cleanLine, cleanText, cleanWord } from '../../domain/message.ts';
import { typedPathspec } from '../../domain/preflight/lists.ts';
import { summaryOf } from '../../domain/preflight/preflight.ts';
import type { QueueEntry } from '../../domain/queue-entry.ts';
import type { BusyTurn } from '../../usecases/run-queue.ts';
import type { QueueView } from '../../usecases/show-queue.ts';
import { printProblem } from './problems.ts';
import { printAge } from './status.ts';

const SHORT = 12;
const FILES_TOLD = 5;
const LONG_TEXT = 600;

function phasesOf(phases: readonly string[]): string {
  if (phases.length === 0) return 'the target alone';
  return `${phases.length === 1 ? 'phase' : 'phases'} ${phases.map((phase) => cleanLine(phase)).join(', ')}`;
}

/** One line on stderr. */
export function printRunEvent(event: RunEvent): string {
  switch (event.kind) {
    case 'resumed':
      return printResumed(event.resumed);
    case 'batch':
      return `${phasesOf(event.phases)}: to land on ${cleanLine(event.target)} at ${event.onto.slice(0, SHORT)}`;
    case 'probe':
      return `[${event.slot}] validating ${phasesOf(event.phases)} as ${event.commit.slice(0, SHORT)}`;
    case 'command':
      return `[${event.slot}] $ ${cleanLine(event.command, LONG_TEXT)}`;
    case 'line':
      return `[${event.slot}] ${cleanLine(event.command, 60)}, ${event.seconds} s${event.last === '' ? '' : `: ${cleanLine(event.last)}`}`;
    case 'colour':
      return `${phasesOf(event.phases)}: ${event.isGreen ? 'green' : `RED, ${cleanLine(event.why, LONG_TEXT)}`} (${event.seconds.toFixed(1)} s)`;
    case 'landed':
      return `landed: phase ${cleanLine(event.branch.phase)} as ${event.branch.commit.slice(0, SHORT)}`;
    case 'rejected':
      return `rejected: phase ${cleanLine(event.branch.phase)}: ${cleanLine(event.branch.why, LONG_TEXT)}`;
    case 'left':
      return `left in the line: phase ${cleanLine(event.branch.phase)}: ${printReason(event.branch.reason)}`;
    case 'moved':
      return `${cleanLine(event.target)} was moved by somebody else${event.found === null ? '' : ` to ${event.found.slice(0, SHORT)}`}: all is stacked upon it anew`;
  }
}

function printResumed({ outcome, target, to, entries, isTold, why }: Resumed): string {
  const what = `an earlier run was interrupted while ${entries.map((id) => cleanLine(id)).join(', ')} landed on ${cleanLine(target)} (${to.slice(0, SHORT)})`;
  switch (outcome) {
    case 'landed':
      return `resumed: ${what}. It had landed; ${isTold ? 'a checkout that was behind is looked after' : 'what follows from it is done now'}.`;
    case 'not-landed':
      return `rolled back: ${what}. It had not landed: ${cleanLine(target)} is as it was before, and the entries wait again.`;
    case 'rewound':
      return `rolled back: ${what}. It had landed, and somebody has taken it back since. The entries wait as they are.`;
    case 'unclear':
      return `unclear: ${what}, and a git of it is still at work (${cleanLine(why ?? '', LONG_TEXT)}).`;
  }
}

/** On one line: a step that is a comment names another way (`# or: …`), or says something (`# …`). */
function printSteps(steps: readonly string[]): string {
  return steps
    .map((step, index) => {
      const [, other] = /^# or: (.+)$/s.exec(step) ?? [];
      if (other !== undefined) return `, or \`${cleanLine(other, 200)}\``;
      if (step.startsWith('# ')) return `, ${cleanLine(step.slice(2), 200)}`;
      return `${index === 0 ? '' : ', then '}\`${cleanLine(step, 200)}\``;
    })
    .join('');
}

/** Why it waits, and what helps. */
export function printReason(reason: LeftReason): string {
  switch (reason.code) {
    case 'preflight':
      return `${cleanLine(summaryOf(reason.refusals), LONG_TEXT)}. ${printSteps(reason.refusals.flatMap(({ next }) => next))}`;
    case 'target-red':
      return `${cleanLine(reason.target)} itself is red at ${reason.commit.slice(0, SHORT)} (${cleanLine(reason.why, LONG_TEXT)}), so no branch is to blame and none can land. Mend it there${reason.log === null ? '' : `; its output: ${cleanLine(reason.log)}`}.`;
    case 'target-restless':
      return `somebody else moved ${cleanLine(reason.target)} ${reason.times} times while it was validated. Run it again when that is over.`;
    case 'target-missing':
      return `there is no branch ${cleanLine(reason.target)}. Make it, or name another: \`coord config set merge_target <branch>\`, and add the branch again.`;
    case 'target-moved':
      return `${cleanLine(reason.target)} was moved meanwhile. Run it again.`;
    case 'target-busy':
      return `git is busy in ${cleanLine(reason.root)} (${cleanLine(reason.why)}${reason.file === null ? '' : `: ${cleanLine(reason.file)}`}). Finish that there, then run it again.`;
    case 'target-dirty':
      return `uncommitted work in ${cleanLine(reason.root)} lies where it would land: ${named([...reason.dirty, ...reason.inTheWay], reason.total)}. Commit or move it there, then run it again.`;
    case 'target-unwritable':
      return `${cleanLine(reason.path)} in ${cleanLine(reason.root)} cannot be written. Mend its permissions, then run it again.`;
    case 'landing-refused':
      return `a hook of the repository refused the new ${cleanLine(reason.target)}: ${cleanLine(reason.detail, LONG_TEXT)}. ${cleanLine(reason.target)} is untouched. Do as the hook says, or take the branch out: \`coord merge cancel <phase>\`.`;
    case 'landing-open':
      return `an earlier landing is not over: ${reason.roots.map((root) => cleanLine(root)).join(', ')} could not follow ${cleanLine(reason.target)} yet. Finish what git is doing there, then run it again.`;
    case 'slot-foreign':
      return `${cleanLine(reason.path)} is coord's own worktree, and somebody has ${cleanLine(reason.branch)} checked out in it. Move that elsewhere: \`git -C ${cleanWord(reason.path)} switch --detach\`.`;
    case 'git-failed':
      return printProblem(reason);
    case 'refused':
      return printProblem(reason.problem);
    case 'validation-lost':
      return `what watched \`${cleanLine(reason.command, 200)}\` was killed, so nobody knows what became of it. Run it again.`;
    case 'interrupted':
      return 'the run was interrupted. Run it again.';
    case 'turn-lost':
      return printProblem(reason);
  }
}

function named(files: readonly string[], total: number): string {
  const shown = files.slice(0, FILES_TOLD).map((file) => cleanLine(file));
  return total > shown.length ? `${shown.join(', ')} and ${total - shown.length} more` : shown.join(', ');
}

export function printBusy({ busy }: BusyTurn, nowMs: number): string {
  const pid = busy.pid === null ? '' : `, process ${busy.pid}`;
  return `${cleanLine(busy.holder)} is landing already (since ${printAge(nowMs - Date.parse(busy.since))}${pid}); one run serves all. How far it is: coord merge status`;
}

export function printReport(report: RunReport): string {
  const { landed, rejected, left, target, commit, isProven, resumed, checkouts, aside } = report;
  const lines = resumed ? [printResumed(resumed)] : [];
  for (const { file, why } of aside)
    lines.push(`set aside, since it cannot be read: ${cleanLine(file)} (${cleanLine(why)})`);
  for (const { phase, commit: sha, isClosed, kept } of landed) {
    const end = isClosed ? 'closed' : 'goes on';
    lines.push(
      `landed    phase ${cleanLine(phase)} as ${sha.slice(0, SHORT)}; it ${isClosed ? 'is closed' : end}${kept === null ? '' : `. ${cleanLine(kept, LONG_TEXT)}`}`,
    );
  }
  for (const { phase, why, state, tries, log } of rejected) {
    const next =
      state === 'needs_followup'
        ? `needs you now (coord merge retry ${cleanLine(phase)})`
        : 'its worker was told';
    lines.push(
      `rejected  phase ${cleanLine(phase)} (try ${tries}): ${cleanLine(why, LONG_TEXT)}${log === null ? '' : ` [${log}]`}; ${next}`,
    );
  }
  for (const { phase, reason } of left)
    lines.push(`left      phase ${cleanLine(phase)}: ${printReason(reason)}`);
  for (const { root, why, aside: put, submodules } of checkouts) {
    if (why !== null)
      lines.push(
        `${cleanLine(root)} has not followed yet: ${cleanLine(why, LONG_TEXT)}. The next run sees to it.`,
      );
    if (put.length > 0)
      lines.push(`Put aside from ${cleanLine(root)}: ${put.map((file) => cleanLine(file)).join(', ')}`);
    if (submodules.length > 0)
      lines.push(
        `In ${cleanLine(root)}: git submodule update -- ${submodules.map((one) => typedPathspec(one)).join(' ')}`,
      );
  }
  for (const { phase } of report.cleaned)
    lines.push(`cleaned up after phase ${cleanLine(phase)}: its worktree and branch are gone`);
  if (lines.length === 0) lines.push('nothing waits in the merge queue: coord merge add <phase>');
  if (landed.length > 0 && !isProven)
    lines.push(`Nothing was proven: there is no validation. coord config set validation '["npm test"]'`);
  if (commit !== null) lines.push(`${cleanLine(target)} is at ${commit.slice(0, SHORT)}`);
  return lines.join('\n');
}

export function printQueue(view: QueueView, isSole: boolean, nowMs: number): string {
  const { target, turn, running, entries, broken, landing, triesMax } = view;
  const lines: string[] = [];
  if (turn) lines.push(`${cleanLine(turn.owner)} is landing, since ${printAge(nowMs - turn.sinceMs)}`);
  for (const { entries: ids, slot, command, since, last } of running?.probes ?? []) {
    const seconds = Math.round((nowMs - Date.parse(since)) / 1_000);
    lines.push(
      `  [${slot}] ${ids.map((id) => cleanLine(id)).join(', ') || 'the target'}: ${cleanLine(command)}, ${seconds} s${last === '' ? '' : `: ${cleanLine(last)}`}`,
    );
  }
  if (!turn && landing.length > 0)
    lines.push(`A landing of ${phasesOf(landing)} was interrupted: coord merge run carries it on`);
  if (entries.length === 0)
    lines.push(
      `the merge queue is empty; work lands on ${cleanLine(target) || '(no target: the primary worktree stands on no branch)'}`,
    );
  for (const entry of entries)
    lines.push(printEntry(entry, triesMax, nowMs), ...(isSole ? printTries(entry) : []));
  for (const { file, why } of broken)
    lines.push(
      `cannot be read: ${cleanLine(file)} (${cleanLine(why)}); the next run sets it aside. Add its branch again.`,
    );
  return lines.join('\n');
}

function printEntry(entry: QueueView['entries'][number], triesMax: number, nowMs: number): string {
  const { id, state, branch, target, tip, tries, position, queued, landed, history } = entry;
  const place = position > 0 ? `${position}.` : '-';
  const age = printAge(nowMs - Date.parse(landed?.at ?? queued));
  const tried = tries > 0 ? `, ${tries} of ${triesMax} tries` : '';
  const why =
    state === 'rejected' || state === 'needs_followup' ? `: ${cleanLine(history.at(-1)?.why ?? '')}` : '';
  const gone = entry.isLost ? ', and is gone from there (coord doctor)' : '';
  const where = landed ? ` as ${landed.commit.slice(0, SHORT)}${gone}` : '';
  return `${place.padEnd(3)} ${id} ${state}${where} ${cleanLine(branch)} at ${tip.slice(0, SHORT)}, for ${cleanLine(target)}, ${age}${tried}${why}`;
}

function printTries({ history }: QueueEntry): string[] {
  return history.flatMap(({ at, outcome, tip, why, files, log, excerpt }) => [
    `  ${at} ${tip.slice(0, SHORT)} ${outcome}: ${cleanLine(why, LONG_TEXT)}`,
    ...(files.length > 0 ? [`    files: ${named(files, files.length)}`] : []),
    ...(log === null ? [] : [`    log: ${log}`]),
    ...cleanText(excerpt)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `    | ${line}`),
  ]);
}
