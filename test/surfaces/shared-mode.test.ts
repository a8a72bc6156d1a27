/** `mode: shared`: several sessions and subagents in one worktree, each what it holds the lock on. */
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ClientSession, Clients, freeLocks } from '../kit/client-process.ts';
import { Project } from '../kit/project.ts';

let project: Project;
const clients = new Clients();
let lead: ClientSession;
let peer: ClientSession;
const PEER = 'agent-b2b2b2b2';

beforeAll(async () => {
  project = Project.started('01');
  project.must('config', 'set', 'mode', 'shared');
  project.must('config', 'set', 'lock_wait', '0');
  for (const file of ['src/a.ts', 'src/b.ts', 'src/deep/c.ts', 'lib/x.ts', 'one.txt'])
    project.write(file, 'x\n');
  linkSync(project.path('one.txt'), project.path('twin.txt'));
  symlinkSync(project.path('src'), project.path('alias'));
  project.git('add', '-A');
  project.git('commit', '-qm', 'Files');
  lead = await clients.open(project, 'a1a1a1a1-lead');
  peer = await clients.open(project, 'b2b2b2b2-peer');
});
afterAll(() => {
  clients.close();
  project.dispose();
});
beforeEach(() => {
  freeLocks(project);
  project.git('reset', '-q', '--hard');
  project.git('clean', '-qfd', '-e', '.planning', '-e', '.claude');
  for (const file of ['src', 'src/deep', 'lib']) mkdirSync(project.path(file), { recursive: true });
});

type Who = ClientSession | readonly [ClientSession, string];

function call(who: Who, tool: string, input: object): string | undefined {
  const [session, agent] = who instanceof ClientSession ? [who, undefined] : who;
  const payload = session.payload('PreToolUse', {
    tool_name: tool,
    tool_input: input,
    tool_use_id: `use-${Math.random()}`,
    ...(agent === undefined ? {} : { agent_id: agent, agent_type: 'general-purpose' }),
  });
  return project.hook('guard', payload, session.env).denied;
}

const write = (who: Who, path: string) =>
  call(who, 'Write', { file_path: join(project.home, path), content: 'y' });
const bash = (who: Who, command: string) => call(who, 'Bash', { command });

interface Listed {
  path: string;
  kind: string;
  holder: string;
  session: string | null;
  agent: string | null;
}
const locks = () => project.must<{ locks: Listed[] }>('locks').locks;
const held = () => locks().map(({ kind, path, holder }) => `${holder}: ${kind} ${path}`);

/** Acknowledges what earlier tests left. */
function readAll(who: ClientSession): void {
  const { messages } = JSON.parse(project.coord(['inbox', '--json'], { env: who.env }).stdout) as {
    messages: { id: string }[];
  };
  if (messages.length > 0) project.coord(['ack', ...messages.map(({ id }) => id)], { env: who.env });
}

describe('a write', () => {
  test('takes a free lock for its caller, and is refused while another has it, with what to do next', () => {
    expect(write(lead, 'src/a.ts')).toBeUndefined();
    expect(held()).toEqual(['coordinator: file src/a.ts']);
    expect(write(lead, 'src/a.ts')).toBeUndefined();
    const refusal = write(peer, 'src/a.ts');
    expect(refusal).toContain('src/a.ts is locked by coordinator (session a1a1a1a1-lead, for');
    expect(refusal).toContain('coord lock src/a.ts --wait 60');
    expect(write(peer, 'src/b.ts')).toBeUndefined();
    expect(held()).toContain(`${PEER}: file src/b.ts`);
  });

  test.each(['src/sub/../a.ts', 'alias/a.ts', './src/a.ts'])('by the name %s it is the same file', (path) => {
    write(lead, 'src/a.ts');
    expect(write(peer, path)).toContain('is locked by');
  });

  test('two names of one file are one lock', () => {
    expect(write(lead, 'one.txt')).toBeUndefined();
    expect(write(peer, 'twin.txt')).toContain('is locked by coordinator');
  });

  test('a subagent holds for itself: its own session is refused too', () => {
    expect(write([lead, 'f00dcafe1234'], 'src/a.ts')).toBeUndefined();
    expect(locks()).toMatchObject([
      { holder: 'agent-f00dcafe', session: lead.session, agent: 'f00dcafe1234' },
    ]);
    expect(write(lead, 'src/a.ts')).toContain('locked by agent-f00dcafe');
    expect(write([lead, 'beef'], 'src/a.ts')).toContain('locked by agent-f00dcafe');
  });

  test('the coordinator’s documents stay its own, and need no lock', () => {
    expect(write(lead, '.planning/STATE.md')).toBeUndefined();
    expect(locks()).toEqual([]);
    expect(write(peer, '.planning/STATE.md')).toContain("is the coordinator's, and you are agent-b2b2b2b2");
    expect(write([lead, 'f00d'], '.planning/STATE.md')).toContain("is the coordinator's");
    expect(write(peer, 'DECISIONS.md')).toContain('append-only');
    expect(write(peer, '.coordination/x')).toContain('coord alone writes');
    expect(bash(peer, 'rm -rf .planning')).toContain('holds what is not yours alone');
  });

  test('another worktree stays another one’s', () => {
    expect(write(peer, '.claude/worktrees/01-phase-01/x.ts')).toContain('worktree of worker-01');
  });

  test('waits a moment for who has it', async () => {
    project.must('config', 'set', 'lock_wait', '20');
    write(lead, 'src/a.ts');
    const payload = peer.payload('PreToolUse', {
      tool_name: 'Write',
      tool_input: { file_path: project.path('src/a.ts'), content: 'y' },
      tool_use_id: 'use-w',
    });
    const waiting = project.hookLater('guard', payload, peer.env);
    await new Promise((resolve) => setTimeout(resolve, 700));
    project.coord(['unlock', 'src/a.ts'], { env: lead.env });
    expect((await waiting).denied).toBeUndefined();
    expect(held()).toEqual([`${PEER}: file src/a.ts`]);
    project.must('config', 'set', 'lock_wait', '0');
  });
});

describe('a shell command', () => {
  test.each<[string, string[]]>([
    ['echo x > src/a.ts', ['file src/a.ts']],
    ['cd src && sed -i s/x/y/ a.ts', ['file src/a.ts']],
    ['mv src/a.ts src/z.ts', ['file src/a.ts', 'file src/z.ts']],
    ['rm -rf src/deep', ['tree src/deep']],
    ['cat src/a.ts', []],
    ['npm test', ['mutex ~tests']],
    ['npm run dev', []],
    ['mkdir -p src/new', ['file src/new']],
    ['git checkout -- src/a.ts', ['file src/a.ts']],
    ['git add src/a.ts', []],
  ])('%s takes %j', (command, taken) => {
    expect(bash(peer, command)).toBeUndefined();
    expect(held()).toEqual(taken.map((one) => `${PEER}: ${one}`));
  });

  test.each([
    'echo x >> src/a.ts',
    "python3 -c \"open('src/a.ts', 'w').write(1)\"",
    'rm -r src',
    'rm -rf alias/',
    'mv src elsewhere',
    'git checkout .',
    'git checkout -- src',
    'git checkout main',
    'git reset --hard',
    'git stash',
    'git clean -fd',
    'git restore .',
    'git switch -c other',
    'git pull',
    'ln src/a.ts other-name.ts',
    'for f in src/*.ts; do echo > $f; done',
  ])('%s is refused while another holds a file that it would take', (command) => {
    expect(write(lead, 'src/a.ts')).toBeUndefined();
    expect(bash(peer, command)).toMatch(/is locked by coordinator/);
    expect(held()).toEqual(['coordinator: file src/a.ts']);
  });

  test.each([
    'git status',
    'git reset -q',
    'git stash list',
    'git clean -n',
    'git checkout -- lib/x.ts',
    'rm -r lib',
    'echo src/a.ts',
    'npm run build',
    'git log -1 && ls src',
  ])('%s passes all the same', (command) => {
    write(lead, 'src/a.ts');
    expect(bash(peer, command)).toBeUndefined();
  });

  test('its own holder may take the whole tree', () => {
    write(lead, 'src/a.ts');
    expect(bash(lead, 'git stash')).toBeUndefined();
    expect(bash(lead, 'rm -r src')).toBeUndefined();
  });

  test.each([
    'git add -A',
    'git add .',
    'git add src',
    'git commit -am x',
    'git commit -a -m x',
    'git add -u',
    'git add src/a.ts',
  ])('%s would take along what another has not finished, and is refused by name', (command) => {
    write(lead, 'src/a.ts');
    writeFileSync(project.path('src/a.ts'), 'unfinished\n');
    const refusal = bash(peer, command);
    expect(refusal).toContain('src/a.ts of coordinator (session a1a1a1a1-lead');
    expect(refusal).toMatch(/git add <path>|git commit -m "<text>" -- <path>/);
    expect(bash(lead, command)).toBeUndefined();
  });

  test('a commit of what another has staged is refused; of one’s own files it passes', () => {
    write(lead, 'src/a.ts');
    writeFileSync(project.path('src/a.ts'), 'staged\n');
    expect(bash(peer, 'git commit -m x')).toBeUndefined();
    project.git('add', 'src/a.ts');
    expect(bash(peer, 'git commit -m x')).toContain('src/a.ts of coordinator');
    expect(bash(peer, 'git commit -m x -- src/b.ts')).toBeUndefined();
    expect(bash(peer, 'git add src/b.ts')).toBeUndefined();
  });

  test('what another holds and has not touched is no reason', () => {
    write(lead, 'src/a.ts');
    expect(bash(peer, 'git add -A')).toBeUndefined();
    write(lead, 'new.ts');
    writeFileSync(project.path('new.ts'), 'new\n');
    expect(bash(peer, 'git commit -am x')).toBeUndefined();
    expect(bash(peer, 'git add -A')).toContain('new.ts of coordinator');
  });
});

describe('a lock ends', () => {
  test('when its holder has committed the path clean', async () => {
    write(lead, 'src/a.ts');
    write(lead, 'src/b.ts');
    write(lead, 'never.ts');
    writeFileSync(project.path('src/a.ts'), 'changed\n');
    writeFileSync(project.path('src/b.ts'), 'changed\n');
    await lead.stop({ background_tasks: [] });
    expect(locks()).toHaveLength(3);
    project.git('commit', '-qm', 'One', '--', 'src/a.ts');
    await lead.stop({ background_tasks: [] });
    expect(held()).toEqual(['coordinator: file never.ts', 'coordinator: file src/b.ts']);
  });

  test('and whoever was refused is told once, and woken', async () => {
    readAll(peer);
    write(lead, 'src/a.ts');
    expect(write(peer, 'src/a.ts')).toContain('a message comes when it is free');
    writeFileSync(project.path('src/a.ts'), 'done\n');
    project.git('commit', '-qam', 'Done');
    await lead.stop({ background_tasks: [] });
    const inbox = () =>
      JSON.parse(project.coord(['inbox', '--json'], { env: peer.env }).stdout) as {
        messages: { from: string; to: string; content: string }[];
      };
    expect(inbox().messages).toMatchObject([
      { from: 'coord', to: PEER, content: expect.stringContaining('src/a.ts is free') },
    ]);
    const stop = await peer.stop({ background_tasks: [] });
    expect(stop.context).toContain('src/a.ts is free');
    expect(write(peer, 'src/a.ts')).toBeUndefined();
  });

  test('with its subagent', async () => {
    const helper = new ClientSession(
      project,
      { session: lead.session, cwd: project.home, agent: 'c0ffee00aa' },
      lead,
    );
    const told = await helper.run('SubagentStart');
    expect(told.context).toContain('You are agent-c0ffee00');
    write([lead, 'c0ffee00aa'], 'src/a.ts');
    expect(write(peer, 'src/a.ts')).toContain('agent-c0ffee00');
    await helper.stop();
    expect(locks()).toEqual([]);
    expect(write(lead, '.planning/STATE.md')).toBeUndefined();
  });

  test('with a subagent whose end nobody saw, when its session ends its turn', async () => {
    write([lead, 'dead00'], 'src/a.ts');
    write([lead, 'live00'], 'src/b.ts');
    await lead.stop({ background_tasks: [{ type: 'subagent', status: 'running' }] });
    expect(locks()).toHaveLength(2);
    await lead.stop({ background_tasks: [] });
    expect(locks()).toEqual([]);
  });

  test('with its session, and then its name and mailbox are gone too', async () => {
    const third = new ClientSession(project, { session: 'b2b2b2b2-more', cwd: project.home });
    clients.add(third);
    await third.start();
    const name = 'agent-b2b2b2b2more';
    expect(project.must<{ peers: { name: string }[] }>('status').peers.map((one) => one.name)).toEqual([
      PEER,
      name,
    ]);
    expect(project.coord(['send', name, 'question', 'Are you there?']).code).toBe(0);
    write(third, 'src/a.ts');
    expect(held()).toEqual([`${name}: file src/a.ts`]);
    write(lead, 'src/b.ts');
    await third.run('SessionEnd', { reason: 'other' });
    expect(held()).toEqual(['coordinator: file src/b.ts']);
    expect(project.coord(['send', name, 'question', 'Still there?']).code).toBe(1);
  });
});

describe('a holder that is killed', () => {
  test('is followed at once, and whoever was refused hears of it', async () => {
    readAll(peer);
    const third = new ClientSession(project, { session: 'e5e5e5e5', cwd: project.home });
    clients.add(third);
    await third.start();
    write(third, 'src/a.ts');
    bash(third, 'rm -rf src/deep');
    expect(write(peer, 'src/a.ts')).toContain('locked by agent-e5e5e5e5');
    await third.kill();
    const stop = await peer.stop({ background_tasks: [] });
    expect(stop.context).toContain('src/a.ts is free');
    expect(write(peer, 'src/a.ts')).toBeUndefined();
    expect(write(lead, 'src/deep/c.ts')).toBeUndefined();
    expect(held()).toEqual([`${PEER}: file src/a.ts`, 'coordinator: file src/deep/c.ts']);
  });
});

describe('who is who', () => {
  test('a second session is told that it is a peer, and speaks as one', () => {
    const sent = project.coord(['send', 'coordinator', 'question', 'Hello?', '--json'], { env: peer.env });
    expect(JSON.parse(sent.stdout)).toMatchObject({ from: PEER, to: 'coordinator' });
    expect(project.coord(['phase', 'add', '09', 'Nine'], { env: peer.env }).code).toBe(1);
    expect(project.coord(['phase', 'start', '01'], { env: peer.env }).stderr).toContain(
      'only the coordinator',
    );
  });

  test('mail for a peer is shown to that peer alone', async () => {
    readAll(peer);
    project.coord(['send', PEER, 'directive', 'for the peer alone'], { env: lead.env });
    const asked = await lead.prompt();
    expect(asked.context ?? '').not.toContain('for the peer alone');
    const own = await peer.prompt();
    expect(own.context).toContain('for the peer alone');
  });

  test('a subagent’s own coord command acts for it, by its very words', async () => {
    const helper = new ClientSession(
      project,
      { session: lead.session, cwd: project.home, agent: 'ab12cd34ef' },
      lead,
    );
    await helper.run('SubagentStart');
    expect(bash([lead, 'ab12cd34ef'], 'coord lock src/a.ts lib/')).toBeUndefined();
    project.coord(['lock', 'src/a.ts', 'lib/'], { env: lead.env });
    expect(locks().map(({ path, agent }) => [path, agent])).toEqual([
      ['lib', 'ab12cd34ef'],
      ['src/a.ts', 'ab12cd34ef'],
    ]);
    project.coord(['lock', 'src/b.ts'], { env: lead.env });
    expect(locks().find(({ path }) => path === 'src/b.ts')).toMatchObject({ agent: null });
    // The same words of the session itself: nobody can tell them apart, so they are the session's.
    bash([lead, 'ab12cd34ef'], 'coord lock one.txt');
    bash(lead, 'coord lock one.txt');
    project.coord(['lock', 'one.txt'], { env: lead.env });
    expect(locks().find(({ path }) => path === 'one.txt')).toMatchObject({ agent: null });
    await helper.stop();
  });

  test('in a phase’s worktree a second session is a peer of its worker', async () => {
    const cwd = project.worktree('01');
    const worker = new ClientSession(project, { session: 'w1w1w1w1', cwd });
    const second = new ClientSession(project, { session: 'd4d4d4d4', cwd });
    clients.add(worker, second);
    await worker.start();
    await second.start();
    const file = join(cwd, 'x.ts');
    expect(call(worker, 'Write', { file_path: file, content: 'x' })).toBeUndefined();
    expect(call(second, 'Write', { file_path: file, content: 'x' })).toContain('locked by worker-01');
    expect(call(second, 'Write', { file_path: join(cwd, 'y.ts'), content: 'x' })).toBeUndefined();
    expect(call(second, 'Write', { file_path: project.statusFile('01'), content: 'x' })).toContain(
      'belongs to worker-01',
    );
    for (const session of [worker, second]) await session.run('SessionEnd', { reason: 'other' });
  });

  test('back in worktree mode a second session is refused as ever', () => {
    project.must('config', 'set', 'mode', 'worktrees');
    expect(write(peer, 'src/b.ts')).toContain('another session');
    expect(write(lead, 'src/b.ts')).toBeUndefined();
    expect(locks()).toEqual([]);
    project.must('config', 'set', 'mode', 'shared');
  });
});
