/** The door to glob patterns: picomatch turns a scope into a regular expression once, so that a hook needs no library. */
import picomatch from 'picomatch';
import type { ScopeRule } from '../domain/ground.ts';

const GLOB_MAX = 300;

/** The rule for a scope, relative to the worktree's root; undefined for one that leaves it or says nothing. */
export function scopeRuleOf(glob: string): ScopeRule | undefined {
  const clean = glob.replace(/^\.\//, '').replace(/\/+$/, '/**');
  const isOutside = clean.startsWith('/') || clean.split(/[/{},]/).includes('..') || /^[A-Za-z]:/.test(clean);
  if (clean === '' || clean.length > GLOB_MAX || isOutside) return undefined;
  // `src/**` covers the folder itself too: a tool may be about to make it.
  return { glob, pattern: picomatch.makeRe(withPlainBrackets(clean), { dot: true }).source };
}

/** Round brackets that make no extended glob are part of a name (`app/(shop)/page.tsx`), not a group. */
function withPlainBrackets(glob: string): string {
  return glob.replace(/(?<![@!?*+\\])\(([^()|]*)\)/g, '\\($1\\)');
}
