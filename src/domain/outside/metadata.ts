/**
 * The metadata of a message that was made outside of coord, brought into the published shapes (metadata.ts). Nothing
 * that somebody wrote is lost: a field that no message has goes into the metadata, and what is not as its key
 * asks for, or is coord's own to say, stays under `claimed_<key>`, where nothing believes it.
 */
import { CONTENT_MAX, cleanLine, judgeDraft, type MessageType, type Metadata } from '../message.ts';
import { hasShape, isComplete, type MetadataShape, shapeOf } from '../metadata.ts';
import { type OutsideReading, shown, take } from './fields.ts';

/** Levels at most: JSON.stringify climbs down level by level, and would run out of stack. */
const DEPTH_MAX = 32;
const STRAYS_NAMED_MAX = 8;
const CLAIM = 'claimed_';
const INCOMPLETE: Readonly<Record<string, string>> = {
  verdict: 'a verdict says "accept" or "reject" in `metadata.verdict`, and what it judges in `references`',
  ack: 'it acknowledges nothing: `references` must name the messages',
};

/** The metadata, with every field that nobody took before. */
export function readMetadata(
  reading: OutsideReading,
  message: { type: MessageType | undefined; references: readonly string[] },
): Metadata {
  const { left, notes, flaws } = reading;
  const given = take(reading, 'metadata') ?? {};
  delete left['read'];
  delete left['$schema'];
  if (typeof given !== 'object' || Array.isArray(given)) {
    flaws.push(`\`metadata\` is ${shown(given)}, not an object`);
    return {};
  }
  const isSaidTwice = (key: string) => Object.hasOwn(given, key);
  const strays = Object.keys(left);
  const kept = strays.filter((key) => !isSaidTwice(key));
  noteStrays(notes, 'no field of a message; kept in `metadata`', kept);
  noteStrays(notes, 'in `metadata` too, and that one counts', strays.filter(isSaidTwice));
  const metadata = shaped({ ...left, ...given }, notes);
  if (isDeeperThan(metadata, DEPTH_MAX)) flaws.push(`its metadata is nested deeper than ${DEPTH_MAX} levels`);
  else if (JSON.stringify(metadata).length > CONTENT_MAX)
    flaws.push(`its metadata has more than ${CONTENT_MAX} characters of JSON`);
  if (!isComplete({ ...message, type: message.type ?? '', metadata }))
    flaws.push(INCOMPLETE[message.type ?? ''] ?? '');
  return metadata;
}

function noteStrays(notes: string[], what: string, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const named = keys.slice(0, STRAYS_NAMED_MAX).map((key) => `\`${cleanLine(key, 40)}\``);
  notes.push(`${named.join(', ')}${keys.length > named.length ? ' …' : ''}: ${what}`);
}

function shaped(given: Metadata, notes: string[]): Metadata {
  const metadata: Record<string, unknown> = { ...given };
  for (const key of Object.keys(given)) {
    const value = given[key];
    const shape = shapeOf(key);
    if (isOwn(key)) keepAsClaim(metadata, key, "is coord's to write", notes);
    else if (shape !== undefined && !hasShape(shape, value)) {
      const meant = meantBy(shape, value);
      if (meant === undefined) keepAsClaim(metadata, key, 'is not what the schema asks for', notes);
      else {
        metadata[key] = meant;
        notes.push(`\`metadata.${key}\` is ${shown(value)}, and was read as ${JSON.stringify(meant)}`);
      }
    }
  }
  return metadata;
}

/** What coord alone writes, by the house's own measure. */
export function isOwn(key: string): boolean {
  const flaw = judgeDraft({ to: '', type: 'directive', content: 'x', metadata: { [key]: '' } });
  return flaw?.code === 'message-metadata-reserved';
}

function keepAsClaim(metadata: Record<string, unknown>, key: string, why: string, notes: string[]): void {
  let name = `${CLAIM}${key}`;
  while (name in metadata) name = `${CLAIM}${name}`;
  metadata[name] = metadata[key];
  delete metadata[key];
  notes.push(`\`metadata.${key}\` ${why}; kept as \`${name}\``);
}

const VERDICT_MEANT: Readonly<Record<string, string>> = {
  accept: 'accept',
  accepted: 'accept',
  approve: 'accept',
  approved: 'accept',
  reject: 'reject',
  rejected: 'reject',
};

/** What a value of another shape means, where only one thing can be meant. */
function meantBy(shape: MetadataShape, value: unknown): unknown {
  if (shape === 'text' && typeof value === 'number') return String(value);
  if (shape === 'artifacts' && typeof value === 'string' && value !== '') return [value];
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return shape === 'verdict' && Object.hasOwn(VERDICT_MEANT, word) ? VERDICT_MEANT[word] : undefined;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
