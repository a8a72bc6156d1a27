/** A trespass on files of hostile names: what is told stays on its lines, and its commands restore those files alone. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOSTILE_NAMES } from '../kit/hostile-names.ts';
import { waitingFor } from '../kit/mail.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
let one: Session;
let root: string;
/** What the patterns and magic words among the names would match besides. */
const DECOYS = ['i.ts', 'aa.ts', 'a.ts', 'b.ts', 'ab', 'rf', 'kept.ts', 'x'];
const names = Object.values(HOSTILE_NAMES);
/** One for each notice: what was told of a folder is known for a while. */
const FOLDERS = ['changed-0', 'changed-1', 'changed-2', 'removed-0', 'removed-1', 'removed-2'];
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/;

beforeAll(async () => {
  project = started('01', '02');
  root = project.worktree('02');
  for (const folder of FOLDERS) {
    mkdirSync(join(root, folder));
    for (const name of [...names, ...DECOYS]) writeFileSync(join(root, folder, name), 'as it was\n');
  }
  for (const name of names) writeFileSync(join(root, name), 'as it was\n');
  gitIn(root, 'add', '-A');
  gitIn(root, 'commit', '-qm', 'Names');
  one = new Session(project, { session: 's1', cwd: project.worktree('01') });
  await one.start();
  // Unfinished work of its owner, from long before.
  for (const folder of FOLDERS)
    for (const name of DECOYS) writeFileSync(join(root, folder, name), 'work of the owner\n');
});
afterAll(() => project.dispose());

async function trespass(does: () => void): Promise<string> {
  const call = {
    tool_name: 'Bash',
    tool_input: { command: './build.sh' },
    tool_use_id: `use-${Math.random()}`,
  };
  await project.hookLater('guard', one.payload('PreToolUse', call), one.env);
  await new Promise((resolve) => setTimeout(resolve, 80));
  does();
  const { context } = await one.run('PostToolUse', { ...call, tool_response: { stdout: '' } });
  return context ?? '';
}

/** The commands that are told, as they stand in the text. */
function restoring(told: string): string[] {
  return told.split('\n').flatMap((line) => /; restore: (git .*)$/.exec(line)?.[1] ?? []);
}

const paste = (command: string) => spawnSync('sh', ['-c', command], { cwd: project.home, encoding: 'utf8' });
const textsOf = (folder: string, files: readonly string[]) =>
  files.map((name) => readFileSync(join(root, folder, name), 'utf8'));

/** As many as one notice tells. */
const BATCH = 18;
const ways: Readonly<Record<string, (file: string) => void>> = {
  changed: (file) => writeFileSync(file, 'changed\n'),
  removed: (file) => rmSync(file),
};

test.each(FOLDERS)('what is %s comes back as it was', async (folder) => {
  const [way = '', at = '0'] = folder.split('-');
  const batch = names.slice(Number(at) * BATCH, (Number(at) + 1) * BATCH);
  const told = await trespass(() => {
    for (const name of batch) ways[way]?.(join(root, folder, name));
  });
  expect(told).not.toMatch(ACTS);
  const commands = restoring(told);
  expect(commands, told).toHaveLength(batch.length);
  for (const command of commands) expect(paste(command)).toMatchObject({ status: 0, stderr: '' });
  expect(textsOf(folder, batch)).toEqual(batch.map(() => 'as it was\n'));
  expect(textsOf(folder, DECOYS)).toEqual(DECOYS.map(() => 'work of the owner\n'));
  expect(existsSync(project.path('owned'))).toBe(false);
  const letters = waitingFor(project, 'worker-02').map(({ content }) => content);
  expect(letters.length).toBeGreaterThan(0);
  expect(letters.filter((text) => ACTS.test(text))).toEqual([]);
});

test('what begins like a pathspec of git is a name like any other', async () => {
  const magic = names.filter((name) => name.startsWith(':'));
  expect(magic).toHaveLength(2);
  const told = await trespass(() => {
    for (const name of magic) writeFileSync(join(root, name), 'changed\n');
  });
  for (const command of restoring(told)) expect(paste(command)).toMatchObject({ status: 0, stderr: '' });
  expect(textsOf('', magic)).toEqual(['as it was\n', 'as it was\n']);
  for (const folder of FOLDERS)
    expect(textsOf(folder, DECOYS)).toEqual(DECOYS.map(() => 'work of the owner\n'));
});

test('a new file whose name is a pattern is no file that git knows', async () => {
  const told = await trespass(() => writeFileSync(join(root, '*.ts'), 'x\n'));
  expect(told).toContain('git does not track it');
  expect(restoring(told)).toEqual([]);
  rmSync(join(root, '*.ts'));
});
