/** Reads a project's mail as it lies on the disk: what a test holds against what was reported. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '../../src/domain/message.ts';
import type { Project } from './project.ts';

export function waitingFor(project: Project, agent: string): Envelope[] {
  return envelopesIn(project.path('.coordination', 'inbox', agent));
}

export function unacknowledgedBy(project: Project, agent: string): Envelope[] {
  return envelopesIn(project.path('.coordination', 'outbox', agent));
}

export function archived(project: Project): Envelope[] {
  const folder = project.path('.coordination', 'archive');
  return namesIn(folder).flatMap((day) => envelopesIn(join(folder, day)));
}

/** Every message, once for each file that holds it as waiting or archived. */
export function everywhere(project: Project): Envelope[] {
  const agents = namesIn(project.path('.coordination', 'inbox'));
  return [...agents.flatMap((agent) => waitingFor(project, agent)), ...archived(project)];
}

export interface Log {
  readonly envelopes: readonly Envelope[];
  readonly broken: readonly string[];
}

export function logOf(project: Project): Log {
  const file = project.path('.coordination', 'messages.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const envelopes: Envelope[] = [];
  const broken: string[] = [];
  for (const line of lines) {
    try {
      envelopes.push(JSON.parse(line) as Envelope);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      broken.push(line);
    }
  }
  return { envelopes, broken };
}

export function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}

/** Ids of messages in a text that a hook printed. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(/^(msg-[A-Za-z0-9_.-]+) · /gm)].map((match) => match[1] ?? '');
}

function envelopesIn(folder: string): Envelope[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Envelope);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
