/**
 * What every agent of the repository is told, plugin or not: the text between the markers in CLAUDE.md and AGENTS.md.
 * Short, since each session reads it; plain ASCII with line feeds, since it stands in texts of others.
 */
import type { BlockFlawKind } from '../../domain/managed-block.ts';
import { cleanLine } from '../../domain/message.ts';
import type { InstructionsProblem } from '../../domain/problem.ts';
import { AGENTS_FILE } from '../../domain/project-paths.ts';
import type { Settings } from '../../domain/settings.ts';
import type { InstructionChange, InstructionState } from '../../usecases/write-instructions.ts';
import { printOrchestration } from './orchestration.ts';

export const INSTRUCTIONS = [
  '## Coordination',
  '',
  'Several agents work on this repository at once. coord keeps them apart and carries their messages.',
  '',
  '- Who you are follows from where your session started: in the primary worktree the coordinator, who plans phases',
  '  and answers; in another worktree the worker of one phase. Write in your own worktree and nowhere else.',
  '- Look first: `coord status` shows phases, workers and blockers, `coord inbox` what waits for you; when a message',
  '  is dealt with, `coord ack <id>`.',
  '- Ask what only the coordinator can decide, and go on with something else meanwhile:',
  '  `coord send coordinator question "<text>"`. Answer with `coord send <agent> response "<text>" --ref <id>`.',
  '- Say at once what keeps you from going on: `coord blocker raise "<one line>"`.',
  '- A worker marks its plans, and runs the checks before one is complete: `coord plan start <plan>`,',
  '  `coord plan complete <plan>`, `coord plan fail <plan> --reason "<text>"`.',
  '- Never write into `.coordination/` or `.progress/`. STATE.md is written by the coordinator, a STATUS.md by its',
  '  worker, DECISIONS.md by `coord decide` alone.',
  '',
  'An agent without the `coord` command reads, in the primary worktree, `.coordination/inbox/<its name>/*.json` and the',
  'log `.coordination/messages.jsonl`, and in its own `.progress/current-task.json`. To say something it drops one new',
  'file `msg-YYYYMMDD-HHMMSS.json` into `.coordination/inbox/`: a JSON object with `id`, `from`, `to`, `timestamp`',
  '(UTC, with Z), `type` (directive, question, response, progress, blocker, completion, error) and `content`;',
  '`references` names what it answers. coord takes it from there, as the word of the operator.',
].join('\n');

/** AGENTS.md, which all kinds of agents read, also has the rules of orchestration, as the settings make them. */
export function instructionsFor(settings: Settings): (file: string) => string {
  return (file) =>
    file === AGENTS_FILE ? `${INSTRUCTIONS}\n\n${printOrchestration(settings)}` : INSTRUCTIONS;
}

export function printInstructionChanges(changes: readonly InstructionChange[]): string {
  const isWritten = changes.some(({ change }) => change !== 'same' && change !== 'none');
  const lines = changes.map(({ file, change }) => `${cleanLine(file)}: ${CHANGES[change]}`);
  const commit = 'Commit it, so that the worktrees have it too.';
  return [...lines, ...(isWritten ? [commit] : [])].join('\n');
}

const CHANGES: Record<InstructionChange['change'], string> = {
  made: 'made, with the block',
  added: 'the block is added at its end; the rest is as it was',
  updated: 'the block is brought up to date',
  same: 'has the block already',
  removed: 'the block is taken out; the rest is as it was',
  deleted: 'removed, since it held the block alone',
  none: 'has no block',
};

export function printInstructionStates(states: readonly InstructionState[]): string {
  return states.map(({ file, state }) => `${cleanLine(file)}: ${STATES[state]}`).join('\n');
}

const STATES: Record<InstructionState['state'], string> = {
  missing: 'not there',
  none: 'has no block (`coord instructions add`)',
  current: 'has this block',
  old: 'has a block with another text (`coord instructions add` brings it up to date)',
  broken: 'has a block that is broken (`coord instructions add` says where)',
};

/** One line after `coord init`, while no file has the block. */
export const OFFER =
  'If agents without the plugin work here too: `coord init --instructions` tells them the protocol, in CLAUDE.md or AGENTS.md.';

export function printInstructionsProblem(problem: InstructionsProblem): string {
  const file = cleanLine(problem.file);
  const other = problem.file === 'AGENTS.md' ? 'CLAUDE.md' : 'AGENTS.md';
  switch (problem.code) {
    case 'instructions-broken':
      return `${file} line ${problem.line}: ${FLAWS[problem.flaw]}. Nothing was changed; mend it by hand, then try again.`;
    case 'instructions-link':
      return `${file} is a link to where coord does not write instructions (${cleanLine(problem.target)}). Nothing was changed. Link it to a file of the primary worktree, or name the other one: \`coord instructions add --file ${other}\`.`;
    case 'instructions-unreadable':
      return `${file} is no UTF-8 text of at most 1 MB, so nothing can be added to it byte for byte. Nothing was changed. Save it as UTF-8, or name the other file: \`coord instructions add --file ${other}\`.`;
  }
}

const FLAWS: Record<BlockFlawKind, string> = {
  'no-end': 'a block of coord begins here and never ends',
  'no-begin': 'a block of coord ends here and never began',
  second: 'a second block of coord',
  misshapen: 'a marker of coord that was changed, or is not alone on its line',
  'in-fence': 'a marker of coord inside a code fence',
  'open-fence': 'a code fence begins here and never ends, so a block after it would be code',
};
