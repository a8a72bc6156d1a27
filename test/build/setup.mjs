/**
 * Installs what building and testing need, exactly as locked. The lock lies in test/ because a lock at the root makes
 * the client tell every user of the plugin that packages were not installed; npm wants it at the root, so it is copied
 * there (git ignores the copy).
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
copyFileSync(join(root, 'test', 'package-lock.json'), join(root, 'package-lock.json'));
const isWindows = process.platform === 'win32';
const result = spawnSync(isWindows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], {
  cwd: root,
  stdio: 'inherit',
  shell: isWindows,
});
process.exitCode = result.status ?? 1;
