/**
 * The command line and whatever may be typed behind it: it never ends by a bug, prints nothing that acts in a terminal,
 * says what is wrong, writes outside of the project nothing, and leaves the project whole.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readState } from '../../src/storage/document-kinds.ts';
import { FULL_COMMANDS } from '../../src/surfaces/cli/full.ts';
import { MAIL_COMMANDS } from '../../src/surfaces/cli/mail-commands.ts';
import { anyCall, type Call, type Standing } from '../kit/any-call.ts';
import { isLong } from '../kit/long.ts';
import { runLoop } from '../kit/loop.ts';
import { bareEnvironment, type Project, putRepository, scripts } from '../kit/project.ts';
import { started } from '../kit/scene.ts';

const SEED = Number(process.env['COORD_SEED'] ?? 20261121);
const COUNT = isLong ? 20_000 : 250;
const CHUNK = 500;
const commands = [...FULL_COMMANDS, ...MAIL_COMMANDS];

interface Answer {
  readonly runs: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly done: readonly string[];
  readonly faults: readonly { why: string; call: string }[];
}

interface Scene {
  readonly project: Project;
  readonly standings: readonly Standing[];
  /** Folders where nothing may appear. */
  readonly witnesses: readonly string[];
}

function scene(): Scene {
  const project = started('01', '02');
  const stranger = project.outside('stranger');
  putRepository(stranger);
  mkdirSync(project.path('src'), { recursive: true });
  writeFileSync(project.path('src/a.ts'), 'export const a = 1;\n');
  const [house, temporary, elsewhere] = [
    project.outside('house'),
    project.outside('tmp'),
    project.outside('elsewhere'),
  ];
  const standings = [
    ...[project.home, project.home, project.worktree('01'), project.worktree('01'), project.worktree('02')],
    ...[project.path('src'), elsewhere, stranger],
  ].map((cwd) => ({ cwd }));
  return {
    project,
    standings: [...standings, { cwd: project.path('gone'), isGone: true }],
    witnesses: [house, temporary, elsewhere],
  };
}

function loop({ project, witnesses }: Scene, calls: readonly Call[]): Promise<Answer> {
  const [HOME = '', TMPDIR = ''] = witnesses;
  return runLoop({
    name: 'cli-loop.cjs',
    bundle: join(scripts, 'coord.cjs'),
    file: join(project.outside('calls'), 'calls.ndjson'),
    inputs: calls,
    env: bareEnvironment({ HOME, TMPDIR, GIT_CONFIG_NOSYSTEM: '1' }),
    cwd: project.home,
  });
}

const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).map(String);

/** What doctor finds where a call ended by a bug, or half. */
const BROKEN = new Set([
  ...['document', 'locks-dead', 'lock-unreadable', 'taking-unfinished', 'mutex-held', 'message-unreadable'],
  ...['send-unfinished', 'log-foreign', 'message-unlogged', 'message-lost', 'temporaries', 'record-corrupt'],
  ...['cycle-unreadable', 'check-failed', 'hook-failed', 'folder-unwritable', 'settings'],
]);

/** The project after all that: read by the storage, and by doctor. */
function judge({ project, witnesses }: Scene, before: readonly string[]): void {
  for (const witness of witnesses) expect(filesIn(witness), witness).toEqual([]);
  expect(filesIn(join(project.home, '..')).filter((name) => /(^|\/)owned$/.test(name))).toEqual([]);
  expect(readdirSync(join(project.home, '..')).sort()).toEqual(before);
  expect(readState(project.home)).toMatchObject({ done: true });
  expect(readFileSync(project.path('.planning/STATE.md'), 'utf8')).toContain('coord');
  const doctor = project.coord(['doctor', '--json']);
  const { findings } = JSON.parse(doctor.stdout) as { findings: { code: string }[] };
  expect(findings.filter(({ code }) => BROKEN.has(code))).toEqual([]);
}

const LIMIT_MS = (isLong ? 90 : 5) * 60_000;

test(`${COUNT} calls`, { timeout: LIMIT_MS }, async () => {
  const done = new Set<string>();
  const codes = new Set<string>();
  for (let at = 0; at < COUNT; at += CHUNK) {
    const stage = scene();
    const size = Math.min(CHUNK, COUNT - at);
    const calls = fc.sample(anyCall(commands, stage.standings), { numRuns: size, seed: SEED + at });
    const folders = [...readdirSync(join(stage.project.home, '..')), 'calls'].sort();
    const answer = await loop(stage, calls);
    expect(answer.faults, `seed ${SEED + at}`).toEqual([]);
    expect(answer.runs).toBe(size);
    for (const name of answer.done) done.add(name);
    for (const code of Object.keys(answer.codes)) codes.add(code);
    judge(stage, folders);
    stage.project.dispose();
  }
  // A command line that refuses all, or takes all, would pass as well.
  expect([...codes]).toEqual(expect.arrayContaining(['0', '1', '64']));
  expect(done.size).toBeGreaterThanOrEqual(isLong ? 60 : 20);
});
