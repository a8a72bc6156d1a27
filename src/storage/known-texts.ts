/**
 * The front matters of a document that coord has saved, or has built a save upon: `roster/good/<name>.texts.json`, the
 * newest ones, each as a hash. What it knows was there before: so a file that says it again was set back, and one that
 * names an old revision in other words was written by somebody.
 *
 * Written behind the good copy, at each save. Killed before it, the next save notes that text: it builds upon it.
 */
import { hash128 } from '../domain/names.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './light/roster.ts';

const TEXTS_MAX = 200;

function textsFile(home: string, name: string): string {
  return coordinationPath(home, 'roster', 'good', `${fileNameOf(name)}.texts.json`);
}

function readTexts(home: string, name: string): string[] {
  const texts = readRecord<{ texts?: unknown }>(textsFile(home, name))?.texts;
  return Array.isArray(texts) ? texts.filter((one) => typeof one === 'string') : [];
}

/** `inner`: what stands between the lines of dashes. Git may have changed the line ends since (`core.autocrlf`). */
function keyOf(inner: string): string {
  return hash128(inner.replaceAll('\r\n', '\n'));
}

export function noteTexts(home: string, name: string, inners: readonly string[]): void {
  const known = readTexts(home, name);
  const all = [...new Set([...known, ...inners.map(keyOf)])];
  if (all.length > known.length) writeRecord(textsFile(home, name), { texts: all.slice(-TEXTS_MAX) }, false);
}

export function isKnownText(home: string, name: string, inner: string): boolean {
  return readTexts(home, name).includes(keyOf(inner));
}
