import { parse } from 'unbash';
import { describe, expect, it } from 'vitest';
import { validationsIn } from '../../../src/domain/shell/validations.ts';

const FACTS = {
  validations: [
    'npm test',
    'npm run lint',
    'pytest -k "not slow"',
    'cd web && npm test',
    'CI=1 make check | cat',
  ],
  cwd: '/w',
  root: '/w',
  parse,
  // `/link` leads to the root.
  resolve: (path: string, cwd: string) => {
    const whole = path.startsWith('/') ? path : `${cwd}/${path}`;
    return whole === '/link' ? '/w' : whole.replace(/\/[^/]+\/\.\.$/, '').replace(/\/\.?$/, '');
  },
};

const found = (line: string, cwd = '/w') => {
  const { commands, isSole } = validationsIn(line, { ...FACTS, cwd });
  return isSole ? [...commands, '!'] : commands;
};

describe('a validation alone tells of itself', () => {
  it.each([
    'npm test',
    '  npm   test  ',
    'npm test\n',
    '"npm" \'test\'',
    'npm test # all of it',
    'npm test 2>&1',
    'npm test > /tmp/out 2> /tmp/err',
    'npm test &> /tmp/out',
    'cd /w && npm test',
    'cd . && npm test',
    'cd /link && npm test',
    'cd sub && cd /w && npm test',
  ])('%j', (line) => expect(found(line)).toEqual(['npm test', '!']));

  it.each([
    ['pytest -k "not slow"', 'pytest -k "not slow"'],
    ["pytest -k 'not slow'", 'pytest -k "not slow"'],
    ['cd web && npm test', 'cd web && npm test'],
    ['CI=1 make check | cat', 'CI=1 make check | cat'],
  ])('%j is %j', (line, validation) => expect(found(line)).toEqual([validation, '!']));
});

describe('joined by && to others, the end of the line tells of it when it is good', () => {
  it.each<[string, string[]]>([
    ['npm run lint && npm test', ['npm run lint', 'npm test']],
    ['npm test && npm test', ['npm test', '!']],
    ['npm run build && npm test', ['npm test']],
    ['npm test && git add -A && git commit -m "01-01: x"', ['npm test']],
    ['npm test && git status | head -3', ['npm test']],
    ['npm test && (cd sub && npm run lint)', ['npm test']],
    ['npm test && cd sub && npm run lint', ['npm test']],
    ['npm test && export A=1 && npm run lint', ['npm test']],
    ['npm test &&\n  npm run lint', ['npm test', 'npm run lint']],
  ])('%j', (line, commands) => expect(found(line)).toEqual(commands));

  it('a second one beside it takes the exit code of the line from it', () => {
    expect(found('npm run lint && npm test')).not.toContain('!');
    expect(found('npm run build && npm test')).not.toContain('!');
  });
});

describe('what does not count', () => {
  it.each([
    'echo "npm test"',
    "printf '%s' 'npm test'",
    'npm test || true',
    'npm test || npm test',
    'npm test | tail',
    'npm test 2>&1 | tail -20',
    'npm test |& tee log',
    'npm test --  --only-one',
    'npm test -- --only-one',
    'npm test --silent',
    'npm testx',
    'xnpm test',
    'npm',
    'cd elsewhere && npm test',
    'cd .. && npm test',
    'cd && npm test',
    'cd - && npm test',
    'cd -P /w && npm test',
    'cd $ROOT && npm test',
    'npm test &',
    'npm test & wait',
    'npm test && sleep 1 &',
    'npm test; true',
    'npm run lint; npm test',
    'npm run build\nnpm test',
    '! npm test',
    'time npm test',
    '(npm test)',
    '{ npm test; }',
    'if npm test; then echo ok; fi',
    'if true; then npm test; fi',
    'while npm test; do :; done',
    '$(npm test)',
    'echo $(npm test)',
    'bash -c "npm test"',
    'eval npm test',
    'env npm test',
    'timeout 60 npm test',
    'sudo npm test',
    'CI=1 npm test',
    'A=1 && npm test',
    'export A=1 && npm test',
    'source env.sh && npm test',
    '. ./env.sh && npm test',
    'set +e && npm test',
    'alias npm=true && npm test',
    'unset PATH && npm test',
    'npm() { true; }; npm test',
    'npm() { true; } && npm test',
    'trap "exit 0" EXIT && npm test',
    '$X && npm test',
    'npm test < /dev/null',
    'npm test <<< yes',
    'npm test <<EOF\nnpm test\nEOF',
    'cat <<EOF\nnpm test\nEOF',
    'npm $T',
    'npm "$T"',
    'npm te{s,}t',
    'npm tes?',
    'coproc npm test',
    'true && false || npm test',
    'exec npm test',
    '# npm test',
    'npm test "',
    '',
    `npm test ${'#'.repeat(5_000)}`,
  ])('%j', (line) => expect(found(line)).toEqual([]));

  it('anything that does not run in the root', () => {
    expect(found('npm test', '/w/sub')).toEqual([]);
    expect(found('cd web && npm test', '/w/sub')).toEqual([]);
    expect(found('cd .. && npm test', '/w/sub')).toEqual(['npm test', '!']);
  });
});
