import { describe, expect, test } from 'vitest';
import { hasShape, isComplete, judgeMetadata, type MetadataShape } from '../../src/domain/metadata.ts';

test.each<[MetadataShape, unknown, boolean]>([
  ['text', '', true],
  ['text', 5, false],
  ['text', null, false],
  ['artifacts', [], true],
  ['artifacts', ['a.ts', { path: 'b.ts', status: 'draft' }], true],
  ['artifacts', [''], false],
  ['artifacts', [{ path: 5 }], false],
  ['artifacts', [['a.ts']], false],
  ['artifacts', 'a.ts', false],
  ['gates', {}, true],
  ['gates', { tsc: { status: 'passed', errors: 0 }, own: { status: 'flaky' } }, true],
  ['gates', { tsc: 'passed' }, false],
  ['gates', { tsc: { errors: 0 } }, false],
  ['gates', [], false],
  ['gates', null, false],
  ['figures', { a: 1.5, b: -1 }, true],
  ['figures', { a: '1' }, false],
  ['figures', { a: Number.NaN }, false],
  ['verdict', 'accept', true],
  ['verdict', 'reject', true],
  ['verdict', 'accepted', false],
  ['count', 0, true],
  ['count', -1, false],
  ['count', 1.5, false],
  ['counts', { complete: 1 }, true],
  ['counts', { complete: '1' }, false],
  ['acknowledged', { by: 'a', session: null, at: 'now' }, true],
  ['acknowledged', { by: 'a' }, false],
  ['undelivered', { at: 'now', reason: 'nobody' }, true],
  ['undelivered', true, false],
  ['outside', { file: 'a.json' }, true],
  ['outside', {}, false],
])('%s: %j is %j', (shape, value, expected) => {
  expect(hasShape(shape, value)).toBe(expected);
});

test.each([
  ['progress', [], {}, true],
  ['ack', ['msg-1'], {}, true],
  ['ack', [], {}, false],
  ['verdict', ['msg-1'], { verdict: 'reject' }, true],
  ['verdict', ['msg-1'], {}, false],
  ['verdict', [], { verdict: 'accept' }, false],
])('a %s with %j and %j says what it must: %j', (type, references, metadata, expected) => {
  expect(isComplete({ type, references, metadata })).toBe(expected);
});

describe('what a sender says', () => {
  test.each<[object, object | undefined]>([
    [{}, undefined],
    [{ metadata: { task_id: 'a', mine: [1], constructor: 1 } }, undefined],
    [{ metadata: { task_id: 5 } }, { code: 'message-metadata-bad', key: 'task_id', expected: 'text' }],
    [{ metadata: { metrics: [] } }, { code: 'message-metadata-bad', key: 'metrics', expected: 'figures' }],
    [{ type: 'verdict' }, { code: 'message-verdict-unsaid' }],
    [{ type: 'verdict', references: ['m'], metadata: { verdict: 'accept' } }, undefined],
  ])('%j', (said, flaw) => {
    expect(judgeMetadata({ type: 'progress', ...said })).toEqual(flaw);
  });
});
