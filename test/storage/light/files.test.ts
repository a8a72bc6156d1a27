import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendLine } from '../../../src/storage/light/appending.ts';
import {
  createExclusive,
  isErrno,
  listNames,
  makeFolder,
  readTextIfThere,
  removeIfThere,
  writeAtomic,
} from '../../../src/storage/light/files.ts';
import { bundleFixture } from '../../kit/die-at.ts';
import { callsDuring, errno, failing, real, replace, restore } from './faults.ts';

const quick = { durable: false };
let root = '';

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'coord-files-'));
});
afterEach(() => {
  restore();
  fs.rmSync(root, { recursive: true, force: true });
});

describe('writeAtomic', () => {
  test('replaces the content and leaves nothing beside it', () => {
    const file = join(root, 'a');
    writeAtomic(file, 'one', quick);
    writeAtomic(file, 'zwölf', { durable: true });
    expect(readTextIfThere(file)).toBe('zwölf');
    expect(fs.readdirSync(root)).toEqual(['a']);
  });

  test('syncs the file before the rename and the folder after it, when durable; never else', () => {
    const names = ['writeSync', 'fsyncSync', 'renameSync'] as const;
    const write = (durable: boolean) =>
      callsDuring(() => writeAtomic(join(root, 'a'), 'x', { durable }), [...names]);
    expect(write(true)).toEqual(['writeSync', 'fsyncSync', 'renameSync', 'fsyncSync']);
    expect(write(false)).toEqual(['writeSync', 'renameSync']);
  });

  test('a short write is carried on', () => {
    const one = (fd: number, bytes: Uint8Array, at: number) => real.writeSync(fd, bytes, at, 1);
    replace({ writeSync: one as typeof fs.writeSync });
    writeAtomic(join(root, 'a'), 'whole', quick);
    expect(readTextIfThere(join(root, 'a'))).toBe('whole');
  });

  test('on a full disk the old content stands, the temporary is gone and the error is told', () => {
    writeAtomic(join(root, 'a'), 'old', quick);
    replace({
      writeSync: failing('ENOSPC'),
    });
    expect(() => writeAtomic(join(root, 'a'), 'new', quick)).toThrow('ENOSPC');
    restore();
    expect(readTextIfThere(join(root, 'a'))).toBe('old');
    expect(fs.readdirSync(root)).toEqual(['a']);
  });

  test('takes the mode that it is told', () => {
    writeAtomic(join(root, 'a'), 'x', { durable: false, mode: 0o600 });
    expect(fs.statSync(join(root, 'a')).mode & 0o777).toBe(0o600);
  });

  test('temporaries of several threads in one process never share a name', async () => {
    const bundle = await bundleFixture(
      fileURLToPath(new URL('../../../src/storage/light/files.ts', import.meta.url)),
    );
    const file = JSON.stringify(join(root, 'a'));
    const body = `const { writeAtomic } = require(${JSON.stringify(bundle)});
      for (let n = 0; n < 200; n += 1) writeAtomic(${file}, 'x', { durable: false });`;
    const workers = [1, 2, 3].map(() => new Worker(body, { eval: true }));
    const codes = await Promise.all(
      workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(fs.readdirSync(root)).toEqual(['a']);
  });
});

describe('createExclusive', () => {
  test('the first wins, the second is told so, and the content is the first one’s', () => {
    expect(createExclusive(join(root, 'a'), 'first', { durable: true })).toBe(true);
    expect(createExclusive(join(root, 'a'), 'second', { durable: true })).toBe(false);
    expect(readTextIfThere(join(root, 'a'))).toBe('first');
    expect(fs.readdirSync(root)).toEqual(['a']);
  });

  test('is complete and has its time before it is visible', () => {
    const file = join(root, 'a');
    const seen: unknown[] = [];
    const look = ((from: string, to: string) => {
      seen.push(readTextIfThere(to), readTextIfThere(from), fs.statSync(from).mtimeMs);
      real.linkSync(from, to);
    }) as typeof fs.linkSync;
    replace({ linkSync: look });
    createExclusive(file, 'whole', { durable: false, modifiedAt: 1_600_000_000_000 });
    expect(seen).toEqual([undefined, 'whole', 1_600_000_000_000]);
  });

  test.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'])(
    'without hard links (%s) there is still one winner',
    (code) => {
      replace({
        linkSync: failing(code),
      });
      expect(createExclusive(join(root, 'a'), 'first', { durable: true })).toBe(true);
      expect(createExclusive(join(root, 'a'), 'second', { durable: true })).toBe(false);
      expect(readTextIfThere(join(root, 'a'))).toBe('first');
      expect(fs.readdirSync(root)).toEqual(['a']);
    },
  );

  test('an unexpected error is thrown, and no temporary stays', () => {
    replace({
      linkSync: failing('EIO'),
    });
    expect(() => createExclusive(join(root, 'a'), 'x', quick)).toThrow('EIO');
    expect(fs.readdirSync(root)).toEqual([]);
  });
});

describe('appendLine', () => {
  test('writes a line in one write', () => {
    const calls = callsDuring(
      () => appendLine(join(root, 'log'), '{"id":1}', quick),
      ['writeSync', 'fsyncSync'],
    );
    expect(calls).toEqual(['writeSync']);
    appendLine(join(root, 'log'), '{"id":2}', { durable: true });
    expect(readTextIfThere(join(root, 'log'))).toBe('{"id":1}\n{"id":2}\n');
  });

  test('a torn tail becomes a line of its own', () => {
    fs.writeFileSync(join(root, 'log'), '{"id":1}\n{"id"');
    appendLine(join(root, 'log'), '{"id":2}', quick);
    expect(readTextIfThere(join(root, 'log'))).toBe('{"id":1}\n{"id"\n{"id":2}\n');
  });

  test('after a short write the line stands whole on a line of its own', () => {
    let writes = 0;
    const shortOnce = ((fd: number, bytes: Uint8Array) => {
      writes += 1;
      return real.writeSync(fd, bytes, 0, writes === 1 ? 4 : bytes.length);
    }) as typeof fs.writeSync;
    replace({ writeSync: shortOnce });
    appendLine(join(root, 'log'), '{"id":1}', quick);
    expect(readTextIfThere(join(root, 'log'))).toBe('{"id\n{"id":1}\n');
  });

  test('a neighbour that is torn between our look and our write does not swallow our line', () => {
    fs.writeFileSync(join(root, 'log'), '{"id":1}\n');
    let writes = 0;
    const afterTornNeighbour = ((fd: number, bytes: Uint8Array) => {
      writes += 1;
      if (writes === 1) fs.appendFileSync(join(root, 'log'), '{"id":2,"te');
      return real.writeSync(fd, bytes);
    }) as typeof fs.writeSync;
    replace({ writeSync: afterTornNeighbour });
    appendLine(join(root, 'log'), '{"id":3}', quick);
    expect(readTextIfThere(join(root, 'log'))?.split('\n')).toContain('{"id":3}');
  });

  test('a line that stays torn is an error, not a silence', () => {
    replace({ writeSync: (() => 1) as unknown as typeof fs.writeSync });
    expect(() => appendLine(join(root, 'log'), '{"id":1}', quick)).toThrow('torn');
  });

  test.each(['a\nb', 'a\r'])('refuses %j, which is not a line', (line) => {
    expect(() => appendLine(join(root, 'log'), line, quick)).toThrow('line');
    expect(fs.readdirSync(root)).toEqual([]);
  });
});

describe('what may not be there', () => {
  test('reading, removing and listing say so; other errors are thrown', () => {
    fs.writeFileSync(join(root, 'file'), 'x');
    expect(readTextIfThere(join(root, 'none'))).toBeUndefined();
    expect(readTextIfThere(join(root, 'file', 'below'))).toBeUndefined();
    expect(removeIfThere(join(root, 'none'))).toBe(false);
    expect(removeIfThere(join(root, 'file'))).toBe(true);
    expect(listNames(join(root, 'none'))).toEqual([]);
    expect(listNames(join(root, 'none'), 3)).toEqual([]);
    expect(() => readTextIfThere(root)).toThrow('EISDIR');
    expect(() => writeAtomic(join(root, 'none', 'a'), 'x', quick)).toThrow('ENOENT');
  });

  test('a listing is bounded', () => {
    for (let at = 0; at < 20; at += 1) fs.writeFileSync(join(root, String(at)), '');
    expect(listNames(root)).toHaveLength(20);
    expect(listNames(root, 7)).toHaveLength(7);
    expect(listNames(root, 99)).toHaveLength(20);
  });

  test('a folder is made with its parents, and each new name is synced', () => {
    const made = callsDuring(() => makeFolder(join(root, 'a', 'b', 'c')), ['fsyncSync']);
    expect(made).toHaveLength(3);
    expect(callsDuring(() => makeFolder(join(root, 'a', 'b', 'c')), ['fsyncSync'])).toEqual([]);
    expect(fs.statSync(join(root, 'a', 'b', 'c')).isDirectory()).toBe(true);
  });
});

test('isErrno tells the expected codes from all else', () => {
  expect(isErrno(errno('ENOENT'), 'ENOENT', 'EPERM')).toBe(true);
  expect(isErrno(errno('EIO'), 'ENOENT')).toBe(false);
  expect(isErrno(new Error('ENOENT'), 'ENOENT')).toBe(false);
  expect(isErrno(undefined, 'ENOENT')).toBe(false);
});
