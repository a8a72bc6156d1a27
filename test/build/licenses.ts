/** The licences of what is bundled: each asks to be kept with its copies. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** `zod`, `@scope/name` … of every bundled file that came from a package. */
export function bundledPackages(metafiles: readonly Metafile[]): string[] {
  const names = new Set<string>();
  for (const metafile of metafiles) {
    for (const input of Object.keys(metafile.inputs)) {
      const match = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match?.[1]) names.add(match[1]);
    }
  }
  return [...names].sort();
}

/** One text with every package's licence; throws for a package that comes without one. */
export function printLicenses(root: string, packages: readonly string[]): string {
  const parts = packages.map((name) => {
    const folder = join(root, 'node_modules', name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
    const text =
      file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
    if (text === undefined && typeof manifest['license'] !== 'string')
      throw new Error(`${name} names no licence`);
    return `${name} ${manifest['version']} (${manifest['license']})\n\n${text ?? '(its package holds no licence text)'}\n`;
  });
  return `What is bundled into the files beside this one.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
