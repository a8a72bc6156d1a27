/** The known word closest to a mistyped one, where it is close at all. Pure. */

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** How far apart two words are; Infinity where nobody would take the one for the other. */
function nearness(typed: string, known: string): number {
  const found = distance(typed, known);
  return found <= Math.max(2, Math.floor(typed.length / 3)) ? found : Number.POSITIVE_INFINITY;
}

/** No command is as long: a longer word is none, and would take seconds to compare. */
const WORD_MAX = 80;

export function closestTo(typed: string, known: readonly string[]): string | undefined {
  const word = typed.slice(0, WORD_MAX);
  const first = word.split(' ')[0] ?? '';
  const scored = known.map((name) => ({
    name,
    score: Math.min(nearness(word, name), nearness(first, name), nearness(first, name.split(' ')[0] ?? '')),
    // Among commands of one first word, the rest of what was typed decides.
    whole: distance(word, name),
  }));
  const best = scored.sort((a, b) => a.score - b.score || a.whole - b.whole)[0];
  return best && best.score < Number.POSITIVE_INFINITY ? best.name : undefined;
}
