/** Runs a command as its arguments say, and keeps the evidence where it is a validation. */
import type { Evidence } from '../domain/evidence.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { validationOf } from '../domain/validation-words.ts';
import type { Caller } from '../storage/light/caller.ts';
import { resolvePath } from '../storage/light/resolution.ts';
import { readSettings } from '../storage/settings.ts';
import { type Start, superviseProcess } from '../storage/supervised-process.ts';
import { beginValidation, endValidation } from './keep-evidence.ts';

export interface RanCommand {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Undefined when it is no validation, or did not run where validations run. */
  readonly evidence: Evidence | undefined;
  /** A validation that ran in another folder than the worktree's root. */
  readonly isElsewhere: boolean;
}

export async function runValidation(
  caller: Caller,
  argv: readonly string[],
  where: Pick<Start, 'cwd' | 'hear'>,
): Promise<Outcome<RanCommand>> {
  const { home, root, place, name: by, session } = caller;
  const validations = readSettings(home).settings.validation.map((command) => command.trim());
  const command = validationOf(validations, argv);
  const isElsewhere = command !== undefined && resolvePath(where.cwd, root) !== root;
  const begun =
    command === undefined || isElsewhere
      ? undefined
      : beginValidation({ commands: [command], isSole: true, place, root, by, session, via: 'run' });
  const ended = await superviseProcess({ argv, ...where });
  if ('error' in ended)
    return refuse({ code: 'command-not-started', program: argv[0] ?? '', detail: ended.error });
  const { code, signal, output } = ended;
  const [evidence] = begun ? endValidation(home, begun, { exit: code, output }) : [];
  return done({ code, signal, evidence, isElsewhere });
}
