/**
 * TaskCompleted: a task of the client's own list that names a plan of its worker's phase is held to the same gate as
 * the plan, which is marked as needing follow-up. Exit code 2 keeps the task open, with the reason on stderr; anything
 * else says nothing. A plan that is complete has passed already.
 */
import { hasWord } from '../../domain/gate.ts';
import { readStatus } from '../../storage/document-kinds.ts';
import type { Presence } from '../../storage/light/presence.ts';
import { readSettings } from '../../storage/settings.ts';
import { announceLeft } from '../../usecases/announce-failure.ts';
import { isGateAsked, judgeCompletionOf } from '../../usecases/judge-gate.ts';
import { markRefused } from '../../usecases/leave-handoff.ts';
import { printTaskRefusal } from '../wording/gate.ts';
import { type Payload, printError } from './protocol.ts';

/** To the client: the task is not completed. */
const BLOCKED = 2;

export function judgeTask({ raw }: Payload, { caller, place }: Presence): void {
  const { record } = caller;
  const { settings } = readSettings(place.home);
  if (!record || !isGateAsked(settings)) return;
  const ward = { home: place.home, root: place.root, record };
  const loaded = readStatus({ ...place, folder: record.phase.folder });
  if (!loaded.done) return;
  const { document } = loaded.value;
  const text = [raw['task_subject'], raw['task_description']]
    .filter((it) => typeof it === 'string')
    .join('\n');
  for (const plan of document.plans) {
    if (plan.state === 'complete' || !hasWord(text, plan.id)) continue;
    const judged = judgeCompletionOf(ward, document, plan.id, settings, 'task');
    if (!judged.done || judged.value.verdict === 'pass') continue;
    markRefused(ward, judged.value);
    printError(printTaskRefusal(judged.value, settings.commit_id));
    process.exitCode = BLOCKED;
    announceLeft(ward, [plan.id]);
    return;
  }
}
