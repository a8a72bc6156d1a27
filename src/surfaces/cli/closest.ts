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

export function closestTo(word: string, known: readonly string[]): string | undefined {
  const first = word.split(' ')[0] ?? '';
  const scored = known.map((name) => ({
    name,
    score: Math.min(distance(word, name), distance(first, name), distance(first, name.split(' ')[0] ?? '')),
  }));
  const best = scored.sort((a, b) => a.score - b.score)[0];
  return best && best.score <= Math.max(2, Math.floor(word.length / 3)) ? best.name : undefined;
}
