/** What all commands of cycles answer, and how. */
import type { Cycle } from '../../domain/cycle/cycle.ts';
import { nextStep } from '../../domain/cycle/next.ts';
import { done, type Outcome } from '../../domain/problem.ts';
import { readSettings } from '../../storage/settings.ts';
import { printStep } from '../wording/cycle.ts';
import { printPrompt } from '../wording/cycle-prompts.ts';
import { type Answer, type Context, UsageError } from './command.ts';

export const BRIEF_SHAPE =
  '{cycle_id, title, status, current_phase, current_iteration, max_iterations, place, next: {action, …}}';

export function briefOf(cycle: Cycle): Record<string, unknown> {
  const { cycle_id, title, status, current_phase, current_iteration, max_iterations, coord } = cycle;
  const place = coord.place;
  return {
    cycle_id,
    title,
    status,
    current_phase,
    current_iteration,
    max_iterations,
    place,
    next: nextStep(cycle),
  };
}

/** The cycle in short, with what comes next. */
export function answerWith(outcome: Outcome<Cycle>, told: (cycle: Cycle) => string): Outcome<Answer> {
  if (!outcome.done) return outcome;
  const cycle = outcome.value;
  const text = `${told(cycle)}\nNext: ${printStep(cycle, nextStep(cycle))}`;
  return done({ json: briefOf(cycle), text });
}

/** What `cycle next` answers: for an agent's turn its prompt too. */
export function stepOf(cycle: Cycle, home: string): Record<string, unknown> {
  const step = nextStep(cycle);
  const { cycle_id, status, current_phase: phase, current_iteration: iteration } = cycle;
  const validations = readSettings(home).settings.validation;
  const prompt = step.action === 'agent' ? printPrompt(cycle, step.role, validations) : null;
  const why = step.action === 'none' ? step.why : null;
  const [role, agent] = step.action === 'agent' ? [step.role, step.agent] : [null, null];
  const decisions = step.action === 'answer' ? step.decisions : [];
  return {
    cycle: cycle_id,
    status,
    phase,
    iteration,
    action: step.action,
    role,
    agent,
    prompt,
    why,
    decisions,
  };
}

export function iterationsOf(context: Context, most: number): number | undefined {
  const given = context.option('max-iterations');
  if (given === undefined) return undefined;
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new UsageError(`--max-iterations takes a number from 1 to ${most}`);
  return number;
}
