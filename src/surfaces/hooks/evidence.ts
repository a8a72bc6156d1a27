/**
 * Evidence of a validation that a session's Bash tool runs. Before it: which validations the command runs in full, and
 * the tree. After it: how it ended. Only a command whose end is known makes evidence: one that goes on in the
 * background, or that was never run, makes none.
 */

import { parse } from 'unbash';
import { fieldsOf } from '../../domain/json-value.ts';
import { validationsIn } from '../../domain/shell/validations.ts';
import { forgetBegun, noteBegun, readBegun } from '../../storage/light/evidence-files.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import { presenceOf } from '../../storage/light/presence.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import { beginValidation, endValidation } from '../../usecases/keep-evidence.ts';
import type { Payload } from './protocol.ts';

export function beginEvidence(payload: Payload, standing: HomedPlace, validations: readonly string[]): void {
  if (payload.toolInput['run_in_background'] === true) return;
  const { place, caller } = presenceOf(standing, { session: payload.session, agent: payload.agent });
  const { commands, isSole } = validationsIn(String(payload.toolInput['command']), {
    validations: validations.map((command) => command.trim()),
    cwd: resolvePath(payload.cwd, payload.cwd) ?? '',
    root: place.root,
    parse,
    resolve: resolvePath,
  });
  if (commands.length === 0) return;
  const { name, root, home } = place;
  const session = payload.session;
  const run = { commands, isSole, place: name, root, by: caller.name, session, via: 'tool' as const };
  noteBegun(home, payload.toolUseId, beginValidation(run));
}

export function endEvidence(payload: Payload, home: string): void {
  const begun = readBegun(home, payload.toolUseId);
  const result = begun ? resultOf(payload) : undefined;
  if (begun && result) endValidation(home, begun, result);
  forgetBegun(home, payload.toolUseId);
}

/** How the command ended; undefined when it has not, or when nothing says so. */
function resultOf({ event, raw }: Payload): { exit: number | null; output: string } | undefined {
  return event === 'PostToolUse' ? resultOfSuccess(raw['tool_response']) : resultOfFailure(raw);
}

function resultOfSuccess(given: unknown): { exit: number | null; output: string } | undefined {
  const response = fieldsOf(given);
  const texts = [response['stdout'], response['stderr']].filter((text) => typeof text === 'string');
  if (texts.length === 0 || typeof response['backgroundTaskId'] === 'string') return undefined;
  // The client takes some exit codes for no failure (grep's 1), and says what it made of them.
  const isClear = response['interrupted'] !== true && !response['returnCodeInterpretation'];
  return { exit: isClear ? 0 : null, output: texts.join('\n') };
}

function resultOfFailure(raw: Payload['raw']): { exit: number | null; output: string } | undefined {
  const output = typeof raw['error'] === 'string' ? raw['error'] : '';
  const code = /^(?:Error: )?Exit code (\d+)/.exec(output)?.[1];
  if (code !== undefined) return { exit: Number(code), output };
  const isStopped = raw['is_interrupt'] === true || /timed out|interrupted|killed/i.test(output);
  return isStopped ? { exit: null, output } : undefined;
}
