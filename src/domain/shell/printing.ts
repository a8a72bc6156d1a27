// What echo and printf print.
import { EXPANSION_MAX, VALUE_CHARS_MAX } from './limits.ts';
import { isStatic, NAME, OPEN_VARIABLE } from './markers.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  e: '\x1b',
};

export function decodeEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|(0?[0-7]{1,3})|(.))/gs,
    (whole, hex, unicode, octal, char: string) => {
      if (hex !== undefined || unicode !== undefined)
        return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return ESCAPES[char] ?? whole;
    },
  );
}

export function echoText(args: readonly string[]): string {
  let at = 0;
  let escapes = false;
  let newline = '\n';
  for (; /^-[neE]+$/.test(args[at] ?? ''); at += 1) {
    const option = args[at] ?? '';
    if (option.includes('n')) newline = '';
    if (option.includes('e')) escapes = true;
  }
  const text = args.slice(at).join(' ');
  if (!escapes) return text + newline;
  // `\c` ends it all.
  const end = text.indexOf('\\c');
  return end < 0 ? decodeEscapes(text) + newline : decodeEscapes(text.slice(0, end));
}

/** The text, or undefined where the format is not known. */
export function printfText(args: readonly string[]): string | undefined {
  const [format, ...values] = args[0] === '--' ? args.slice(1) : args;
  if (format === undefined || !isStatic(format) || format.includes('%(') || format.length > VALUE_CHARS_MAX)
    return undefined;
  const pieces = decodeEscapes(format).split(/(%(?:%|[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]))/);
  const isEnded =
    format.includes('\\c') || (/%b/.test(format) && values.some((value) => value.includes('\\c')));
  if (isEnded || pieces.some((piece, index) => index % 2 === 0 && piece.includes('%'))) return undefined;
  const wanted = pieces.filter((piece) => /^%[^%]/.test(piece)).length;
  let text = '';
  let at = 0;
  for (let round = 0; round < EXPANSION_MAX; round += 1) {
    for (const piece of pieces) {
      if (piece === '%%') text += '%';
      else if (!/^%./.test(piece)) text += piece;
      else text += convert(piece, values[at++] ?? '');
    }
    if (wanted === 0 || at >= values.length) return text;
  }
  return undefined;
}

function convert(directive: string, value: string): string {
  if (directive === '%s' || directive === '%q') return value;
  if (directive === '%b') return decodeEscapes(value);
  if (/[diouxXeEfFgGaA]$/.test(directive)) return NAME;
  if (!isStatic(value)) return OPEN_VARIABLE;
  if (directive === '%c') return value.slice(0, 1);
  const [, width, precision] = /^%-?(\d*)(?:\.(\d+))?s$/.exec(directive) ?? [];
  if (width === undefined) return OPEN_VARIABLE;
  return value
    .slice(0, precision === undefined ? undefined : Number(precision))
    .padStart(Math.min(Number(width), 256));
}
