/**
 * Looks for an id at the end of an append-only log of JSON lines. Asked only when a kill left a message half-way, so
 * what is looked for was written lately: the last bytes are enough, and the size of the log does not matter.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isMissing } from './place.ts';

const TAIL_BYTES = 8 * 1024 * 1024;

export function hasLogLine(file: string, id: string): boolean {
  return readTail(file, TAIL_BYTES).includes(`"id":${JSON.stringify(id)}`);
}

/** The last bytes of a file as text; '' when it is not there. */
export function readTail(file: string, bytes: number): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    const length = Math.min(size, bytes);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = readSync(descriptor, buffer, read, length - read, size - length + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}
