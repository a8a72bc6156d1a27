/**
 * The door to front matter. gray-matter finds it, `yaml` reads it, and no other language is let in: gray-matter would
 * run a `---js` block. Text is taken and given back as it is; what a person wrote beside the keys that coord sets,
 * comments included, stays.
 */
import matter from 'gray-matter';
import { type Document, isNode, LineCounter, parseDocument, YAMLParseError } from 'yaml';
import { QUIET, yamlEngine } from './yaml-engine.ts';

export type FrontMatterFlaw =
  | { code: 'front-matter-missing'; line: number }
  | { code: 'front-matter-language'; line: number; language: string }
  | { code: 'front-matter-broken'; line: number; detail: string };

export interface FrontMatter {
  readonly data: Record<string, unknown>;
  /** All after the closing line, byte for byte. */
  readonly body: string;
  readonly yaml: Document;
  /** The line in the file of a value, counted from 1. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

function refuse(): never {
  throw new Error('front matter in a language but YAML');
}

/** Every engine that gray-matter knows, so that none of its own can run. */
const ENGINES = {
  yaml: yamlEngine,
  json: { parse: refuse, stringify: refuse },
  javascript: { parse: refuse, stringify: refuse },
  js: { parse: refuse, stringify: refuse },
  coffee: { parse: refuse, stringify: refuse },
  toml: { parse: refuse, stringify: refuse },
};

const ALIASES_MAX = 100;

/** Splits a text into front matter and body, or says what is wrong and in which line. */
export function parseFrontMatter(source: string): FrontMatter | FrontMatterFlaw {
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
    const lines = new LineCounter();
    // From the first line to the close, its own line end included: a trailing CR or a lost LF would be the last value's.
    const inner = text.slice(first[0].length, close.index + 1);
    const yaml = parseDocument(inner, { ...QUIET, lineCounter: lines });
    const [error] = yaml.errors;
    if (error) throw error;
    const file = matter(text, { language: 'yaml', engines: ENGINES });
    // Nothing but comments between the lines: no key is set.
    const data = (yaml.toJS({ maxAliasCount: ALIASES_MAX }) ?? {}) as unknown;
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      return { code: 'front-matter-broken', line: 2, detail: 'it is not a list of keys and values' };
    }
    const lineOf = (path: readonly PropertyKey[]) => lineOfPath(yaml, lines, path);
    return { data: data as Record<string, unknown>, body: file.content, yaml, lineOf };
  } catch (error) {
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 1) + 1 : 2;
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { code: 'front-matter-broken', line, detail };
  }
}

function brokenAt(text: string, offset: number, detail: string): FrontMatterFlaw {
  return { code: 'front-matter-broken', line: text.slice(0, offset).split('\n').length, detail };
}

/** The line of the nearest node on the way to a path; the first line of the front matter at worst. */
function lineOfPath(yaml: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
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
  const { yaml } = before;
  for (const [key, value] of Object.entries(withoutUndefined(values) as Record<string, unknown>)) {
    if (JSON.stringify(before.data[key]) === JSON.stringify(value)) continue;
    yaml.set(key, yaml.createNode(value));
  }
  return `---\n${yaml.toString({ lineWidth: 0 })}---\n${body}`;
}

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
