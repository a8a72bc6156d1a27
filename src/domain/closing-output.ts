/**
 * A worker's closing output (seed 001, `.taskers/runs/`): the last words of its session, as a text that may be kept. Pure.
 */
import { parseJson } from './json-value.ts';
import { cleanText } from './message.ts';

/** Enough for a report; a model that prints a file into its last answer has it cut. */
export const OUTPUT_CHARS_MAX = 65_536;

/** What is kept of it; undefined where it says nothing. */
export function boundOutput(told: unknown): string | undefined {
  if (typeof told !== 'string') return undefined;
  // What can be cut away may be much more than what is kept, and need not be cleaned.
  const text = cleanText(told.slice(0, OUTPUT_CHARS_MAX * 2)).trim();
  if (text === '') return undefined;
  if (text.length <= OUTPUT_CHARS_MAX && told.length <= OUTPUT_CHARS_MAX * 2) return text;
  // Half of a character that takes two units is none.
  const kept = text.slice(0, OUTPUT_CHARS_MAX).replace(/[\ud800-\udbff]$/, '');
  return `${kept}\n\n[… ${told.length} characters in all]`;
}

type Line = Readonly<Record<string, unknown>>;

/** The last words of the model in the end of a transcript; undefined where there are none, or it has another form. */
export function lastWords(transcript: string): string | undefined {
  const lines = transcript.split('\n');
  let message: unknown;
  const texts: string[] = [];
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    const said = line.includes('"assistant"') ? wordsOf(line) : undefined;
    if (!said) continue;
    // The client writes each part of one answer into a line of its own.
    if (texts.length > 0 && said.message !== message) break;
    if (said.text === '') continue;
    message = said.message;
    texts.unshift(said.text);
    if (message === undefined) break;
  }
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

function wordsOf(line: string): { text: string; message: unknown } | undefined {
  const value = parseJson(line) as Line | null | undefined;
  const message = value?.['type'] === 'assistant' ? (value['message'] as Line | null | undefined) : undefined;
  const content = message?.['content'];
  if (!Array.isArray(content)) return undefined;
  const parts = content.filter((part: Line | null) => part?.['type'] === 'text');
  const text = parts.map((part: Line) => String(part['text'] ?? '')).join('\n\n');
  return { text: text.trim(), message: message?.['id'] };
}
