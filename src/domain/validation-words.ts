/**
 * A validation as the words that its program is given, where it is so simple that no shell has a say in them. Anything
 * else (a pipe, an expansion, an assignment) is known by its whole text alone.
 */

/** Characters that mean themselves to every shell. */
const PLAIN = /[A-Za-z0-9_%+:,./@=^-]/;

/** The words of a command of plain and quoted words; undefined for anything that a shell would have to read. */
export function wordsOf(command: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < command.length; at += 1) {
    const unit = command.charAt(at);
    if (unit === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (unit === "'" || unit === '"') {
      const end = command.indexOf(unit, at + 1);
      const quoted = end === -1 ? undefined : command.slice(at + 1, end);
      if (quoted === undefined || (unit === '"' && /[$`\\!]/.test(quoted))) return undefined;
      word = (word ?? '') + quoted;
      at = end;
    } else if (PLAIN.test(unit)) word = (word ?? '') + unit;
    else return undefined;
  }
  if (word !== undefined) words.push(word);
  return words[0] === undefined || words[0] === '' || words[0].includes('=') ? undefined : words;
}

export function isSameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}

/** The validation that a program with these arguments is; one that needs a shell is run as `bash -c <its text>`. */
export function validationOf(validations: readonly string[], argv: readonly string[]): string | undefined {
  const [shell = '', flag, text = '', ...more] = argv;
  const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh$/.test(shell) && flag === '-c' && more.length === 0;
  return validations.find((validation) => {
    const words = wordsOf(validation);
    return words === undefined ? isShell && text.trim() === validation : isSameWords(words, argv);
  });
}

/** What a command that runs a validation must contain: asked of every command, before anything that costs more. */
export function mayValidate(validations: readonly string[], command: string): boolean {
  return validations.some((validation) => {
    const words = wordsOf(validation) ?? [validation.trim()];
    return words.every((word) => command.includes(word));
  });
}
