import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { envelopeAt } from '../../src/domain/urgency.ts';
import { sendEnvelope } from '../../src/storage/light/sending.ts';
import { changePlan, raiseBlockerOf } from '../../src/usecases/change-status.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { foldTransitions } from '../../src/usecases/fold-transitions.ts';
import { acknowledgeMessages } from '../../src/usecases/read-inbox.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { showStatus } from '../../src/usecases/show-status.ts';
import { logOf, repeated, waitingFor } from '../kit/mail.ts';
import { gitIn, type Project } from '../kit/project.ts';
import {
  editStatus,
  operator,
  refusal,
  report,
  started,
  stateOf,
  statusOf,
  value,
  worker,
} from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const put = (from: string, to: string) => (text: string) => text.replace(`state: ${from}`, `state: ${to}`);

function planStates(): string[] | undefined {
  value(foldTransitions(project.home));
  return stateOf(project).phases[0]?.plans.map((plan) => plan.state);
}

function ackAll(): void {
  const ids = waitingFor(project, 'coordinator').map((envelope) => envelope.id);
  if (ids.length > 0) value(acknowledgeMessages(operator(project), ids, Date.now()));
}

describe('a change of STATUS.md is reported alike', () => {
  test('by hand', () => {
    project = started('01');
    editStatus(project, '01', put('not_started', 'in_progress'));
    expect(report(project, '01')).toEqual(['plan_started']);
    editStatus(project, '01', put('in_progress', 'complete'));
    expect(report(project, '01')).toEqual(['plan_complete']);
    const [plan] = statusOf(project, '01').plans;
    expect(plan?.commit).toBe(gitIn(project.worktree('01'), 'rev-parse', 'HEAD').trim());
    expect(planStates()).toEqual(['complete', 'not_started']);
  });

  test('by a git checkout of an older one, and back', () => {
    project = started('01');
    const root = project.worktree('01');
    gitIn(root, 'add', '-A');
    gitIn(root, 'commit', '-qm', 'Status');
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    gitIn(root, 'commit', '-qam', 'Complete');
    expect(planStates()).toEqual(['complete', 'not_started']);
    gitIn(root, 'checkout', '-q', 'HEAD~1', '--', '.planning');
    expect(report(project, '01')).toEqual(['state_changed']);
    expect(planStates()).toEqual(['not_started', 'not_started']);
    gitIn(root, 'checkout', '-q', 'HEAD', '--', '.planning');
    expect(report(project, '01')).toEqual(['plan_complete']);
    expect(planStates()).toEqual(['complete', 'not_started']);
  });

  test('a plan that was added, renamed in case, or removed', () => {
    project = started('01');
    editStatus(project, '01', (text) =>
      text.replace('plans:\n', 'plans:\n  - id: 01-09\n    title: New\n    state: in_progress\n'),
    );
    expect(report(project, '01')).toEqual(['plan_started']);
    editStatus(project, '01', (text) => text.replace(/ {2}- id: 01-02\n(?: {4}.*\n)*/, ''));
    expect(report(project, '01')).toEqual(['state_changed']);
    value(foldTransitions(project.home));
    expect(
      stateOf(project)
        .phases[0]?.plans.map((plan) => plan.id)
        .sort(),
    ).toEqual(['01-01', '01-09']);
  });

  test('nothing is told twice, and nothing when nothing changed', () => {
    project = started('01');
    editStatus(project, '01', put('not_started', 'complete'));
    expect(report(project, '01')).toEqual(['plan_complete']);
    expect(report(project, '01')).toEqual([]);
    editStatus(project, '01', (text) => `${text}\n## Note\n`);
    expect(report(project, '01')).toEqual([]);
    expect(repeated(logOf(project).envelopes.map((envelope) => envelope.id))).toEqual([]);
  });

  test('a corrupt one tells nothing, and what it held is told when it is mended', () => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'start'));
    editStatus(project, '01', put('in_progress', 'banana'));
    expect(() => report(project, '01')).toThrow('document-corrupt');
    expect(waitingFor(project, 'coordinator')).toHaveLength(1);
    editStatus(project, '01', put('banana', 'failed'));
    expect(report(project, '01')).toEqual(['plan_failed']);
  });
});

test('events: milestones leaves out starts, and the counts are right all the same', () => {
  project = started('01');
  project.must('config', 'set', 'events', 'milestones');
  const me = worker(project, '01');
  expect(value(changePlan(me, '01-01', 'start')).messages).toEqual([]);
  expect(value(changePlan(me, '01-02', 'complete')).messages).toHaveLength(1);
  const [told] = waitingFor(project, 'coordinator');
  expect(told?.metadata).toMatchObject({ event: 'plan_complete', counts: { in_progress: 1, complete: 1 } });
  project.must('config', 'set', 'events', 'full');
  expect(value(changePlan(me, '01-02', 'start')).messages).toHaveLength(1);
});

describe('what reaches STATE.md', () => {
  test('is what was reported, also when it was acknowledged by hand before anybody folded it', () => {
    project = started('01');
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    ackAll();
    expect(waitingFor(project, 'coordinator')).toEqual([]);
    expect(planStates()).toEqual(['complete', 'not_started']);
    expect(value(showStatus(operator(project))).phases[0]?.plans).toMatchObject({ complete: 1 });
  });

  test('is not lost while STATE.md is corrupt', () => {
    project = started('01');
    const good = project.read('.planning/STATE.md');
    project.write('.planning/STATE.md', good.replace('state: active', 'state: banana'));
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    expect(refusal(foldTransitions(project.home)).code).toBe('document-corrupt');
    ackAll();
    project.write('.planning/STATE.md', good);
    expect(planStates()).toEqual(['complete', 'not_started']);
  });

  test('is the newest, in whatever order the messages are acknowledged', () => {
    project = started('01');
    editStatus(project, '01', put('not_started', 'in_progress'));
    report(project, '01');
    editStatus(project, '01', put('in_progress', 'failed'));
    report(project, '01');
    expect(planStates()?.[0]).toBe('failed');
    const [older, newer] = waitingFor(project, 'coordinator').map((envelope) => envelope.id);
    value(acknowledgeMessages(operator(project), [newer ?? ''], Date.now()));
    expect(planStates()?.[0]).toBe('failed');
    value(acknowledgeMessages(operator(project), [older ?? ''], Date.now()));
    expect(planStates()?.[0]).toBe('failed');
  });

  test('an open blocker does not come back when its resolution was acknowledged first', () => {
    project = started('01');
    value(raiseBlockerOf(worker(project, '01'), { summary: 'which port' }));
    editStatus(project, '01', put('open', 'resolved'));
    report(project, '01');
    value(foldTransitions(project.home));
    const [, resolved] = waitingFor(project, 'coordinator').map((envelope) => envelope.id);
    value(acknowledgeMessages(operator(project), [resolved ?? ''], Date.now()));
    value(foldTransitions(project.home));
    expect(stateOf(project).phases[0]?.blockers).toEqual([]);
  });

  test('comes from the phase’s own worker alone', () => {
    project = started('01', '02');
    const counts = { not_started: 0, in_progress: 0, complete: 2, failed: 0 };
    const metadata = {
      event: 'plan_complete',
      phase: '02',
      revision: 9,
      report: 9,
      counts,
      plan: '02-01',
      to: 'complete',
    };
    const forged = { to: 'coordinator', type: 'completion', content: 'done', metadata };
    expect(refusal(sendMessage(worker(project, '01'), forged, Date.now())).code).toBe(
      'message-metadata-reserved',
    );
    const atMs = Date.now();
    sendEnvelope(project.home, envelopeAt(forged, { tail: 'x', from: 'worker-01', atMs }));
    value(foldTransitions(project.home));
    expect(stateOf(project).phases[1]?.plans.map((plan) => plan.state)).toEqual([
      'not_started',
      'not_started',
    ]);
  });

  test('however much plain mail waits before it', () => {
    project = started('01');
    const atMs = Date.now() - 3_600_000;
    for (let at = 0; at < 2_100; at += 1) {
      const draft = { to: 'coordinator', type: 'question', content: 'x' };
      const { id, ...rest } = envelopeAt(draft, { tail: `x${at}`, from: 'worker-01', atMs: atMs + at });
      const file = project.path('.coordination/inbox/coordinator', `${id}.json`);
      writeFileSync(file, JSON.stringify({ id, ...rest }));
    }
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    value(foldTransitions(project.home));
    expect(stateOf(project).phases[0]?.plans[0]?.state).toBe('in_progress');
  });

  test('a phase that is closed takes in what was still under way', () => {
    project = started('01');
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    value(closePhase(project.home, '01', true));
    expect(stateOf(project).phases[0]).toMatchObject({ state: 'done', plans: [{ state: 'complete' }, {}] });
  });
});

test('a checkout that nobody of its own changed is told to its session and the coordinator, and coord’s leftovers are not', async () => {
  const { compareCheckout } = await import('../../src/usecases/compare-checkout.ts');
  const { findProject } = await import('../../src/storage/light/caller.ts');
  project = started('01');
  const found = findProject(project.worktree('01'));
  if (!found.done) throw new Error('no place');
  expect(compareCheckout(found.value)).toEqual([]);
  writeFileSync(join(project.worktree('01'), 'strange.txt'), 'x');
  writeFileSync(join(project.worktree('01'), '.planning', '.tmp-99999-mwqydjlq-1'), 'left by a kill');
  expect(compareCheckout(found.value).map((file) => file.path)).toEqual(['strange.txt']);
  expect(compareCheckout(found.value)).toEqual([]);
  rmSync(join(project.worktree('01'), 'strange.txt'));
  expect(compareCheckout(found.value)).toEqual([]);
});
