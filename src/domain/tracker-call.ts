/**
 * The command by which a failure is handed to an issue tracker: the words of the setting `on_plan_failed`, with what is
 * known of the failure in the place of its placeholders. No shell reads it, so nothing in a value can become a word of
 * its own, an option or a command.
 */
import { cleanLine } from './message.ts';

export interface LeftPlan {
  readonly plan: string;
  readonly phase: string;
  readonly reason: string;
  /** Absolute paths; empty where there is none. */
  readonly log: string;
  readonly transcript: string;
  /** The phase's STATUS.md, which holds the whole record. */
  readonly file: string;
}

const PLACEHOLDERS = ['plan', 'phase', 'reason', 'log', 'transcript', 'file'] as const;

const VALUE_CHARS_MAX = 2_000;

export function trackerCall(template: readonly string[], left: LeftPlan): string[] {
  return template.map((word) => {
    const filled = word.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const known = PLACEHOLDERS.find((one) => one === name);
      return known ? cleanLine(left[known], VALUE_CHARS_MAX) : whole;
    });
    // A reason that begins with a dash is still a reason.
    return filled.startsWith('-') && !word.startsWith('-') ? ` ${filled}` : filled;
  });
}
