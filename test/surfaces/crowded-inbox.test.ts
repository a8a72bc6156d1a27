/** Hooks in a project with ten thousand waiting messages in each box, and logs of a million lines. */
import { closeSync, ftruncateSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printEnvelope } from '../../src/domain/message.ts';
import { envelopeAt } from '../../src/domain/urgency.ts';
import { inboxFolder, inFolder } from '../../src/storage/light/mail-files.ts';
import { idsIn } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

const COUNT = 10_000;
/** Old enough that the sweep must look at each of them. */
const AGE_MS = 20 * 3_600_000;

let project: Project;
let worker: Session;
let lead: Session;

beforeAll(async () => {
  project = started('01');
  worker = new Session(project, { session: 'w', cwd: project.worktree('01') });
  lead = new Session(project, { session: 'c', cwd: project.home });
  await worker.start();
  await lead.start();
});
afterAll(() => project.dispose());

function fill(agent: string, from: string): void {
  const atMs = Date.now() - AGE_MS;
  for (let at = 0; at < COUNT; at += 1) {
    const priority = at === COUNT - 5 ? 'urgent' : 'normal';
    const draft = { to: agent, type: 'question', content: `Number ${at}`, priority };
    const message = envelopeAt(draft, { tail: `${agent.slice(-2)}${at}`, from, atMs: atMs + at });
    const file = inFolder(inboxFolder(project.home, agent), message.id);
    writeFileSync(file, printEnvelope(message));
    utimesSync(file, atMs / 1_000, atMs / 1_000);
  }
}

/** Files of that size; the disk holds little of it. */
function logs(): void {
  const names = [1, 2, 3, 4].map((day) => `messages-2026010${day}-000000000.jsonl`);
  for (const name of [...names, 'messages.jsonl']) {
    const descriptor = openSync(project.path('.coordination', name), 'a+');
    const bytes = 60 * 1024 * 1024;
    ftruncateSync(descriptor, bytes);
    writeSync(descriptor, '\n');
    closeSync(descriptor);
  }
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

const HOOKS: Record<string, () => Promise<unknown>> = {
  'a prompt': () => worker.prompt(),
  'a tool': () =>
    worker.run('PostToolUse', { tool_name: 'Write', tool_input: { file_path: 'x' }, tool_use_id: 't' }),
  'a stop': () => worker.stop(),
  'the coordinator’s prompt': () => lead.prompt(),
  'the coordinator’s stop': () => lead.stop(),
  status: () => project.coordLater(['status']),
  'a send': () => project.coordLater(['send', '01', 'directive', 'Go on']),
};

test('take a bounded time, and show the most urgent first', async () => {
  const before: Record<string, number> = {};
  for (const [name, run] of Object.entries(HOOKS)) {
    await run();
    before[name] = Math.min(await timeOf(run), await timeOf(run));
  }
  fill('worker-01', 'coordinator');
  fill('coordinator', 'worker-01');
  logs();
  worker.shown.length = 0;
  const { context } = await worker.prompt();
  expect(idsIn(context ?? '')[0]).toContain(`-u-01${COUNT - 5}`);
  expect(context).toMatch(/\((?:9990|9991|9992|9993) more wait/);
  for (const [name, run] of Object.entries(HOOKS)) {
    const after = Math.min(await timeOf(run), await timeOf(run));
    expect(after, name).toBeLessThan((before[name] ?? 0) * 3 + 400);
  }
});

test('what nobody will ever read is given up a few at a time', async () => {
  project.must('config', 'set', 'ack_retries', '0');
  const took = await timeOf(() => project.coordLater(['status']));
  const { inbox } = project.must<{ inbox: { dead: number } }>('status');
  expect(inbox.dead).toBeLessThanOrEqual(40);
  expect(took).toBeLessThan(8_000);
});
