/**
 * The only front-matter engine: the `yaml` package. It also stands in for `js-yaml`, which gray-matter would load:
 * the build aliases that name to this file, so no second YAML reader is in any bundle.
 */
import { parse, stringify } from 'yaml';

/** No line is folded: a person's diff shows what changed and nothing else. */
const STRINGIFY = { lineWidth: 0 } as const;

/** A tag that nobody knows, or a key that is a list, is no error; the package would say so on stderr, past whoever asked. */
export const QUIET = { logLevel: 'error' } as const;

export function safeLoad(text: string): unknown {
  return parse(text, QUIET);
}

export function safeDump(value: unknown): string {
  return stringify(value, STRINGIFY);
}

export const yamlEngine = {
  parse: (text: string): object => {
    const value: unknown = safeLoad(text);
    return typeof value === 'object' && value !== null ? value : {};
  },
  stringify: (value: object): string => safeDump(value),
};
