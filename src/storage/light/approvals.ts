/**
 * Approvals on disk: `.coordination/approvals/<id>.json`, one file each, changed under the mutex `approvals`. A file
 * that cannot be read stands for nothing: the step asks again.
 */
import { join } from 'node:path';
import { APPROVAL_STATES, APPROVAL_STEPS, type Approval } from '../../domain/approval.ts';
import { listNames } from './files.ts';
import { withMutex } from './mutex.ts';
import { coordinationPath, readRecord, writeRecord } from './roster.ts';

const LISTED_MAX = 1_000;

export function listApprovals(home: string): Approval[] {
  const folder = coordinationPath(home, 'approvals');
  return listNames(folder)
    .filter((name) => /^A\d{1,9}\.json$/.test(name))
    .sort((a, b) => Number.parseInt(a.slice(1), 10) - Number.parseInt(b.slice(1), 10))
    .slice(-LISTED_MAX)
    .map((name) => readRecord<Approval>(join(folder, name)))
    .filter((approval) => approval !== undefined && isApproval(approval))
    .map((approval) => approval as Approval);
}

function isApproval(value: Approval): boolean {
  const known = (words: readonly string[], word: unknown) => typeof word === 'string' && words.includes(word);
  return (
    known(APPROVAL_STATES, value.state) &&
    known(APPROVAL_STEPS, value.step) &&
    typeof value.subject === 'string'
  );
}

export function writeApproval(home: string, approval: Approval): void {
  writeRecord(coordinationPath(home, 'approvals', `${approval.id}.json`), approval);
}

export function withApprovals<T>(home: string, body: () => T): T | undefined {
  const outcome = withMutex(coordinationPath(home, 'leases'), 'approvals', body);
  return outcome.done ? outcome.value : undefined;
}
