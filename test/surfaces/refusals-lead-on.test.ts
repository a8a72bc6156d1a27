/**
 * Refusals lead on. A scripted worker knows nothing but the text: it takes the first command of coord's out of it, fills
 * the blanks, asks the guard for it as for any command, really runs it, and then goes on. Each code of the guard has a
 * row here; a new one does not compile without.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cycleStateFile, writePointer } from '../../src/storage/light/cycle-glance.ts';
import type { GuardRefusal } from '../../src/surfaces/wording/refusals.ts';
import { ClientSession } from '../kit/client-process.ts';
import { bareEnvironment, gitIn, Project, type Run, scripts } from '../kit/project.ts';

const opened: { dispose(): void }[] = [];
afterAll(() => {
  for (const one of opened) one.dispose();
});

/** Agents on one project, with `coord` on their PATH, as the plugin puts it there. */
class Stage {
  readonly project: Project;
  private readonly bin: string;
  private readonly clients: ClientSession[] = [];

  constructor(...settings: readonly (readonly [key: string, value: string])[]) {
    this.project = Project.like('started with a file in each', (project) => {
      project.must('init');
      project.write('src/a.ts', 'x\n');
      project.write('check.sh', '#!/bin/sh\nexit 0\n');
      chmodSync(project.path('check.sh'), 0o755);
      project.git('add', '-A');
      project.git('commit', '-qm', 'Ground');
      for (const id of ['01', '02']) project.startPhase(id);
    });
    for (const [key, value] of settings) this.project.must('config', 'set', key, value);
    this.bin = this.project.outside('bin');
    const coord = join(this.bin, 'coord');
    writeFileSync(coord, `#!/bin/sh\nexec "${process.execPath}" "${join(scripts, 'coord.cjs')}" "$@"\n`);
    chmodSync(coord, 0o755);
    opened.push(this);
  }

  dispose(): void {
    for (const { client } of this.clients) client.kill('SIGKILL');
    this.project.dispose();
  }

  async agent(session: string, cwd: string): Promise<Agent> {
    const client = new ClientSession(this.project, { session, cwd });
    this.clients.push(client);
    await client.start();
    return new Agent(client, this.bin);
  }

  worker(id = '01'): Promise<Agent> {
    return this.agent(`w${id}w${id}w${id}`, this.project.worktree(id));
  }

  lead(): Promise<Agent> {
    return this.agent('l1l1l1l1', this.project.home);
  }
}

class Agent {
  readonly client: ClientSession;
  private readonly bin: string;

  constructor(client: ClientSession, bin: string) {
    this.client = client;
    this.bin = bin;
  }

  get cwd(): string {
    return this.client.cwd;
  }

  /** What the guard says to a tool call; undefined when it lets it through. */
  asks(tool: string, input: object, more: object = {}): string | undefined {
    const payload = this.client.payload('PreToolUse', {
      tool_name: tool,
      tool_input: input,
      tool_use_id: `use-${Math.random()}`,
      ...more,
    });
    return this.client.project.hook('guard', payload, this.client.env).denied;
  }

  writes(path: string, more: object = {}): string | undefined {
    return this.asks(
      'Write',
      { file_path: join(path.startsWith('/') ? '/' : this.cwd, path), content: 'x' },
      more,
    );
  }

  types(command: string, more: object = {}): string | undefined {
    return this.asks('Bash', { command }, more);
  }

  /** Really, as the Bash tool would. */
  runs(command: string): Run {
    const env = bareEnvironment({ PATH: `${this.bin}:${process.env['PATH']}`, ...this.client.env });
    const run = spawnSync('/bin/sh', ['-c', command], { cwd: this.cwd, env, encoding: 'utf8' });
    return { code: run.status, stdout: run.stdout, stderr: run.stderr };
  }

  /** The first command in the text that begins so, its blanks filled: through the guard, and then run. */
  follows(
    refusal: string | undefined,
    fill: Record<string, string> = {},
    program = 'coord',
    more: object = {},
  ): string {
    const spans = [...(refusal ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    const named = spans.find((span) => `${span} `.startsWith(`${program} `));
    if (named === undefined) throw new Error(`no command of ${program} in: ${refusal}`);
    const command = named
      .replace(/<([^>]*)>…?/g, (_, blank: string) => fill[blank] ?? 'some words')
      .replace(/\b([a-z]+)(?:\|[a-z]+)+/g, '$1');
    expect(this.types(command, more), command).toBeUndefined();
    const run = this.runs(command);
    expect(run.code, `${command}: ${run.stderr}`).toBe(0);
    return command;
  }
}

type Row =
  /** Followed, as said above. */
  | { play: () => Promise<void> }
  /** No command of the refused one helps: who must act, and what the text says to do meanwhile. */
  | { waits: string }
  /** The same call in other words: which, the text says. */
  | { says: string };

const CYCLE = 'cycle-v1-20260122T100000-abc123';

function openCycle({ home }: Project, place: string, phase: string, status = 'running'): void {
  const coord = { revision: 1, place };
  const file = cycleStateFile(home, CYCLE);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({ cycle_id: CYCLE, status, current_phase: phase, current_iteration: 1, coord }),
  );
  writePointer(home, place, CYCLE);
}

/** A cycle as `coord cycle` makes it, at its first turn, that of the requirements-analyst. */
async function inCycle(): Promise<{ stage: Stage; worker: Agent; ra: object }> {
  const stage = new Stage();
  const worker = await stage.worker();
  stage.project.mustIn(worker.cwd, 'cycle', 'new', 'Add a login');
  stage.project.mustIn(worker.cwd, 'cycle', 'start');
  return { stage, worker, ra: { agent_id: 'a1', agent_type: 'coord:requirements-analyst' } };
}

/** Refused, the way out followed, then at work in its own ground. */
function goesOn(path: (stage: Stage) => string, way: RegExp): Row {
  return {
    play: async () => {
      const stage = new Stage();
      const worker = await stage.worker();
      expect(worker.follows(worker.writes(path(stage)), { to: 'worker-02' })).toMatch(way);
      expect(worker.writes('src/own.ts')).toBeUndefined();
    },
  };
}

function goesOnInShell(command: (stage: Stage) => string, way: RegExp, program = 'coord'): Row {
  return {
    play: async () => {
      const stage = new Stage();
      const worker = await stage.worker();
      writeFileSync(join(worker.cwd, 'src/a.ts'), 'mine\n');
      expect(worker.follows(worker.types(command(stage)), {}, program)).toMatch(way);
      expect(worker.types('echo x > src/own.ts')).toBeUndefined();
    },
  };
}

const ROWS: Record<GuardRefusal['code'], Row> = {
  'runtime-folder': goesOn(
    ({ project }) => project.path('.coordination/inbox/worker-02/msg-1.json'),
    /^coord send/,
  ),
  'coordinator-document': goesOn(
    ({ project }) => project.path('.planning/STATE.md'),
    /^coord send coordinator/,
  ),
  'decisions-file': goesOn(({ project }) => project.path('DECISIONS.md'), /^coord decide/),
  'status-of-other': goesOn(({ project }) => project.statusFile('02'), /^coord send worker-02/),
  'other-worktree': goesOn(({ project }) => `${project.worktree('02')}/src/a.ts`, /^coord send worker-02/),
  'git-internals': goesOn(({ project }) => project.path('.git/config'), /^coord send coordinator/),
  'out-of-scope': {
    play: async () => {
      const stage = new Stage();
      stage.project.must('phase', 'scope', '01', 'src/**');
      const worker = await stage.worker();
      worker.follows(worker.writes('doc/a.md'));
      expect(worker.writes('src/own.ts')).toBeUndefined();
      stage.project.must('phase', 'scope', '01', 'src/**', 'doc/**');
      expect(worker.writes('doc/a.md')).toBeUndefined();
      stage.project.must('phase', 'add', '03', 'Report', '--kind', 'reporting');
      stage.project.must('phase', 'start', '03');
      const reporter = await stage.agent('r1r1r1r1', join(stage.project.home, '.claude/worktrees/03-report'));
      expect(reporter.follows(reporter.writes('src/a.ts'))).toMatch(/^coord findings/);
    },
  },
  'foreign-project': { waits: 'a person opens a session there; the text has the `cd`' },
  'tree-holds-other': { says: 'the same with the files or folders that are meant' },
  'seat-taken': {
    play: async () => {
      const stage = new Stage();
      const first = await stage.worker();
      const second = await stage.agent('s2s2s2s2', first.cwd);
      expect(second.follows(second.writes('src/own.ts'))).toBe('coord join --takeover');
      expect(second.writes('src/own.ts')).toBeUndefined();
    },
  },
  'strict-hold': {
    play: async () => {
      const stage = new Stage(['strict_blockers', 'true'], ['strict_wait', '1']);
      const worker = await stage.worker();
      worker.runs('coord blocker raise "which port"');
      expect(worker.writes('src/own.ts')).toContain('end your turn now');
      stage.project.must('send', 'worker-01', 'response', '8080', '--ref', 'B1');
      expect((await worker.client.stop()).context).toContain('8080');
      expect(worker.writes('src/own.ts')).toBeUndefined();
    },
  },
  'git-other-worktree': goesOnInShell(
    ({ project }) => `git -C ${project.worktree('02')} commit -qam x`,
    /^coord send worker-02/,
  ),
  'git-ref-of-other': goesOnInShell(
    () => 'git branch -D coord/02-phase-02',
    /^coord send coordinator completion/,
  ),
  'git-shared': goesOnInShell(() => 'git stash', /^git commit -am/, 'git commit'),
  'alias-of-other': goesOnInShell(
    ({ project }) => `ln ${project.path('DECISIONS.md')} d.md`,
    /^coord decide/,
  ),
  'coord-elsewhere': {
    play: async () => {
      const stage = new Stage();
      const worker = await stage.worker();
      const refusal = worker.types(`cd ${stage.project.home} && coord status`);
      const [, way = ''] = /`(cd [^`]+)`/.exec(refusal?.split('Call it')[1] ?? '') ?? [];
      expect(worker.types(`${way} && coord status`)).toBeUndefined();
      expect(worker.runs(`${way} && coord status`).stdout).toContain('you are worker-01');
    },
  },
  'coord-disguised': { says: 'the same call without the variable that it names' },
  'approval-by-session': goesOnInShell(() => 'coord approve A1', /^coord send operator/),
  'unknown-command': {
    play: async () => {
      const worker = await new Stage(['unknown_commands', 'refuse']).worker();
      const refusal = worker.types('node build.js');
      expect(refusal).toContain('Write out the paths');
      expect(worker.follows(refusal, { text: 'may node build.js run?' })).toMatch(
        /^coord send coordinator question/,
      );
    },
  },
  'cycle-not-running': { waits: 'the user resumes it; the agent ends its turn, as the text says' },
  'cycle-turn-of-other': { waits: 'the agent whose turn it is; this one ends, as the text says' },
  'cycle-turn-taken': { waits: 'the agent that was started later; this one ends, as the text says' },
  'cycle-unreadable': { waits: 'the user rebuilds it; the agent ends its turn, as the text says' },
  'artifact-of-role': {
    play: async () => {
      const { worker, ra } = await inCycle();
      const refusal = worker.writes('.progress/ep/plan.json', ra);
      expect(worker.follows(refusal, { role: 'ep' }, 'coord', ra)).toMatch(/^coord cycle feedback ep/);
      expect(worker.writes('.progress/ra/requirements.md', ra)).toBeUndefined();
    },
  },
  'artifact-of-coord': {
    play: async () => {
      const { worker, ra } = await inCycle();
      expect(
        worker.follows(worker.writes('.progress/coordination/timeline.md', ra), {}, 'coord', ra),
      ).toMatch(/^coord cycle show/);
    },
  },
  'role-ground': {
    play: async () => {
      const { worker, ra } = await inCycle();
      const refusal = worker.writes('src/own.ts', ra);
      expect(worker.follows(refusal, { role: 'cd' }, 'coord', ra)).toMatch(/^coord cycle feedback cd/);
      expect(worker.writes('.progress/ra/requirements.md', ra)).toBeUndefined();
    },
  },
  'cycle-control': {
    play: async () => {
      const { worker, ra } = await inCycle();
      mkdirSync(join(worker.cwd, '.progress/ra'), { recursive: true });
      writeFileSync(join(worker.cwd, '.progress/ra/requirements.md'), '# It\n\n## Edge cases\n- none\n');
      const refusal = worker.types('coord cycle stop', ra);
      expect(worker.follows(refusal, {}, 'coord cycle report', ra)).toMatch(/^coord cycle report completed/);
    },
  },
  'cycle-report-of-role': {
    play: async () => {
      const { worker } = await inCycle();
      const refusal = worker.types('coord cycle report completed "x"');
      expect(worker.follows(refusal, {}, 'coord cycle next')).toBe('coord cycle next');
    },
  },
  'cycle-delegates': { says: 'its own tools' },
  'path-unusable': { says: 'the plain path of the file' },
  'payload-odd': { says: 'a plain path' },
  'enter-taken': { says: 'a worktree of its own' },
  outsider: { waits: 'a person opens a session there; the text has the `cd`' },
  'lock-held': {
    play: async () => {
      const stage = new Stage(['mode', 'shared'], ['lock_wait', '0']);
      const lead = await stage.lead();
      const peer = await stage.agent('p2p2p2p2', stage.project.home);
      expect(lead.writes('src/a.ts')).toBeUndefined();
      const refusal = peer.writes('src/a.ts');
      expect(lead.runs('coord unlock --all').code).toBe(0);
      expect(peer.follows(refusal)).toMatch(/^coord lock src\/a\.ts --wait/);
      expect(peer.writes('src/a.ts')).toBeUndefined();
    },
  },
  'locks-busy': { says: 'the same again: it is a matter of milliseconds' },
  'stages-others': {
    play: async () => {
      const stage = new Stage(['mode', 'shared'], ['lock_wait', '0']);
      const lead = await stage.lead();
      const peer = await stage.agent('p2p2p2p2', stage.project.home);
      expect(lead.writes('src/a.ts')).toBeUndefined();
      writeFileSync(stage.project.path('src/a.ts'), 'y\n');
      expect(peer.writes('own.ts')).toBeUndefined();
      writeFileSync(stage.project.path('own.ts'), 'y\n');
      expect(peer.follows(peer.types('git add -A'), { path: 'own.ts' }, 'git add')).toBe('git add own.ts');
    },
  },
  'mutex-held': {
    play: async () => {
      const stage = new Stage(['mode', 'shared'], ['lock_wait', '0'], ['validation', '["./check.sh"]']);
      const lead = await stage.lead();
      const peer = await stage.agent('p2p2p2p2', stage.project.home);
      expect(lead.types('./check.sh')).toBeUndefined();
      const refusal = peer.types('./check.sh');
      expect(refusal).toContain('has the test mutex');
      await lead.client.stop();
      expect(peer.follows(refusal)).toBe('coord run -- ./check.sh');
      expect(peer.types('./check.sh')).toBeUndefined();
    },
  },
  'mutex-detached': {
    play: async () => {
      const stage = new Stage(['mode', 'shared'], ['validation', '["./check.sh"]']);
      const lead = await stage.lead();
      expect(lead.follows(lead.types('./check.sh &'))).toBe('coord run -- ./check.sh');
    },
  },
  'pen-held': {
    play: async () => {
      const stage = new Stage(['sequential', 'true'], ['lock_wait', '0']);
      const worker = await stage.worker();
      const lead = await stage.lead();
      expect(worker.writes('src/own.ts')).toBeUndefined();
      expect(lead.follows(lead.writes('src/a.ts'))).toMatch(/^coord send worker-01 question/);
      expect(worker.runs('coord unlock --pen').code).toBe(0);
      expect(lead.writes('src/a.ts')).toBeUndefined();
    },
  },
};

const played = Object.entries(ROWS).flatMap(([code, row]) => ('play' in row ? [{ code, row }] : []));

describe('the guard', () => {
  test.each(played)('$code', ({ row }) => row.play());

  test('most codes are played; the others say why not', () => {
    expect(played.length).toBeGreaterThan(22);
    const reasons = Object.values(ROWS).flatMap((row) => ('play' in row ? [] : Object.values(row)));
    expect(reasons.filter((reason) => reason.length < 10)).toEqual([]);
  });

  test('an agent whose turn it is not ends its turn, which is let through', async () => {
    const stage = new Stage();
    const worker = await stage.worker();
    openCycle(stage.project, '01-phase-01', 'ep');
    const refusal = worker.writes('.progress/ra/x.md', {
      agent_id: 'a1',
      agent_type: 'coord:requirements-analyst',
    });
    expect(refusal).toContain('end your turn now');
    expect((await worker.client.stop()).code).toBe(0);
  });
});

describe('the command line', () => {
  const taken = (run: Run) => run.stderr;

  test('a plan that the gate refused is complete when what it names was run in its order', async () => {
    const stage = new Stage(['validation', '["./check.sh"]'], ['gate', 'strict']);
    const worker = await stage.worker();
    worker.runs('coord plan start 01-01');
    writeFileSync(join(worker.cwd, 'src/a.ts'), 'mine\n');
    const refused = worker.runs('coord plan done 01-01');
    expect(refused.code).toBe(1);
    const [text = ''] = (taken(refused).split('Next: ')[1] ?? '').split('A validation');
    const steps = [...text.matchAll(/`([^`]+)`/g)];
    expect(steps.length).toBeGreaterThan(2);
    let last: Run | undefined;
    for (const [, step = ''] of steps) {
      const command = step.replace(/<[^>]*>/g, 'words');
      expect(worker.types(command, { tool_use_id: command }), command).toBeUndefined();
      last = worker.runs(command);
      const ended = {
        tool_name: 'Bash',
        tool_input: { command },
        tool_use_id: command,
        tool_response: { stdout: last.stdout, stderr: '' },
      };
      if (!command.startsWith('coord'))
        stage.project.hook('after', worker.client.payload('PostToolUse', ended), worker.client.env);
      expect(last.code, `${command}: ${last.stderr}`).toBe(0);
    }
    expect(last?.stdout).toContain('the gate passed');
  });

  test('each of these leads to a command that is done as it stands', async () => {
    const stage = new Stage();
    const { project } = stage;
    const lead = await stage.lead();
    const worker = await stage.worker();
    project.must('phase', 'add', '03', 'Third', '--depends', '01');
    project.must('phase', 'scope', '01', 'src/**');
    project.must('phase', 'add', '04', 'Fourth', '--scope', 'src/api/**');
    const cases: readonly (readonly [Agent, string, Record<string, string>?, string?])[] = [
      [worker, 'coord phase start 03'],
      [worker, 'coord config set mode shared'],
      [worker, 'coord plan start 02-01'],
      [worker, 'coord plan start 09-09'],
      [lead, 'coord plan start 01-01'],
      [lead, 'coord phase add 01 Again'],
      [lead, 'coord phase add 05 Fifth --plan 01-01:Taken'],
      [lead, 'coord phase start 04', { glob: 'lib/**' }],
      [worker, 'coord merge status 77'],
      [worker, 'coord blocker resolve B9'],
      [worker, 'coord ack msg-1'],
      [worker, 'coord decide x --decision y --phase 02', { worker: 'worker-02' }],
      [worker, 'coord approve A1', {}, 'coord send'],
      [worker, 'coord todo add x'],
      [worker, 'coord config get nothing'],
      [worker, 'coord dead retry x'],
      [worker, 'coord cycle start'],
    ];
    for (const [agent, command, fill = {}, program = 'coord'] of cases) {
      const refused = agent.runs(command);
      expect(refused.code, command).toBe(1);
      agent.follows(taken(refused), fill, program);
    }
    expect(lead.runs('coord phase start 04').code).toBe(0);
  });

  test('a step that waits for a person names how to ask, and goes through when the person has given leave', async () => {
    const stage = new Stage(['approvals', '["phase_start"]']);
    const lead = await stage.lead();
    stage.project.must('phase', 'add', '03', 'Third');
    const refused = lead.runs('coord phase start 03');
    expect(lead.follows(taken(refused))).toMatch(/^coord send operator question/);
    const [, approve = ''] = /`coord (approve A\d+)`/.exec(taken(refused)) ?? [];
    expect(stage.project.coord(approve.split(' ')).code).toBe(0);
    expect(lead.runs('coord phase start 03').code).toBe(0);
  });

  test('a full pool names the setting with which the phase is let in', async () => {
    const stage = new Stage(['pool', '["claude:2","codex:0"]']);
    const lead = await stage.lead();
    await stage.worker('01');
    await stage.worker('02');
    stage.project.must('phase', 'add', '03', 'Third');
    stage.project.must('phase', 'add', '04', 'Fourth', '--kind', 'codex');
    for (const id of ['03', '04']) {
      lead.follows(taken(lead.runs(`coord phase start ${id}`)));
      expect(lead.runs(`coord phase start ${id}`).code).toBe(0);
    }
    expect(gitIn(stage.project.home, 'branch', '--list', 'coord/0[34]*').trim().split('\n')).toHaveLength(2);
  });
});
