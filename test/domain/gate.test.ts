import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GateFacts, hasWord, judgeGate, namesPlan, nextSteps } from '../../src/domain/gate.ts';
import { anEvidence, at, passingFacts } from './gate-facts.ts';

const codesOf = (facts: GateFacts) => judgeGate(facts).checks.map((check) => check.code);

describe('judgeGate', () => {
  test('passes with every validation proven and a commit that names the plan', () => {
    expect(judgeGate(passingFacts())).toEqual({
      plan: 'x.2',
      verdict: 'pass',
      tree: 't1',
      commit: 'c1',
      checks: [
        {
          kind: 'validation',
          name: 'npm test',
          ok: true,
          code: 'passed',
          why: 'it passed on this tree',
          evidence: anEvidence().id,
        },
        { kind: 'commit', name: 'commit', ok: true, code: 'passed', why: 'c1 names it', commit: 'c1' },
      ],
      missing: [],
    });
  });

  const commit = passingFacts().commits[0];
  if (!commit) throw new Error('no commit');
  test.each<[string, Partial<GateFacts>, string[]]>([
    [
      'one of two validations passed',
      { validations: ['npm test', 'npm run lint'] },
      ['passed', 'never-run', 'passed'],
    ],
    ['the tool ran and failed', { evidence: [anEvidence({ exit: 1 })] }, ['failed', 'passed']],
    ['the files changed since', { tree: 't2' }, ['other-tree', 'passed']],
    ['evidence of an earlier attempt', { sinceMs: at(1) + 1 }, ['earlier-attempt', 'passed']],
    ['no commit', { commits: [] }, ['passed', 'no-commit']],
    ['a commit of x.25', { commits: [{ ...commit, message: 'x.25: other work' }] }, ['passed', 'no-commit']],
    [
      'a commit of 30 days ago',
      { commits: [{ ...commit, committedMs: at(-2_592_000), authoredMs: at(-2_592_000) }] },
      ['passed', 'no-commit'],
    ],
    [
      'an old commit, rebased today',
      { commits: [{ ...commit, authoredMs: at(-2_592_000) }] },
      ['passed', 'no-commit'],
    ],
    ['no validation configured', { validations: [] }, ['no-validation', 'passed']],
    ['uncommitted files, strict', { isStrict: true, dirty: ['a.ts'] }, ['passed', 'passed', 'not-clean']],
    [
      'not run again since the commit, strict',
      { isStrict: true, commit: 'c2' },
      ['before-commit', 'passed', 'passed'],
    ],
    [
      'no commit at all, strict',
      { isStrict: true, commit: undefined, commits: [], evidence: [] },
      ['never-run', 'no-commit', 'passed'],
    ],
  ])('fails with %s', (_, over, codes) => {
    const verdict = judgeGate(passingFacts(over));
    expect(verdict.verdict).toBe('fail');
    expect(verdict.checks.map((check) => check.code)).toEqual(codes);
    expect(verdict.missing).toHaveLength(codes.filter((code) => code !== 'passed').length);
  });

  test.each<[string, Partial<GateFacts>]>([
    ['strict, clean and run after the commit', { isStrict: true }],
    ['uncommitted files, where it is not strict', { dirty: ['a.ts'] }],
    [
      'a commit of the very second of the start',
      { sinceMs: at(1) - 1, commits: [{ ...commit, committedMs: at(0), authoredMs: at(0) }] },
    ],
  ])('passes with %s', (_, over) =>
    expect(codesOf(passingFacts(over)).every((code) => code === 'passed')).toBe(true),
  );

  test('the same evidence twice proves no other validation', () => {
    const twice = passingFacts({
      validations: ['npm test', 'npm run lint'],
      evidence: [anEvidence(), anEvidence()],
    });
    expect(codesOf(twice)).toEqual(['passed', 'never-run', 'passed']);
  });

  test('passes only with all: whatever is taken away, it fails', () => {
    const all = ['a', 'b', 'c', 'd'];
    const evidence = all.map((command, index) => anEvidence({ command }, index + 1));
    fc.assert(
      fc.property(fc.subarray(all), fc.boolean(), (kept, isNamed) => {
        const facts = passingFacts({
          validations: all,
          evidence: evidence.filter((one) => kept.includes(one.command)),
          commits: isNamed ? [commit] : [],
        });
        const isPass = kept.length === all.length && isNamed;
        expect(judgeGate(facts).verdict).toBe(isPass ? 'pass' : 'fail');
      }),
    );
  });
});

describe('the id in a commit message', () => {
  test.each<[string, string, boolean]>([
    ['x.2', 'x.2', true],
    ['x.2', 'x.2: parser', true],
    ['x.2', 'Do x.2.', true],
    ['x.2', 'Do (x.2), and more', true],
    ['x.2', 'Title\n\nRefs: x.2\n', true],
    ['x.2', 'feature/x.2', true],
    ['x.2', '`x.2`', true],
    ['x.2', '_x.2_', true],
    ['x.2', 'x.25', false],
    ['x.2', 'ax.2', false],
    ['x.2', 'x.2.1', false],
    ['x.2', 'x.2-b', false],
    ['x.2', 'a-x.2', false],
    ['x.2', 'x.2_b', false],
    ['x.2', 'x_2', false],
    ['x.2', 'X.2', false],
    ['x.2', 'xx.2 x.22 x.2a', false],
    ['x.2', 'x.25 and x.2', true],
    ['x.2', '\u00e9x.2', false],
    ['x.2', 'x.2\u00e9', false],
    ['x.2', '', false],
    ['01-01', 'Merge branch 01-01-parser', false],
    ['01-01', '01-010', false],
  ])('%s in %j: %j', (id, message, isNamed) => expect(namesPlan(message, '{id}', id)).toBe(isNamed));

  test.each<[string, string, boolean]>([
    ['bd-{id}', 'bd-x.2: parser', true],
    ['bd-{id}', 'x.2: parser', false],
    ['bd-{id}', 'abd-x.2', false],
    ['bd-{id}', 'bd-x.25', false],
    ['[{id}]', '[x.2] parser', true],
    ['[{id}]', 'a[x.2]b', true],
    ['#{id}', 'closes #x.2', true],
    ['{id}/{id}', 'x.2/x.2', true],
    ['$& {id}', 'x', false],
  ])('as %s in %j: %j', (pattern, message, isNamed) =>
    expect(namesPlan(message, pattern, 'x.2')).toBe(isNamed),
  );

  test('is found wherever it stands by itself, and nowhere inside of a longer id', () => {
    const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,6}[a-z0-9]$/);
    fc.assert(
      fc.property(
        id,
        fc.constantFrom('', ' ', '\n', '(', '"', '/'),
        fc.constantFrom('', ' ', ':', '.', ')', ',\n'),
        (word, before, after) => {
          expect(hasWord(`${before}${word}${after}`, word)).toBe(true);
        },
      ),
    );
    fc.assert(
      fc.property(id, id, fc.constantFrom('', '-', '.', '_'), (word, more, join) => {
        expect(
          hasWord(
            `${word}${join}${more}`.replace(more, (text) => text),
            word,
          ),
        ).toBe(`${join}${more}` === '');
      }),
      { examples: [['x.2', '5', '']] },
    );
  });
});

test('what is told next: the commit, then what has to run', () => {
  const verdict = judgeGate(
    passingFacts({ commits: [], evidence: [], validations: ['npm test', 'npm run lint'] }),
  );
  expect(nextSteps(verdict, 'bd-{id}')).toEqual([
    'git add -A && git commit --allow-empty -m "bd-x.2: <what was done>"',
    'npm test',
    'npm run lint',
  ]);
  expect(nextSteps(judgeGate(passingFacts()), '{id}')).toEqual([]);
  expect(nextSteps(judgeGate(passingFacts({ validations: [] })), '{id}')).toEqual([]);
});
