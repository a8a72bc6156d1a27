import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addPhase, emptyState, type StateDocument } from '../../src/domain/state-document.ts';
import type { StatusDocument } from '../../src/domain/status-document.ts';
import {
  goodCopy,
  readState,
  readStatus,
  type StatusPlace,
  stateFile,
  statusFile,
} from '../../src/storage/document-kinds.ts';
import { rebuildDocument, restoreStatus } from '../../src/storage/document-rescue.ts';
import { changeState, changeStatus, createState, createStatus } from '../../src/storage/documents.ts';
import { readRecord } from '../../src/storage/light/roster.ts';
import { DEAD, home, put, scratch } from './scratch.ts';

const AT = '2026-01-02T03:04:05.678Z';

function status(change: Partial<StatusDocument> = {}): StatusDocument {
  return {
    coord: 'status/1',
    revision: 0,
    phase: '01',
    name: 'Api: part 1',
    worker: 'worker-01',
    branch: 'coord/01-api',
    updated: AT,
    plans: [
      {
        id: '01-01',
        title: 'First',
        state: 'not_started',
        tasks: [{ id: '1', title: 'Look', state: 'complete' }],
      },
    ],
    blockers: [],
    decisions: [],
    milestones: [],
    ...change,
  };
}

function withState(): { folder: string; file: string } {
  const folder = home();
  const state = addPhase(emptyState('demo', AT), {
    id: '1',
    name: 'Api',
    plans: [{ id: '1-1', title: 'First' }],
    scope: [],
    depends: [],
  });
  if ('code' in state) throw new Error(state.code);
  expect(createState(folder, state)).toEqual({ done: true, value: 'created' });
  return { folder, file: stateFile(folder) };
}

function withStatus(): { place: StatusPlace; file: string } {
  const place = { home: home(), root: scratch(), folder: '01-api' };
  expect(createStatus(place, status())).toEqual({ done: true, value: 'created' });
  return { place, file: statusFile(place.root, place.folder) };
}

const rename = (name: string) => (document: StateDocument) => ({
  done: true as const,
  document: { ...document, project: name },
  value: name,
});
const read = (file: string) => readFileSync(file, 'utf8');
const edit = (file: string, change: (text: string) => string) => writeFileSync(file, change(read(file)));
const value = <T>(outcome: { done: true; value: T } | { done: false; problem: unknown }): T => {
  if (!outcome.done) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
};

describe('a change', () => {
  test('raises the revision by one, and the good copy with it', () => {
    const { folder } = withState();
    for (const revision of [1, 2, 3]) {
      expect(value(changeState(folder, rename(`name ${revision}`))).document.revision).toBe(revision);
      expect(value(readState(folder)).document).toMatchObject({ revision, project: `name ${revision}` });
      expect(readRecord(goodCopy(folder, 'STATE'))).toMatchObject({ revision, project: `name ${revision}` });
    }
  });

  test('that changes nothing writes nothing', () => {
    const { folder, file } = withState();
    const before = read(file);
    const same = changeState(folder, (document) => ({ done: true, document, value: 'same' }));
    expect(value(same)).toMatchObject({ value: 'same', document: { revision: 0 } });
    expect(read(file)).toBe(before);
  });

  test('that is refused writes nothing', () => {
    const { folder, file } = withState();
    const before = read(file);
    const problem = { code: 'phase-unknown' };
    expect(changeState(folder, () => ({ done: false, problem }))).toEqual({ done: false, problem });
    expect(read(file)).toBe(before);
  });

  test('shows in the body, beside what people wrote', () => {
    const { place, file } = withStatus();
    edit(
      file,
      (text) =>
        `${text.replace('revision: 0', 'revision: 0 # counted\nours: [1, 2]')}\n## My notes\n\nkeep *this*  \n`,
    );
    value(
      changeStatus(place, (document) => ({
        done: true,
        document: {
          ...document,
          plans: document.plans.map((plan) => ({ ...plan, state: 'complete' as const })),
        },
        value: 0,
      })),
    );
    expect(read(file)).toContain('**01-01** complete First');
    expect(read(file)).toContain('\n## My notes\n\nkeep *this*  \n');
    expect(value(readStatus(place)).document).toMatchObject({ revision: 1, ours: [1, 2] });
  });

  test('that throws leaves the document, and the next one is not kept waiting', () => {
    const { folder, file } = withState();
    const before = read(file);
    const broken = () =>
      changeState(folder, () => {
        throw new Error('a bug');
      });
    expect(broken).toThrow('a bug');
    expect(read(file)).toBe(before);
    expect(value(changeState(folder, rename('next'))).document.revision).toBe(1);
  });

  test('leaves no temporary, and sweeps those of the dead', () => {
    const { folder, file } = withState();
    const left = put(dirname(file), `.tmp-${DEAD.pid}-mwqydjlq-1`);
    utimesSync(left, 1, 1);
    value(changeState(folder, rename('swept')));
    expect(readdirSync(dirname(file))).toEqual(['STATE.md']);
  });
});

describe('a hand edit between read and write', () => {
  test('is not lost: the change is made again on what is there then', () => {
    const { folder, file } = withState();
    let turns = 0;
    const changed = changeState(folder, (document) => {
      turns += 1;
      if (turns === 1)
        edit(file, (text) => `${text.replace('revision: 0', 'revision: 0\nnote: by hand')}\n## By hand\n`);
      return { done: true, document: { ...document, project: 'renamed' }, value: turns };
    });
    expect(value(changed).value).toBe(2);
    expect(value(readState(folder)).document).toMatchObject({
      project: 'renamed',
      note: 'by hand',
      revision: 1,
    });
    expect(read(file)).toContain('## By hand');
  });

  test('that never ends is told as such, and stays', () => {
    const { folder, file } = withState();
    let turns = 0;
    const changed = changeState(folder, (document) => {
      turns += 1;
      appendFileSync(file, `\n## Edit ${turns}\n`);
      return { done: true, document: { ...document, project: 'renamed' }, value: turns };
    });
    expect(changed).toMatchObject({ done: false, problem: { code: 'document-moved', file } });
    expect(read(file)).toContain(`## Edit ${turns}\n`);
    expect(value(readState(folder)).document.project).toBe('demo');
  });

  test('that breaks the document is refused and stays', () => {
    const { folder, file } = withState();
    const changed = changeState(folder, (document) => {
      writeFileSync(file, '---\nbroken: [\n---\n');
      return { done: true, document: { ...document, project: 'renamed' }, value: 0 };
    });
    expect(changed).toMatchObject({ done: false, problem: { code: 'document-corrupt' } });
    expect(read(file)).toBe('---\nbroken: [\n---\n');
  });
});

describe('a document that is not good is refused with its line and left untouched', () => {
  type Row = [string, (text: string) => string | Uint8Array, object];
  const line = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;
  const rows: Row[] = [
    ['an empty file', () => '', { code: 'document-corrupt', line: 1 }],
    ['a body alone', () => '# Project state\n', { code: 'document-corrupt', line: 1 }],
    [
      'a missing close',
      (text) => text.replace('\n---\n', '\n'),
      { code: 'document-corrupt', detail: expect.stringContaining('closing') },
    ],
    [
      'another language',
      (text) => text.replace('---', '---js'),
      { code: 'document-language', language: 'js' },
    ],
    ['broken YAML', (text) => text.replace('revision: 0', 'revision: [0'), { code: 'document-corrupt' }],
    [
      'conflict marks of a merge',
      (text) => text.replace('revision: 0', '<<<<<<< HEAD\nrevision: 0\n=======\nrevision: 1\n>>>>>>> b'),
      { code: 'document-corrupt' },
    ],
    ['an older kind', (text) => text.replace('status/1', 'status/0'), { code: 'document-corrupt', line: 2 }],
    [
      'the revision as text',
      (text) => text.replace('revision: 0', 'revision: zero'),
      { code: 'document-corrupt', line: 3 },
    ],
    [
      'a revision below nought',
      (text) => text.replace('revision: 0', 'revision: -1'),
      { code: 'document-corrupt', line: 3 },
    ],
    [
      'a revision that is no whole number',
      (text) => text.replace('revision: 0', 'revision: 1.5'),
      { code: 'document-corrupt', line: 3 },
    ],
    [
      'no revision',
      (text) => text.replace('revision: 0\n', ''),
      { code: 'document-corrupt', detail: expect.stringContaining('revision') },
    ],
    [
      'the state word banana',
      (text) => text.replace('state: not_started', 'state: banana'),
      { code: 'document-corrupt', detail: expect.stringContaining('plans.0.state') },
    ],
    [
      'a task in the state banana',
      (text) => text.replace('state: complete', 'state: banana'),
      { code: 'document-corrupt', detail: expect.stringContaining('plans.0.tasks.0.state') },
    ],
    [
      'a state in capitals',
      (text) => text.replace('state: not_started', 'state: Not_started'),
      { code: 'document-corrupt' },
    ],
    [
      'plans that are no list',
      (text) => text.replace(/plans:\n(?: .*\n)+/, 'plans: some\n'),
      { code: 'document-corrupt', detail: expect.stringContaining('plans') },
    ],
    [
      'an id that leaves the folder',
      (text) => text.replace('id: 01-01', 'id: ../x'),
      { code: 'document-corrupt', detail: expect.stringContaining('plans.0.id') },
    ],
  ];
  test.each(rows)('%s', (_name, spoil, expected) => {
    const { place, file } = withStatus();
    const spoilt = spoil(read(file));
    expect(spoilt).not.toBe(read(file));
    writeFileSync(file, spoilt);
    const problem = expect.objectContaining({ file, ...expected });
    expect(readStatus(place)).toEqual({ done: false, problem });
    const changed = changeStatus(place, (document) => ({
      done: true,
      document: { ...document, name: 'x' },
      value: 0,
    }));
    expect(changed).toEqual({ done: false, problem });
    expect(createStatus(place, status({ name: 'new' }))).not.toMatchObject({ value: 'created' });
    if (typeof spoilt === 'string' && spoilt.includes('coord: status')) expect(read(file)).toBe(spoilt);
  });

  test.each(['not_started', 'complete'])('a state word `banana` for %s is told with its own line', (word) => {
    const { place, file } = withStatus();
    edit(file, (text) => text.replace(`state: ${word}`, 'state: banana'));
    const expected = line(read(file), 'banana');
    expect(readStatus(place)).toMatchObject({ problem: { line: expected } });
  });

  test('bytes that are not UTF-8 are told with their line', () => {
    const { place, file } = withStatus();
    const text = read(file).replace('First', 'Fir\u0000st');
    const bytes = Buffer.from(text);
    bytes[bytes.indexOf(0)] = 0xff;
    writeFileSync(file, bytes);
    const problem = {
      code: 'document-corrupt',
      file,
      line: line(text, 'Fir\u0000st'),
      detail: expect.stringContaining('UTF-8'),
    };
    expect(readStatus(place)).toEqual({ done: false, problem });
    expect(
      changeStatus(place, (document) => ({ done: true, document: { ...document, name: 'x' }, value: 0 })),
    ).toEqual({ done: false, problem });
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('a replacement character that somebody wrote is text like any other', () => {
    const { place, file } = withStatus();
    appendFileSync(file, '\n## Mine\n\n\ufffd\n');
    expect(readStatus(place).done).toBe(true);
  });

  test('two plans with one id, also when the case differs', () => {
    const { place, file } = withStatus();
    const twin = { id: 'A', title: 'x', state: 'not_started' as const, tasks: [] };
    rmSync(file);
    createStatus(place, status({ plans: [twin, { ...twin, id: 'a' }] }));
    expect(readStatus(place)).toMatchObject({
      problem: { detail: expect.stringContaining('two plans') },
    });
  });

  test('a file that is not there is missing, and no change creates it', () => {
    const folder = home();
    const problem = { code: 'document-missing', file: stateFile(folder) };
    expect(readState(folder)).toEqual({ done: false, problem });
    expect(changeState(folder, rename('x'))).toEqual({ done: false, problem });
    expect(existsSync(stateFile(folder))).toBe(false);
  });
});

describe('creating', () => {
  test('leaves a document of coord as it is', () => {
    const { folder, file } = withState();
    edit(file, (text) => `${text}\n## Mine\n`);
    const before = read(file);
    expect(createState(folder, emptyState('other', AT))).toEqual({ done: true, value: 'there' });
    expect(read(file)).toBe(before);
  });

  test('refuses a corrupt document of coord and leaves it', () => {
    const { folder, file } = withState();
    edit(file, (text) => text.replace('revision: 0', 'revision: many'));
    const before = read(file);
    expect(createState(folder, emptyState('other', AT))).toMatchObject({
      problem: { code: 'document-corrupt', line: 3 },
    });
    expect(read(file)).toBe(before);
  });

  const foreign: [string, string][] = [
    [
      'without front matter',
      '# State\n\nWe are at **step 3**.\n\n## Phases\n\n1. one\n2. two\n\n## Blockers\n\nnone yet\n',
    ],
    ['without headings', 'just a line\nand another\n'],
    [
      'with front matter',
      '---\n# by another tool\ngsd_state_version: 1.0\nstatus: executing # now\n---\n\n# State\n\n## Current Position\n\nPhase 3 of 5\n',
    ],
    ['with comments alone in its front matter', '---\n# nothing set\n---\n# State\n'],
    ['with CRLF', '---\r\nstatus: x\r\n---\r\n\r\n# State\r\n\r\n## Decisions\r\n\r\n- one\r\n'],
    ['with a BOM', '\ufeff# State\n\n## Notes\n\nx\n'],
    ['with a line of dashes first', '-----\n\n# State\n\nx\n'],
    ['with an unclosed code block', '# State\n\n```\n## Phases\nopen\n'],
    ['with keys that coord has too', '---\nproject: theirs\nphases: 12\nupdated: today\n---\n# State\n\nx\n'],
  ];
  test.each(foreign)("takes in somebody else's STATE.md %s and keeps every line", (_name, text) => {
    const folder = home();
    put(folder, '.planning/STATE.md', text);
    expect(createState(folder, emptyState('demo', AT))).toEqual({ done: true, value: 'adopted' });
    const adopted = read(stateFile(folder)).split(/\r?\n/);
    const overwritten = /^(project|phases|updated):/;
    for (const line of text
      .replace('\ufeff', '')
      .split(/\r?\n/)
      .filter((part) => part.trim() !== '' && !overwritten.test(part))) {
      expect(
        adopted.some((other) => other.trim() === line.trim()),
        line,
      ).toBe(true);
    }
    expect(value(readState(folder)).document).toMatchObject({
      coord: 'state/1',
      project: 'demo',
      phases: [],
      revision: 0,
    });
    value(changeState(folder, rename('later')));
    for (const line of text
      .replace('\ufeff', '')
      .split(/\r?\n/)
      .filter((part) => part.trim() !== '' && !overwritten.test(part))) {
      expect(read(stateFile(folder))).toContain(line.trim());
    }
  });

  test.each(['---js\n{a: 1}\n---\n', '---\na: [\n---\n', '---\na: 1\n'])(
    "refuses somebody else's STATE.md that cannot be read (%j)",
    (text) => {
      const folder = home();
      put(folder, '.planning/STATE.md', text);
      expect(createState(folder, emptyState('demo', AT)).done).toBe(false);
      expect(read(stateFile(folder))).toBe(text);
    },
  );
});

describe('rebuilding', () => {
  test('sets the corrupt text aside, writes the last good one anew and keeps the sections of people', () => {
    const { folder, file } = withState();
    value(changeState(folder, rename('good name')));
    edit(file, (text) => `${text}\n## My notes\n\nkeep  \n`.replace('revision: 1', 'revision: [1'));
    const corrupt = read(file);
    const rescue = rebuildDocument(folder, { kind: 'state' });
    expect(rescue).toMatchObject({ file, revision: 2 });
    expect(read(rescue?.aside ?? '')).toBe(corrupt);
    expect(dirname(rescue?.aside ?? '')).toBe(dirname(file));
    expect(value(readState(folder)).document).toMatchObject({ project: 'good name', revision: 2 });
    expect(read(file)).toContain('\n## My notes\n\nkeep  \n');
  });

  test('works with bytes that are not UTF-8 and sets the very bytes aside', () => {
    const { folder, file } = withState();
    const bytes = Buffer.concat([readFileSync(file), Buffer.from([0x0a, 0xff, 0xfe, 0x0a])]);
    writeFileSync(file, bytes);
    const rescue = rebuildDocument(folder, { kind: 'state' });
    expect(readFileSync(rescue?.aside ?? '').equals(bytes)).toBe(true);
    expect(readState(folder).done).toBe(true);
  });

  test('writes a document anew that is gone', () => {
    const { place, file } = withStatus();
    rmSync(dirname(file), { recursive: true });
    expect(rebuildDocument(place.home, { kind: 'status', ...place })).toMatchObject({
      file,
      aside: '',
      revision: 1,
    });
    expect(value(readStatus(place)).document.name).toBe('Api: part 1');
  });

  test.each(['', '---', '\0\0\0', '---\na: [\n', '# only a body\n'])(
    'takes any text for corrupt (%j)',
    (text) => {
      const { folder, file } = withState();
      writeFileSync(file, text);
      expect(read(rebuildDocument(folder, { kind: 'state' })?.aside ?? '')).toBe(text);
      expect(readState(folder).done).toBe(true);
    },
  );

  test('leaves a good document alone, and has nothing to start from without a good copy', () => {
    const { folder, file } = withState();
    const before = read(file);
    expect(rebuildDocument(folder, { kind: 'state' })).toBeUndefined();
    expect(read(file)).toBe(before);
    rmSync(goodCopy(folder, 'STATE'));
    writeFileSync(file, 'broken');
    expect(rebuildDocument(folder, { kind: 'state' })).toBeUndefined();
    expect(read(file)).toBe('broken');
  });
});

describe('restoreStatus', () => {
  const bump = (place: StatusPlace, name: string) =>
    value(changeStatus(place, (document) => ({ done: true, document: { ...document, name }, value: 0 })));

  test('brings back a STATUS.md that is behind its good copy, with the sections of the one that is there', () => {
    const { place, file } = withStatus();
    edit(file, (text) => `${text}\n## Mine\n`);
    const old = read(file);
    bump(place, 'two');
    writeFileSync(file, old);
    restoreStatus(place);
    expect(value(readStatus(place)).document).toMatchObject({ name: 'two', revision: 1 });
    expect(read(file)).toContain('\n## Mine\n');
  });

  test('brings back one that is gone with its folder', () => {
    const { place, file } = withStatus();
    rmSync(join(place.root, '.planning'), { recursive: true });
    restoreStatus(place);
    expect(existsSync(file)).toBe(true);
  });

  test('leaves one alone that is as new as the copy, or newer', () => {
    const { place, file } = withStatus();
    edit(file, (text) => text.replace('revision: 0', 'revision: 7').replace('Api: part 1', 'By hand'));
    const before = read(file);
    restoreStatus(place);
    expect(read(file)).toBe(before);
  });

  test('makes nothing where there is no good copy', () => {
    const place = { home: home(), root: scratch(), folder: '01-api' };
    restoreStatus(place);
    expect(readdirSync(place.root)).toEqual([]);
  });

  test('leaves a corrupt one to a person: nothing of it is overwritten', () => {
    const { place, file } = withStatus();
    edit(file, (text) => `${text.replace('revision: 0', 'revision: [')}\n## Mine\n`);
    const before = read(file);
    restoreStatus(place);
    expect(read(file)).toBe(before);
  });
});
