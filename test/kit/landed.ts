/** A phase whose work has landed on main and that is closed: what clean-up begins with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { QueueEntry } from '../../src/domain/queue-entry.ts';
import { closePhase } from '../../src/usecases/close-phase.ts';
import { gitIn, type Project } from './project.ts';
import { value } from './scene.ts';

export function commitIn(root: string, file: string, text: string): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  gitIn(root, 'add', '-f', '--', file);
  gitIn(root, 'commit', '-qm', `Work on ${file}`);
  return gitIn(root, 'rev-parse', 'HEAD').trim();
}

/** `asIs`: the tip itself lands; else another commit of the same change, as after a rebase. */
export function landPhase(
  project: Project,
  id: string,
  how: 'asIs' | 'rebased' = 'rebased',
  branch = `coord/${id}-phase-${id}`,
): QueueEntry {
  const tip = gitIn(project.home, 'rev-parse', branch).trim();
  if (how === 'asIs') project.git('merge', '-q', '--ff-only', branch);
  else {
    commitIn(project.home, `main-before-${id}.txt`, 'x\n');
    project.git('cherry-pick', `main..${branch}`);
  }
  const commit = project.git('rev-parse', 'HEAD').trim();
  project.git('update-ref', `refs/coord/landed/${id}.1`, tip);
  const at = new Date().toISOString();
  const entry: QueueEntry = {
    id: `${id}.1`,
    revision: 2,
    phase: id,
    worker: `worker-${id}`,
    branch,
    place: `${id}-phase-${id}`,
    target: 'main',
    state: 'landed',
    tip,
    queued: at,
    by: `worker-${id}`,
    tries: 0,
    waived: [],
    history: [],
    landed: { commit, tip, at },
  };
  project.write(`.coordination/queue/entries/${id}.1.json`, JSON.stringify(entry));
  return entry;
}

/** One or more phases, started, with a commit each, landed and closed. */
export function landedPhases(project: Project, ...ids: string[]): QueueEntry[] {
  return ids.map((id) => {
    commitIn(project.worktree(id), `src/${id}.ts`, `${id}\n`);
    const entry = landPhase(project, id);
    value(closePhase(project.home, id, true));
    return entry;
  });
}
