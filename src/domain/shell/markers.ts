// A word's value is a plain string in which private-use characters stand for what is not known. They survive quoting, joining and
// a second parse (`bash -c "rm $X/f"`), so the unknown stays visible wherever the string goes. One that comes in with the command
// itself merely makes that command's words unknown.

/** Anything at all, because of a variable. */
export const OPEN_VARIABLE = '\uE000';
/** Anything at all, because of a program's output. */
export const OPEN_OUTPUT = '\uE001';
/** Some text without a slash: a number, a file's name. */
export const NAME = '\uE002';
/** Some relative path without `..`: one of the things below. */
export const BELOW = '\uE003';
/** Each of the things below. */
export const EVERY = '\uE004';
/** The text that follows, or something else. */
export const MAYBE = '\uE005';
/** Glob characters that the shell will expand. */
export const STAR = '\uE006';
export const ONE = '\uE007';
export const CLASS_OPEN = '\uE008';
export const CLASS_CLOSE = '\uE009';
/** Some of the things below, hidden ones too: what a search through all of it comes by. */
export const FOUND = '\uE00A';

const ANY = /[\uE000-\uE00A]/;
const OPEN = /[\uE000\uE001]/;
const SEVERAL = /[\uE000\uE001\uE003\uE004\uE00A]/;
const PATTERN = /[\uE000-\uE004\uE006-\uE00A]/;

export const isStatic = (text: string): boolean => !ANY.test(text);
export const isOpen = (text: string): boolean => OPEN.test(text);
/** Whether some marker may stand for more than one part of a path. */
export const hasSeveral = (text: string): boolean => SEVERAL.test(text);
export const hasPattern = (text: string): boolean => PATTERN.test(text);
export const firstOpen = (text: string): number => text.search(OPEN);
export const withoutMaybe = (text: string): string => text.replaceAll(MAYBE, '');

const PRINTED: Readonly<Record<string, string>> = {
  [OPEN_VARIABLE]: '*',
  [OPEN_OUTPUT]: '*',
  [NAME]: '*',
  [BELOW]: '*',
  [EVERY]: '*',
  [MAYBE]: '',
  [STAR]: '*',
  [ONE]: '?',
  [CLASS_OPEN]: '[',
  [CLASS_CLOSE]: ']',
  [FOUND]: '*',
};

/** The string with glob characters where the markers were. */
export function printText(text: string): string {
  return isStatic(text) ? text : text.replace(/[\uE000-\uE00A]/g, (marker) => PRINTED[marker] ?? '*');
}

/** What an unquoted value's own glob characters become. */
export function activateGlobs(text: string): string {
  if (!/[*?[]/.test(text)) return text;
  const hasClass = text.indexOf(']') > text.indexOf('[');
  return text
    .replaceAll('*', STAR)
    .replaceAll('?', ONE)
    .replaceAll('[', hasClass ? CLASS_OPEN : '[')
    .replaceAll(']', hasClass ? CLASS_CLOSE : ']');
}
