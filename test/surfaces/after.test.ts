/** After a tool: what a command changed elsewhere is told to both sides, and mail reaches a turn under way. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { waitingFor } from '../kit/mail.ts';
import { gitIn, Project } from '../kit/project.ts';
import { addPhase, started, value } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
let one: Session;
let two: Session;

const sessionsOf = (it: Project) =>
  ['01', '02'].map((id) => new Session(it, { session: `s${Number(id)}`, cwd: it.worktree(id) }));

beforeEach(() => {
  // The client of the sessions is this very process.
  const kind = `two workers at their work, of ${process.pid}`;
  const prepare = (model: Project) => {
    model.write('src/a.ts', 'a\n');
    model.write('docs/b.md', 'b\n');
    model.git('add', 'src', 'docs');
    model.git('commit', '-qm', 'Files');
    for (const id of ['01', '02']) {
      value(addPhase(model, id));
      value(startPhase(model.home, id));
    }
    for (const session of sessionsOf(model))
      model.hook('session', session.payload('SessionStart', { source: 'startup' }), session.env);
  };
  project = Project.like(kind, prepare, started);
  [one, two] = sessionsOf(project) as [Session, Session];
});
afterEach(() => project.dispose());

let uses = 0;

/** A Bash call of a session: the guard, what the command does, the hook afterwards. */
async function bash(session: Session, command: string, does: () => void) {
  uses += 1;
  const call = { tool_name: 'Bash', tool_input: { command }, tool_use_id: `use-${uses}` };
  const guard = await project.hookLater('guard', session.payload('PreToolUse', call), session.env);
  expect(guard.stdout).toBe('');
  await new Promise((resolve) => setTimeout(resolve, 30));
  does();
  return session.run('PostToolUse', { ...call, tool_response: { stdout: '' } });
}

function trespasses(agent: string): string[] {
  return waitingFor(project, agent)
    .filter((envelope) => envelope.metadata['error_type'] === 'trespass')
    .map((envelope) => envelope.content);
}

describe('a command whose writes nobody could know', () => {
  test('that changed another’s files is told at once, to both and the coordinator, with the way back', async () => {
    const run = await bash(one, './build.sh', () => writeFileSync(join(two.cwd, 'src/a.ts'), 'changed\n'));
    expect(run.context).toContain('[coord] Trespass');
    expect(run.context).toContain('src/a.ts');
    for (const agent of ['worker-02', 'coordinator']) {
      const [told, ...more] = trespasses(agent);
      expect(more).toEqual([]);
      expect(told).toContain('`./build.sh` (run by worker-01');
      expect(told).toContain(`git -C ${two.cwd} restore -- src/a.ts`);
    }
    expect(waitingFor(project, 'worker-02')[0]).toMatchObject({
      from: 'coord',
      type: 'error',
      priority: 'urgent',
    });
    expect((await bash(one, './build.sh', () => undefined)).stdout).toBe('');
    expect(trespasses('worker-02')).toHaveLength(1);
  });

  test('that removed or added files, or changed STATE.md behind coord’s back', async () => {
    const run = await bash(one, './build.sh', () => {
      rmSync(join(two.cwd, 'docs/b.md'));
      mkdirSync(join(two.cwd, 'new'));
      writeFileSync(join(two.cwd, 'new/x.txt'), 'x');
      writeFileSync(project.path('.planning/STATE.md'), 'mine now');
    });
    expect(run.context).toContain('docs/b.md removed');
    expect(run.context).toContain('new/x.txt');
    expect(run.context).toContain('STATE.md');
    expect(trespasses('coordinator').join()).toContain('STATE.md');
  });

  test('that made folders in folders made them, and took nothing out', async () => {
    const run = await bash(one, './build.sh', () => {
      mkdirSync(join(two.cwd, 'src/new/deep'), { recursive: true });
      writeFileSync(join(two.cwd, 'src/new/deep/x.txt'), 'x');
      mkdirSync(join(two.cwd, 'docs/empty/one'), { recursive: true });
    });
    const told = trespasses('worker-02').join();
    expect(told).toContain('src/new/deep/x.txt made or changed');
    expect(told).toContain('docs/empty/one made or changed');
    expect(`${told}${run.context}`).not.toContain('taken out');
    expect(told.match(/^- /gm)).toHaveLength(2);
  });

  test('that moved a folder is told of both ends', async () => {
    mkdirSync(join(two.cwd, 'lib/a'), { recursive: true });
    writeFileSync(join(two.cwd, 'lib/a/x.txt'), 'x');
    mkdirSync(join(two.cwd, 'other'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    await bash(one, './build.sh', () => renameSync(join(two.cwd, 'lib/a'), join(two.cwd, 'other/a')));
    const told = trespasses('worker-02').join();
    expect(told).toContain('lib/: entries were taken out or renamed');
    expect(told).toContain('other');
  });

  test('is not blamed for what the other session wrote itself, nor for what coord saved', async () => {
    const run = await bash(one, './build.sh', () => {
      project.guard({
        cwd: two.cwd,
        session: 's2',
        tool: 'Write',
        input: { file_path: join(two.cwd, 'src/a.ts') },
      });
      writeFileSync(join(two.cwd, 'src/a.ts'), 'by two\n');
      project.mustIn(two.cwd, 'plan', 'start', '02-01');
      project.must('phase', 'add', '03', 'Third');
    });
    expect(run.stdout).toBe('');
    expect(trespasses('worker-02')).toEqual([]);
  });

  test('that wrote in its own worktree is nobody’s business', async () => {
    const run = await bash(one, './build.sh', () => writeFileSync(join(one.cwd, 'src/a.ts'), 'mine\n'));
    expect(run.stdout).toBe('');
  });
});

describe('a checkout that changed without its session', () => {
  test('is told at its Stop, once, with who may have done it', async () => {
    await two.stop();
    uses += 1;
    const call = { tool_name: 'Bash', tool_input: { command: './daemon.sh' }, tool_use_id: `use-${uses}` };
    await project.hookLater('guard', one.payload('PreToolUse', call), one.env);
    writeFileSync(join(two.cwd, 'src/a.ts'), 'by somebody\n');
    const { context } = await two.stop();
    expect(context).toContain('src/a.ts');
    expect(context).toContain('while `./daemon.sh` of worker-01 ran');
    expect(trespasses('coordinator')).toHaveLength(1);
    expect(trespasses('worker-01')).toHaveLength(1);
    expect((await two.stop()).stdout).toBe('');
  });

  test('is not told when its own tools account for it', async () => {
    await two.stop();
    const edit = {
      tool_name: 'Edit',
      tool_input: { file_path: join(two.cwd, 'src/a.ts') },
      tool_use_id: 'e1',
    };
    await project.hookLater('guard', two.payload('PreToolUse', edit), two.env);
    writeFileSync(join(two.cwd, 'src/a.ts'), 'mine\n');
    await two.run('PostToolUse', edit);
    await bash(two, 'npm test', () => writeFileSync(join(two.cwd, 'docs/b.md'), 'by my test\n'));
    const diff = { changedFiles: [join(two.cwd, 'made.txt')] };
    writeFileSync(join(two.cwd, 'made.txt'), 'x');
    const made = { tool_name: 'Bash', tool_input: { command: 'true' }, tool_use_id: 'b9' };
    await two.run('PostToolUse', { ...made, tool_response: { bashEditDiff: diff } });
    gitIn(two.cwd, 'add', '-A');
    expect((await two.stop()).stdout).toBe('');
  });
});

describe('mail in the middle of a turn', () => {
  test('is brought when it is worth it, and only then', async () => {
    const edit = { tool_name: 'Write', tool_input: { file_path: join(one.cwd, 'x') } };
    expect((await one.run('PostToolUse', { ...edit, tool_use_id: 'a' })).stdout).toBe('');
    project.must('send', 'worker-01', 'directive', 'stop that');
    expect((await one.run('PostToolUse', { ...edit, tool_use_id: 'b' })).context).toContain('> stop that');
    expect((await one.run('PostToolUse', { ...edit, tool_use_id: 'c' })).stdout).toBe('');
    const boss = new Session(project, { session: 'boss', cwd: project.home });
    await boss.start();
    project.mustIn(one.cwd, 'plan', 'start', '01-01');
    const own = { tool_name: 'Write', tool_input: { file_path: project.path('x') }, tool_use_id: 'd' };
    expect((await boss.run('PostToolUse', own)).stdout).toBe('');
  });

  test('a failed tool brings it too', async () => {
    project.must('send', 'worker-01', 'directive', 'stop that');
    const failed = { tool_name: 'Bash', tool_input: { command: 'false' }, tool_use_id: 'f', error: 'exit 1' };
    expect((await one.run('PostToolUseFailure', failed)).context).toContain('> stop that');
  });
});

test.each([
  { title: 'null for a response', more: { tool_response: null } },
  {
    title: 'numbers in a diff',
    more: { tool_response: { bashEditDiff: { changedFiles: [7, null], files: [{}, 7] } } },
  },
  { title: 'a list for an input', more: { tool_input: [] } },
])('a payload with $title is taken as it is', async ({ more }) => {
  const call = { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: 'odd' };
  expect(await one.run('PostToolUse', { ...call, ...more })).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  });
});
