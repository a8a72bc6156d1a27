/** What has come of the day so far, read from files and git alone, while all of it moves. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Cycle } from '../../../src/domain/cycle/cycle.ts';
import type { Envelope } from '../../../src/domain/message.ts';
import { STATE_FILE, statusFileOf } from '../../../src/domain/project-paths.ts';
import type { QueueEntry } from '../../../src/domain/queue-entry.ts';
import type { StateDocument, StatePhase } from '../../../src/domain/state-document.ts';
import type { StatusDocument } from '../../../src/domain/status-document.ts';
import { listCycleIds, readCycle } from '../../../src/storage/cycle-files.ts';
import { readState, readStatus } from '../../../src/storage/document-kinds.ts';
import { listEntries } from '../../../src/storage/light/queue-files.ts';
import { readWorkerRecord } from '../../../src/storage/light/roster.ts';
import { logOf } from '../../kit/mail.ts';
import { gitIn, type Project } from '../../kit/project.ts';

export class Board {
  readonly project: Project;
  private readonly kept = new Map<string, { mark: string; value: unknown }>();

  constructor(project: Project) {
    this.project = project;
  }

  get home(): string {
    return this.project.home;
  }

  state(): StateDocument | undefined {
    return this.once(join(this.home, STATE_FILE), () => {
      const found = readState(this.home);
      return found.done ? found.value.document : undefined;
    });
  }

  /** Everybody looks several times a second: a file is read again when it is another one. */
  private once<T>(file: string, read: () => T): T {
    const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
    const mark = stat === undefined ? 'none' : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
    const kept = this.kept.get(file);
    if (kept?.mark === mark) return kept.value as T;
    const value = read();
    this.kept.set(file, { mark, value });
    return value;
  }

  phase(id: string): StatePhase | undefined {
    return this.state()?.phases.find((phase) => phase.id === id);
  }

  /** Where a phase's worker stands now. */
  rootOf(id: string): string | undefined {
    const worktree = readWorkerRecord(this.home, `worker-${id}`)?.worktree;
    return worktree !== undefined && existsSync(join(worktree, '.git')) ? worktree : undefined;
  }

  status(id: string): StatusDocument | undefined {
    const [root, folder] = [this.rootOf(id), this.phase(id)?.folder];
    if (root === undefined || folder === undefined) return undefined;
    return this.once(join(root, statusFileOf(folder)), () => {
      const found = readStatus({ home: this.home, root, folder });
      return found.done ? found.value.document : undefined;
    });
  }

  /** The worker's own word; the coordinator's, once the worktree is gone. */
  planState(plan: string): string | undefined {
    const id = plan.slice(0, 2);
    const plans = this.status(id)?.plans ?? this.phase(id)?.plans ?? [];
    return plans.find((one) => one.id === plan)?.state;
  }

  entries(id: string): readonly QueueEntry[] {
    return listEntries(this.home).entries.filter((entry) => entry.phase === id);
  }

  isQueued(id: string): boolean {
    return this.entries(id).some(({ state }) => state === 'queued' || state === 'landed');
  }

  hasLanded(id: string): boolean {
    return this.entries(id).some(({ state }) => state === 'landed');
  }

  isClosed(id: string): boolean {
    return this.phase(id)?.state === 'done';
  }

  wasRejected(id: string): boolean {
    return this.entries(id).some(({ history }) => history.some(({ outcome }) => outcome !== 'landed'));
  }

  log(): readonly Envelope[] {
    const file = this.project.path('.coordination', 'messages.jsonl');
    return this.once(file, () => logOf(this.project).envelopes);
  }

  hasSaid(from: string, text: string): boolean {
    return this.log().some((envelope) => envelope.from === from && envelope.content.includes(text));
  }

  /** Questions to an agent that nobody has answered. */
  questionsTo(agent: string): Envelope[] {
    const log = this.log();
    const answered = new Set(
      log.filter(({ type }) => type === 'response').flatMap(({ references }) => references),
    );
    return log.filter(({ id, to, type }) => to === agent && type === 'question' && !answered.has(id));
  }

  /** Blockers that were reported and have no answer. */
  unansweredBlockers(): Envelope[] {
    const log = this.log();
    const answered = new Set(
      log.filter(({ type }) => type === 'response').flatMap(({ references }) => references),
    );
    return log.filter(({ id, metadata }) => metadata['event'] === 'blocker_raised' && !answered.has(id));
  }

  cycle(): Cycle | undefined {
    const [id] = listCycleIds(this.home);
    const found = id === undefined ? undefined : readCycle(this.home, id);
    return found?.done ? found.value : undefined;
  }

  /** Titles of a branch's commits; none where there is no such branch. */
  subjects(revision: string, root = this.home): string[] {
    try {
      return gitIn(root, 'log', '--format=%s', '-n', '50', revision, '--').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  }

  /** Titles of commits that a phase's branch has, or main once it has landed. */
  worked(id: string): string[] {
    const root = this.rootOf(id);
    // Its worktree may go while it is asked.
    const own = root === undefined ? [] : this.subjects('HEAD', root);
    return own.length > 0 ? own : this.subjects('main');
  }

  holdsMain(id: string): boolean {
    const root = this.rootOf(id);
    if (root === undefined) return true;
    try {
      gitIn(root, 'merge-base', '--is-ancestor', 'main', 'HEAD');
      return !existsSync(
        gitIn(root, 'rev-parse', '--path-format=absolute', '--git-path', 'rebase-merge').trim(),
      );
    } catch {
      return false;
    }
  }

  setting(text: string): boolean {
    return ['.claude/coord.md', '.claude/coord.local.md'].some((file) => {
      const path = this.project.path(file);
      return existsSync(path) && readFileSync(path, 'utf8').includes(text);
    });
  }

  reads(...parts: string[]): string {
    const path = this.project.path(...parts);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }
}
