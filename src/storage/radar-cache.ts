/**
 * What git answered about pairs of commits, remembered: `.coordination/queue/radar/answers.jsonl`, one answer a line.
 * An answer holds for its two commits for good, so nothing in here grows wrong; what is lost is asked again. Hence
 * nothing is durable, a line that is torn or no answer is left out, and any number of processes append at once. Past
 * its bound the file is written anew with what the caller still looks at.
 */
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ANSWER_FILES_MAX, type Answer } from '../domain/radar.ts';
import { isErrno, listNames, makeFolder, writeAtomic } from './light/files.ts';
import { readTail } from './light/log-tail.ts';
import { sweepTemporaries } from './light/process.ts';
import { coordinationPath } from './light/roster.ts';

const BYTES_MAX = 2 * 1024 * 1024;
const NAME_CHARS_MAX = 4_096;
const COMMIT = /^[0-9a-f]{40,64}$/;

/** `slow`: git did not answer in the time that somebody in passing has; only `coord merge radar` waits longer. */
export type Remembered = Answer | { readonly isSlow: true };

interface Line {
  readonly ours: string;
  readonly theirs: string;
  readonly files?: readonly string[];
  readonly count?: number;
  readonly unrelated?: true;
  readonly slow?: true;
}

function cacheFile(home: string): string {
  return coordinationPath(home, 'queue', 'radar', 'answers.jsonl');
}

/** All that is remembered, by `<ours> <theirs>`; a later line of a pair counts. */
export function readAnswers(home: string): Map<string, Remembered> {
  const found = new Map<string, Remembered>();
  for (const text of readLines(home)) {
    const line = parseLine(text);
    if (line) found.set(`${line.ours} ${line.theirs}`, rememberedIn(line));
  }
  return found;
}

function readLines(home: string): string[] {
  try {
    return readTail(cacheFile(home), 2 * BYTES_MAX).split('\n');
  } catch (error) {
    // Not a file, or not ours to read: nothing is remembered then.
    if (isErrno(error, 'EISDIR', 'EACCES', 'EPERM', 'EIO')) return [];
    throw error;
  }
}

function rememberedIn({ files = [], count, unrelated, slow }: Line): Remembered {
  if (slow) return { isSlow: true };
  return { files, count: count ?? files.length, ...(unrelated ? { isUnrelated: true } : {}) };
}

function parseLine(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text) as Partial<Line>;
    const { ours, theirs, files = [], count = files.length } = line;
    const isWhole =
      [ours, theirs].every((commit) => typeof commit === 'string' && COMMIT.test(commit)) &&
      Array.isArray(files) &&
      files.length <= ANSWER_FILES_MAX &&
      files.every((file) => typeof file === 'string' && file.length <= NAME_CHARS_MAX) &&
      Number.isInteger(count) &&
      count >= files.length;
    return isWhole ? (line as Line) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Adds answers by `<ours> <theirs>`. `looked` are the pairs of this look: what is kept when the file has grown too
 * long. Where nothing can be written nothing is remembered, and that is no error: it is asked again.
 */
export function rememberAnswers(
  home: string,
  fresh: ReadonlyMap<string, Remembered>,
  looked: () => ReadonlyMap<string, Remembered>,
): void {
  if (fresh.size === 0) return;
  const file = cacheFile(home);
  try {
    makeFolder(join(file, '..'), { durable: false });
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > BYTES_MAX) {
      sweepTemporaries(join(file, '..'), listNames(join(file, '..')), Date.now());
      writeAtomic(file, printLines(looked()), { durable: false });
    }
    // Begun with a line end: behind a torn line it starts anew.
    else appendFileSync(file, `\n${printLines(fresh)}`);
  } catch (error) {
    if (
      !isErrno(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EISDIR', 'ENOTDIR', 'EEXIST')
    )
      throw error;
  }
}

function printLines(answers: ReadonlyMap<string, Remembered>): string {
  return [...answers].map(([key, answer]) => `${JSON.stringify(lineOf(key, answer))}\n`).join('');
}

function lineOf(key: string, answer: Remembered): Line {
  const [ours = '', theirs = ''] = key.split(' ');
  if ('isSlow' in answer) return { ours, theirs, slow: true };
  const { files, count, isUnrelated } = answer;
  const told = count === 0 ? {} : { files, count };
  return { ours, theirs, ...told, ...(isUnrelated ? { unrelated: true } : {}) };
}
