/** The guard beside a development cycle, by payloads: whose turn it is, which artifact is whose, at every kind of tool. */
import { linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PlaceName } from '../../src/domain/place-name.ts';
import { cycleStateFile, removeTurn, writePointer, writeTurn } from '../../src/storage/light/cycle-glance.ts';
import { type HookRun, Project, repositoryRoot } from '../kit/project.ts';

const CYCLE = 'cycle-v1-20260122T100000-abc123';
const AGENTS = {
  ra: 'requirements-analyst',
  ep: 'exploration-planner',
  cd: 'code-developer',
  vas: 'validation-archivist',
} as const;
type Role = keyof typeof AGENTS;

let project: Project;
let one = '';
let place = '';

beforeAll(() => {
  project = Project.started('01', '02');
  one = project.worktree('01');
  place = '01-phase-01';
});
afterAll(() => project.dispose());

function put(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function cycle(status: string, phase: string, at: PlaceName = place, id = CYCLE): void {
  const coord = { revision: 1, place: at };
  const state = { cycle_id: id, status, current_phase: phase, current_iteration: 1, coord };
  put(cycleStateFile(project.home, id), JSON.stringify(state));
  writePointer(project.home, at, id);
}

interface Call {
  readonly tool?: string;
  readonly input?: object;
  readonly cwd?: string;
  /** The client's own words; else the plugin's agent of the role. */
  readonly type?: string;
  readonly agent?: string | null;
}

function run(role: Role | undefined, call: Call): HookRun {
  const { tool = 'Read', input = {}, cwd = one, type = role && `coord:${AGENTS[role]}`, agent = 'a1' } = call;
  return project.hook('guard', {
    hook_event_name: 'PreToolUse',
    session_id: `session-${cwd}`,
    cwd,
    tool_name: tool,
    tool_input: input,
    tool_use_id: 'use-1',
    ...(type === undefined ? {} : { agent_type: type }),
    ...(type === undefined || agent === null ? {} : { agent_id: agent }),
  });
}

const denied = (role: Role | undefined, call: Call = {}) => run(role, call).denied;
const write = (path: string): Call => ({
  tool: 'Write',
  input: { file_path: join(one, path), content: 'x' },
});
const bash = (command: string): Call => ({ tool: 'Bash', input: { command } });

const EVERY_TOOL: readonly Call[] = [
  { tool: 'Read', input: { file_path: '/etc/hosts' } },
  { tool: 'Grep', input: { pattern: 'x' } },
  { tool: 'Glob', input: { pattern: '*' } },
  { tool: 'WebFetch', input: { url: 'https://example.invalid' } },
  { tool: 'ToolSearch', input: { query: 'x' } },
  { tool: 'TodoWrite', input: { todos: [] } },
  { tool: 'a tool of next year', input: {} },
  { tool: 'mcp__x__read', input: {} },
  bash('ls'),
  bash('git status'),
  bash('npm test'),
  bash('coord cycle report completed "done"'),
  { tool: 'PowerShell', input: { command: 'Get-Content a' } },
  write('src/a.ts'),
  write('.progress/cd/code-changes.log'),
];

describe('an agent that has no turn', () => {
  const states = [
    ['paused', 'cd', `coord cycle resume ${CYCLE}`],
    ['failed', 'cd', 'has failed'],
    ['completed', 'complete', 'is completed'],
    ['created', 'init', `coord cycle start ${CYCLE}`],
    ['running', 'vas', 'it is validation-archivist'],
  ] as const;

  test.each(states)('%s, in %s: not one of its calls passes', (status, phase, says) => {
    cycle(status, phase);
    for (const call of EVERY_TOOL) {
      const reason = denied('cd', call);
      expect([call.tool, reason]).toEqual([call.tool, expect.stringContaining(says)]);
      expect(reason).toContain('end your turn');
    }
  });

  test('a state that cannot be read is no leave', () => {
    cycle('running', 'cd');
    put(cycleStateFile(project.home, CYCLE), '{"status": "running", ');
    for (const call of EVERY_TOOL) expect(denied('cd', call)).toContain(`coord cycle rebuild ${CYCLE}`);
  });

  test('the bare name counts, and the main thread of `claude --agent`', () => {
    cycle('paused', 'cd');
    expect(denied('cd', { type: 'code-developer' })).toContain('paused');
    expect(denied('cd', { agent: null })).toContain('paused');
    expect(denied('cd', { type: 'code-developer', agent: null })).toContain('paused');
    cycle('failed', 'cd');
    expect(denied('cd', { type: 'code-developer' })).toContain('has failed');
    for (const type of ['general-purpose', 'other:code-developer', 'code-developer-2', ''])
      expect(denied(undefined, { type })).toBeUndefined();
  });

  test('an agent of the user’s own by that name is left alone when nothing of a cycle is left to do', () => {
    cycle('completed', 'complete');
    expect(denied('cd', { type: 'code-developer', ...write('src/a.ts') })).toBeUndefined();
    expect(denied('cd', write('src/a.ts'))).toContain('is completed');
  });

  test('from paused back to running, the next call passes', () => {
    cycle('paused', 'cd');
    expect(denied('cd', bash('ls'))).toContain('paused');
    cycle('running', 'cd');
    expect(denied('cd', bash('ls'))).toBeUndefined();
    expect(denied('cd')).toBeUndefined();
  });

  test('the refusal is noted', () => {
    cycle('paused', 'cd');
    denied('cd');
    const log = readFileSync(project.path('.coordination/log/coord.jsonl'), 'utf8').trim().split('\n');
    expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({
      act: 'refused',
      code: 'cycle-not-running',
      tool: 'Read',
    });
  });
});

describe('an agent whose turn it is', () => {
  test.each(Object.keys(AGENTS) as Role[])('%s reads all, and writes its artifact', (role) => {
    cycle('running', role);
    for (const call of EVERY_TOOL.slice(0, 13)) expect([call, denied(role, call)]).toEqual([call, undefined]);
    expect(denied(role, write(`.progress/${role}/notes.md`))).toBeUndefined();
    expect(
      denied(role, bash(`mkdir -p .progress/${role} && echo x > .progress/${role}/a.md`)),
    ).toBeUndefined();
    expect(denied(role, bash('npm test 2>&1 | tail -5 > /dev/null'))).toBeUndefined();
    expect(
      denied(role, bash(`make lint && ruff format --check . > .progress/${role}/lint.log`)),
    ).toBeUndefined();
    expect(denied(role, write(`.progress/${role}/history/a.md`))).toContain('kept by coord');
    expect(denied(role, write('.progress/coordination/timeline.md'))).toContain('kept by coord');
    expect(denied(role, bash(`rm -rf .progress/${role}`))).toContain('kept by coord');
  });

  test.each(['ra', 'ep', 'vas'] as const)('%s writes nothing else', (role) => {
    cycle('running', role);
    const elsewhere: readonly Call[] = [
      write('src/a.ts'),
      write('.planning/phases/01-phase-01/STATUS.md'),
      write('.progress/cd/code-changes.log'),
      bash('echo x > src/a.ts'),
      bash('echo x >> .progress/cd/code-changes.log'),
      bash('sed -i s/a/b/ README.md'),
      bash(`cd .progress/${role} && echo x > ../../a.txt`),
      bash('git commit -am "mine"'),
      bash('git checkout -b other'),
      bash('patch -p1 < a.patch'),
      bash(`python3 -c "open('src/a.ts', 'w')"`),
      bash('find . -name a.ts -delete'),
      bash('npx prettier --write .'),
      bash('ln README.md .progress/x'),
    ];
    for (const call of elsewhere)
      expect([call, denied(role, call)]).toEqual([call, expect.stringContaining(`.progress/${role}/`)]);
  });

  test('the developer writes code, commits, and leaves the others’ artifacts alone', () => {
    cycle('running', 'cd');
    for (const call of [write('src/a.ts'), bash('echo x > src/a.ts && git add -A && git commit -qm x')])
      expect(denied('cd', call)).toBeUndefined();
    expect(denied('cd', write('.progress/ra/requirements.md'))).toContain('requirements-analyst alone');
    expect(denied('cd', bash('rm -rf .progress'))).toContain('artifacts');
    expect(
      denied('cd', { tool: 'Write', input: { file_path: project.path('a.ts'), content: '' } }),
    ).toContain('worktree of coordinator');
  });

  test('an artifact’s other name is no way to it', () => {
    cycle('running', 'cd');
    const artifact = put(join(one, '.progress/ra/requirements.md'), '# R\n');
    const link = join(one, 'link.md');
    linkSync(artifact, link);
    expect(denied('cd', write('link.md'))).toContain('requirements-analyst alone');
    expect(denied('cd', bash('ln .progress/ra/requirements.md other.md'))).toContain('requirements-analyst');
  });

  const control = ['new "x"', 'start', 'pause', 'resume', 'stop', 'extend x y', 'rebuild', 'answer D1 a'];
  test.each(control)('may not `cycle %s`, however it is called', (verb) => {
    cycle('running', 'cd');
    const calls = [
      `coord cycle ${verb}`,
      `cd src; coord cycle ${verb} --json`,
      `bash -c 'coord cycle ${verb}'`,
      `node ${repositoryRoot}/scripts/coord.cjs cycle ${verb}`,
      `timeout 5 coord cycle ${verb} || true`,
    ];
    for (const call of calls)
      expect([call, denied('cd', bash(call))]).toEqual([
        call,
        expect.stringContaining('the user’s'.replace('’', "'")),
      ]);
    expect(denied('cd', { tool: 'Monitor', input: { command: `coord cycle ${verb}` } })).toContain(
      'move the cycle',
    );
    expect(denied('cd', { tool: 'PowerShell', input: { command: `coord cycle ${verb}` } })).toContain(
      'move the cycle',
    );
  });

  test.each([
    'report completed "all done"',
    'task TASK-001 start',
    'ask "which?" --option a',
    'show',
    'feedback ra "x"',
  ])('may `cycle %s`', (verb) => {
    cycle('running', 'cd');
    expect(denied('cd', bash(`coord cycle ${verb}`))).toBeUndefined();
  });

  test('is the one that was started last for it', () => {
    cycle('running', 'cd');
    const turn = { cycle: CYCLE, iteration: 1, role: 'cd', session: `session-${one}`, agent: 'a2' } as const;
    writeTurn(project.home, place, turn);
    expect(denied('cd', bash('ls'))).toContain('was started for this turn');
    expect(denied('cd', { agent: 'a2' })).toBeUndefined();
    // Of a turn that is over, or of nobody's.
    writeTurn(project.home, place, { ...turn, iteration: 0 });
    expect(denied('cd')).toBeUndefined();
    writeTurn(project.home, place, { ...turn, cycle: 'cycle-other' });
    expect(denied('cd')).toBeUndefined();
    removeTurn(project.home, place);
    expect(denied('cd')).toBeUndefined();
  });

  test('starts no other agent in its place', () => {
    cycle('running', 'cd');
    for (const tool of ['Agent', 'Task', 'Workflow', 'Skill'])
      expect(denied('cd', { tool })).toContain('yourself');
  });
});

describe('everybody else', () => {
  beforeEach(() => cycle('running', 'cd'));

  test('reads without a question, and that is not even judged', () => {
    put(cycleStateFile(project.home, CYCLE), 'no JSON');
    expect(run(undefined, { tool: 'Read', input: { file_path: join(one, 'a') } })).toMatchObject({
      stdout: '',
      code: 0,
    });
    expect(
      run(undefined, { tool: 'Read', cwd: project.outside('x'), input: { file_path: join(one, 'a') } })
        .stdout,
    ).toBe('');
  });

  test.each([
    [write('.progress/ra/requirements.md'), 'requirements-analyst alone'],
    [write('.progress/cd/code-changes.log'), 'code-developer alone'],
    [write('.progress/cd/history/x'), 'code-developer alone'],
    [write('.progress/coordination/timeline.md'), 'kept by coord'],
    [bash('echo x > .progress/vas/test-results.json'), 'validation-archivist alone'],
    [bash('cp README.md .progress/ep/plan.json'), 'exploration-planner alone'],
    [bash('rm -r .progress/ra'), 'requirements-analyst alone'],
    [bash('rm -rf .progress'), 'artifacts of a development cycle'],
    [bash('mv .progress/ra aside'), 'requirements-analyst alone'],
    [bash('coord cycle report completed "all of it"'), 'hands over for a role'],
  ])('%j is refused', (call, says) => {
    expect(denied(undefined, call)).toContain(says);
    expect(denied(undefined, { ...call, type: 'general-purpose' })).toContain(says);
  });

  test.each([
    write('src/a.ts'),
    write('.progress/notes/a.md'),
    bash('echo x > src/a.ts'),
    bash('cat .progress/ra/requirements.md'),
    bash('coord cycle pause'),
    bash('coord cycle next --json'),
  ])('%j passes', (call) => {
    expect(denied(undefined, call)).toBeUndefined();
  });
});

describe('a worktree without a cycle', () => {
  test('knows its agents as any other, and its folders as anybody’s', () => {
    const two = project.worktree('02');
    cycle('paused', 'cd');
    const call = (file: string) => ({
      tool: 'Write',
      cwd: two,
      input: { file_path: join(two, file), content: '' },
    });
    for (const role of ['ra', 'cd'] as const) {
      expect(denied(role, { cwd: two })).toBeUndefined();
      expect(denied(role, call('src/a.ts'))).toBeUndefined();
    }
    expect(denied(undefined, call('.progress/ra/requirements.md'))).toBeUndefined();
    expect(denied('ra', { tool: 'Write', cwd: two, input: write('src/a.ts').input ?? {} })).toContain(
      'worktree of worker-01',
    );
  });

  test('each has the state of its own: two side by side', () => {
    const two = project.worktree('02');
    cycle('paused', 'cd');
    cycle('running', 'ra', '02-phase-02', 'cycle-two');
    expect(denied('cd')).toContain(`cycle ${CYCLE} is paused`);
    expect(denied('cd', { cwd: two })).toContain('cycle-two');
    expect(denied('ra', { cwd: two })).toBeUndefined();
    expect(denied('ra')).toContain('paused');
    cycle('running', 'cd');
    expect(denied('cd')).toBeUndefined();
  });
});

describe('a project where the guard is off, or none', () => {
  afterEach(() => project.must('config', 'set', 'guard', 'on', '--local'));

  test('holds nobody', () => {
    cycle('paused', 'cd');
    expect(denied('cd')).toContain('paused');
    project.must('config', 'set', 'guard', 'off', '--local');
    expect(denied('cd')).toBeUndefined();
    expect(denied('cd', { cwd: project.outside('elsewhere') })).toBeUndefined();
  });
});

describe('hooks.json', () => {
  test('starts the guard before every tool: what it judges fails closed, the rest does not', () => {
    const hooks = JSON.parse(readFileSync(join(repositoryRoot, 'hooks/hooks.json'), 'utf8'));
    const [first, second] = hooks.hooks.PreToolUse;
    const tools = [
      'Write',
      'Edit',
      'MultiEdit',
      'NotebookEdit',
      'Bash',
      'PowerShell',
      'Monitor',
      'EnterWorktree',
      'Artifact',
    ];
    const all = [
      ...tools,
      'mcp__x__y',
      'Read',
      'Grep',
      'Agent',
      'Skill',
      'WriteX',
      'xBash',
      'a tool of next year',
    ];
    for (const tool of all) {
      const isJudged = tools.includes(tool) || tool.startsWith('mcp__');
      expect([tool, new RegExp(first.matcher).test(tool), new RegExp(second.matcher).test(tool)]).toEqual([
        tool,
        isJudged,
        !isJudged,
      ]);
    }
    expect(first.hooks[0].onFailure).toBe('block');
    expect(second.hooks[0].onFailure).toBeUndefined();
    expect(second.hooks[0].args).toEqual(first.hooks[0].args);
  });
});
