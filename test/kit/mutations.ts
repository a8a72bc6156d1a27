/** What becomes of a file by a crash, a careless hand, another program, or somebody who means harm. */
import fc from 'fast-check';

/** Pieces of text that have a meaning in one of the formats that coord reads. */
const PIECES = [
  '---',
  '\n---\n',
  '---js\n',
  '---json\n{}\n---\n',
  '---toml\nx = 1\n---\n',
  '\n',
  '\r\n',
  '\r',
  '\u0000',
  '\ufeff',
  '\u2028',
  '\t',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ': ',
  '- ',
  '&a ',
  '*a',
  '<<: *a\n',
  '<<: {toString: 1}\n',
  '!!js/function "function(){globalThis.owned = true}"',
  '!!binary x',
  '!!set {a}',
  '!<tag:yaml.org,2002:js/regexp> /x/',
  '? [a]\n: b\n',
  '%YAML 1.1\n',
  '__proto__: {owned: true}\n',
  'constructor: {prototype: {owned: true}}\n',
  '{"__proto__": {"owned": true}}',
  '"__proto__":',
  '# ',
  '## D1: x\n',
  '|',
  '```',
  '<details>',
  '<summary>',
  '<!--',
  '-->',
  '[x]',
  '**',
  '1e999',
  '-1',
  '99999999999999999999',
  'null',
  'true',
  '2026-99-99T99:99:99Z',
  '\ud800',
  'é',
  ':100644 100644 0 0 M\u0000x\u0000',
];

/** Values of other kinds, where a text, a number or a list was. */
const VALUES = [
  'null',
  '0',
  '-1',
  '1e999',
  '""',
  '"x"',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"a":{}}',
  'true',
  '"__proto__"',
];

const place = fc.nat({ max: 1_000_000 });
const cut = (text: string, at: number) => (text.length === 0 ? 0 : at % (text.length + 1));

type Change = (text: string) => string;

const change: fc.Arbitrary<Change> = fc.oneof(
  // A kill in the middle of a write; the head lost.
  place.map(
    (at): Change =>
      (text) =>
        text.slice(0, cut(text, at)),
  ),
  place.map(
    (at): Change =>
      (text) =>
        text.slice(cut(text, at)),
  ),
  // Something between, something out, something twice, two places swapped.
  fc.tuple(place, fc.constantFrom(...PIECES)).map(
    ([at, piece]): Change =>
      (text) =>
        text.slice(0, cut(text, at)) + piece + text.slice(cut(text, at)),
  ),
  fc.tuple(place, fc.nat({ max: 40 })).map(
    ([at, length]): Change =>
      (text) =>
        text.slice(0, cut(text, at)) + text.slice(cut(text, at) + length),
  ),
  fc.tuple(place, place).map(
    ([one, other]): Change =>
      (text) => {
        const lines = text.split('\n');
        const line = lines[one % lines.length] ?? '';
        return lines.toSpliced(other % lines.length, 0, line).join('\n');
      },
  ),
  fc.tuple(place, place).map(
    ([one, other]): Change =>
      (text) => {
        const lines = text.split('\n');
        const [a, b] = [one % lines.length, other % lines.length];
        return lines
          .with(a, lines[b] ?? '')
          .with(b, lines[a] ?? '')
          .join('\n');
      },
  ),
  // A value of another kind.
  fc.tuple(place, fc.constantFrom(...VALUES)).map(
    ([at, value]): Change =>
      (text) => {
        const found = [...text.matchAll(/(?<=: ?)(?:"(?:[^"\\\n]|\\.)*"|[\w.-]+|\[\]|\{\})/g)];
        const one = found[at % Math.max(1, found.length)];
        return one === undefined
          ? value
          : text.slice(0, one.index) + value + text.slice(one.index + one[0].length);
      },
  ),
);

/** The sample after one to three such changes. */
export function anyMutation(sample: string): fc.Arbitrary<string> {
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((text, one) => one(text), sample));
}

const bomb = (open: string, item: (at: number) => string, levels: number) =>
  Array.from({ length: levels }, (_, at) => `a${at}: &a${at} ${open}${item(at)}`).join('\n');

/** What is tried on each, whatever it reads. */
export function attacks(sample: string): Readonly<Record<string, string | Buffer>> {
  const half = Math.floor(sample.length / 2);
  const nine = (at: number) =>
    at === 0
      ? 'lol'
      : Array(9)
          .fill(`*a${at - 1}`)
          .join(', ');
  return {
    nothing: '',
    blanks: ' \n\t\n',
    CRLF: sample.replaceAll('\n', '\r\n'),
    'a BOM': `\ufeff${sample}`,
    'a NUL': `${sample.slice(0, half)}\u0000${sample.slice(half)}`,
    'bytes that are no UTF-8': Buffer.concat([
      Buffer.from(sample.slice(0, half)),
      Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
    ]),
    'all bytes': Buffer.from(Array.from({ length: 512 }, (_, at) => at % 256)),
    twice: sample + sample,
    'front matter in JavaScript': `---js\n{ owned: (globalThis.owned = true) }\n---\n${sample}`,
    'front matter in JSON': `---json\n{ "__proto__": { "owned": true } }\n---\n${sample}`,
    'front matter in TOML': `---toml\nowned = true\n---\n${sample}`,
    'an alias bomb': `---\n${bomb('[', (at) => `${nine(at)}]`, 12)}\n---\n`,
    'a merge bomb': `---\n${bomb('{ ', (at) => (at === 0 ? 'k: v }' : `<<: [${nine(at)}] }`), 12)}\n---\n`,
    'merge of a prototype': '---\na: &a {__proto__: {owned: true}}\nb:\n  <<: *a\n---\n',
    'a tag that is code':
      '---\na: !!js/function "function(){ globalThis.owned = true }"\nb: !!js/undefined x\n---\n',
    'lists in lists': '['.repeat(100_000),
    'objects in objects': '{"a":'.repeat(50_000),
    'YAML lists in lists': `---\na: ${'['.repeat(3_000)}${']'.repeat(3_000)}\n---\n`,
    'YAML items in items': `---\n${'- '.repeat(3_000)}x\n---\n`,
    'a prototype': '{"__proto__":{"owned":true},"constructor":{"prototype":{"owned":true}}}',
    'a long line': 'x'.repeat(5_000_000),
    'a long line of blanks': `# a${' '.repeat(300_000)}b`,
    'a long value': `---\ntitle: ${'x '.repeat(500_000)}\n---\n`,
    'many dashes': '-'.repeat(1_000_000),
    'many lines of dashes': '---\n'.repeat(100_000),
    'many lines': '- [ ] x\n'.repeat(50_000),
    'many headings': '## Phase 1: x\n'.repeat(20_000),
    'many marks': '*'.repeat(200_000),
    'many brackets': '['.repeat(50_000) + ']('.repeat(50_000),
    'many ticks': '`'.repeat(200_000),
    'many pipes': '|'.repeat(200_000),
    'many quotes': '"'.repeat(200_000),
    'many openings': '<details><summary>'.repeat(20_000),
    'many comments': '<!--'.repeat(50_000),
    'the sample in a long line': sample.replaceAll('\n', ' ').repeat(50),
  };
}
