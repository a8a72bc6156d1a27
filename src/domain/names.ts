/**
 * File names for keys that people and paths make.
 *
 * A key (`src/App.tsx`, `seat`, `mutex:npm test`) becomes the name of one folder. The name must be
 *  - injective: two keys never share a name (`a/b` and `a_b` once did, and two agents shared one lock);
 *  - case-safe: no two names differ only by case, for file systems that are blind to it;
 *  - plain ASCII, so that no file system can normalise two names into one; never `.`, `..`, hidden, ending in
 *    a dot, or one of the device names that Windows reserves;
 *  - bounded: at most NAME_LENGTH_MAX characters, however long the key;
 *  - readable: a person who lists the folder should recognise the path.
 *
 * The code: a-z 0-9 `-` `.` stand for themselves, `/` is `+`, `A` is `_a`, `_` is `__`, any other ASCII is
 * `=xx`, any other UTF-16 unit is `=uxxxx` (units, not code points: a lone surrogate must not turn into
 * U+FFFD and meet another key). The empty key is a lone `=`. It can be decoded, and that proves it injective;
 * the test decodes. A longer name is its first characters, `~`, and 128 bits of hash: `~` occurs in no short
 * name, so only two long keys could ever meet, by a collision. The hash is not made against an enemy: who can
 * choose the keys here can edit the files themselves. It is ours because node:crypto costs a hook 4 to 5 ms.
 */

export const NAME_LENGTH_MAX = 120;
const HASH_LENGTH = 32;

const PLAIN = /[a-z0-9\-.]/;
const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

/** The folder name of a lease's key. */
export function leaseName(key: string): string {
  const name = key === '' ? '=' : encoded(key);
  if (name.length <= NAME_LENGTH_MAX) return name;
  return `${name.slice(0, NAME_LENGTH_MAX - HASH_LENGTH - 1)}~${hash128(key)}`;
}

/**
 * Whether a name may be joined to a folder without leaving it; asked of every name that derives from input.
 */
export function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name.includes('..') || name.length > 255) return false;
  return !/[/\\\0]/.test(name);
}

function encoded(key: string): string {
  let name = '';
  for (let at = 0; at < key.length; at += 1) {
    const unit = key.charAt(at);
    // A dot at either end would hide the name, or be dropped by Windows; two in a row are a parent folder.
    const isPlainDot = at > 0 && at < key.length - 1 && key.charAt(at - 1) !== '.';
    name += unit === '.' && !isPlainDot ? escaped(unit) : encodedUnit(unit);
  }
  return RESERVED_ON_WINDOWS.test(name) ? escaped(key.charAt(0)) + name.slice(1) : name;
}

function encodedUnit(unit: string): string {
  if (PLAIN.test(unit)) return unit;
  if (unit === '/') return '+';
  if (unit === '_') return '__';
  if (unit >= 'A' && unit <= 'Z') return `_${unit.toLowerCase()}`;
  return escaped(unit);
}

function escaped(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0x80 ? `=${code.toString(16).padStart(2, '0')}` : `=u${code.toString(16).padStart(4, '0')}`;
}

/** 128 bits in hex: four 32-bit lanes that feed each other at each unit, and a murmur finish for each. */
export function hash128(text: string): string {
  let a = 0x6a09e667;
  let b = 0xbb67ae85;
  let c = 0x3c6ef372;
  let d = 0xa54ff53a;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = rotated(b ^ Math.imul(a ^ unit, 0x239b961b), 15);
    b = rotated(c ^ Math.imul(b ^ unit, 0xab0e9789), 17);
    c = rotated(d ^ Math.imul(c ^ unit, 0x38b34ae5), 13);
    d = rotated(a ^ Math.imul(d ^ unit, 0xa1e38b93), 16);
  }
  const lanes = [a ^ text.length, b, c, d];
  const mixed = lanes.map((lane, at) => finished(lane + Math.imul(lanes[(at + 1) % 4] ?? 0, 0x9e3779b1)));
  return mixed.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

function rotated(lane: number, bits: number): number {
  return (lane << bits) | (lane >>> (32 - bits));
}

function finished(lane: number): number {
  let mixed = lane ^ (lane >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
