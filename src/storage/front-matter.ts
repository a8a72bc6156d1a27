/**
 * The door to front matter. gray-matter finds it, `yaml` reads it, and no other language is let in: gray-matter would
 * run a `---js` block. Text is taken and given back as it is; what a person wrote beside the keys that coord sets,
 * comments included, stays.
 */

import matter from 'gray-matter';
import { type Document, isNode, LineCounter, parseDocument, YAMLParseError } from 'yaml';
import { isObject } from '../domain/json-value.ts';
import { QUIET, yamlEngine } from './yaml-engine.ts';

export type FrontMatterFlaw =
  | { code: 'front-matter-missing'; line: number }
  | { code: 'front-matter-language'; line: number; language: string }
  | { code: 'front-matter-broken'; line: number; detail: string };

export interface FrontMatter {
  readonly data: Record<string, unknown>;
  /** All after the closing line, byte for byte. */
  readonly body: string;
  /** What stands between the lines of dashes. */
  readonly inner: string;
  /** Made at the first call, where `data` was known. */
  readonly yaml: () => Document;
  /** The line in the file of a value, counted from 1. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

function refuse(): never {
  throw new Error('front matter in a language but YAML');
}

/** Every engine that gray-matter knows, so that none of its own can run. It is asked for the body alone: YAML is read here, once. */
const ENGINES = {
  yaml: { parse: () => ({}), stringify: refuse },
  json: { parse: refuse, stringify: refuse },
  javascript: { parse: refuse, stringify: refuse },
  js: { parse: refuse, stringify: refuse },
  coffee: { parse: refuse, stringify: refuse },
  toml: { parse: refuse, stringify: refuse },
};

const ALIASES_MAX = 100;

/** The values of a YAML text that was read before; undefined for any other. Reading much of it takes a tenth of a second. */
export type Known = (inner: string) => Record<string, unknown> | undefined;

/** Splits a text into front matter and body, or says what is wrong and in which line. */
export function parseFrontMatter(source: string, known?: Known): FrontMatter | FrontMatterFlaw {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const first = /^---(?!-)([^\r\n]*)(?:\r?\n|$)/.exec(text);
  if (!first) return { code: 'front-matter-missing', line: 1 };
  const language = (first[1] ?? '').trim();
  if (language !== '' && language.toLowerCase() !== 'yaml')
    return { code: 'front-matter-language', line: 1, language };
  const close = /\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!close) return brokenAt(text, text.length, 'the closing --- is missing');
  const dashes = text.indexOf('\n---');
  if (dashes !== close.index) return brokenAt(text, dashes + 1, 'a line of dashes that does not close it');
  try {
    // From the first line to the close, its own line end included: a trailing CR or a lost LF would be the last value's.
    const inner = text.slice(first[0].length, close.index + 1);
    const { content: body } = matter(text, { language: 'yaml', engines: ENGINES });
    const data = known?.(inner);
    if (data) {
      let read: Reading | undefined;
      const reading = () => {
        read ??= readYaml(inner);
        return read;
      };
      return { data, body, inner, yaml: () => reading().yaml, lineOf: (path) => lineOfPath(reading(), path) };
    }
    const reading = readYaml(inner);
    // Nothing but comments between the lines: no key is set.
    const values = (reading.yaml.toJS({ maxAliasCount: ALIASES_MAX }) ?? {}) as unknown;
    if (!isObject(values)) {
      return { code: 'front-matter-broken', line: 2, detail: 'it is not a list of keys and values' };
    }
    const lineOf = (path: readonly PropertyKey[]) => lineOfPath(reading, path);
    return { data: values, body, inner, yaml: () => reading.yaml, lineOf };
  } catch (error) {
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 1) + 1 : 2;
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { code: 'front-matter-broken', line, detail };
  }
}

/** A text that is all body. */
export function allBody(text: string): FrontMatter {
  const found = parseFrontMatter(`---\n---\n${text}`);
  if ('code' in found) throw new Error('an empty front matter was not understood');
  return found;
}

interface Reading {
  readonly yaml: Document;
  readonly lines: LineCounter;
}

function readYaml(inner: string): Reading {
  const lines = new LineCounter();
  const yaml = parseDocument(inner, { ...QUIET, lineCounter: lines });
  const [error] = yaml.errors;
  if (error) throw error;
  return { yaml, lines };
}

function brokenAt(text: string, offset: number, detail: string): FrontMatterFlaw {
  return { code: 'front-matter-broken', line: text.slice(0, offset).split('\n').length, detail };
}

/** The line of the nearest node on the way to a path; the first line of the front matter at worst. */
function lineOfPath({ yaml, lines }: Reading, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = yaml.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line + 1;
  }
  return 2;
}

/** The front matter with these values set; keys whose value did not change keep their text and comments. */
export function printFrontMatter(before: FrontMatter | undefined, values: object, body: string): string {
  if (!before) {
    return `---\n${yamlEngine.stringify(withoutUndefined(values) as object)}---\n${body}`;
  }
  const yaml = before.yaml();
  for (const [key, value] of Object.entries(withoutUndefined(values) as Record<string, unknown>)) {
    if (JSON.stringify(before.data[key]) === JSON.stringify(value)) continue;
    yaml.set(key, yaml.createNode(value));
  }
  return `---\n${yaml.toString({ lineWidth: 0 })}---\n${body}`;
}

/** What a text that printFrontMatter made has between its lines of dashes. */
export function innerOf(printed: string): string {
  return printed.slice(4, printed.indexOf('\n---\n') + 1);
}

/** The values that it has there. */
export function valuesAfter({ data }: FrontMatter, values: object): Record<string, unknown> {
  return { ...data, ...(withoutUndefined(values) as Record<string, unknown>) };
}

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
