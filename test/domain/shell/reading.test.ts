// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell commands.
import { parse } from 'unbash';
import { describe, expect, it } from 'vitest';
import { readShell } from '../../../src/domain/shell/reading.ts';
import { FACTS, told } from './notation.ts';

const read = (command: string) => readShell(command, FACTS);

describe('a finding', () => {
  it('keeps the parts of a path and says how it is written', () => {
    expect(read('echo x > a/../f').writes).toEqual([
      { path: '/w/w1/a/../f', how: '> redirection', certain: true },
    ]);
    expect(read('sed -i s/a/b/ f').writes).toEqual([{ path: '/w/w1/f', how: 'sed -i', certain: true }]);
  });

  it('marks globs, trees and directories', () => {
    expect(read('rm -r *.d').writes).toEqual([
      { path: '/w/w1/*.d', glob: true, tree: true, how: 'rm', certain: true },
    ]);
    expect(read('cp a b').writes).toEqual([
      { path: '/w/w1/b', target: 'into', how: 'cp', certain: true },
      { path: '/w/w1/b/a', how: 'cp', certain: true },
    ]);
  });

  it('is not certain where a path stands in code or ends in something unknown', () => {
    expect(read(`python3 -c "open('f.txt','w')"`).writes).toEqual([
      { path: '/w/w1/f.txt', how: 'python3 code', certain: false },
    ]);
    expect(read('rm ../w2/$X').writes).toEqual([
      { path: '/w/w1/../w2', target: 'into', how: 'rm', certain: false },
    ]);
  });

  it('tells where an unknown program runs', () => {
    expect(read('cd ../w2 && npm install').unknown).toEqual([
      { why: 'program', detail: 'npm install', dir: '/w/w2' },
    ]);
    expect(read('make -C ../w2 all').unknown).toEqual([
      { why: 'program', detail: 'make -C ../w2', dir: '/w/w1/../w2' },
    ]);
    expect(read('cd $X; npm install').unknown).toEqual([{ why: 'program', detail: 'npm install' }]);
  });

  it('names a hard link and its source', () => {
    expect(read('ln -T ../w2/f x').links).toEqual([{ source: '/w/w1/../w2/f', path: '/w/w1/x', how: 'ln' }]);
  });

  it('names what the command line sets for coord', () => {
    const { coord } = read('export A=1; B=$X C=c coord send w2');
    expect(coord).toEqual([
      { cwd: '/w/w1', args: ['send', 'w2'], env: { A: '1', B: undefined, C: 'c' }, how: 'coord' },
    ]);
  });

  it('is told once', () => {
    expect(read('rm f; rm f; rm f').writes).toHaveLength(1);
  });
});

describe('readOnly', () => {
  const isReadOnly = (command: string) => read(command).readOnly;

  it('holds for what writes nothing and is all known', () => {
    for (const command of [
      '',
      '# x',
      'ls',
      'cat f | grep x > /dev/null',
      'git log',
      'cd a && pwd',
      'x=1; echo $x',
    ])
      expect(isReadOnly(command), command).toBe(true);
  });

  it('does not hold for a write, a git effect, a call of coord or an unknown', () => {
    for (const command of ['> f', 'git add f', 'coord status', 'make', './x', 'rm $X', 'echo "', 'PATH=. ls'])
      expect(isReadOnly(command), command).toBe(false);
  });
});

describe('what cannot be read', () => {
  it('is a syntax error, beside what was read', () => {
    expect(told('rm ../w2/f; if')).toEqual(['/w/w1/../w2/f', '?syntax']);
    expect(told('echo "$(rm ../w2/f; if)"')).toEqual(['/w/w1/../w2/f', '?syntax']);
  });

  it('is code in code beyond a small depth', () => {
    const nest = (depth: number): string =>
      depth === 0 ? 'rm f' : `eval ${JSON.stringify(nest(depth - 1))}`;
    expect(told(nest(3))).toEqual(['/w/w1/f']);
    expect(told('f() { f; }; f')).toEqual(['?depth']);
    expect(told(`${'$('.repeat(12)}rm f${')'.repeat(12)}`)).toContain('?depth');
  });

  it('is what stands beyond the first 100,000 characters', () => {
    expect(told(`rm f; echo ${'x'.repeat(100_000)}; rm g`)).toEqual(['/w/w1/f', '?depth']);
  });

  it('is what stands beyond the limits of words, loops and findings', () => {
    expect(told('rm {1..100000}')).toEqual(['/w/w1/**']);
    expect(told('rm {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}')).toContain('?variable');
    expect(told('for i in {1..200}; do for j in {1..200}; do rm $i/$j; done; done')).toContain('?depth');
    expect(told(Array.from({ length: 2_000 }, (_, at) => `rm f${at}`).join('\n'))).toContain('?depth');
  });
});

describe('the facts', () => {
  it('give home and variables', () => {
    expect(told('rm ~/f $A/g', { env: { A: '/w/w2' } })).toEqual(['/home/u/f', '/w/w2/g']);
    expect(told('rm ~/f', { home: undefined, env: {} })).toEqual(['?variable']);
    expect(told('cd -; rm f', { env: { OLDPWD: '/w/w2' } })).toEqual(['/w/w2/f']);
    expect(told('git add f', { env: { GIT_WORK_TREE: '../w2' } })).toEqual([
      'git add worktree /w/w1/../w2 (/w/w1/f)',
    ]);
  });

  it('may be of Windows', () => {
    const windows = { windows: true, cwd: 'C:/w/w1', env: {}, parse };
    expect(told("rm 'C:\\w\\w2\\f' /c/w/w2/g ../w2/h", windows)).toEqual([
      'C:/w/w1/../w2/h',
      'C:/w/w2/f',
      'C:/w/w2/g',
    ]);
    expect(told('cd /c/w/w2 && rm.exe f', windows)).toEqual(['C:/w/w2/f']);
  });
});
