/** `coord health`: whether coordination degrades, and what helps. */
import { TALLIES } from '../../domain/counter.ts';
import type { DayFigures, HealthVerdict, Trigger } from '../../domain/health.ts';
import { done } from '../../domain/problem.ts';
import { readSettings } from '../../storage/settings.ts';
import { type Causes, judgeProjectHealth, readCauses } from '../../usecases/judge-health.ts';
import { commandsOf, printHealth } from '../wording/health.ts';
import { withCaller } from './calling.ts';
import { type Command, EXIT, UsageError } from './command.ts';

const DAYS_MAX = 30;

const health: Command = {
  name: 'health',
  usage: '[--days <n>]',
  summary: `Judges how coordination goes, by what was counted in the last 24 hours (--days: in each of so many such days, up to ${DAYS_MAX}), and names what helps, in order, where it degrades. Exit code 1 when a trigger has fired.`,
  values: ['days'],
  positionals: [0, 0],
  shape:
    '{calm, triggers: [{code, fired, measured, limit, of, day}…], mitigations: [{step, code, in_force, next, commands}…], active_agents, pass_percent, days: [{from, lock_tries, lock_waits, lock_wait_ms, mutex_tries, mutex_waits, mutex_wait_ms, mutex_wait_max_ms, holder_checks, refusals, validations_passed, validations_failed, plans_failed, failures_shared}…], waited_for: [{what, waits, waited_ms}…], failures: [{at, act, actor, shared, …}…]}',
  run: (context) => {
    const word = context.option('days') ?? '1';
    const days = /^\d+$/.test(word) ? Number(word) : 0;
    if (!(days >= 1 && days <= DAYS_MAX)) throw new UsageError(`--days takes a number from 1 to ${DAYS_MAX}`);
    return withCaller(context, ({ home }) => {
      const { settings } = readSettings(home);
      const verdict = judgeProjectHealth(home, settings, days);
      const causes = readCauses(home, days);
      const hasValidation = settings.validation.length > 0;
      const code = verdict.calm ? {} : { code: EXIT.refused };
      const json = view(verdict, causes, hasValidation);
      return done({ json, text: printHealth(verdict, causes, hasValidation), ...code });
    });
  },
};

function view(verdict: HealthVerdict, { failures, waitedFor }: Causes, hasValidation: boolean) {
  const { calm, triggers, mitigations, next, figures, activeAgents, passPercent } = verdict;
  return {
    calm,
    triggers: triggers.map(viewTrigger),
    mitigations: mitigations.map(({ step, code, inForce }) => {
      const commands = commandsOf(code, hasValidation);
      return { step, code, in_force: inForce, next: next?.code === code, commands };
    }),
    active_agents: activeAgents,
    pass_percent: passPercent,
    days: figures.map(viewDay),
    waited_for: waitedFor,
    failures,
  };
}

function viewTrigger({ code, fired, measured, limit, of, dayMs }: Trigger) {
  return { code, fired, measured, limit, of, day: new Date(dayMs).toISOString() };
}

/** Every counter, also those of which nothing was counted. */
function viewDay({ fromMs, tallies, spans }: DayFigures) {
  const sum = (lengths: readonly number[] = []) => lengths.reduce((all, ms) => all + ms, 0);
  const mutexWaits = spans.mutex_wait_ms ?? [];
  return {
    from: new Date(fromMs).toISOString(),
    ...Object.fromEntries(TALLIES.map((name) => [name, tallies[name] ?? 0])),
    lock_wait_ms: sum(spans.lock_wait_ms),
    mutex_wait_ms: sum(mutexWaits),
    mutex_wait_max_ms: mutexWaits.reduce((a, b) => Math.max(a, b), 0),
  };
}

export const HEALTH_COMMANDS: readonly Command[] = [health];
