import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Batch,
  type BatchFacts,
  type Instance,
  isSameInstance,
  judgeBatch,
} from '../../src/domain/delivery.ts';

const ME: Instance = { session: 's1', agent: null };
const FACTS: BatchFacts = {
  isPrinterGone: true,
  isSessionGone: false,
  isInTranscript: undefined,
  isClientKnown: true,
};

function batch(over: Partial<Batch> = {}): Batch {
  return { ...ME, token: 't', ids: ['m'], state: 'shown', event: 'Stop', atMs: 10_000, ...over };
}

const other = batch({ session: 's0' });
const printing = batch({ state: 'printing' });
const byTool = batch({ event: 'PostToolUse' });

describe('judgeBatch', () => {
  test.each<[string, Batch, string, Partial<BatchFacts>, string]>([
    ['a living session’s batch is kept for it', other, 'Stop', {}, 'keep'],
    ['whatever its transcript holds', other, 'SessionStart', { isInTranscript: true }, 'keep'],
    ['a gone session’s batch is shown again', other, 'Stop', { isSessionGone: true }, 'show-again'],
    [
      'even if it was in its transcript',
      other,
      'Stop',
      { isSessionGone: true, isInTranscript: true },
      'show-again',
    ],
    ['a subagent’s batch is not its session’s', batch({ agent: 'a' }), 'Stop', {}, 'keep'],

    ['printing by a living hook is waited for', printing, 'Stop', { isPrinterGone: false }, 'keep'],
    [
      'a dead hook’s that the transcript has was shown',
      printing,
      'Stop',
      { isInTranscript: true },
      'acknowledge',
    ],
    ['a dead hook’s that it lacks was not', printing, 'Stop', { isInTranscript: false }, 'show-again'],
    [
      'one that a tool’s hook printed may still come',
      batch({ state: 'printing', event: 'PostToolUse' }),
      'PostToolUse',
      { isInTranscript: false },
      'keep',
    ],
    [
      'and is known by Stop',
      batch({ state: 'printing', event: 'PostToolUse' }),
      'Stop',
      { isInTranscript: false },
      'show-again',
    ],
    ['nor one of which nobody knows', printing, 'Stop', {}, 'show-again'],

    [
      'a session that starts again has what its transcript has',
      batch(),
      'SessionStart',
      { isInTranscript: true },
      'acknowledge',
    ],
    ['and not what it lacks', batch(), 'SessionStart', { isInTranscript: false }, 'show-again'],
    ['nor what nobody knows', batch(), 'SessionStart', {}, 'show-again'],

    ['living on to Stop acknowledges', batch(), 'Stop', {}, 'acknowledge'],
    ['living on to a tool acknowledges', batch(), 'PostToolUse', {}, 'acknowledge'],
    ['so does a tool that failed', batch(), 'PostToolUseFailure', {}, 'acknowledge'],
    ['the end of the session does not', batch(), 'SessionEnd', {}, 'keep'],
    ['the prompt alone does not', batch(), 'UserPromptSubmit', {}, 'keep'],
    ['not even with the transcript', batch(), 'UserPromptSubmit', { isInTranscript: true }, 'keep'],
    [
      'but where nobody would see it die, it does',
      batch(),
      'UserPromptSubmit',
      { isClientKnown: false },
      'acknowledge',
    ],

    [
      'a tool after a tool asks the transcript: there',
      byTool,
      'PostToolUse',
      { isInTranscript: true },
      'acknowledge',
    ],
    ['not there yet', byTool, 'PostToolUse', { isInTranscript: false }, 'keep'],
    ['a failed one asks too', byTool, 'PostToolUseFailure', { isInTranscript: false }, 'keep'],
    ['Stop after a tool need not ask', byTool, 'Stop', { isInTranscript: false }, 'acknowledge'],
  ])('%s', (_claim, found, event, facts, verdict) => {
    expect(judgeBatch(found, ME, event, 60_000, { ...FACTS, ...facts })).toBe(verdict);
  });

  test.each([
    [10_000, 'keep'],
    [10_999, 'keep'],
    [11_000, 'acknowledge'],
    [9_999, 'acknowledge'],
  ])('without a transcript, a tool after a tool at %d says %s', (nowMs, verdict) => {
    expect(judgeBatch(byTool, ME, 'PostToolUse', nowMs, FACTS)).toBe(verdict);
  });
});

test.each([
  ['s1', null, true],
  ['s2', null, false],
  ['s1', 'a', false],
])('%s/%s is this instance: %j', (session, agent, expected) => {
  expect(isSameInstance(ME, { session, agent })).toBe(expected);
});

/**
 * A world in miniature around judgeBatch: one mailbox, sessions that come and go, hooks that are killed at any step.
 * What a tool's hook prints reaches the model and the transcript when the model is asked next; what another hook
 * prints stands in the transcript at once.
 */
type Step =
  | { do: 'send' }
  | { do: 'hook'; event: 'PostToolUse' | 'Stop' | 'UserPromptSubmit' | 'PreCompact'; end: HookEnd }
  | { do: 'finish'; end: HookEnd }
  | { do: 'ask' }
  | { do: 'resume' }
  | { do: 'restart' }
  | { do: 'join' }
  | { do: 'wait' };
type HookEnd = 'whole' | 'killed-before-print' | 'killed-after-print' | 'slow';

class World {
  nowMs = 0;
  readonly sent: string[] = [];
  readonly acknowledged = new Map<string, Batch>();
  private readonly waiting: string[] = [];
  private ledger: Batch[] = [];
  private readonly gone = new Set<string>();
  private readonly alivePrinters = new Set<string>();
  /** Tokens on their way into the model's context, per session; lost when it is killed. */
  private context: { session: string; token: string }[] = [];
  readonly transcript = new Set<string>();
  readonly printed = new Set<string>();
  readonly shown: { id: string; token: string; session: string }[] = [];
  private slow: Batch | undefined;
  private number = 1;
  private tokens = 0;

  get session(): string {
    return `s${this.number}`;
  }

  run(step: Step): void {
    this.nowMs += 10;
    switch (step.do) {
      case 'send':
        this.sent.push(`m${this.sent.length}`);
        this.waiting.push(`m${this.sent.length - 1}`);
        break;
      case 'hook':
        this.hook(step.event, step.end);
        break;
      case 'finish':
        this.finish(step.end);
        break;
      case 'ask':
        this.ask();
        break;
      case 'wait':
        this.nowMs += 5_000;
        break;
      case 'resume':
        this.endOfClient();
        this.hook('SessionStart', 'whole');
        break;
      case 'restart':
        this.endOfClient();
        this.gone.add(this.session);
        this.number += 1;
        this.hook('SessionStart', 'whole');
        break;
      case 'join':
        // Another session of the same place, while the first lives on and does nothing more.
        this.endOfHooks();
        this.number += 1;
        this.hook('SessionStart', 'whole');
    }
  }

  killAllButNew(): void {
    for (let n = 1; n <= this.number; n += 1) this.gone.add(`s${n}`);
    this.run({ do: 'restart' });
  }

  private endOfHooks(): void {
    if (this.slow) this.alivePrinters.delete(this.slow.token);
    this.slow = undefined;
  }

  private endOfClient(): void {
    this.endOfHooks();
    this.context = this.context.filter((it) => it.session !== this.session);
  }

  private ask(): void {
    for (const { token } of this.context) this.transcript.add(token);
    this.context = [];
  }

  private hook(event: string, end: HookEnd): void {
    // By then all tools have ended, with their hooks, and the transcript has what these printed.
    if (event !== 'PostToolUse') this.finish('whole');
    if (event !== 'PostToolUse') this.ask();
    this.settle(event);
    const claimed = new Set(this.ledger.flatMap((it) => it.ids));
    const ids = this.waiting.filter((id) => !claimed.has(id));
    if (ids.length === 0) return;
    const token = `t${this.tokens++}`;
    const found: Batch = {
      session: this.session,
      agent: null,
      token,
      ids,
      state: 'printing',
      event,
      atMs: this.nowMs,
    };
    this.ledger.push(found);
    if (end === 'slow' && !this.slow) {
      this.alivePrinters.add(token);
      this.slow = found;
    } else this.print(found, end === 'slow' ? 'whole' : end);
  }

  private finish(end: HookEnd): void {
    const found = this.slow;
    if (!found || end === 'slow') return;
    this.endOfHooks();
    this.print(found, end);
  }

  private print(found: Batch, end: HookEnd): void {
    if (end === 'killed-before-print') return;
    this.printed.add(found.token);
    for (const id of found.ids) this.shown.push({ id, token: found.token, session: found.session });
    if (found.event === 'PostToolUse') this.context.push({ session: found.session, token: found.token });
    else this.transcript.add(found.token);
    if (end === 'killed-after-print') return;
    this.ledger = this.ledger.map((it) => (it.token === found.token ? { ...it, state: 'shown' } : it));
  }

  private settle(event: string): void {
    const me: Instance = { session: this.session, agent: null };
    this.ledger = this.ledger.filter((it) => {
      const verdict = judgeBatch(it, me, event, this.nowMs, {
        isPrinterGone: !this.alivePrinters.has(it.token),
        isSessionGone: this.gone.has(it.session),
        isInTranscript: this.transcript.has(it.token),
        isClientKnown: true,
      });
      if (verdict === 'acknowledge') this.acknowledge(it);
      return verdict === 'keep';
    });
  }

  private acknowledge(found: Batch): void {
    // At the very moment: what was not in front of the model must not count as read.
    expect(this.printed, 'printed').toContain(found.token);
    expect(this.transcript, 'seen').toContain(found.token);
    for (const id of found.ids) {
      expect(this.acknowledged.has(id), `${id} twice`).toBe(false);
      this.acknowledged.set(id, found);
      this.waiting.splice(this.waiting.indexOf(id), 1);
    }
  }
}

const anyEnd = fc.constantFrom<HookEnd>(
  'whole',
  'whole',
  'killed-before-print',
  'killed-after-print',
  'slow',
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'send' }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('hook' as const),
      event: fc.constantFrom(
        'PostToolUse' as const,
        'PostToolUse' as const,
        'Stop' as const,
        'UserPromptSubmit' as const,
        'PreCompact' as const,
      ),
      end: anyEnd,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('finish' as const), end: anyEnd }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'ask' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>({ do: 'resume' }, { do: 'restart' }, { do: 'join' }, { do: 'wait' }),
  },
);
const anyHistory = fc.array(anyStep, { minLength: 10, maxLength: 60, size: 'max' });

describe('over any history of hooks, kills and restarts', () => {
  test('nothing is acknowledged that the model was not shown, and nothing twice', () => {
    let acknowledged = 0;
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = new World();
        for (const step of steps) world.run(step);
        acknowledged += world.acknowledged.size;
      }),
      { numRuns: 500 },
    );
    expect(acknowledged).toBeGreaterThan(1_000);
  });

  test('no living session whose transcript had a message is shown it again', () => {
    let again = 0;
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = new World();
        for (const step of steps) {
          const before = world.shown.map((it) => ({ ...it, seen: world.transcript.has(it.token) }));
          world.run(step);
          for (const it of world.shown.slice(before.length)) {
            again += before.some((old) => old.id === it.id) ? 1 : 0;
            const twice = before.find((old) => old.id === it.id && old.session === it.session && old.seen);
            expect(twice).toBeUndefined();
          }
        }
      }),
      { numRuns: 500 },
    );
    // The histories are only worth something if some messages had to be shown again.
    expect(again).toBeGreaterThan(100);
  });

  test('every message is acknowledged in the end, by the next session that lives', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = new World();
        for (const step of steps) world.run(step);
        world.killAllButNew();
        world.run({ do: 'hook', event: 'Stop', end: 'whole' });
        world.run({ do: 'hook', event: 'Stop', end: 'whole' });
        expect([...world.acknowledged.keys()].sort()).toEqual([...world.sent].sort());
      }),
      { numRuns: 500 },
    );
  });
});
