/** A place for temporary files that nobody else uses meanwhile, to see what is left in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function inOwnTmpdir<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'coord-tmpdir-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return body(folder);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  }
}
