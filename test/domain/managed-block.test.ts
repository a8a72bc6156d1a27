import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addBlock, BLOCK_BEGIN, BLOCK_END, findBlock, removeBlock } from '../../src/domain/managed-block.ts';

const CONTENT = '## Ours\n\none\ntwo';
const BLOCK = `${BLOCK_BEGIN}\n${CONTENT}\n${BLOCK_END}`;
const CRLF_BLOCK = BLOCK.replaceAll('\n', '\r\n');

function added(text: string | undefined, content = CONTENT): string {
  const outcome = addBlock(text, content);
  if (!('text' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.text;
}

function removed(text: string): string | undefined {
  const outcome = removeBlock(text);
  if (!('text' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.text;
}

describe('adding', () => {
  test.each<[string, string | undefined, string]>([
    ['to a file that is not there', undefined, `${BLOCK}\n`],
    ['to an empty file', '', `\n\n${BLOCK}`],
    ['after a text', '# Mine\n', `# Mine\n\n${BLOCK}\n`],
    ['after a text without a last line break', '# Mine', `# Mine\n\n${BLOCK}`],
    ['after Windows line breaks', '# Mine\r\ntext\r\n', `# Mine\r\ntext\r\n\r\n${CRLF_BLOCK}\r\n`],
    ['after a byte order mark', '\ufeff# Mine\n', `\ufeff# Mine\n\n${BLOCK}\n`],
    ['after a fence that ends', '```\nx\n```\n', `\`\`\`\nx\n\`\`\`\n\n${BLOCK}\n`],
  ])('%s', (_claim, text, expected) => {
    expect(added(text)).toBe(expected);
    expect(added(expected)).toBe(expected);
    expect(removed(expected)).toBe(text);
  });

  test('brings an old block up to date where it stands', () => {
    const text = added('# Mine\r\n', 'old').concat('## More of mine\r\n');
    expect(added(text)).toBe(`# Mine\r\n\r\n${CRLF_BLOCK}\r\n## More of mine\r\n`);
  });

  test('knows a block whose first marker says something else after its name', () => {
    const old = `# Mine\n\n<!-- coord:begin -->\nold\n${BLOCK_END}\n`;
    expect(added(old)).toBe(`# Mine\n\n${BLOCK}\n`);
    expect(removed(old)).toBe('# Mine\n');
  });
});

describe('removing', () => {
  test.each<[string, string, string | undefined]>([
    ['from a text that somebody went on with', `# Mine\n\n${BLOCK}\n\n## More\n`, '# Mine\n\n## More\n'],
    ['from before a text', `${BLOCK}\n# Mine\n`, '# Mine\n'],
    ['from before a text, in a file that we made', `${BLOCK}\n\n# Mine\n`, '\n# Mine\n'],
    ['from between two lines', `a\n${BLOCK}\nb\n`, 'a\nb\n'],
    ['from a file that an editor gave its last line break', `# Mine\n\n${BLOCK}\n`, '# Mine\n'],
    ['from a file of ours whose last line break is gone', BLOCK, undefined],
    ['from nowhere', '# Mine\n', '# Mine\n'],
    ['from an unfinished fence', '```\n# Mine\n', '```\n# Mine\n'],
  ])('%s', (_claim, text, expected) => {
    expect(removed(text)).toBe(expected);
  });
});

describe('a block that is broken is refused with its line', () => {
  test.each<[string, string, string, number]>([
    ['it never ends', `# Mine\n\n${BLOCK_BEGIN}\ntext\n`, 'no-end', 3],
    ['it never began', `# Mine\n${BLOCK_END}\n`, 'no-begin', 2],
    ['there are two', `${BLOCK}\n\n${BLOCK}\n`, 'second', 7 + 1],
    ['one inside the other', `${BLOCK_BEGIN}\n${BLOCK}\n${BLOCK_END}\n`, 'second', 2],
    ['it ends twice', `${BLOCK}\n${BLOCK_END}\n`, 'second', 7],
    ['a fence shows it', `# Mine\n\`\`\`md\n${BLOCK}\n\`\`\`\n`, 'in-fence', 3],
    ['a fence of tildes shows it', `~~~~\n~~~\n${BLOCK}\n~~~~\n`, 'in-fence', 3],
    ['a fence was put around its end', `${BLOCK_BEGIN}\n\`\`\`\n${BLOCK_END}\n`, 'in-fence', 3],
    ['its marker shares a line', `see ${BLOCK_BEGIN}\n`, 'misshapen', 1],
    ['its marker is indented', `a\n  ${BLOCK_BEGIN}\n${BLOCK_END}\n`, 'misshapen', 2],
    ['its marker is spelled otherwise', '<!--coord:begin-->\n', 'misshapen', 1],
    ['its last marker is spelled otherwise', `${BLOCK_BEGIN}\n<!-- coord:end  -->\n`, 'misshapen', 2],
    ['a code span shows it', 'Between `<!-- coord:begin -->` and …\n', 'misshapen', 1],
    ['Windows line breaks', `a\r\n${BLOCK_END}\r\n`, 'no-begin', 2],
  ])('%s', (_claim, text, flaw, line) => {
    expect(findBlock(text)).toEqual({ kind: 'flaw', flaw, line });
    expect(addBlock(text, CONTENT)).toEqual({ kind: 'flaw', flaw, line });
    expect(removeBlock(text)).toEqual({ kind: 'flaw', flaw, line });
  });

  test.each([
    ['a fence that never ends', '# Mine\n```js\nx\n', 2],
    ['one that a shorter fence does not end', '````\n```\n', 1],
    ['one that a fence of another kind does not end', '~~~\n```\n', 1],
    ['one that a fence with a word does not end', '```\n```js\n', 1],
  ])('%s: a block after it would be code', (_claim, text, line) => {
    expect(addBlock(text, CONTENT)).toEqual({ kind: 'flaw', flaw: 'open-fence', line });
  });

  test.each([
    ['a code span of three signs', '``` not a fence ```\n'],
    ['four spaces', '    ```\n'],
    ['a fence that a longer one ends', '```\nx\n`````  \n'],
    ['a comment of somebody else', '<!-- begin -->\n<!-- coordinator:begin -->\n'],
  ])('%s is in nobody’s way', (_claim, text) => {
    expect(removed(added(text))).toBe(text);
  });
});

test('a byte order mark that an editor put before a file of ours is no matter', () => {
  expect(added(`\ufeff${BLOCK}\n`, 'new')).toBe(`\ufeff${BLOCK_BEGIN}\nnew\n${BLOCK_END}\n`);
});

describe('whatever the text', () => {
  const piece = fc.constantFrom(
    ...[
      '# Mine',
      'text',
      '',
      ' ',
      '\ufeff',
      '\n',
      '\n',
      '\n\n',
      '\r\n',
      '\r\n\r\n',
      '\r',
      '\t',
      'ü',
      '```',
      '~~~~',
      '````js',
    ],
    ...['<!--', '-->', '<!-- coord -->', '> quote', '- item', '\u2028', '\0'],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  const content = fc.array(fc.constantFrom('# Ours', 'line', '', '- item'), { minLength: 1, maxLength: 5 });

  test('removing is the exact opposite of adding, also after the block was brought up to date', () => {
    let tried = 0;
    fc.assert(
      fc.property(fc.option(text, { nil: undefined }), content, content, (before, first, second) => {
        const once = addBlock(before, `x${first.join('\n')}`);
        if (!('text' in once)) {
          expect(once.flaw).toBe('open-fence');
          return;
        }
        const twice = addBlock(once.text, `y${second.join('\n')}`);
        if (!('text' in twice)) throw new Error(JSON.stringify(twice));
        expect(removed(once.text)).toBe(before);
        expect(removed(twice.text)).toBe(before);
        expect(added(twice.text, `y${second.join('\n')}`)).toBe(twice.text);
        expect(twice.text.startsWith(before ?? '')).toBe(true);
        tried += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(tried).toBeGreaterThan(1_500);
  });

  const marked = fc
    .array(fc.oneof(piece, fc.constantFrom(BLOCK_BEGIN, BLOCK_END, `\n${BLOCK}\n`, '\n', '\n')), {
      maxLength: 16,
    })
    .map((pieces) => pieces.join(''));

  test('with markers in it, all outside of the block stays as it was, or nothing is done', () => {
    const seen = { flaw: 0, none: 0, block: 0 };
    fc.assert(
      fc.property(marked, (it) => {
        const found = findBlock(it);
        seen[found.kind] += 1;
        if (found.kind === 'flaw') expect(found.line).toBeLessThanOrEqual(it.split('\n').length);
        if (found.kind !== 'block') return;
        expect(`${found.before}${found.block}${found.after}`).toBe(it);
        const updated = added(it, 'new');
        expect(updated.startsWith(found.before)).toBe(true);
        expect(updated.endsWith(found.after)).toBe(true);
        const rest = removed(it) ?? '';
        const words = (of: string) => of.replace(/[\r\n]+/g, '\n');
        expect(words(`\n${rest}\n`)).toBe(words(`\n${found.before}\n${found.after}\n`));
      }),
      { numRuns: 2_000 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  });
});
