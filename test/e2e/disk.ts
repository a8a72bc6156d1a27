/** What lies on disk before and after: projects to play in, the mail in their boxes, the fingerprint of what may not change. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '../../src/domain/message.ts';
import { gitIn, Project } from '../kit/project.ts';

/** A project whose first commit holds these files, with started phases. */
export function projectWith(files: Readonly<Record<string, string>>, ...phases: string[]): Project {
  return Project.like(`with ${JSON.stringify({ files, phases })}`, (project) => {
    for (const [path, text] of Object.entries(files)) project.write(path, text);
    project.must('init');
    project.git('add', '-A');
    project.git('commit', '-qm', 'Lay the ground');
    for (const id of phases) project.startPhase(id);
  });
}

/** Messages that wait for an agent, oldest first. */
export function inboxOf(project: Project, agent: string): Envelope[] {
  return readEnvelopes(project.path('.coordination', 'inbox', agent));
}

/** Messages that were acknowledged. */
export function archiveOf(project: Project): Envelope[] {
  const folder = project.path('.coordination', 'archive');
  return namesIn(folder).flatMap((day) => readEnvelopes(join(folder, day)));
}

function readEnvelopes(folder: string): Envelope[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Envelope);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Everything of a project that does not belong to one worktree: every file elsewhere, the refs, the mail. */
export function fingerprint(project: Project, except: string): Record<string, string> {
  const found: Record<string, string> = {};
  // In the primary worktree `.progress/` is coord's own copy of what the worker is at.
  const parts = ['.git', '.coordination', '.progress'].map((part) => project.path(part));
  const skipped = new Set([except, ...parts]);
  hashBelow(project.home, skipped, found);
  for (const part of ['inbox', 'messages.jsonl', 'roster/workers', 'roster/places']) {
    hashBelow(project.path('.coordination', part), new Set(), found);
  }
  const own = gitIn(except, 'branch', '--show-current').trim();
  const refs = project.git('for-each-ref', '--format=%(refname) %(objectname)').split('\n');
  found['refs'] = refs.filter((line) => !line.startsWith(`refs/heads/${own} `)).join('\n');
  found['worktrees'] = project.git('worktree', 'list', '--porcelain').replace(/^HEAD .*$/gm, '');
  found['config'] = project.git('config', '--local', '--list');
  return found;
}

function hashBelow(path: string, skipped: ReadonlySet<string>, found: Record<string, string>): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat || skipped.has(path)) return;
  if (stat.isDirectory()) for (const name of readdirSync(path)) hashBelow(join(path, name), skipped, found);
  else if (stat.isSymbolicLink()) found[path] = `-> ${readlinkSync(path)}`;
  else found[path] = createHash('sha1').update(readFileSync(path)).digest('hex');
}
