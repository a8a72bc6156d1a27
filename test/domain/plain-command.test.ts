import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlainCommand } from '../../src/domain/plain-command.ts';

describe('readPlainCommand', () => {
  test.each([
    'ls',
    'ls -la src',
    '  ls   src  ',
    'cat README.md',
    'head -20 a.ts',
    'grep -rn needle src',
    'wc -l a b',
    'stat /etc/hosts',
    'diff a b',
    'pwd',
    'true',
    'git status',
    'git status --short',
    'git log --oneline -5',
    'git diff main..HEAD',
    'git show HEAD:src/a.ts',
    'git rev-parse HEAD',
    'git ls-files -m',
    'git blame a.ts',
    'npm --version',
    'cargo --help',
  ])('%j reads', (command) => {
    expect(readPlainCommand(command)).toEqual({ kind: 'reads' });
  });

  test.each([
    ['npm test', 'npm'],
    ['npm run build:all', 'npm'],
    ['pnpm install', 'pnpm'],
    ['make', 'make'],
    ['cargo build', 'cargo'],
    ['vitest run', 'vitest'],
    ['go build -o out', 'go'],
    ['make --jobs', 'make'],
  ])('%j may write anything: a run of %s', (command, program) => {
    expect(readPlainCommand(command)).toEqual({ kind: 'unknown', program });
  });

  test.each([
    '',
    '   ',
    'rm -rf src',
    'touch a',
    'cp a b',
    'mv a b',
    'tee a',
    'sed -i s/a/b/ f',
    'sort -o out in',
    'find . -delete',
    'coord status',
    'node x.js',
    'bash x.sh',
    'env ls',
    'sudo cat a',
    'cd src',
    'ls > out',
    'ls>out',
    'cat a | tee b',
    'ls; rm a',
    'ls && rm a',
    'ls & rm a',
    'ls\nrm a',
    'ls\rrm a',
    'ls\trm',
    'cat $(rm a)',
    'cat `rm a`',
    'cat $HOME/x',
    'cat <(rm a)',
    "cat 'a'",
    'cat "a"',
    'cat ~/a',
    'cat *.ts',
    'cat a?',
    'cat [ab]',
    'cat {a,b}',
    'cat a\\ b',
    'ls # rm',
    '! ls',
    'A=b ls',
    'LD_PRELOAD=x cat a',
    'grep -e=x a',
    'git',
    'git commit -m x',
    'git checkout main',
    'git -C /elsewhere status',
    'git --git-dir /x status',
    'git -c core.pager=x log',
    'git diff -o out',
    'git diff --out out',
    'make -C other',
    'npm --prefix other test',
    'git diff --output out',
    'git diff --output-directory out',
    'git diff --no-index a b',
    'git log --ext-diff',
    'git show --textconv x',
    'git stash',
    'git branch',
    'npm test -- --update',
    'npm run ../x',
    'make -C ../other',
    'npm --prefix ../other test',
    'go build ./...',
    'pytest tests/a.py',
    './ls',
    '/bin/ls',
    'LS',
    'çat a',
    `cat ${'a'.repeat(400)}`,
  ])('%j is left to the parser', (command) => {
    expect(readPlainCommand(command)).toBeUndefined();
  });

  const word = fc.constantFrom(
    ...'ls cat grep git status log diff npm test run true make -a --output -o -C a/b ../x'.split(' '),
  );
  const special = fc.constantFrom(...'\'"`$&|;<>(){}[]*?!#~=\\^\n\r\t\0'.split(''), '\u00a0', '\u2028', 'é');

  test('what it answers has none of the shell’s special characters', () => {
    const anything = fc
      .array(fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: special }), { maxLength: 6 })
      .chain((words) => fc.constantFrom(words.join(' '), words.join('')));
    let answered = 0;
    fc.assert(
      fc.property(fc.oneof(anything, fc.string({ unit: 'binary', maxLength: 20 })), (command) => {
        if (readPlainCommand(command) === undefined) return;
        answered += 1;
        expect(command).toMatch(/^[A-Za-z0-9_%+:,./@ -]+$/);
      }),
      { numRuns: 5_000 },
    );
    expect(answered).toBeGreaterThan(100);
  });

  test('a special character anywhere in a reading command sends it to the parser', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ls src', 'git status', 'cat a b'),
        special,
        fc.nat(7),
        (command, mark, place) => {
          const cut = place % (command.length + 1);
          expect(readPlainCommand(command.slice(0, cut) + mark + command.slice(cut))).toBeUndefined();
        },
      ),
    );
  });

  test('what it says to read begins with a program that cannot write', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const command = words.join(' ');
        if (readPlainCommand(command)?.kind !== 'reads') return;
        expect(command).toMatch(/^(ls|cat|grep|true|diff|git (status|log|diff))\b/);
        if (words[0] === 'git') expect(command).not.toMatch(/ (--output|-o)\b/);
      }),
      { numRuns: 3_000 },
    );
  });
});
