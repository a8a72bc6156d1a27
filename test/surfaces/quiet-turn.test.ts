/** Nothing is said when there is nothing to say: a turn in which nothing happened costs no token, whoever plays it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Bundle, Project } from '../kit/project.ts';
import { Session } from '../kit/session.ts';

let project: Project;
afterEach(() => project.dispose());

const begun = () => Project.started('01', '02');

function shared(): Project {
  const made = begun();
  made.must('config', 'set', 'mode', 'shared');
  return made;
}

function withGuest(made: Project): string {
  const folder = join(made.outside('guest'), 'w');
  made.git('worktree', 'add', '-q', '-b', 'own', folder);
  return folder;
}

interface Kind {
  readonly kind: string;
  readonly make?: () => Project;
  readonly at: (made: Project) => string;
  /** Another session that holds the seat of the place. */
  readonly isSecond?: true;
  /** What happens before its first turn. */
  readonly before?: (made: Project) => void;
}

const KINDS: readonly Kind[] = [
  { kind: 'a coordinator with two workers', at: ({ home }) => home },
  { kind: 'a worker', at: (made) => made.worktree('01') },
  {
    kind: 'a worker at a plan',
    at: (made) => made.worktree('01'),
    before: (made) => void made.mustIn(made.worktree('01'), 'plan', 'start', '01-01'),
  },
  {
    kind: 'a worker with a blocker',
    at: (made) => made.worktree('01'),
    before: (made) => void made.mustIn(made.worktree('01'), 'blocker', 'raise', 'which port'),
  },
  {
    kind: 'a worker whose phase is closed',
    at: (made) => made.worktree('01'),
    before: (made) => void made.must('phase', 'close', '01', '--force'),
  },
  { kind: 'a guest', at: withGuest },
  { kind: 'the holder of the seat of a shared tree', make: shared, at: ({ home }) => home },
  { kind: 'a peer in a shared tree', make: shared, at: ({ home }) => home, isSecond: true },
  { kind: 'an outsider', at: (made) => made.outside('elsewhere') },
];

test.each(KINDS)('$kind', async ({ make = begun, at, isSecond, before }) => {
  project = make();
  const cwd = at(project);
  before?.(project);
  if (isSecond) await new Session(project, { session: 'first', cwd }).start();
  const session = new Session(project, { session: 'second', cwd });
  await session.start();
  // What was to be said of what came before is said with the first turn.
  await session.prompt();
  await session.stop();

  const said: string[] = [];
  const hear = (bundle: Bundle, event: string, more: object) => {
    const { stdout, stderr, code } = project.hook(bundle, session.payload(event, more), session.env);
    expect(code).toBe(0);
    if (stdout + stderr !== '') said.push(`${event}: ${stdout}${stderr}`);
  };
  const tool = (tool_name: string, tool_input: object, act: () => void = () => undefined) => {
    const call = { tool_name, tool_input, tool_use_id: `use-${tool_name}` };
    hear('guard', 'PreToolUse', call);
    act();
    hear('after', 'PostToolUse', { ...call, tool_response: { stdout: '', stderr: '' } });
  };
  const file = join(cwd, 'src', 'own.ts');
  for (const turn of ['first', 'second']) {
    hear('session', 'UserPromptSubmit', { prompt: `the ${turn}` });
    tool('Read', { file_path: file });
    tool('Bash', { command: 'ls -la && git log -1 --format=%s' });
    tool('Write', { file_path: file, content: turn }, () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, turn);
    });
    tool('Bash', { command: 'echo x > src/other.ts' }, () =>
      writeFileSync(join(cwd, 'src', 'other.ts'), 'x'),
    );
    hear('session', 'SubagentStart', { agent_id: 'helper', agent_type: 'general-purpose' });
    hear('session', 'SubagentStop', {
      agent_id: 'helper',
      agent_type: 'general-purpose',
      stop_hook_active: false,
    });
    hear('session', 'Stop', { stop_hook_active: false });
  }
  hear('session-end', 'SessionEnd', { reason: 'exit' });
  // A subagent of a shared tree is a peer of its own, and is told its name.
  const isTold = (line: string) => make === shared && line.startsWith('SubagentStart');
  expect(said.filter((line) => !isTold(line))).toEqual([]);
});
