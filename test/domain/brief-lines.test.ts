/** A brief fits its budget whatever it is made of, and loses the least useful first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BriefLine, estimateTokens, fitBrief } from '../../src/domain/brief-lines.ts';

const line = (rank: number, text = `rank ${rank}`): BriefLine => ({ rank, text });

describe('fitting', () => {
  test('what fits stays as it is', () => {
    expect(fitBrief([line(3), line(1)], 100)).toEqual({ lines: ['rank 3', 'rank 1'], left: 0 });
  });

  test('the highest rank goes first, of one rank the later one; order is kept', () => {
    const lines = [line(2, 'a'), line(5, 'b'), line(1, 'c'), line(2, 'd')];
    expect(fitBrief(lines, 3).lines).toEqual(['a', 'c', 'd']);
    expect(fitBrief(lines, 2).lines).toEqual(['a', 'c']);
    expect(fitBrief(lines, 1).lines).toEqual(['c']);
  });

  test('rank 0 is there whatever it costs, cut at a length', () => {
    const { lines } = fitBrief([line(0, 'x'.repeat(5_000)), line(1)], 10);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toHaveLength(700);
  });

  test('no choice of lines goes beyond the budget, and nothing is dropped while a less useful line stays', () => {
    const lines = fc.array(
      fc.record({
        rank: fc.integer({ min: 1, max: 6 }),
        text: fc.string({ unit: 'grapheme', maxLength: 80 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 800 }), (drawn, budget) => {
        // Told apart by their place: two lines may say the same.
        const given = drawn.map(({ rank, text }, at) => ({ rank, text: `${at} ${text}` }));
        const fitted = fitBrief(given, budget);
        const total = fitted.lines.reduce((sum, text) => sum + estimateTokens(`${text}\n`), 0);
        expect(total <= budget || fitted.lines.length === 0).toBe(true);
        const kept = given.filter(({ text }) => fitted.lines.includes(text));
        const dropped = given.filter(({ text }) => !fitted.lines.includes(text));
        const worstKept = Math.max(0, ...kept.map(({ rank }) => rank));
        for (const { rank } of dropped) expect(rank).toBeGreaterThanOrEqual(worstKept);
      }),
    );
  });
});

test.each([
  ['', 0],
  ['abc', 1],
  ['日本', 3],
  ['a'.repeat(300), 100],
])('%j has about %i tokens', (text, tokens) => expect(estimateTokens(text)).toBe(tokens));
