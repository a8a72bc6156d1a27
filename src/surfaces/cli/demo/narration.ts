/** How the demo speaks: to somebody who has never seen coord, in lines that fit a terminal. */

const WIDTH = 100;
const INDENT = '    ';
const QUOTE = '      ';

/** Fills lines to the width; `first` begins the first one, `rest` the others. */
function wrap(text: string, first: string, rest: string): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const isFull = line.length + word.length > WIDTH && line.trim() !== '';
    if (isFull) lines.push(line.trimEnd());
    line = `${isFull ? rest : line}${word} `;
  }
  return `${[...lines, line.trimEnd()].join('\n')}\n`;
}

export function printOpening(): string {
  return [
    'coord lets several Claude Code sessions work on one repository without harming each other. Here',
    'three of them are played, a coordinator and two workers, on a scratch repository with worktrees.',
    'No model runs; the hooks are the real ones. Each step is checked in files and git, then told.',
    '',
  ].join('\n');
}

/** A line that begins with `> ` is somebody's words, one with `| ` is printed as it is. */
export function printScene(number: number, name: string, lines: readonly string[]): string {
  const head = `${String(number).padStart(2)}. ${name}: `;
  return lines
    .map((line, index) => {
      if (line.startsWith('> ')) return wrap(line.slice(2), QUOTE, QUOTE);
      if (line.startsWith('| ')) return `${QUOTE}${line.slice(2)}\n`;
      return wrap(line, index === 0 ? head : INDENT, INDENT);
    })
    .join('');
}

export function printFailure(
  step: { name: string; expected?: string; found?: string },
  number: number,
): string {
  return `coord demo: step ${number} ("${step.name}") did not happen. Expected ${step.expected}; found: ${step.found}.\n`;
}
