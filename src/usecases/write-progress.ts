/**
 * Brings `.progress/` to what STATUS.md says: after each verb of a worker, and at every hook, so that a hand edit, a
 * checkout of an older STATUS.md or a hand in `.progress/` itself lasts no longer than until the next hook.
 *
 * Nothing here is a truth of its own. The current task is STATUS.md as it stands, with the open questions; which
 * plans were completed, and when, is what its milestones say; the figures are counted from the completions. Only how a
 * plan looked at an earlier completion, before it was taken up again, is known from the archive (or, where that is
 * gone, from the log) alone. A completion that STATUS.md no longer knows leaves the log and stays in the archive.
 *
 * First all is compared, without the mutex, and when every text is as it should be nothing is written; for that,
 * STATUS.md may be as the caller has just read it. Else, under the mutex `progress`, all is read again, STATUS.md
 * first, and what differs is written in this order:
 *   1 archive/<task>-<moment>.json   2 completed-tasks.jsonl   3 metrics.json   4 current-task.json
 *   5 in the primary worktree current-task.json   6 there, workers/<worker>.json
 * So who reads `completed` in 4 finds the task in 1 and 2. 6 comes last since by it the next one knows that 5 is done.
 * Killed anywhere, the next verb or hook finds what is still different; twice is the same as once. STATUS.md is saved
 * before all this, and whoever saves it comes here afterwards: so the last one to come has read the last one saved.
 */
import {
  archiveNameOf,
  completedTasks,
  earlierCompletions,
  finishedTask,
  printCompleted,
} from '../domain/completion.ts';
import { COORDINATOR, OPERATOR } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { countMetrics, printMetrics } from '../domain/progress-metrics.ts';
import type { StatusDocument } from '../domain/status-document.ts';
import { currentTask, type ProgressQuestion, type TaskProgress } from '../domain/task-progress.ts';
import { mutexFolder, readStatus } from '../storage/document-kinds.ts';
import { isErrno, readTextIfThere } from '../storage/light/files.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { listOpenQuestions } from '../storage/light/open-questions.ts';
import { fileNameOf, type PlaceRecord } from '../storage/light/roster.ts';
import {
  applyWrites,
  archiveFile,
  dueWrites,
  findStray,
  listArchived,
  listWorkerCopies,
  type ProgressWrite,
  progressFile,
  readTask,
  taskWrite,
  workerFile,
} from '../storage/progress-folder.ts';
import { parseTaskProgress } from '../storage/task-progress-schema.ts';

export type Written = 'written' | 'unchanged';

/** What one folder is due. */
interface Due {
  readonly root: string;
  readonly writes: readonly ProgressWrite[];
  /** Lines of its log that coord does not know and that nothing else holds. */
  readonly unknown: readonly string[];
}

export interface ProgressWorker {
  readonly home: string;
  /** Root of the worker's worktree. */
  readonly root: string;
  readonly record: PlaceRecord;
}

/** Of a worker: its own `.progress/`, and what the primary worktree shows of it. `read`: STATUS.md, read just before. */
export function writeProgress(worker: ProgressWorker, read?: StatusDocument): Outcome<Written> {
  const gather = () => {
    const loaded = readStatus({ ...worker, folder: worker.record.phase.folder });
    return loaded.done ? dueOf(worker, loaded.value.document) : loaded;
  };
  return bring(worker.home, gather, read === undefined ? gather : () => dueOf(worker, read));
}

function dueOf({ home, root, record }: ProgressWorker, status: StatusDocument): Outcome<Due[]> {
  const stray = findStray(root) ?? findStray(home);
  if (stray) return refuse({ code: 'progress-unwritable', file: stray, detail: 'it is no folder' });
  const current = currentTask(status, questionsOf(home, record.worker));
  return done([ownDue(root, status, current), homeDue(home, fileNameOf(record.worker), current)]);
}

/** Of the coordinator: that the task shown in the primary worktree is the one that changed last. */
export function showLatestTask(home: string): Outcome<Written> {
  return bring(home, () => {
    const stray = findStray(home);
    if (stray) return refuse({ code: 'progress-unwritable', file: stray, detail: 'it is no folder' });
    const shown = newestOf(copiesIn(home));
    const file = progressFile(home, 'current-task.json');
    const writes = shown ? dueWrites([{ file, text: shown.text }]) : [];
    return done([{ root: home, writes, unknown: [] }]);
  });
}

function bring(home: string, gather: () => Outcome<Due[]>, first = gather): Outcome<Written> {
  try {
    const found = first();
    if (!found.done) return found;
    if (found.value.every(({ writes }) => writes.length === 0)) return done('unchanged');
    const outcome = withMutex(mutexFolder(home), 'progress', (): Outcome<Written> => {
      const again = gather();
      if (!again.done) return again;
      for (const { root, writes, unknown } of again.value) applyWrites(root, writes, unknown);
      return done('written');
    });
    return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: 'progress' });
  } catch (error) {
    // A full disk, a folder where a file should be: what the work itself needs is saved, and the next hook tries again.
    const { code = '', path } = error as NodeJS.ErrnoException;
    if (
      !isErrno(
        error,
        'EACCES',
        'EPERM',
        'EROFS',
        'ENOSPC',
        'EDQUOT',
        'EFBIG',
        'EISDIR',
        'ENOTDIR',
        'EEXIST',
        'ELOOP',
      )
    )
      throw error;
    return refuse({ code: 'progress-unwritable', file: path ?? progressFile(home), detail: code });
  }
}

/** What the worker asked of who leads it, and has no answer to. */
function questionsOf(home: string, worker: string): ProgressQuestion[] {
  return listOpenQuestions(home, worker)
    .filter(({ to }) => to === COORDINATOR || to === OPERATOR)
    .map(({ id, content, asked }) => ({ id, content, asked }));
}

function ownDue(root: string, status: StatusDocument, current: TaskProgress | undefined): Due {
  const log = progressFile(root, 'completed-tasks.jsonl');
  const { completed, unknown } = completionsOf(root, status, readTextIfThere(log) ?? '');
  const failed = status.plans.filter((plan) => plan.state === 'failed');
  const finished = [
    ...completed.filter((task) => task.phase === status.phase),
    ...failed.map((plan) => finishedTask(status, plan)),
  ];
  const metrics = completed.length > 0 ? printMetrics(countMetrics(completed)) : null;
  const shown = progressFile(root, 'current-task.json');
  const writes = [
    ...finished.map((task) => taskWrite(archiveFile(root, archiveNameOf(task)), task)),
    { file: log, text: completed.length > 0 ? printCompleted(completed) : null },
    { file: progressFile(root, 'metrics.json'), text: metrics },
    current ? taskWrite(shown, current) : { file: shown, text: null },
  ];
  return { root, writes: dueWrites(writes), unknown };
}

/** What the log must hold, and the lines of it that would be lost. */
function completionsOf(
  root: string,
  status: StatusDocument,
  logText: string,
): { completed: readonly TaskProgress[]; unknown: readonly string[] } {
  const earlier = earlierCompletions(status);
  const plain = completedTasks(status, []);
  // Nearly always; then neither the log nor the archive has to be understood.
  if (earlier.length === 0 && printCompleted(plain) === logText && logText !== '')
    return { completed: plain, unknown: [] };
  const lines = logText.split('\n').filter((line) => line.trim() !== '');
  const logged = lines.map((line) => ({ line, task: parseTaskProgress(line) }));
  // With the log whole, the archive is asked for earlier completions alone; else for all that it holds.
  const isWhole = logged.length > 0 && logged.every(({ task }) => task !== undefined);
  const names = isWhole ? earlier : listArchived(root);
  const archived = names.map((name) => readTask(archiveFile(root, name))?.task);
  const known = [...archived, ...logged.map(({ task }) => task)].filter((task) => task !== undefined);
  const completed = completedTasks(status, known);
  // Names are compared, never made into paths: a line that somebody wrote may call its task anything.
  const kept = new Set([...completed.map(archiveNameOf), ...listArchived(root)]);
  const lost = logged.filter(({ task }) => task === undefined || !kept.has(archiveNameOf(task)));
  return { completed, unknown: lost.map(({ line }) => line) };
}

interface Copy {
  readonly worker: string;
  readonly text: string;
  readonly updated: string;
}

function copyOf(worker: string, text: string, task: TaskProgress): Copy {
  return { worker, text, updated: task.updated ?? '' };
}

function copiesIn(home: string): Copy[] {
  return listWorkerCopies(home).flatMap((worker) => {
    const found = readTask(workerFile(home, worker));
    return found ? [copyOf(worker, found.text, found.task)] : [];
  });
}

/** At one moment, the worker whose name comes last: all come to the same. */
function newestOf(copies: readonly Copy[]): Copy | undefined {
  const order = ({ updated, worker }: Copy) => `${updated} ${worker}`;
  return copies.reduce<Copy | undefined>(
    (best, copy) => (best && order(best) > order(copy) ? best : copy),
    undefined,
  );
}

/** For a coordinator outside, which knows the project's root alone: the task of this worker, and the latest of all. */
function homeDue(home: string, worker: string, current: TaskProgress | undefined): Due {
  const file = workerFile(home, worker);
  const own = current ? taskWrite(file, current) : { file, text: null };
  const mine = current && own.text !== null ? copyOf(worker, own.text, current) : undefined;
  const isKept = (readTextIfThere(file) ?? null) === own.text;
  const latest = progressFile(home, 'current-task.json');
  const shown = readTask(latest);
  const shownAt = shown?.task.updated ?? '';
  const writes: ProgressWrite[] = [];
  if (mine && mine.text !== shown?.text && shown && mine.updated > shownAt)
    writes.push({ file: latest, text: mine.text });
  // The other workers' copies are read only where it is not plain who is the latest.
  else if (mine?.text !== shown?.text && (!isKept || !shown || shownAt === (mine?.updated ?? ''))) {
    const others = copiesIn(home).filter((copy) => copy.worker !== worker);
    const newest = newestOf(mine ? [...others, mine] : others);
    const isLeft = newest === undefined && shown !== undefined && shown.text === readTextIfThere(file);
    if (newest) writes.push({ file: latest, text: newest.text });
    else if (isLeft) writes.push({ file: latest, text: null });
  }
  return { root: home, writes: dueWrites([...writes, own]), unknown: [] };
}
