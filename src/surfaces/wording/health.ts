/** Sentences of `coord health`: what was counted, which triggers fired, what helps, with the commands for it. */
import {
  type DayFigures,
  type HealthVerdict,
  LIMITS,
  type MitigationCode,
  type Trigger,
} from '../../domain/health.ts';
import { cleanLine } from '../../domain/message.ts';
import type { Causes } from '../../usecases/judge-health.ts';
import { printAge } from './locks.ts';

export function printHealth(verdict: HealthVerdict, causes: Causes, hasValidation: boolean): string {
  const lines = verdict.figures.slice(0, 7).flatMap(dayLines);
  const agents = `${verdict.activeAgents} agent(s) at work`;
  const rate =
    verdict.passPercent === null
      ? 'too few runs for a pass rate'
      : `${percent(verdict.passPercent)} of the last runs passed`;
  lines.push(`Now: ${agents}; ${rate}.`, 'Triggers');
  for (const trigger of verdict.triggers)
    lines.push(`  ${trigger.fired ? 'FIRED' : 'ok   '} ${printTrigger(trigger)}`);
  if (verdict.calm) return [...lines, 'Calm: nothing needs to be changed.'].join('\n');
  lines.push(...causeLines(causes), 'What helps, in this order');
  for (const { step, code, inForce } of verdict.mitigations) {
    const mark = inForce ? 'in force' : verdict.next?.code === code ? 'NEXT' : 'then';
    const commands = inForce
      ? ''
      : `: ${commandsOf(code, hasValidation)
          .map((one) => `\`${one}\``)
          .join(', ')}`;
    lines.push(`  ${step}. ${NAMES[code]} (${mark})${commands}`);
  }
  if (!verdict.next) lines.push('All of it is in force: let fewer agents work at once.');
  return lines.join('\n');
}

const NAMES: Record<MitigationCode, string> = {
  sequential: 'one writer at a time',
  'strict-gate': 'a stricter gate: clean git status, and the full suite again before acceptance',
  worktrees: 'a worktree for each agent, and a merge queue',
  isolation: 'stricter isolation of each agent, or a worker that does nothing but validate',
};

/** What to type, word for word. */
export function commandsOf(code: MitigationCode, hasValidation: boolean): string[] {
  switch (code) {
    case 'sequential':
      return ['coord config set sequential true'];
    case 'strict-gate':
      return [
        ...(hasValidation ? [] : [`coord config set validation '["npm test"]'`]),
        'coord config set gate strict',
      ];
    case 'worktrees':
      return ['coord config set mode worktrees', 'coord merge add <phase>'];
    case 'isolation':
      return [
        'coord config set unknown_commands refuse',
        'coord phase add <id> "Validation" --plan <id>-01:"Run every validation"',
      ];
  }
}

/** The line of the status; undefined while it is calm. */
export function printHealthLine(codes: readonly string[]): string | undefined {
  if (codes.length === 0) return undefined;
  return `Coordination degrades (${codes.join(', ')}): what was counted and what helps: \`coord health\``;
}

function dayLines({ fromMs, tallies, spans }: DayFigures): string[] {
  const of = (name: keyof typeof tallies) => tallies[name] ?? 0;
  const waited = (spans.lock_wait_ms ?? []).reduce((sum, ms) => sum + ms, 0);
  const mutex = spans.mutex_wait_ms ?? [];
  const longest = mutex.length > 0 ? `, the longest ${printAge(mutex.reduce((a, b) => Math.max(a, b)))}` : '';
  const from = `${new Date(fromMs).toISOString().slice(0, 16)}Z`;
  return [
    `24 hours from ${from}`,
    `  locks: ${of('lock_tries')} tries, ${of('lock_waits')} waited (${printAge(waited)} in all), ${of('holder_checks')} looks at holders`,
    `  test mutex: ${of('mutex_tries')} tries, ${of('mutex_waits')} waited${longest}`,
    `  validations: ${of('validations_passed')} passed, ${of('validations_failed')} failed; plans failed: ${of('plans_failed')}; citing shared state: ${of('failures_shared')}`,
    `  refusals of the guard: ${of('refusals')}`,
  ];
}

function printTrigger({ code, measured, of, limit, fired }: Trigger): string {
  switch (code) {
    case 'lock-wait-rate': {
      const found =
        measured === null ? `judged from ${LIMITS.triesMin} tries on` : `${percent(measured)} of ${of}`;
      return `more than ${limit} % of a day's tries for a lock waited: ${found}`;
    }
    case 'lock-waits-a-day':
      return `more than ${limit} waits for a lock in a day: ${measured}`;
    case 'mutex-waits-long':
      return `more than ${limit} waits of a day for the test mutex were longer than 10 minutes: ${measured} of ${of}`;
    case 'failures-shared':
      return `more than ${limit} failure of a day cites shared state: ${measured} of ${of}`;
    case 'many-agents-unstable': {
      const rate =
        measured === null
          ? `judged from ${LIMITS.runsMin} runs on`
          : fired
            ? 'it is not'
            : `${measured} at work`;
      return `more than ${limit} agents at work, and the pass rate is not stable: ${rate}`;
    }
  }
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}

function causeLines({ failures, waitedFor }: Causes): string[] {
  const waits = waitedFor.map(
    ({ what, waits: n, waited_ms }) => `  ${n} × ${cleanLine(what)} (${printAge(waited_ms)})`,
  );
  const failed = failures.map((act) => {
    const what =
      act.act === 'plan-failed' ? `plan ${text(act['plan'])}: ${text(act['reason'])}` : text(act['command']);
    const log = act['log'] ? ` [${text(act['log'])}]` : '';
    return `  ${text(act.at)} ${text(act['actor'])}: ${what} (${text(act['shared'])})${log}`;
  });
  return [
    ...(waits.length > 0 ? ['Waited for most', ...waits] : []),
    ...(failed.length > 0 ? ['Failures that cite shared state', ...failed] : []),
  ];
}

function text(value: unknown): string {
  return cleanLine(Array.isArray(value) ? value.join(', ') : String(value ?? ''));
}
