/**
 * Folders that many tests start from, made once a run and copied: a repository with coord and a started phase takes a
 * second to make and some milliseconds to copy.
 *
 * States of a template: absent; there, as one file in the run's folder (COORD_TEST_RUN, from global setup), written
 * beside and renamed. Whichever test process needs it first makes it; two that do so at once make it twice, and either
 * will do. Each process reads it once. Without a run's folder it is made anew in each process.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type Entry, readEntries, writeEntries } from './snapshot.ts';

interface Template {
  /** Where it was made: what names this, names the copy's place in a copy. */
  readonly folder: string;
  readonly entries: readonly Entry[];
}

const known = new Map<string, Template>();

/** A folder of this run, gone with it; undefined outside of one. */
export function runFolder(name: string): string | undefined {
  const run = process.env['COORD_TEST_RUN'];
  if (run === undefined) return undefined;
  mkdirSync(join(run, name), { recursive: true });
  return join(run, name);
}

/** Writes a copy of the template of that kind into a folder; `make` makes one, and answers where: that is then taken away. */
export function copyTemplate(kind: string, folder: string, make: () => string): void {
  const template = known.get(kind) ?? find(kind, make);
  known.set(kind, template);
  writeEntries(folder, template.entries, { from: template.folder, to: folder });
}

function find(kind: string, make: () => string): Template {
  const store = runFolder('templates');
  const file = store && join(store, createHash('sha1').update(kind).digest('hex'));
  const kept = file === undefined ? undefined : readIfThere(file);
  if (kept) return deserialize(kept) as Template;
  const folder = make();
  const template = { folder, entries: readEntries(folder) };
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  if (file !== undefined) {
    writeFileSync(`${file}.${process.pid}`, serialize(template));
    renameSync(`${file}.${process.pid}`, file);
  }
  return template;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
