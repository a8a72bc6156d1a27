/** `coord demo` as a stranger meets it: from the plugin's files alone, on a machine with nothing but node and git. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isLong } from '../kit/long.ts';
import { type Run, repositoryRoot } from '../kit/project.ts';

const SHIPPED = ['bin', 'scripts', 'hooks', 'commands', 'agents', '.claude-plugin', 'plugin.json'];
const TIMEOUT_MS = 120_000;

/** A machine of its own: the plugin in a folder with blanks, an empty HOME, and a PATH without npm. */
class Machine {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'coord-demo-test-')));
  readonly plugin = join(this.base, 'some plugin (copy)');
  readonly home = join(this.base, 'home');
  readonly temporary = join(this.base, 'for a while');
  private readonly path = join(this.base, 'path');

  constructor() {
    for (const folder of [this.plugin, this.home, this.temporary, this.path]) mkdirSync(folder);
    for (const name of SHIPPED) {
      const from = join(repositoryRoot, name);
      if (existsSync(from)) cpSync(from, join(this.plugin, name), { recursive: true });
    }
    symlinkSync(process.execPath, join(this.path, 'node'));
    symlinkSync(
      execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim(),
      join(this.path, 'git'),
    );
  }

  /** What a surrounding session or git hook would leave in the environment is there too, and must not matter. */
  private get options() {
    const env = {
      PATH: this.path,
      HOME: this.home,
      TMPDIR: this.temporary,
      CLAUDE_CODE_SESSION_ID: 'somebody-else',
      GIT_DIR: join(this.base, 'nowhere'),
    };
    return { cwd: this.base, env };
  }

  demo(...args: string[]): Promise<Run> {
    return new Promise((resolve) => {
      execFile(
        join(this.plugin, 'bin', 'coord'),
        ['demo', ...args],
        this.options,
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          resolve({ code, stdout, stderr });
        },
      );
    });
  }

  /** Begins the demo, and ends its process in the midst, as nothing can be caught. */
  async demoCutOff(): Promise<void> {
    const child = spawn(join(this.plugin, 'bin', 'coord'), ['demo'], {
      ...this.options,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => {
        if (String(chunk).includes('2. ')) resolve();
      });
      child.on('close', () => resolve());
    });
    child.kill('SIGKILL');
  }

  leftovers(): string[] {
    return [...readdirSync(this.temporary), ...readdirSync(this.home)];
  }

  dispose(): void {
    rmSync(this.base, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

let machines: Machine[] = [];

function machine(): Machine {
  const made = new Machine();
  machines.push(made);
  return made;
}

afterEach(() => {
  for (const made of machines) made.dispose();
  machines = [];
});

/** The first in the short form also. */
const SPOILED: readonly [what: string, spoil: (plugin: string) => void, step: string, found: string][] = [
  [
    'session hooks that do nothing',
    (plugin) => writeFileSync(join(plugin, 'scripts', 'session.cjs'), ''),
    'Set up',
    'nothing',
  ],
  [
    'a guard that does nothing',
    (plugin) => writeFileSync(join(plugin, 'scripts', 'guard.cjs'), ''),
    'Kept apart',
    'let through',
  ],
  [
    'a guard that is not there',
    (plugin) => rmSync(join(plugin, 'scripts', 'guard.cjs')),
    'Set up',
    'Cannot find module',
  ],
  [
    'a matcher that forgets the shell',
    (plugin) => {
      const file = join(plugin, 'hooks', 'hooks.json');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('|Bash|', '|'));
    },
    'Kept apart in the shell',
    'let through',
  ],
  [
    'a waiter that does not wake',
    (plugin) => writeFileSync(join(plugin, 'scripts', 'wake.cjs'), ''),
    'Woken',
    'slept',
  ],
];

describe('coord demo', () => {
  it('plays to its end from the shipped files alone, in under 40 lines, and leaves nothing behind', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const here = machine();
    const { code, stdout, stderr } = await here.demo();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).toContain('[coord] Refused (by Write)');
    expect(stdout).toContain('02 active Web (worker-02): 1 complete, 0 in progress, 1 not started, 0 failed');
    for (const noise of [here.base, repositoryRoot, 'coord-demo-', 'somebody-else'])
      expect(stdout).not.toContain(noise);
    expect(here.leftovers()).toEqual([]);
  });

  it.runIf(isLong)(
    'answers --json, and keeps the repository with --keep',
    { timeout: TIMEOUT_MS },
    async () => {
      const here = machine();
      const { code, stdout } = await here.demo('--json', '--keep');
      expect(code).toBe(0);
      const { ok, steps, kept } = JSON.parse(stdout) as {
        ok: boolean;
        steps: { name: string; ok: boolean }[];
        kept: string;
      };
      expect(ok).toBe(true);
      expect(steps.map((step) => step.name)).toEqual(
        expect.arrayContaining(['Set up', 'Kept apart', 'Woken', 'Done']),
      );
      expect(steps.filter((step) => !step.ok)).toEqual([]);
      const worktrees = execFileSync('git', ['worktree', 'list', '--porcelain'], {
        cwd: kept,
        encoding: 'utf8',
      });
      expect(worktrees.match(/^branch /gm)).toHaveLength(3);
      expect(readFileSync(join(kept, '.planning', 'STATE.md'), 'utf8')).toContain('worker-02');
    },
  );

  it.for(isLong ? SPOILED : SPOILED.slice(0, 1))(
    'names the step and ends with 1 for %s',
    { timeout: TIMEOUT_MS },
    async ([, spoil, step, found]) => {
      const here = machine();
      spoil(here.plugin);
      const { code, stdout, stderr } = await here.demo('--json');
      expect(code).toBe(1);
      const { ok, steps } = JSON.parse(stdout) as { ok: boolean; steps: { name: string; ok: boolean }[] };
      expect(ok).toBe(false);
      expect(steps.at(-1)).toMatchObject({ name: step, ok: false, found: expect.stringContaining(found) });
      expect(stderr).toMatch(
        new RegExp(`^coord demo: step ${steps.length} \\("${step}"\\) did not happen\\. .*\\n$`),
      );
      expect(here.leftovers()).toEqual([]);
    },
  );

  it('leaves nothing behind when it is killed in its midst', { timeout: TIMEOUT_MS }, async () => {
    const here = machine();
    await here.demoCutOff();
    expect(here.leftovers()).toHaveLength(1);
    await expect.poll(() => here.leftovers(), { timeout: 20_000, interval: 200 }).toEqual([]);
  });
});
