/** What an agent of a cycle is told as its turn begins: the task, what there is to read, what it owns, how it hands over. */
import type { Cycle, CycleRole, Feedback } from '../../domain/cycle/cycle.ts';
import { feedbackFor } from '../../domain/cycle/next.ts';
import { orderOf, readyTasks } from '../../domain/cycle/tasks.ts';
import { cleanLine, cleanText } from '../../domain/message.ts';

const TASK_CHARS = 4_000;
const FEEDBACK_TOLD = 12;
const ISSUES_TOLD = 12;

const WORK: Readonly<Record<CycleRole, readonly string[]>> = {
  ra: [
    'Write down what is wanted: what it must do, how one sees that it does, what is out of scope; a section `## Edge cases` as a list.',
    'Your artifact, and the only file that you write: .progress/ra/requirements.md. An extension goes into the same text; nothing that still holds is dropped.',
  ],
  ep: [
    'Read .progress/ra/requirements.md and the code. Find out where the work goes, and plan it.',
    'Your artifacts, and the only files that you write: .progress/ep/exploration.md (sections `## Architecture`, `## Integration points` and `## Risks`, the last two as lists) and .progress/ep/plan.json:',
    '{"tasks": [{"id": "TASK-001", "description": "…", "effort": "small", "depends_on": [], "files": ["src/x.ts"]}]}',
    'effort is small, medium or large; depends_on names tasks of the plan, in no circle. A task keeps its id for good.',
  ],
  cd: [
    'Do the tasks of .progress/ep/plan.json in their order: `coord cycle task <id> start`, the work, `coord cycle task <id> done`. Commit as you go.',
    'Your artifact beside the code: .progress/cd/code-changes.log, a line for each file that you change: {"file": "src/x.ts", "description": "…"}. Which files really changed is taken from git.',
  ],
  vas: [
    'Run every configured validation on the tree as it is, each as a command of its own: what counts is that it ran, and how it ended, which is recorded. Change no code.',
    'Your artifact, and the only file that you write: .progress/vas/test-results.json: {"failed_tests": ["…"], "total_tests": 12, "coverage": 80}.',
  ],
};

export function printPrompt(cycle: Cycle, role: CycleRole, validations: readonly string[]): string {
  const { cycle_id, current_iteration, max_iterations } = cycle;
  const iteration = cycle.iterations.at(-1);
  const last = cycle.iterations.at(-2);
  const told = [
    `Cycle ${cycle_id}, iteration ${current_iteration} of at most ${max_iterations}. The task, in the user's words:`,
    quoted(cycle.description),
    ...(iteration?.extension === undefined ? [] : ['New in this iteration:', quoted(iteration.extension)]),
    ...(last && last.issues_found.length > 0
      ? ['Open from the last iteration:', ...bounded(last.issues_found, ISSUES_TOLD)]
      : []),
    ...feedbackTold(feedbackFor(cycle, role)),
    ...WORK[role],
    ...(role === 'cd' ? tasksTold(cycle) : []),
    ...(role === 'vas' && validations.length > 0
      ? ['Validations:', ...validations.map((command) => `- ${cleanLine(command)}`)]
      : []),
    'Something that only the user can decide: `coord cycle ask "<question>" --option "<a>" --option "<b>"`.',
    'Last of all hand over, with what is really so: `coord cycle report completed "<what was done>"`, or `partial`, or `failed`, and why. Then end.',
  ];
  return told.join('\n');
}

/** Line by line, so that none of it passes for a word of coord's. */
function quoted(text: string): string {
  return cleanText(text).slice(0, TASK_CHARS).replace(/^/gm, '> ');
}

function bounded(texts: readonly string[], most: number): string[] {
  const shown = texts.slice(0, most).map((text) => `- ${cleanLine(text, 200)}`);
  return texts.length > most ? [...shown, `- and ${texts.length - most} more`] : shown;
}

function feedbackTold(feedback: readonly Feedback[]): string[] {
  if (feedback.length === 0) return [];
  const lines = feedback.map(({ source, type, content }) => `${source}, ${type}: ${content}`);
  return ['Said to you since your last turn:', ...bounded(lines, FEEDBACK_TOLD)];
}

function tasksTold({ plan }: Cycle): string[] {
  const tasks = plan?.tasks ?? [];
  const open = orderOf(tasks).filter(({ status }) => status !== 'completed');
  const ready = readyTasks(tasks).map(({ id }) => id);
  if (open.length === 0) return ['All tasks are complete: mend what is open.'];
  return [
    `Open tasks in their order: ${open.map(({ id }) => id).join(', ')}; ready now: ${ready.join(', ')}.`,
  ];
}
