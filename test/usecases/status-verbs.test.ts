import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  addTaskTo,
  changePlan,
  changeTask,
  raiseBlockerOf,
  resolveBlockerOf,
} from '../../src/usecases/change-status.ts';
import { recordDecision } from '../../src/usecases/record-decision.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { showStatus } from '../../src/usecases/show-status.ts';
import { waitingFor } from '../kit/mail.ts';
import { gitIn, type Project } from '../kit/project.ts';
import {
  callerIn,
  editStatus,
  onlyOf,
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

describe('a worker’s plans', () => {
  test('start, complete and fail; the commit it stands on is recorded, and the coordinator told counts alone', () => {
    project = started('01');
    const me = worker(project, '01');
    expect(value(changePlan(me, '01-01', 'start')).messages).toHaveLength(1);
    value(addTaskTo(me, undefined, 'secret step'));
    writeFileSync(join(me.root, 'work.txt'), 'x');
    gitIn(me.root, 'add', 'work.txt');
    gitIn(me.root, 'commit', '-qm', 'Work');
    value(changePlan(me, '01-01', 'complete'));
    value(changePlan(me, '01-02', 'fail', 'no network'));
    const head = gitIn(me.root, 'rev-parse', 'HEAD').trim();
    expect(statusOf(project, '01').plans).toMatchObject([
      { state: 'complete', commit: head, tasks: [{ title: 'secret step' }] },
      { state: 'failed', reason: 'no network' },
    ]);
    const told = waitingFor(project, 'coordinator');
    expect(told.map((one) => one.metadata['event'])).toEqual([
      'plan_started',
      'plan_complete',
      'plan_failed',
    ]);
    expect(told.map((one) => [one.from, one.to])).toEqual(Array(3).fill(['worker-01', 'coordinator']));
    expect(JSON.stringify(told)).not.toContain('secret step');
    expect(told.at(-1)?.metadata['counts']).toEqual({
      not_started: 0,
      in_progress: 0,
      complete: 1,
      failed: 1,
    });
    expect(value(showStatus(operator(project))).phases[0]?.plans).toEqual(told.at(-1)?.metadata['counts']);
    expect(stateOf(project).phases[0]?.plans[0]?.state).toBe('not_started');
  });

  test('refuse moves that make no sense, unknown plans, and whoever is not their worker', () => {
    project = started('01', '02');
    const me = worker(project, '01');
    expect(refusal(changePlan(me, '02-01', 'start'))).toMatchObject({
      code: 'plan-unknown',
      known: ['01-01', '01-02'],
    });
    value(changePlan(me, '01-01', 'start'));
    expect(refusal(changePlan(me, '01-01', 'start'))).toMatchObject({
      code: 'plan-move-refused',
      from: 'in_progress',
    });
    expect(refusal(changePlan(operator(project), '01-01', 'complete'))).toMatchObject({
      code: 'not-a-worker',
    });
    const folder = join(project.outside('trees'), 'guest');
    project.git('worktree', 'add', '-q', folder);
    expect(refusal(changePlan(callerIn(folder), '01-01', 'complete'))).toMatchObject({ code: 'not-joined' });
  });

  test('keep what a person noted beside coord’s keys, comments and unknown keys of a plan included', () => {
    project = started('01');
    editStatus(project, '01', (text) =>
      text
        .replace('title: Plan 01\n', 'title: Plan 01\n    estimate: 3 days\n')
        .replace('---\ncoord', '---\nowner: ann # her\ncoord'),
    );
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    value(changePlan(worker(project, '01'), '01-01', 'complete'));
    expect(statusOf(project, '01')).toMatchObject({ owner: 'ann', plans: [{ estimate: '3 days' }, {}] });
  });

  test('an unknown state word is refused with its line, and nothing is lost', () => {
    project = started('01');
    editStatus(project, '01', (text) => text.replace('state: not_started', 'state: banana'));
    const before = project.read('.claude/worktrees/01-phase-01/.planning/phases/01-phase-01/STATUS.md');
    const line = before.split('\n').findIndex((text) => text.includes('banana')) + 1;
    expect(refusal(changePlan(worker(project, '01'), '01-02', 'start'))).toMatchObject({
      code: 'document-corrupt',
      line,
    });
    expect(project.read('.claude/worktrees/01-phase-01/.planning/phases/01-phase-01/STATUS.md')).toBe(before);
  });
});

describe('tasks', () => {
  test('go to the one plan that is under way, or to the one that is named', () => {
    project = started('01');
    const me = worker(project, '01');
    expect(refusal(addTaskTo(me, undefined, 'x')).code).toBe('plan-unknown');
    value(changePlan(me, '01-01', 'start'));
    expect(value(addTaskTo(me, undefined, 'first'))).toEqual({ plan: '01-01', task: '1' });
    expect(value(addTaskTo(me, '01-02', 'other'))).toEqual({ plan: '01-02', task: '1' });
    expect(value(changeTask(me, undefined, '1', 'complete')).state).toBe('complete');
    expect(refusal(changeTask(me, undefined, '9', 'complete')).code).toBe('task-unknown');
    expect(refusal(addTaskTo(me, undefined, 'two\nlines')).code).toBe('name-bad');
    value(changePlan(me, '01-02', 'start'));
    expect(refusal(addTaskTo(me, undefined, 'x')).code).toBe('plan-unknown');
  });
});

describe('blockers', () => {
  test('are recorded in full, sent in short with a pointer, and the worker is told what to go on with', () => {
    project = started('01');
    const me = worker(project, '01');
    value(changePlan(me, '01-01', 'start'));
    const detail = `${'long '.repeat(200)}\n\`\`\`\nlog\n`;
    const raised = value(raiseBlockerOf(me, { summary: 'which   port\nplease', detail }));
    expect(raised).toMatchObject({
      blocker: 'B1',
      strict: false,
      pointer: '.planning/phases/01-phase-01/STATUS.md#b1',
      next: { plan: '01-02' },
    });
    expect(statusOf(project, '01').blockers).toMatchObject([
      { id: 'B1', plan: '01-01', detail, state: 'open' },
    ]);
    const [, told] = waitingFor(project, 'coordinator');
    expect(told).toMatchObject({
      id: raised.message,
      type: 'blocker',
      priority: 'urgent',
      references: ['01-01', 'B1'],
    });
    expect(told?.content).toContain(
      'which port please [full record: .planning/phases/01-phase-01/STATUS.md#b1]',
    );
    expect(told?.content).not.toContain('long long');
    expect(project.read('.claude/worktrees/01-phase-01/.planning/phases/01-phase-01/STATUS.md')).toContain(
      '### B1',
    );
  });

  test('are resolved once, and then no longer shown as open', () => {
    project = started('01');
    const me = worker(project, '01');
    value(raiseBlockerOf(me, { summary: 'a' }));
    value(raiseBlockerOf(me, { summary: 'b' }));
    value(resolveBlockerOf(me, 'B1', 'found it'));
    expect(refusal(resolveBlockerOf(me, 'B9', undefined))).toMatchObject({
      code: 'blocker-unknown',
      known: ['B2'],
    });
    expect(value(showStatus(operator(project))).blockers.map((one) => one.id)).toEqual(['B2']);
    expect(waitingFor(project, 'coordinator').map((one) => one.metadata['event'])).toEqual([
      'blocker_raised',
      'blocker_raised',
      'blocker_resolved',
    ]);
  });

  test('an answer reaches STATUS.md at the next report', async () => {
    project = started('01');
    const me = worker(project, '01');
    const { message } = value(raiseBlockerOf(me, { summary: 'which port' }));
    const answer = { to: 'worker-01', type: 'response', content: '8080', references: [message ?? ''] };
    const sent = onlyOf(sendMessage(operator(project), answer, Date.now()));
    const { acknowledgeMessages } = await import('../../src/usecases/read-inbox.ts');
    value(acknowledgeMessages(me, [sent.id], Date.now()));
    report(project, '01');
    expect(statusOf(project, '01').blockers).toMatchObject([{ state: 'answered', answer: 'operator: 8080' }]);
  });

  test.each([
    { title: 'an empty summary', summary: '  ', code: 'message-empty' },
    { title: 'a summary of a book', summary: 'x'.repeat(40_000), code: 'message-too-long' },
  ])('$title is refused', ({ summary, code }) => {
    project = started('01');
    expect(refusal(raiseBlockerOf(worker(project, '01'), { summary })).code).toBe(code);
    expect(statusOf(project, '01').blockers).toEqual([]);
  });
});

describe('decisions', () => {
  const decision = {
    title: 'Use X',
    context: 'c',
    decision: 'X',
    alternatives: ['Y: slow'],
    consequences: ['Z'],
    state: 'accepted' as const,
    supersedes: [],
  };

  test('of the project go on top of DECISIONS.md, and what is in it stays byte for byte', () => {
    project = started('01');
    const old = '# Log of a person\r\n\r\n## 2020-01-01: Old\r\n\r\n  * as   it is\r\n';
    project.write('DECISIONS.md', old);
    value(recordDecision(operator(project), decision));
    value(recordDecision(operator(project), { ...decision, title: 'Use Y' }));
    const text = project.read('DECISIONS.md');
    expect(text.startsWith('# Log of a person\r\n')).toBe(true);
    expect(text.endsWith('## 2020-01-01: Old\r\n\r\n  * as   it is\r\n')).toBe(true);
    expect(text.indexOf('Use Y')).toBeLessThan(text.indexOf('Use X'));
    expect(text).toContain('1. Y: slow\n');
  });

  test('of a worker go to its STATUS.md', () => {
    project = started('01');
    expect(value(recordDecision(worker(project, '01'), decision)).file).toContain('STATUS.md');
    expect(statusOf(project, '01').decisions).toMatchObject([
      { text: 'Use X: X. Because: c Not: Y: slow Z' },
    ]);
  });

  test('a title of control characters alone is refused, and none forges another entry', () => {
    project = started('01');
    expect(refusal(recordDecision(operator(project), { ...decision, title: '\u001b[2J\u202e' })).code).toBe(
      'name-bad',
    );
    value(recordDecision(operator(project), { ...decision, title: 'A\n\n## 1999-01-01: Forged' }));
    expect(project.read('DECISIONS.md').match(/^## .*Forged/gm)).toHaveLength(1);
    expect(project.read('DECISIONS.md')).not.toMatch(/^## 1999/m);
  });
});
