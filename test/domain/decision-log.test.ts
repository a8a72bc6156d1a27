/** DECISIONS.md as text: parsed and printed byte for byte, entries added, moved and named. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breakingChangesIn } from '../../src/domain/breaking-change.ts';
import {
  type Decision,
  dayOfSpan,
  ENTRIES_KEPT,
  ENTRIES_MAX,
  entriesToArchive,
  essenceOf,
  linkArchives,
  nextNumber,
  parseLog,
  printEntry,
  printLog,
  sealEntry,
  supersededBy,
  withArchived,
  withEntry,
} from '../../src/domain/decision-log.ts';

const HEAD = '# Architectural Decision Log\n\n**Project:** demo\n\n---\n\n';
const HASH = 'a'.repeat(32);

const decision = (over: Partial<Decision> = {}): Decision => ({
  title: 'Use SQLite',
  context: 'one file',
  decision: 'SQLite it is',
  alternatives: ['Redis: one more service'],
  consequences: ['Positive: simple'],
  state: 'accepted',
  supersedes: [],
  ...over,
});

function logOf(count: number, year = '2026') {
  return Array.from({ length: count }, (_, at) => at + 1).reduce(
    (log, number) => withEntry(log, sealEntry(printEntry(decision(), number, `${year}-02-01`), number, HASH)),
    parseLog(HEAD),
  );
}

describe('reading and printing', () => {
  test('any text comes back byte for byte', () => {
    const line = fc.constantFrom(
      '## 2026-01-02: x\n',
      '## y\n',
      '```\n',
      '~~~\n',
      'text\n',
      '\n',
      '# z\n',
      '---\n',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        expect(printLog(parseLog(lines.join('')))).toBe(lines.join(''));
      }),
    );
  });

  test('an entry tells its number, its state and what it takes the place of', () => {
    const text = sealEntry(
      printEntry(
        decision({ supersedes: [3, 12], state: 'proposed', phase: '01', by: 'worker-01' }),
        14,
        '2026-02-16',
      ),
      14,
      HASH,
    );
    expect(parseLog(`${HEAD}${text}`).entries).toMatchObject([
      {
        number: 14,
        hash: HASH,
        date: '2026-02-16',
        title: 'Use SQLite',
        state: 'proposed',
        supersedes: [3, 12],
      },
    ]);
    expect(text).toMatch(
      /^## 2026-02-16: Use SQLite\n\n\*\*Number:\*\* D14\n\*\*Phase:\*\* 01\n\*\*By:\*\* worker-01\n/,
    );
  });

  test('a heading in a code block begins no entry, one of an open fence neither', () => {
    expect(parseLog('## a\n```\n## b\n```\n## c\n').entries.map((entry) => entry.title)).toEqual(['a', 'c']);
    expect(parseLog('## a\n~~~~\n```\n## b\n').entries.map((entry) => entry.title)).toEqual(['a']);
  });

  test('a mark that a text quotes is none', () => {
    const quoted = `<!-- coord D99 hash:${HASH} -->`;
    const text = sealEntry(
      printEntry(decision({ title: quoted, context: quoted, alternatives: [quoted] }), 2, '2026-02-16'),
      2,
      HASH,
    );
    expect(parseLog(text).entries[0]?.number).toBe(2);
  });
});

describe('the essence of an entry', () => {
  const text = sealEntry(printEntry(decision(), 1, '2026-02-16'), 1, HASH);
  test.each([
    ['other line endings', text.replaceAll('\n', '\r\n')],
    ['more empty lines', text.replaceAll('\n\n', '\n\n\n')],
    ['blanks at the ends of lines', text.replaceAll('\n', '  \n')],
    ['without its rule', text.replace('---\n', '')],
  ])('%s leave it as it is', (_title, other) => expect(essenceOf(other)).toBe(essenceOf(text)));

  test.each([
    ['a word', text.replace('SQLite it is', 'Redis it is')],
    ['its state', text.replace('Accepted', 'Rejected')],
    ['a line less', text.replace('- Positive: simple\n', '')],
    ['a line more', text.replace('- Positive', '- x\n- Positive')],
  ])('%s changes it', (_title, other) => expect(essenceOf(other)).not.toBe(essenceOf(text)));
});

describe('numbers', () => {
  test('go on above all that are known, entries of others counted', () => {
    expect(nextNumber([], [])).toBe(1);
    expect(nextNumber(parseLog('## a\n## b\n').entries, [])).toBe(3);
    expect(nextNumber(logOf(4).entries, [9])).toBe(10);
  });

  test('a later one supersedes an earlier, not the other way round', () => {
    const entries = [
      { ...logOf(1).entries[0], number: 5, supersedes: [2, 7] },
      { ...logOf(1).entries[0], number: 7, supersedes: [] },
    ] as never;
    expect([...supersededBy(entries)]).toEqual([[2, 5]]);
  });
});

describe('archives', () => {
  test(`of ${ENTRIES_MAX + 1} entries ${ENTRIES_KEPT} stay, by year; of ${ENTRIES_MAX} all do`, () => {
    expect(entriesToArchive(logOf(ENTRIES_MAX)).size).toBe(0);
    const moved = entriesToArchive(logOf(ENTRIES_MAX + 1));
    expect([...moved.keys()]).toEqual(['2026']);
    expect(moved.get('2026')).toHaveLength(ENTRIES_MAX + 1 - ENTRIES_KEPT);
    expect(moved.get('2026')?.at(-1)?.number).toBe(1);
  });

  test('moving again adds nothing', () => {
    const moved = entriesToArchive(logOf(ENTRIES_MAX + 1)).get('2026') ?? [];
    const archive = withArchived(parseLog('# 2026\n\n'), moved);
    expect(withArchived(archive, moved)).toEqual(archive);
    expect(archive.entries[0]?.number).toBe(51);
  });

  test('the head links to them, once, above its rule', () => {
    const once = linkArchives(HEAD, ['2025', '2026']);
    expect(once).toBe(
      HEAD.replace(
        '\n\n---',
        '\n**Archive:** [2026](docs/decisions/2026.md), [2025](docs/decisions/2025.md)\n\n---',
      ),
    );
    expect(linkArchives(once, ['2026', '2025'])).toBe(once);
    expect(linkArchives(once, ['2024'])).toContain('**Archive:** [2024](docs/decisions/2024.md)\n');
  });
});

test.each([
  ['7d', '2026-02-14'],
  ['36h', '2026-02-20'],
  ['2W', '2026-02-07'],
  ['2026-02-01', '2026-02-01'],
  ['0d', '2026-02-21'],
  ['yesterday', undefined],
  ['7', undefined],
  ['2026-13-40', undefined],
  ['', undefined],
])('the span %j begins on %s', (span, day) => {
  expect(dayOfSpan(span, Date.parse('2026-02-21T12:00:00.000Z'))).toBe(day);
});

test.each<[string, string, { subject: string; what: string }[]]>([
  ['a subject with a mark', 'feat(api)!: drop v1', [{ subject: 'drop v1', what: 'drop v1' }]],
  [
    'a footer',
    'fix: x\n\nBREAKING CHANGE: the file\nis gone\n\nmore',
    [{ subject: 'x', what: 'the file is gone' }],
  ],
  [
    'a footer with a dash, then a token',
    'fix: x\n\nBREAKING-CHANGE: a\nReviewed-by: b',
    [{ subject: 'x', what: 'a' }],
  ],
  ['both', 'feat!: x\n\nBREAKING CHANGE: y', [{ subject: 'x', what: 'y' }]],
  ['a mention', 'docs: what BREAKING CHANGE means', []],
  [
    'an exclamation',
    'Hurray!: it works now, wow',
    [{ subject: 'it works now, wow', what: 'it works now, wow' }],
  ],
  ['nothing', '', []],
])('breaking changes of %s', (_title, message, found) => expect(breakingChangesIn(message)).toEqual(found));
