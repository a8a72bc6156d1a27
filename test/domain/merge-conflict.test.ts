import { describe, expect, test } from 'vitest';
import {
  type ConflictText,
  hunksOf,
  parseMergeAnswer,
  printConflict,
} from '../../src/domain/merge-conflict.ts';

const TREE = 'c'.repeat(40);
const OID = 'd'.repeat(40);
const stage = (n: number, path: string, mode = '100644') => `${mode} ${OID} ${n}\t${path}`;
const said = (...fields: string[]) => `${[TREE, ...fields].join('\0')}\0`;
const message = (type: string, text: string, ...paths: string[]) => [
  String(paths.length),
  ...paths,
  type,
  text,
];

describe('what git says of a merge', () => {
  test('without a conflict is a tree, whatever else it tells', () => {
    expect(parseMergeAnswer(`${TREE}\0`)).toEqual({ tree: TREE, files: [] });
    expect(parseMergeAnswer(said('', ...message('Auto-merging', 'Auto-merging a\n', 'a')))).toEqual({
      tree: TREE,
      files: [],
    });
  });

  const cases: readonly (readonly [string, string[], string, string, string])[] = [
    ['content', [stage(1, 'p'), stage(2, 'p'), stage(3, 'p')], 'CONFLICT (contents)', 'content', ''],
    ['two new files', [stage(2, 'p'), stage(3, 'p')], 'CONFLICT (contents)', 'add/add', 'said'],
    ['binary files', [stage(1, 'p'), stage(2, 'p'), stage(3, 'p')], 'CONFLICT (binary)', 'binary', 'said'],
    ['a removal', [stage(1, 'p'), stage(2, 'p')], 'CONFLICT (modify/delete)', 'modify/delete', 'said'],
    ['a rename', [stage(1, 'p'), stage(3, 'p')], 'CONFLICT (rename/delete)', 'rename/delete', 'said'],
    ['two renames', [stage(2, 'p')], 'CONFLICT (rename/rename)', 'rename/rename', 'said'],
    ['a renamed folder', [stage(3, 'p')], 'CONFLICT (directory rename suggested)', 'rename', 'said'],
    ['a folder', [stage(2, 'p')], 'CONFLICT (file/directory)', 'file/directory', 'said'],
    ['modes', [stage(2, 'p')], 'CONFLICT (distinct modes)', 'mode', 'said'],
    [
      'a submodule',
      [stage(1, 'p', '160000'), stage(2, 'p', '160000'), stage(3, 'p', '160000')],
      'CONFLICT (contents)',
      'submodule',
      'said',
    ],
    [
      'a submodule that is not here',
      [stage(2, 'p', '160000')],
      'CONFLICT (submodule not initialized)',
      'submodule',
      'said',
    ],
    ['what is new to us', [stage(2, 'p')], 'CONFLICT (something else)', 'other', 'said'],
  ];
  test.each(cases)('of %s', (_, stages, type, kind, detail) => {
    expect(parseMergeAnswer(said(...stages, '', ...message(type, 'said\n', 'p')))).toEqual({
      tree: TREE,
      files: [{ path: 'p', kind, detail }],
    });
  });

  test('of no file that is entered as conflicting, its message names it', () => {
    const told = message('CONFLICT (file in way of directory rename)', 'said\n', 'to/p', 'from/p');
    expect(parseMergeAnswer(said('', ...told, ...told))?.files).toEqual([
      { path: 'to/p', kind: 'rename', detail: 'said' },
    ]);
    const staged = parseMergeAnswer(said(stage(2, 'from/p'), '', ...told));
    expect(staged?.files).toMatchObject([{ path: 'from/p' }]);
  });

  test('has the kind that says most, and paths as they are', () => {
    const path = 'a "b"\n\tc ü';
    const printed = said(
      stage(2, path),
      '',
      ...message('CONFLICT (contents)', 'x', path),
      ...message('CONFLICT (rename/delete)', 'y', 'other', path),
    );
    expect(parseMergeAnswer(printed)?.files).toEqual([{ path, kind: 'rename/delete', detail: 'x y' }]);
  });

  test('has advice in its middle that is for people', () => {
    const advice = 'Recursive merging with submodules currently only supports trivial cases.\nPlease …\n';
    const printed = said(stage(2, 'p', '160000'), '', ...message('CONFLICT (contents)', 'x', 'p'));
    expect(parseMergeAnswer(printed + advice)?.files).toMatchObject([{ kind: 'submodule' }]);
  });

  test.each(['', 'fatal: bad object', TREE, `${TREE}\0${stage(1, 'p')}`, `${TREE}\0nonsense\0`])(
    '%j is no answer',
    (printed) => {
      expect(parseMergeAnswer(printed)).toBeUndefined();
    },
  );
});

describe('hunks', () => {
  const file = (n: number) => Array.from({ length: n }, (_, at) => `${at}`);
  test('have lines around, and the number of their line', () => {
    const text = [...file(5), '<<<<<<< main', 'x', '=======', 'y', '>>>>>>> work', ...file(5), ''].join('\n');
    expect(hunksOf(text)).toEqual([
      '@@ line 6 @@\n2\n3\n4\n<<<<<<< main\nx\n=======\ny\n>>>>>>> work\n0\n1\n2',
    ]);
  });
  test('are as many as there are', () => {
    const one = ['<<<<<<< a', '=======', '>>>>>>> b'];
    expect(hunksOf([...one, ...file(9), ...one].join('\r\n'))).toHaveLength(2);
  });
  test('that do not end, and what only looks like one, are none', () => {
    expect(hunksOf(['<<<<<<< a', 'x'].join('\n'))).toEqual([]);
    expect(hunksOf(' <<<<<<< a\n<<<<<<<\n<<<<<<<< a\n=======\n>>>>>>> b')).toEqual([]);
  });
  test('that are long are cut in the middle', () => {
    const [hunk = ''] = hunksOf(['<<<<<<< a', ...file(1_000), '=======', '>>>>>>> b'].join('\n'));
    expect(hunk.split('\n')).toHaveLength(62);
    expect(hunk).toContain('… 943 more lines …');
  });
});

describe('the text of a conflict', () => {
  const of = (path: string, ...hunks: string[]): ConflictText => ({
    file: { path, kind: 'content', detail: '' },
    hunks,
  });
  test('has every file with its kind and its hunks', () => {
    const text = printConflict(
      [of('a', 'H1', 'H2'), { file: { path: 'b', kind: 'binary', detail: 'cannot' }, hunks: [] }],
      'head',
      1_000,
    );
    expect(text).toBe('head\n--- a\nH1\nH2\n--- b (binary)\ncannot\n');
  });
  test('says what it leaves out', () => {
    const text = printConflict([of('a', 'x'.repeat(5_000)), of('b')], 'head', 1_000);
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text).toMatch(/x\n… cut here, 1 more part\n$/);
  });
});
