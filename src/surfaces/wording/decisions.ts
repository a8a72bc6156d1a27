/** Sentences about the log of decisions. */
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { DecisionProblem } from '../../domain/problem.ts';
import type { DecisionFinding } from '../../usecases/check-decisions.ts';
import type { DecisionView } from '../../usecases/list-decisions.ts';

export function printDecisionProblem(problem: DecisionProblem): string {
  switch (problem.code) {
    case 'decision-phase':
      return `decisions of phase ${cleanLine(problem.phase)} stand in its STATUS.md, which its worker alone writes, and you are ${cleanLine(problem.actor)}. Tell it: \`coord send <worker> directive "<text>"\`; or leave --phase out: DECISIONS.md is the project's.`;
    case 'decision-unknown':
      return `there is no decision D${problem.number}. The latest: ${problem.known.map((one) => `D${one}`).join(', ') || 'none'}. \`coord decisions\` lists them.`;
    case 'span-bad':
      return `${cleanLine(problem.span) || '(empty)'} is no span of time. Write 36h, 7d, 2w, or a day: 2026-02-01.`;
  }
}

export function printDecisionView({ number, date, title, state, superseded_by }: DecisionView): string {
  const later = superseded_by === null ? '' : `, superseded by D${superseded_by}`;
  const how = state === '' || state === 'accepted' ? later : `, ${cleanLine(state)}${later}`;
  return `${date || '(no date)'} ${number === null ? '' : `D${number} `}${cleanLine(title)}${how}`;
}

export function printDecisionFinding(finding: DecisionFinding): string {
  const { code, number, title, file, isKnown, repaired } = finding;
  const name = `${number === null ? 'the decision' : `D${number}`} "${cleanLine(title)}"`;
  if (repaired)
    return `${name} stands in ${cleanLine(file)} again as it was recorded; what was there is kept below .coordination/decisions/aside/.`;
  if (code === 'decision-conflict')
    return `${cleanLine(file)} is in conflict after a merge. Keep what both sides have recorded, whole and with their marks; then \`git add ${cleanWord(file)}\`. Decisions that are recorded until then go on top, and \`coord doctor\` again tells of any that is missing.`;
  if (code === 'decision-twice')
    return `${cleanLine(file)} has two decisions with the number ${number}, recorded in two clones. Both stand; refer to them by their titles.`;
  const what = code === 'decision-gone' ? 'is gone from' : 'was changed in';
  const accept = number === null ? '' : ` If the change is meant: \`coord decisions accept D${number}\`.`;
  const next = isKnown
    ? `\`coord doctor --repair\` writes it as it was recorded.`
    : `How it was, git knows: \`git log -p -- ${cleanLine(file)}\`.`;
  return `${name} ${what} ${cleanLine(file)}: decisions are only added, a later one supersedes an earlier. ${next}${code === 'decision-changed' ? accept : ''}`;
}
