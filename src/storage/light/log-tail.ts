/**
 * Looks for an id at the end of an append-only log of JSON lines. Asked only when a kill left a message half-way, so
 * what is looked for was written lately: the last bytes are enough, and the size of the log does not matter.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isMissing } from './place.ts';

const TAIL_BYTES = 8 * 1024 * 1024;

/** A line that a kill tore does not count: its id stands at its beginning. */
export function hasLogLine(file: string, id: string): boolean {
  const needle = `"id":${JSON.stringify(id)}`;
  const tail = readTail(file, TAIL_BYTES);
  for (let at = tail.indexOf(needle); at !== -1; at = tail.indexOf(needle, at + 1)) {
    const end = tail.indexOf('\n', at);
    if (end !== -1 && isWhole(tail.slice(tail.lastIndexOf('\n', at) + 1, end))) return true;
  }
  return false;
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The last bytes of a file as text; '' when it is not there. */
export function readTail(file: string, bytes: number): string {
  return readBytes(file, (size) => ({ from: Math.max(0, size - bytes), length: Math.min(size, bytes) }));
}

/** So many bytes of a file from a place on; what it has of them, '' when it is not there. */
export function readPart(file: string, from: number, bytes: number): string {
  return readBytes(file, (size) => ({ from, length: Math.max(0, Math.min(size - from, bytes)) }));
}

function readBytes(file: string, choose: (size: number) => { from: number; length: number }): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
  try {
    const { from, length } = choose(fstatSync(descriptor).size);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = readSync(descriptor, buffer, read, length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}
