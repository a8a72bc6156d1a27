/** Reads the end of an append-only log of JSON lines, and a part of any file: its size does not matter. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseJson } from '../../domain/json-value.ts';
import { isMissing } from './place.ts';

/** Whether a line of that id stands in the last bytes. One that a kill tore does not count: its id is at its beginning. */
export function hasLine(file: string, id: string, bytes: number): boolean {
  const needle = `"id":${JSON.stringify(id)}`;
  const tail = readTail(file, bytes);
  for (let at = tail.indexOf(needle); at !== -1; at = tail.indexOf(needle, at + 1)) {
    const end = tail.indexOf('\n', at);
    if (end !== -1 && isLineOf(id, tail.slice(tail.lastIndexOf('\n', at) + 1, end))) return true;
  }
  return false;
}

/** The id may also stand in what another message says. */
function isLineOf(id: string, line: string): boolean {
  return (parseJson(line) as { id?: unknown } | null | undefined)?.id === id;
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
  return readBuffer(file, choose).toString('utf8');
}

function readBuffer(file: string, choose: (size: number) => { from: number; length: number }): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
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
    return buffer.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}

const CHUNK_BYTES = 1024 * 1024;

/** Calls back for each line of a file of any size, the last one also where its newline is missing; true then. */
export function eachLine(file: string, visit: (line: string) => void): boolean {
  let left: Buffer = Buffer.alloc(0);
  for (let at = 0; ; ) {
    const chunk = readChunk(file, at);
    if (chunk.length === 0) break;
    at += chunk.length;
    const bytes = Buffer.concat([left, chunk]);
    const end = bytes.lastIndexOf(10) + 1;
    if (end > 0) for (const line of bytes.toString('utf8', 0, end - 1).split('\n')) visit(line);
    left = bytes.subarray(end);
  }
  if (left.length > 0) visit(left.toString('utf8'));
  return left.length > 0;
}

function readChunk(file: string, from: number): Buffer {
  return readBuffer(file, (size) => ({ from, length: Math.max(0, Math.min(size - from, CHUNK_BYTES)) }));
}
