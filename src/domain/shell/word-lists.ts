// Lists of words kept as one text. The guard starts for every command and asks each list once or never, so to make a Set
// or a table of every list at load cost 1.5 ms a call; to search the text costs nothing before it is asked.

/** Whether a word is one of those that stand in the text, with blanks or line breaks between them. */
export function isAmong(list: string, word: string): boolean {
  if (word === '' || word.includes(' ') || word.includes('\n')) return false;
  for (let at = list.indexOf(word); at >= 0; at = list.indexOf(word, at + 1))
    if (isGap(list, at - 1) && isGap(list, at + word.length)) return true;
  return false;
}

function isGap(list: string, at: number): boolean {
  const unit = list[at];
  return unit === undefined || unit === ' ' || unit === '\n';
}
