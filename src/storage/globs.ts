/** The door to glob patterns: picomatch turns a scope into a regular expression once, so that a hook needs no library. */
import picomatch from 'picomatch';
import type { ScopeRule } from '../domain/ground.ts';
import { NOTHING, REPORTING_KIND } from '../domain/pool.ts';
import type { StatePhase } from '../domain/state-document.ts';

const GLOB_MAX = 300;
const EVERYTHING: ScopeRule = { glob: '**', pattern: '^[^]*$' };

/** The rule for a scope, relative to the worktree's root; undefined for one that leaves it or says nothing. */
export function scopeRuleOf(glob: string): ScopeRule | undefined {
  const clean = glob.replace(/^\.\//, '').replace(/\/+$/, '/**');
  const isOutside = clean.startsWith('/') || clean.split(/[/{},]/).includes('..') || /^[A-Za-z]:/.test(clean);
  if (clean === '' || clean.length > GLOB_MAX || isOutside) return undefined;
  // `src/**` covers the folder itself too: a tool may be about to make it.
  return { glob, pattern: picomatch.makeRe(withPlainBrackets(clean), { dot: true }).source };
}

/** What the guard holds the worker of a phase to: its scope; a reporting worker writes nothing. */
export function scopeOf({
  kind,
  scope,
  forbidden = [],
}: Pick<StatePhase, 'kind' | 'scope' | 'forbidden'>): ScopeRule[] {
  if (kind === REPORTING_KIND) return [{ glob: NOTHING, pattern: '(?!)' }];
  const [no, yes] = [forbidden, scope].map((globs) =>
    globs.map(scopeRuleOf).filter((rule) => rule !== undefined),
  );
  if (no === undefined || no.length === 0) return yes ?? [];
  const allowed = yes === undefined || yes.length === 0 ? [EVERYTHING] : yes;
  const except = no.map((rule) => `(?!${rule.pattern})`).join('');
  const but = ` (but not ${no.map((rule) => rule.glob).join(', ')})`;
  return allowed.map(({ glob, pattern }) => ({ glob: `${glob}${but}`, pattern: `${except}${pattern}` }));
}

/** Round brackets that make no extended glob are part of a name (`app/(shop)/page.tsx`), not a group. */
function withPlainBrackets(glob: string): string {
  return glob.replace(/(?<![@!?*+\\])\(([^()|]*)\)/g, '\\($1\\)');
}
