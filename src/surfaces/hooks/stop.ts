/**
 * The end of a turn (Stop, SubagentStop): transitions are reported or folded, the checkout is compared, mail is
 * delivered, and a strict worker waits for its answer. The turn goes on only for a reason that is new: mail that was
 * not shown before, a problem of STATUS.md or a foreign change that was not told before. So a Stop goes on at most
 * once a reason, whatever the client's own counter says.
 */

import { blockersAnsweredBy, holdFrom } from '../../domain/blocker.ts';
import { fieldsOf } from '../../domain/json-value.ts';
import { readOpenBlockers } from '../../storage/light/blocker-twin.ts';
import { endCommandsOf } from '../../storage/light/journal.ts';
import { hasLocks } from '../../storage/light/locks/files.ts';
import { listWaiting, readWaiting, ringing } from '../../storage/light/mailbox.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import { type Presence, presenceOf } from '../../storage/light/presence.ts';
import { shownIds } from '../../storage/light/presentation.ts';
import {
  coordinationPath,
  fileNameOf,
  readRecord,
  touchSession,
  writeRecord,
} from '../../storage/light/roster.ts';
import { keepSeat } from '../../storage/light/seat.ts';
import { readSettings } from '../../storage/settings.ts';
import { compareCheckout } from '../../usecases/compare-checkout.ts';
import { releaseCommitted, releasePen } from '../../usecases/release-committed.ts';
import { reportForeignChanges } from '../../usecases/report-trespass.ts';
import { handoverDue } from './cycle-turns.ts';
import { clientPid, markIdle } from './idle.ts';
import { endCalls, endLocks } from './lock-ends.ts';
import { acknowledgeMail, takeMail } from './mail.ts';
import { type Payload, printContext } from './protocol.ts';
import { settleDocuments } from './settle.ts';
import { raiseDead, tendMail } from './tending.ts';

const POLL_MS = 200;
const REASONS_KEPT = 50;

/** True when the turn goes on, since something was told. */
export function endTurn(payload: Payload, standing: HomedPlace): boolean {
  const presence = presenceOf(standing, { session: payload.session, agent: payload.agent });
  const { home } = presence.place;
  touchSession(home, payload.session, payload.agent, Date.now());
  keepSeat(home, presence.place.name, payload.session, Date.now());
  endCommandsOf(home, payload.session, payload.agent, Date.now());
  acknowledgeMail(presence, payload, Date.now());
  tendMail(home, presence.caller.name);
  raiseDead(presence, payload);
  const due = handoverDue(payload, presence.place);
  const reasons = [...settleDocuments(presence), ...(due === undefined ? [] : [due])];
  const told = reasons.filter((reason) => isNewReason(home, payload, reason));
  if (hasLocks(home)) settleLocks(presence, payload);
  const isOwner = payload.agent === null || presence.place.name === standing.name;
  if (isOwner) told.push(...foreignChanges(presence));
  if (hasRunningAgents(payload)) return finish(payload, presence, told, undefined);
  const { settings } = readSettings(home);
  if (settings.strict_blockers && presence.caller.kind === 'worker')
    waitForAnswer(presence, settings.strict_wait * 1_000);
  const mail = hasRinging(presence)
    ? takeMail(presence, payload, settings.mail_batch, Date.now())
    : undefined;
  return finish(payload, presence, told, mail);
}

function finish(
  payload: Payload,
  presence: Presence,
  told: string[],
  mail: ReturnType<typeof takeMail>,
): boolean {
  if (mail) told.push(mail.text);
  if (told.length > 0) printContext(payload.event, told.join('\n\n'));
  else if (payload.event === 'Stop') markIdle(presence.place.home, clientPid());
  mail?.confirm();
  return told.length > 0;
}

/**
 * What is committed needs no lock, and who has nothing unfinished no pen; no command of the foreground runs any more;
 * and with no subagent at work, none of the session holds any.
 */
function settleLocks({ place }: Presence, payload: Payload): void {
  const { session, agent } = payload;
  endCalls(place.home, session, agent, runningCommands(payload));
  releaseCommitted(place, session, agent);
  releasePen(place, session, agent);
  const isTold = Array.isArray(payload.raw['background_tasks']);
  if (payload.event === 'Stop' && isTold && !hasRunningAgents(payload))
    endLocks(place.home, payload.session, null);
}

/** Shell commands that go on behind the turn; undefined where the client does not say. */
function runningCommands({ raw }: Payload): string[] | undefined {
  const tasks = raw['background_tasks'];
  if (!Array.isArray(tasks)) return undefined;
  return tasks.flatMap((task: unknown) => {
    const it = fieldsOf(task);
    return it['status'] === 'running' && typeof it['command'] === 'string' ? [it['command']] : [];
  });
}

/** Background subagents still at work: their end begins a turn of its own, so this one's end is none. */
function hasRunningAgents(payload: Payload): boolean {
  const tasks = payload.raw['background_tasks'];
  if (payload.event !== 'Stop' || !Array.isArray(tasks)) return false;
  return tasks.some((task: unknown) => {
    const it = fieldsOf(task);
    return it['status'] === 'running' && (it['type'] === 'subagent' || it['type'] === 'teammate');
  });
}

function foreignChanges(presence: Presence): string[] {
  const { place, caller } = presence;
  const files = compareCheckout(place);
  // In the primary worktree a person edits as a matter of course: there only a change with a suspect is worth a word.
  const told = place.name === null ? files.filter((file) => file.suspects.length > 0) : files;
  return told.length > 0 ? [reportForeignChanges(place, caller.name, told)] : [];
}

function unshown(presence: Presence): string[] {
  const { home, name } = presence.caller;
  const shown = shownIds(home, name);
  return listWaiting(home, name).filter((id) => !shown.has(id));
}

function hasRinging(presence: Presence): boolean {
  const { home, name } = presence.caller;
  return ringing(home, name, unshown(presence)).length > 0;
}

/** Strict mode: until an answer to the open blocker is in the inbox, or the time is up. */
function waitForAnswer(presence: Presence, waitMs: number): void {
  const { home, name } = presence.caller;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const endsAt = performance.now() + waitMs;
  const looked = new Set<string>();
  while (performance.now() < endsAt) {
    const open = readOpenBlockers(home, name);
    if (!holdFrom(open)) return;
    const isAnswered = unshown(presence).some((id) => {
      if (looked.has(id)) return false;
      looked.add(id);
      const envelope = readWaiting(home, name, id);
      return (
        envelope !== undefined && envelope !== 'unreadable' && blockersAnsweredBy(envelope, open).length > 0
      );
    });
    if (isAnswered || !readSettings(home).settings.strict_blockers) return;
    Atomics.wait(sleeper, 0, 0, POLL_MS);
  }
}

/** True for a reason that this session was not told at an earlier Stop. */
function isNewReason(home: string, payload: Payload, reason: string): boolean {
  const key = payload.agent === null ? payload.session : `${payload.session}.${payload.agent}`;
  const file = coordinationPath(home, 'roster', 'stops', `${fileNameOf(key)}.json`);
  const told = readRecord<{ reasons: string[] }>(file)?.reasons ?? [];
  if (told.includes(reason)) return false;
  writeRecord(file, { reasons: [...told, reason].slice(-REASONS_KEPT) }, false);
  return true;
}
