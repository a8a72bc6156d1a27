/** Fills a project with the traces of a long life: workers, messages. Written directly, in the shapes coord writes. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printLockNote } from '../../src/domain/lock.ts';
import { lockFolder } from '../../src/storage/light/locks/files.ts';
import { markOf } from '../../src/storage/light/process.ts';
import type { Project } from '../kit/project.ts';

/** A log of so many messages, written in large pieces. */
export function fillLog(project: Project, messages: number): void {
  const file = project.path('.coordination', 'messages.jsonl');
  const perPiece = 10_000;
  for (let at = 0; at < messages; at += perPiece) {
    let piece = '';
    for (let n = at; n < Math.min(at + perPiece, messages); n++) {
      const id = `msg-20260101-000000000-${n.toString(36)}`;
      piece += `{"id":"${id}","from":"worker-01","to":"coordinator","timestamp":"2026-01-01T00:00:00.000Z","type":"progress","priority":"normal","content":"step ${n} of many","references":[],"metadata":{},"read":false}\n`;
    }
    appendFileSync(file, piece);
  }
}

/** So many workers on the roster, as `phase start` leaves them. */
export function fillRoster(project: Project, workers: number): void {
  const roster = (kind: string) => {
    const folder = project.path('.coordination', 'roster', kind);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const folders = { places: roster('places'), workers: roster('workers'), phases: roster('phases') };
  for (let n = 1; n <= workers; n++) {
    const worker = `worker-x${n}`;
    const folder = `x${n}-phase`;
    const phase = { id: `x${n}`, folder, name: `Phase x${n}` };
    const at = { branch: `coord/${folder}`, worktree: project.path('.claude', 'worktrees', folder) };
    const record = { worker, phase, scope: [], ...at, joinedAt: '2026-01-01T00:00:00.000Z' };
    writeFileSync(join(folders.places, `${folder}.json`), JSON.stringify(record));
    const mail = { worker, phase: phase.id, folder, place: folder, ...at, state: 'active' };
    writeFileSync(join(folders.workers, `${worker}.json`), JSON.stringify(mail));
    writeFileSync(join(folders.phases, `${folder}.json`), JSON.stringify({ worker, phase: phase.id }));
    mkdirSync(project.path('.coordination', 'inbox', worker), { recursive: true });
  }
}

/** So many files locked by one live holder, as `coord lock` leaves them. */
export function fillLocks(project: Project, locks: number): void {
  const holder = { owner: 'crowd', session: 'crowd', agent: null, process: markOf(process.pid) };
  for (let n = 0; n < locks; n++) {
    const target = { kind: 'file' as const, place: null, path: `src/crowd/file-${n}.ts` };
    const note = printLockNote({ target, name: 'crowd', taking: 'crowd', isAlias: false });
    const dir = lockFolder({ home: project.home, place: null, caseBlind: false }, 'file', target.path);
    mkdirSync(dir, { recursive: true });
    const record = { epoch: 1, holder, takenAt: Date.now(), ttlMs: null, note, from: 'free' };
    writeFileSync(join(dir, '0000000001.json'), `${JSON.stringify(record)}\n`);
  }
}
