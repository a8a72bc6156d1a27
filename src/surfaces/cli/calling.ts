/** Runs a command for whoever calls, or says why nobody does. */
import type { Outcome } from '../../domain/problem.ts';
import { type Caller, identifyCaller } from '../../storage/light/caller.ts';
import type { Answer, Context } from './command.ts';

export function withCaller(context: Context, run: (caller: Caller) => Outcome<Answer>): Outcome<Answer> {
  const caller = identifyCaller(context.cwd, context.env);
  return caller.done ? run(caller.value) : caller;
}
