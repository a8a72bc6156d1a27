/** The hooks around a validation that the Bash tool runs, TaskCompleted, and what the next worker is told. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Evidence, evidenceFrom } from '../../src/domain/evidence.ts';
import { readEvidence } from '../../src/storage/light/evidence-files.ts';
import { gitIn, type HookRun, Project } from '../kit/project.ts';
import { Session } from '../kit/session.ts';

const CHECK = 'node check.js';
let project: Project;
let worker: Session;
const workerOf = (it: Project) => new Session(it, { session: 'session-a', cwd: it.worktree('01') });
beforeEach(() => {
  // The client of its session is this very process.
  const prepare = (model: Project) => {
    model.must('config', 'set', 'validation', JSON.stringify([CHECK, 'node lint.js']));
    const session = workerOf(model);
    model.hook('session', session.payload('SessionStart', { source: 'startup' }), session.env);
    model.mustIn(session.cwd, 'plan', 'start', '01-01');
  };
  project = Project.like(`validated, of ${process.pid}`, prepare, () => Project.started('01'));
  worker = workerOf(project);
});
afterEach(() => project.dispose());

const evidence = (): Evidence[] => readEvidence(project.home, '01-phase-01');
let calls = 0;

interface ToolUse {
  readonly command: string;
  readonly input?: object;
  readonly cwd?: string;
  readonly agent?: string;
  readonly meanwhile?: () => void;
  readonly response?: object;
  /** What the client says of a command that did not end well. */
  readonly error?: string;
  readonly more?: object;
}

/** A tool call as the client makes it: the hook before, the command (or what stands for it), the hook after. */
function use({ command, input, cwd = worker.cwd, meanwhile, response, error, more }: ToolUse): () => HookRun {
  calls += 1;
  const call = { tool_name: 'Bash', tool_input: { command, ...input }, tool_use_id: `use-${calls}`, cwd };
  const denied = project.hook('guard', worker.payload('PreToolUse', call), worker.env).denied;
  if (denied) throw new Error(denied);
  meanwhile?.();
  const end =
    error === undefined
      ? { tool_response: { stdout: 'said so', stderr: '', interrupted: false, ...response } }
      : { error, is_interrupt: false };
  const event = error === undefined ? 'PostToolUse' : 'PostToolUseFailure';
  const after = () => project.hook('after', worker.payload(event, { ...call, ...end, ...more }), worker.env);
  after();
  return after;
}

describe('the Bash tool', () => {
  test('makes evidence of a validation that passed, and of one that failed', () => {
    use({ command: CHECK });
    use({ command: CHECK, error: 'Exit code 3\nno' });
    expect(evidence().map((one) => [one.exit, one.via, one.by, one.session])).toEqual([
      [0, 'tool', 'worker-01', 'session-a'],
      [3, 'tool', 'worker-01', 'session-a'],
    ]);
    const [first] = evidence();
    expect(evidenceFrom(first, first?.id ?? '')).toBeDefined();
    expect(first?.tree).toBe(first?.tree_after);
    expect(project.read(first?.log ?? '')).toContain('said so');
  });

  test('printed twice or replayed, it is one record', () => {
    const again = use({ command: CHECK });
    again();
    again();
    expect(evidence()).toHaveLength(1);
    use({ command: `echo '${JSON.stringify(evidence()[0])}'` });
    expect(evidence()).toHaveLength(1);
  });

  test('tells of each in a line of several that ended well, and of none which one failed', () => {
    use({ command: `${CHECK} && node lint.js && git status` });
    expect(evidence().map((one) => [one.command, one.exit])).toEqual([
      [CHECK, 0],
      ['node lint.js', 0],
    ]);
    use({ command: `${CHECK} && node lint.js`, error: 'Exit code 1\n' });
    expect(
      evidence()
        .slice(2)
        .map((one) => one.exit),
    ).toEqual([null, null]);
  });

  test.each<[string, Omit<ToolUse, 'command'>, (number | null)[]]>([
    ['interrupted', { response: { interrupted: true } }, [null]],
    ['interrupted by the person', { error: 'The user interrupted', more: { is_interrupt: true } }, [null]],
    ['timed out', { error: 'Command timed out after 2m' }, [null]],
    [
      'that the client takes for no failure',
      { response: { returnCodeInterpretation: 'No matches found' } },
      [null],
    ],
    ['that went to the background', { response: { backgroundTaskId: 'b1' } }, []],
    ['begun in the background', { input: { run_in_background: true } }, []],
    ['that was never run', { error: 'The user doesn’t want to take this action right now' }, []],
    ['with a response that nobody understands', { response: { stdout: 1, stderr: null } }, []],
  ])('%s it proves nothing', (_, over, exits) => {
    use({ command: CHECK, ...over });
    expect(evidence().map((one) => one.exit)).toEqual(exits);
  });

  test('a run that changed the files says so', () => {
    use({ command: CHECK, meanwhile: () => writeFileSync(join(worker.cwd, 'made.txt'), 'x') });
    expect(evidence()[0]?.tree).not.toBe(evidence()[0]?.tree_after);
  });

  test.each([
    `echo "${CHECK}"`,
    `${CHECK} || true`,
    `${CHECK} | tail`,
    `${CHECK} -- --only-one`,
    `${CHECK} &`,
    `cd sub && ${CHECK}`,
  ])('%j is none', (command) => {
    mkdirSync(join(worker.cwd, 'sub'), { recursive: true });
    use({ command });
    expect(evidence()).toEqual([]);
  });

  test('in a folder below the root it is none', () => {
    const cwd = join(worker.cwd, 'sub');
    mkdirSync(cwd);
    use({ command: CHECK, cwd });
    expect(evidence()).toEqual([]);
  });

  test('makes evidence with the guard off too, and none where nothing is configured', () => {
    project.must('config', 'set', 'guard', 'off');
    use({ command: CHECK });
    expect(evidence()).toHaveLength(1);
    project.must('config', 'set', 'validation', '[]');
    use({ command: CHECK });
    expect(evidence()).toHaveLength(1);
  });

  test('where evidence cannot be kept, the command runs all the same', () => {
    project.write('.coordination/evidence', 'a file in the way');
    use({ command: CHECK });
    expect(project.read('.coordination/log/coord.jsonl')).toContain('"hook":"evidence"');
  });

  test('nobody writes evidence but coord', () => {
    const file = join(project.home, '.coordination/evidence/01-phase-01/ev-20260101-000000000-x.json');
    expect(project.guardWrite(worker.cwd, file)).toContain('.coordination/');
    expect(project.guardBash(worker.cwd, `echo '{}' > ${file}`)).toContain('.coordination/');
    expect(existsSync(file)).toBe(false);
  });
});

describe('TaskCompleted', () => {
  function task(subject: string, description?: string) {
    const payload = worker.payload('TaskCompleted', {
      task_id: '1',
      task_subject: subject,
      task_description: description,
    });
    return project.hook('session', payload, worker.env);
  }

  test.each<[string, string?]>([['Finish 01-01'], ['Finish', 'all of plan 01-01.']])(
    'of a task that names a plan is refused while the plan is not proven: %j %j',
    (subject, description) => {
      const ran = task(subject, description);
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain(
        '[coord] This task names plan 01-01, which is not proven yet: node check.js',
      );
      expect(ran.stdout).toBe('');
    },
  );

  test.each([['Have lunch'], ['Finish 01-010'], ['Finish 02-01'], ['']])('says nothing of %j', (subject) => {
    expect(task(subject)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('says nothing when the plan is proven, when nobody asks the gate, and to the coordinator', () => {
    const chief = new Session(project, { session: 'chief', cwd: project.home });
    const payload = chief.payload('TaskCompleted', { task_id: '1', task_subject: 'Finish 01-01' });
    expect(project.hook('session', payload, chief.env)).toMatchObject({ code: 0, stderr: '' });
    use({ command: `${CHECK} && node lint.js` });
    gitIn(worker.cwd, 'commit', '-q', '--allow-empty', '-m', '01-01: work');
    expect(task('Finish 01-01')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(task('Finish 01-02').code).toBe(2);
    project.must('config', 'set', 'gate', 'off');
    expect(task('Finish 01-02').code).toBe(0);
  });
});

describe('the next worker', () => {
  test('is told how a failed plan was left, and where to read', async () => {
    use({ command: CHECK, error: 'Exit code 3\nno' });
    const fail = ['plan', 'fail', '01-01', '--reason', 'the parser loops'];
    expect(project.coord(fail, { cwd: worker.cwd, env: worker.env }).code).toBe(0);
    const next = new Session(project, { session: 'session-a', cwd: worker.cwd });
    const { context } = await next.start('clear');
    const log = project.path(evidence()[0]?.log ?? '');
    expect(context).toContain(
      '- plan 01-01 was left: the parser loops. Last failure: node check.js (exit 3).',
    );
    expect(context).toContain(`Read first: its output: ${log}; the transcript: `);
    expect(context).toContain('session-a.jsonl');
  });

  test('starts from what a session left that died over its plan', async () => {
    use({ command: CHECK, error: 'Exit code 3\nno' });
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const gone = new Session(project, { session: 'session-dead', cwd: worker.cwd });
    // The seat is the dead one's: started by a client that is no more.
    const seat = { ...gone.env, CLAUDE_PID: String(dead) };
    project.hook('session-end', worker.payload('SessionEnd', { reason: 'other' }), worker.env);
    project.hook('session', gone.payload('SessionStart', { source: 'startup' }), seat);
    const { context } = await new Session(project, { session: 'session-next', cwd: worker.cwd }).start();
    expect(context).toContain(
      'plan 01-01 was left: session session-dead died over it. Last failure: node check.js (exit 3).',
    );
    const status = project.mustIn<{ plans: { handoff?: object }[] }>(worker.cwd, 'plan', 'list');
    expect(status.plans[0]?.handoff).toMatchObject({ session: 'session-dead', exit: 3 });
    expect(status.plans[1]?.handoff).toBeUndefined();
  });

  test('is told what the gate misses', async () => {
    expect(project.coord(['plan', 'done', '01-01'], { cwd: worker.cwd }).code).toBe(1);
    const { context } = await worker.start('clear');
    expect(context).toContain(
      '- plan 01-01 needs follow-up, the gate misses: node check.js: it has not run here; ',
    );
    expect(project.coord(['plan', 'list'], { cwd: worker.cwd }).stdout).toContain(
      '  needs follow-up: node check.js',
    );
  });
});
