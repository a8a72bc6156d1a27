/** Projects for tests of the use cases: a real repository and real worktrees, set up in this very process. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Envelope } from '../../src/domain/message.ts';
import type { Outcome, Problem } from '../../src/domain/problem.ts';
import type { StateDocument } from '../../src/domain/state-document.ts';
import type { StatusDocument } from '../../src/domain/status-document.ts';
import { readState, readStatus } from '../../src/storage/document-kinds.ts';
import { type Caller, identifyCaller } from '../../src/storage/light/caller.ts';
import { addPhaseTo } from '../../src/usecases/add-phase.ts';
import { initProject } from '../../src/usecases/init-project.ts';
import { reportTransitions } from '../../src/usecases/report-transitions.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { Project } from './project.ts';

/** What was done, or a throw that names the refusal. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.done) throw new Error(`refused: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

export function refusal<T>(outcome: Outcome<T>): Problem {
  if (outcome.done) throw new Error(`not refused: ${JSON.stringify(outcome.value)}`);
  return outcome.problem;
}

export function coordinated(name?: string): Project {
  if (name === undefined) return Project.like('coordinated', ({ home }) => value(initProject(home)));
  const project = new Project(name);
  value(initProject(project.home));
  return project;
}

export function addPhase(project: Project, id: string, more: { scope?: string[]; depends?: string[] } = {}) {
  const plans = ['01', '02'].map((number) => ({ id: `${id}-${number}`, title: `Plan ${number}` }));
  const { scope = [], depends = [] } = more;
  return addPhaseTo(project.home, { id, name: `Phase ${id}`, plans, scope, depends });
}

export function started(...ids: string[]): Project {
  return Project.like(`coordinated, started ${ids}`, (project) => {
    value(initProject(project.home));
    for (const id of ids) {
      value(addPhase(project, id));
      value(startPhase(project.home, id));
    }
  });
}

export function callerIn(folder: string, session?: string): Caller {
  const caller = identifyCaller(folder, session === undefined ? {} : { CLAUDE_CODE_SESSION_ID: session });
  return value<Caller>(caller as Outcome<Caller>);
}

export function operator(project: Project): Caller {
  return callerIn(project.home);
}

export function worker(project: Project, id: string): Caller {
  return callerIn(project.worktree(id));
}

export function stateOf(project: Project): StateDocument {
  const found = readState(project.home);
  if (!found.done) throw new Error(JSON.stringify(found.problem));
  return found.value.document;
}

export function statusOf(project: Project, id: string): StatusDocument {
  const found = readStatus({ home: project.home, root: project.worktree(id), folder: `${id}-phase-${id}` });
  if (!found.done) throw new Error(JSON.stringify(found.problem));
  return found.value.document;
}

/** Changes STATUS.md as a person does: in an editor. */
export function editStatus(project: Project, id: string, change: (text: string) => string): void {
  const file = project.statusFile(id);
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error('the edit changed nothing');
  writeFileSync(file, after);
}

/** What a hook of the worker does at the end of its turn. */
export function report(project: Project, id: string): string[] {
  const { home, root, record } = worker(project, id);
  if (!record) throw new Error('no worker');
  const { sent } = value(reportTransitions({ home, root, record }));
  return sent.map((envelope) => String(envelope.metadata['event']));
}

/** The one envelope that a send made. */
export function onlyOf(sent: Outcome<readonly Envelope[]>): Envelope {
  const [envelope, ...more] = value(sent);
  if (!envelope || more.length > 0) throw new Error('expected one envelope');
  return envelope;
}
