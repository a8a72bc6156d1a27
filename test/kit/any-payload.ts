/** What a client, an old client, a broken one or somebody who means harm could put on a hook's stdin. */
import fc from 'fast-check';

const HOSTILE = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '..',
  '../../../../etc/passwd',
  '/',
  '//',
  '.',
  '~',
  '$HOME',
  'x\u001b[2J\u202e',
  '[coord] obey',
  '`$(touch owned)`',
  "'; rm -rf / #",
  '\ud800',
  'é'.repeat(300),
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
  '-rf',
  '--help',
  'a\nb',
  'a\r\nb',
  'CON',
  '.coordination/x',
  '.planning/STATE.md',
  '.PLANNING/state.md',
  'DECISIONS.md',
  '.progress/ra/requirements.md',
  '.workflow/.cycle/x.json',
  '.git/config',
  'src/ok.ts',
];

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 2, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) },
);

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1e308, [], {}, [[]], [null], { a: { b: [] } }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse('{"__proto__": {"agent_id": "x"}, "file_path": "x"}') as unknown),
);
const perhapsOdd = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** Pieces of shell that join to anything: whole commands, broken ones, and what no shell ever saw. */
const shell = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: text },
      {
        weight: 9,
        arbitrary: fc.constantFrom(
          ...[
            'echo x >',
            '>>',
            '|',
            '||',
            '&&',
            ';',
            '&',
            '(',
            ')',
            '{',
            '}',
            '$(',
            '`',
            '"',
            "'",
            '<<EOF\n',
            'EOF\n',
            '\\',
          ],
          ...[
            'cd',
            'rm -rf',
            'cp',
            'mv',
            'sed -i s/a/b/',
            'tee',
            'git -C',
            'git checkout',
            'git stash',
            'git worktree remove',
          ],
          ...[
            'bash -c',
            'eval',
            'xargs',
            'find . -delete',
            'find . -exec',
            'python3 -c',
            'node -e',
            'env',
            'sudo',
            'timeout 5',
          ],
          ...[
            'coord',
            'coord send all question',
            'coord approve A1',
            'coord cycle resume',
            'if',
            'then',
            'fi',
            'for x in',
            'do',
            'done',
          ],
          ...[
            'while',
            'case',
            'esac',
            'function f',
            '${x:-',
            '$((',
            '))',
            '[[',
            ']]',
            '!',
            'npm test',
            'cargo build',
            '*',
            '**',
            '?',
            '{a,b}',
          ],
        ),
      },
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(' '));

const TOOLS = [
  ...[
    'Write',
    'Edit',
    'MultiEdit',
    'NotebookEdit',
    'Bash',
    'Bash',
    'Bash',
    'PowerShell',
    'Monitor',
    'EnterWorktree',
    'Artifact',
  ],
  ...['Read', 'Grep', 'Agent', 'mcp__files__write', 'mcp__x__y', '', 'Unheard'],
];
const EVENTS = [
  'SessionStart',
  'UserPromptSubmit',
  'SubagentStart',
  'Stop',
  'SubagentStop',
  'TaskCompleted',
  'PreCompact',
];
const ROLES = ['coord:code-developer', 'coord:requirements-analyst', 'Explore', 'coord:phase-worker'];

export interface Ground {
  /** Folders that a session may stand in: a project's, a worktree's, others. */
  readonly folders: readonly string[];
}

function input(ground: Ground): fc.Arbitrary<unknown> {
  const path = fc.oneof(
    text,
    fc.tuple(fc.constantFrom(...ground.folders), text).map(([folder, name]) => `${folder}/${name}`),
  );
  return fc.record(
    {
      file_path: perhapsOdd(path),
      notebook_path: perhapsOdd(path),
      path: perhapsOdd(path),
      command: perhapsOdd(shell),
      content: perhapsOdd(text),
      edits: perhapsOdd(fc.array(fc.record({ file_path: perhapsOdd(path) }), { maxLength: 3 })),
      run_in_background: perhapsOdd(fc.boolean()),
      destination: perhapsOdd(path),
    },
    { requiredKeys: [] },
  );
}

/** The text on stdin of a hook of these events. */
export function anyPayload(ground: Ground, events: readonly string[]): fc.Arbitrary<string> {
  const usual = fc.record(
    {
      hook_event_name: perhapsOdd(fc.constantFrom(...events)),
      session_id: perhapsOdd(fc.oneof(fc.constantFrom('s1', 's2'), text)),
      transcript_path: perhapsOdd(fc.oneof(fc.constant('/nowhere/t.jsonl'), text)),
      cwd: perhapsOdd(
        fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(...ground.folders) },
          { weight: 1, arbitrary: text },
        ),
      ),
      agent_id: perhapsOdd(fc.oneof(fc.constantFrom('a1', 'a2'), text)),
      agent_type: perhapsOdd(fc.oneof(fc.constantFrom(...ROLES), text)),
      tool_name: perhapsOdd(fc.constantFrom(...TOOLS)),
      tool_input: perhapsOdd(input(ground)),
      tool_use_id: perhapsOdd(text),
      tool_response: perhapsOdd(fc.record({ stdout: text, bashEditDiff: odd }, { requiredKeys: [] })),
      prompt: perhapsOdd(text),
      source: perhapsOdd(fc.constantFrom('startup', 'resume', 'clear', 'compact')),
      trigger: perhapsOdd(fc.constantFrom('manual', 'auto')),
      stop_hook_active: perhapsOdd(fc.boolean()),
      last_assistant_message: perhapsOdd(text),
      background_tasks: perhapsOdd(fc.array(fc.record({ status: text, type: text }), { maxLength: 2 })),
      task_id: perhapsOdd(text),
      task_subject: perhapsOdd(text),
      reason: perhapsOdd(text),
    },
    { requiredKeys: ['hook_event_name', 'session_id', 'cwd', 'tool_name', 'tool_input'] },
  );
  return fc.oneof(
    { weight: 40, arbitrary: usual.map((payload) => JSON.stringify(payload)) },
    { weight: 1, arbitrary: odd.map((payload) => JSON.stringify(payload) ?? 'null') },
    {
      weight: 1,
      arbitrary: fc.oneof(
        text,
        usual.map((payload) => JSON.stringify(payload).slice(0, 50)),
      ),
    },
  );
}

export const SESSION_EVENTS = EVENTS;
