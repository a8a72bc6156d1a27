// Redirections: what they write, what they put on standard input, and whether what is printed still reaches the listener.
import { noteWrite } from './ledger.ts';
import { OPEN_OUTPUT } from './markers.ts';
import type { Place } from './parameters.ts';
import type { HereDoc, Redirect, Redirection, Word } from './syntax.ts';
import { expandWord, partsText, wordText } from './words.ts';
import type { World } from './world.ts';

/** Notes what the redirections write; returns the world inside them. */
export function applyRedirections(place: Place, redirections: readonly Redirection[]): World {
  let stdin = place.world.stdin;
  let out = place.world.out;
  for (const redirection of redirections) {
    const isStdin = descriptorOf(redirection) === 0;
    if (redirection.type === 'HereDoc') {
      const lines = textLines(hereDocText(place, redirection));
      if (isStdin) stdin = lines;
    } else if (redirection.type === 'HereString') {
      const text = redirection.target === undefined ? '' : wordText(place, redirection.target);
      if (isStdin) stdin = text.split('\n');
    } else {
      noteRedirect(place, redirection);
      if (isStdin && redirection.operator !== '>&') stdin = streamLines(place, redirection.target);
      if (isStdout(redirection)) out = out === undefined ? undefined : '';
    }
  }
  return { ...place.world, stdin, out };
}

/** The worlds after the command, with input and output as they were outside. */
export function endRedirections(
  redirections: readonly Redirection[],
  worlds: readonly World[],
  before: World,
): World[] {
  const isFed = redirections.some((redirection) => descriptorOf(redirection) === 0);
  const isTaken = redirections.some(isStdout);
  if (!isFed && !isTaken) return [...worlds];
  return worlds.map((world) => ({
    ...world,
    stdin: isFed ? before.stdin : world.stdin,
    out: isTaken ? before.out : world.out,
  }));
}

/** 0 is input; -1 is a variable's. */
function descriptorOf(redirection: Redirection): number {
  const { descriptor } = redirection;
  if (descriptor !== undefined) return descriptor.type === 'FileDescriptor' ? descriptor.value : -1;
  return redirection.type !== 'Redirect' || redirection.operator.startsWith('<') ? 0 : 1;
}

const isStdout = (redirection: Redirection): boolean =>
  redirection.type === 'Redirect' && !redirection.operator.startsWith('<') && descriptorOf(redirection) === 1;

const textLines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function hereDocText(place: Place, document: HereDoc): string {
  const { body, delimiter, operator } = document;
  const isQuoted = delimiter?.quoted === true;
  const raw = isQuoted
    ? body.text
    : body.parts === undefined
      ? unescaped(body.text)
      : partsText(place, body.parts);
  return operator === '<<-' ? raw.replace(/^\t+/gm, '') : raw;
}

const unescaped = (text: string): string =>
  text.replace(/\\([\\$`]|\n)/g, (_, char: string) => (char === '\n' ? '' : char));

function streamLines(place: Place, target: Word | undefined): string[] | undefined {
  if (target === undefined) return undefined;
  const stream = place.reader.streams.get(expandWord(place, target).join(' '));
  return stream === undefined || stream === OPEN_OUTPUT ? undefined : textLines(stream);
}

function noteRedirect(place: Place, redirect: Redirect): void {
  const { operator, target } = redirect;
  if (target === undefined) return;
  const targets = expandWord(place, target);
  if (operator === '<' || operator === '<&') return;
  for (const path of targets) {
    if (operator === '>&' && /^(\d+-?|-)$/.test(path)) continue;
    noteWrite(place.reader, place.world, path, `${operator} redirection`);
  }
}
