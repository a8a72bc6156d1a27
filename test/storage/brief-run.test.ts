import { expect, test } from 'vitest';
import { runBriefly } from '../../src/storage/supervised-process.ts';
import { scratch } from './scratch.ts';

const run = (argv: readonly string[], timeoutMs = 10_000) =>
  runBriefly(argv, { cwd: scratch(), env: { ONE: '1' }, timeoutMs });
const node = (code: string) => [process.execPath, '-e', code];

test('tells how a program ended and what it printed first, both streams, cut', () => {
  expect(run(node('console.log(process.env.ONE); console.error(2); process.exit(4)'))).toEqual({
    ok: false,
    detail: 'exit 4',
    output: '1\n2\n',
  });
  expect(run(node('console.log("x".repeat(9000))'))).toMatchObject({ ok: true, detail: 'exit 0' });
  expect(run(node('console.log("x".repeat(9000))')).output).toHaveLength(2_000);
});

test('kills what takes too long, and does not wait for what that left running with its output open', () => {
  const startedAt = Date.now();
  expect(run(node('setTimeout(() => 0, 60_000)'), 400)).toMatchObject({ ok: false, detail: 'ETIMEDOUT' });
  const child = `require('node:child_process').spawn('sleep', ['5'], { stdio: 'inherit', detached: true }).unref()`;
  expect(run(node(child))).toMatchObject({ ok: true });
  expect(Date.now() - startedAt).toBeLessThan(4_500);
});

test.each([[['/nowhere/at/all']], [[process.cwd()]]])(
  '%j cannot be started, and that is no error',
  (argv) => {
    expect(run(argv)).toMatchObject({ ok: false, output: '' });
  },
);

test('without time it starts nothing', () => {
  expect(run(node('process.exit(0)'), 0)).toEqual({ ok: false, detail: 'no time was left', output: '' });
});
