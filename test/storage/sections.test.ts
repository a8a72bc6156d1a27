import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Section, spliceSections } from '../../src/storage/sections.ts';

function managed(title: string, ...texts: string[]): Section {
  return { title, nodes: texts.map((value) => ({ type: 'paragraph', children: [{ type: 'text', value }] })) };
}

const title = managed('Project: demo', 'Kept by coord.');
const rewrite = (body: string, turn = 0, count = 3) =>
  spliceSections(
    body,
    title,
    ['Plans', 'Blockers', 'Milestones']
      .slice(0, count)
      .map((name) =>
        managed(name, ...Array.from({ length: turn % 4 }, (_, at) => `${name} ${turn}/${at} ## no heading`)),
      ),
  );

const fresh = rewrite('', 1);

describe('a body of coord alone', () => {
  test('has the title and the managed sections in their order', () => {
    expect(fresh.match(/^#+ .*$/gm)).toEqual(['# Project: demo', '## Plans', '## Blockers', '## Milestones']);
  });

  test('does not change when it is spliced with the sections that it has', () => {
    expect(rewrite(fresh, 1)).toBe(fresh);
  });

  test('takes the new text of a section and drops the old one', () => {
    expect(rewrite(fresh, 2)).toContain('Plans 2/1');
    expect(rewrite(fresh, 2)).not.toContain('Plans 1/0');
  });
});

describe("a person's section", () => {
  const rows: [string, string][] = [
    ['plain', '## Mine\n\ntext\n'],
    ['of depth 1', '# Mine\n\ntext\n'],
    ['with a `#` in a code block', '## Mine\n\n```sh\n# Plans\n## Blockers\n```\n'],
    ['with an indented code block', '## Mine\n\n    ## Plans\n'],
    ['with a setext heading', 'Mine\n----\n\nSub\n===\n\ntext\n'],
    ['with an HTML block', '## Mine\n\n<div>\n## Plans\n</div>\n\n<!--\n## Blockers\n-->\n'],
    ['with CRLF', '## Mine\r\n\r\none\r\ntwo\r\n'],
    ['with an unclosed fence', '## Mine\n\n```\nnever closed\n'],
    ['with an unclosed comment', '## Mine\n\n<!-- never closed\n'],
    ['with trailing spaces and blank lines', '## Mine  \n\n\n\ntext   \n\n\n\n'],
    ['with a table and a task list', '## Mine\n\n| a | b |\n|--|:-:|\n|1|2|\n\n* [ ] x\n+ y\n'],
    ['with an indented heading', '  ## Mine\n\ntext\n'],
    ['with a heading in a quote and in a list', '## Mine\n\n> ## Plans\n\n- ## Blockers\n'],
    ['with sub-headings', '## Mine\n\n### Plans\n\n#### Blockers\n'],
    ['with tabs and a NUL', '##\tMine\n\n\ta\u0000b\n'],
    ['with a link definition', '## Mine\n\n[Plans]: http://example.invalid\n'],
    ['under a managed title that was taken', '## Plans\n\nmy own plans\n'],
  ];
  const places: [string, (mine: string) => string][] = [
    ['behind the title', (mine) => fresh.replace('## Plans', () => `${mine}\n## Plans`)],
    ['in the middle', (mine) => fresh.replace('## Milestones', () => `${mine}\n## Milestones`)],
    ['at the end', (mine) => `${fresh}\n${mine}`],
    ['at the end with no newline', (mine) => `${fresh}\n${mine.trimEnd()}`],
  ];
  for (const [name, mine] of rows) {
    test.each(places)(`${name}: stays byte for byte over 20 rewrites, %s`, (where, at) => {
      // A second `## Plans` before the first is the first.
      if (name.includes('managed title') && where === 'behind the title') return;
      let body = at(mine);
      const kept = where.includes('no newline') ? mine.trimEnd() : mine;
      for (let turn = 1; turn <= 20; turn++) body = rewrite(body, turn);
      expect(body).toContain(kept);
      expect(body.split(kept)).toHaveLength(2);
      expect(rewrite(body, 20)).toBe(body);
    });
  }

  test('keeps its place behind the managed section that it stood behind', () => {
    let body = `${fresh.replace('## Blockers', '## One\n\n## Two\n\n## Blockers')}\n## Three\n`;
    for (let turn = 1; turn <= 5; turn++) body = rewrite(body, turn);
    const titles = ['Project: demo', 'Plans', 'One', 'Two', 'Blockers', 'Milestones', 'Three'];
    expect(body.match(/^#{1,2} .*$/gm)?.map((line) => line.replace(/^#+ /, ''))).toEqual(titles);
  });

  test('under a managed title stays when the managed one is before it', () => {
    const body = rewrite(`${fresh}\n## Plans\n\nmy own plans\n`, 2);
    expect(body.match(/^## Plans$/gm)).toHaveLength(2);
    expect(body.indexOf('Plans 2/0')).toBeLessThan(body.indexOf('my own plans'));
  });

  test('before the first heading stays there', () => {
    expect(
      rewrite('A word before.\n\n# Project: old\n\nx\n', 1).startsWith('A word before.\n\n# Project: demo\n'),
    ).toBe(true);
  });

  test('behind a section that is managed no longer stays, and so does that section', () => {
    const body = rewrite(`${fresh}\n## Mine\n\ntext\n`, 2, 2);
    expect(body).toContain('## Milestones\n\nMilestones 1/0');
    expect(body).toContain('## Mine\n\ntext\n');
  });

  test('is not parted from its neighbour by a blank line of ours', () => {
    const two = '## One\nx\n## Two\ny\n';
    expect(rewrite(`${fresh}\n${two}`, 3)).toContain(two);
  });
});

const words = fc.constantFrom(
  'word',
  'Plans',
  '*x*',
  '`c`',
  '<b>',
  '|',
  '\\',
  '[a](b)',
  '😀',
  'Project: demo',
  '&amp;',
);
const block = fc.oneof(
  fc.array(words, { maxLength: 4 }).map((parts) => parts.join(' ')),
  fc.constantFrom(
    '```',
    '~~~',
    '````md',
    '<!--',
    '-->',
    '<div>',
    '</div>',
    '<script>',
    '</script>',
    '<?php',
    '<![CDATA[',
  ),
  fc.constantFrom(
    '# x',
    '## Plans',
    '## Blockers',
    '### Milestones',
    '  ## y',
    '#hash',
    '##',
    '====',
    '----',
    '***',
  ),
  fc.constantFrom(
    '- item',
    '  - item',
    '1. one',
    '> quote',
    '> ## Plans',
    '    ## code',
    '\t# tab',
    '[x]: y',
    '',
    '',
    '  ',
  ),
);
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n');
const chunk = fc
  .array(fc.tuple(block, lineEnd), { maxLength: 8 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

/** What a person wrote, one heading of theirs and random Markdown under it, each with a mark to find it by. */
const persons = fc
  .array(chunk, { minLength: 1, maxLength: 3 })
  .map((chunks) =>
    chunks.map(
      (text, at) =>
        `## Mine-${at}\n\nmark-${at}\n${text.replace(/^(?=#{1,2} (Plans|Blockers|Project)| {2}## |# x|##$|====|----)/gm, '.')}`,
    ),
  );

describe('random Markdown', () => {
  test("all of a person's sections are there byte for byte, in order, after 20 rewrites; none is doubled", () => {
    fc.assert(
      fc.property(persons, fc.boolean(), (mine, isCut) => {
        let body = `${fresh}\n${mine.join('')}`;
        if (isCut) body = body.replace(/\s+$/, '');
        const tail = isCut ? mine.join('').replace(/\s+$/, '') : mine.join('');
        for (let turn = 1; turn <= 20; turn++) body = rewrite(body, turn);
        expect(body.split(tail)).toHaveLength(2);
        for (const at of mine.keys()) expect(body.split(`mark-${at}\n`).length).toBeLessThanOrEqual(2);
        expect(rewrite(body, 20)).toBe(body);
      }),
      { numRuns: 12 },
    );
  });

  test('sections between the managed ones are there byte for byte after every rewrite', () => {
    fc.assert(
      fc.property(persons, (mine) => {
        const [first = '', ...rest] = mine;
        let body = fresh.replace('## Blockers', () => `${first}\n## Blockers`) + rest.join('');
        for (let turn = 1; turn <= 6; turn++) {
          body = rewrite(body, turn);
          for (const text of mine) expect(body).toContain(text);
        }
        expect(rewrite(body, 6)).toBe(body);
        expect(body).toContain('## Plans\n\nPlans 6/0');
      }),
      { numRuns: 20 },
    );
  });

  test('splicing any body twice is splicing it once, and loses no line that is not under a managed heading', () => {
    fc.assert(
      fc.property(chunk, (body) => {
        const once = rewrite(body, 2);
        expect(rewrite(once, 2)).toBe(once);
        const before = body.split(/^(?: {0,3}#{1,2}(?: |$)|=+|-+|<|```|~~~|\t#)/m)[0] ?? '';
        // A heading of these words is coord's own title.
        fc.pre(!before.includes('Project:'));
        expect(once.includes(before.trim())).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
