/** Breaking changes as commit messages declare them (Conventional Commits 1.0: `feat!:`, `BREAKING CHANGE:`). Pure. */

export interface BreakingChange {
  readonly subject: string;
  readonly what: string;
}

const SUBJECT = /^[a-z]+(?:\([^()\n]*\))?!: *(\S.*)$/i;
const FOOTER = /^BREAKING[ -]CHANGE: *(\S.*)$/;

/** At most one for each footer; one for the subject's `!` where no footer says what. */
export function breakingChangesIn(message: string): BreakingChange[] {
  const lines = message.replace(/\r\n?/g, '\n').split('\n');
  const [first = ''] = lines;
  const marked = SUBJECT.exec(first.trim())?.[1];
  const subject = marked ?? first.trim().replace(/^[a-z]+(?:\([^()]*\))?: */i, '');
  const footers = lines.slice(1).flatMap((line, at) => {
    const begun = FOOTER.exec(line.trim())?.[1];
    return begun === undefined ? [] : [wholeFooter(begun, lines.slice(at + 2))];
  });
  if (footers.length > 0) return footers.map((what) => ({ subject, what }));
  return marked === undefined ? [] : [{ subject, what: marked }];
}

/** A footer goes on until an empty line or the next token. */
function wholeFooter(begun: string, following: readonly string[]): string {
  const end = following.findIndex((line) => line.trim() === '' || /^[A-Za-z][A-Za-z -]*(?:: | #)/.test(line));
  return [begun, ...following.slice(0, end === -1 ? following.length : end)]
    .map((line) => line.trim())
    .join(' ');
}
