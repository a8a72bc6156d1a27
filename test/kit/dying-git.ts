/** A git that is killed when it is asked certain things, as by a machine without memory: it says nothing, and means nothing. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `words`: as they stand on its command line, side by side; `before`: what it still does, as a line of shell. */
export function whileGitDies<T>(words: string, body: () => T, before = ':'): T {
  const { PATH } = process.env;
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'dying-git-'));
  const script = `#!/bin/sh\ncase " $* " in *" ${words} "*) ${before}; kill -9 $$ ;; esac\nexec ${real} "$@"\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  process.env['PATH'] = `${folder}:${PATH}`;
  try {
    return body();
  } finally {
    process.env['PATH'] = PATH;
    rmSync(folder, { recursive: true, force: true });
  }
}
