/** Projects with branches that wait in the merge queue: real repositories, the use cases in this very process. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { parseJson } from '../../src/domain/json-value.ts';
import type { RunEvent, RunReport } from '../../src/domain/merge-run.ts';
import type { Envelope } from '../../src/domain/message.ts';
import { enqueue } from '../../src/domain/queue-entry.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { putEntry, readEntry, withQueue } from '../../src/storage/light/queue-files.ts';
import { writeSetting } from '../../src/storage/settings.ts';
import { type AddedEntry, addToQueue } from '../../src/usecases/add-to-queue.ts';
import { changePlan } from '../../src/usecases/change-status.ts';
import { initProject } from '../../src/usecases/init-project.ts';
import { runQueue } from '../../src/usecases/run-queue.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { commitIn } from './landed.ts';
import { gitIn, Project } from './project.ts';
import { addPhase, operator, value, worker } from './scene.ts';

/** Red on a tree that holds a file named `bad`. Needs a shell, and hardly any time. */
export const NO_BAD_FILE = 'test ! -e bad';

/** The settings are committed before the phases start, so that every branch has them. */
export function waiting(ids: readonly string[], settings: Partial<Settings> = {}): Project {
  const given = { validation: [NO_BAD_FILE], gate: 'off' as const, ...settings };
  return Project.like(`queue ${ids} ${JSON.stringify(given)}`, (project) => {
    value(initProject(project.home));
    setting(project, given);
    project.write('shared.txt', 'one\ntwo\nthree\n');
    project.git('add', '-A', '--', '.claude/coord.md', '.gitignore', '.planning', 'shared.txt');
    project.git('commit', '-qm', 'Set up');
    for (const id of ids) {
      value(addPhase(project, id));
      value(startPhase(project.home, id));
    }
  });
}

export function setting(project: Project, settings: Partial<Settings>): void {
  for (const [key, one] of Object.entries(settings)) {
    const written = writeSetting(project.home, key as keyof Settings, one, 'team');
    if ('code' in written) throw new Error(JSON.stringify(written));
  }
}

/** A commit of the phase's worker, queued. Without files: one of its own. */
export function queue(
  project: Project,
  id: string,
  files: Record<string, string> = { [`${id}.txt`]: `${id}\n` },
): AddedEntry {
  for (const [file, text] of Object.entries(files)) commitIn(project.worktree(id), file, text);
  return add(project, id);
}

export function add(project: Project, id: string): AddedEntry {
  const added = value(addToQueue(operator(project), { phase: id, waive: ['evidence'] }));
  if (added.outcome === 'refused') throw new Error(JSON.stringify(added.refusals));
  return added;
}

/** A branch with one commit on main, without a worktree: fifty of them would take a minute. */
export function queueBranch(project: Project, id: string, file: string, text: string, at: number): void {
  const { home } = project;
  value(addPhase(project, id));
  const blob = project.git('hash-object', '-w', project.write('.git/content', text)).trim();
  project.git('read-tree', '--index-output=.git/other-index', 'main');
  const tree = project
    .git(
      '-c',
      `alias.tree=!GIT_INDEX_FILE=.git/other-index; export GIT_INDEX_FILE; git update-index --add --cacheinfo 100644,${blob},${file} && git write-tree`,
      'tree',
    )
    .trim();
  const tip = project.git('commit-tree', '-p', 'main', '-m', `Work of ${id}`, tree).trim();
  project.git('update-ref', `refs/heads/coord/${id}`, tip);
  const facts = {
    phase: id,
    worker: `worker-${id}`,
    branch: `coord/${id}`,
    place: null,
    target: 'main',
    tip,
  };
  const more = { waived: [], by: 'operator', at: new Date(at).toISOString() };
  value(
    withQueue(home, (held) =>
      putEntry(held, home, id, (open, name) => enqueue(open, name, { ...facts, ...more }, true)),
    ),
  );
}

/** What is answered of phase 01, queued with nothing before it. */
export function firstInLine(tip: string) {
  return {
    entry: '01.1',
    state: 'queued',
    phase: '01',
    branch: 'coord/01-phase-01',
    tip,
    target: 'main',
    position: 1,
    waived: [],
  };
}

/** All its plans are complete: when it lands, the phase is closed. */
export function finish(project: Project, id: string): void {
  for (const plan of [`${id}-01`, `${id}-02`]) {
    value(changePlan(worker(project, id), plan, 'start'));
    value(changePlan(worker(project, id), plan, 'complete'));
  }
}

export interface Ran extends RunReport {
  readonly events: readonly RunEvent[];
}

/** One run; `meanwhile` is told of each event when it happens. */
export async function merge(project: Project, meanwhile: (event: RunEvent) => void = () => {}): Promise<Ran> {
  const events: RunEvent[] = [];
  const hear = (event: RunEvent) => {
    events.push(event);
    meanwhile(event);
  };
  const ran = value(await runQueue(operator(project), hear));
  if ('busy' in ran) throw new Error(`busy: ${JSON.stringify(ran.busy)}`);
  return { ...ran, events };
}

export const phasesOf = (branches: readonly { readonly phase: string }[]) =>
  branches.map(({ phase }) => phase);

export function entryOf(project: Project, id: string, number = 1) {
  const entry = readEntry(project.home, `${id}.${number}`);
  if (!entry) throw new Error(`no entry of ${id}`);
  return entry;
}

/** Messages to an agent, as the log has them; what a kill tore is no line, for any reader. */
export function sentTo(project: Project, agent: string, type?: string): Envelope[] {
  const log = project.path('.coordination/messages.jsonl');
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((line) => (parseJson(line) as Envelope | undefined) ?? [])
    .filter((envelope) => envelope.to === agent && (type === undefined || envelope.type === type));
}

export function verdicts(project: Project, id: string): Envelope[] {
  return sentTo(project, `worker-${id}`, 'verdict');
}

/** What is on the target, as file names. */
export function filesOn(project: Project, branch = 'main'): string[] {
  return project
    .git('ls-tree', '-r', '--name-only', branch)
    .split('\n')
    .filter((file) => /^(?:\w+\.txt|bad)$/.test(file));
}

export function tipOf(project: Project, branch: string): string {
  return project.git('rev-parse', branch).trim();
}

/** What must hold whatever happened: the target's checkout is clean of half things, and nothing is left of a landing. */
export function leftovers(project: Project): string[] {
  const found = project
    .git('status', '--porcelain', '--untracked-files=no')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('.planning/STATE.md'));
  if (existsSync(project.path('.coordination/queue/landing.json'))) found.push('landing.json');
  const refs = project.git('for-each-ref', '--format=%(refname)', 'refs/coord/landing').trim();
  return [...found, ...(refs === '' ? [] : [refs])];
}

export function removeWorktree(project: Project, id: string): void {
  rmSync(project.worktree(id), { recursive: true, force: true });
}

export function logsOf(project: Project): string[] {
  const folder = project.path('.coordination/queue/logs');
  return existsSync(folder) ? readdirSync(folder) : [];
}

export function workerGit(project: Project, id: string, ...args: string[]): string {
  return gitIn(project.worktree(id), ...args);
}
