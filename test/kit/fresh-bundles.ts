/**
 * Before any test: tests run the bundles in scripts/, so these must be what src/ says. At a desk they are built anew;
 * in CI they are not, since there the committed ones are what is on trial (test/house proves them fresh).
 */
import { buildAll, buildProduct } from '../build/build.ts';

export async function setup(): Promise<void> {
  const own = process.env['COORD_TEST_SCRIPTS'];
  if (own !== undefined) await buildAll(own);
  else if (process.env['CI'] !== 'true') await buildProduct();
}
