/**
 * Development cycles in the real client: the session plays `/coord:cycle` as its text says, the four agents are scripted.
 * A whole cycle with two iterations and an extension; one that is paused in the middle, killed, rebuilt and resumed in
 * another session; two side by side in two worktrees.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Cycle, CycleRole } from '../../src/domain/cycle/cycle.ts';
import { isLong } from '../kit/long.ts';
import type { MessagesApi, Reply, Turn, TurnSource } from '../kit/messages-api.ts';
import type { ModelRequest } from '../kit/model-request.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { EXPLORATION, nextIn, REQUIREMENTS, roleOf } from './cycle-kit.ts';
import { projectWith } from './disk.ts';
import { bash, call, Gate, type Played, resultsOf, Scene, say, write } from './kit.ts';

/** Passes once the greeting is what was asked for: by the first line of `wanted.txt`, where there is one. */
const CHECK = 'node check.js';
const SCRIPT = `const fs = require('fs');
const wanted = fs.existsSync('wanted.txt') ? fs.readFileSync('wanted.txt', 'utf8') : 'hello';
process.exit(fs.existsSync('greet.txt') && fs.readFileSync('greet.txt', 'utf8').trim() === wanted.trim() ? 0 : 3);
`;

function cycled(...phases: string[]): Project {
  const project = projectWith({ 'check.js': SCRIPT }, ...phases);
  project.must('config', 'set', 'validation', JSON.stringify([CHECK]));
  return project;
}

// --- the session: what commands/cycle.md says ---

const STEPS_MAX = 80;

/** Types the first commands, and then goes round as long as there is something to do. */
function orchestrate(...first: Turn[]): Reply {
  let asked = 0;
  return (request) => {
    asked += 1;
    if (asked > STEPS_MAX) return say('it goes round for ever');
    const opening = first[asked - 1];
    if (opening) return opening;
    const last = request.toolResults.at(-1);
    const next = last?.toolName === 'Bash' ? nextIn(last.text) : undefined;
    if (next === undefined) return bash('coord cycle next --json');
    if (next['action'] === 'start') return bash('coord cycle start');
    if (next['action'] !== 'agent') return say(`over: ${next['action']}, ${next['why']}`);
    return call('Agent', {
      description: String(next['role']),
      subagent_type: next['agent'],
      prompt: next['prompt'],
      run_in_background: false,
    });
  };
}

// --- the agents: known by their own words, the cycle and the iteration by what they were told ---

const ROLES = ['ra', 'ep', 'cd', 'vas'] as const;

type Part = Partial<Record<`${CycleRole}${number}` | CycleRole, readonly TurnSource[]>>;

/** The agents of one session; a part is one iteration's, or that of all which have none of their own. */
function cast(api: MessagesApi, session: string, part: Part): void {
  for (const role of ROLES) {
    const when = (request: ModelRequest) => request.sessionId === session && roleOf(request) === role;
    const turns: Reply = (request) => {
      const iteration = Number(/, iteration (\d+) of at most/.exec(request.openingText)?.[1]);
      const steps = part[`${role}${iteration}`] ?? part[role] ?? [];
      const at = request.body.messages.filter((message) => message.role === 'assistant').length;
      const step = steps[at] ?? say('that was all');
      return typeof step === 'function' ? step(request) : step;
    };
    api.add({ name: `${session} ${role}`, when, turns });
  }
}

const report = (outcome: string, text: string) => bash(`coord cycle report ${outcome} "${text}"`);
const put = (file: string, text: string) =>
  bash(`mkdir -p ${dirname(file)} && cat > ${file} <<'END'\n${text}\nEND`);

const PLAN = {
  tasks: [{ id: 'TASK-001', description: 'Greet', effort: 'small', depends_on: [], files: ['greet.txt'] }],
};
const RESULTS = (failed: string[]) => JSON.stringify({ failed_tests: failed, total_tests: 1, coverage: 100 });

/** A part in which each does what it should, and the greeting is this. */
function simple(greeting: string): Part {
  return {
    ra: [put('.progress/ra/requirements.md', REQUIREMENTS), report('completed', 'written down')],
    ep: [
      put('.progress/ep/exploration.md', EXPLORATION),
      put('.progress/ep/plan.json', JSON.stringify(PLAN)),
      report('completed', 'planned'),
    ],
    cd: [
      bash('coord cycle task TASK-001 start'),
      bash(`echo ${greeting} > greet.txt && git add greet.txt && git commit -qm "Greet"`),
      bash('coord cycle task TASK-001 done'),
      report('completed', 'it greets'),
    ],
    vas: [bash(CHECK), put('.progress/vas/test-results.json', RESULTS([])), report('completed', 'it ran')],
  };
}

function stateFile(project: Project, id: string): string {
  return project.path('.workflow', '.cycle', `${id}.json`);
}

function stateOf(project: Project, id: string): Cycle {
  return JSON.parse(readFileSync(stateFile(project, id), 'utf8')) as Cycle;
}

function idIn(played: Pick<Played, 'seen'>): string {
  return /cycle-v1-[0-9T]+-[a-z0-9]+/.exec(played.seen)?.[0] ?? 'no cycle';
}

const results = (scene: Scene, session: string, role: CycleRole) =>
  resultsOf(scene.api.of(`${session} ${role}`)).map(({ isError }) => isError);

describe('a whole cycle', () => {
  let scene: Scene;
  let project: Project;
  let id = '';
  let session = '';
  let played: Played;
  let more: Played;

  beforeAll(async () => {
    scene = await Scene.open(cycled());
    project = scene.project;
    const { home } = project;
    const live = scene.start({
      name: 'main',
      cwd: home,
      prompt: '/coord:cycle Write a greeting',
      steps: orchestrate(bash('coord cycle new "Write a greeting" --json'), bash('coord cycle start')),
    });
    session = live.id;
    cast(scene.api, live.id, {
      ...simple('hello'),
      ra1: [
        write(join(home, 'greet.txt'), 'I do it myself\n'),
        write(join(home, '.progress/ep/plan.json'), '{}'),
        bash('coord cycle pause'),
        write(join(home, '.progress/ra/requirements.md'), REQUIREMENTS),
        report('completed', 'written down'),
      ],
      cd1: [
        bash('coord cycle task TASK-001 start'),
        write(join(home, 'greet.txt'), 'hi\n'),
        write(join(home, '.progress/vas/test-results.json'), '{}'),
        put('.progress/cd/code-changes.log', '{"file": "greet.txt", "description": "greets"}'),
        bash('git add greet.txt && git commit -qm "Greet" && coord cycle task TASK-001 done'),
        report('completed', 'it greets'),
      ],
      vas1: [
        bash(CHECK),
        write(join(home, '.progress/vas/test-results.json'), RESULTS(['greeting'])),
        bash('coord cycle feedback cd "it says hi where hello is wanted"'),
        report('completed', 'it ran, and is red'),
      ],
      // It says nothing: it is told to hand over, and does.
      cd2: [
        bash('echo hello > greet.txt && git commit -qam "Greet as wanted"'),
        say('I am done'),
        report('completed', 'it greets as wanted'),
      ],
    });
    played = await live.done;
    id = idIn(played);
  });
  afterAll(() => scene.close());

  it('goes round again where validation is red, and is complete when it is green', () => {
    expect(played.client.resultText).toContain('over: none, it is complete');
    const state = stateOf(project, id);
    expect(state).toMatchObject({ status: 'completed', current_phase: 'complete', current_iteration: 2 });
    expect(state.iterations.map(({ agent_results }) => Object.keys(agent_results))).toEqual([
      ['ra', 'ep', 'cd', 'vas'],
      ['cd', 'vas'],
    ]);
    expect(state.completed_phases).toEqual(['cd', 'vas']);
    expect(state.iterations.map(({ resolved }) => resolved)).toEqual([false, true]);
    expect(state.iterations[0]?.issues_found.join()).toContain(CHECK);
    expect(state.changes?.changes.map(({ file, iteration }) => [file, iteration])).toEqual([
      ['greet.txt', 1],
      ['greet.txt', 2],
    ]);
    expect(readFileSync(project.path('greet.txt'), 'utf8')).toBe('hello\n');
  });

  it('each agent writes its artifact and no other, and steers nothing', () => {
    expect(results(scene, session, 'ra')).toEqual([true, true, true, false, false]);
    expect(results(scene, session, 'cd').slice(0, 6)).toEqual([false, false, true, false, false, false]);
    const said = resultsOf(scene.api.of(`${session} ra`)).map(({ text }) => text);
    expect(said[0]).toContain('.progress/ra/ and nowhere else');
    expect(said[2]).toContain("the user's to order");
    expect(project.read('.progress/ra/requirements.md')).toContain('A file greets.');
    expect(JSON.parse(project.read('.progress/ep/plan.json'))).toMatchObject({ version: '1.0.0' });
    expect(readdirSync(project.path('.progress/ra/history'))).toEqual(['requirements-v1.0.0.md']);
    expect(project.read('.progress/coordination/timeline.md')).toContain(id);
  });

  it('an agent is told that it has the turn, and once to hand over', () => {
    const requests = scene.api.of(`${session} ra`);
    expect(requests[0]?.allText).toContain(`requirements-analyst of cycle ${id}`);
    const developer = scene.api.of(`${session} cd`).map((request) => request.latestText);
    expect(developer.filter((text) => text.includes('is not handed over'))).toHaveLength(1);
    expect(developer.some((text) => text.includes('it says hi where hello is wanted'))).toBe(true);
    expect(project.must<Cycle>('cycle', 'show').cycle_id).toBe(id);
  });

  // In the short form by the command line alone (surfaces/cycle-cli).
  it.runIf(isLong)('goes on with an extension, from the requirements on', async () => {
    const live = scene.start({
      name: 'extending',
      cwd: project.home,
      prompt: `/coord:cycle --extend ${id} say bye instead`,
      steps: orchestrate(bash(`coord cycle extend ${id} "say bye instead"`)),
    });
    const planned = {
      tasks: [...PLAN.tasks, { ...PLAN.tasks[0], id: 'TASK-002', depends_on: ['TASK-001'] }],
    };
    cast(scene.api, live.id, {
      ...simple('bye'),
      ra: [
        put('.progress/ra/requirements.md', REQUIREMENTS.replace('greets', 'says bye')),
        report('completed', 'extended'),
      ],
      ep: [put('.progress/ep/plan.json', JSON.stringify(planned)), report('completed', 'planned')],
      cd: [
        bash('coord cycle task TASK-002 start'),
        bash('echo bye > wanted.txt && cp wanted.txt greet.txt && git add -A . && git commit -qm "Bye"'),
        bash('coord cycle task TASK-002 done'),
        report('completed', 'it says bye'),
      ],
    });
    more = await live.done;
    expect(more.client.resultText).toContain('over: none, it is complete');
    const state = stateOf(project, id);
    expect(state).toMatchObject({
      status: 'completed',
      current_iteration: 3,
      requirements: { version: '1.1.0' },
      plan: { version: '1.1.0', critical_path: ['TASK-001', 'TASK-002'] },
    });
    expect(state.iterations[2]).toMatchObject({ number: 3, extension: 'say bye instead', resolved: true });
    expect(state.task_history).toEqual(['Write a greeting', 'say bye instead']);
    expect(readdirSync(project.path('.progress/ra/history')).sort()).toEqual([
      'requirements-v1.0.0.md',
      'requirements-v1.1.0.md',
    ]);
  });
});

describe('a cycle in the middle of which everything stops', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open(cycled('01'));
  });
  afterEach(() => scene.close());

  it.runIf(isLong)(
    'holds its agent at the next call, survives a kill and a lost state, and is finished by another session',
    async () => {
      const { project, api } = scene;
      const root = project.worktree('01');
      const gate = new Gate();
      const never = new Gate();
      const live = scene.start({
        name: 'first',
        cwd: root,
        prompt: '/coord:cycle Write a greeting',
        steps: orchestrate(bash('coord cycle new "Write a greeting" --json'), bash('coord cycle start')),
      });
      cast(api, live.id, {
        ...simple('hello'),
        cd: [
          bash('coord cycle task TASK-001 start'),
          gate.before(call('Read', { file_path: join(root, 'check.js') })),
          bash('ls'),
          write(join(root, 'greet.txt'), 'too late\n'),
          never.before(say('not said')),
        ],
      });
      const developer = () => resultsOf(api.of(`${live.id} cd`));
      await api.waitFor(() => developer().length >= 1, 120_000);
      const id = project.mustIn<{ cycle_id: string }>(root, 'cycle', 'pause').cycle_id;
      gate.open();
      await api.waitFor(() => developer().length >= 4, 60_000);
      expect(developer().map(({ isError }) => isError)).toEqual([false, true, true, true]);
      for (const { text } of developer().slice(1)) expect(text).toContain(`cycle ${id} is paused`);
      live.session.kill();
      await live.done;
      expect(existsSync(join(root, 'greet.txt'))).toBe(false);

      const before = stateOf(project, id);
      expect(before).toMatchObject({ status: 'paused', current_phase: 'cd', current_iteration: 1 });
      const text = readFileSync(stateFile(project, id), 'utf8');
      writeFileSync(stateFile(project, id), text.slice(0, text.length / 2));
      expect(project.coord(['cycle', 'next'], { cwd: root }).code).toBe(1);
      project.mustIn(root, 'cycle', 'rebuild', id);
      const rebuilt = stateOf(project, id);
      expect({ ...rebuilt, coord: { ...rebuilt.coord, acts: [] } }).toEqual({
        ...before,
        coord: { ...before.coord, acts: [] },
      });

      const second = scene.start({
        name: 'second',
        cwd: root,
        prompt: '/coord:cycle resume',
        steps: orchestrate(bash('coord cycle resume')),
      });
      cast(api, second.id, simple('hello'));
      const played = await second.done;
      expect(played.client.resultText).toContain('over: none, it is complete');
      expect(stateOf(project, id)).toMatchObject({ status: 'completed', current_iteration: 1 });
      expect(results(scene, second.id, 'ra')).toEqual([]);
      expect(readFileSync(join(root, 'greet.txt'), 'utf8')).toBe('hello\n');
    },
  );
});

describe('two cycles in two worktrees', () => {
  // In the short form by the command line and the guard alone (surfaces/cycle-cli, surfaces/guard-cycle).
  it.runIf(isLong)('run side by side, each held by its own state alone', async () => {
    const scene = await Scene.open(cycled('01', '02'));
    try {
      const { project } = scene;
      const roots = ['01', '02'].map((phase) => project.worktree(phase));
      const lives = roots.map((cwd, at) => {
        const task = `Greet ${at + 1}`;
        const steps = orchestrate(bash(`coord cycle new "${task}" --json`), bash('coord cycle start'));
        const live = scene.start({ name: task, cwd, prompt: `/coord:cycle ${task}`, steps });
        const own = simple('hello');
        // The first one’s developer reaches into the other worktree.
        const reach = write(join(roots[1] ?? '', '.progress/cd/code-changes.log'), 'x\n');
        cast(scene.api, live.id, at === 0 ? { ...own, cd: [reach, ...(own.cd ?? [])] } : own);
        return live;
      });
      const both = await Promise.all(lives.map(({ done }) => done));
      for (const played of both) expect(played.client.resultText).toContain('over: none, it is complete');
      const ids = both.map(idIn);
      expect(new Set(ids).size).toBe(2);
      expect(ids.map((id) => stateOf(project, id).coord.place)).toEqual(['01-phase-01', '02-phase-02']);
      expect(results(scene, lives[0]?.id ?? '', 'cd')).toEqual([true, false, false, false, false]);
      expect(results(scene, lives[1]?.id ?? '', 'cd')).toEqual([false, false, false, false]);
      for (const [at, root] of roots.entries()) {
        expect(gitIn(root, 'log', '-1', '--format=%s').trim()).toBe('Greet');
        expect(readFileSync(join(root, '.progress/coordination/timeline.md'), 'utf8')).toContain(ids[at]);
      }
      expect(project.must<{ cycles: object[] }>('cycle', 'list').cycles).toHaveLength(2);
    } finally {
      await scene.close();
    }
  });
});
