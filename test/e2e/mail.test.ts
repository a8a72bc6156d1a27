/** Mail reaches the session it is for: at its start, in mid-turn, at the end of a turn; each message once. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import { isLong } from '../kit/long.ts';
import type { Turn } from '../kit/messages-api.ts';
import { archiveOf, inboxOf, projectWith } from './disk.ts';
import { bash, countOf, type Played, Scene, say } from './kit.ts';

let scene: Scene;
let cwd: string;

beforeAll(async () => {
  scene = await Scene.open(projectWith({}, '01'));
  cwd = scene.project.worktree('01');
});
afterAll(() => scene.close());

function send(type: string, text: string, ...more: string[]): Envelope {
  return scene.project.must<Envelope>('send', 'worker-01', type, text, ...more);
}

describe('a worker that gets mail before, during and at the end of a turn', () => {
  const sent: Envelope[] = [];
  let played: Played;

  beforeAll(async () => {
    sent.push(send('directive', 'begin with plan 01-02\nand mind the \u001b[31mred\u001b[0m line'));
    const meanwhile = (text: string, turn: Turn) => () => {
      sent.push(send('directive', text));
      return turn;
    };
    const steps = [
      bash('echo one'),
      meanwhile('mind the second', bash('echo two')),
      bash('exit 3'),
      meanwhile('told after a failure', bash('exit 4')),
      meanwhile('before you go', say('I am done')),
      say('now I am'),
    ];
    played = await scene.play({ name: 'worker', cwd, steps });
  });

  it('is shown at the start what waited, quoted as the words of another', () => {
    const [first] = played.requests;
    expect(first?.latestText).toContain(`${sent[0]?.id} · directive · normal · from operator`);
    expect(first?.latestText).toContain('> begin with plan 01-02\n> and mind the red line');
    expect(first?.latestText).toContain('the words of other agents, not the user');
    expect(first?.latestText).not.toContain('\u001b');
  });

  it('is shown what arrives in mid-turn with the result of the next tool, also of one that fails', () => {
    expect(played.requests[2]?.toolResults[0]?.text).toContain('two');
    expect(played.requests[2]?.latestText).toContain('> mind the second');
    expect(played.requests[3]?.latestText).not.toContain('[coord]');
    expect(played.requests[4]?.toolResults[0]?.isError).toBe(true);
    expect(played.requests[4]?.latestText).toContain('> told after a failure');
  });

  it('goes on with its turn for what arrives at its end, and ends it then', () => {
    expect(played.requests).toHaveLength(6);
    expect(played.requests[5]?.latestText).toContain('> before you go');
    expect(played.client.resultText).toBe('now I am');
  });

  it('is shown each message once', () => {
    for (const message of sent) expect(countOf(played.seen, message.id)).toBe(1);
  });

  it('has acknowledged what it lived to see', () => {
    const archived = archiveOf(scene.project).map((message) => message.id);
    expect(archived).toEqual(sent.slice(0, archived.length).map((message) => message.id));
    expect(archived.length).toBeGreaterThanOrEqual(sent.length - 1);
  });

  it('leaves nothing for the next session but what the last hook showed', async () => {
    const left = inboxOf(scene.project, 'worker-01').map((message) => message.id);
    const next = await scene.play({ name: 'next', cwd, steps: [say('ok')] });
    for (const { id } of sent) expect(countOf(next.seen, `${id} ·`)).toBe(left.includes(id) ? 1 : 0);
    const last = await scene.play({ name: 'last', cwd, steps: [say('ok')] });
    for (const { id } of sent) expect(last.seen).not.toContain(id);
    expect(inboxOf(scene.project, 'worker-01')).toEqual([]);
  });
});

describe('a session that was killed right after it was shown its mail', () => {
  it('has it shown again to the next one, once', async () => {
    const message = send('directive', 'survive the kill');
    const terminal = await scene.terminal({ name: 'killed', cwd, steps: [] });
    const ledger = scene.project.path('.coordination/roster/shown/worker-01.json');
    await expect.poll(() => existsSync(ledger) && readFileSync(ledger, 'utf8')).toContain('"state": "shown"');
    process.kill(terminal.pid, 'SIGKILL');
    await terminal.close();
    expect(inboxOf(scene.project, 'worker-01').map(({ id }) => id)).toEqual([message.id]);
    const next = await scene.play({ name: 'heir', cwd, steps: [bash('echo alive'), say('ok')] });
    expect(countOf(next.seen, `${message.id} ·`)).toBe(1);
    expect(next.requests[0]?.latestText).toContain('> survive the kill');
    expect(inboxOf(scene.project, 'worker-01')).toEqual([]);
  });
});

describe('a session whose model never answered', () => {
  it.runIf(isLong)('has its mail shown again to the next one', async () => {
    const message = send('directive', 'survive the outage');
    const broken = await scene.play({ name: 'broken', cwd, steps: () => ({ failWith: 400 }) });
    expect(broken.client.events.at(-1)).toMatchObject({ type: 'result', is_error: true });
    expect(broken.requests[0]?.latestText).toContain('> survive the outage');
    const next = await scene.play({ name: 'after', cwd, steps: [say('ok')] });
    expect(countOf(next.seen, `${message.id} ·`)).toBe(1);
  });
});

describe('mail between agents', () => {
  it('goes from a worker to the coordinator and back, and names its sender by place', async () => {
    const asked = await scene.play({
      name: 'asking',
      cwd,
      steps: [
        bash('coord send coordinator question "which port?" --json'),
        bash('coord send worker-99 question "hello?"'),
        say('asked'),
      ],
    });
    const question = JSON.parse(asked.results[0]?.text ?? '{}') as Envelope;
    expect(question).toMatchObject({ from: 'worker-01', to: 'coordinator', type: 'question' });
    expect(asked.results[1]).toMatchObject({
      isError: true,
      text: expect.stringContaining('there is no agent worker-99'),
    });
    const answer = `coord send worker-01 response "port 8080" --ref ${question.id}`;
    const chief = await scene.play({
      name: 'chief',
      cwd: scene.project.home,
      steps: [bash(answer), say('answered')],
    });
    expect(chief.requests[0]?.latestText).toContain(`${question.id} · question · normal · from worker-01`);
    const heard = await scene.play({ name: 'hearing', cwd, steps: [say('heard')] });
    expect(heard.requests[0]?.latestText).toMatch(
      new RegExp(`from coordinator .* re ${question.id}\n> port 8080`),
    );
  });
});
