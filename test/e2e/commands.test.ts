/** The slash commands in the client's default permission mode: they expand, run their block, and show real data. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import type { TurnSource } from '../kit/messages-api.ts';
import { Project, repositoryRoot } from '../kit/project.ts';
import { inboxOf, projectWith } from './disk.ts';
import { bash, type Played, Scene, say } from './kit.ts';

const DEFAULT_MODE = ['--permission-mode', 'default'];

let scene: Scene;
let project: Project;

beforeAll(async () => {
  scene = await Scene.open(projectWith({}, '01'));
  project = scene.project;
});
afterAll(() => scene.close());

let count = 0;

/** Types a command; the steps are what the model then does. */
function type(prompt: string, cwd: string, ...steps: TurnSource[]): Promise<Played> {
  count += 1;
  return scene.play({
    name: `typed-${count}`,
    cwd,
    prompt,
    steps: [...steps, say('told')],
    args: DEFAULT_MODE,
  });
}

function expanded(played: Played): string {
  expect(played.client.resultText).toBe('told');
  const text = played.requests[0]?.latestText ?? '';
  return text.slice(text.indexOf('<command-message>'));
}

it('has a test for every command', () => {
  const names = readdirSync(join(repositoryRoot, 'commands')).map((file) => file.replace('.md', ''));
  expect(names.sort()).toEqual([
    'blocker',
    'cycle',
    'decide',
    'handoff',
    'help',
    'inbox',
    'init',
    'merge',
    'plan',
    'resume',
    'status',
    'strict',
  ]);
});

describe('/coord:help', () => {
  it('tells who one is here, what is next, and what can be typed', async () => {
    const led = expanded(await type('/coord:help', project.home));
    expect(led).toContain('You are the coordinator of project');
    expect(led).toContain('nobody works as worker-01 yet: `cd ');
    const text = expanded(await type('/coord:help', project.worktree('01')));
    expect(text).toContain('You are worker-01, the one worker of phase 01');
    expect(text).toContain('begin plan 01-01 First: `coord plan start 01-01`');
    expect(text).toContain('/coord:plan, /coord:blocker');
  });
});

describe('/coord:status', () => {
  it('shows the dashboard as it is', async () => {
    const text = expanded(await type('/coord:status', project.home));
    expect(text).toContain('project: you are coordinator. STATE.md revision');
    expect(text).toContain(
      '01 active Phase 01 (worker-01): 0 complete, 0 in progress, 2 not started, 0 failed',
    );
  });
});

describe('/coord:plan', () => {
  it('shows a worker its plans, and lets the model make the change that is asked for', async () => {
    const played = await type(
      '/coord:plan start 01-01',
      project.worktree('01'),
      bash('coord plan start 01-01'),
    );
    const text = expanded(played);
    expect(text).toContain('01-01 not_started First\n01-02 not_started Second');
    expect(text).toContain('What the user says: start 01-01');
    expect(played.results[0]).toMatchObject({
      isError: false,
      text: expect.stringContaining('01-01 is in_progress'),
    });
    expect(inboxOf(project, 'coordinator').map((message) => message.metadata['event'])).toEqual([
      'plan_started',
    ]);
  });
});

describe('/coord:blocker', () => {
  it('lets a worker raise one, and shows it to the coordinator', async () => {
    const raised = await type(
      '/coord:blocker nobody knows the port',
      project.worktree('01'),
      bash('coord blocker raise "which port" --plan 01-01'),
    );
    expect(expanded(raised)).toContain('Open blockers: {"blockers":[]}');
    expect(expanded(raised)).toContain('What the user says: nobody knows the port');
    expect(raised.results[0]).toMatchObject({
      isError: false,
      text: expect.stringContaining('blocker B1 recorded'),
    });
    const [, message] = inboxOf(project, 'coordinator');
    const answer = `coord send worker-01 response "port 8080" --ref ${message?.id}`;
    const seen = await type('/coord:blocker', project.home, bash(answer));
    expect(expanded(seen)).toContain('"summary":"which port"');
    expect(expanded(seen)).toContain(message?.id);
    expect(seen.results[0]?.isError).toBe(false);
    expect(inboxOf(project, 'worker-01').map((response) => response.content)).toEqual(['port 8080']);
  });
});

describe('/coord:inbox', () => {
  it('shows what waits and lets it be acknowledged', async () => {
    const sent = project.must<Envelope>('send', 'coordinator', 'question', 'shall we?');
    const played = await type('/coord:inbox', project.home, bash(`coord ack ${sent.id}`));
    const text = expanded(played);
    expect(text).toContain(`${sent.id} · question · normal · from operator`);
    expect(text).toContain('> shall we?');
    expect(played.results[0]).toMatchObject({ isError: false });
    expect(inboxOf(project, 'coordinator')).toEqual([]);
  });
});

describe('/coord:strict', () => {
  it('shows the setting and lets the model change it', async () => {
    const played = await type(
      '/coord:strict on',
      project.home,
      bash('coord config set strict_blockers true'),
    );
    expect(expanded(played)).toContain('Strict blockers are now: false');
    expect(played.results[0]).toMatchObject({ isError: false });
    expect(project.must('config', 'get', 'strict_blockers')).toEqual({ strict_blockers: true });
  });
});

describe('/coord:decide', () => {
  it('shows the last decisions and lets the model record one', async () => {
    const record = bash('coord decide "Use files" --decision "files" --alternative "a server: more to run"');
    const played = await type('/coord:decide we use files', project.home, record);
    expect(expanded(played)).toContain('Phase 01 (Phase 01) begins');
    expect(played.results[0]).toMatchObject({
      isError: false,
      text: expect.stringContaining('DECISIONS.md'),
    });
    expect(project.read('DECISIONS.md')).toContain('1. a server: more to run');
  });
});

describe('/coord:handoff and /coord:resume', () => {
  it('say what a successor lacks, let the model mend it, and tell the next session what to do', async () => {
    const played = await type(
      '/coord:handoff',
      project.home,
      bash('coord todo add "Write the parser" --priority P0'),
    );
    expect(expanded(played)).toContain('[ ] The next P0 is clear and actionable: the TODO has no open P0');
    expect(played.results[0]?.isError).toBe(false);
    const resumed = await type('/coord:resume', project.home);
    expect(expanded(resumed)).toContain('Next: P0 T1 Write the parser');
    expect(expanded(resumed)).toContain('## 7. Next actions');
    // And without any command: the session is told as it starts.
    expect(JSON.stringify(resumed.requests[0])).toContain('Next: P0 T1 Write the parser');
  });
});

describe('/coord:merge', () => {
  it('shows what waits in the queue', async () => {
    const text = expanded(await type('/coord:merge', project.home));
    expect(text).toMatch(/nothing|queue|main/i);
  });
});

describe('/coord:cycle', () => {
  it('shows the cycle of the worktree, and lets the model begin one', async () => {
    const played = await type(
      '/coord:cycle write a greeting',
      project.worktree('01'),
      bash('coord cycle new "write a greeting" --json'),
      bash('coord cycle start && coord cycle next --json'),
    );
    const text = expanded(played);
    expect(text).toContain('coord cycle new');
    expect(text).toContain('What the user says: write a greeting');
    expect(played.results.map(({ isError }) => isError)).toEqual([false, false]);
    expect(played.results[1]?.text).toContain('coord:requirements-analyst');
    const shown = await type('/coord:cycle pause', project.worktree('01'), bash('coord cycle pause'));
    expect(expanded(shown)).toContain('running');
    expect(shown.results[0]?.text).toContain('is paused');
  });
});

describe('/coord:init', () => {
  it('sets up a repository that knows nothing of coord', async () => {
    const fresh = new Project('fresh one');
    const played = await type(
      '/coord:init',
      fresh.home,
      bash('coord phase add 01 "First" --plan 01-01:"One"'),
    );
    expect(expanded(played)).toContain('"already":false');
    expect(played.results[0]).toMatchObject({ isError: false });
    expect(fresh.read('.planning/STATE.md')).toContain('01-01');
    fresh.dispose();
  });
});
