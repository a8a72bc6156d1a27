import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldTransition, transitionIn } from '../../src/domain/folding.ts';
import { isMessageId } from '../../src/domain/identifiers.ts';
import { type Envelope, isEnvelope, judgeDraft, TRANSITION_EVENTS } from '../../src/domain/message.ts';
import { countPlans, PLAN_STATES, type PlanState } from '../../src/domain/plan.ts';
import { countsOf, findPhase, type StateDocument } from '../../src/domain/state-document.ts';
import type { Blocker, StatusDocument } from '../../src/domain/status-document.ts';
import { nothingReported, planReport, type Report, type ReportedPhase } from '../../src/domain/transition.ts';
import { tries } from '../kit/long.ts';
import { blocker, NOON, plan, stateWith, status } from './builders.ts';

const FOLDER = '01-api';
const AT = Date.parse(NOON);
const full = { events: 'full' as const, atMs: AT };
const lean = { events: 'milestones' as const, atMs: AT };

function reported(
  plans: Record<string, PlanState>,
  blockers: string[] = [],
  over: Partial<ReportedPhase> = {},
): ReportedPhase {
  return { ...nothingReported(plans), blockers, ...over };
}

function must(report: Report | undefined): Report {
  if (!report) throw new Error('nothing to report');
  return report;
}

const eventsOf = (report: Report | undefined) => report?.envelopes.map((it) => it.metadata['event']);

describe('planReport', () => {
  test.each<[from: PlanState | 'none', to: PlanState | 'removed', event: string | undefined]>([
    ['not_started', 'in_progress', 'plan_started'],
    ['failed', 'in_progress', 'plan_started'],
    ['complete', 'in_progress', 'state_changed'],
    ['none', 'in_progress', 'plan_started'],
    ['not_started', 'complete', 'plan_complete'],
    ['in_progress', 'complete', 'plan_complete'],
    ['failed', 'complete', 'plan_complete'],
    ['in_progress', 'failed', 'plan_failed'],
    ['not_started', 'failed', 'plan_failed'],
    ['in_progress', 'not_started', 'state_changed'],
    ['complete', 'not_started', 'state_changed'],
    ['none', 'not_started', 'state_changed'],
    ['in_progress', 'removed', 'state_changed'],
    ...PLAN_STATES.map((state) => [state, state, undefined] as [PlanState, PlanState, undefined]),
  ])('a plan from %s to %s is %s', (from, to, event) => {
    const before = reported({ rest: 'not_started', ...(from === 'none' ? {} : { '1': from }) });
    const plans = to === 'removed' ? [plan('rest')] : [plan('rest'), plan('1', to)];
    const report = planReport(before, status(plans), FOLDER, full);
    expect(eventsOf(report)).toEqual(event === undefined ? undefined : [event]);
    if (event !== undefined) {
      expect(report?.envelopes[0]?.metadata).toMatchObject({
        plan: '1',
        from,
        to,
        phase: '01',
        task_id: '1',
      });
    }
  });

  test.each<[string, string[], Blocker, string | undefined]>([
    ['a new one is raised', [], blocker('B1'), 'blocker_raised'],
    [
      'one that was answered before anybody heard of it is raised',
      [],
      blocker('B1', { state: 'answered' }),
      'blocker_raised',
    ],
    [
      'one that was resolved before anybody heard of it is not told',
      [],
      blocker('B1', { state: 'resolved' }),
      undefined,
    ],
    ['a known one is not told again', ['B1'], blocker('B1'), undefined],
    ['nor when it is answered', ['B1'], blocker('B1', { state: 'answered' }), undefined],
    ['resolved is told', ['B1'], blocker('B1', { state: 'resolved' }), 'blocker_resolved'],
  ])('of blockers: %s', (_claim, known, found, event) => {
    const document = status([plan('1')], { blockers: [found] });
    const report = planReport(reported({ '1': 'not_started' }, known), document, FOLDER, full);
    expect(eventsOf(report)).toEqual(event === undefined ? undefined : [event]);
  });

  test('tells plans in their order, then blockers, then the phase', () => {
    const document = status([plan('1', 'complete'), plan('2', 'complete')], {
      blockers: [blocker('B1', { state: 'resolved' }), blocker('B2')],
      milestones: [{ at: NOON, event: 'phase_complete', commit: 'c0ffee' }],
    });
    const before = reported({ '2': 'in_progress', '1': 'in_progress', '3': 'failed' }, ['B1']);
    const report = must(planReport(before, document, FOLDER, full));
    expect(report.envelopes.map((it) => [it.metadata['event'], it.references[0]])).toEqual([
      ['plan_complete', '1'],
      ['plan_complete', '2'],
      ['state_changed', '3'],
      ['blocker_resolved', '01'],
      ['blocker_raised', '01'],
      ['phase_complete', '01'],
    ]);
    expect(report.envelopes[5]?.metadata['commit']).toBe('c0ffee');
  });

  test.each([
    ['plan_started', 'in_progress', []],
    ['state_changed', 'not_started', []],
    ['plan_failed', 'failed', ['plan_failed']],
    ['plan_complete', 'complete', ['plan_complete', 'phase_complete']],
  ] as const)('milestones leave out what is none: %s', (_event, to, events) => {
    const before = reported({ '1': to === 'not_started' ? 'in_progress' : 'not_started' });
    const report = must(planReport(before, status([plan('1', to)]), FOLDER, lean));
    expect(eventsOf(report)).toEqual(events);
    // Left out is not forgotten: it is not told later either.
    expect(report.after.plans).toEqual({ '1': to });
    expect(planReport(report.after, status([plan('1', to)]), FOLDER, full)).toBeUndefined();
  });

  test('blockers are told in both modes', () => {
    const document = status([plan('1')], { blockers: [blocker('B1')] });
    expect(eventsOf(planReport(reported({ '1': 'not_started' }), document, FOLDER, lean))).toEqual([
      'blocker_raised',
    ]);
  });

  test('the phase is complete once, and again after it was reopened', () => {
    const complete = status([plan('1', 'complete')]);
    const first = must(planReport(reported({ '1': 'in_progress' }), complete, FOLDER, full));
    expect(eventsOf(first)).toEqual(['plan_complete', 'phase_complete']);
    const reopened = must(planReport(first.after, status([plan('1', 'in_progress')]), FOLDER, full));
    expect(eventsOf(reopened)).toEqual(['state_changed']);
    expect(eventsOf(planReport(reopened.after, complete, FOLDER, full))).toEqual([
      'plan_complete',
      'phase_complete',
    ]);
  });

  test('equal is nothing to say, whatever the revision', () => {
    const document = status([plan('1', 'in_progress')], { revision: 99, blockers: [blocker('B1')] });
    expect(planReport(reported({ '1': 'in_progress' }, ['B1']), document, FOLDER, full)).toBeUndefined();
  });

  test('the same report made again has the same messages, and the next one has others', () => {
    const before = reported({ '1': 'not_started', '2': 'not_started' });
    const document = status([plan('1', 'in_progress'), plan('2', 'failed')]);
    const [one, two] = [
      must(planReport(before, document, FOLDER, full)),
      must(planReport(before, document, FOLDER, full)),
    ];
    expect(two).toEqual(one);
    const next = must(
      planReport(one.after, status([plan('1', 'complete'), plan('2', 'complete')]), FOLDER, full),
    );
    const ids = [...one.envelopes, ...next.envelopes].map((it) => it.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isMessageId)).toBe(true);
    expect(next.after.report).toBe(2);
  });

  test('a revision that went back is told as it is, and the reports are counted on', () => {
    const before = reported({ '1': 'complete' }, [], { revision: 9, report: 4 });
    const report = must(
      planReport(before, status([plan('1', 'in_progress')], { revision: 3 }), FOLDER, full),
    );
    expect(report.after).toMatchObject({ revision: 3, report: 5 });
    expect(report.envelopes[0]?.metadata).toMatchObject({ revision: 3, report: 5 });
  });

  test('messages carry counts and no tasks, and no line of another agent’s making', () => {
    const tasks = [{ id: '1', title: 'secret step', state: 'in_progress' as const }];
    const odd = blocker('B1', { summary: 'No\n\u001b[31mkey', detail: 'long detail', plan: '1' });
    const document = status([plan('1', 'failed', { title: 'T\nX', tasks, reason: 'a\nb' })], {
      blockers: [odd],
    });
    const report = must(planReport(reported({ '1': 'in_progress' }), document, FOLDER, full));
    for (const it of report.envelopes) {
      expect(isEnvelope(it)).toBe(true);
      // Its metadata is coord's own to write, and so no sender's.
      expect(judgeDraft({ ...it, metadata: {} })).toBeUndefined();
      expect(it.content).not.toMatch(/[\n\u001b]/);
      expect(JSON.stringify(it)).not.toMatch(/secret step|long detail/);
      expect(it.metadata['counts']).toEqual(countPlans(document.plans));
      expect(it).toMatchObject({ from: 'worker-01', to: 'coordinator' });
      expect(TRANSITION_EVENTS).toContain(it.metadata['event']);
    }
    const raised = report.envelopes[1];
    expect(raised?.content).toContain('.planning/phases/01-api/STATUS.md#b1');
    expect(raised?.references).toEqual(['1', 'B1']);
    expect(raised).toMatchObject({ type: 'blocker', priority: 'urgent' });
  });

  test.each([
    ['in_progress', 'progress', 'normal'],
    ['failed', 'error', 'high'],
    ['complete', 'completion', 'normal'],
  ] as const)('to %s travels as %s, %s', (to, type, priority) => {
    const before = reported({ '1': 'not_started', '2': 'failed' });
    const report = must(planReport(before, status([plan('1', to), plan('2', 'failed')]), FOLDER, full));
    expect(report.envelopes[0]).toMatchObject({ type, priority });
  });
});

/** A worker's phase over time: each frame the plans and blockers as STATUS.md has them. */
const IDS = ['1', '2', '3'];
const anyFrame = fc.record({
  states: fc.tuple(...IDS.map(() => fc.constantFrom<PlanState | 'gone'>(...PLAN_STATES, 'gone'))),
  blockers: fc.tuple(fc.nat(3), fc.nat(3)),
});
const anyWalk = fc.array(anyFrame, { minLength: 1, maxLength: 8 });

/** Blockers go forward only: none, open, answered, resolved. */
function documents(
  walk: readonly { states: readonly (PlanState | 'gone')[]; blockers: readonly number[] }[],
): StatusDocument[] {
  const reached = [0, 0];
  return walk.map(({ states, blockers }, at) => {
    const plans = IDS.flatMap((id, n) => (states[n] === 'gone' ? [] : [plan(id, states[n])]));
    const found = blockers.flatMap((step, n) => {
      reached[n] = Math.max(reached[n] ?? 0, step);
      const state = [undefined, 'open', 'answered', 'resolved'][reached[n] ?? 0] as
        | Blocker['state']
        | undefined;
      return state === undefined ? [] : [blocker(`B${n + 1}`, { state })];
    });
    return status(plans, { revision: at + 2, blockers: found });
  });
}

/** Reports these documents in turn, a minute apart, and gives all the messages. */
function told(frames: readonly StatusDocument[]): Envelope[] {
  let before: ReportedPhase = nothingReported(
    Object.fromEntries(IDS.map((id) => [id, 'not_started' as const])),
  );
  const envelopes: Envelope[] = [];
  frames.forEach((document, at) => {
    const report = planReport(before, document, FOLDER, { events: 'full', atMs: AT + at * 60_000 });
    if (!report) return;
    envelopes.push(...report.envelopes);
    before = report.after;
  });
  return envelopes;
}

const fold = (envelopes: readonly Envelope[], from: StateDocument = stateWith(IDS)) =>
  envelopes.reduce(foldTransition, from);

/** What STATE.md says of the phase, without when and by which report it was told. */
function gist(state: StateDocument) {
  const phase = findPhase(state, '01');
  const plans = (phase?.plans ?? []).map(({ id, state: it }) => `${id} ${it}`).sort();
  return { plans, blockers: (phase?.blockers ?? []).map((it) => it.id).sort() };
}

function gistOf(document: StatusDocument) {
  return {
    plans: document.plans.map((it) => `${it.id} ${it.state}`).sort(),
    blockers: document.blockers
      .filter((it) => it.state !== 'resolved')
      .map((it) => it.id)
      .sort(),
  };
}

describe('reporting and folding', () => {
  test('step by step or all at once, STATE.md comes to say what STATUS.md says', () => {
    fc.assert(
      fc.property(anyWalk, (walk) => {
        const frames = documents(walk);
        const last = frames.at(-1) as StatusDocument;
        const [stepwise, atOnce] = [fold(told(frames)), fold(told([last]))];
        expect(gist(stepwise)).toEqual(gistOf(last));
        expect(gist(atOnce)).toEqual(gistOf(last));
        expect(countsOf(findPhase(stepwise, '01') as never)).toEqual(countPlans(last.plans));
      }),
      { numRuns: tries(1_000) },
    );
  });

  test('folding any of the messages again, each or all, changes nothing', () => {
    fc.assert(
      fc.property(anyWalk, fc.nat(), (walk, pick) => {
        const envelopes = told(documents(walk));
        const once = fold(envelopes);
        expect(fold(envelopes.slice(0, 0), once)).toBe(once);
        const lastReport = envelopes.filter(
          (it) => it.metadata['report'] === envelopes.at(-1)?.metadata['report'],
        );
        expect(fold(lastReport, once)).toEqual(once);
        const old = envelopes[pick % Math.max(1, envelopes.length)];
        if (old && !lastReport.includes(old)) expect(foldTransition(once, old)).toEqual(once);
        expect(fold(envelopes, once)).toEqual(once);
      }),
      { numRuns: tries(1_000) },
    );
  });

  test('a kill at any message, and all folded from the start, comes to the same', () => {
    fc.assert(
      fc.property(anyWalk, fc.nat(), (walk, cut) => {
        const envelopes = told(documents(walk));
        const some = fold(envelopes.slice(0, cut % (envelopes.length + 1)));
        expect(gist(fold(envelopes, some))).toEqual(gist(fold(envelopes)));
      }),
      { numRuns: tries(1_000) },
    );
  });

  test('every message is a transition that can be read back', () => {
    fc.assert(
      fc.property(anyWalk, (walk) => {
        for (const it of told(documents(walk))) {
          expect(transitionIn(JSON.parse(JSON.stringify(it)))).toMatchObject({
            event: it.metadata['event'],
            phase: '01',
          });
        }
      }),
    );
  });
});
