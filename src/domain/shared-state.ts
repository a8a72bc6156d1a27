/**
 * Whether a failure cites what agents share: the tree under their hands, git's index, a port, a database. Three
 * causes, each enough by itself:
 *   words         the reason that an agent gave, or the output of the failed command, says so
 *   others-dirty  another agent had locked files uncommitted in the same worktree while the command failed
 *   tree-moved    files changed while the command ran, and another agent worked in the same worktree
 * Seed 004: "Increased failures that cite shared-state contamination".
 */

export type SharedCause = 'words' | 'others-dirty' | 'tree-moved';

/** Said by tools when two work at one thing; hardly anybody else prints these. */
const OUTPUT_WORDS: readonly RegExp[] = [
  /\bindex\.lock\b/i,
  /\banother git process\b/i,
  /\bEADDRINUSE\b|\baddress already in use\b/i,
  /\bdatabase (?:file |table )?is locked\b/i,
  /\blocal changes to the following files would be overwritten\b/i,
  /\bshared[- ](?:state|worktree|working tree|checkout) contaminat/i,
];

/** Said by agents besides. */
const REASON_WORDS: readonly RegExp[] = [
  ...OUTPUT_WORDS,
  /\bshared[- ](?:state|work(?:ing )?tree|tree|checkout|working copy|director(?:y|ies))\b/i,
  /\bcontaminat(?:ed|ion|es)\b/i,
  /\b(?:an)?other (?:agent|session|worker|claude)(?:'s|s'|\u2019s)?\b/i,
  /\bsome(?:one|body) else(?:'s|\u2019s)\b/i,
  /\b(?:concurrent|simultaneous|conflicting) (?:edit|change|write|modification)s?\b/i,
  /\b(?:changed|edited|modified|overwritten) (?:under(?:neath)? me|meanwhile|while (?:it|I|the tests?) (?:was|were|ran|run)\b)/i,
];

const OUTPUT_CHARS_MAX = 512 * 1024;
const REASON_CHARS_MAX = 8_000;

/** The words of a person or an agent. */
export function citesSharedState(reason: string): boolean {
  const text = reason.slice(0, REASON_CHARS_MAX);
  return REASON_WORDS.some((word) => word.test(text));
}

/** What a program printed; of a very long output its end, where it says why it failed. */
export function printsSharedState(output: string): boolean {
  const text = output.slice(-OUTPUT_CHARS_MAX);
  return OUTPUT_WORDS.some((word) => word.test(text));
}
