// Lexical paths: joining and taking apart, never looking. Parts may hold markers.
import { BELOW, hasSeveral, NAME } from './markers.ts';

const DRIVE = /^[A-Za-z]:[\\/]/;

export function isAbsolute(path: string, windows: boolean): boolean {
  return path.startsWith('/') || (windows && DRIVE.test(path));
}

/** `/c/x` of Git Bash and `C:\x` are one place; so that they meet, both are written `C:/x` where the cwd is written so. */
function windowsPath(path: string, cwd: string): string {
  const slashed = path.replaceAll('\\', '/');
  const mount = /^\/([A-Za-z])(\/.*)?$/.exec(slashed);
  return mount && DRIVE.test(cwd) ? `${(mount[1] ?? '').toUpperCase()}:${mount[2] ?? '/'}` : slashed;
}

/** Joined, without empty and `.` parts and without a trailing slash; `..` stays. */
export function joinPath(cwd: string, path: string, windows = false): string {
  const told = windows ? windowsPath(path, cwd) : path;
  const joined = isAbsolute(told, windows) ? told : `${cwd}/${told}`;
  return tidyPath(joined);
}

function tidyPath(path: string): string {
  if (!/\/\/|\/\.(\/|$)|.\/$/.test(path)) return path;
  const parts = path.split('/').filter((part, at) => (part !== '' && part !== '.') || at === 0);
  return parts.length === 1 && parts[0] === '' ? '/' : parts.join('/');
}

/** As `cd` does it: `..` takes the part before it away, wherever that part is known to be one part. */
export function normalPath(path: string): string {
  if (!path.includes('..')) return tidyPath(path);
  const done: string[] = [];
  for (const [at, part] of path.split('/').entries()) {
    if (part === '.' || (part === '' && at > 0)) continue;
    const last = done.at(-1);
    if (part !== '..' || last === undefined || last === '..' || hasSeveral(last)) done.push(part);
    else if (last !== '') done.pop();
  }
  return done.length === 1 && done[0] === '' ? '/' : done.join('/');
}

/** The last part; a name that is not known where the last part is not. */
export function baseName(path: string): string {
  const bare = path.replace(/\/+$/, '');
  const base = bare.slice(bare.lastIndexOf('/') + 1);
  return hasSeveral(base) ? NAME : base;
}

export function directoryName(path: string): string {
  const bare = path.replace(/\/+$/, '');
  const cut = bare.lastIndexOf('/');
  const base = bare.slice(cut + 1);
  if (hasSeveral(base)) return path;
  if (cut < 0) return '.';
  return cut === 0 ? '/' : bare.slice(0, cut);
}

/** Whether a path says by its form that it is a directory. */
export const saysDirectory = (path: string): boolean => /(^|\/)\.{0,2}$/.test(path);

/** What lies below a directory: some of it, or what another marker stands for. */
export const below = (directory: string, which = BELOW): string =>
  `${directory === '' ? '.' : directory.replace(/\/$/, '')}/${which}`;

/** What is meant by its form as a path on another host. */
export const isRemotePath = (path: string): boolean =>
  /^[a-z+]+:\/\//i.test(path) || /^[^/:]+:/.test(path) || path.includes('::');
