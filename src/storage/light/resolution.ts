/**
 * Resolves a path as the kernel would, also where its last parts do not exist yet: `..` after a symlink goes to the
 * parent of the link's target, a dangling symlink is followed to where it would create a file. A guard that compares
 * unresolved names is passed by an alias.
 */
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, sep } from 'node:path';
import { isMissing } from './place.ts';

const LINKS_MAX = 40;
/** Deeper than any tree that is worked in; whoever looks for what lies around a path goes up as far (location, place). */
const DEPTH_MAX = 250;

/** Absolute, resolved path of `path` seen from `cwd`; undefined for a loop of links, or a name no system takes. */
export function resolvePath(path: string, cwd: string): string | undefined {
  if (path.includes('\0')) return undefined;
  const whole = isAbsolute(path) ? path : `${cwd}${sep}${path}`;
  try {
    return realpathSync.native(whole);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const found = walk(whole, 0);
  return found !== undefined && found.split(sep).length > DEPTH_MAX ? undefined : found;
}

/** Part by part, following links, for what does not exist as a whole. */
function walk(whole: string, linksSeen: number): string | undefined {
  const { root } = parse(whole);
  const parts = whole.slice(root.length).split(sep === '\\' ? /[\\/]+/ : '/');
  let at = root;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (part === undefined || part === '' || part === '.') continue;
    if (part === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, part);
    const link = readLink(next);
    if (link === undefined) {
      at = next;
      continue;
    }
    if (linksSeen >= LINKS_MAX) return undefined;
    const rest = parts.slice(index + 1).join(sep);
    const onward = isAbsolute(link) ? link : `${at}${sep}${link}`;
    return walk(rest === '' ? onward : `${onward}${sep}${rest}`, linksSeen + 1);
  }
  return at;
}

function readLink(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Path below `root` with forward slashes, '' for the root itself, undefined when outside. */
export function relativeTo(root: string, path: string): string | undefined {
  if (path === root) return '';
  const prefix = root.endsWith(sep) ? root : root + sep;
  return path.startsWith(prefix) ? path.slice(prefix.length).replaceAll(sep, '/') : undefined;
}
