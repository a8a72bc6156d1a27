/**
 * Before a shell command: does it run a validation? Asked of every command, so it is light; what a validation needs (the
 * parser, git) lies in a bundle of its own. It judges nothing and refuses nothing: where it fails itself there is no
 * evidence, and the validation has to run again.
 */
import type { Settings } from '../../domain/settings.ts';
import { mayValidate } from '../../domain/validation-words.ts';
import { noteAct } from '../../storage/light/journal.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import { loadBundle } from './bundles.ts';
import type { Payload } from './protocol.ts';

export function noteValidation(payload: Payload, standing: HomedPlace, { validation }: Settings): void {
  if (validation.length === 0 || payload.toolName !== 'Bash' || payload.toolUseId === '') return;
  const { command } = payload.toolInput;
  if (typeof command !== 'string' || !mayValidate(validation, command)) return;
  try {
    const { beginEvidence } = loadBundle<{
      beginEvidence(p: Payload, s: HomedPlace, v: readonly string[]): void;
    }>('evidence');
    beginEvidence(payload, standing, validation);
  } catch (error) {
    noteAct(standing.home, { act: 'hook-failed', hook: 'evidence', detail: String(error) }, Date.now());
  }
}
