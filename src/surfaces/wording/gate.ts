/** Sentences about the gate: a verdict for people, and what a worker does when it is refused. */
import type { Evidence } from '../../domain/evidence.ts';
import { type GateVerdict, nextSteps } from '../../domain/gate.ts';
import { cleanLine } from '../../domain/message.ts';
import type { GateProblem } from '../../domain/problem.ts';

const SHOWN_CHARS = 400;

export function printGateProblem(problem: GateProblem): string {
  switch (problem.code) {
    case 'gate-failed':
      return `plan ${cleanLine(problem.plan)} is not complete, and is marked as needing follow-up: ${printList(problem.missing)}. ${printNext(problem)}`;
    case 'plan-taken-back':
      return `plan ${cleanLine(problem.plan)} was called complete in STATUS.md and is not; it is in progress again: ${printList(problem.missing)}. ${printNext(problem)}`;
    case 'command-not-started':
      return `${cleanLine(problem.program)} could not be started (${cleanLine(problem.detail)}). Name a program on the PATH; what needs a shell goes behind bash -c, as one word.`;
  }
}

function printList(missing: readonly string[]): string {
  return missing.map((one) => cleanLine(one, SHOWN_CHARS)).join('; ');
}

/** Why a task of the client's list is not completed. */
export function printTaskRefusal(verdict: GateVerdict, commitId: string): string {
  const { plan, missing } = verdict;
  const next = nextSteps(verdict, commitId);
  return `[coord] This task names plan ${cleanLine(plan)}, which is not proven yet: ${printList(missing)}. ${printNext({ plan, next })}`;
}

/** The next commands, in their order. A validation counts only where it runs by itself. */
function printNext({ plan, next }: { plan: string; next: readonly string[] }): string {
  const steps = next.map((step) => `\`${cleanLine(step, SHOWN_CHARS)}\``);
  const all = [...steps, `\`coord plan done ${cleanLine(plan)}\``].join(', then ');
  return `Next: ${all}. A validation counts when it runs by itself in the worktree's root (or joined by &&), without a pipe, \`||\`, \`;\` or further arguments; or as \`coord run -- <command>\`.`;
}

export function printVerdict(verdict: GateVerdict): string {
  const lines = verdict.checks.map(
    (check) =>
      `${check.ok ? 'ok  ' : 'FAIL'} ${cleanLine(check.name, SHOWN_CHARS)}: ${cleanLine(check.why, SHOWN_CHARS)}${check.evidence ? ` [${check.evidence}]` : ''}`,
  );
  return [`plan ${verdict.plan}: the gate ${verdict.verdict === 'pass' ? 'passes' : 'fails'}`, ...lines].join(
    '\n',
  );
}

/** One line behind a command that `coord run` ran. */
export function printEvidence({ id, command, exit, tree, tree_after, duration_ms }: Evidence): string {
  const how = exit === 0 ? 'passed' : exit === null ? 'was stopped' : `failed (exit ${exit})`;
  const moved = tree === tree_after ? '' : '; it changed files, so it proves nothing: run it again';
  return `${cleanLine(command, SHOWN_CHARS)} ${how} in ${(duration_ms / 1_000).toFixed(1)} s, kept as ${id}${moved}`;
}
