/** Checkpoints (domain/checkpoint): the last one of each session; `.coordination/roster/checkpoints/<session>.json`. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../../domain/checkpoint.ts';
import { isTemporary, listNames, removeIfThere } from './files.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './roster.ts';

const KEPT_MS = 30 * 86_400_000;
const KEPT_MAX = 200;

function folderOf(home: string): string {
  return coordinationPath(home, 'roster', 'checkpoints');
}

export function writeCheckpoint(home: string, checkpoint: Checkpoint, nowMs: number): void {
  sweep(home, nowMs);
  writeRecord(join(folderOf(home), `${fileNameOf(checkpoint.session)}.json`), checkpoint);
}

export function readCheckpoint(home: string, session: string): Checkpoint | undefined {
  const checkpoint = readRecord<Checkpoint>(join(folderOf(home), `${fileNameOf(session)}.json`));
  return checkpoint && typeof checkpoint.at === 'string' ? checkpoint : undefined;
}

function sweep(home: string, nowMs: number): void {
  const names = listNames(folderOf(home)).filter((name) => !isTemporary(name));
  for (const name of names) {
    const file = join(folderOf(home), name);
    const touchedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
    if (nowMs - touchedMs > KEPT_MS || names.length > KEPT_MAX * 2) removeIfThere(file);
  }
}
