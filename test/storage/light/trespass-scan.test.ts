import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noteChanges, noteCommand } from '../../../src/storage/light/journal.ts';
import { foreignChanges, isUntouchedElsewhere } from '../../../src/storage/light/trespass-scan.ts';
import { coordinated, linked, placeAtHome, put, repository } from '../scratch.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Two worktrees and home with files that are older than the moment that is asked for. */
async function project() {
  const home = coordinated(repository());
  const [w1, w2] = ['w1', 'w2'].map((name) => linked(home, name)) as [string, string];
  for (const root of [home, w1, w2])
    for (const name of ['src/a.ts', 'src/deep/b.ts', '.planning/STATE.md']) put(root, name);
  await sleep(60);
  return { home, w1, w2, sinceMs: Date.now(), own: placeAtHome(w1) };
}
type Project = Awaited<ReturnType<typeof project>>;
const found = (it: Project) =>
  foreignChanges(it.own, it.sinceMs)
    .map(({ place, path, kind }) => `${place} ${kind} ${path}`)
    .sort();

describe('a change since the moment', () => {
  type Row = [string, (it: Project) => void, string[]];
  const rows: Row[] = [
    ['of nothing', () => undefined, []],
    ['in its own place', (it) => put(it.w1, 'src/a.ts', 'new'), []],
    ['in another worktree', (it) => put(it.w2, 'src/a.ts', 'new'), ['w2 changed src/a.ts']],
    [
      'of a new file deep in another worktree',
      (it) => put(it.w2, 'new/deep/c.ts'),
      ['w2 changed new/deep/c.ts'],
    ],
    ['at home', (it) => put(it.home, 'src/deep/b.ts', 'new'), ['null changed src/deep/b.ts']],
    [
      'in two places',
      (it) => [it.home, it.w2].map((root) => appendFileSync(join(root, 'README.md'), 'x')),
      ['null changed README.md', 'w2 changed README.md'],
    ],
    [
      'of STATE.md alone',
      (it) => put(it.home, '.planning/STATE.md', 'new'),
      ['null changed .planning/STATE.md'],
    ],
    [
      'whose time was set back',
      (it) => utimesSync(put(it.w2, 'src/a.ts', 'new'), 1, 1),
      ['w2 changed src/a.ts'],
    ],
    ['of the mode alone', (it) => chmodSync(join(it.w2, 'src/a.ts'), 0o700), ['w2 changed src/a.ts']],
    ['of a new link', (it) => symlinkSync('/etc/passwd', join(it.w2, 'src/link')), ['w2 changed src/link']],
    ['by removal', (it) => rmSync(join(it.w2, 'src/deep/b.ts')), ['w2 folder-changed src/deep']],
    [
      'by removal of a folder',
      (it) => rmSync(join(it.w2, 'src/deep'), { recursive: true }),
      ['w2 folder-changed src'],
    ],
    [
      'by a rename',
      (it) => renameSync(join(it.w2, 'src/a.ts'), join(it.w2, 'src/c.ts')),
      ['w2 changed src/c.ts'],
    ],
    [
      'of runtime and library folders',
      (it) =>
        [
          '.coordination/x',
          'node_modules/y/z',
          '.progress/t.json',
          '.taskers/b',
          '.workflow/.cycle/c.json',
        ].map((name) => put(it.home, name)),
      [],
    ],
    ["beside coord's", (it) => put(it.home, '.workflow/mine.txt'), ['null changed .workflow/mine.txt']],
    [
      "of git's own files",
      (it) => [
        put(it.home, '.git/x'),
        writeFileSync(join(it.w2, '.git'), `gitdir: ${it.home}/.git/worktrees/w2\n`),
      ],
      [],
    ],
  ];
  test.each(rows)('%s', async (_name, change, expected) => {
    const it = await project();
    change(it);
    expect(found(it)).toEqual(expected);
    if (expected.length === 0) expect(isUntouchedElsewhere(it.own, it.sinceMs)).toBe(true);
  });

  test('is told with the root and the time', async () => {
    const it = await project();
    put(it.w2, 'src/a.ts', 'new');
    const [change] = foreignChanges(it.own, it.sinceMs);
    expect(change).toMatchObject({ root: it.w2, place: 'w2', path: 'src/a.ts' });
    expect(change?.atMs).toBeGreaterThan(it.sinceMs - 50);
  });

  test('before the moment is none', async () => {
    const it = await project();
    put(it.w2, 'src/a.ts', 'new');
    await sleep(60);
    expect(foreignChanges(it.own, Date.now())).toEqual([]);
  });

  test('seen from home is that of the worktrees', async () => {
    const it = await project();
    put(it.w1, 'src/a.ts', 'new');
    put(it.home, 'src/a.ts', 'new');
    expect(foreignChanges(placeAtHome(it.home), it.sinceMs).map(({ place }) => place)).toEqual(['w1']);
  });
});

test('a worktree that is made meanwhile is a checkout, not a change; afterwards it counts', async () => {
  const it = await project();
  const root = linked(it.home, 'w3');
  expect(found(it)).toEqual([]);
  await sleep(60);
  const sinceMs = Date.now();
  put(root, 'src/a.ts', 'new');
  expect(found({ ...it, sinceMs })).toEqual(['w3 changed src/a.ts']);
});

test('nor is one whose making began a while before, and came to its end meanwhile', async () => {
  const it = await project();
  const sinceMs = Date.now();
  linked(it.home, 'w3');
  const begun = (secondsAgo: number) => {
    const atS = sinceMs / 1_000 - secondsAgo;
    utimesSync(join(it.home, '.git/worktrees/w3/commondir'), atS, atS);
  };
  begun(5);
  expect(found({ ...it, sinceMs })).toEqual([]);
  begun(3_600);
  expect(found({ ...it, sinceMs })).toEqual(['w3 changed README.md']);
});

describe('what the other place accounts for', () => {
  test('is none of anybody else, file by file', async () => {
    const it = await project();
    put(it.w2, 'src/a.ts', 'new');
    put(it.w2, 'src/deep/b.ts', 'new');
    noteChanges(it.home, 'w2', { atMs: it.sinceMs - 1_000, session: 's2', paths: [join(it.w2, 'src/a.ts')] });
    expect(found(it)).toEqual(['w2 changed src/deep/b.ts']);
  });

  test('long ago, or by another place, does not count', async () => {
    const it = await project();
    put(it.w2, 'src/a.ts', 'new');
    noteChanges(it.home, 'w2', {
      atMs: it.sinceMs - 120_000,
      session: 's2',
      paths: [join(it.w2, 'src/a.ts')],
    });
    noteChanges(it.home, 'w1', { atMs: it.sinceMs, session: 's1', paths: [join(it.w2, 'src/a.ts')] });
    expect(found(it)).toEqual(['w2 changed src/a.ts']);
  });

  test('by a command that runs there covers all of it', async () => {
    const it = await project();
    const command = {
      id: 'c',
      session: 's2',
      agent: null,
      actor: 'worker-02',
      place: 'w2',
      root: it.w2,
      command: 'make',
      startedAtMs: it.sinceMs - 5_000,
      endedAtMs: null,
      isUnknown: true,
      isBackground: false,
    };
    put(it.w2, 'src/a.ts', 'new');
    rmSync(join(it.w2, 'src/deep/b.ts'));
    put(it.home, 'src/a.ts', 'new');
    noteCommand(it.home, command);
    expect(found(it)).toEqual(['null changed src/a.ts']);
    noteCommand(it.home, { ...command, endedAtMs: it.sinceMs - 1_000 });
    expect(found(it)).toContain('w2 changed src/a.ts');
  });

  test('by removal of a file that it noted is accounted for', async () => {
    const it = await project();
    rmSync(join(it.w2, 'src/deep/b.ts'));
    noteChanges(it.home, 'w2', { atMs: it.sinceMs, session: 's2', paths: [join(it.w2, 'src/deep/b.ts')] });
    expect(found(it)).toEqual([]);
  });

  test('a folder that is made for a file that it noted is accounted for, and no other one', async () => {
    const it = await project();
    for (const name of ['docs/history', 'docs/other']) mkdirSync(join(it.home, name), { recursive: true });
    put(it.home, 'docs/history/.tmp-1-mwqydjlq-1');
    const paths = [join(it.home, 'docs/history/01.md')];
    noteChanges(it.home, null, { atMs: it.sinceMs, session: 'terminal', paths });
    expect(found(it)).toEqual(['null changed docs/other']);
  });

  test('a document that coord saved with its good copy is accounted for, one with another moment in it is not', async () => {
    const it = await project();
    put(it.home, '.planning/STATE.md', 'updated: 2026-01-02T03:04:05.678Z\n');
    put(it.home, '.coordination/roster/good/STATE.json', '{"updated": "2026-01-02T03:04:05.678Z"}');
    expect(found(it)).toEqual([]);
    put(it.home, '.planning/STATE.md', 'updated: 2026-01-02T03:04:09.999Z\n');
    expect(found(it)).toEqual(['null changed .planning/STATE.md']);
  });
});

test('many changes are cut off, in bounded time', async () => {
  const it = await project();
  for (let at = 0; at < 120; at++) put(it.w2, `many/f${at}`);
  mkdirSync(join(it.w2, 'closed'), { mode: 0 });
  const before = performance.now();
  expect(foreignChanges(it.own, it.sinceMs).length).toBe(50);
  expect(performance.now() - before).toBeLessThan(3_000);
});
