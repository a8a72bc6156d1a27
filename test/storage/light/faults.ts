/** Faults of node:fs that no real file system makes on order, such as a full disk; everything else stays real. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

export const real = { ...fs };
const replaced = new Set<string>();

/** Replaces single calls, until `restore`. */
export function replace(calls: Partial<typeof fs>): void {
  for (const name of Object.keys(calls)) replaced.add(name);
  Object.assign(fs, calls);
  syncBuiltinESMExports();
}

export function restore(): void {
  replace(Object.fromEntries(Object.entries(real).filter(([name]) => replaced.has(name))));
}

/** A call that always fails so. */
export function failing(code: string): () => never {
  return () => {
    throw errno(code);
  };
}

export function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** The calls made meanwhile, by name. */
export function callsDuring(body: () => void, names: Array<keyof typeof fs>): string[] {
  const calls: string[] = [];
  const spied = names.map((name) => {
    const call = real[name] as (...values: unknown[]) => unknown;
    const spy = (...values: unknown[]) => {
      calls.push(name);
      return call(...values);
    };
    return [name, spy] as const;
  });
  replace(Object.fromEntries(spied));
  body();
  restore();
  return calls;
}
