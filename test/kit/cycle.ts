/** A cycle in a real repository, played by hand: what its agents would write, and what they report. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cycle, TurnOutcome } from '../../src/domain/cycle/cycle.ts';
import type { Caller } from '../../src/storage/light/caller.ts';
import { reportTurn } from '../../src/usecases/report-cycle.ts';
import { makeCycle, startCycleOf } from '../../src/usecases/steer-cycle.ts';
import { setTask } from '../../src/usecases/work-on-cycle.ts';
import { ranBy } from './evidence.ts';
import { value } from './scene.ts';

export const CHECK = './check.sh';

export function write(caller: Caller, file: string, text: string): void {
  const path = join(caller.root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export const readIn = (caller: Caller, file: string) => readFileSync(join(caller.root, file), 'utf8');

export function begun(caller: Caller, task = 'Build it', maxIterations = 5): Cycle {
  const made = value(makeCycle(caller, task, maxIterations));
  return value(startCycleOf(caller, made.cycle_id));
}

export const report = (caller: Caller, outcome: TurnOutcome = 'completed', message = 'so it is') =>
  value(reportTurn(caller, undefined, { outcome, message }));

export function analyse(caller: Caller, text = '# It\n\n## Edge cases\n- none\n') {
  write(caller, '.progress/ra/requirements.md', text);
  return report(caller);
}

export const TASKS = [
  { id: 'TASK-001', description: 'one', effort: 'small', files: ['src/one.js'] },
  { id: 'TASK-002', description: 'two', effort: 'large', depends_on: ['TASK-001'], files: ['src/two.js'] },
];

export function explore(caller: Caller, tasks: readonly object[] = TASKS) {
  write(
    caller,
    '.progress/ep/exploration.md',
    '## Architecture\nfiles\n\n## Integration points\n- src\n\n## Risks\n- few\n',
  );
  write(caller, '.progress/ep/plan.json', JSON.stringify({ tasks }));
  return report(caller);
}

/** Both tasks done, and their files written. */
export function develop(caller: Caller, text = '1\n') {
  for (const [task, file] of [
    ['TASK-001', 'src/one.js'],
    ['TASK-002', 'src/two.js'],
  ] as const) {
    value(setTask(caller, undefined, task, 'start'));
    write(caller, file, text);
    value(setTask(caller, undefined, task, 'done'));
  }
  write(
    caller,
    '.progress/cd/code-changes.log',
    '{"file": "src/one.js", "description": "the first"}\nnoise\n',
  );
  return report(caller);
}

/** The validation as it really ran, with what it printed. */
export function ran(caller: Caller, exit: number, output = ''): void {
  ranBy(caller, { command: CHECK, exit, output });
}

export function validate(caller: Caller, exit: number, output = '', results: object = {}) {
  ran(caller, exit, output);
  write(caller, '.progress/vas/test-results.json', JSON.stringify(results));
  return report(caller);
}
