/** The known word closest to a mistyped one, where it is close at all. Pure. */

/** Letters added, left out, changed, or two neighbours swapped: what it takes to make the one of the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (before[j - 2] ?? 0) + 1
          : Number.POSITIVE_INFINITY;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution, swap));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** How far apart two words are; Infinity where nobody would take the one for the other. */
function nearness(typed: string, known: string): number {
  const found = distance(typed, known);
  const allowed = typed.length < 4 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  return found <= allowed ? found : Number.POSITIVE_INFINITY;
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

/** The numbers of an id, without zeros in front, and its letters: `worker-01` is 1 and `worker`. */
function partsOf(id: string): { numbers: string; letters: string } {
  const numbers = (id.match(/\d+/g) ?? []).map((digits) => String(Number(digits))).join('.');
  return { numbers, letters: id.toLowerCase().replace(/[^a-z]/g, '') };
}

const MARKS = /[^a-z0-9]/g;

/**
 * The id that was meant: `1-1` and `0101` are 01-01, `worker1` is worker-01. Never one with other numbers, which is
 * another thing and no slip of the finger.
 */
export function closestId(given: string, known: readonly string[]): string | undefined {
  const typed = given.slice(0, WORD_MAX);
  const { numbers, letters } = partsOf(typed);
  const alike = known.filter((id) => partsOf(id).numbers === numbers);
  const exact = alike.filter((id) => partsOf(id).letters === letters);
  if (exact.length === 1) return exact[0];
  const bare = typed.toLowerCase().replace(MARKS, '');
  const same = known.filter((id) => bare !== '' && id.toLowerCase().replace(MARKS, '') === bare);
  if (same.length === 1) return same[0];
  // `1` for T1, where no other has that number.
  if (letters === '') return alike.length === 1 ? alike[0] : undefined;
  return alike.find((id) => nearness(letters, partsOf(id).letters) < 9);
}
