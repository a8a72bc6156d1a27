/** What was meant is named: commands, words of them, flags, ids, names, settings, slash commands, places. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project, type Run } from '../kit/project.ts';

let project: Project;

beforeAll(() => {
  project = Project.started('01', '02');
  project.must('phase', 'add', '03', 'Third');
  project.must('todo', 'add', 'Parser');
  const cwd = project.worktree('01');
  project.mustIn(cwd, 'plan', 'start', '01-01');
  project.mustIn(cwd, 'task', 'add', 'Step');
  project.mustIn(cwd, 'blocker', 'raise', 'no key');
});
afterAll(() => project.dispose());

type Case = readonly [typed: string, meant: string];

function words(typed: string): string[] {
  return (typed.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

function expectMeant(run: Run, code: number, meant: string): void {
  expect(run.stderr).toContain(meant);
  expect(run.code).toBe(code);
  expect(run.stdout).toBe('');
}

const AT_HOME: readonly Case[] = [
  ['stauts', 'Did you mean: coord status'],
  ['Status', 'Did you mean: coord status'],
  ['docter', 'Did you mean: coord doctor'],
  ['phase ad 04 x', 'Did you mean: coord phase add'],
  ['pahse start 01', 'Did you mean: coord phase start'],
  ['merge ad 01', 'Did you mean: coord merge add'],
  ['blcoker list', 'Did you mean: coord blocker list'],
  ['config ste mode shared', 'Did you mean: coord config set'],
  // In the wrong order, or half of it.
  ['add phase 04 x', 'Did you mean: coord phase add'],
  ['strat phase 01', 'Did you mean: coord phase start'],
  ['raise x', 'Did you mean: coord blocker raise'],
  ['radar', 'Did you mean: coord merge radar'],
  ['start 01', 'coord phase start, or coord plan start'],
  // As one types it in a session.
  ['coord:status', 'Did you mean: coord status'],
  ['/coord:status', 'Did you mean: coord status'],
  ['/coord:stauts', 'Did you mean: coord status'],
  ['/coord:plan', 'Did you mean: coord plan list'],
  ['/coord:merge', 'Did you mean: coord merge status'],
  ['/coord:strict', 'Did you mean: coord config set strict_blockers true'],
  ['/coord:help', 'Did you mean: coord help here'],
  // Flags.
  ['init --instruction', 'did you mean --instructions?'],
  ['status --jsno', 'did you mean --json?'],
  ['phase add 04 x --scop src', 'did you mean --scope?'],
  ['send 01 question x --prio high', 'did you mean --priority?'],
  ['--versoin', 'Did you mean: coord --version'],
  ['help pahse', 'Did you mean: coord phase'],
];

describe('a command line that is not understood says what was meant', () => {
  test.each(AT_HOME)('coord %s', (typed, meant) => {
    expectMeant(project.coord(words(typed)), 64, meant);
  });

  test('and with a guess, shows how that one command is used, and no other', () => {
    const { stderr } = project.coord(['phase', 'strat']);
    expect(stderr.match(/^ {2}coord /gm)).toHaveLength(1);
    expect(stderr).toContain('coord phase start <id>');
  });

  test.each(['xyzzy', 'help xyzzy', 'coord:xyzzy'])(
    'coord %s is like nothing, and no guess is made',
    (typed) => {
      const { stderr } = project.coord(words(typed));
      expect(stderr).toContain('All commands: coord help');
      expect(stderr).not.toContain('Did you mean');
    },
  );
});

const NAMES: readonly Case[] = [
  ['phase start 1', 'Did you mean 01?'],
  ['phase close 001', 'Did you mean 01?'],
  ['phase start 04', 'Known: 01, 02, 03.'],
  ['merge add 2', 'Did you mean 02?'],
  ['send worker1 question x', 'Did you mean worker-01?'],
  ['send worker-2 question x', 'Did you mean worker-02?'],
  ['send wroker-01 question x', 'Did you mean worker-01?'],
  ['send corodinator question x', 'Did you mean coordinator?'],
  ['send 01 qestion x', 'Did you mean question?'],
  ['send 01 ack x', 'an ack is not sent: `coord ack <id>`'],
  ['phase add coordinator Lead', "goes to somebody of coord's own"],
  ['phase add all Everybody', "goes to somebody of coord's own"],
  ['send question worker-01 x', 'coord send <to> <type> "<text>"'],
  ['send 01 question x --priority hihg', 'Did you mean high?'],
  ['config set gat on', 'Did you mean gate?'],
  ['config get strict_blocker', 'Did you mean strict_blockers?'],
  ['config set gate strct', 'Did you mean strict?'],
  ['config set mode share', 'Did you mean shared?'],
  ['config set events milestone', 'Did you mean milestones?'],
  ['todo done 1', 'Did you mean T1?'],
];

const IN_WORKTREE: readonly Case[] = [
  ['plan start 1-2', 'Did you mean 01-02?'],
  ['plan start 0102', 'Did you mean 01-02?'],
  ['plan start 02-01', 'Known: 01-01, 01-02.'],
  ['task done 01', 'Did you mean 1?'],
  ['blocker resolve b1', 'Did you mean B1?'],
  ['blocker resolve 1', 'Did you mean B1?'],
];

describe('a name that nobody knows', () => {
  test.each(NAMES)('coord %s', (typed, meant) => {
    expectMeant(project.coord(words(typed)), 1, meant);
  });

  test.each(IN_WORKTREE)('coord %s, in a worktree', (typed, meant) => {
    expectMeant(project.coord(words(typed), { cwd: project.worktree('01') }), 1, meant);
  });

  test('another number is another thing: no guess', () => {
    expect(project.coord(['phase', 'start', '04']).stderr).not.toContain('Did you mean');
    expect(project.coord(['send', 'worker-09', 'question', 'x']).stderr).not.toContain('Did you mean');
  });
});

describe('in the wrong place', () => {
  const session = { CLAUDE_CODE_SESSION_ID: 'a-session' };

  test('a worker’s command at the coordinator’s terminal names each worktree to go to', () => {
    const { stderr } = project.coord(['plan', 'start', '01-01']);
    expect(stderr).toContain(`worker-01: \`cd ${project.worktree('01')}\``);
    expect(stderr).toContain(`worker-02: \`cd ${project.worktree('02')}\``);
    const [, folder = ''] = /`cd ([^`]+)`/.exec(stderr) ?? [];
    expect(project.coord(['plan', 'list'], { cwd: folder }).code).toBe(0);
  });

  test('in the coordinator’s session it names whom to tell, since a session cannot go elsewhere', () => {
    const { stderr } = project.coord(['plan', 'start', '01-01'], { env: session });
    expect(stderr).toContain('Workers: worker-01, worker-02.');
    expect(stderr).toContain('`coord send worker-01 directive "<text>"`');
    expect(stderr).not.toContain('`cd ');
  });

  test('before any phase is started it names how one is', () => {
    const fresh = new Project();
    fresh.must('init');
    expect(fresh.coord(['plan', 'list']).stdout + fresh.coord(['blocker', 'raise', 'x']).stderr).toContain(
      '`coord phase start <id>`',
    );
    fresh.dispose();
  });

  test('the coordinator’s command in a worktree names the way there, or whom to ask', () => {
    const cwd = project.worktree('02');
    const terminal = project.coord(['phase', 'start', '03'], { cwd });
    expectMeant(terminal, 1, `\`cd ${project.home}\``);
    const inSession = project.coord(['phase', 'start', '03'], { cwd, env: session });
    expectMeant(inSession, 1, '`coord send coordinator question "<text>"`');
    expect(inSession.stderr).not.toContain('`cd ');
    expectMeant(project.coord(['init'], { cwd }), 1, `\`cd ${project.home}\``);
    expectMeant(project.coord(['config', 'set', 'mode', 'shared'], { cwd }), 1, `\`cd ${project.home}\``);
  });
});
