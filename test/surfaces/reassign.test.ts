/** A worker of which nothing comes: seen, shown, and given to another session with all that is known. */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { placeAt } from '../../src/storage/light/place.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { readWorkerRecord, writeSession } from '../../src/storage/light/roster.ts';
import { findStaleWorkers } from '../../src/usecases/find-stale-workers.ts';
import { waitingFor } from '../kit/mail.ts';
import type { HookPayload, Project } from '../kit/project.ts';
import { started, stateOf } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

const hoursAgo = (file: string, hours: number) => {
  const at = Date.now() / 1000 - hours * 3600;
  utimesSync(file, at, at);
};

test('a live worker that changes nothing is stalled; given away, its plan says why, and the next session is told', () => {
  project = started('01');
  const cwd = project.worktree('01');
  project.mustIn(cwd, 'plan', 'start', '01-01');
  const place = readWorkerRecord(project.home, 'worker-01')?.place ?? null;
  const transcript = '/tmp/old.jsonl';
  const startedAt = new Date().toISOString();
  writeSession(project.home, {
    session: 'old',
    agent: null,
    place,
    root: cwd,
    startedAt,
    process: markOf(process.pid),
    attended: true,
    transcript,
  });
  const stale = () => findStaleWorkers(project.home, stateOf(project)).map(({ why }) => why);
  project.must('status');
  project.must('ack', ...waitingFor(project, 'coordinator').map((one) => one.id));
  project.must('status');
  expect(stale()).toEqual([]);
  project.must('config', 'set', 'stall_after', '1');
  // Two hours later, as far as the files tell.
  hoursAgo(project.statusFile('01'), 2);
  hoursAgo(join(placeAt(cwd)?.gitDir ?? '', 'logs', 'HEAD'), 2);
  const text = project
    .read('.planning/STATE.md')
    .replace(/( {6}at: ).*/, `$1${new Date(Date.now() - 7_200_000).toISOString()}`);
  project.write('.planning/STATE.md', text);
  expect(stale()).toEqual(['stalled']);
  expect(project.coord(['status']).stdout).toContain('STALLED');
  const given = project.must('phase', 'reassign', '01', '--reason', 'nothing for hours');
  expect(given).toMatchObject({ plans: ['01-01'], worktree: cwd });
  expect(
    waitingFor(project, 'worker-01')
      .map((one) => one.content)
      .join(),
  ).toContain('given to another session: nothing for hours');
  const payload: HookPayload = { hook_event_name: 'SessionStart', session_id: 'new', cwd, source: 'startup' };
  const brief = project.hook('session', payload).context ?? '';
  expect(brief).toContain('plan 01-01 was left: given to another session: nothing for hours');
  expect(project.coord(['phase', 'reassign', '09'])).toMatchObject({ code: 1 });
});
