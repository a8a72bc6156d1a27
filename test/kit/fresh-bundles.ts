/**
 * Before any test: tests run the bundles in scripts/, so these must be what src/ says. At a desk they are built anew;
 * in CI they are not, since there the committed ones are what is on trial (test/house proves them fresh).
 *
 * All temporary folders of a run lie in one, which goes when the run ends: a test process is killed and tidies nothing.
 * What tests share (kit/template) lies there too.
 */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll, buildProduct } from '../build/build.ts';

/** Called once for each project of tests; the first call does it for all. */
export async function setup(): Promise<(() => void) | undefined> {
  if (process.env['COORD_TEST_RUN'] !== undefined) return undefined;
  const run = realpathSync(mkdtempSync(join(tmpdir(), 'coord-tests-')));
  // Some tests start a program as another user, who has to get in.
  chmodSync(run, 0o755);
  process.env['COORD_TEST_RUN'] = run;
  process.env['TMPDIR'] = run;
  const own = process.env['COORD_TEST_SCRIPTS'];
  if (own !== undefined) await buildAll(own);
  else if (process.env['CI'] !== 'true') await buildProduct();
  return () => rmSync(run, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
