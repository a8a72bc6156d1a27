/** Sentences about what the coordinator keeps by hand: TODO, acceptance criteria, named milestones. */
import { CRITERIA_MAX, type Criterion, type CriterionRefusal } from '../../domain/criterion.ts';
import type { Share } from '../../domain/figures.ts';
import type { GoalRefusal } from '../../domain/goal.ts';
import { cleanLine } from '../../domain/message.ts';
import type { HistoryProblem } from '../../domain/problem.ts';
import { TODO_MAX, type TodoItem, type TodoRefusal } from '../../domain/todo.ts';
import { printKnownIds } from './known.ts';

export type AgendaRefusal = CriterionRefusal | GoalRefusal | HistoryProblem | TodoRefusal;

export function printAgendaProblem(problem: AgendaRefusal): string {
  switch (problem.code) {
    case 'todo-unknown':
      return `there is no open TODO item ${cleanLine(problem.id)}.${printKnownIds(problem.id, problem.known)} All of them: \`coord todo list --all\`.`;
    case 'todo-full':
      return `the TODO holds ${TODO_MAX} items. Move what nobody will do soon to the backlog: \`coord todo prune --older 30\`.`;
    case 'criterion-unknown':
      return `there is no criterion ${cleanLine(problem.id)}.${printKnownIds(problem.id, problem.known)} \`coord criteria list\` shows them.`;
    case 'criterion-target':
      return `${cleanLine(problem.target)} is neither a phase nor a version. Phases: ${names(problem.phases)}; a version is v1, v2, v1.2.`;
    case 'criteria-full':
      return `there are ${CRITERIA_MAX} criteria. Drop what is settled: \`coord criteria drop <id>\`.`;
    case 'goal-exists':
      return `the milestone ${cleanLine(problem.id)} is there already. \`coord milestone list\` shows it.`;
    case 'goal-unknown':
      return `there is no milestone ${cleanLine(problem.id)}.${printKnownIds(problem.id, problem.known)} \`coord milestone add <id> "<name>" --phase <id>\` makes one.`;
    case 'goal-phase-unknown':
      return `there is no phase ${cleanLine(problem.phase)} for milestone ${cleanLine(problem.id)}.${printKnownIds(problem.phase, problem.known)} Add the phase first: \`coord phase add <id> "<name>"\`.`;
    case 'history-link':
      return `${cleanLine(problem.file)} leads to ${cleanLine(problem.target)}, which is no file of this worktree that coord may write. Make it a plain file or folder.`;
    case 'goal-unfinished':
      return `milestone ${cleanLine(problem.id)} waits for phase ${names(problem.left)}. It is reached by itself when the last one is closed.`;
  }
}

function names(known: readonly string[]): string {
  const shown = known.slice(0, 20).map((one) => cleanLine(one));
  const more = known.length > shown.length ? ` and ${known.length - shown.length} more` : '';
  return shown.length === 0 ? 'none' : `${shown.join(', ')}${more}`;
}

export function printTodoItem({ id, priority, text, done }: TodoItem): string {
  return `${done === undefined ? '[ ]' : '[x]'} ${priority} ${id} ${cleanLine(text, 400)}`;
}

export function printCriterion({ id, phase, version, text, met }: Criterion): string {
  return `${met === undefined ? '[ ]' : '[x]'} ${id} ${phase ? `phase ${phase}` : (version ?? '')}: ${cleanLine(text, 400)}`;
}

export function printShare({ done, all, percent }: Share): string {
  return `${percent}% (${done}/${all})`;
}
