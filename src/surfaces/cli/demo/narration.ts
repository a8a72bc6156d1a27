/** What the demo says, for somebody who has never seen coord. */

const WIDTH = 100;
const INDENT = 4;

function wrap(text: string, first: string): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line.trimEnd());
      line = ' '.repeat(INDENT);
    }
    line += `${word} `;
  }
  return `${[...lines, line.trimEnd()].join('\n')}\n`;
}

export function printOpening(): string {
  return [
    'coord demo: a coordinator and two workers, three Claude Code sessions on one repository.',
    'No model runs here: the demo plays the sessions and starts the real hooks, as Claude Code would.',
    'Each step is checked against files and git before it is told.',
    '',
  ].join('\n');
}

/** A line that begins with `>` or `|` is quoted and cut; any other is wrapped. */
export function printScene(number: number, lines: readonly string[]): string {
  return lines
    .map((line, index) => {
      if (line.startsWith('> ')) return cut(`      ${line.slice(2)}`);
      if (line.startsWith('| ')) return `      ${line.slice(2)}\n`;
      return wrap(line, index === 0 ? `${String(number).padStart(2)}. ` : ' '.repeat(INDENT));
    })
    .join('');
}

function cut(line: string): string {
  return `${line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line}\n`;
}

export function printFailure(
  step: { name: string; expected?: string; found?: string },
  number: number,
): string {
  return `coord demo: step ${number} ("${step.name}") did not happen. Expected ${step.expected}; found ${step.found}.\n`;
}
