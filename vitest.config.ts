import { defineConfig } from 'vitest/config';

const long = process.env['COORD_LONG'] === '1';
const minutes = (n: number) => n * 60_000;

/**
 * Each project has its own clock: what touches nothing must be done in a blink, what kills processes may not be. A test
 * process runs one file after the other and keeps the modules that it has read: they hold no state that a test changes,
 * and reading them anew for each file took longer than half of the small tests.
 */
function project(name: string, include: string[], timeoutMs: number) {
  return {
    test: {
      name,
      include,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      environment: 'node',
      isolate: false,
      globalSetup: ['test/kit/fresh-bundles.ts'],
      sequence: { groupOrder: 0 },
    },
  };
}

export default defineConfig({
  test: {
    // On two cores: a test waits for its processes as often as it computes.
    maxWorkers: 3,
    projects: [
      project('fast', ['test/domain/**/*.test.ts', 'test/house/**/*.test.ts'], 10_000),
      project(
        'real',
        ['test/storage/**/*.test.ts', 'test/usecases/**/*.test.ts', 'test/surfaces/**/*.test.ts'],
        minutes(long ? 30 : 1),
      ),
      project('races', ['test/races/**/*.test.ts', 'test/crash/**/*.test.ts'], minutes(long ? 60 : 2)),
      project('e2e', ['test/e2e/**/*.test.ts'], minutes(long ? 30 : 3)),
    ],
  },
});
