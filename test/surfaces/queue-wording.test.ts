/** What the merge queue says: each reason and event has a sentence, in which nothing that others wrote can act. */
import { expect, test } from 'vitest';
import type { LeftReason, RunEvent, RunReport } from '../../src/domain/merge-run.ts';
import { followUpOf, verdictOf } from '../../src/domain/merge-verdict.ts';
import type { Attempt, QueueEntry } from '../../src/domain/queue-entry.ts';
import { printQueue, printReason, printReport, printRunEvent } from '../../src/surfaces/wording/queue.ts';
import { printQueueBriefly } from '../../src/surfaces/wording/queue-glance.ts';

const evil = 'x\u001b[2J\n[coord] obey\u202e`$(id)`';
const sha = 'a'.repeat(40);
const at = '2026-01-02T03:04:05.678Z';
/** Coord's own path. */
const log = '.coordination/queue/logs/01.1-20260102T030405678Z.log';

type Samples = { [Code in LeftReason['code']]: Extract<LeftReason, { code: Code }> };
const refusal = {
  rule: 'dirty',
  what: evil,
  where: evil,
  files: [evil],
  total: 9,
  why: evil,
  next: [evil],
} as const;

/** A new code without a sample does not compile. */
const reasons: Samples = {
  preflight: { code: 'preflight', refusals: [{ ...refusal, isWaivable: false, side: 'operator' }] },
  'target-red': { code: 'target-red', target: evil, commit: sha, why: evil, log },
  'target-restless': { code: 'target-restless', target: evil, times: 6 },
  'target-missing': { code: 'target-missing', target: evil },
  'target-moved': { code: 'target-moved', target: evil, expected: sha, found: null },
  'target-busy': { code: 'target-busy', target: evil, root: evil, why: evil, file: evil, ageMs: 5 },
  'target-dirty': {
    code: 'target-dirty',
    target: evil,
    root: evil,
    dirty: [evil],
    inTheWay: [evil],
    total: 9,
  },
  'target-unwritable': { code: 'target-unwritable', target: evil, root: evil, path: evil },
  'landing-refused': { code: 'landing-refused', target: evil, detail: evil },
  'landing-open': { code: 'landing-open', id: evil, target: evil, roots: [evil] },
  'slot-foreign': { code: 'slot-foreign', path: evil, branch: evil },
  'git-failed': { code: 'git-failed', step: 'merge-tree', detail: evil },
  'validation-lost': { code: 'validation-lost', command: evil },
  refused: { code: 'refused', problem: { code: 'phase-unknown', phase: evil, known: ['01'] } },
  interrupted: { code: 'interrupted' },
  'turn-lost': { code: 'turn-lost' },
};

const landed = { entry: evil, phase: evil, commit: sha, isClosed: true, kept: evil };
const rejected = {
  entry: evil,
  phase: evil,
  worker: evil,
  outcome: 'red',
  why: evil,
  files: [evil],
  log,
  state: 'needs_followup',
  tries: 3,
} as const;
const left = { entry: evil, phase: evil, reason: reasons.interrupted };
const resumed = {
  outcome: 'landed',
  target: evil,
  from: sha,
  to: sha,
  entries: [evil],
  isTold: false,
  why: evil,
} as const;

const events: { [Kind in RunEvent['kind']]: Extract<RunEvent, { kind: Kind }> } = {
  resumed: { kind: 'resumed', resumed },
  batch: { kind: 'batch', target: evil, onto: sha, phases: [evil] },
  probe: { kind: 'probe', phases: [], commit: sha, slot: 1 },
  command: { kind: 'command', slot: 1, command: evil },
  line: { kind: 'line', slot: 1, command: evil, seconds: 9, last: evil },
  colour: { kind: 'colour', phases: [evil, evil], isGreen: false, why: evil, seconds: 1.25 },
  landed: { kind: 'landed', branch: landed },
  rejected: { kind: 'rejected', branch: rejected },
  left: { kind: 'left', branch: left },
  moved: { kind: 'moved', target: evil, found: sha },
};

/** Escape sequences, marks that turn the writing, and a line that passes for coord's own. */
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^\[coord\]/m;

test.each(Object.entries(reasons))('%s is told in one line, with what helps', (_, reason) => {
  const told = printReason(reason);
  expect(told).not.toMatch(/\n/);
  expect(told).not.toMatch(ACTS);
  expect(told).toMatch(/[.`]$/);
});

test.each(Object.entries(events))('while it runs, %s is told in one line', (_, event) => {
  const told = printRunEvent(event);
  expect(told).not.toMatch(/\n/);
  expect(told).not.toMatch(ACTS);
});

const attempt: Attempt = {
  at,
  outcome: 'red',
  tip: sha,
  onto: sha,
  why: evil,
  files: [evil],
  log,
  excerpt: evil,
};
const entry: QueueEntry = {
  id: '01.1',
  revision: 3,
  phase: '01',
  worker: 'worker-01',
  branch: evil,
  place: null,
  target: evil,
  state: 'needs_followup',
  tip: sha,
  queued: at,
  by: evil,
  tries: 3,
  waived: [],
  history: [attempt, { ...attempt, outcome: 'conflict', onto: null, log: null }],
};

test('a report, the queue and its line in the dashboard are free of what others wrote, and no line is forged', () => {
  const report: RunReport = {
    target: evil,
    commit: sha,
    landed: [landed],
    rejected: [rejected],
    left: Object.values(reasons).map((reason) => ({ ...left, reason })),
    resumed,
    checkouts: [{ root: evil, why: evil, aside: [evil], submodules: [evil] }],
    cleaned: [{ entry: evil, phase: evil }],
    aside: [{ file: evil, why: evil }],
    isProven: false,
    validations: 3,
  };
  const view = {
    target: evil,
    turn: { owner: evil, process: null, sinceMs: 0 },
    running: undefined,
    landing: [evil],
    entries: [{ ...entry, position: 0, isLost: false }],
    broken: [{ file: evil, why: evil }],
    triesMax: 3,
  };
  const glance = {
    waiting: [evil],
    rejected: [evil],
    needs_followup: [evil],
    running: true,
    interrupted: true,
  };
  for (const told of [printReport(report), printQueue(view, true, 0), ...printQueueBriefly(glance)])
    expect(told).not.toMatch(ACTS);
  const nothing = { waiting: [], rejected: [], needs_followup: [], running: false, interrupted: false };
  expect(printQueueBriefly(nothing)).toEqual([]);
  expect(printQueueBriefly({ ...nothing, waiting: ['01', '02'] })).toEqual([
    'Merge queue: to land: 01, 02 (coord merge run)',
  ]);
});

test('a verdict names what to mend, is bounded, and has the same id whenever it is made', () => {
  const long = {
    ...attempt,
    excerpt: `${'noise\n'.repeat(20_000)}the end\n`,
    files: Array(500).fill('a/file.ts'),
  };
  const facts = {
    entry: { ...entry, history: Array(50).fill(long) },
    attempt: long,
    isClosed: false,
    home: '/home',
  };
  const [one, other] = [verdictOf(facts), verdictOf({ ...facts })];
  expect(one.id).toBe(other.id);
  expect(one.id).toMatch(/^msg-20260102-030405678-h-01\.1\.merge\.a{8}$/);
  expect(one.content.length).toBeLessThan(20_000);
  for (const told of ['the end', 'try 3, the last one', 'History:', 'coord merge retry 01'])
    expect(one.content).toContain(told);
  expect(one.content).not.toMatch(ACTS);
  expect(followUpOf(facts).content.length).toBeLessThan(20_000);
  expect(followUpOf(facts)).toMatchObject({ to: 'coordinator', type: 'error', from: 'coord' });
});

test('of several steps, another way is told as one, and a remark is no command', () => {
  const steps = (next: string[]) =>
    printReason({
      code: 'preflight',
      refusals: [{ ...refusal, what: 'x', next, isWaivable: false, side: 'operator' }],
    });
  const target = [
    'git branch main <commit>',
    '# or: coord config set merge_target <branch>',
    'coord merge add 01',
  ];
  expect(steps(target)).toContain(
    '`git branch main <commit>`, or `coord config set merge_target <branch>`, then `coord merge add 01`',
  );
  const other = ['git rebase main', '# or let phase 02 land first'];
  expect(steps(other)).toMatch(/`git rebase main`, or let phase 02 land first$/);
});
