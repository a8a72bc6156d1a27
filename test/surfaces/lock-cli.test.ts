/** `coord lock`, `unlock`, `locks`: who holds, what is refused, in the shape that scripts rely on. */
import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { releaseLocks } from '../../src/storage/light/locks/locks.ts';
import { Project, type Run, scripts } from '../kit/project.ts';
import { Session } from '../kit/session.ts';

let project: Project;

beforeAll(() => {
  project = Project.started('01');
  for (const file of ['src/a.ts', 'src/deep/b.ts', 'lib/[id]/page.ts', 'plain.txt'])
    project.write(file, 'x\n');
  linkSync(project.path('plain.txt'), project.path('twin.txt'));
  symlinkSync(project.path('src'), project.path('alias'));
});
afterAll(() => project.dispose());
beforeEach(() => {
  releaseLocks(
    project.home,
    () => true,
    () => true,
  );
});

const env = (session: string) => (session === '' ? {} : { CLAUDE_CODE_SESSION_ID: session });

function as(session: string, ...args: string[]): Run {
  return project.coord([...args, '--json'], { env: env(session) });
}

function json<T = Record<string, unknown>>(run: Run): T {
  return JSON.parse(run.stdout) as T;
}

interface Listed {
  locks: Record<string, unknown>[];
  recovered: string[];
}
const listed = () => json<Listed>(as('', 'locks')).locks;

describe('coord lock', () => {
  test('locks all paths, or none and says who has what', () => {
    expect(as('a', 'lock', 'src/a.ts', 'new.ts')).toMatchObject({ code: 0 });
    const refused = as('b', 'lock', 'free.ts', 'src/a.ts');
    expect(refused.code).toBe(1);
    expect(json(refused)).toMatchObject({
      locked: [],
      verdicts: [
        { path: 'free.ts', verdict: 'free' },
        { path: 'src/a.ts', kind: 'file', verdict: 'held', holder: 'coordinator', session: 'a', agent: null },
      ],
    });
    expect(json(refused)).toHaveProperty('verdicts.1.since', expect.stringMatching(/^\d{4}-.*Z$/));
    expect(listed().map(({ path }) => path)).toEqual(['new.ts', 'src/a.ts']);
    expect(json(as('a', 'lock', 'src/a.ts'))).toMatchObject({
      locked: ['src/a.ts'],
      verdicts: [{ verdict: 'yours' }],
    });
  });

  test.each([
    ['src/sub/../a.ts', 'src/a.ts'],
    ['./src//a.ts', 'src/a.ts'],
    ['alias/a.ts', 'src/a.ts'],
    ['src/', 'src/a.ts'],
    ['src', 'src/deep/new.ts'],
    ['alias', 'src/deep/b.ts'],
    ['src/**/*.ts', 'src/deep/b.ts'],
    ['alias/*.ts', 'src/a.ts'],
    ['lib/[id]/page.ts', 'lib/[id]/page.ts'],
    ['lib/[id]/*.ts', 'lib/[id]/page.ts'],
    ['plain.txt', 'twin.txt'],
    ['later/', 'later/deep/x'],
    ['.', 'anything'],
    ['lib/*.ts', 'lib/a*'],
  ])('%s keeps another from %s', (first, second) => {
    expect(as('a', 'lock', first).code).toBe(0);
    expect(as('b', 'lock', second).code).toBe(1);
    expect(as('b', 'lock', join(project.home, second)).code).toBe(1);
    expect(as('a', 'unlock', first).code).toBe(0);
    expect(as('b', 'lock', second).code).toBe(0);
  });

  test('two keys that look alike are two', () => {
    expect(as('a', 'lock', 'x/y').code).toBe(0);
    expect(as('b', 'lock', 'x_y').code).toBe(0);
  });

  test.each([
    ['/etc/passwd', 'outside'],
    ['../elsewhere', 'outside'],
    ['.git/config', 'git'],
    ['*/../x', 'pattern'],
    ['.claude/worktrees/01-phase-01/a.ts', 'other-worktree'],
  ])('%s cannot be locked: %s', (path, why) => {
    const run = as('a', 'lock', 'ok.ts', path);
    expect(run.code).toBe(1);
    expect(json(run)).toMatchObject({ error: { code: 'lock-unusable', why } });
    expect(listed()).toEqual([]);
  });

  test('the same path in two worktrees is two locks', () => {
    expect(as('a', 'lock', 'src/a.ts').code).toBe(0);
    const there = project.coord(['lock', 'src/a.ts', '--json'], {
      cwd: project.worktree('01'),
      env: env('b'),
    });
    expect(there.code).toBe(0);
    expect(listed().map(({ path, place, holder }) => [path, place, holder])).toEqual([
      ['src/a.ts', '01-phase-01', 'worker-01'],
      ['src/a.ts', null, 'coordinator'],
    ]);
    project.coord(['unlock', '--all'], { cwd: project.worktree('01'), env: env('b') });
  });

  test('waits for who has it, and takes it when it is free', async () => {
    as('a', 'lock', 'src/a.ts');
    const waiting = project.coordLater(['lock', 'src/a.ts', '--wait', '20', '--json'], { env: env('b') });
    await new Promise((resolve) => setTimeout(resolve, 600));
    as('a', 'unlock', 'src/a.ts');
    const run = await waiting;
    expect(run.code, run.stdout).toBe(0);
    expect(json(run)).toMatchObject({ verdicts: [{ verdict: 'locked' }] });
  });

  test('a wait ends, and says how to wait on', () => {
    as('a', 'lock', 'src/a.ts');
    const run = project.coord(['lock', 'src/a.ts', '--wait', '0.3'], { env: env('b') });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('held by coordinator (session a');
    expect(run.stdout).toContain('coord lock src/a.ts --wait 60');
  });

  test('of two that wait for each other one is refused at once, by name', async () => {
    as('a', 'lock', '1');
    as('b', 'lock', '2');
    const first = project.coordLater(['lock', '2', '--wait', '10', '--json'], { env: env('a') });
    await new Promise((resolve) => setTimeout(resolve, 700));
    const startedAt = Date.now();
    const second = await project.coordLater(['lock', '1', '--wait', '10', '--json'], { env: env('b') });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect(second.code).toBe(1);
    expect(json(second)).toMatchObject({ deadlock: ['coordinator', 'coordinator'] });
    as('b', 'unlock', '--all');
    expect((await first).code).toBe(0);
  });

  test.each([[['lock']], [['lock', 'a', '--wait', 'x']], [['unlock']], [['unlock', 'a', '--all']]])(
    '%j is no usage',
    (args) => {
      expect(project.coord(args).code).toBe(64);
    },
  );
});

describe('coord unlock', () => {
  test('another’s lock stays, and twice is as once', () => {
    as('a', 'lock', 'src/a.ts');
    const other = as('b', 'unlock', 'src/a.ts');
    expect(other.code).toBe(1);
    expect(json(other)).toMatchObject({ unlocked: [], verdicts: [{ verdict: 'held', session: 'a' }] });
    expect(as('b', 'unlock', '--all').code).toBe(0);
    expect(json(as('a', 'unlock', 'src/a.ts'))).toMatchObject({ unlocked: ['src/a.ts'] });
    as('b', 'lock', 'src/a.ts');
    const again = as('a', 'unlock', 'src/a.ts');
    expect(again.code).toBe(1);
    expect(listed()).toMatchObject([{ session: 'b' }]);
  });

  test('a folder that is gone by now is unlocked by its name', () => {
    mkdirSync(project.path('gone'));
    as('a', 'lock', 'gone');
    renameSync(project.path('gone'), project.path('moved'));
    expect(json(as('a', 'unlock', 'gone'))).toMatchObject({ unlocked: ['gone'] });
  });
});

describe('holders', () => {
  test('at a terminal it is the shell: what a script locked is free when the script has ended', async () => {
    const script = project.path('script.sh');
    writeFileSync(script, `node ${JSON.stringify(join(scripts, 'coord.cjs'))} lock src/ --json\nread line\n`);
    const shell = spawn('sh', [script], { cwd: project.home, stdio: ['pipe', 'pipe', 'inherit'] });
    const output = await new Promise<string>((resolve) =>
      shell.stdout.once('data', (text) => resolve(String(text))),
    );
    expect(JSON.parse(output)).toMatchObject({ locked: ['src'] });
    expect(as('b', 'lock', 'src/a.ts').code).toBe(1);
    expect(listed()).toMatchObject([
      { path: 'src', kind: 'tree', holder: 'operator', session: null, alive: true },
    ]);
    const ended = new Promise((resolve) => shell.once('exit', resolve));
    shell.kill('SIGKILL');
    await ended;
    expect(json<Listed>(as('', 'locks'))).toEqual({ locks: [], recovered: ['src'] });
    expect(as('b', 'lock', 'src/a.ts').code).toBe(0);
  });

  test('what a session locked is free when it has ended', async () => {
    const session = new Session(project, { session: 'a', cwd: project.home });
    await session.start();
    as('a', 'lock', 'src/a.ts');
    expect(listed()).toMatchObject([{ session: 'a', alive: true }]);
    await session.run('SessionEnd', { reason: 'other' });
    expect(listed()).toEqual([]);
  });
});
