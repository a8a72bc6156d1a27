/** How commands change and show what the coordinator keeps by hand in STATE.md. */
import { cleanLine } from '../../domain/message.ts';
import { done, type Outcome } from '../../domain/problem.ts';
import type { StateDocument } from '../../domain/state-document.ts';
import { readState } from '../../storage/document-kinds.ts';
import { type AgendaChange, changeAgenda } from '../../usecases/change-agenda.ts';
import { withCaller } from './calling.ts';
import { type Answer, type Context, UsageError } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

const TEXT_MAX = 400;

/** One line of text; what is longer belongs into a file. */
export function textOf(what: string, text: string | undefined): string {
  const line = (text ?? '').trim();
  if (line === '' || line.length > TEXT_MAX || cleanLine(line, TEXT_MAX) !== line)
    throw new UsageError(
      `${what} must be one line of 1 to ${TEXT_MAX} characters, with single blanks and nothing that a terminal would not show`,
    );
  return line;
}

export function change(
  context: Context,
  verb: string,
  how: AgendaChange,
  tell: (state: StateDocument) => Answer,
): Outcome<Answer> {
  const caller = coordinatorOf(context, verb);
  if (!caller.done) return caller;
  const outcome = changeAgenda(caller.value.home, how);
  return outcome.done ? done(tell(outcome.value)) : outcome;
}

export function show(context: Context, tell: (state: StateDocument) => Answer): Outcome<Answer> {
  return withCaller(context, (caller) => {
    const loaded = readState(caller.home);
    return loaded.done ? done(tell(loaded.value.document)) : loaded;
  });
}
