/** What the lines of a transcript say of a call, as the client (2.1.329) writes them. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Errand } from '../../../src/domain/lock.ts';
import { callState, isErrandOver, isGoingOn, transcriptSize } from '../../../src/storage/light/call-ends.ts';
import { scratch } from '../scratch.ts';

const CALL = 'toolu_01';
const TASK = 'b13gpwat0';

const entry = (value: object) => `${JSON.stringify(value)}\n`;
const asked = entry({
  type: 'assistant',
  message: { content: [{ type: 'tool_use', id: CALL, name: 'Bash' }] },
});
const resultOf = (call: string, toolUseResult: unknown, content = 'ok') =>
  entry({
    type: 'user',
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: call, content }] },
    toolUseResult,
  });
const noticeOf = (call: string, status = 'completed') =>
  entry({
    type: 'queue-operation',
    operation: 'enqueue',
    content: `<task-notification>\n<task-id>${TASK}</task-id>\n<tool-use-id>${call}</tool-use-id>\n<status>${status}</status>\n</task-notification>`,
  });
const ended = resultOf(CALL, { stdout: 'x', interrupted: false });
const behind = resultOf(CALL, { stdout: '', backgroundTaskId: TASK });
const watched = resultOf(CALL, { taskId: TASK, timeoutMs: 20_000, persistent: false });
const stopped = resultOf('toolu_02', { message: `Successfully stopped task: ${TASK} (x)`, task_id: TASK });

describe('a call', () => {
  test.each<[string, string, string]>([
    ['nothing is written', '', 'runs'],
    ['it was asked for', asked, 'runs'],
    ['another one ended', asked + resultOf('toolu_02', {}), 'runs'],
    ['its id is spoken of', resultOf('toolu_02', {}, `see "tool_use_id":"${CALL}"`), 'runs'],
    ['its line is torn', ended.slice(0, -20), 'runs'],
    ['its result is there', asked + ended, 'over'],
    ['a person pressed Esc', resultOf(CALL, 'User rejected tool use'), 'over'],
    ['a hook refused it', resultOf(CALL, 'Error: PreToolUse:Bash hook error: no'), 'over'],
    ['it went into the background', asked + behind, 'background'],
    ['its task ended', behind + noticeOf(CALL), 'over'],
    ['its task was killed', behind + noticeOf(CALL, 'killed'), 'over'],
    ['its task is said to be running', behind + noticeOf(CALL, 'running'), 'background'],
    ['another task ended', behind + noticeOf('toolu_09'), 'background'],
    ['the notice is spoken of', behind + resultOf('toolu_02', {}, noticeOf(CALL)), 'background'],
    ['its task was stopped', behind + stopped, 'over'],
    [
      'its task was asked about',
      behind + resultOf('toolu_02', { task_id: TASK, status: 'running' }),
      'background',
    ],
    ['a monitor watches', watched, 'background'],
    ['a monitor has ended', watched + noticeOf(CALL), 'over'],
    ['only the notice is left', noticeOf(CALL), 'over'],
    ['lines are no JSON', `not json ${CALL}\nnull\n[]\n`, 'runs'],
  ])('when %s', (_, written, state) => expect(callState(written, CALL)).toBe(state));
});

test('only what was written since it began counts, however much stood there', () => {
  const path = join(scratch(), 't.jsonl');
  writeFileSync(path, ended);
  const errand: Errand = {
    command: 'npm test',
    text: 'npm test',
    call: CALL,
    transcript: { path, size: transcriptSize(path) },
    isBackground: false,
  };
  expect([isErrandOver(errand), isGoingOn(errand)]).toEqual([false, false]);
  expect(isGoingOn({ ...errand, isBackground: true })).toBe(true);
  appendFileSync(path, entry({ type: 'x', filler: 'y'.repeat(5 * 1024 * 1024) }) + behind);
  expect([isErrandOver(errand), isGoingOn(errand)]).toEqual([false, true]);
  appendFileSync(path, noticeOf(CALL));
  expect([isErrandOver(errand), isGoingOn({ ...errand, isBackground: true })]).toEqual([true, false]);
  expect(isErrandOver({ ...errand, transcript: { path: `${path}.gone`, size: 0 } })).toBe(false);
  expect(isErrandOver({ ...errand, transcript: null })).toBe(false);
  expect(isErrandOver({ ...errand, call: null })).toBe(false);
  expect(isErrandOver(undefined)).toBe(false);
});
