/** Checkpoints (domain/checkpoint): the last one of each session; `.coordination/roster/checkpoints/<session>.json`. */
import { join } from 'node:path';
import type { Checkpoint } from '../../domain/checkpoint.ts';
import { sweepOld } from './old-records.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './roster.ts';

function folderOf(home: string): string {
  return coordinationPath(home, 'roster', 'checkpoints');
}

export function writeCheckpoint(home: string, checkpoint: Checkpoint, nowMs: number): void {
  sweepOld(folderOf(home), nowMs);
  writeRecord(join(folderOf(home), `${fileNameOf(checkpoint.session)}.json`), checkpoint);
}

export function readCheckpoint(home: string, session: string): Checkpoint | undefined {
  const checkpoint = readRecord<Checkpoint>(join(folderOf(home), `${fileNameOf(session)}.json`));
  return checkpoint && typeof checkpoint.at === 'string' ? checkpoint : undefined;
}
