import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/storage/light/caller.ts';
import { listWaiting } from '../../src/storage/light/mailbox.ts';
import { claimMail, confirmShown, shownIds } from '../../src/storage/light/presentation.ts';
import { writeSession } from '../../src/storage/light/roster.ts';
import { acknowledgeMessages } from '../../src/usecases/read-inbox.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { type WaitFor, waitForMessage } from '../../src/usecases/wait-message.ts';
import { idsIn, waitingFor } from '../kit/mail.ts';
import { callerOf, mailHome } from '../kit/mail-home.ts';
import type { Project } from '../kit/project.ts';
import { onlyOf, refusal, started, value } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { ALIVE, sessionRecord } from '../storage/scratch.ts';

let folder: string;
let me: Caller;
let transcript: string;

beforeEach(() => {
  folder = mailHome('01', '02');
  transcript = join(folder, 'transcript.jsonl');
  writeFileSync(transcript, '{}\n');
  me = callerOf(folder, '01', 's1');
  writeSession(folder, sessionRecord('s1', { process: ALIVE, transcript, place: me.place }));
});

const nothing = () => undefined;
const want = (change: Partial<WaitFor> = {}): WaitFor => ({
  types: ['response'],
  from: undefined,
  reference: undefined,
  timeoutMs: 0,
  ...change,
});
const wait = (change: Partial<WaitFor> = {}, tend: () => void = nothing, caller = me) =>
  waitForMessage(caller, want(change), tend);

function answer(references: string[] = [], who = 'coordinator', type = 'response', to = 'worker-01'): string {
  const draft = { to, type, content: `by ${who}`, references };
  return onlyOf(sendMessage(callerOf(folder, who), draft, Date.now())).id;
}

/** What a hook of the session shows. */
function hook(event: string, nowMs = Date.now(), agent: string | null = null): string[] {
  const reader = {
    home: folder,
    agent: me.name,
    instance: { session: 's1', agent },
    event,
    transcript,
    nowMs,
  };
  const batch = claimMail(reader, 10);
  if (!batch) return [];
  confirmShown(reader, batch.token);
  appendFileSync(transcript, `${batch.token}\n`);
  return batch.envelopes.map(({ id }) => id);
}

describe('waiting ends', () => {
  test('with what is there already, the oldest of the kind first', () => {
    answer([], 'coordinator', 'directive');
    const id = answer();
    answer();
    expect(value(wait()).id).toBe(id);
  });

  test('with what comes while one waits', () => {
    let looks = 0;
    let id = '';
    const came = wait({ timeoutMs: 5_000 }, () => {
      looks += 1;
      if (looks === 2) answer([], 'coordinator', 'directive');
      if (looks === 3) id = answer();
    });
    expect(value(came).id).toBe(id);
  });

  test('when the time is up, as a refusal', () => {
    answer([], 'coordinator', 'directive');
    const startedAt = performance.now();
    expect(refusal(wait({ timeoutMs: 250 }))).toMatchObject({ code: 'wait-timeout', types: ['response'] });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(240);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('only with what is from whom, and about what, it was asked for', () => {
    answer(['msg-a'], '02');
    expect(refusal(wait({ from: 'coordinator' })).code).toBe('wait-timeout');
    expect(refusal(wait({ reference: 'msg-b' })).code).toBe('wait-timeout');
    expect(refusal(wait({ reference: 'msg' })).code).toBe('wait-timeout');
    expect(value(wait({ from: 'worker-02', reference: 'msg-a' })).from).toBe('worker-02');
  });

  test('not with what is another’s', () => {
    answer([], 'coordinator', 'response', 'worker-02');
    expect(refusal(wait()).code).toBe('wait-timeout');
  });

  test('for a guest at once', () => {
    expect(refusal(wait({}, nothing, { ...me, kind: 'guest' })).code).toBe('not-joined');
  });
});

describe('an answer that came before', () => {
  test('is found by what it refers to when it was acknowledged', () => {
    const id = answer(['msg-q']);
    value(acknowledgeMessages(me, [id], Date.now()));
    expect(refusal(wait()).code).toBe('wait-timeout');
    expect(value(wait({ reference: 'msg-q' })).id).toBe(id);
  });

  test('and that waits still is shown by no hook besides', () => {
    const id = answer(['msg-q']);
    expect(value(wait({ reference: 'msg-q' })).id).toBe(id);
    appendFileSync(transcript, `${id}\n`);
    expect(hook('PostToolUse')).toEqual([]);
    expect(hook('Stop')).toEqual([]);
    expect(listWaiting(folder, 'worker-01')).toEqual([]);
  });

  test('and that a hook has shown is shown once more to who asks for it, and to nobody who asks for any', () => {
    const id = answer(['msg-q']);
    expect(hook('UserPromptSubmit')).toEqual([id]);
    expect(refusal(wait()).code).toBe('wait-timeout');
    expect(value(wait({ reference: 'msg-q' })).id).toBe(id);
  });

  test('is not taken from a line that somebody wrote into the log', () => {
    const forged = { ...value(wait({}, () => void answer(['msg-q']))), id: 'msg-20260101-000000' };
    appendFileSync(
      join(folder, '.coordination/messages.jsonl'),
      `${JSON.stringify({ ...forged, references: ['msg-z'] })}\n`,
    );
    expect(refusal(wait({ reference: 'msg-z' })).code).toBe('wait-timeout');
  });
});

describe('a session that waited', () => {
  test('is shown it by no hook, and acknowledges it with the next one that knows it was seen', () => {
    const id = answer();
    value(wait());
    expect(hook('PostToolUse'), 'of the very tool').toEqual([]);
    expect(listWaiting(folder, 'worker-01')).toEqual([id]);
    appendFileSync(transcript, `{"content":"${id} · response"}\n`);
    expect(hook('PostToolUse', Date.now() + 5_000)).toEqual([]);
    expect(listWaiting(folder, 'worker-01')).toEqual([]);
  });

  test('and was broken off keeps it unread over Stop, and is shown it with the next prompt', () => {
    const id = answer();
    value(wait());
    for (const event of ['PostToolUse', 'Stop', 'PreCompact']) expect(hook(event)).toEqual([]);
    expect(listWaiting(folder, 'worker-01')).toEqual([id]);
    // The waiting was in this very process, which lives: a command has ended by then.
    expect([...shownIds(folder, 'worker-01')]).toEqual([id]);
  });

  test('of a person acknowledges by hand: nothing counts as shown', () => {
    const id = answer([], 'coordinator', 'response', 'operator');
    expect(value(wait({}, nothing, callerOf(folder, 'operator'))).id).toBe(id);
    expect(shownIds(folder, 'operator').size).toBe(0);
  });

  test('as a subagent with a place of its own is that subagent', () => {
    const id = answer();
    writeSession(folder, sessionRecord('s1', { process: ALIVE, transcript, place: null }));
    writeSession(folder, sessionRecord('s1', { agent: 'a1', process: ALIVE, transcript, place: me.place }));
    value(wait());
    appendFileSync(transcript, `${id}\n`);
    expect(hook('Stop'), 'its session’s').toEqual([]);
    expect(listWaiting(folder, 'worker-01')).toEqual([id]);
    expect(hook('SubagentStop', Date.now(), 'a1')).toEqual([]);
    expect(listWaiting(folder, 'worker-01')).toEqual([]);
  });
});

describe('the command, between the hooks of a real session', () => {
  let project: Project;
  let session: Session;
  beforeAll(async () => {
    project = started('01');
    session = new Session(project, { session: 's1', cwd: project.worktree('01') });
    await session.start();
    await session.prompt();
  });
  afterAll(() => project.dispose());

  const command = (...args: string[]) =>
    project.coord(['wait', ...args], { cwd: session.cwd, env: { CLAUDE_CODE_SESSION_ID: 's1' } });

  test('ends with 1 when nothing came, with 64 when it is asked wrongly', () => {
    expect(command('--for', 'response', '--timeout', '0.2').code).toBe(1);
    for (const args of [
      [],
      ['--for', 'shout'],
      ['--for', 'response', '--timeout', '-1'],
      ['--for', 'response', '--timeout', 'x'],
    ])
      expect(command(...args).code).toBe(64);
  });

  test('of two that wait at once gives it to one', async () => {
    const { id } = project.must<{ id: string }>('send', '01', 'response', '8080');
    const options = { cwd: session.cwd, env: { CLAUDE_CODE_SESSION_ID: 's1' } };
    const args = ['wait', '--for', 'response', '--timeout', '1'];
    const runs = await Promise.all([project.coordLater(args, options), project.coordLater(args, options)]);
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 1]);
    appendFileSync(session.transcript, `${JSON.stringify(runs.map(({ stdout }) => stdout))}\n`);
    expect(runs.flatMap(({ stdout }) => idsIn(stdout))).toEqual([id]);
    await session.stop();
    expect(session.shown).not.toContain(id);
  });

  test.each([true, false])(
    'shows what came once; broken off, the next prompt shows it (seen: %s)',
    async (isSeen) => {
      const { id } = project.must<{ id: string }>('send', '01', 'response', '8080');
      const { code, stdout } = command('--for', 'response', ...(isSeen ? ['--json'] : []));
      expect([code, isSeen ? (JSON.parse(stdout) as { id: string }).id : idsIn(stdout)[0]]).toEqual([0, id]);
      if (isSeen) appendFileSync(session.transcript, `${JSON.stringify({ toolUseResult: stdout })}\n`);
      const shown = session.shown.length;
      const tool = { tool_name: 'Bash', tool_input: { command: 'coord wait' }, tool_use_id: 't' };
      await session.run('PostToolUse', tool);
      await session.stop();
      expect(waitingFor(project, 'worker-01')).toHaveLength(isSeen ? 0 : 1);
      await session.prompt();
      await session.stop();
      expect(session.shown.slice(shown)).toEqual(isSeen ? [] : [id]);
      expect(waitingFor(project, 'worker-01')).toEqual([]);
    },
  );
});
