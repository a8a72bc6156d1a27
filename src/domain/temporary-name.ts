/** How a file is called that coord is about to write: `.tmp-<pid>-<start>-<count>`, beside what it will become. */

export const TEMPORARY_PREFIX = '.tmp-';
/** For git, which knows no regular expressions. */
export const TEMPORARY_PATTERN = `${TEMPORARY_PREFIX}[0-9]*-[0-9a-z]*-[0-9]*`;
const WHOLE_NAME = /^\.tmp-\d+-[0-9a-z]+-\d+$/;

/** True for what is under way, or left behind by a kill. */
export function isTemporary(path: string): boolean {
  return nameOf(path).startsWith(TEMPORARY_PREFIX);
}

/** Where others may have a file of such a prefix too. */
export function isCoordsTemporary(path: string): boolean {
  return WHOLE_NAME.test(nameOf(path));
}

/** Without node:path, which a hook would have to load. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
