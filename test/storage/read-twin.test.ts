/** The values of a big front matter are kept beside their text: what is read by them is what the YAML says, always. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { StateDocument } from '../../src/domain/state-document.ts';
import { readDocument, readState, STATE, stateFile } from '../../src/storage/document-kinds.ts';
import { changeState } from '../../src/storage/documents.ts';
import type { Project } from '../kit/project.ts';
import { coordinated, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const twin = () => project.path('.coordination', 'roster', 'read', 'STATE.json');

/** What stands in the file, read without any help. */
function asWritten(): StateDocument {
  const read = readDocument(stateFile(project.home), STATE);
  if (!read.done) throw new Error(JSON.stringify(read.problem));
  return read.value.document;
}

/** Texts that YAML has its own opinion of. */
const ODD = [
  'yes',
  '0123',
  '1e3',
  '~',
  '- a',
  '# no comment',
  'a: b',
  '"quoted" and \'so\'',
  'two\nlines\n',
  ' blanks ',
  '---',
  'ends with ---\n---\n',
  '日本語 😀 \u2028 \u0085',
  '!tag',
  '&a *a',
  '2026-02-20',
  '|',
  '.inf',
  '=',
];

function grow(): void {
  const outcome = changeState<undefined, never>(project.home, (state) => ({
    done: true as const,
    value: undefined,
    document: {
      ...state,
      todo: Array.from({ length: 400 }, (_, at) => ({
        id: `T${at + 1}`,
        priority: 'P1' as const,
        text: `${ODD[at % ODD.length]} and ${at}`,
        at: '2026-01-01',
      })),
      todo_last: 400,
    },
  }));
  value(outcome);
}

describe('a big STATE.md', () => {
  test('is read from what was kept at its save, and says the same', () => {
    project = coordinated();
    expect(existsSync(twin())).toBe(false);
    grow();
    expect(existsSync(twin())).toBe(true);
    expect(stateOf(project)).toEqual(asWritten());
    value(
      changeState<undefined, never>(project.home, (state) => ({
        done: true as const,
        value: undefined,
        document: {
          ...state,
          todo: state.todo.map((item, at) => ({ ...item, text: ODD[at % ODD.length] ?? '' })),
        },
      })),
    );
    expect(stateOf(project)).toEqual(asWritten());
    expect(stateOf(project).todo[12]?.text).toBe(ODD[12]);
  });

  test('edited by hand is read anew, comments and all, and kept again', () => {
    project = coordinated();
    grow();
    const file = stateFile(project.home);
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace('revision: 1', 'revision: 1 # mine\nours: [1, 2]').replace('yes and 0', 'changed'),
    );
    expect(stateOf(project).todo[0]?.text).toBe('changed');
    expect(stateOf(project)).toEqual(asWritten());
    project.must('todo', 'done', 'T2');
    const after = readFileSync(file, 'utf8');
    expect(after).toMatch(/ours: \[ ?1, 2 ?\]/);
    expect(stateOf(project)).toEqual(asWritten());
    expect(stateOf(project)).toMatchObject({ ours: [1, 2] });
  });

  test('is refused with its line when it is broken, whatever was kept', () => {
    project = coordinated();
    grow();
    const file = stateFile(project.home);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('priority: P1', 'priority: banana'));
    const read = readState(project.home);
    const line = text.slice(0, text.indexOf('priority: P1')).split('\n').length;
    expect(read).toMatchObject({ done: false, problem: { code: 'document-corrupt', line } });
  });

  test.each(['', '{', '[]', '{"inner": 1}', 'null'])(
    'with %j in the place of what was kept is read anew',
    (kept) => {
      project = coordinated();
      grow();
      writeFileSync(twin(), kept);
      expect(stateOf(project)).toEqual(asWritten());
      rmSync(join(twin(), '..'), { recursive: true });
      expect(stateOf(project)).toEqual(asWritten());
    },
  );

  test('is checked also when it comes from what was kept', () => {
    project = coordinated();
    grow();
    const kept = JSON.parse(readFileSync(twin(), 'utf8')) as { data: { todo: unknown } };
    writeFileSync(twin(), JSON.stringify({ ...kept, data: { ...kept.data, todo: 7 } }));
    // Another process: this one remembers what it read.
    const run = project.coord(['status']);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('todo') });
  });
});
