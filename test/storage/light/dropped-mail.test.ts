import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  claim,
  type DroppedFile,
  mayHaveDropped,
  routeEach,
} from '../../../src/storage/light/dropped-mail.ts';
import { home, put } from '../scratch.ts';

let folder: string;
let inbox: string;
beforeEach(() => {
  folder = home();
  inbox = join(folder, '.coordination/inbox');
  mkdirSync(inbox);
});

const drop = (name: string, text = '{}') => put(folder, `.coordination/inbox/${name}`, text);

function route(body: (file: DroppedFile) => void = () => undefined): string[] {
  const seen: string[] = [];
  routeEach(folder, (file) => {
    seen.push(file.name);
    body(file);
  });
  return seen;
}

/** As it would be some time later, which a folder that was just changed is not. */
function settle(): void {
  const long = Date.now() / 1_000 - 60 + Math.random();
  utimesSync(inbox, long, long);
}

describe('whether anything may have been dropped', () => {
  test('is no as soon as somebody found nothing, and yes when something comes', () => {
    for (let times = 0; times < 50; times += 1) {
      settle();
      expect(mayHaveDropped(folder)).toBe(true);
      route();
      expect(mayHaveDropped(folder)).toBe(false);
    }
    drop('a.json');
    expect(mayHaveDropped(folder)).toBe(true);
    route();
    expect(mayHaveDropped(folder), 'it still lies there').toBe(true);
  });

  test('is yes while the folder is so young that its time may not tell', () => {
    drop('a.json');
    route((file) => rmSync(file.path));
    route();
    expect(mayHaveDropped(folder)).toBe(true);
  });

  test('is no where there is no inbox', () => {
    rmSync(inbox, { recursive: true });
    expect(mayHaveDropped(folder)).toBe(false);
    expect(route()).toEqual([]);
  });
});

describe('what is routed', () => {
  test('are files named .json, by name; no folder, hidden or other file', () => {
    for (const name of ['b.json', 'a.JSON', 'c.json']) drop(name);
    for (const name of ['.hidden.json', 'note.txt', 'a.json.tmp', 'a.json~', '.tmp-1-2-3', 'json'])
      drop(name);
    mkdirSync(join(inbox, 'worker-a.json'));
    drop('worker-01/x.json');
    expect(route()).toEqual(['a.JSON', 'b.json', 'c.json']);
    expect(readdirSync(inbox)).toHaveLength(11);
  });

  test('and links, of which the body is told; a broken one too', () => {
    symlinkSync(drop('real.json'), join(inbox, 'link.json'));
    symlinkSync('/nowhere', join(inbox, 'broken.json'));
    const plain: Record<string, boolean> = {};
    route((file) => {
      plain[file.name] = file.isPlain;
    });
    expect(plain).toEqual({ 'broken.json': false, 'link.json': false, 'real.json': true });
  });

  test('is not starved by thousands of folders of agents', () => {
    for (let at = 0; at < 1_500; at += 1) mkdirSync(join(inbox, `worker-${at}`));
    drop('zz.json');
    expect(route()).toEqual(['zz.json']);
  });

  test('is so much at a time, and all of it in the end', () => {
    for (let at = 0; at < 450; at += 1) drop(`${String(at).padStart(4, '0')}.json`);
    const rounds = [1, 2, 3].map(() => route((file) => rmSync(file.path)).length);
    expect(rounds).toEqual([200, 200, 50]);
  });

  test('one that its writer took away meanwhile keeps none of the others', () => {
    for (const name of ['a.json', 'b.json', 'c.json']) drop(name);
    const seen = route((file) => {
      if (file.name === 'a.json') rmSync(join(inbox, 'b.json'));
      readFileSync(file.path);
    });
    expect(seen).toEqual(['a.json', 'b.json', 'c.json']);
  });

  test('one that cannot be read keeps none of the others; a bug is a bug', () => {
    for (const name of ['a.json', 'b.json']) drop(name);
    const denied = Object.assign(new Error('denied'), { code: 'EACCES' });
    expect(
      route((file) => {
        if (file.name === 'a.json') throw denied;
      }),
    ).toEqual(['a.json', 'b.json']);
    expect(() =>
      route(() => {
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
  });
});

describe('claiming', () => {
  test('takes the file from under its name, so that its writer writes another', () => {
    drop('a.json', 'first');
    route((file) => {
      const claimed = claim(folder, file);
      drop('a.json', 'second');
      expect(readFileSync(claimed?.path ?? '', 'utf8')).toBe('first');
      expect(claimed).toMatchObject({ name: 'a.json', isClaimed: true });
    });
    expect(readFileSync(join(inbox, 'a.json'), 'utf8')).toBe('second');
  });

  test('what a router left that died comes first, and is not overwritten by another of its name', () => {
    drop('.routing/a.json', 'first');
    drop('a.json', 'second');
    const seen: [string, boolean][] = [];
    route((file) => {
      seen.push([file.name, file.isClaimed]);
      // The first time nothing is done with it: it cannot be, just now.
      if (!file.isClaimed) expect(claim(folder, file)).toBeUndefined();
    });
    expect(seen).toEqual([
      ['a.json', true],
      ['a.json', false],
    ]);
    expect(readFileSync(join(inbox, '.routing/a.json'), 'utf8')).toBe('first');
    route((file) => rmSync(claim(folder, file)?.path ?? ''));
    expect([readdirSync(join(inbox, '.routing')), existsSync(join(inbox, 'a.json'))]).toEqual([[], false]);
  });

  test('keeps the file’s own time', () => {
    const file = drop('a.json');
    utimesSync(file, 1_000, 1_000);
    route((one) => expect(claim(folder, one)?.modifiedAtMs).toBe(1_000_000));
    expect(lstatSync(join(inbox, '.routing/a.json')).mtimeMs).toBe(1_000_000);
  });
});
