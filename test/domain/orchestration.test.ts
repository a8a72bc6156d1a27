/** The pool, approvals, scopes and tickets: each rule both ways. */
import { describe, expect, test } from 'vitest';
import { type Approval, answerApproval, nextApprovalId, ruleStep } from '../../src/domain/approval.ts';
import { globsOverlap } from '../../src/domain/glob-overlap.ts';
import { isKind, isPoolEntry, judgePool, poolLimits } from '../../src/domain/pool.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts';
import { judgeScopes, type StatePhase } from '../../src/domain/state-document.ts';
import { judgeApart, judgeTicket, type Ticket } from '../../src/domain/ticket.ts';
import { scopeOf } from '../../src/storage/globs.ts';
import { NOON, stateWith } from './builders.ts';

describe('the pool', () => {
  const limits = poolLimits(DEFAULT_SETTINGS.pool_max, DEFAULT_SETTINGS.pool);
  const working = (count: number, kind: string) =>
    Array.from({ length: count }, (_, at) => ({ worker: `${kind}-${at}`, kind }));

  test.each<[string, string, { worker: string; kind: string }[], string | undefined]>([
    ['the first', 'claude', [], undefined],
    ['the fifth of a kind', 'claude', working(4, 'claude'), undefined],
    ['the sixth of a kind', 'claude', working(5, 'claude'), 'pool-full'],
    ['another kind beside five', 'codex', working(5, 'claude'), undefined],
    ['a kind that is off', 'gemini', [], 'pool-off'],
    ['a kind without a limit', 'other', working(14, 'other'), undefined],
    ['the sixteenth of all', 'other', working(15, 'other'), 'pool-full'],
  ])('%s', (_title, kind, others, code) => {
    expect(judgePool(limits, { phase: '01', kind }, others)?.code).toBe(code);
  });

  test.each([
    ['claude:5', true],
    ['my_own-2:0', true],
    ['Claude:5', false],
    ['claude', false],
    ['claude:-1', false],
  ])('the entry %s: %s', (entry, is) => expect(isPoolEntry(entry)).toBe(is));

  test('a kind is a plain word', () => {
    expect(isKind('codex')).toBe(true);
    expect(isKind('../x')).toBe(false);
  });
});

describe('approvals', () => {
  const approval = (id: string, state: Approval['state']): Approval => {
    return { id, step: 'phase_start', subject: '01', state, asked: NOON, by: 'coordinator' };
  };

  test('a step asks, waits, is let through once, and asks again', () => {
    expect(ruleStep([], 'phase_start', '01').kind).toBe('ask');
    expect(ruleStep([approval('A1', 'asked')], 'phase_start', '01').kind).toBe('wait');
    const go = ruleStep([approval('A1', 'approved')], 'phase_start', '01');
    expect(go).toMatchObject({ kind: 'go', used: { state: 'used' } });
    expect(ruleStep([approval('A1', 'used')], 'phase_start', '01').kind).toBe('ask');
    expect(ruleStep([approval('A1', 'denied')], 'phase_start', '01').kind).toBe('denied');
  });

  test('an approval of one thing is none of another', () => {
    expect(ruleStep([approval('A1', 'approved')], 'phase_start', '02').kind).toBe('ask');
    expect(ruleStep([approval('A1', 'approved')], 'phase_close', '01').kind).toBe('ask');
  });

  test('an answer is given once', () => {
    const answer = { isApproved: true, at: NOON, note: 'fine' };
    expect(answerApproval(approval('A1', 'asked'), answer)).toMatchObject({
      state: 'approved',
      note: 'fine',
    });
    expect(answerApproval(approval('A1', 'used'), answer)).toMatchObject({ code: 'approval-settled' });
    expect(nextApprovalId([approval('A2', 'used'), approval('A10', 'used')])).toBe('A11');
  });
});

describe('scopes of active phases', () => {
  const state = stateWith([], { scope: ['src/api/**', 'docs/*.md'] });
  const [first] = state.phases;
  const phase = (...scope: string[]): StatePhase => ({
    ...(first as StatePhase),
    id: '02',
    state: 'future',
    scope,
  });

  test.each([
    ['src/api/v1/**', true],
    ['src/**', true],
    ['**/*.md', true],
    ['src/ui/**', false],
    ['docs/*.txt', false],
  ])('%s beside src/api/** and docs/*.md: overlaps %s', (glob, overlaps) => {
    expect(judgeScopes(state, phase(glob), globsOverlap) !== undefined).toBe(overlaps);
  });

  test('a phase that is done, or has no scope, is in nobody’s way', () => {
    const done = { ...state, phases: state.phases.map((one) => ({ ...one, state: 'done' as const })) };
    expect(judgeScopes(done, phase('src/**'), globsOverlap)).toBeUndefined();
    expect(judgeScopes(state, phase(), globsOverlap)).toBeUndefined();
  });
});

describe('what the guard holds a worker to', () => {
  const allows = (phase: Parameters<typeof scopeOf>[0], path: string) => {
    const rules = scopeOf(phase);
    return rules.length === 0 || rules.some(({ pattern }) => new RegExp(pattern).test(path));
  };

  test.each([
    ['src/a.ts', true],
    ['src/gen/a.ts', false],
    ['src/gen', false],
    ['src/generous.ts', true],
    ['docs/a.md', false],
  ])('with a scope and forbidden files: %s %s', (path, is) => {
    expect(allows({ scope: ['src/**'], forbidden: ['src/gen/**'] }, path)).toBe(is);
  });

  test('forbidden files alone leave all else; a reporting worker has nothing', () => {
    expect(allows({ scope: [], forbidden: ['secrets/**'] }, 'src/a.ts')).toBe(true);
    expect(allows({ scope: [], forbidden: ['secrets/**'] }, 'secrets/key')).toBe(false);
    expect(allows({ kind: 'reporting', scope: ['**'] }, 'a')).toBe(false);
    expect(allows({ scope: [] }, 'a')).toBe(true);
  });
});

describe('tickets', () => {
  const ticket = (name: string, scope: string[], forbidden: string[] = []): Ticket => {
    return { name, title: name, scope, forbidden, acceptance: [], body: '' };
  };

  test('one whose scope is all forbidden is refused, one that forbids a part of it is not', () => {
    expect(judgeTicket(ticket('a', ['src/api/**'], ['src/**']), false)).toMatchObject({
      code: 'ticket-scope',
    });
    expect(judgeTicket(ticket('a', ['src/**'], ['src/api/**']), false)).toBeUndefined();
  });

  test('two that mean one file are refused, unless what they share is forbidden in one', () => {
    const api = ticket('api', ['src/api/**']);
    expect(judgeApart(ticket('b', ['src/**/*.ts']), [api], false)).toMatchObject({
      code: 'ticket-overlaps',
      other: 'api',
    });
    expect(judgeApart(ticket('b', ['lib/a*']), [ticket('c', ['lib/*.ts'])], false)).toMatchObject({
      code: 'ticket-overlaps',
    });
    expect(judgeApart(ticket('b', ['src/**'], ['src/api/**']), [api], false)).toBeUndefined();
    expect(judgeApart(ticket('b', ['src/ui/**']), [api], false)).toBeUndefined();
    expect(judgeApart(ticket('b', ['SRC/API/x']), [api], true)).toMatchObject({ code: 'ticket-overlaps' });
  });
});
