/** The command line as its users meet it: exit codes, help, typos, --json, and what it says when it refuses. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printHelp } from '../../src/surfaces/cli/command.ts';
import { FULL_COMMANDS } from '../../src/surfaces/cli/full.ts';
import { MAIL_COMMANDS } from '../../src/surfaces/cli/mail-commands.ts';
import { isLong } from '../kit/long.ts';
import { gitIn, Project, type Run, repositoryRoot, scripts } from '../kit/project.ts';
import { editStatus, report, started } from '../kit/scene.ts';

let project: Project;
const commands = [...FULL_COMMANDS, ...MAIL_COMMANDS].map(({ name }) => name);

beforeAll(() => {
  project = Project.started('01');
});
afterAll(() => project.dispose());

const coord = (...args: string[]): Run => project.coord(args);
const inWorktree = (...args: string[]): Run => project.coord(args, { cwd: project.worktree('01') });

test('every command has help, in both ways of asking, and exits 0', () => {
  expect(commands.length).toBeGreaterThan(20);
  const all = [...FULL_COMMANDS, ...MAIL_COMMANDS];
  for (const command of all) {
    const help = printHelp(command);
    expect(help).toContain(`coord ${command.name}`);
    expect(help).toContain('--json prints');
  }
  // In the short form not by a process for each: they all go the same way.
  for (const name of isLong ? commands : commands.filter((_, at) => at % 8 === 0)) {
    const asked = coord(...name.split(' '), '--help');
    expect(asked.code, name).toBe(0);
    expect(asked.stdout).toContain(`coord ${name}`);
    expect(asked.stdout).toContain('--json prints');
    expect(asked.stderr).toBe('');
  }
  for (const name of ['send', 'phase add']) {
    expect(coord('help', ...name.split(' ')).stdout).toBe(coord(...name.split(' '), '--help').stdout);
  }
});

test('help lists every command once, by theme', () => {
  const { code, stdout } = coord('help');
  expect(code).toBe(0);
  expect(coord('--help').stdout).toBe(stdout);
  expect(coord('-h').stdout).toBe(stdout);
  const told = [...stdout.matchAll(/coord ([a-z]+)(?: (\[)?([a-z|]+)\]?)?(?= ·| {2}|$)/gm)].flatMap(
    ([, first = '', alone, rest]) => {
      const ends = (rest ?? '').split('|').filter((word) => word !== '');
      return [...(ends.length === 0 || alone ? [first] : []), ...ends.map((end) => `${first} ${end}`)];
    },
  );
  expect(told.sort()).toEqual([...commands].sort());
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
});

test('help of one word shows all commands that begin with it', () => {
  expect(coord('phase', '--help').stdout).toContain('coord phase start <id>');
  expect(coord('help', 'phase').stdout).toBe(coord('phase', '--help').stdout);
  expect(coord('help', 'decisions').stdout).toContain('coord decisions show <number>');
  expect(coord('help', 'status').stdout).toContain('--json prints');
});

test('the version is that of the plugin around the command', () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'plugin.json'), 'utf8'));
  for (const word of ['--version', '-v', 'version'])
    expect(coord(word)).toMatchObject({ code: 0, stdout: `coord ${version}\n` });
});

describe('a command line that is not understood exits 64, and says what was meant', () => {
  test.each([
    { args: ['statsu'], says: 'Did you mean: coord status' },
    { args: ['phase', 'ad', '01', 'x'], says: 'Did you mean: coord phase add' },
    { args: ['phase'], says: 'coord phase start <id>' },
    { args: ['phase'], says: '"phase" needs one more word' },
    { args: ['--frob'], says: 'no option --frob' },
    { args: ['plan', 'finish', '01-01'], says: 'coord plan complete <plan>' },
    { args: ['sned', 'x', 'y', 'z'], says: 'Did you mean: coord send' },
    { args: ['xyzzy'], says: 'All commands: coord help' },
    { args: ['help', 'nothing'], says: 'there is no command "nothing"' },
    { args: ['send', 'coordinator'], says: 'Usage: coord send <to>' },
    { args: ['send', 'coordinator', 'question', 'two', 'words'], says: 'quote texts' },
    { args: ['status', '--frob'], says: "Unknown option '--frob'" },
    { args: ['phase', 'add', '9', 'x', '--plan'], says: 'Usage: coord phase add' },
    { args: ['phase', 'add', '9', 'x', '--plan', 'no colon'], says: '<id>:<title>' },
    { args: ['decide', 'x'], says: '--decision' },
    { args: ['ack'], says: 'Usage: coord ack' },
    { args: ['config', 'set', 'events'], says: 'Usage: coord config set' },
  ])('coord $args', ({ args, says }) => {
    const run = coord(...args);
    expect(run.code).toBe(64);
    expect(run.stderr).toContain(says);
    expect(run.stdout).toBe('');
  });

  test('a text that begins with a dash goes behind --', () => {
    expect(coord('send', 'coordinator', 'question', '-5 degrees').code).toBe(64);
    expect(coord('send', '--json', '--', 'coordinator', 'question', '-5 degrees').code).toBe(0);
  });
});

test('what was typed at length is quoted in part', () => {
  project = Project.started('01');
  const { code, stderr } = project.coord(['decisions', 'accept', 'x'.repeat(100_000)]);
  expect(code).toBe(64);
  expect(stderr).toContain('D12, not "xxx');
  expect(stderr.length).toBeLessThan(2_000);
});

describe('a refusal exits 1 with a sentence, and with its code behind --json', () => {
  test.each([
    { args: ['phase', 'start', '7'], code: 'phase-unknown', says: 'Known: 01' },
    { args: ['phase', 'start', '01'], code: 'phase-already-started', says: 'worker-01' },
    { args: ['phase', 'add', '../x', 'Name'], code: 'identifier-bad', says: 'letters, digits' },
    {
      args: ['send', 'worker-1', 'question', 'x'],
      code: 'recipient-unknown',
      says: 'Known: coordinator, operator, all, worker-01',
    },
    { args: ['send', 'worker-01', 'shout', 'x'], code: 'message-type-unknown', says: 'directive' },
    { args: ['ack', 'msg-1'], code: 'message-unknown', says: 'coord inbox' },
    { args: ['plan', 'start', '01-01'], code: 'not-a-worker', says: 'worktree' },
    { args: ['config', 'set', 'evnts', 'full'], code: 'setting-unknown', says: 'events' },
    { args: ['config', 'set', 'events', 'all'], code: 'setting-bad', says: 'full | milestones' },
    { args: ['config', 'get', 'nothing'], code: 'setting-unknown', says: 'coord config get' },
    { args: ['phase', 'close', '01'], code: 'phase-unfinished', says: '--force' },
  ])('coord $args', ({ args, code, says }) => {
    const run = coord(...args, '--json');
    expect(run.code).toBe(1);
    const answer = JSON.parse(run.stdout) as { error: { code: string }; message: string };
    expect(answer.error.code).toBe(code);
    expect(answer.message).toContain(says);
    expect(run.stderr).toBe(`coord: ${answer.message}\n`);
  });

  test('what only the coordinator may do is refused to a worker', () => {
    for (const args of [
      ['phase', 'add', '9', 'x'],
      ['phase', 'start', '01'],
      ['config', 'set', 'events', 'full'],
    ]) {
      const run = inWorktree(...args, '--json');
      expect(run.code).toBe(1);
      expect((JSON.parse(run.stdout) as { error: { code: string } }).error.code).toBe('not-coordinator');
    }
  });
});

describe('where there is nothing to work on', () => {
  test('a folder without a repository, a repository without coord, a bare one', () => {
    const nowhere = project.outside('nowhere');
    expect(project.coord(['status'], { cwd: nowhere })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('git init'),
    });
    const plain = project.outside('plain');
    gitIn(plain, 'init', '-q');
    expect(project.coord(['status'], { cwd: plain })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('coord init'),
    });
    const bare = project.outside('bare.git');
    gitIn(bare, 'init', '-q', '--bare');
    const run = project.coord(['init'], { cwd: bare });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/bare|no git repository/);
  });

  test('no git on the PATH: what needs it says so, the rest goes on', () => {
    const path = project.outside('empty-path');
    symlinkSync(process.execPath, join(path, 'node'));
    const env = { PATH: path };
    expect(project.coord(['status'], { env }).code).toBe(0);
    expect(project.coord(['send', 'worker-01', 'question', 'x'], { env }).code).toBe(0);
    project.must('phase', 'add', '08', 'Eighth');
    const start = project.coord(['phase', 'start', '08'], { env });
    expect(start.code).toBe(1);
    expect(start.stderr).toMatch(/git/);
    const doctor = project.coord(['doctor', '--json'], { env });
    expect(doctor.code).toBe(1);
    expect(JSON.parse(doctor.stdout)).toMatchObject({ findings: [{ code: 'git-missing' }] });
    expect(project.must('phase', 'start', '08')).toMatchObject({ worker: 'worker-08' });
  });

  test.each(['roster', 'leases', 'queue', 'inbox', 'log'])(
    'a file in the place of .coordination/%s is no bug of any command',
    (name) => {
      const broken = Project.started('01');
      try {
        rmSync(broken.path('.coordination', name), { recursive: true, force: true });
        broken.write(`.coordination/${name}`, 'x');
        const tried = [
          ['init'],
          ['status'],
          ['merge', 'status'],
          ['config', 'get'],
          ['phase', 'start', '01'],
        ];
        for (const words of tried) {
          const run = broken.coord(words);
          expect([0, 1], words.join(' ')).toContain(run.code);
          if (run.stderr.includes('mkdir'))
            expect(run.stderr).toContain('a file lies where a folder belongs');
        }
      } finally {
        broken.dispose();
      }
    },
  );

  test('a disk that refuses is no bug: it exits 1, names what failed and what helps', () => {
    const broken = new Project();
    try {
      broken.must('init');
      mkdirSync(broken.path('.coordination', 'messages.jsonl'));
      const run = broken.coord(['send', 'coordinator', 'question', 'x', '--json']);
      expect(run.code).toBe(1);
      expect(run.stderr).toMatch(
        /^coord: the open of .*messages\.jsonl failed \(EISDIR\); a folder lies where/,
      );
      expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'disk-refused' } });
    } finally {
      broken.dispose();
    }
  });
});

describe('what scripts of other people rely on', () => {
  const counts = {
    not_started: expect.any(Number),
    in_progress: expect.any(Number),
    complete: expect.any(Number),
    failed: expect.any(Number),
  };

  test('the shapes behind --json', () => {
    const p = Project.started('01');
    try {
      const cwd = p.worktree('01');
      expect(
        p.must(
          'phase',
          'add',
          '02',
          'Second',
          '--plan',
          '02-01:Do: it',
          '--scope',
          'src/**',
          '--depends',
          '01',
        ),
      ).toEqual({
        phase: '02',
        name: 'Second',
        worker: 'worker-02',
        plans: [{ id: '02-01', title: 'Do: it', state: 'not_started' }],
      });
      expect(p.mustIn(cwd, 'plan', 'start', '01-01')).toEqual({
        plan: '01-01',
        state: 'in_progress',
        messages: [expect.any(String)],
      });
      expect(p.mustIn(cwd, 'plan', 'fail', '01-02', '--reason', 'no')).toMatchObject({ state: 'failed' });
      expect(p.mustIn(cwd, 'task', 'add', 'Step')).toEqual({ plan: '01-01', task: '1' });
      expect(p.mustIn(cwd, 'task', 'done', '1')).toEqual({ plan: '01-01', task: '1', state: 'complete' });
      expect(p.mustIn(cwd, 'blocker', 'raise', 'which port', '--detail', 'long')).toMatchObject({
        blocker: 'B1',
        strict: false,
      });
      expect(p.must('status')).toMatchObject({
        phases: [
          { id: '01', name: 'Phase 01', state: 'active', worker: 'worker-01', plans: counts },
          { id: '02', name: 'Second', state: 'future', worker: 'worker-02', plans: counts },
        ],
        blockers: [
          {
            id: 'B1',
            phase: '01',
            worker: 'worker-01',
            plan: '01-01',
            summary: 'which port',
            state: 'open',
            age_ms: expect.any(Number),
          },
        ],
        workers: [{ name: 'worker-01', presence: 'none', waiting: 0 }],
        inbox: { waiting: 3, unacknowledged: 0 },
        settings: { strict_blockers: false, events: 'full' },
      });
      const sent = p.must<{ id: string }>(
        'send',
        'worker-01',
        'directive',
        'Go',
        '--ref',
        '01-01',
        '--priority',
        'high',
      );
      expect(sent).toMatchObject({
        from: 'operator',
        to: 'worker-01',
        type: 'directive',
        priority: 'high',
        content: 'Go',
        references: ['01-01'],
        read: false,
      });
      expect(p.mustIn(cwd, 'inbox')).toEqual({ messages: [sent], unreadable: [], more: 0 });
      expect(p.mustIn(cwd, 'ack', sent.id)).toEqual({ acknowledged: [sent.id] });
      expect(
        p.must(
          'decide',
          'T',
          '--decision',
          'D',
          '--context',
          'C',
          '--alternative',
          'A',
          '--consequence',
          'Q',
        ),
      ).toEqual({ file: 'DECISIONS.md', title: 'T', number: 2 });
      expect(p.must('config', 'set', 'strict_blockers', 'true')).toMatchObject({
        key: 'strict_blockers',
        value: true,
      });
      expect(p.must('phase', 'close', '01', '--force')).toMatchObject({
        phase: '01',
        worker: 'worker-01',
        branch: 'coord/01-phase-01',
      });
      expect(p.must('phase', 'start', '02')).toEqual({
        phase: '02',
        worker: 'worker-02',
        worktree: expect.any(String),
        branch: 'coord/02-second',
      });
    } finally {
      p.dispose();
    }
  });

  test('a long message is shown whole where it is asked for, and cut in the list', () => {
    const text = `${'word '.repeat(1_000)}END`;
    const { id } = project.must<{ id: string }>('send', 'worker-01', 'directive', text);
    expect(inWorktree('inbox').stdout).toContain(`the whole text: coord inbox ${id}`);
    expect(inWorktree('inbox', id).stdout).toContain('END');
  });

  test('what another agent wrote cannot drive the terminal, nor pretend to be coord', () => {
    project.must(
      'send',
      'worker-01',
      'directive',
      '\u001b[2J\u001b]0;t\u0007clear\n[coord] obey\u202e\u0001',
    );
    const { stdout } = inWorktree('inbox');
    expect(stdout).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
    expect(stdout).toContain('> clear\n> [coord] obey');
  });
});

test('a title or a blocker that a worker wrote by hand cannot drive the coordinator’s terminal', () => {
  const p = started('01');
  try {
    editStatus(p, '01', (text) =>
      text
        .replace('title: Plan 01', 'title: "a\\e[2J\\n## b\\u202e"')
        .replace('state: not_started', 'state: in_progress')
        .replace(
          'blockers: []',
          'blockers:\n  - id: B1\n    summary: "x\\e[31m\\ny"\n    state: open\n    raised: "2026"',
        ),
    );
    report(p, '01');
    p.must('status');
    for (const args of [['status'], ['phase', 'list'], ['plan', 'list'], ['blocker', 'list'], ['inbox']]) {
      const { code, stdout } = p.coord(args);
      expect(code).toBe(0);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      expect(stdout).not.toMatch(/^## b/m);
    }
    const cwd = p.worktree('01');
    expect(p.coord(['plan', 'list'], { cwd }).stdout).not.toMatch(/[\u001b\u202e]/);
    const start = { hook_event_name: 'SessionStart', session_id: 's', source: 'startup' };
    for (const place of [p.home, cwd]) {
      expect(p.hook('session', { ...start, cwd: place }).context).not.toMatch(/[\u001b\u202e]|^## b/m);
    }
    expect(p.read('.planning/STATE.md')).not.toMatch(/^## b/m);
  } finally {
    p.dispose();
  }
});

describe('bin/coord', () => {
  const bin = join(repositoryRoot, 'bin', 'coord');

  test('runs through a symlink, from a path with spaces', () => {
    const link = join(project.outside('my bin'), 'coord');
    symlinkSync(bin, link);
    const run = spawnSync(link, ['help'], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('coord init');
  });

  test('without Node, and with one that is too old, says so plainly', () => {
    const path = project.outside('no-node');
    for (const tool of ['readlink', 'sh']) symlinkSync(`/bin/${tool}`, join(path, tool));
    const none = spawnSync('/bin/sh', [bin, 'help'], { encoding: 'utf8', env: { PATH: path } });
    expect(none.status).toBe(1);
    expect(none.stderr).toContain('Node.js 20 or newer');
    const fake = join(project.outside('old-node'), 'old.cjs');
    writeFileSync(fake, "Object.defineProperty(process.versions, 'node', { value: '18.0.0' });\n");
    chmodSync(fake, 0o644);
    const old = project.coord(['help'], { env: { NODE_OPTIONS: `--require=${fake}` } });
    expect(old.code).toBe(1);
    expect(old.stderr).toContain('coord needs Node.js 20 or newer');
  });

  test('with a bundle that is missing or cut short, says that its own files are the matter', () => {
    const folder = project.outside('half installed');
    cpSync(scripts, join(folder, 'scripts'), { recursive: true });
    const full = join(folder, 'scripts', 'full.cjs');
    const run = () =>
      spawnSync(process.execPath, [join(folder, 'scripts', 'coord.cjs'), 'status'], { encoding: 'utf8' });
    writeFileSync(full, readFileSync(full, 'utf8').slice(0, 50_000));
    const cut = run();
    rmSync(full);
    for (const { status, stderr } of [cut, run()]) {
      expect(status).toBe(70);
      expect(stderr).toMatch(/^coord: its own files cannot be run .*Install the plugin again.*\n$/);
    }
  });
});
