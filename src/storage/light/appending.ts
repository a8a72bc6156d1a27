/**
 * Appending to a log of lines. Order: one write() with O_APPEND | fsync. A kill or a full disk inside it leaves a torn
 * tail with no newline; the next append starts with one, so the torn piece is a line of its own. Readers skip empty
 * lines and lines that do not parse.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder, type Writing } from './files.ts';

const APPEND_TRIES_MAX = 3;

/**
 * Appends one line in one write, so that lines of several processes never mix, and reads it back: after a
 * short write, or when a neighbour was killed inside its own write just before ours (a kill cuts a write at a
 * page), the line stands glued to a torn piece. It is then written again, whole, on a line of its own. Answers the
 * file's size in bytes.
 */
export function appendLine(path: string, line: string, options: Writing): number {
  if (/[\r\n]/.test(line)) throw new Error('a line has no line breaks');
  const fd = openSync(path, 'a+', options.mode ?? 0o666);
  let isNew = false;
  let bytesAfter = 0;
  try {
    for (let tries = 1; ; tries += 1) {
      const size = fstatSync(fd).size;
      isNew ||= size === 0;
      const start = size === 0 || textFrom(fd, size - 1, size) === '\n' ? '' : '\n';
      const bytes = Buffer.from(`${start}${line}\n`);
      const isWhole = writeSync(fd, bytes) === bytes.length;
      bytesAfter = fstatSync(fd).size;
      if (isWhole && `\n${textFrom(fd, size, bytesAfter)}`.includes(`\n${line}\n`)) break;
      if (tries === APPEND_TRIES_MAX) throw new Error(`${path}: a line was torn ${tries} times in a row`);
    }
    if (options.durable) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  if (isNew && options.durable) syncFolder(dirname(path));
  return bytesAfter;
}

function textFrom(fd: number, from: number, to: number): string {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, from));
}
