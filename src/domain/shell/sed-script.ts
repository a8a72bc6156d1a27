// A sed script as far as it matters here: the files it writes (`w`, `W`, `s///w`) and the commands it runs (`e`, `s///e`).

interface SedEffects {
  readonly files: string[];
  readonly commands: string[];
  /** A command that only the input decides (`e` alone, `s///e`). */
  runsInput: boolean;
}

interface Cursor {
  readonly script: string;
  readonly heedsSets: boolean;
  at: number;
}

export function readSedScript(script: string): SedEffects {
  const effects: SedEffects = { files: [], commands: [], runsInput: false };
  readAll({ script, at: 0, heedsSets: false }, effects);
  // Whether a delimiter in `[…]` ends a pattern is one sed's answer and not another's: both are read.
  if (script.includes('[')) readAll({ script, at: 0, heedsSets: true }, effects);
  return effects;
}

function readAll(cursor: Cursor, effects: SedEffects): void {
  const { script } = cursor;
  while (cursor.at < script.length) {
    skipAddress(cursor);
    const command = script[cursor.at];
    cursor.at += 1;
    if (command !== undefined) readSedCommand(cursor, command, effects);
  }
}

function readSedCommand(cursor: Cursor, command: string, effects: SedEffects): void {
  switch (command) {
    case 's':
    case 'y': {
      const delimiter = cursor.script[cursor.at] ?? '';
      cursor.at += 1;
      skipSection(cursor, delimiter, command === 's');
      skipSection(cursor, delimiter, false);
      if (command === 's') readFlags(cursor, effects);
      return;
    }
    case 'w':
    case 'W':
      effects.files.push(restOfLine(cursor).trim());
      return;
    case 'e': {
      const code = restOfLine(cursor).trim();
      if (code === '') effects.runsInput = true;
      else effects.commands.push(code);
      return;
    }
    case 'a':
    case 'i':
    case 'c':
      skipText(cursor);
      return;
    case 'r':
    case 'R':
    case '#':
      restOfLine(cursor);
      return;
    case 'b':
    case 't':
    case 'T':
    case ':':
      while (cursor.at < cursor.script.length && !/[;\n}]/.test(cursor.script[cursor.at] ?? ''))
        cursor.at += 1;
  }
}

function readFlags(cursor: Cursor, effects: SedEffects): void {
  for (; cursor.at < cursor.script.length; cursor.at += 1) {
    const flag = cursor.script[cursor.at] ?? '';
    if (flag === 'w') {
      cursor.at += 1;
      effects.files.push(restOfLine(cursor).trim());
      return;
    }
    if (flag === 'e') effects.runsInput = true;
    if (!/[gpiImMe0-9]/.test(flag)) return;
  }
}

/** Addresses, blanks, braces and `!` before a command. */
function skipAddress(cursor: Cursor): void {
  const { script } = cursor;
  while (cursor.at < script.length) {
    const char = script[cursor.at] ?? '';
    if (char === '/' || char === '\\') {
      const delimiter = char === '/' ? char : (script[cursor.at + 1] ?? '');
      cursor.at += char === '/' ? 1 : 2;
      skipSection(cursor, delimiter, true);
      while (/[IM]/.test(script[cursor.at] ?? '')) cursor.at += 1;
    } else if (/[\s;{}!,$~+0-9]/.test(char)) cursor.at += 1;
    else return;
  }
}

/** `[…]`, with a `]` that stands first in it. */
const SET = /\[\^?\]?[^\]\n]{0,200}\]/y;

function skipSection(cursor: Cursor, delimiter: string, isPattern: boolean): void {
  const { script } = cursor;
  for (; cursor.at < script.length; cursor.at += 1) {
    SET.lastIndex = cursor.at;
    if (script[cursor.at] === '\\') cursor.at += 1;
    else if (isPattern && cursor.heedsSets && SET.test(script)) cursor.at = SET.lastIndex - 1;
    else if (script[cursor.at] === delimiter) {
      cursor.at += 1;
      return;
    }
  }
}

function restOfLine(cursor: Cursor): string {
  const end = cursor.script.indexOf('\n', cursor.at);
  const line = cursor.script.slice(cursor.at, end < 0 ? undefined : end);
  cursor.at = end < 0 ? cursor.script.length : end + 1;
  return line;
}

/** The text of `a`, `i`, `c`: to the end of a line that does not end in a backslash. */
function skipText(cursor: Cursor): void {
  while (restOfLine(cursor).endsWith('\\') && cursor.at < cursor.script.length);
}
