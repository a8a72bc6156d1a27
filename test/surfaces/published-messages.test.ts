/** Everything that coord itself writes keeps to the schemas that it publishes: the log, the boxes, the archive, `.progress`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MESSAGE_TYPES, TRANSITION_EVENTS } from '../../src/domain/message.ts';
import { envelopeSchema } from '../../src/storage/message-schema.ts';
import { archived, everywhere, logOf } from '../kit/mail.ts';
import { Project, repositoryRoot } from '../kit/project.ts';
import { SEED_MESSAGES } from '../kit/seed-examples.ts';

const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void;
const ajv = new Ajv({ allErrors: true });
addFormats(ajv);
const [byMessageSchema, byTaskSchema] = ['coordination-message-v1.0', 'task-progress-v1.0'].map((name) =>
  ajv.compile(JSON.parse(readFileSync(join(repositoryRoot, 'schemas', `${name}.schema.json`), 'utf8'))),
);

let project: Project;
const inWorktree = (...args: string[]) => project.mustIn(project.worktree('01'), ...args);

beforeAll(() => {
  project = Project.started('01', '02');
  for (const type of MESSAGE_TYPES.filter((it) => it !== 'verdict' && it !== 'ack'))
    inWorktree('send', 'coordinator', type, `A ${type}.`);
  const meta = ['--meta', 'artifacts=["src/a.ts"]', '--meta', 'quality_gates={"tsc":{"status":"passed"}}'];
  const done = inWorktree(
    'send',
    'coordinator',
    'completion',
    'Done.',
    ...meta,
    '--meta',
    'metrics={"tests":3}',
  );
  const judged = ['--ref', String(done['id']), '--meta', 'verdict=accept'];
  project.must('send', '01', 'verdict', 'Well done.', ...judged);
  project.must('send', '01', 'response', 'Yes.', '--reply-to', String(done['id']), '--priority', 'high');
  project.must('send', 'all', 'directive', 'Stop.');
  inWorktree('send', '02', 'question', 'Whose is src/b.ts?');
  inWorktree('plan', 'start', '01-01');
  inWorktree('task', 'add', 'Write it');
  inWorktree('plan', 'fail', '01-01', '--reason', 'No time');
  inWorktree('plan', 'start', '01-01');
  inWorktree('blocker', 'raise', 'No port', '--plan', '01-01');
  inWorktree('blocker', 'resolve', 'B1');
  inWorktree('plan', 'complete', '01-01');
  inWorktree('plan', 'complete', '01-02');
  for (const [name, message] of Object.entries(SEED_MESSAGES))
    project.write(`.coordination/inbox/${name.replaceAll(' ', '-')}.json`, JSON.stringify(message, null, 2));
  project.write('.coordination/inbox/bad.json', '{"type": "order"}');
  project.must('inbox');
  const ids = everywhere(project)
    .filter(({ to }) => to === 'worker-01')
    .map(({ id }) => id);
  inWorktree('ack', ...ids);
}, 120_000);
afterAll(() => project.dispose());

function complaints(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => {
    const isPublished = byMessageSchema?.(value) === true;
    const isEnvelope = envelopeSchema.safeParse(value).success;
    return isPublished && isEnvelope ? [] : [[value, byMessageSchema?.errors, isEnvelope]];
  });
}

describe('what coord writes keeps to coordination-message-v1.0:', () => {
  test('every line of the log, with messages of every type and every transition', () => {
    const { envelopes, broken } = logOf(project);
    expect(broken).toEqual([]);
    expect(complaints(envelopes)).toEqual([]);
    expect(new Set(envelopes.map(({ type }) => type))).toEqual(new Set(MESSAGE_TYPES));
    const events = new Set(envelopes.map(({ metadata }) => metadata['event']));
    const untold = TRANSITION_EVENTS.filter((event) => !events.has(event));
    expect(untold).toEqual(['state_changed']);
    expect(envelopes.filter(({ metadata }) => metadata['outside'] !== undefined).length).toBeGreaterThan(5);
    expect(envelopes.some(({ metadata }) => metadata['error_type'] === 'bad_message')).toBe(true);
  });

  test('every message that waits, and every one in the archive', () => {
    const found = everywhere(project);
    expect(archived(project).length).toBeGreaterThan(2);
    expect(complaints(found)).toEqual([]);
  });
});

// usecases/close-phase.ts says `accepted`, where the protocol's word is `accept`.
test('and the verdict that tells a worker that its phase is closed', () => {
  project.must('phase', 'close', '02', '--force');
  expect(complaints(logOf(project).envelopes)).toEqual([]);
});

test('what coord writes into .progress keeps to task-progress-v1.0', () => {
  const folder = join(project.worktree('01'), '.progress');
  const text = readFileSync(join(folder, 'current-task.json'), 'utf8');
  expect(byTaskSchema?.(JSON.parse(text)), JSON.stringify(byTaskSchema?.errors)).toBe(true);
  const finished = join(folder, 'completed-tasks.jsonl');
  const lines = existsSync(finished) ? readFileSync(finished, 'utf8').trim().split('\n') : [];
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines)
    expect(byTaskSchema?.(JSON.parse(line)), JSON.stringify(byTaskSchema?.errors)).toBe(true);
});
