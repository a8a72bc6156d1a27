// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell commands.
// Whatever the string: a reading comes back, and soon.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readShell } from '../../../src/domain/shell/reading.ts';
import { tries } from '../../kit/long.ts';
import { FACTS } from './notation.ts';

const FRAGMENTS =
  "rm|cp|mv|echo|cat|cd|git|git -C|find|xargs|sed -i|awk|eval|bash -c|python3 -c|node -e|env|sudo|tee|ln -s|tar|trap|read|export|local|set --|f()|coord|ed|patch|parallel|if|then|else|fi|for|in|do|done|while|case|esac|function|{|}|(|)|((|))|[[|]]|$(|`|\"|'|$'|${|${x:-|${x//|%|#|}|;|;;|&|&&|||||&|!|>|>>|>&|&>|<|<<EOF|<<<|<(|>(|\n|EOF|\\|*|?|[a]|{a,b}|{1..9}|$x|$@|$1|~|..|../w2/f|/|x=|x+=|a=(|$((|1+|@(|--|-|-r|-t|-exec|{}|\\;|+|:|=|#|,|\uE000|\uE003|\0|é|💥"
    .split('|')
    .filter((fragment) => fragment !== '');

/** A reading never ends in the last resort: a stack that ran full, or a bug. */
function readsCleanly(command: string): void {
  const reading = readShell(command, FACTS);
  expect(reading.unknown.filter(({ detail }) => /^reader: |^the stack is full/.test(detail))).toEqual([]);
  for (const write of reading.writes) expect(write.path).toMatch(/^\//);
}

describe('readShell', () => {
  it('reads any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), readsCleanly), {
      numRuns: tries(400),
    });
  });

  it('reads any run of shell fragments', () => {
    const fragments = fc.array(fc.tuple(fc.constantFrom(...FRAGMENTS), fc.constantFrom(' ', '', ' ', '\n')), {
      maxLength: 40,
    });
    const command = fragments.map((parts) => parts.map((part) => part.join('')).join(''));
    fc.assert(fc.property(command, readsCleanly), { numRuns: tries(2_000) });
  });

  it('reads any word as the argument of any program', () => {
    const programs = fc.constantFrom(
      'cp',
      'mv',
      'ln',
      'sed',
      'awk',
      'tar',
      'find',
      'xargs',
      'git',
      'git config',
      'git push',
      'env',
      'sudo',
      'perl',
      'python3 -c',
      'dd',
      'curl',
      'npx',
      'vim',
      'parallel',
      'read',
      'printf',
      'set',
      'cmake',
      'rsync',
    );
    const words = fc.array(
      fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom(
          '-',
          '--',
          '-t',
          '-C',
          '-c',
          '-e',
          '-i',
          '-n',
          '-x',
          'w f',
          ':::',
          '{}',
          '\uE000',
          '\uE003/x',
        ),
      ),
      { maxLength: 8 },
    );
    const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(programs, words, (program, args) => readsCleanly([program, ...args.map(quote)].join(' '))),
      { numRuns: tries(1_500) },
    );
  });
});

/** A hook has little time; a loaded machine gets some more. */
const LIMIT_MS = 3_000;

describe('a hostile command', () => {
  const times = (text: string, count: number): string => text.repeat(count);
  const numbered = (count: number, line: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => line(at)).join('\n');
  const HOSTILE: readonly (readonly [title: string, command: string])[] = [
    ['brackets', times('(', 50_000)],
    ['substitutions', times('$(', 50_000)],
    ['quoted substitutions', times('"$(', 33_000)],
    ['parameters', times('${x:-', 20_000)],
    ['arithmetic', times('$((', 33_000)],
    ['process substitutions', times('<(', 50_000)],
    ['open braces', times(`${times('{', 1_900)}a,b} `, 50)],
    ['braces', times('rm {a,b}{c,d}{e,f}{g,h}\n', 4_000)],
    ['nested braces', `echo ${times('{a,', 8_000)}${times('}', 8_000)}`],
    ['ranges', times('rm {1..250}\n', 9_000)],
    ['ifs', times('if a; then ', 9_000)],
    ['a pipe', times('a|', 50_000)],
    ['branches', numbered(2_000, (at) => `if a; then x${at}=1; else x${at}=2; fi`)],
    ['places', times('if a; then cd b; else cd c; fi\n', 3_000)],
    ['variables', numbered(8_000, (at) => `v${at}=${at}`)],
    ['doubling', `x=aaaaaaaaaa\n${times('x=$x$x\n', 10_000)}`],
    ['lists', `a=(1 2 3)\n${times('a=("${a[@]}" "${a[@]}")\n', 3_000)}`],
    ['patterns', `x=${times('a', 1_000)}\n${times('y=${x%%*b*c*d}\n', 6_000)}`],
    ['loops', `${times('for i in 1 2 3 4 5 6 7 8 9; do ', 12)}rm $i;${times(' done;', 12)}`],
    ['endless loops', `${times('while a; do cd b; ', 20)}rm x;${times(' done;', 20)}`],
    ['recursion', 'f() { $(f; f); f; f; }; f'],
    ['wrappers', `${times('env sudo nice ', 6_000)}rm f`],
    ['coord in coord', `${times('coord run -- ', 7_000)}rm f`],
    ['sed', `sed '${times('s/a/b/;{', 12_000)}' x`],
    ['sets for sed', `sed 's/${times('[', 90_000)}' x`],
    ['indices', `printf '${times('a[', 48_000)}'`],
    ['places for ed', `ed f <<< '${times('/x/;?y?', 14_000)}'`],
    ['marks for ed', `ed f <<< "${times("'v/x/", 26)}"`],
    ['blanks for ed', `ed f <<< "1${times(' ', 19_000)}z"`],
    ['statements of awk', `awk '${times('sub(a,b) ', 10_000)}'`],
    ['replacements', `python3 -c '${times('open("a".replace("../a",', 4_000)}'`],
    ['names with line breaks', `rm '${times('a\n', 50_000)}'`],
    ['statements of sqlite', `sqlite3 a '${times('vacuum into ', 8_000)}'`],
    ['awk', `awk '${times('print > a b c d ', 6_000)}'`],
    ['awk pipes', `awk '${times('| getline ', 9_000)}'`],
    ['python', `python3 -c '${times('open(', 18_000)}'`],
    ['python imports', `python3 -c '${times(`import ${times(' ', 50)}`, 1_700)}'`],
    ['javascript', `node -e '${times('a`"', 30_000)}'`],
    ['tar letters', `tar ${times('f', 50_000)} x`],
    ['links', times('ln -s a b; echo > b/c\n', 4_500)],
    ['moves', numbered(3_000, (at) => `mv a${at} b${at}; echo > b${at}/c`)],
    ['quotes for xargs', `echo "${times("'", 90_000)}" | xargs rm`],
    ['lines', `while read a b; do rm $b; done <<EOF\n${times('a ../w2/f\n', 7_000)}EOF`],
    ['dots', `cd ${times('../', 30_000)}x; rm f`],
    ['two million characters', times('x', 2_000_000)],
  ];
  for (const [title, command] of HOSTILE) {
    it(`of ${title} is read in time`, () => {
      const start = performance.now();
      readsCleanly(command);
      expect(performance.now() - start).toBeLessThan(LIMIT_MS);
    });
  }

  it('is told to be unknown or not to write at all, when it is cut', () => {
    const reading = readShell(`${times(': x\n', 11_000)}rm ../w2/f`, FACTS);
    expect(reading.unknown.some(({ why }) => why === 'depth')).toBe(true);
  });
});
