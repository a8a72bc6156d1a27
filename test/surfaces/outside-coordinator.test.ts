/** An outside coordinator that knows nothing but files: the shell lines of the old protocol, run as they were written. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archived, idsIn, waitingFor } from '../kit/mail.ts';
import { bareEnvironment, type Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
let workers: Session[];

beforeAll(async () => {
  project = started('01', '02');
  workers = ['01', '02'].map(
    (id) => new Session(project, { session: `session-${id}`, cwd: project.worktree(id) }),
  );
  for (const worker of workers) await worker.start();
});
afterAll(() => project.dispose());

const hasJq = spawnSync('jq', ['--version']).status === 0;
/** The same reading by hand, where there is no jq. */
const jq = hasJq
  ? 'jq .'
  : `node -e 'for (const line of require("fs").readFileSync(0, "utf8").trim().split("\\n")) console.log(JSON.parse(line))'`;

function bash(script: string): string {
  const run = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: project.home,
    encoding: 'utf8',
    env: bareEnvironment(),
  });
  if (run.status !== 0) throw new Error(`${run.status}: ${run.stderr}`);
  return run.stdout;
}

const dropped = () =>
  readdirSync(project.path('.coordination/inbox')).filter((name) => name.endsWith('.json'));

const tool = { tool_name: 'Write', tool_input: { file_path: 'x' }, tool_use_id: 't' };

test('a directive that is written into the inbox, and appended to the log, reaches the worker that it names', async () => {
  bash(`# Create message file
cat > .coordination/inbox/msg-$(date +%Y%m%d-%H%M%S).json << 'EOF'
{
  "id": "msg-20251116-153045",
  "from": "coordinator",
  "to": "worker-01",
  "timestamp": "2025-11-16T15:30:45Z",
  "type": "directive",
  "content": "Implement Layer 3 Processing",
  "priority": "high",
  "read": false
}
EOF

# Append to message log
cat .coordination/inbox/msg-*.json >> .coordination/messages.jsonl`);
  const [first, second] = workers as [Session, Session];
  await second.prompt();
  const { context } = await first.prompt();
  expect([first.shown, second.shown]).toEqual([['msg-20251116-153045'], []]);
  expect(context).toContain('· directive · high · from operator ·');
  expect(context).toContain('> Implement Layer 3 Processing');
  expect(dropped()).toEqual([]);
});

test('of several workers a directive to "project-instance" waits for the coordinator, who sees to whom it goes', async () => {
  bash(`cat > .coordination/inbox/msg-$(date +%Y%m%d-%H%M%S).json << 'EOF'
{ "id": "msg-20251116-153046", "from": "coordinator", "to": "project-instance", "timestamp": "2025-11-16T15:30:45Z", "type": "directive", "content": "For one of you" }
EOF`);
  await workers[1]?.stop();
  expect(waitingFor(project, 'coordinator').map(({ content }) => content)).toEqual(['For one of you']);
});

test('what a worker asks lies in the outbox, and the answer reaches who asked and closes the question', async () => {
  const [first, second] = workers as [Session, Session];
  const { id } = project.mustIn<{ id: string }>(
    second.cwd,
    'send',
    'coordinator',
    'question',
    'Coverage or speed?',
  );
  expect(bash('ls .coordination/outbox/').split('\n')).toContain(`${id}.json`);
  expect(JSON.parse(bash(`cat .coordination/outbox/${id}.json`))).toMatchObject({
    from: 'worker-02',
    to: 'coordinator',
    content: 'Coverage or speed?',
    read: false,
  });
  bash(`# Create response
cat > .coordination/inbox/msg-$(date +%Y%m%d-%H%M%S).json << 'EOF'
{
  "id": "msg-20251116-163000",
  "from": "coordinator",
  "to": "project-instance",
  "timestamp": "2025-11-16T16:30:00Z",
  "type": "response",
  "content": "Prioritize test coverage >90%",
  "references": ["${id}"],
  "read": false
}
EOF`);
  // A tool's hook of whomever routes it.
  await first.run('PostToolUse', tool);
  const { context } = await second.run('PostToolUse', tool);
  expect(context).toContain('> Prioritize test coverage >90%');
  expect(idsIn(context ?? '')).toEqual(['msg-20251116-163000']);
  expect(first.shown).not.toContain('msg-20251116-163000');
  expect(project.must<{ questions: unknown[] }>('status').questions).toEqual([]);
  expect(existsSync(project.path('.coordination/outbox', `${id}.json`))).toBe(false);
  expect(archived(project).map((envelope) => envelope.id)).toContain(id);
  await second.stop();
  expect(waitingFor(project, 'worker-02')).toEqual([]);
});

test('the log can be read with jq, once doctor took out what was appended in many lines', () => {
  expect(project.coord(['doctor', '--repair']).code).toBeLessThanOrEqual(1);
  const text = bash(`tail -10 .coordination/messages.jsonl | ${jq}`);
  expect(text).toContain('Prioritize test coverage >90%');
  const kept = readdirSync(project.path('.coordination/dead')).filter((name) => name.startsWith('log-'));
  expect(kept).toHaveLength(1);
});

test('what is no message is set aside, and whoever works at the terminal is told how to mend it', async () => {
  bash(`cat > .coordination/inbox/msg-$(date +%Y%m%d-%H%M%S).json << 'EOF'
{ "type": "directive", "content": "Whom?", "to": "worker-99" }
EOF`);
  await workers[0]?.prompt();
  const [notice] = waitingFor(project, 'operator');
  expect(notice?.content).toContain('nobody is called worker-99');
  const name = String(notice?.metadata['file']);
  bash(`sed -i s/worker-99/worker-01/ '.coordination/dead/${name}'
mv '.coordination/dead/${name}' .coordination/inbox/`);
  const shown = await workers[0]?.prompt();
  expect(shown?.context).toContain('> Whom?');
});
