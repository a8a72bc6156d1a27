/**
 * How many tests passed, as far as the output of a test run says so: the last summary of vitest, jest, mocha, node's
 * runner, pytest or cargo. Figures for people; whether a validation passed is its exit code alone. Pure.
 */

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The tail is enough: every one of them sums up at its end. */
const TAIL_CHARS = 64 * 1024;
const COLOURS = /\u001b\[[0-9;]*m/g;

const READERS: readonly ((text: string) => TestCounts | undefined)[] = [
  readNamedLine(/^[ \t]*Tests:?[ \t]+(.*(?:passed|failed|skipped).*)$/gm),
  readNamedLine(/^=+ (.*(?:passed|failed|error|skipped).*) in [\d.]+ ?s.*=+$/gm),
  readCargo,
  readTap,
  readMocha,
];

/** Undefined when nothing in it is a summary that is known. */
export function countTests(output: string): TestCounts | undefined {
  const text = output.slice(-TAIL_CHARS).replace(COLOURS, '');
  for (const read of READERS) {
    const counts = read(text);
    if (counts && counts.passed + counts.failed + counts.skipped > 0) return counts;
  }
  return undefined;
}

/** One line that names its figures: `Tests  2 failed | 10 passed (12)`, `=== 1 failed, 3 passed in 0.12s ===`. */
function readNamedLine(pattern: RegExp): (text: string) => TestCounts | undefined {
  return (text) => {
    const line = [...text.matchAll(pattern)].at(-1)?.[1];
    if (line === undefined) return undefined;
    const sum = (words: RegExp) =>
      [...line.matchAll(/(\d+) ([a-z]+)/gi)]
        .filter(([, , word = '']) => words.test(word))
        .reduce((total, [, figure]) => total + Number(figure), 0);
    return {
      passed: sum(/^(?:passed|xpassed)$/i),
      failed: sum(/^(?:failed|errors?)$/i),
      skipped: sum(/^(?:skipped|todo|xfailed|pending)$/i),
    };
  };
}

/** One line for each crate: all of them count. */
function readCargo(text: string): TestCounts | undefined {
  const lines = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)];
  if (lines.length === 0) return undefined;
  const sum = (at: number) => lines.reduce((total, line) => total + Number(line[at]), 0);
  return { passed: sum(1), failed: sum(2), skipped: sum(3) };
}

/** `# pass 3`, or with the spec reporter `ℹ pass 3`. */
function readTap(text: string): TestCounts | undefined {
  const last = (word: string) => {
    const found = [...text.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'gm'))].at(-1)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const passed = last('pass');
  const failed = last('fail');
  if (passed === undefined || failed === undefined) return undefined;
  return { passed, failed, skipped: (last('skipped') ?? 0) + (last('todo') ?? 0) };
}

function readMocha(text: string): TestCounts | undefined {
  const last = (word: string) => {
    const found = [...text.matchAll(new RegExp(`^[ \\t]+(\\d+) ${word}\\b`, 'gm'))].at(-1)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const passed = last('passing');
  return passed === undefined
    ? undefined
    : { passed, failed: last('failing') ?? 0, skipped: last('pending') ?? 0 };
}
