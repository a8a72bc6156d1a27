// Redirections: what they write, what they put on standard input, and whether what is printed still reaches the listener.
import { noteWrite } from './ledger.ts';
import type { Place } from './parameters.ts';
import type { Reader } from './reader.ts';
import type { HereDoc, Redirect, Redirection } from './syntax.ts';
import { expandWord, partsText, wordText } from './words.ts';
import { setVariable, type World } from './world.ts';
import { rememberText, streamText, writtenText } from './written-files.ts';

export interface Redirected {
  /** The world inside the redirections, and the one outside before them. */
  readonly inside: World;
  readonly outside: World;
  readonly isFed: boolean;
  readonly isTaken: boolean;
  /** Files that take what is printed, with the text they had when it is added to that. */
  readonly files: readonly { readonly path: string; readonly before: string | undefined }[];
}

/** Notes what the redirections write. */
export function applyRedirections(place: Place, redirections: readonly Redirection[]): Redirected {
  const files: { path: string; before: string | undefined }[] = [];
  let stdin = place.world.stdin;
  let out = place.world.out;
  for (const redirection of redirections) {
    const isStdin = descriptorOf(redirection) === 0;
    // `{fd}>f`: a number that later redirections go by.
    if (redirection.descriptor?.type === 'FileDescriptorVariable')
      place.world = setVariable(place.world, redirection.descriptor.name, '10');
    if (redirection.type === 'HereDoc') {
      const lines = textLines(hereDocText(place, redirection));
      if (isStdin) stdin = lines;
    } else if (redirection.type === 'HereString') {
      const text = redirection.target === undefined ? '' : wordText(place, redirection.target);
      if (isStdin) stdin = text.split('\n');
    } else {
      const targets = redirection.target === undefined ? [] : expandWord(place, redirection.target);
      if (isStdin) stdin = targetLines(place, targets);
      if (isStdout(redirection)) {
        out = '';
        for (const path of targets) files.push({ path, before: textBefore(place, redirection, path) });
      }
      noteRedirect(place, redirection, targets);
    }
  }
  const isFed = redirections.some((redirection) => descriptorOf(redirection) === 0);
  const isTaken = redirections.some(isStdout);
  return { inside: { ...place.world, stdin, out }, outside: place.world, isFed, isTaken, files };
}

/** The worlds after the command, with input and output as they were outside. */
export function endRedirections(reader: Reader, redirected: Redirected, worlds: readonly World[]): World[] {
  const { outside, isFed, isTaken, files } = redirected;
  if (!isFed && !isTaken) return [...worlds];
  const outputs = new Set(worlds.map((world) => world.out));
  const output = outputs.size === 1 ? [...outputs][0] : undefined;
  for (const { path, before } of files) {
    rememberText(
      reader,
      outside,
      path,
      output === undefined || before === undefined ? undefined : before + output,
    );
  }
  return worlds.map((world) => ({
    ...world,
    stdin: isFed ? outside.stdin : world.stdin,
    out: isTaken ? outside.out : world.out,
  }));
}

/** What `>>` adds to: undefined where that is not known. */
const textBefore = ({ reader, world }: Place, redirect: Redirect, path: string): string | undefined =>
  redirect.operator.includes('>>') ? writtenText(reader, world, path) : '';

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

function targetLines({ reader, world }: Place, targets: readonly string[]): string[] | undefined {
  const path = targets.join(' ');
  const text = streamText(reader, world, path) ?? writtenText(reader, world, path);
  return text === undefined ? undefined : textLines(text);
}

function noteRedirect(place: Place, { operator }: Redirect, targets: readonly string[]): void {
  if (operator === '<' || operator === '<&') return;
  for (const path of targets) {
    if (operator === '>&' && /^(\d+-?|-)$/.test(path)) continue;
    noteWrite(place.reader, place.world, path, `${operator} redirection`);
  }
}
