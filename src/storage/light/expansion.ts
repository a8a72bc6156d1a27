/** Expands a shell glob against the disk, as the shell will: bounded, dot files only where the pattern names the dot. */
import { sep } from 'node:path';
import { listNames } from './files.ts';
import { isMissing } from './place.ts';
import { statReachable } from './reachable.ts';

const MATCHES_MAX = 1_000;
const NAMES_MAX = 10_000;

/** The paths that a pattern matches; the pattern itself when nothing does (as bash passes it on); 'too-many'. */
export function expandGlob(pattern: string): string[] | 'too-many' {
  const parts = pattern.split('/').filter((part, index) => part !== '' || index === 0);
  let found: string[] = [pattern.startsWith('/') ? sep : '.'];
  for (const part of parts.slice(pattern.startsWith('/') ? 1 : 0)) {
    const next: string[] = [];
    for (const folder of found) {
      if (!isGlob(part)) {
        next.push(`${folder}${folder.endsWith(sep) ? '' : sep}${unescaped(part)}`);
        continue;
      }
      const names = part === '**' ? treeNames(folder) : matches(folder, part);
      for (const name of names) next.push(`${folder}${folder.endsWith(sep) ? '' : sep}${name}`);
      if (next.length > MATCHES_MAX) return 'too-many';
    }
    found = next;
  }
  const there = found.filter((path) => statReachable(path) !== undefined);
  return there.length > 0 ? there : [pattern];
}

function isGlob(part: string): boolean {
  return /[*?[]|[@+!]\(/.test(part);
}

function unescaped(part: string): string {
  return part.replace(/\\(.)/g, '$1');
}

function matches(folder: string, part: string): string[] {
  const pattern = patternOf(part);
  const withDots = part.startsWith('.');
  return namesIn(folder).filter((name) => (withDots || !name.startsWith('.')) && pattern.test(name));
}

/** A pattern goes through whatever the part before it matched: plain files too, and folders that may not be read. */
function namesIn(folder: string): string[] {
  try {
    return listNames(folder, NAMES_MAX);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function treeNames(folder: string): string[] {
  return ['.', ...namesIn(folder).filter((name) => !name.startsWith('.'))];
}

/** A bracket expression: a `]` that comes first is a letter of it, and so is one inside a class. */
const SET = /^\[[!^]?\]?(?:\[:[a-z]*:\]|[^\]])*\]/;

/** The regular expression of one part; an extended glob is taken for `*`, which matches more. */
function patternOf(part: string): RegExp {
  let source = '';
  for (let at = 0; at < part.length; at++) {
    const sign = part[at] ?? '';
    if (/[@+!?*]/.test(sign) && part[at + 1] === '(') return /.*/;
    if (sign === '*') source += '.*';
    else if (sign === '?') source += '.';
    else if (sign === '[') {
      const [set = ''] = SET.exec(part.slice(at)) ?? [];
      if (set === '') source += '\\[';
      else {
        const inner = set
          .slice(1, -1)
          .replace(/^[!^]/, '^')
          .replace(/[\\[\]]/g, '\\$&');
        source += set.includes('[:') ? '.' : `[${inner}]`;
        at += set.length - 1;
      }
    } else if (sign === '\\') source += `\\${part[++at] ?? '\\'}`;
    else source += sign.replace(/[.+^${}()|\]\\]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch (error) {
    if (error instanceof SyntaxError) return /.*/;
    throw error;
  }
}
