/**
 * Whether a call of the client's tools is over, as its session's transcript tells. The hook behind the call says so too,
 * and mostly first; but it never runs where a person pressed Esc, refused the call, or another plugin did, and it runs
 * before the end of a command that goes on in the background.
 *
 * States of a call, by the lines written since it began:
 *   runs         no result of it
 *   over         its result; or, of one that went on in the background, the notice of its end, or that it was stopped
 *   background   its result names a task, and nothing says that this has ended
 * What is no such line tells nothing: in another form of transcript a call never ends here, and its hooks must say it.
 */

import { statSync } from 'node:fs';
import { type Fields, isObject, parseObject } from '../../domain/json-value.ts';
import type { Errand } from '../../domain/lock.ts';
import { readPart } from './log-tail.ts';
import { isMissing } from './place.ts';

const BYTES_MAX = 4 * 1024 * 1024;

export type CallState = 'runs' | 'background' | 'over';

export function isErrandOver(errand: Errand | undefined): boolean {
  return stateOf(errand) === 'over';
}

/** Behind a call that is over itself. */
export function isGoingOn(errand: Errand): boolean {
  const state = stateOf(errand);
  return state === 'background' || (state === 'runs' && errand.isBackground);
}

function stateOf(errand: Errand | undefined): CallState {
  if (!errand?.transcript || errand.call === null) return 'runs';
  const { path, size } = errand.transcript;
  return callState(writtenSince(path, size), errand.call);
}

/** How much stands in a transcript; 0 where there is none yet. */
export function transcriptSize(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** What the lines of a transcript say of a call. */
export function callState(written: string, call: string): CallState {
  let task: unknown;
  for (const text of written.split('\n')) {
    const isAboutTask = typeof task === 'string' && text.includes(task);
    const line = isAboutTask || text.includes(call) ? parseObject(text) : undefined;
    // Torn, or its beginning lies before what was read.
    if (!line) continue;
    const { toolUseResult: result } = line;
    const isOver = isNoticeOf(line, call) || (isAboutTask && isObject(result) && isStopOf(result, task));
    if (isOver) return 'over';
    if (!isResultOf(line, call)) continue;
    // The task under which a command goes on; that of Monitor has another name.
    task = isObject(result) ? (result['backgroundTaskId'] ?? result['taskId']) : undefined;
    if (typeof task !== 'string') return 'over';
  }
  return typeof task === 'string' ? 'background' : 'runs';
}

// --- internal ---

function writtenSince(path: string, size: number): string {
  const now = transcriptSize(path);
  return now <= size ? '' : readPart(path, Math.max(size, now - BYTES_MAX), BYTES_MAX);
}

function isResultOf({ message }: Fields, call: string): boolean {
  const content = isObject(message) ? message['content'] : undefined;
  return (
    Array.isArray(content) &&
    content.some((part: Fields | null) => part?.['type'] === 'tool_result' && part['tool_use_id'] === call)
  );
}

/** The client notes the end of a task in its queue, at the moment of it. */
function isNoticeOf({ type, content }: Fields, call: string): boolean {
  if (type !== 'queue-operation' || typeof content !== 'string') return false;
  const isNotice = content.startsWith('<task-notification>') && content.includes(`<tool-use-id>${call}<`);
  return isNotice && !content.includes('<status>running<');
}

/** TaskStop's own result. */
function isStopOf(result: Fields, task: unknown): boolean {
  return result['task_id'] === task && /stopped/i.test(String(result['message']));
}
