/** `sequential: true`: one agent at a time writes in the whole project, across worktrees too: the one that has the pen. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reservedAs } from '../../src/domain/lock.ts';
import { listLocks } from '../../src/storage/light/locks/locks.ts';
import { type ClientSession, Clients, freeLocks } from '../kit/client-process.ts';
import { gitIn, Project } from '../kit/project.ts';

let project: Project;
let lead: ClientSession;
let worker: ClientSession;
let cwd = '';
const clients = new Clients();

beforeAll(async () => {
  project = Project.started('01');
  cwd = project.worktree('01');
  project.must('config', 'set', 'sequential', 'true');
  project.must('config', 'set', 'lock_wait', '0');
  project.write('src/a.ts', 'x\n');
  project.git('add', '-A');
  project.git('commit', '-qm', 'Files');
  lead = await clients.open(project, 'a1a1a1a1', project.home);
  worker = await clients.open(project, 'w1w1w1w1', cwd);
});
afterAll(() => {
  clients.close();
  project.dispose();
});
beforeEach(() => freeLocks(project));

function call(who: ClientSession, tool: string, input: object, agent?: string): string | undefined {
  const more = agent === undefined ? {} : { agent_id: agent };
  const payload = who.payload('PreToolUse', {
    tool_name: tool,
    tool_input: input,
    tool_use_id: 't',
    ...more,
  });
  return project.hook('guard', payload, who.env).denied;
}

const write = (who: ClientSession, path: string, agent?: string) =>
  call(who, 'Write', { file_path: join(who.cwd, path), content: 'y' }, agent);
const bash = (who: ClientSession, command: string) => call(who, 'Bash', { command });
const holders = () =>
  listLocks(project.home).locks.map(
    ({ target, holder }) => `${holder}: ${reservedAs(target) ?? target.kind}`,
  );

test('whoever writes first has the pen; nobody else writes, anywhere; looking and coord itself are free', () => {
  expect(write(worker, 'x.ts')).toBeUndefined();
  expect(holders()).toEqual(['worker-01: pen']);
  const refusal = write(lead, 'src/a.ts');
  expect(refusal).toMatch(/one agent writes at a time .* that is worker-01 \(session w1w1w1w1, for \d+ s\)/);
  expect(refusal).toContain('a message comes when the pen is free');
  for (const command of ['echo x > src/a.ts', 'git commit -aqm x', 'git checkout -- src/a.ts'])
    expect(bash(lead, command)).toContain('one agent writes at a time');
  for (const command of ['cat src/a.ts', 'npm test', 'git log', 'echo x > /dev/null', 'coord status'])
    expect(bash(lead, command)).toBeUndefined();
  expect(write(lead, '.planning/STATE.md')).toBeUndefined();
  expect(project.coord(['send', '01', 'directive', 'Go on'], { env: lead.env }).code).toBe(0);
  expect(write(worker, 'y.ts')).toBeUndefined();
});

describe('the pen is free', () => {
  test('at the end of a turn that leaves nothing unfinished, and who was refused is told', async () => {
    await lead.stop();
    write(worker, 'x.ts');
    writeFileSync(join(cwd, 'x.ts'), 'y');
    writeFileSync(join(cwd, 'of-a-person.txt'), 'y');
    write(lead, 'src/a.ts');
    await worker.stop({ background_tasks: [] });
    expect(holders()).toEqual(['worker-01: pen']);
    gitIn(cwd, 'add', 'x.ts');
    gitIn(cwd, 'commit', '-qm', 'One');
    await worker.stop({ background_tasks: [] });
    expect(holders()).toEqual([]);
    const { context } = await lead.stop();
    expect(context).toContain('The pen is free');
    expect(write(lead, 'src/a.ts')).toBeUndefined();
  });

  test('by hand, with its session, and with its process', async () => {
    const { env } = worker;
    write(worker, 'x.ts');
    expect(project.coord(['unlock', '--pen'], { cwd, env: lead.env }).code).toBe(1);
    expect(project.coord(['unlock', '--pen'], { cwd, env }).stdout).toBe('unlocked the pen\n');
    expect(write(lead, 'src/a.ts')).toBeUndefined();
    expect(project.coord(['unlock', '--all'], { env: lead.env }).stdout).toBe('unlocked the pen\n');
    await lead.run('SessionEnd', { reason: 'other' });
    await lead.start();
    write(worker, 'x.ts');
    expect(write(lead, 'src/a.ts')).toContain('worker-01');
    await worker.run('SessionEnd', { reason: 'other' });
    expect(write(lead, 'src/a.ts')).toBeUndefined();
    const second = await clients.open(project, 'w2w2w2w2', cwd);
    await lead.run('SessionEnd', { reason: 'other' });
    await lead.start();
    write(second, 'x.ts');
    expect(write(lead, 'src/a.ts')).toContain('w2w2w2w2');
    await second.kill();
    expect(write(lead, 'src/a.ts')).toBeUndefined();
  });
});

test('a subagent is refused at once for the sake of its own main thread, however long one may wait', () => {
  project.must('config', 'set', 'lock_wait', '20');
  write(lead, 'src/a.ts');
  const startedAt = performance.now();
  const refusal = write(lead, 'src/b.ts', 'c0ffee00');
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(refusal).toContain('the main thread of your own session');
  expect(refusal).toContain('`coord unlock --pen`');
  project.must('config', 'set', 'lock_wait', '0');
});

test('in shared mode the locks on paths are asked besides; one that is refused takes no pen along', async () => {
  project.must('config', 'set', 'mode', 'shared');
  const peer = await clients.open(project, 'b2b2b2b2', project.home);
  expect(write(lead, 'src/a.ts')).toBeUndefined();
  project.coord(['unlock', '--pen'], { env: lead.env });
  expect(write(peer, 'src/a.ts')).toContain('src/a.ts is locked by coordinator');
  expect(holders()).toEqual(['coordinator: file']);
  expect(write(peer, 'src/b.ts')).toBeUndefined();
  expect(holders()).toEqual(['coordinator: file', 'agent-b2b2b2b2: file', 'agent-b2b2b2b2: pen']);
  project.must('config', 'set', 'mode', 'worktrees');
});

test('off, there is none', () => {
  project.must('config', 'set', 'sequential', 'false');
  expect(write(worker, 'x.ts')).toBeUndefined();
  expect(write(lead, 'src/a.ts')).toBeUndefined();
  expect(holders()).toEqual([]);
});
