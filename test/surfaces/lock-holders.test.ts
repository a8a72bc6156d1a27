/** Who holds what the guard took, and that of two who want one file each knows where it stands. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allLockFolders, readLock } from '../../src/storage/light/locks/files.ts';
import { livenessOf, markOf } from '../../src/storage/light/process.ts';
import { ClientSession } from '../kit/client-process.ts';
import { Project } from '../kit/project.ts';

let project: Project;
let lead: ClientSession;
let peer: ClientSession;

beforeAll(async () => {
  project = Project.started('01');
  project.must('config', 'set', 'mode', 'shared');
  project.must('config', 'set', 'lock_wait', '0');
  for (const file of ['src/a.ts', 'src/b.ts']) project.write(file, 'x\n');
  project.git('add', '-A');
  project.git('commit', '-qm', 'Files');
  lead = new ClientSession(project, { session: 'a1a1a1a1-lead', cwd: project.home });
  peer = new ClientSession(project, { session: 'b2b2b2b2-peer', cwd: project.home });
  await lead.start();
  await peer.start();
});
afterAll(() => {
  for (const session of [lead, peer]) session.client.kill('SIGKILL');
  project.dispose();
});

function call(who: ClientSession, tool: string, input: object): string | undefined {
  const use = { tool_name: tool, tool_input: input, tool_use_id: `use-${Math.random()}` };
  return project.hook('guard', who.payload('PreToolUse', use), who.env).denied;
}

const write = (who: ClientSession, path: string) =>
  call(who, 'Write', { file_path: join(project.home, path), content: 'y' });
const bash = (who: ClientSession, command: string) => call(who, 'Bash', { command });

test('the process on record is the client’s, which lives; never the hook’s, which is gone', () => {
  expect(write(lead, 'src/a.ts')).toBeUndefined();
  const locks = allLockFolders(project.home).map(readLock);
  expect(locks).toHaveLength(1);
  const mark = locks[0]?.record.holder.process;
  expect(mark).toEqual(markOf(lead.client.pid ?? 0));
  expect(mark && livenessOf(mark)).toBe('alive');
});

test('of two who want one file one has it and can commit, the other is refused that file and no other', () => {
  expect(write(lead, 'src/a.ts')).toBeUndefined();
  // Refused, and not granted with a warning: again and again, and by every way to write it.
  for (const command of ['echo y > src/a.ts', 'sed -i s/x/y/ src/a.ts', 'git checkout -- src/a.ts'])
    expect(bash(peer, command)).toContain('src/a.ts is locked by coordinator');
  expect(write(peer, 'src/a.ts')).toContain('src/a.ts is locked by coordinator');
  expect(write(peer, 'src/b.ts')).toBeUndefined();
  for (const [who, file] of [
    [lead, 'src/a.ts'],
    [peer, 'src/b.ts'],
  ] as const) {
    writeFileSync(project.path(file), `${who.session}\n`);
    const command = `git commit -m "Change ${file}" -- ${file}`;
    expect(bash(who, command)).toBeUndefined();
    project.git('commit', '-qm', `Change ${file}`, '--', file);
  }
  expect(project.coord(['unlock', 'src/a.ts'], { env: lead.env }).code).toBe(0);
  expect(write(peer, 'src/a.ts')).toBeUndefined();
  expect(write(lead, 'src/a.ts')).toContain('src/a.ts is locked by agent-b2b2b2b2');
});
