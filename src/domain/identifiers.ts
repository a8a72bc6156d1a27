/**
 * Identifiers that people choose (phases, plans) and that coord makes (folders, branches, workers, messages).
 * All of them become file names, branch names and words of a command line, so the alphabet is narrow.
 */

const ID = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9_])?$/;
const NAME_MAX = 120;
const SLUG_MAX = 48;

/** A phase or plan id: letters, digits, `.`, `_`, `-`; at most 40 characters; no `..`; no `.lock` (git refuses it). */
export function isIdentifier(text: string): boolean {
  return ID.test(text) && !text.includes('..') && !/\.lock$/i.test(text);
}

/** A name for people: one line, no control characters, not blank. */
export function isDisplayName(text: string): boolean {
  return (
    text.trim() !== '' && text.length <= NAME_MAX && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)
  );
}

/** `State Coherence: Part 1` → `state-coherence-part-1`; letters outside ASCII fall away, an empty rest is `phase`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'phase' : slug;
}

/** `1`, `State Coherence` → `01-state-coherence`: the phase's folder, also the last part of its branch. */
export function phaseFolderOf(id: string, name: string): string {
  return `${/^\d$/.test(id) ? `0${id}` : id}-${slugOf(name)}`;
}

/** What all branches of coord's own making begin with. */
export const BRANCH_PREFIX = 'coord/';

export function branchOf(phaseFolder: string): string {
  return `${BRANCH_PREFIX}${phaseFolder}`;
}

/** The worker of phase `01` is `worker-01`: stable, so that mail finds it over any number of sessions. */
export function workerOf(phaseId: string): string {
  return `worker-${phaseId}`;
}

export const COORDINATOR = 'coordinator';
export const OPERATOR = 'operator';
/** The sender of what coord itself reports (a trespass, a dead letter). */
export const SYSTEM = 'coord';
/** A receiver of `coord send`: everybody but the sender. */
export const EVERYBODY = 'all';
/** What seed 002 calls the one agent inside the project. */
export const PROJECT_INSTANCE = 'project-instance';

/** Names that no phase may take, because mail is delivered by name. */
export function isReservedAgent(name: string): boolean {
  return [COORDINATOR, OPERATOR, SYSTEM, EVERYBODY, PROJECT_INSTANCE].includes(name.toLowerCase());
}

/**
 * A message id: `msg-YYYYMMDD-HHMMSSmmm-tail`. Sorts by time as text; the tail makes it unique among processes
 * in one millisecond. Shape of seed 002, made finer because ids of whole seconds repeated. A tail of coord's begins
 * with a mark (domain/message.ts): how urgent it is, so that of 10,000 waiting files only the names are read.
 */
export function printMessageId(atMs: number, tail: string): string {
  const iso = new Date(atMs).toISOString();
  const day = iso.slice(0, 10).replaceAll('-', '');
  const time = iso.slice(11, 23).replace(/[:.]/g, '');
  return `msg-${day}-${time}-${tail}`;
}

const MESSAGE_ID = /^msg-(\d{4})(\d{2})(\d{2})-\d{6,9}(?:-[A-Za-z0-9_.-]{1,80})?$/;

export function isMessageId(text: string): boolean {
  return MESSAGE_ID.test(text);
}

/** The milliseconds since 1970 that an id of ours names; undefined when the text is none. */
export function timeOfMessageId(id: string): number | undefined {
  const match = /^msg-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})(\d{0,3})(?:-|$)/.exec(id);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, millis = ''] = match;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis.padEnd(3, '0')}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** `2026-02-21` for an id of that day; undefined when the text is no id of ours. Names the archive's folder. */
export function dayOfMessageId(id: string): string | undefined {
  const match = MESSAGE_ID.exec(id);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined;
}
