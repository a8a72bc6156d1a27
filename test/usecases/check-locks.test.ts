/** What doctor finds of locks: those of the dead, takings that were killed, mutexes that hang, temporaries. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LockTarget } from '../../src/domain/lock.ts';
import { takeLease } from '../../src/storage/light/lease.ts';
import { leasesFolder, lockFolder } from '../../src/storage/light/locks/files.ts';
import { noteInterest } from '../../src/storage/light/locks/interests.ts';
import { takeLocks } from '../../src/storage/light/locks/locks.ts';
import type { LockTaker } from '../../src/storage/light/locks/taker.ts';
import { listWaiting, readWaiting } from '../../src/storage/light/mailbox.ts';
import { markOf, type ProcessMark } from '../../src/storage/light/process.ts';
import { printFinding } from '../../src/surfaces/wording/findings.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';

let project: Project;
let dead: ProcessMark;
beforeAll(() => {
  project = started('01');
  dead = { pid: spawnSync(process.execPath, ['-e', '']).pid, started: markOf(process.pid).started };
});
afterAll(() => project.dispose());

const space = () => ({ home: project.home, place: null, caseBlind: false });
const file = (path: string): LockTarget => ({ kind: 'file', place: null, path });

function taker(name: string, process_: ProcessMark): LockTaker {
  return { holder: { owner: name, session: name, agent: null, process: process_ }, name };
}

function take(me: LockTaker, ...paths: string[]): void {
  const outcome = takeLocks(space(), me, paths.map(file));
  if ('code' in outcome || !outcome.taken) throw new Error(JSON.stringify(outcome));
}

const found = (repair = false) => checkProject(project.home, repair);

test('finds nothing where all holders live', () => {
  const me = taker('alive', markOf(process.pid));
  take(me, 'mine.ts');
  expect(found()).toEqual([]);
});

test('names the locks of the dead, releases them, and tells who waits for them', () => {
  take(taker('gone', dead), 'a.ts', 'b.ts');
  noteInterest(space(), taker('worker-01', markOf(process.pid)), file('a.ts'), Date.now());
  const [finding, ...more] = found();
  expect(more).toEqual([]);
  expect(finding).toEqual({
    code: 'locks-dead',
    locks: [
      { path: 'a.ts', holder: 'gone' },
      { path: 'b.ts', holder: 'gone' },
    ],
    repaired: true,
  });
  expect(finding && printFinding(finding)).toBe(
    'released 2 lock(s) of holders that are gone: a.ts (gone), b.ts (gone).',
  );
  const told = listWaiting(project.home, 'worker-01').map((id) => readWaiting(project.home, 'worker-01', id));
  expect(told).toMatchObject([
    { from: 'coord', content: expect.stringContaining('The lock on a.ts is free') },
  ]);
  expect(found()).toEqual([]);
  expect(project.coord(['doctor']).code).toBe(0);
});

test('undoes a taking that was killed on its way, and not one that is under way', () => {
  const taking = (pid: number) => `${pid}.x.1.y`;
  const note = join(leasesFolder(project.home), 'locks-taking.json');
  const dirs = ['c.ts', 'd.ts'].map((path) => lockFolder(space(), 'file', path));
  writeFileSync(note, JSON.stringify({ taking: taking(process.pid), dirs }));
  expect(found().map(({ code }) => code)).toEqual([]);
  writeFileSync(note, JSON.stringify({ taking: taking(dead.pid), dirs }));
  expect(found()).toEqual([{ code: 'taking-unfinished', count: 2, repaired: true }]);
  expect(existsSync(note)).toBe(false);
});

test('names who holds a mutex for too long, and not who left one by dying', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const hold = (name: string, mark: ProcessMark, ageMs: number) => {
    const holder = { owner: `process ${mark.pid}`, session: `s-${name}`, agent: null, process: mark };
    const now = () => Date.now() - ageMs;
    takeLease(join(leasesFolder(project.home), name), holder, {
      now,
      ttlMs: 1,
      judge: () => 'dead',
      durable: false,
    });
  };
  hold('document-x', markOf(child.pid ?? 0), 45_000);
  hold('document-y', markOf(child.pid ?? 0), 5_000);
  hold('document-z', dead, 45_000);
  expect(found()).toMatchObject([{ code: 'mutex-held', name: 'document-x', pid: child.pid, seconds: 45 }]);
  child.kill('SIGKILL');
  await new Promise((ended) => child.once('exit', ended));
  expect(found()).toEqual([]);
});

test('sweeps temporaries of dead processes in every folder that coord writes', () => {
  const folders = [
    'dead',
    'dead/worker-01',
    'chats',
    'evidence/01-phase-01',
    'queue',
    'queue/log',
    'roster/proven/01-phase-01',
  ];
  const files = [
    ...folders.map((folder) => project.path('.coordination', folder, '.tmp-999999999-mwqydjlq-1')),
    join(project.worktree('01'), '.progress', '.tmp-999999999-mwqydjlq-1'),
  ];
  for (const path of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'x');
    utimesSync(path, 0, 0);
  }
  expect(found().map(({ code }) => code)).toEqual(files.map(() => 'temporaries'));
  found(true);
  expect(files.filter((path) => existsSync(path))).toEqual([]);
});
