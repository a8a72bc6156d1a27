/**
 * Goals: the milestones that are still to be reached. A goal has a name and the phases that make it up; it is reached
 * when all of them are done, or, when it has none, when the coordinator says so. What was reached is an event in the
 * list of milestones, once for each goal. How far it is follows from the phases and is never typed. Pure.
 */

export interface Goal {
  readonly id: string;
  readonly name: string;
  readonly phases: readonly string[];
  readonly reached?: string | undefined;
}

/** What is asked of STATE.md here. */
export interface GoalGround {
  readonly goals: readonly Goal[];
  readonly phases: readonly { readonly id: string; readonly state: string }[];
}

export type GoalRefusal =
  | { code: 'goal-exists'; id: string }
  | { code: 'goal-unknown'; id: string; known: string[] }
  | { code: 'goal-phase-unknown'; id: string; phase: string; known: string[] }
  | { code: 'goal-unfinished'; id: string; left: string[] };

export function addGoal<T extends GoalGround>(
  state: T,
  goal: Pick<Goal, 'id' | 'name' | 'phases'>,
): T | GoalRefusal {
  if (state.goals.some((one) => one.id.toLowerCase() === goal.id.toLowerCase()))
    return { code: 'goal-exists', id: goal.id };
  const known = state.phases.map((phase) => phase.id);
  const phase = goal.phases.find((id) => !known.includes(id));
  if (phase !== undefined) return { code: 'goal-phase-unknown', id: goal.id, phase, known };
  return { ...state, goals: [...state.goals, { ...goal, phases: [...new Set(goal.phases)] }] };
}

function findGoal({ goals }: Pick<GoalGround, 'goals'>, id: string): Goal | GoalRefusal {
  const found = goals.find((one) => one.id.toLowerCase() === id.toLowerCase());
  return found ?? { code: 'goal-unknown', id, known: goals.map((one) => one.id) };
}

export function dropGoal<T extends GoalGround>(state: T, id: string): T | GoalRefusal {
  const found = findGoal(state, id);
  return 'code' in found ? found : { ...state, goals: state.goals.filter((one) => one !== found) };
}

/** Phases of a goal that are not done. */
export function leftOf({ phases }: Pick<GoalGround, 'phases'>, goal: Goal): string[] {
  return goal.phases.filter((id) => phases.find((phase) => phase.id === id)?.state !== 'done');
}

/** A person's word for a goal: only where no phase of it is left. */
export function reachGoal<T extends GoalGround>(state: T, id: string, at: string): T | GoalRefusal {
  const found = findGoal(state, id);
  if ('code' in found) return found;
  const left = leftOf(state, found);
  if (left.length > 0) return { code: 'goal-unfinished', id: found.id, left };
  return found.reached === undefined ? markReached(state, [found], at) : state;
}

/** The goals whose last phase is done by now are reached. */
export function reachGoals<T extends GoalGround>(state: T, at: string): T {
  const reached = state.goals.filter(
    (goal) => goal.reached === undefined && goal.phases.length > 0 && leftOf(state, goal).length === 0,
  );
  return reached.length === 0 ? state : markReached(state, reached, at);
}

function markReached<T extends GoalGround>(state: T, reached: readonly Goal[], at: string): T {
  return {
    ...state,
    goals: state.goals.map((goal) => (reached.includes(goal) ? { ...goal, reached: at } : goal)),
  };
}
