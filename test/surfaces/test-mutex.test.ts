/** The test mutex in the hooks: taken before a command, given back after it, and what is said in between. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reservedAs } from '../../src/domain/lock.ts';
import { listLocks } from '../../src/storage/light/locks/locks.ts';
import { ClientSession, Clients, freeLocks } from '../kit/client-process.ts';
import { Project } from '../kit/project.ts';

let project: Project;
let lead: ClientSession;
let peer: ClientSession;
const clients = new Clients();
let uses = 0;

beforeAll(async () => {
  project = Project.started('01');
  project.must('config', 'set', 'mode', 'shared');
  project.must('config', 'set', 'lock_wait', '0');
  project.write('src/a.ts', 'x\n');
  project.git('add', '-A');
  project.git('commit', '-qm', 'Files');
  lead = await clients.open(project, 'a1a1a1a1-lead');
  peer = await clients.open(project, 'b2b2b2b2-peer');
});
afterAll(() => {
  clients.close();
  project.dispose();
});
beforeEach(() => freeLocks(project));

interface Call {
  readonly id: string;
  readonly denied: string | undefined;
}

function payloadOf(who: ClientSession, event: string, command: string, id: string, more: object = {}) {
  const { agent, ...rest } = more as { agent?: string };
  return who.payload(event, {
    tool_name: 'Bash',
    tool_input: { command, ...rest },
    tool_use_id: id,
    ...(agent === undefined ? {} : { agent_id: agent }),
  });
}

/** Before the command. */
function begin(who: ClientSession, command: string, more: object = {}): Call {
  uses += 1;
  const id = `toolu_${uses}`;
  return {
    id,
    denied: project.hook('guard', payloadOf(who, 'PreToolUse', command, id, more), who.env).denied,
  };
}

const run = (who: ClientSession, command: string, more: object = {}) => begin(who, command, more).denied;

/** After it. */
function end(who: ClientSession, id: string, response: object = {}, event = 'PostToolUse'): void {
  const payload = {
    ...payloadOf(who, event, 'x', id),
    tool_response: { stdout: '', stderr: '', ...response },
  };
  project.hook('after', payload, who.env);
}

const holders = () =>
  listLocks(project.home)
    .locks.filter(({ target }) => reservedAs(target) === 'tests')
    .map(({ holder, command }) => `${holder}: ${command}`);

const RESULT = (id: string, result: unknown = 'interrupted') =>
  `${JSON.stringify({ type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: id }] }, toolUseResult: result })}\n`;

describe('a command that works on the whole tree', () => {
  test('has the mutex while it runs, and keeps every other one off; what works on a part is no matter', () => {
    const { id, denied } = begin(lead, 'npm test 2>&1 | tail -5');
    expect(denied).toBeUndefined();
    expect(holders()).toEqual(['coordinator: npm test']);
    const refusal = run(peer, 'cd src && pytest -q');
    expect(refusal).toMatch(
      /coordinator \(session a1a1a1a1-lead, for \d+ s\) has the test mutex with `npm test`/,
    );
    expect(refusal).toContain('a message comes when it is free');
    expect(refusal).toContain('To wait for it: `coord run -- pytest -q`');
    expect(run(peer, 'ls && npm run dev')).toBeUndefined();
    expect(run(peer, `cd ${project.outside('elsewhere')} && npm test`)).toBeUndefined();
    expect(run(peer, 'git commit -m "npm test" --allow-empty -q -- src/a.ts')).toBeUndefined();
    end(lead, 'toolu_other');
    expect(run(peer, 'make')).toContain('coordinator');
    end(lead, id);
    expect(run(peer, 'make')).toBeUndefined();
    expect(holders()).toEqual(['agent-b2b2b2b2: make']);
  });

  test('that fails gives it back as well', () => {
    const { id } = begin(lead, 'npm test');
    end(lead, id, {}, 'PostToolUseFailure');
    expect(holders()).toEqual([]);
  });

  test('waits for one of its own session too, and is told so', () => {
    const { id } = begin(lead, 'npm run lint');
    expect(run(lead, 'npm test')).toContain('your own `npm run lint` is still running');
    end(lead, id);
    expect(run(lead, 'npm test')).toBeUndefined();
  });

  test('waits a moment, and gets it', async () => {
    project.must('config', 'set', 'lock_wait', '20');
    const { id } = begin(lead, 'npm test');
    const waiting = project.hookLater(
      'guard',
      payloadOf(peer, 'PreToolUse', 'npm test', 'toolu_w'),
      peer.env,
    );
    await sleep(500);
    end(lead, id);
    expect((await waiting).denied).toBeUndefined();
    expect(holders()).toEqual(['agent-b2b2b2b2: npm test']);
    project.must('config', 'set', 'lock_wait', '0');
  });

  test('of whoever has what its holder was refused is refused at once, with what to release', () => {
    project.must('config', 'set', 'lock_wait', '20');
    begin(lead, 'npm test', { run_in_background: true });
    run(peer, 'echo x > src/a.ts');
    project.must('config', 'set', 'lock_wait', '0');
    expect(run(lead, 'echo y > src/a.ts')).toContain('locked by agent-b2b2b2b2');
    project.must('config', 'set', 'lock_wait', '20');
    const startedAt = performance.now();
    const refusal = run(peer, 'npm test');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(refusal).toContain('coordinator wants src/a.ts, which you have');
    expect(refusal).toContain('`coord unlock src/a.ts`');
    project.must('config', 'set', 'lock_wait', '0');
  });

  test('that may not write its log gives the mutex back, since it does not run', () => {
    run(lead, 'echo x > src/a.ts');
    expect(run(peer, 'npm test > src/a.ts')).toContain('src/a.ts is locked by coordinator');
    expect(holders()).toEqual([]);
  });
});

describe('it is over', () => {
  test('at once when a person pressed Esc: no hook tells, the transcript does', () => {
    const { id } = begin(lead, 'npm test');
    appendFileSync(lead.transcript, RESULT(id));
    expect(run(peer, 'npm test')).toBeUndefined();
  });

  test('at the next prompt, where the transcript does not tell', async () => {
    begin(lead, 'npm test');
    await lead.prompt();
    expect(holders()).toEqual([]);
  });

  test('for a command in the background when its task has ended, and not with its call, turn or prompt', async () => {
    const { id } = begin(lead, 'npm test');
    end(lead, id, { backgroundTaskId: 'b1' });
    appendFileSync(lead.transcript, RESULT(id, { backgroundTaskId: 'b1' }));
    await lead.prompt();
    await lead.stop({
      background_tasks: [{ id: 'b1', type: 'shell', status: 'running', command: 'npm test' }],
    });
    expect(holders()).toEqual(['coordinator: npm test']);
    const content = `<task-notification>\n<tool-use-id>${id}</tool-use-id>\n<status>completed</status>\n</task-notification>`;
    appendFileSync(lead.transcript, `${JSON.stringify({ type: 'queue-operation', content })}\n`);
    expect(holders()).toEqual([]);
  });

  test('for one whose task the client does not list any more, at the end of the turn', async () => {
    writeFileSync(lead.transcript, '');
    const { id } = begin(lead, 'npm test', { run_in_background: true });
    end(lead, id, { backgroundTaskId: 'b1' });
    await lead.stop({ background_tasks: [{ type: 'shell', status: 'running', command: 'sleep 9' }] });
    expect(holders()).toEqual([]);
  });

  test('with its subagent, and with its session, whose end nobody has to see', async () => {
    const helper = new ClientSession(
      project,
      { session: lead.session, cwd: project.home, agent: 'c0ffee00aa' },
      lead,
    );
    await helper.run('SubagentStart');
    begin(lead, 'npm test', { agent: 'c0ffee00aa' });
    await lead.stop({ background_tasks: [{ type: 'subagent', status: 'running' }] });
    expect(holders()).toEqual(['agent-c0ffee00: npm test']);
    await helper.stop();
    expect(holders()).toEqual([]);
    const third = await clients.open(project, 'e5e5e5e5');
    begin(third, 'npm test');
    await third.kill();
    expect(run(peer, 'npm test')).toBeUndefined();
  });

  test('and who was refused is told by a message, once', async () => {
    await peer.stop();
    const { id } = begin(lead, 'npm test');
    run(peer, 'npm test');
    run(peer, 'npm run lint');
    end(lead, id);
    const { context } = await peer.stop();
    expect(context?.split('The test mutex is free')).toHaveLength(2);
  });
});

describe('where nobody could tell when it ends', () => {
  test.each(['npm test &', 'nohup npm test > /dev/null 2>&1 &', '(make; npm test) & disown'])(
    '%s is refused, with a way that ends',
    (command) => {
      expect(run(peer, command)).toMatch(
        /Run it with run_in_background, or put `coord run -- (npm test|make)`/,
      );
      expect(holders()).toEqual([]);
    },
  );

  test('a line that waits for it, and `coord run` behind `&`, may', () => {
    expect(run(peer, 'coord run -- npm test &')).toBeUndefined();
    expect(holders()).toEqual([]);
    expect(run(peer, 'npm run lint & npm test & wait')).toBeUndefined();
    expect(holders()).toEqual(['agent-b2b2b2b2: npm run lint']);
  });
});

describe('the settings', () => {
  test.each<[string, string[], string, string[]]>([
    ['switched off', ['mutex', '[]'], 'npm test', []],
    ['of its own', ['mutex', '["./check.sh"]'], './check.sh --all', ['coordinator: ./check.sh --all']],
    ['safe in parallel', ['mutex_parallel', '["npm run lint"]'], 'npm run lint', []],
    ['a validation', ['validation', '["node check.js"]'], 'node check.js', ['coordinator: node check.js']],
    ['in worktree mode', ['mode', 'worktrees'], 'npm test', []],
  ])('%s', (_, [key = '', value = ''], command, expected) => {
    const before = project.must<Record<string, unknown>>('config', 'get', key)[key];
    project.must('config', 'set', key, value);
    expect(run(lead, command)).toBeUndefined();
    expect(holders()).toEqual(expected);
    project.must('config', 'set', key, typeof before === 'string' ? before : JSON.stringify(before));
  });
});
