/**
 * By which rules a project's commands run under the test mutex (test-command.ts), and whether a text can hold one at all:
 * light, since it is asked of every shell command in shared mode.
 */
import type { Settings } from './settings.ts';
import { wordsOf } from './validation-words.ts';

/** Stands in the setting `mutex` for all that this file knows by itself. */
const BUILT_IN = 'default';

export interface TestRules {
  readonly isBuiltIn: boolean;
  /** Of the project's own setting, and its validations. */
  readonly commands: readonly string[];
  /** Safe beside any other. */
  readonly parallel: readonly string[];
}

/** Undefined: there is no mutex. */
export function testRulesOf({
  mutex,
  mutex_parallel: parallel,
  validation,
}: Pick<Settings, 'mutex' | 'mutex_parallel' | 'validation'>): TestRules | undefined {
  if (mutex.length === 0) return undefined;
  const own = mutex.filter((entry) => entry.trim() !== BUILT_IN);
  const commands = [...own, ...validation].map((entry) => entry.trim());
  return { isBuiltIn: own.length < mutex.length, commands, parallel };
}

const MENTIONED =
  /npm|npx|vitest|pnpx|yarn|\bbunx?\b|\bnode\b|jest|mocha|\bava\b|karma|\btap\b|\bnyc\b|\bc8\b|tsc|lint|staticcheck|biome|playwright|cypress|\b(?:next|vite|turbo|nx)\b|py\.?test|unittest|mypy|pyright|pylint|flake8|ruff|\bty\b|\btox\b|\bnox\b|\buv\b|\bpip3?\b|cargo|\bgo\b|gotestsum|make/;

/** Whether a text can hold such a command: asked of every shell command, before anything that costs more. */
export function mayRunTests({ isBuiltIn, commands }: TestRules, text: string): boolean {
  const bare = text.replace(/["'\\]/g, '');
  return (
    (isBuiltIn && MENTIONED.test(bare)) ||
    commands.some((entry) =>
      wordsOf(entry) ? bare.includes(wordsOf(entry)?.[0] ?? '') : text.includes(entry),
    )
  );
}

/** The text itself, where it is one of those that are known by their whole text: no simple command. */
export function testTextOf({ commands, parallel }: TestRules, text: string): string | undefined {
  const whole = text.trim();
  const isMeant = commands.some((entry) => entry === whole && wordsOf(entry) === undefined);
  return isMeant && !parallel.some((entry) => entry.trim() === whole) ? whole : undefined;
}
