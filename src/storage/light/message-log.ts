/**
 * The log of all messages, one line of JSON each, only ever appended to.
 *
 * `messages.jsonl` is the one that grows. When it has passed LOG_BYTES_MAX it is renamed to
 * `messages-<UTC time>.jsonl`, and the next line begins a new one; who had the old one open goes on writing into it, so
 * no line is lost. Nothing but doctor and `chat` reads more than an end of it, so its size slows nobody.
 */
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { parseJson } from '../../domain/json-value.ts';
import { appendLine } from './appending.ts';
import { listNames, makeFolder, writeAtomic } from './files.ts';
import { hasLine } from './log-tail.ts';
import { withMutex } from './mutex.ts';
import { coordinationPath } from './roster.ts';

export const LOG_FILE = 'messages.jsonl';
const LOG_BYTES_MAX = 64 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024 * 1024;

export function logFile(home: string): string {
  return coordinationPath(home, LOG_FILE);
}

/** The logs that were full, oldest first. */
export function listFullLogs(home: string): string[] {
  return listNames(coordinationPath(home))
    .filter((name) => /^messages-\d{8}-\d{9}\.jsonl$/.test(name))
    .sort()
    .map((name) => coordinationPath(home, name));
}

export function logMessage(home: string, line: string, durable: boolean): void {
  const bytes = appendLine(logFile(home), line, { durable });
  if (bytes > LOG_BYTES_MAX) rotateLog(home);
}

/**
 * Whether a message is in the log. Asked only when a kill left it half-way, so it was written lately: the last bytes
 * are enough, of the log before too where this one is young.
 */
export function isLogged(home: string, id: string): boolean {
  const file = logFile(home);
  if (hasLine(file, id, TAIL_BYTES)) return true;
  const isYoung = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) < TAIL_BYTES;
  const before = isYoung ? listFullLogs(home).at(-1) : undefined;
  return before !== undefined && hasLine(before, id, TAIL_BYTES);
}

/** One of several who find it full renames it; the others find a small one. */
function rotateLog(home: string): void {
  withMutex(coordinationPath(home, 'leases'), 'message-log', () => {
    const file = logFile(home);
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= LOG_BYTES_MAX) return;
    const stamp = new Date()
      .toISOString()
      .replace(/[-:.Z]/g, '')
      .replace('T', '-');
    const full = coordinationPath(home, `messages-${stamp}.jsonl`);
    if (!existsSync(full)) renameSync(file, full);
  });
}

/** True for a line of the log: a JSON object with an id. */
export function isLogLine(line: string): boolean {
  if (!line.startsWith('{') || !line.endsWith('}')) return false;
  return typeof (parseJson(line) as { id?: unknown } | undefined)?.id === 'string';
}

/** What a writer that had the old file open may still need to write its line. */
const LATE_MS = 100;

/**
 * For doctor: takes out of a log what is no line of it (pieces that a crash tore, pretty-printed JSON that somebody
 * appended), and keeps that in `dead/`. Lines that come meanwhile are not lost: the old file is read again when the
 * new one is in its place. Answers where the pieces were put; undefined when there were none.
 */
export function cleanLog(home: string, file: string): string | undefined {
  const old = openSync(file, 'r');
  try {
    const text = readFileSync(old, 'utf8');
    const lines = text.split('\n');
    const strange = lines.filter((line) => line !== '' && !isLogLine(line));
    if (strange.length === 0) return undefined;
    const kept = coordinationPath(home, 'dead', `log-${Date.now()}.txt`);
    makeFolder(coordinationPath(home, 'dead'));
    writeAtomic(kept, `${strange.join('\n')}\n`, { durable: true });
    writeAtomic(
      file,
      lines
        .filter(isLogLine)
        .map((line) => `${line}\n`)
        .join(''),
      { durable: true },
    );
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LATE_MS);
    // Reading goes on where it ended; a piece without a newline may have been the beginning of a line.
    const piece = lines.at(-1) ?? '';
    const late = `${isLogLine(piece) ? '' : piece}${readFileSync(old, 'utf8')}`;
    for (const line of late.split('\n')) if (isLogLine(line)) logMessage(home, line, true);
    return kept;
  } finally {
    closeSync(old);
  }
}
