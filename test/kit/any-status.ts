/** Any STATUS.md that coord takes, odd ones included: moments that are none, plans finished without saying when. */
import fc from 'fast-check';
import { BLOCKER_STATES } from '../../src/domain/blocker.ts';
import {
  ARTIFACT_STATES,
  ARTIFACT_TYPES,
  CHECK_STATES,
  PLAN_STATES,
  type Plan,
  TASK_STATES,
} from '../../src/domain/plan.ts';
import type { StatusDocument } from '../../src/domain/status-document.ts';

const line = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '');
const name = fc.oneof(fc.constantFrom('mypy', 'tests', 'constructor', 'toString', '1'), line);

/** Few, so that moments fall together. */
const moment = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => `2026-02-21T12:0${n}:00.000Z`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '2026-02-21',
      '2026-02-21 12:03',
      '2026-02-21T14:00:00+02:00',
      'yesterday',
      '',
      '9999-99-99',
    ),
  },
);
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });

const task = fc.record({ title: line, state: fc.constantFrom(...TASK_STATES), started: perhaps(moment) });
const artifact = fc.record({
  path: line,
  type: fc.constantFrom(...ARTIFACT_TYPES),
  status: fc.constantFrom(...ARTIFACT_STATES),
  created_at: perhaps(moment),
});
const gate = fc
  .record({
    status: fc.constantFrom(...CHECK_STATES),
    last_run: perhaps(moment),
    note: perhaps(fc.jsonValue()),
  })
  .chain((base) => fc.dictionary(line, number, { maxKeys: 2 }).map((figures) => ({ ...figures, ...base })));

function anyPlan(id: string): fc.Arbitrary<Plan> {
  return fc.record({
    id: fc.constant(id),
    title: line,
    state: fc.constantFrom(...PLAN_STATES),
    started: perhaps(moment),
    finished: perhaps(moment),
    commit: perhaps(fc.constant('abc123')),
    reason: perhaps(fc.string({ maxLength: 9 })),
    tasks: fc
      .array(task, { maxLength: 4 })
      .map((tasks) => tasks.map((one, at) => ({ id: String(at + 1), ...one }))),
    artifacts: perhaps(fc.array(artifact, { maxLength: 3 })),
    quality_gates: perhaps(fc.dictionary(name, gate, { maxKeys: 3 })),
    metrics: perhaps(
      fc.dictionary(fc.oneof(fc.constant('time_spent_minutes'), name), number, { maxKeys: 3 }),
    ),
    estimated_completion: perhaps(moment),
  });
}

export const anyStatus: fc.Arbitrary<StatusDocument> = fc.integer({ min: 0, max: 4 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, at) => `01-0${at + 1}`);
  const planId = fc.constantFrom('01-09', ...ids);
  return fc.record({
    coord: fc.constant('status/1' as const),
    revision: fc.nat(),
    phase: fc.constant('01'),
    name: line,
    worker: fc.constant('worker-01'),
    branch: fc.constant('coord/01-api'),
    updated: moment,
    plans: fc.tuple(...ids.map(anyPlan)),
    blockers: fc
      .array(
        fc.record({
          plan: perhaps(planId),
          summary: line,
          detail: perhaps(fc.string({ maxLength: 9 })),
          state: fc.constantFrom(...BLOCKER_STATES),
          raised: moment,
        }),
        { maxLength: 3 },
      )
      .map((blockers) => blockers.map((one, at) => ({ id: `B${at + 1}`, ...one }))),
    decisions: fc.constant([]),
    milestones: fc.array(
      fc.record({
        at: moment,
        event: fc.constantFrom('plan_complete' as const, 'phase_complete' as const, 'phase_started' as const),
        plan: perhaps(planId),
        commit: perhaps(fc.constant('def456')),
      }),
      { maxLength: 5 },
    ),
  });
});

export const anyQuestions = fc.array(
  fc.record({
    id: fc.constantFrom('msg-1', 'msg-2'),
    content: fc.string({ maxLength: 20 }),
    asked: fc.option(moment),
  }),
  { maxLength: 2 },
);
