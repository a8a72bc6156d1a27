/**
 * Loads a sibling bundle at the moment it is needed. A branch not taken inside one file still costs its parse, so
 * what few calls need lies in a file of its own.
 */
import { join } from 'node:path';

export function loadBundle<T>(
  name:
    | 'dropped'
    | 'evidence'
    | 'locks'
    | 'refusals'
    | 'seat'
    | 'settings'
    | 'staging'
    | 'tests'
    | 'trespass',
): T {
  return require(join(__dirname, `${name}.cjs`)) as T;
}
