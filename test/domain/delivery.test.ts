import { describe, expect, test } from 'vitest';
import {
  type Batch,
  type BatchFacts,
  type Instance,
  isSameInstance,
  judgeBatch,
  WAITED,
} from '../../src/domain/delivery.ts';

const ME: Instance = { session: 's1', agent: null };
const FACTS: BatchFacts = {
  isPrinterGone: true,
  isSessionGone: false,
  isInTranscript: undefined,
  isClientKnown: true,
};

function batch(over: Partial<Batch> = {}): Batch {
  return { ...ME, token: 't', ids: ['m'], state: 'shown', event: 'Stop', atMs: 10_000, ...over };
}

const other = batch({ session: 's0' });
const printing = batch({ state: 'printing' });
const byTool = batch({ event: 'PostToolUse' });
const waited = batch({ event: WAITED });
const NOT_THERE = { isInTranscript: false };

describe('judgeBatch', () => {
  test.each<[string, Batch, string, Partial<BatchFacts>, string]>([
    ['a living session’s batch is kept for it', other, 'Stop', {}, 'keep'],
    ['whatever its transcript holds', other, 'SessionStart', { isInTranscript: true }, 'keep'],
    ['a gone session’s batch is shown again', other, 'Stop', { isSessionGone: true }, 'show-again'],
    [
      'even if it was in its transcript',
      other,
      'Stop',
      { isSessionGone: true, isInTranscript: true },
      'show-again',
    ],
    ['a subagent’s batch is not its session’s', batch({ agent: 'a' }), 'Stop', {}, 'keep'],

    ['printing by a living hook is waited for', printing, 'Stop', { isPrinterGone: false }, 'keep'],
    [
      'a dead hook’s that the transcript has was shown',
      printing,
      'Stop',
      { isInTranscript: true },
      'acknowledge',
    ],
    ['a dead hook’s that it lacks was not', printing, 'Stop', { isInTranscript: false }, 'show-again'],
    [
      'one that a tool’s hook printed may still come',
      batch({ state: 'printing', event: 'PostToolUse' }),
      'PostToolUse',
      { isInTranscript: false },
      'keep',
    ],
    [
      'and is known by Stop',
      batch({ state: 'printing', event: 'PostToolUse' }),
      'Stop',
      { isInTranscript: false },
      'show-again',
    ],
    ['nor one of which nobody knows', printing, 'Stop', {}, 'show-again'],
    [
      'what a start printed is not there yet at the first prompt',
      batch({ state: 'printing', event: 'SessionStart' }),
      'UserPromptSubmit',
      { isInTranscript: false },
      'keep',
    ],
    [
      'and is known when a tool has run',
      batch({ state: 'printing', event: 'SessionStart' }),
      'PostToolUse',
      { isInTranscript: false },
      'show-again',
    ],

    [
      'a session that starts again has what its transcript has',
      batch(),
      'SessionStart',
      { isInTranscript: true },
      'acknowledge',
    ],
    ['and not what it lacks', batch(), 'SessionStart', { isInTranscript: false }, 'show-again'],
    ['nor what nobody knows', batch(), 'SessionStart', {}, 'show-again'],

    ['living on to Stop acknowledges', batch(), 'Stop', {}, 'acknowledge'],
    ['living on to a tool acknowledges', batch(), 'PostToolUse', {}, 'acknowledge'],
    ['so does a tool that failed', batch(), 'PostToolUseFailure', {}, 'acknowledge'],
    ['the end of the session does not', batch(), 'SessionEnd', {}, 'keep'],
    ['the prompt alone does not', batch(), 'UserPromptSubmit', {}, 'keep'],
    ['not even with the transcript', batch(), 'UserPromptSubmit', { isInTranscript: true }, 'keep'],
    [
      'but where nobody would see it die, it does',
      batch(),
      'UserPromptSubmit',
      { isClientKnown: false },
      'acknowledge',
    ],

    [
      'a tool after a tool asks the transcript: there',
      byTool,
      'PostToolUse',
      { isInTranscript: true },
      'acknowledge',
    ],
    ['not there yet', byTool, 'PostToolUse', { isInTranscript: false }, 'keep'],
    ['a failed one asks too', byTool, 'PostToolUseFailure', { isInTranscript: false }, 'keep'],
    ['Stop after a tool need not ask', byTool, 'Stop', { isInTranscript: false }, 'acknowledge'],

    ['what a command waited for and the model got', waited, 'Stop', { isInTranscript: true }, 'acknowledge'],
    ['or a tool later', waited, 'PostToolUse', { isInTranscript: true }, 'acknowledge'],
    ['its tool’s own hook comes before the transcript', waited, 'PostToolUse', NOT_THERE, 'keep'],
    ['what a person broke off was not seen, and Stop knows it', waited, 'Stop', NOT_THERE, 'keep'],
    ['the next prompt shows it', waited, 'UserPromptSubmit', NOT_THERE, 'show-again'],
    [
      'but not while the command runs',
      waited,
      'UserPromptSubmit',
      { ...NOT_THERE, isPrinterGone: false },
      'keep',
    ],
    ['a prompt alone does not acknowledge it', waited, 'UserPromptSubmit', { isInTranscript: true }, 'keep'],
    ['where there is no transcript, it counts as a hook’s', waited, 'Stop', {}, 'acknowledge'],
  ])('%s', (_claim, found, event, facts, verdict) => {
    expect(judgeBatch(found, ME, event, 60_000, { ...FACTS, ...facts })).toBe(verdict);
  });

  test.each([
    [10_000, 'keep'],
    [10_999, 'keep'],
    [11_000, 'acknowledge'],
    [9_999, 'acknowledge'],
  ])('without a transcript, a tool after a tool at %d says %s', (nowMs, verdict) => {
    expect(judgeBatch(byTool, ME, 'PostToolUse', nowMs, FACTS)).toBe(verdict);
  });
});

test.each([
  ['s1', null, true],
  ['s2', null, false],
  ['s1', 'a', false],
])('%s/%s is this instance: %j', (session, agent, expected) => {
  expect(isSameInstance(ME, { session, agent })).toBe(expected);
});
