/** The names of peers (peers.ts), which the guard knows without looking any up. */

const SHORT = 8;
const LONGER_BY = 4;
const NAME_MAX = 60;

/** The names that an id may have, shortest first. */
export function namesFor(id: string): string[] {
  const plain = id.toLowerCase().replace(/[^a-z0-9]/g, '') || 'unknown';
  const names: string[] = [];
  for (let length = SHORT; ; length += LONGER_BY) {
    names.push(`agent-${plain.slice(0, Math.min(length, NAME_MAX))}`);
    if (length >= plain.length || length >= NAME_MAX) break;
  }
  // Two ids of which one is the whole beginning of the other.
  return [...names, ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${names.at(-1)}-${n}`)];
}

/** What an instance is called that has opened nothing yet. */
export function peerNameOf(session: string, agent: string | null): string {
  return namesFor(agent ?? session)[0] ?? 'agent-unknown';
}
