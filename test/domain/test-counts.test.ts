/** Summaries of test runners, as they print them. */
import { expect, test } from 'vitest';
import { countTests } from '../../src/domain/test-counts.ts';

test.each<[string, string, [passed: number, failed: number, skipped: number] | undefined]>([
  [
    'vitest',
    ' Test Files  1 failed | 2 passed (3)\n      Tests  2 failed | 10 passed | 1 skipped (13)\n',
    [10, 2, 1],
  ],
  [
    'vitest in colours',
    ' \u001b[2m Tests \u001b[22m \u001b[1m\u001b[32m12 passed\u001b[39m\u001b[22m\u001b[90m (12)\u001b[39m\n',
    [12, 0, 0],
  ],
  ['jest', 'Test Suites: 1 failed, 1 passed, 2 total\nTests:       1 failed, 4 passed, 5 total\n', [4, 1, 0]],
  ['mocha', '\n  7 passing (12ms)\n  1 pending\n  2 failing\n', [7, 2, 1]],
  ['node', '# tests 4\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0\n', [3, 1, 0]],
  ['node, spec', 'ℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ skipped 1\n', [2, 0, 1]],
  ['pytest', '===== 1 failed, 31 passed, 2 skipped in 3.21s =====\n', [31, 1, 2]],
  ['pytest, one error', '==== 2 passed, 1 error in 0.10s ====\n', [2, 1, 0]],
  [
    'cargo, two crates',
    'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n',
    [5, 1, 1],
  ],
  ['the last of two runs', 'Tests  1 passed (1)\nagain\nTests  9 passed (9)\n', [9, 0, 0]],
  ['no runner', 'all fine: 12 tests were passed on\n', undefined],
  ['nothing', '', undefined],
  ['a runner that ran nothing', '# pass 0\n# fail 0\n', undefined],
])('%s', (_runner, output, counts) => {
  const [passed, failed, skipped] = counts ?? [];
  expect(countTests(output)).toEqual(counts && { passed, failed, skipped });
});

test('a long output is read from its end, in no time', () => {
  const noise = 'Tests passed failed \n'.repeat(200_000);
  const startedMs = performance.now();
  expect(countTests(`${noise}Tests  3 passed (3)\n`)).toEqual({ passed: 3, failed: 0, skipped: 0 });
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});
