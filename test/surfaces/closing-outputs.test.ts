/** A worker's closing output is kept as one run of its session, by the hooks themselves. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Project } from '../kit/project.ts';
import { coordinated } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
let worker: Session;

beforeEach(async () => {
  project = Project.like('two phases, one with a ticket', (made) => {
    made.must('init');
    for (const id of ['01', '02']) made.startPhase(id);
    made.must('ticket', 'new', 'api', 'The API', '--scope', 'src/**');
    made.must('ticket', 'issue', 'api', '--phase', '01');
  });
  worker = new Session(project, { session: 'session-a', cwd: project.worktree('01') });
  await worker.start();
});
afterEach(() => project.dispose());

/** Worker → its outputs, over all runs. */
function outputs(): string[] {
  const folder = project.path('.taskers', 'runs');
  return runsIn(folder).flatMap((run) =>
    readdirSync(join(folder, run)).map((name) => `${name}: ${readFileSync(join(folder, run, name), 'utf8')}`),
  );
}

function words(): string[] {
  return outputs()
    .map((output) => output.slice(output.indexOf(': ') + 2))
    .sort();
}

function runsIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

const says = (message: string) => worker.stop({ last_assistant_message: message });

describe('a worker with a ticket', () => {
  test('leaves one run, with its last words, cleaned', async () => {
    await says('First turn.');
    await says('\u001b[31mAll is done\u001b[0m:\r\n- parser\u0007');
    expect(outputs()).toEqual(['worker-01.txt: All is done:\n- parser\n']);
    expect(project.coord(['ticket', 'list']).stdout).toMatch(/run \d{8}_\d{6}: worker-01\.txt/);
    await worker.run('SessionEnd', { reason: 'other' });
    expect(outputs()).toHaveLength(1);
  });

  test('another session of it leaves another; one that only looks on leaves none', async () => {
    await says('Half.');
    const twin = new Session(project, { session: 'twin', cwd: project.worktree('01') });
    // The first one's client is this very process, and lives; this one's is another.
    const env = { ...twin.env, CLAUDE_PID: String(process.ppid) };
    project.hook('session', twin.payload('SessionStart', { source: 'startup' }), env);
    project.hook('session', twin.payload('Stop', { last_assistant_message: 'I only look.' }), env);
    project.hook('session-end', twin.payload('SessionEnd', { reason: 'other' }), env);
    expect(outputs()).toEqual(['worker-01.txt: Half.\n']);
    await worker.run('SessionEnd', { reason: 'other' });
    const next = new Session(project, { session: 'next', cwd: project.worktree('01') });
    await next.start();
    await next.stop({ last_assistant_message: 'The other half.' });
    expect(words()).toEqual(['Half.\n', 'The other half.\n']);
  });

  test('what the client does not say is taken from the transcript, at a Stop or at the session’s end', async () => {
    const line = { type: 'assistant', message: { id: 'm', content: [{ type: 'text', text: 'So far.' }] } };
    appendFileSync(worker.transcript, `${JSON.stringify(line)}\n`);
    await worker.stop({ last_assistant_message: '' });
    expect(outputs()).toEqual(['worker-01.txt: So far.\n']);
    rmSync(project.path('.taskers', 'runs'), { recursive: true });
    // A person pressed Esc and left: no Stop came.
    await worker.run('SessionEnd', { reason: 'other' });
    expect(outputs()).toEqual(['worker-01.txt: So far.\n']);
  });

  test('a turn that was broken off takes nothing away from what was kept', async () => {
    await says('The report.');
    const line = { type: 'assistant', message: { id: 'm', content: [{ type: 'text', text: 'Let me' }] } };
    appendFileSync(worker.transcript, `${JSON.stringify(line)}\n`);
    await worker.run('SessionEnd', { reason: 'other' });
    expect(outputs()).toEqual(['worker-01.txt: The report.\n']);
  });

  test('is known as one when .taskers/ is gone, and findings beside it stay', async () => {
    await says('Before.');
    project.mustIn(project.worktree('01'), 'findings', 'It leaks.');
    await says('After the findings.');
    expect(words()).toEqual(['After the findings.\n', 'It leaks.\n']);
    rmSync(project.path('.taskers'), { recursive: true });
    await says('After the loss.');
    expect(outputs()).toEqual(['worker-01.txt: After the loss.\n']);
  });

  test('a subagent in its worktree is the worker, with words of its own', async () => {
    await worker.run('SessionEnd', { reason: 'other' });
    const lead = new Session(project, { session: 'lead', cwd: project.home });
    await lead.start();
    const agent = new Session(project, { session: 'lead', agent: 'a1', cwd: project.worktree('01') });
    await agent.run('SubagentStart');
    await agent.stop({ last_assistant_message: 'Subagent: done.' });
    await lead.stop({ last_assistant_message: 'Lead: noted.' });
    expect(outputs()).toEqual(['worker-01.txt: Subagent: done.\n']);
  });

  test('a helper of its session is not the worker', async () => {
    const helper = new Session(project, { session: 'session-a', agent: 'h1', cwd: project.worktree('01') });
    await helper.run('SubagentStart');
    await helper.stop({ last_assistant_message: 'Found three files.' });
    expect(outputs()).toEqual([]);
  });

  test('what cannot be written stops no turn', async () => {
    writeFileSync(project.path('.taskers', 'runs'), 'a file in the way\n');
    await says('Done.');
    expect(project.read('.coordination/log/coord.jsonl')).toContain('hook-failed');
  });
});

test('a worker without a ticket leaves none; a reporting one does', async () => {
  const other = new Session(project, { session: 'session-b', cwd: project.worktree('02') });
  await other.start();
  await other.stop({ last_assistant_message: 'Done.' });
  expect(outputs()).toEqual([]);
  const reading = coordinated();
  try {
    reading.must('phase', 'add', '01', 'Phase 01', '--plan', '01-01:Look', '--kind', 'reporting');
    reading.must('phase', 'start', '01');
    const reporter = new Session(reading, { session: 'r', cwd: reading.worktree('01') });
    mkdirSync(reading.path('.taskers', 'runs'), { recursive: true });
    await reporter.start();
    await reporter.stop({ last_assistant_message: 'The parser leaks.' });
    const [run = ''] = readdirSync(reading.path('.taskers', 'runs'));
    expect(reading.read(`.taskers/runs/${run}/worker-01.txt`)).toBe('The parser leaks.\n');
  } finally {
    reading.dispose();
  }
});
