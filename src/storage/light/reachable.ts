/**
 * Looks at paths that are somebody else's: what is not there, and what this user may not reach, is the same answer. Of
 * coord's own files only the first is one (files.ts); the second is an error there.
 */
import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { isMissing } from './place.ts';

export function readReachable(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Of the path itself, where it is a link. */
export function statReachable(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
