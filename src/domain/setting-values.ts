/** What a value of a setting may be, whatever the setting: lines of text, branches, lists of commands and words. */

const WORDS_MAX = 50;

export function isOneLine(text: string, charsMax: number): boolean {
  return (
    text.trim() !== '' && text.length <= charsMax && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)
  );
}

/** As `git check-ref-format --branch` has it, without asking git. */
export function isBranchName(text: string): boolean {
  if (!isOneLine(text, 200) || /[\s~^:?*[\\]|\.\.|@\{|\/\/|[./]$/.test(text) || text === '@') return false;
  return text.split('/').every((part) => part !== '' && !/^[.-]|\.lock$/.test(part));
}

export function isCommandList(value: unknown, [commandsMax, charsMax]: readonly [number, number]): boolean {
  if (!Array.isArray(value) || value.length > commandsMax) return false;
  const commands = value.map((item: unknown) => (typeof item === 'string' ? item.trim() : ''));
  return (
    commands.every((command) => isOneLine(command, charsMax)) && new Set(commands).size === commands.length
  );
}

/** The program itself stands there as it is: no failure's words may name one. */
export function isProgram(value: unknown, [wordsMax, charsMax]: readonly [number, number]): boolean {
  if (!Array.isArray(value) || value.length > wordsMax) return false;
  const isWord = (word: unknown) => typeof word === 'string' && isOneLine(word, charsMax);
  return value.every(isWord) && !/\{\w+\}/.test(String(value[0] ?? ''));
}

export function isWordList(value: unknown, isFit: (word: string) => boolean): boolean {
  if (!Array.isArray(value) || value.length > WORDS_MAX) return false;
  return value.every((word: unknown) => typeof word === 'string' && isFit(word));
}
