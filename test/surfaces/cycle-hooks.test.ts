/** Session hooks beside a development cycle: who has the turn is told so, and whoever ends without handing over is noted. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type HookRun, Project } from '../kit/project.ts';
import { Session } from '../kit/session.ts';

interface Next {
  readonly action: string;
  readonly role: string | null;
  readonly iteration: number;
}

let project: Project;
let main: Session;
let cycle = '';

async function begin(): Promise<void> {
  project = Project.like('a cycle', (one) => one.must('init'));
  main = new Session(project, { session: 'session-1', cwd: project.home });
  await main.start();
  cycle = project.must<{ cycle_id: string }>('cycle', 'new', 'Write a greeting').cycle_id;
  project.must('cycle', 'start');
}
afterEach(() => project.dispose());

let count = 0;

/** A subagent of the main session. */
function agent(type: string): { start(): Promise<HookRun>; stop(last?: string): Promise<HookRun> } {
  count += 1;
  const session = new Session(project, { session: main.session, cwd: project.home, agent: `a${count}` });
  return {
    start: () => session.run('SubagentStart', { agent_type: type }),
    stop: (last = 'I am done') =>
      session.run('SubagentStop', {
        agent_type: type,
        stop_hook_active: false,
        last_assistant_message: last,
      }),
  };
}

const next = () => project.must<Next>('cycle', 'next');

function put(path: string, text: string): void {
  const file = project.path(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function handOverRequirements(outcome = 'completed'): void {
  put('.progress/ra/requirements.md', '# Greeting\n\nIt greets.\n\n## Edge cases\n\n- no name\n');
  project.must('cycle', 'report', outcome, 'written down');
}

const records = () => {
  const folder = project.path('.coordination/roster/turns');
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('an agent that starts', () => {
  test('with the turn is told what it owns and how it hands over', async () => {
    await begin();
    const { context } = await agent('coord:requirements-analyst').start();
    expect(context).toContain(`requirements-analyst of cycle ${cycle}`);
    expect(context).toContain('.progress/ra/requirements.md');
    expect(context).toContain('coord cycle report completed|partial|failed');
    expect(records()).toHaveLength(1);
  });

  test('without it is told to end', async () => {
    await begin();
    expect((await agent('coord:code-developer').start()).context).toContain("it is requirements-analyst's");
    project.must('cycle', 'pause');
    expect((await agent('requirements-analyst').start()).context).toContain(`cycle ${cycle} is paused`);
    writeFileSync(project.path('.workflow/.cycle', `${cycle}.json`), '{');
    expect((await agent('coord:requirements-analyst').start()).context).toContain('coord cycle rebuild');
    expect(records()).toEqual([]);
  });

  test('and is no role hears nothing of it', async () => {
    await begin();
    expect((await agent('general-purpose').start()).stdout).toBe('');
  });

  test('as the main thread is told with its brief', async () => {
    await begin();
    const session = new Session(project, { session: 'session-2', cwd: project.home });
    const run = await session.run('SessionStart', {
      source: 'startup',
      agent_type: 'coord:requirements-analyst',
    });
    expect(run.context).toContain('it is your turn');
  });
});

describe('an agent that ends', () => {
  test('having handed over, just ends', async () => {
    await begin();
    const analyst = agent('coord:requirements-analyst');
    await analyst.start();
    handOverRequirements();
    expect((await analyst.stop()).stdout).toBe('');
    expect(next()).toMatchObject({ action: 'agent', role: 'ep', iteration: 1 });
  });

  test('without that goes on once; then coord notes it, with its last words', async () => {
    await begin();
    const analyst = agent('coord:requirements-analyst');
    await analyst.start();
    const first = await analyst.stop();
    expect(first.context).toContain('is not handed over');
    expect(next()).toMatchObject({ role: 'ra', iteration: 1 });
    expect((await analyst.stop('I had enough')).stdout).toBe('');
    const state = JSON.parse(readFileSync(project.path('.workflow/.cycle', `${cycle}.json`), 'utf8'));
    expect(state.iterations[0].agent_results.ra.status).toBe('failed');
    expect(state.agents.ra.error ?? state.phase_errors[0].error).toContain('I had enough');
    expect(next()).toMatchObject({ role: 'ra', iteration: 2 });
    expect(records()).toEqual([]);
  });

  test('having failed and said so is not asked again, though the turn is its role’s in the next iteration', async () => {
    await begin();
    const analyst = agent('coord:requirements-analyst');
    await analyst.start();
    project.must('cycle', 'report', 'failed', 'the task says nothing');
    expect(next()).toMatchObject({ role: 'ra', iteration: 2 });
    expect((await analyst.stop()).stdout).toBe('');
    expect(next()).toMatchObject({ role: 'ra', iteration: 2 });
  });

  test('while its cycle is paused, or never having had the turn, is not asked', async () => {
    await begin();
    const analyst = agent('coord:requirements-analyst');
    await analyst.start();
    const developer = agent('coord:code-developer');
    await developer.start();
    project.must('cycle', 'pause');
    expect((await analyst.stop()).stdout).toBe('');
    expect((await developer.stop()).stdout).toBe('');
    project.must('cycle', 'resume');
    expect(next()).toMatchObject({ action: 'agent', role: 'ra', iteration: 1 });
  });

  test('to wait for the user’s decision has the turn again afterwards', async () => {
    await begin();
    const analyst = agent('coord:requirements-analyst');
    await analyst.start();
    project.must('cycle', 'ask', 'Which language?', '--option', 'English', '--option', 'Latin');
    expect((await analyst.stop()).stdout).toBe('');
    expect(next()).toMatchObject({ action: 'answer' });
    const [decision] = project.must<{ decisions: { id: string }[] }>('cycle', 'next').decisions;
    project.must('cycle', 'answer', decision?.id ?? '', 'Latin');
    expect(next()).toMatchObject({ action: 'agent', role: 'ra', iteration: 1 });
  });

  test('for which another was started meanwhile is not asked, and its end is not that one’s', async () => {
    await begin();
    const early = agent('coord:requirements-analyst');
    await early.start();
    const late = agent('coord:requirements-analyst');
    await late.start();
    expect((await early.stop()).stdout).toBe('');
    expect((await early.stop()).stdout).toBe('');
    expect(next()).toMatchObject({ action: 'agent', role: 'ra', iteration: 1 });
    expect((await late.stop()).context).toContain('is not handed over');
  });

  test('killed, nobody is told: the same agent is next', async () => {
    await begin();
    await agent('coord:requirements-analyst').start();
    expect(next()).toMatchObject({ action: 'agent', role: 'ra', iteration: 1 });
    const again = agent('coord:requirements-analyst');
    expect((await again.start()).context).toContain('it is your turn');
    handOverRequirements();
    expect((await again.stop()).stdout).toBe('');
  });
});
