import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BLOCK_BEGIN, BLOCK_END } from '../../src/domain/managed-block.ts';
import { knownChanges } from '../../src/storage/light/journal.ts';
import {
  addInstructions,
  judgeInstructions,
  readInstructions,
  removeInstructions,
} from '../../src/usecases/write-instructions.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { coordinated, operator, refusal, value } from '../kit/scene.ts';

const CONTENT = '## Ours\n\ntext';
const BLOCK = `${BLOCK_BEGIN}\n${CONTENT}\n${BLOCK_END}`;

let project: Project;
beforeEach(() => {
  project = coordinated();
});
afterEach(() => project.dispose());

const add = (files?: string[], content = CONTENT) => addInstructions(operator(project), () => content, files);
const remove = (files?: string[]) => removeInstructions(operator(project), files);
const states = () => value(readInstructions(project.home, () => CONTENT)).map(({ state }) => state);

describe('where nothing is said, the block goes into', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['CLAUDE.md, where neither is there', {}, ['CLAUDE.md made']],
    ['the one that is there', { 'AGENTS.md': '# All\n' }, ['AGENTS.md added']],
    ['both', { 'AGENTS.md': '# All\n', 'CLAUDE.md': '# C\n' }, ['CLAUDE.md added', 'AGENTS.md added']],
    [
      'AGENTS.md, where CLAUDE.md imports it',
      { 'AGENTS.md': 'a\n', 'CLAUDE.md': '# C\r\n@AGENTS.md\r\n' },
      ['AGENTS.md added'],
    ],
    [
      'CLAUDE.md, where it imports an AGENTS.md that is not there',
      { 'CLAUDE.md': '@AGENTS.md\n' },
      ['CLAUDE.md added'],
    ],
  ])('%s', (_claim, files, expected) => {
    for (const [file, text] of Object.entries(files)) project.write(file, text);
    expect(value(add()).map(({ file, change }) => `${file} ${change}`)).toEqual(expected);
    for (const { file } of value(add())) expect(project.read(file)).toContain(BLOCK);
    value(remove());
    for (const file of ['CLAUDE.md', 'AGENTS.md'])
      expect(existsSync(project.path(file)) ? project.read(file) : undefined).toBe(files[file]);
  });
});

test('a second time nothing is written, and a new text replaces the old one where it stands', () => {
  project.write('CLAUDE.md', '# Mine\n');
  value(add(undefined, 'old text'));
  project.write('CLAUDE.md', `${project.read('CLAUDE.md')}\n## More\n`);
  expect(states()).toEqual(['old', 'missing']);
  expect(value(add())).toEqual([{ file: 'CLAUDE.md', change: 'updated' }]);
  expect(project.read('CLAUDE.md')).toBe(`# Mine\n\n${BLOCK}\n\n## More\n`);
  const before = statSync(project.path('CLAUDE.md'), { bigint: true });
  expect(value(add())).toEqual([{ file: 'CLAUDE.md', change: 'same' }]);
  const after = statSync(project.path('CLAUDE.md'), { bigint: true });
  expect([after.mtimeNs, after.ino]).toEqual([before.mtimeNs, before.ino]);
  expect(states()).toEqual(['current', 'missing']);
  expect(value(remove())).toMatchObject([{ file: 'CLAUDE.md', change: 'removed' }, { change: 'none' }]);
  expect(project.read('CLAUDE.md')).toBe('# Mine\n\n## More\n');
});

test('a file that we made goes with the block', () => {
  value(add(['AGENTS.md']));
  expect(project.read('AGENTS.md')).toBe(`${BLOCK}\n`);
  expect(value(remove(['AGENTS.md']))).toEqual([{ file: 'AGENTS.md', change: 'deleted' }]);
  expect(existsSync(project.path('AGENTS.md'))).toBe(false);
  expect(value(remove())).toMatchObject([{ change: 'none' }, { change: 'none' }]);
});

test('the file keeps its permissions, and nobody is asked who wrote it', () => {
  const file = project.write('CLAUDE.md', '# Mine\n');
  chmodSync(file, 0o600);
  value(add());
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(knownChanges(project.home, null, 0).flatMap(({ paths }) => paths)).toContain(file);
});

describe('links', () => {
  test('one file under two names is written once, and stays one file', () => {
    project.write('AGENTS.md', '# All\n');
    symlinkSync('AGENTS.md', project.path('CLAUDE.md'));
    expect(value(add())).toEqual([{ file: 'AGENTS.md', change: 'added' }]);
    expect(value(add(['CLAUDE.md']))).toEqual([{ file: 'AGENTS.md', change: 'same' }]);
    expect(project.read('CLAUDE.md')).toBe(`# All\n\n${BLOCK}\n`);
    expect(value(remove())).toEqual([{ file: 'AGENTS.md', change: 'removed' }]);
    expect(project.read('CLAUDE.md')).toBe('# All\n');
  });

  test('a link to another file of the worktree is followed, also to one that is not there yet', () => {
    mkdirSync(project.path('docs'));
    symlinkSync('docs/agents.md', project.path('CLAUDE.md'));
    expect(value(add(['CLAUDE.md']))).toEqual([{ file: 'docs/agents.md', change: 'made' }]);
    expect(readFileSync(project.path('docs', 'agents.md'), 'utf8')).toBe(`${BLOCK}\n`);
  });

  test('a hard link to a file elsewhere is cut, and the file elsewhere stays as it is', () => {
    const elsewhere = join(project.outside('else'), 'notes.md');
    writeFileSync(elsewhere, '# Notes\n');
    linkSync(elsewhere, project.path('CLAUDE.md'));
    value(add());
    expect(readFileSync(elsewhere, 'utf8')).toBe('# Notes\n');
  });

  test.each<[string, () => string]>([
    ['out of the repository', () => join(project.outside('else'), 'x.md')],
    ['a file of git', () => '.git/description'],
    ['STATE.md', () => '.planning/STATE.md'],
    ['the runtime folder', () => '.coordination/messages.jsonl'],
    ['itself', () => 'CLAUDE.md'],
  ])('to %s: refused, and nothing is written', (_claim, target) => {
    project.write('AGENTS.md', '# All\n');
    symlinkSync(target(), project.path('CLAUDE.md'));
    for (const outcome of [add(), remove(), add(['CLAUDE.md'])])
      expect(refusal(outcome)).toMatchObject({ code: 'instructions-link', file: 'CLAUDE.md' });
    expect(judgeInstructions(project.home, () => CONTENT)?.code).toBe('instructions-link');
    expect(project.read('AGENTS.md')).toBe('# All\n');
    expect(value(add(['AGENTS.md']))).toMatchObject([{ change: 'added' }]);
  });

  test('into another worktree: refused', () => {
    const linked = join(project.outside('trees'), 'a');
    gitIn(project.home, 'worktree', 'add', '-q', linked);
    symlinkSync(join(linked, 'CLAUDE.md'), project.path('CLAUDE.md'));
    expect(refusal(add()).code).toBe('instructions-link');
  });
});

describe('what is refused with file and line, before anything is written', () => {
  test.each<[string, string, object]>([
    ['a block that never ends', `a\n${BLOCK_BEGIN}\n`, { flaw: 'no-end', line: 2 }],
    ['two blocks', `${BLOCK}\n${BLOCK}\n`, { flaw: 'second', line: 6 }],
    ['a marker in a fence', `\`\`\`\n${BLOCK}\n\`\`\`\n`, { flaw: 'in-fence', line: 2 }],
    ['a fence that never ends', '```\n', { flaw: 'open-fence', line: 1 }],
  ])('%s', (_claim, text, expected) => {
    project.write('CLAUDE.md', '# Mine\n');
    project.write('AGENTS.md', text);
    expect(refusal(add())).toEqual({ code: 'instructions-broken', file: 'AGENTS.md', ...expected });
    expect(judgeInstructions(project.home, () => CONTENT)).toMatchObject(expected);
    expect(project.read('CLAUDE.md')).toBe('# Mine\n');
    expect(project.read('AGENTS.md')).toBe(text);
  });

  test.each<[string, Buffer]>([
    ['Latin-1', Buffer.from([0x66, 0xfc, 0x72, 0x0a])],
    ['UTF-16', Buffer.from('\ufeff# Mine\n', 'utf16le')],
    ['a cut character', Buffer.from('ü').subarray(0, 1)],
    ['a text of more than 1 MB', Buffer.alloc(1_048_577, 'a')],
  ])('%s', (_claim, bytes) => {
    writeFileSync(project.path('CLAUDE.md'), bytes);
    expect(refusal(add())).toEqual({ code: 'instructions-unreadable', file: 'CLAUDE.md' });
    expect(readFileSync(project.path('CLAUDE.md')).equals(bytes)).toBe(true);
  });

  test('a folder of that name', () => {
    mkdirSync(project.path('CLAUDE.md'));
    expect(refusal(add()).code).toBe('instructions-unreadable');
  });
});

describe('on the disk', () => {
  const shared = coordinated();
  afterAll(() => shared.dispose());

  test('removing leaves, byte for byte, what was there before', () => {
    const caller = operator(shared);
    const piece = fc.constantFrom(
      '# Mine',
      'ü',
      '\ufeff',
      '\n',
      '\n',
      '\r\n',
      '\r',
      '```\nx\n```\n',
      '日本',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.boolean(), (pieces, hasOther) => {
        const bytes = Buffer.from(pieces.join(''));
        writeFileSync(shared.path('CLAUDE.md'), bytes);
        if (hasOther) writeFileSync(shared.path('AGENTS.md'), 'x');
        const added = addInstructions(caller, () => CONTENT);
        if (!added.done) {
          expect(added.problem).toMatchObject({ code: 'instructions-broken', flaw: 'open-fence' });
          return;
        }
        expect(readFileSync(shared.path('CLAUDE.md')).equals(bytes)).toBe(false);
        value(removeInstructions(caller));
        expect(readFileSync(shared.path('CLAUDE.md')).equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
