/** Every document that coord writes into `.progress/` is one that its own schema takes, and what reads it reads the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completedTasks, finishedTask } from '../../src/domain/completion.ts';
import type { StatusDocument } from '../../src/domain/status-document.ts';
import { currentTask, printTask } from '../../src/domain/task-progress.ts';
import { statusSchema } from '../../src/storage/schemas.ts';
import {
  assertTaskProgress,
  parseTaskProgress,
  taskProgressSchema,
} from '../../src/storage/task-progress-schema.ts';
import { anyQuestions, anyStatus } from '../kit/any-status.ts';
import { SEED_TASK } from '../kit/seed-examples.ts';

test('of any STATUS.md that is taken, every task is taken, and read back as it was written', () => {
  fc.assert(
    fc.property(anyStatus, anyQuestions, (given, questions) => {
      // As it is read: a key that objects have anyhow (`__proto__`) is none.
      const document = statusSchema.parse(given) as StatusDocument;
      const current = currentTask(document, questions);
      const over = document.plans.filter(({ state }) => state === 'complete' || state === 'failed');
      const finished = over.map((plan) => finishedTask(document, plan));
      const tasks = [...(current ? [current] : []), ...finished, ...completedTasks(document, [])];
      for (const task of tasks) {
        assertTaskProgress(task);
        const read = parseTaskProgress(printTask(task));
        expect(read && printTask(read)).toBe(printTask(task));
      }
    }),
    { numRuns: 300 },
  );
});

describe('a task', () => {
  test.each<[string, object, boolean]>([
    ['as the seed shows it', {}, true],
    ['that is not started', { started: null, current_step: null, status: 'not_started' }, true],
    ['with keys of a later coord', { later: { x: 1 } }, true],
    ['with an unknown state', { status: 'done' }, false],
    ['without its steps', { completed_steps: undefined }, false],
    ['with a step that is empty', { remaining_steps: [''] }, false],
    ['blocked on a word', { blocked_on: 'ann' }, false],
    ['with a moment that is none', { updated: 'now' }, false],
    ['with a figure that is text', { metrics: { loc: '3' } }, false],
    ['with a gate of unknown state', { quality_gates: { tests: { status: 'ok' } } }, false],
    [
      'with an artifact of unknown type',
      { artifacts: [{ path: 'a', type: 'code', status: 'draft' }] },
      false,
    ],
  ])('%s', (_name, change, isTaken) => {
    expect(taskProgressSchema.safeParse({ ...SEED_TASK, ...change }).success).toBe(isTaken);
    expect(parseTaskProgress(JSON.stringify({ ...SEED_TASK, ...change })) !== undefined).toBe(isTaken);
  });

  test.each(['', '{', '[]', 'null', '"x"', '{"task_id":"x"}'])('the text %j is none', (text) => {
    expect(parseTaskProgress(text)).toBeUndefined();
  });

  test('that is wrong is never written', () => {
    expect(() => assertTaskProgress({ ...SEED_TASK, status: 'done' } as never)).toThrow();
  });
});
