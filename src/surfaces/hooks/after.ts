/**
 * After a tool that can write (PostToolUse, PostToolUseFailure): notes what really changed, holds a command that could
 * not be judged beforehand against what changed elsewhere, follows a session into the worktree it entered, and brings
 * mail in the middle of a turn. Light, and silent when there is nothing to say. It lets go when it fails itself.
 */
import { fieldsOf } from '../../domain/json-value.ts';
import { testMutexOf } from '../../domain/lock.ts';
import { hasBegun } from '../../storage/light/evidence-files.ts';
import { changeCommand, noteAct, noteChanges, readCommand } from '../../storage/light/journal.ts';
import { dropCalls } from '../../storage/light/locks/callers.ts';
import { mayBeHeld } from '../../storage/light/locks/reserved.ts';
import { listWaiting, ringing } from '../../storage/light/mailbox.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import { type Presence, presenceOf } from '../../storage/light/presence.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import { readSession, touchGuard, touchSession, writeSession } from '../../storage/light/roster.ts';
import { readFreshTwin, settingsFrom } from '../../storage/light/settings-twin.ts';
import { isUntouchedElsewhere } from '../../storage/light/trespass-scan.ts';
import { loadBundle } from './bundles.ts';
import { routeDroppedMail } from './dropped.ts';
import type { LocksBundle } from './lock-hooks.ts';
import { mayReadMail, takeMail } from './mail.ts';
import { type Payload, printContext, readPayload } from './protocol.ts';
import { pathsOf } from './tool-paths.ts';

export function runAfter(): void {
  const payload = readPayload();
  const standing = payload ? coordinatedPlaceOf(payload.cwd) : undefined;
  if (!payload || !standing) return;
  try {
    afterTool(payload, standing);
  } catch (error) {
    noteAct(standing.home, { act: 'hook-failed', hook: payload.event, detail: String(error) }, Date.now());
  }
}

function afterTool(payload: Payload, standing: HomedPlace): void {
  const nowMs = Date.now();
  if (payload.toolName === 'EnterWorktree' || payload.toolName === 'ExitWorktree') rebind(payload, standing);
  const presence = presenceOf(standing, { session: payload.session, agent: payload.agent });
  const { home, name } = presence.place;
  touchGuard(home, name, nowMs);
  touchSession(home, payload.session, payload.agent, nowMs);
  if (!isGoingOn(payload)) {
    dropCalls(home, payload.toolUseId);
    endTests(payload, presence.place);
  }
  noteChanges(home, name, { atMs: nowMs, session: payload.session, paths: changedPaths(payload) });
  keepEvidence(payload, home);
  const told: string[] = [];
  const trespass = judgeCommand(payload, presence, nowMs);
  if (trespass !== undefined) told.push(trespass);
  routeDroppedMail(home);
  const mail = hasRinging(presence, payload)
    ? takeMail(presence, payload, batchSize(home), nowMs)
    : undefined;
  if (mail) told.push(mail.text);
  if (told.length > 0) printContext(payload.event, told.join('\n\n'));
  mail?.confirm();
}

/** What the call held the test mutex for is over. */
function endTests({ toolUseId }: Payload, place: HomedPlace): void {
  if (toolUseId === '' || !mayBeHeld(place.home, testMutexOf(place.name))) return;
  loadBundle<LocksBundle>('locks').endTestCall(place, toolUseId);
}

/** Its command goes on in the background. */
function isGoingOn({ event, toolName, raw }: Payload): boolean {
  if (event !== 'PostToolUse') return false;
  return toolName === 'Monitor' || typeof field(raw['tool_response'], 'backgroundTaskId') === 'string';
}

/** Of a validation that the guard saw begin: how it ended. */
function keepEvidence(payload: Payload, home: string): void {
  if (!hasBegun(home, payload.toolUseId)) return;
  try {
    loadBundle<{ endEvidence(p: Payload, home: string): void }>('evidence').endEvidence(payload, home);
  } catch (error) {
    noteAct(home, { act: 'hook-failed', hook: 'evidence', detail: String(error) }, Date.now());
  }
}

/** The session went into another worktree by the client's own tool: from now on it stands there. */
function rebind(payload: Payload, standing: HomedPlace): void {
  const record = readSession(standing.home, payload.session, payload.agent);
  if (!record || record.place === standing.name) return;
  writeSession(standing.home, { ...record, place: standing.name, root: standing.root });
}

/** What the tool is known to have changed: its own paths, and for a shell command the client's list of changed files. */
function changedPaths(payload: Payload): string[] {
  const named = pathsOf(payload.toolName, payload.toolInput);
  const paths = Array.isArray(named) ? named.map((path) => resolvePath(path, payload.cwd) ?? path) : [];
  const response = payload.raw['tool_response'];
  const diff = field(response, 'bashEditDiff');
  for (const file of list(field(diff, 'changedFiles'))) if (typeof file === 'string') paths.push(file);
  for (const file of list(field(diff, 'files'))) {
    const path = field(file, 'filePath');
    if (typeof path === 'string') paths.push(path);
  }
  return [...new Set(paths.map((path) => resolvePath(path, payload.cwd) ?? path))];
}

function field(value: unknown, key: string): unknown {
  return fieldsOf(value)[key];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 1_000) : [];
}

/** For a command whose writes could not be known: did anything change where it had no business? */
function judgeCommand(payload: Payload, presence: Presence, nowMs: number): string | undefined {
  if (payload.toolUseId === '') return undefined;
  const { home } = presence.place;
  const command = readCommand(home, payload.toolUseId);
  if (!command || command.endedAtMs !== null) return undefined;
  const isBackground = isGoingOn(payload);
  const ended = { ...command, isBackground, endedAtMs: isBackground ? null : nowMs };
  changeCommand(home, ended);
  if (!command.isUnknown) return undefined;
  if (isUntouchedElsewhere(presence.place, command.startedAtMs)) return undefined;
  const { reportTrespass } = loadBundle<{
    reportTrespass(p: HomedPlace, c: typeof ended): string | undefined;
  }>('trespass');
  return reportTrespass(presence.place, ended);
}

function hasRinging(presence: Presence, payload: Payload): boolean {
  if (!mayReadMail(presence, payload)) return false;
  const { home, name } = presence.caller;
  return ringing(home, name, listWaiting(home, name)).length > 0;
}

function batchSize(home: string): number {
  const twin = readFreshTwin(home);
  return settingsFrom(home, twin ?? { stamp: '', values: {}, complaints: [] }).mail_batch;
}
