/**
 * Before any test: tests run the bundles in scripts/, so these must be what src/ says. At a desk they are built anew;
 * in CI they are not, since there the committed ones are what is on trial (test/house proves them fresh).
 *
 * All temporary folders of a run lie in one, which goes when the run ends: a test process is killed and tidies nothing.
 * What tests share (kit/template) lies there too. In memory, where the system has room for it: a kill finds the same
 * there as on a disk, and each of the many thousand syncs costs nothing. The long form runs on the disk.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll, buildProduct } from '../build/build.ts';
import { isLong } from './long.ts';

/** Called once for each project of tests; the first call does it for all. */
export async function setup(): Promise<(() => void) | undefined> {
  if (process.env['COORD_TEST_RUN'] !== undefined) return undefined;
  const run = inMemory() ?? realpathSync(mkdtempSync(join(tmpdir(), 'coord-tests-')));
  // Some tests start a program as another user, who has to get in.
  chmodSync(run, 0o755);
  process.env['COORD_TEST_RUN'] = run;
  process.env['TMPDIR'] = run;
  const own = process.env['COORD_TEST_SCRIPTS'];
  if (own !== undefined) await buildAll(own);
  else if (process.env['CI'] !== 'true') await buildProduct();
  return () => rmSync(run, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

const MEMORY = '/dev/shm';
const TMPFS = 0x01021994;
const BYTES_MIN = 4 * 1024 ** 3;

/** A folder in memory; undefined where there is none, too little of it, or no program may run from there. */
function inMemory(): string | undefined {
  if (process.platform !== 'linux' || isLong) return undefined;
  let folder: string | undefined;
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY);
    if (type !== TMPFS || bavail * bsize < BYTES_MIN) return undefined;
    folder = mkdtempSync(join(MEMORY, 'coord-tests-'));
    const probe = join(folder, 'probe');
    writeFileSync(probe, '#!/bin/sh\nexit 7\n', { mode: 0o755 });
    if (spawnSync(probe).status === 7) return folder;
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  return undefined;
}
