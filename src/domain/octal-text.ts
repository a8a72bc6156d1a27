/** Text as the format of a shell's `printf`: whatever is in it, a terminal shows it and a shell reads it back. */

export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** All but plain characters as the octal bytes of their UTF-8. */
export function inOctal(word: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  return word.replace(/[^A-Za-z0-9_./@+=:, -]/gu, (character) =>
    encodeURIComponent(isWellFormed(character) ? character : '\ufffd').replace(
      /%([0-9A-F]{2})|(.)/g,
      (_all, hex: string | undefined, plain: string) =>
        octal(hex === undefined ? plain.charCodeAt(0) : Number.parseInt(hex, 16)),
    ),
  );
}
