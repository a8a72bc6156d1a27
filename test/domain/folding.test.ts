import { describe, expect, test } from 'vitest';
import { foldTransition, transitionIn } from '../../src/domain/folding.ts';
import { type Envelope, envelopeOf, type Metadata } from '../../src/domain/message.ts';
import type { StatePhase } from '../../src/domain/state-document.ts';
import { NOON, stateWith } from './builders.ts';

const COUNTS = { not_started: 1, in_progress: 1, complete: 0, failed: 0 };
const minute = (n: number) => Date.parse(NOON) + n * 60_000;

function told(metadata: Metadata, over: Partial<Envelope> = {}, at = 1): Envelope {
  const all = { event: 'plan_started', phase: '01', revision: 2, report: at, counts: COUNTS, ...metadata };
  const draft = { to: 'coordinator', type: 'progress', content: 'x', metadata: all };
  return { ...envelopeOf(draft, { id: `msg-${at}`, from: 'worker-01', atMs: minute(at) }), ...over };
}

const started = { plan: 'p1', from: 'not_started', to: 'in_progress' };
const before = stateWith(['p1', 'p2']);
const phaseOf = (envelope: Envelope, state = before) =>
  foldTransition(state, envelope).phases[0] as StatePhase;

describe('who is believed', () => {
  test.each<[string, Envelope, Partial<StatePhase>, boolean]>([
    ['the phase’s own worker', told(started), {}, true],
    ['not another worker', told(started, { from: 'worker-02' }), {}, false],
    ['not the coordinator', told(started, { from: 'coordinator' }), {}, false],
    ['not of an unknown phase', told({ ...started, phase: '09' }), {}, false],
    ['not of a phase that has not started', told(started), { state: 'future' }, false],
    ['of a phase that is done', told(started), { state: 'done' }, true],
    ['not without an event', told({ ...started, event: undefined }), {}, false],
    ['not without a revision', told({ ...started, revision: '2' }), {}, false],
    ['not without counts', told({ ...started, counts: undefined }), {}, false],
    ['not with counts that are none', told({ ...started, counts: { ...COUNTS, failed: 'one' } }), {}, false],
    ['not with half the counts', told({ ...started, counts: { complete: 1 } }), {}, false],
    ['not with a state that is none: the counts alone', told({ ...started, to: 'banana' }), {}, true],
  ])('%s', (_claim, envelope, over, isBelieved) => {
    const state = stateWith(['p1'], over);
    expect(foldTransition(state, envelope) !== state).toBe(isBelieved);
  });
});

describe('foldTransition', () => {
  test('moves the plan, and remembers what was reported and when', () => {
    const phase = phaseOf(told(started));
    expect(phase.plans.map((it) => it.state)).toEqual(['in_progress', 'not_started']);
    expect(phase.reported).toEqual({
      revision: 2,
      report: 1,
      at: new Date(minute(1)).toISOString(),
      counts: COUNTS,
    });
  });

  test.each<[string, Metadata, string[]]>([
    [
      'a new plan is added',
      { plan: 'p3', to: 'in_progress', title: 'Third' },
      ['p1 not_started', 'p2 not_started', 'p3 in_progress'],
    ],
    ['a removed one goes', { plan: 'p1', to: 'removed' }, ['p2 not_started']],
    ['an unknown state is not believed', { plan: 'p1', to: 'banana' }, ['p1 not_started', 'p2 not_started']],
    ['without a plan, none moves', { to: 'complete' }, ['p1 not_started', 'p2 not_started']],
  ])('%s', (_claim, metadata, plans) => {
    expect(phaseOf(told(metadata)).plans.map((it) => `${it.id} ${it.state}`)).toEqual(plans);
  });

  test('an older report after a newer one changes nothing that the newer one said', () => {
    const newer = foldTransition(before, told({ ...started, to: 'complete' }, {}, 2));
    expect(foldTransition(newer, told(started, {}, 1))).toBe(newer);
    // The counting begins anew where the runtime folder was lost: then the time decides.
    const anew = told({ ...started, to: 'failed', report: 1 }, {}, 9);
    expect(foldTransition(newer, anew).phases[0]?.plans[0]?.state).toBe('failed');
  });

  test('messages of one report are folded all, in any order', () => {
    const [a, b] = [told(started, { id: 'a' }), told({ plan: 'p2', to: 'failed' }, { id: 'b' })];
    const [ab, ba] = [
      foldTransition(foldTransition(before, a), b),
      foldTransition(foldTransition(before, b), a),
    ];
    expect(ab).toEqual(ba);
    expect(ab.phases[0]?.plans.map((it) => it.state)).toEqual(['in_progress', 'failed']);
  });

  test('a blocker comes with its pointer, once, and goes when it is resolved', () => {
    const metadata = {
      event: 'blocker_raised',
      blocker: 'B1',
      summary: 'No key',
      pointer: 'x#b1',
      plan: 'p1',
    };
    const raised = foldTransition(before, told(metadata));
    expect(raised.phases[0]?.blockers).toEqual([
      {
        id: 'B1',
        summary: 'No key',
        plan: 'p1',
        state: 'open',
        pointer: 'x#b1',
        raised: new Date(minute(1)).toISOString(),
        message: 'msg-1',
      },
    ]);
    expect(foldTransition(raised, told(metadata))).toEqual(raised);
    const resolved = told({ event: 'blocker_resolved', blocker: 'B1' }, {}, 2);
    expect(foldTransition(raised, resolved).phases[0]?.blockers).toEqual([]);
    expect(foldTransition(before, resolved).phases[0]?.blockers).toEqual([]);
  });

  test('a completion is a milestone, once, also when it arrives late', () => {
    const completion = told({ event: 'plan_complete', plan: 'p1', to: 'complete', commit: 'c0ffee' });
    const once = foldTransition(before, completion);
    expect(once.milestones).toEqual([
      {
        at: new Date(minute(1)).toISOString(),
        phase: '01',
        event: 'plan_complete',
        plan: 'p1',
        commit: 'c0ffee',
      },
    ]);
    expect(foldTransition(once, completion)).toEqual(once);
    const late = foldTransition(foldTransition(before, told(started, {}, 5)), completion);
    expect(late.milestones).toHaveLength(1);
    expect(late.phases[0]?.plans[0]?.state).toBe('in_progress');
  });

  test.each(['plan_started', 'plan_failed', 'state_changed', 'blocker_raised'])(
    '%s is no milestone',
    (event) => {
      expect(foldTransition(before, told({ ...started, event })).milestones).toEqual([]);
    },
  );

  test('leaves the other phases and the document that it got as they were', () => {
    const copy = JSON.stringify(before);
    foldTransition(before, told(started));
    expect(JSON.stringify(before)).toBe(copy);
  });
});

test('a message without transition facts is none', () => {
  expect(transitionIn(told({ event: undefined }))).toBeUndefined();
  expect(transitionIn(told({ report: 'x' }))?.report).toBe(0);
  expect(transitionIn(told(started))).toMatchObject({
    event: 'plan_started',
    plan: 'p1',
    to: 'in_progress',
    report: 1,
  });
});
