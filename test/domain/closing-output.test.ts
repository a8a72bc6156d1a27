/** The last words of a session, as they may be kept. */
import { expect, test } from 'vitest';
import { boundOutput, lastWords, OUTPUT_CHARS_MAX } from '../../src/domain/closing-output.ts';

const said = (id: string | undefined, ...content: object[]) =>
  JSON.stringify({ type: 'assistant', message: { id, content } });
const text = (words: string) => ({ type: 'text', text: words });

test.each([
  ['nothing', '', undefined],
  ['one answer', said('m1', text('Done.')), 'Done.'],
  ['the last of two', [said('m1', text('First.')), said('m2', text('Second.'))].join('\n'), 'Second.'],
  [
    'an answer in several lines, a call in the midst',
    [
      said('m1', text('No.')),
      said('m2', text('One.')),
      said('m2', { type: 'tool_use' }),
      said('m2', text('Two.')),
    ].join('\n'),
    'One.\n\nTwo.',
  ],
  [
    'words before a call, results after them',
    [said('m1', text('Let me see.')), said('m2', { type: 'tool_use' }), '{"type":"user"}'].join('\n'),
    'Let me see.',
  ],
  [
    'a line that was cut off',
    `sistant","x":1}\n${said('m1', text('Whole.'))}\n{"type":"assistant","mess`,
    'Whole.',
  ],
  [
    'another form',
    '{"type":"assistant","message":"words"}\n{"type":"assistant","message":null}\n["assistant"]',
    undefined,
  ],
])('last words of %s', (_title, transcript, words) => expect(lastWords(transcript)).toBe(words));

test.each([
  ['no text', 7, undefined],
  ['blanks', ' \n\t ', undefined],
  ['nothing but control characters', '\u0000\u001b[31m\u202e', undefined],
  ['colours and a bell', '\u001b[31mred\u001b[0m\u0007 and\r\nmore\n', 'red and\nmore'],
])('what is kept of %s', (_title, told, kept) => expect(boundOutput(told)).toBe(kept));

test('what is too long is cut, says so, and no character is cut in two', () => {
  const kept = boundOutput(`${'x'.repeat(OUTPUT_CHARS_MAX - 1)}${'😀'.repeat(10)}`) ?? '';
  expect(kept).toContain(`x\n\n[… ${OUTPUT_CHARS_MAX + 19} characters in all]`);
  expect(Buffer.from(kept).toString()).toBe(kept);
  expect(boundOutput('y'.repeat(10_000_000))?.length).toBeLessThan(OUTPUT_CHARS_MAX + 100);
});
