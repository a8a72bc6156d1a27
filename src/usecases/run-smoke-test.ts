/** Runs the project's smoke test where the caller stands, and keeps the evidence where it is a validation. */
import { done, type Outcome } from '../domain/problem.ts';
import { wordsOf } from '../domain/validation-words.ts';
import type { Caller } from '../storage/light/caller.ts';
import { readSettings } from '../storage/settings.ts';
import type { Start } from '../storage/supervised-process.ts';
import { runValidation } from './run-validation.ts';

export interface SmokeTest {
  /** Null when none is configured. */
  readonly command: string | null;
  readonly passed: boolean;
  /** The kept output, relative to home. */
  readonly log: string | null;
}

export async function runSmokeTest(caller: Caller, hear: Start['hear']): Promise<Outcome<SmokeTest>> {
  const { settings } = readSettings(caller.home);
  const command = [settings.smoke_test, ...settings.validation]
    .map((one) => one.trim())
    .find((one) => one !== '');
  if (command === undefined) return done({ command: null, passed: true, log: null });
  // What a shell has to read is its one argument, as a person wrote it in the settings.
  const argv = wordsOf(command) ?? ['bash', '-c', command];
  const outcome = await runValidation(caller, argv, { cwd: caller.root, hear });
  if (!outcome.done) return outcome;
  const { code, evidence } = outcome.value;
  return done({ command, passed: code === 0, log: evidence?.log ?? null });
}
