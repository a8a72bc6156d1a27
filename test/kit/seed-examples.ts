/**
 * The examples of seed 002, shape for shape, in words of our own: what somebody writes who knows that protocol and
 * nothing of coord.
 */

/** What all examples have, but for those that a row leaves out. */
function message(number: number, over: Record<string, unknown>): Record<string, unknown> {
  const { timestamp = `2026-02-21T09:0${number}:00Z`, ...rest } = over;
  return {
    id: `msg-20260221-090${number}00`,
    from: 'project-instance',
    to: 'coordinator',
    timestamp,
    ...rest,
    read: false,
  };
}

const gatesOfCode = {
  tsc: { status: 'passed', errors: 0 },
  biome: { status: 'passed', violations: 0 },
  format: { status: 'passed' },
};

/** One of each type, as the protocol's section on that type writes it. */
export const SEED_MESSAGES: Readonly<Record<string, Record<string, unknown>>> = {
  directive: message(1, {
    from: 'coordinator',
    to: 'project-instance',
    type: 'directive',
    priority: 'high',
    content:
      'Build part 2 (reading), beginning with the tokenizer. Mind the limits of note 7. Due on Friday.',
    references: ['reader-tokenizer'],
    metadata: { task_id: 'reader-tokenizer' },
  }),
  question: message(2, {
    type: 'question',
    priority: 'normal',
    content: 'More tests for the tokenizer first (over 90 %), or the parser as soon as it can work?',
    references: ['reader-tokenizer'],
    metadata: { task_id: 'reader-tokenizer', context: 'Friday is close if all must be over 90 %.' },
  }),
  response: message(3, {
    from: 'coordinator',
    to: 'project-instance',
    type: 'response',
    priority: 'normal',
    content: 'Tests first. A part that holds is worth more than a day.',
    references: ['msg-20260221-090200', 'reader-tokenizer'],
  }),
  progress: message(4, {
    type: 'progress',
    content: 'The tokenizer stands with 15 tests. tsc ✓, biome ✓, coverage 87 %, and 90 by the evening.',
    references: ['reader-tokenizer'],
    metadata: {
      task_id: 'reader-tokenizer',
      artifacts: ['src/reader/tokenizer.ts', 'test/reader/tokenizer.test.ts'],
      quality_gates: { ...gatesOfCode, vitest: { status: 'passed', coverage_percent: 87 } },
    },
  }),
  blocker: message(5, {
    type: 'blocker',
    priority: 'urgent',
    content: 'The parser cannot go on: nobody says whether plugins register themselves or are looked for.',
    references: ['parser'],
    metadata: { task_id: 'parser', blocker_type: 'missing_information' },
  }),
  completion: message(6, {
    type: 'completion',
    content: 'Part 2 is done: tokenizer and checks, 92 % covered, all gates passed. Part 3 can begin.',
    references: ['reader-tokenizer'],
    metadata: {
      task_id: 'reader-tokenizer',
      artifacts: ['src/reader/tokenizer.ts', 'src/reader/checks.ts', 'test/reader/tokenizer.test.ts'],
      quality_gates: {
        ...gatesOfCode,
        vitest: { status: 'passed', passed: 28, failed: 0, coverage_percent: 92 },
        inputs: { status: 'passed', inputs_read: 9 },
      },
      metrics: { lines_of_code: 450, test_count: 28, time_spent_minutes: 180 },
    },
  }),
  error: message(7, {
    type: 'error',
    priority: 'high',
    content:
      'A gate failed: 3 type errors in tokenizer.ts after the clean-up. Taking it back, then once more.',
    references: ['reader-tokenizer'],
    metadata: {
      task_id: 'reader-tokenizer',
      error_type: 'quality_gate_failure',
      quality_gates: { tsc: { status: 'failed', errors: 3 } },
    },
  }),
  'a directive as the shell recipe writes it': message(8, {
    from: 'coordinator',
    to: 'project-instance',
    type: 'directive',
    content: 'Build part 2',
    priority: 'high',
  }),
  'a response as the shell recipe writes it': message(9, {
    from: 'coordinator',
    to: 'project-instance',
    type: 'response',
    content: 'Tests first',
    references: ['msg-20260221-090200'],
  }),
};

const ran = '2026-02-21T11:15:00Z';

export const SEED_TASK: Record<string, unknown> = {
  task_id: 'reader-tokenizer',
  task_name: 'Part 2, reading: the tokenizer',
  phase: 'implementation',
  started: '2026-02-21T09:00:00Z',
  updated: '2026-02-21T11:30:00Z',
  estimated_completion: '2026-02-23T18:00:00Z',
  status: 'in_progress',
  current_step: 'checking_inputs',
  completed_steps: ['design_agreed', 'tokenizer_written', 'limits_enforced', 'tests_written', 'tests_pass'],
  remaining_steps: ['check_inputs', 'test_the_checks', 'try_real_files', 'documentation', 'last_gates'],
  blocked_on: null,
  questions_for_coordinator: [],
  artifacts: [
    { path: 'src/reader/tokenizer.ts', type: 'source_code', status: 'complete', created_at: ran },
    { path: 'test/reader/tokenizer.test.ts', type: 'test', status: 'complete', created_at: ran },
    { path: 'src/reader/checks.ts', type: 'source_code', status: 'draft', created_at: ran },
  ],
  quality_gates: {
    tsc: { status: 'passed', last_run: ran, errors: 0 },
    biome: { status: 'passed', last_run: ran, violations: 0 },
    format: { status: 'passed', last_run: ran },
    vitest: { status: 'passed', last_run: ran, passed: 15, failed: 0, coverage_percent: 87 },
    inputs: { status: 'not_run' },
  },
  metrics: { lines_of_code: 320, test_count: 15, time_spent_minutes: 150 },
};
