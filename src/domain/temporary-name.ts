/** How a file is called that coord is about to write: `.tmp-<pid>-<start>-<count>`, beside what it will become. */

export const TEMPORARY_PREFIX = '.tmp-';
/** For git, which knows no regular expressions. */
export const TEMPORARY_PATTERN = `${TEMPORARY_PREFIX}[0-9]*-[0-9a-z]*-[0-9]*`;
/** The start is a moment and more, in base 36: `.tmp-2024-01-01` is somebody else's. */
const WHOLE_NAME = /^\.tmp-\d+-[0-9a-z]{8,}-\d+$/;

/** True for what is under way, or left behind by a kill, in folders that are coord's alone. */
export function isTemporary(path: string): boolean {
  return nameOf(path).startsWith(TEMPORARY_PREFIX);
}

/** Where others may have a file of such a prefix too, and before one is removed. */
export function isCoordsTemporary(path: string): boolean {
  return isTemporary(path) && WHOLE_NAME.test(nameOf(path));
}

/** Without node:path, which a hook would have to load. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
