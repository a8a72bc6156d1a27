import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HookEnd, type Step, World } from './delivery-world.ts';

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
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('await' as const),
      end: fc.constantFrom<HookEnd | 'broken-off'>('whole', 'killed-before-print', 'slow', 'broken-off'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constant<Step>({ do: 'wait' }),
      fc.record({ do: fc.constantFrom('resume' as const, 'restart' as const, 'join' as const), end: anyEnd }),
    ),
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
          const before = world.shown.map((it) => ({ ...it, seen: world.isSeen(it.token) }));
          world.run(step);
          for (const it of world.shown.slice(before.length)) {
            again += before.some((old) => old.id === it.id) ? 1 : 0;
            // What a start printed is lost with its client.
            const isTwice = (old: (typeof before)[number]) =>
              old.id === it.id && old.session === it.session && old.seen && world.isSeen(old.token);
            const twice = before.find(isTwice);
            expect(twice).toBeUndefined();
          }
        }
      }),
      { numRuns: 500 },
    );
    // The histories are only worth something if some messages had to be shown again.
    expect(again).toBeGreaterThan(50);
  });

  test('every message is acknowledged in the end, by the next session that lives', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = new World();
        for (const step of steps) world.run(step);
        world.killAllButNew();
        world.run({ do: 'hook', event: 'UserPromptSubmit', end: 'whole' });
        world.run({ do: 'hook', event: 'Stop', end: 'whole' });
        world.run({ do: 'hook', event: 'Stop', end: 'whole' });
        expect([...world.acknowledged.keys()].sort()).toEqual([...world.sent].sort());
      }),
      { numRuns: 500 },
    );
  });
});
