/**
 * The guard inside a coordinated project: who acts, what would be written, what the rules say (domain/ground). Light:
 * domain, storage/light and the protocol; the shell parser and the YAML reader lie in bundles of their own.
 */
import { approvesInPowerShell } from '../../domain/approve-words.ts';
import { judgeCycleText } from '../../domain/cycle/hold.ts';
import type { Instance } from '../../domain/delivery.ts';
import { type Actor, isOfSingleFiles, judgeWrite, needsLock, type SeatHolder } from '../../domain/ground.ts';
import { type PlainCommand, readPlainCommand } from '../../domain/plain-command.ts';
import { count } from '../../storage/light/counters.ts';
import { noteAct, noteChanges, noteCommand } from '../../storage/light/journal.ts';
import { ownerOfPlace, targetOf } from '../../storage/light/location.ts';
import { noteCalls } from '../../storage/light/locks/callers.ts';
import { peerNameOf } from '../../storage/light/peer-names.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import { actorOf, type Presence, presenceOf } from '../../storage/light/presence.ts';
import { livenessOf } from '../../storage/light/process.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import { touchGuard, touchSession } from '../../storage/light/roster.ts';
import { readSeat, type SeatClaim, type SeatStanding, seatStanding } from '../../storage/light/seat.ts';
import { readFreshTwin, type SettingsTwin, settingsFrom } from '../../storage/light/settings-twin.ts';
import { bindUnheard } from '../../storage/light/unheard-agent.ts';
import type { GuardRefusal, printRefusal } from '../wording/refusals.ts';
import { loadBundle } from './bundles.ts';
import type { LoadCached } from './code-cache.ts';
import { noteValidation } from './evidence-start.ts';
import { cycleTurnOf } from './guard-cycle.ts';
import { type Case, judgeShared, listenForTests, type Verdict } from './guard-shared.ts';
import type { ShellVerdict } from './guard-shell.ts';
import { isJudged } from './judged-tools.ts';
import type { LockWant } from './lock-hooks.ts';
import { type Payload, payloadFrom, printDenial } from './protocol.ts';
import type { ShellCase } from './shell-case.ts';
import { pathsOf, shellCommandOf } from './tool-paths.ts';

/** Judges a tool call of a session that stands in a coordinated project; prints the refusal, where there is one. */
export function judgeInside(raw: Payload['raw'], standing: HomedPlace, load: LoadCached): void {
  const payload = payloadFrom(raw);
  const { home } = standing;
  const twin =
    readFreshTwin(home) ??
    loadBundle<{ refreshTwin(home: string): SettingsTwin }>('settings').refreshTwin(home);
  const settings = settingsFrom(home, twin);
  if (settings.guard === 'off') {
    noteValidation(payload, standing, settings);
    return;
  }
  const nowMs = Date.now();
  const { session, agent } = payload;
  const instance = { session, agent };
  const presence = bindUnheard(presenceOf(standing, instance), session, agent, payload.transcript);
  touchGuard(home, presence.place.name, nowMs);
  touchSession(home, payload.session, payload.agent, nowMs);
  const turn = cycleTurnOf(payload, presence.place);
  if (turn?.refusal) {
    refuse(home, payload, presence.caller.name, { refusal: turn.refusal, how: payload.toolName }, nowMs);
    return;
  }
  if (!isJudged(payload.toolName)) return;
  const seat = seatStanding(home, presence.place.name, payload.session);
  const acting = actorOf(presence, instance, settings.strict_blockers, seat);
  const seen = turn ? { ...acting, role: turn.role } : acting;
  const isShared = settings.mode === 'shared';
  const isPeer = isShared && isBesideSeat(seat, presence, instance);
  const actor = isPeer
    ? { ...seen, name: presence.record?.peer ?? peerNameOf(session, agent), seatTakenBy: undefined, isPeer }
    : seen.seatTakenBy || seat.isOwn
      ? { ...seen, isPeer }
      : withSeat({ ...seen, isPeer }, presence, instance);
  const found: Case = { payload, presence, actor, settings, nowMs, load, afterwards: [] };
  const judged = judgeTool(found);
  const needsMore = (isShared || settings.sequential) && !judged.refusal;
  const verdict = needsMore ? { ...judged, refusal: judgeShared(found, judged) } : judged;
  if (verdict.refusal) {
    refuse(home, payload, actor.name, { ...verdict, refusal: verdict.refusal }, nowMs);
  } else {
    notePassed(found, verdict);
    noteValidation(payload, standing, settings);
  }
  for (const keep of found.afterwards) keep();
}

function refuse(
  home: string,
  { toolName: tool, session }: Payload,
  actor: string,
  { refusal, how }: { refusal: GuardRefusal; how?: string | undefined },
  nowMs: number,
): void {
  noteAct(home, { act: 'refused', code: refusal.code, actor, tool, session }, nowMs);
  count(home, 'refusals', 1, nowMs);
  deny(refusal, how, nowMs);
}

/** Most calls are let through: what is said to the rest is a bundle of its own. */
function deny(refusal: GuardRefusal, how: string | undefined, nowMs: number): void {
  const wording = loadBundle<{ printRefusal: typeof printRefusal }>('refusals');
  printDenial(wording.printRefusal(refusal, how, nowMs));
}

/** Shared mode: whether another holds the seat of this place, or this is a subagent, or a session that is a peer. */
function isBesideSeat(seat: SeatStanding, { record }: Presence, { agent }: Instance): boolean {
  if (seat.isOwn) return seat.agent !== agent;
  return seat.takenBy !== undefined || agent !== null || record?.peer !== undefined;
}

/**
 * A session that was started here and writes without the seat (whoever had it has gone meanwhile) takes it now: of
 * two such sessions one gets it, and the other is refused.
 */
function withSeat(actor: Actor, presence: Presence, instance: Instance): Actor {
  const { home, name } = presence.place;
  const { record } = presence;
  if (!record || record.place !== name) return actor;
  const { claimSeat } = loadBundle<{ claimSeat(claim: SeatClaim, nowMs: number): SeatHolder | undefined }>(
    'seat',
  );
  const claim = { home, place: name, owner: actor.name, ...instance, process: record.process };
  return { ...actor, seatTakenBy: claimSeat(claim, Date.now()) };
}

/** A session that stands outside of any project aims into one. */
export function refuseOutsider(raw: Payload['raw'], path: string, home: string): void {
  const { toolName: tool, session } = payloadFrom(raw);
  deny({ code: 'outsider', path, home }, tool, Date.now());
  noteAct(home, { act: 'refused', code: 'outsider', actor: null, tool, session }, Date.now());
  count(home, 'refusals');
}

/** A payload that nobody can read, in a coordinated project. */
export function refuseOddPayload(): void {
  deny({ code: 'payload-odd', tool: 'A tool', field: 'payload' }, undefined, Date.now());
}

function judgeTool(found: Case): Verdict {
  const { payload, actor, presence, settings } = found;
  const { toolName, toolInput } = payload;
  const command = shellCommandOf(toolName, toolInput);
  if (command === 'odd') return { refusal: { code: 'payload-odd', tool: toolName, field: 'command' } };
  if (command !== undefined) {
    const tests = listenForTests(found, command);
    const plain = readPlainCommand(command);
    if (plain) {
      const words = command.split(' ').filter((word) => word !== '');
      if (plain.kind === 'unknown') tests?.hear({ words, cwd: payload.cwd, isDetached: false });
      return { ...judgePlain(found, plain), tests };
    }
    const shell = found.load<{ judgeShell(shell: ShellCase): ShellVerdict }>('shell');
    found.afterwards.push(shell.keep);
    const facts = { command, cwd: payload.cwd, actor, project: presence.place, settings, env: process.env };
    const verdict = shell.exports.judgeShell(tests ? { ...facts, hear: tests.hear } : facts);
    if (!verdict.refusal && settings.mode === 'shared') leaveWordOf(found, verdict);
    return { ...verdict, paths: verdict.paths.map((path) => resolvePath(path, payload.cwd) ?? path), tests };
  }
  if (toolName === 'PowerShell' && approvesInPowerShell(String(toolInput['command'])))
    return { refusal: { code: 'approval-by-session' }, how: toolName };
  const control =
    toolName === 'PowerShell' && actor.role
      ? judgeCycleText(actor.role, String(toolInput['command']))
      : undefined;
  if (control) return { refusal: control, how: toolName };
  if (toolName === 'EnterWorktree') return { refusal: judgeEntering(found) };
  const paths = pathsOf(toolName, toolInput);
  if (!Array.isArray(paths)) return { refusal: { code: 'payload-odd', tool: toolName, field: paths.odd } };
  const resolved: string[] = [];
  const locks: LockWant[] = [];
  for (const path of paths) {
    const target = targetOf(path, payload.cwd, presence.place, false);
    if (target) resolved.push(target.path);
    const refusal: GuardRefusal | undefined = target
      ? judgeWrite(actor, target)
      : { code: 'path-unusable', path };
    if (refusal) return { refusal, how: toolName };
    if (target && needsLock(actor, target)) locks.push({ path: target.path, isTree: false, manner: 'take' });
  }
  return { refusal: undefined, paths: resolved, locks };
}

/** A command cannot know which subagent runs it; it finds word of that here. */
function leaveWordOf({ payload, presence, nowMs }: Case, { calls }: ShellVerdict): void {
  if (calls.length === 0) return;
  const { session, agent, toolUseId } = payload;
  noteCalls(presence.place.home, toolUseId || `${session}.${nowMs}`, { session, agent }, calls, nowMs);
}

/** Entering a worktree makes the session its worker: not while that one's own session is alive. */
function judgeEntering(found: Case): GuardRefusal | undefined {
  const path = found.payload.toolInput['path'];
  if (typeof path !== 'string') return undefined;
  const resolved = resolvePath(path, found.payload.cwd);
  const place = resolved === undefined ? undefined : coordinatedPlaceOf(resolved);
  if (!place || place.home !== found.presence.place.home) return undefined;
  const seat = readSeat(place.home, place.name);
  const isAlive =
    seat?.process && seat.session !== found.payload.session && livenessOf(seat.process) === 'alive';
  if (!isAlive) return undefined;
  return { code: 'enter-taken', worktree: place.root, owner: ownerOfPlace(place.home, place.name) };
}

/** Notes what was let through, for whoever later holds what changed against what is known to have been written. */
function notePassed(found: Case, verdict: Verdict): void {
  const { payload, presence, actor, nowMs } = found;
  const { home, name, root } = presence.place;
  noteChanges(home, name, { atMs: nowMs, session: payload.session, paths: verdict.paths ?? [] });
  if (verdict.unknown === undefined && !verdict.isWide) return;
  noteCommand(home, {
    id: payload.toolUseId || `${payload.session}.${nowMs}`,
    session: payload.session,
    agent: payload.agent,
    actor: actor.name,
    place: name,
    root,
    command: String(payload.toolInput['command'] ?? ''),
    startedAtMs: nowMs,
    endedAtMs: null,
    isUnknown: verdict.unknown !== undefined,
    isBackground: false,
  });
}

/** A command so plain that no parser is needed: it writes nothing, or it is one program that may write anything. */
function judgePlain(found: Case, plain: PlainCommand): Verdict {
  if (plain.kind === 'reads') return { refusal: undefined };
  const { actor, presence, settings } = found;
  const target = targetOf(presence.place.root, presence.place.root, presence.place, false);
  const own = target ? judgeWrite(actor, target) : undefined;
  if (own && !isOfSingleFiles(own)) return { refusal: own, how: plain.program };
  if (settings.unknown_commands === 'refuse') {
    return {
      refusal: { code: 'unknown-command', why: 'program', detail: plain.program },
      how: plain.program,
    };
  }
  return { refusal: undefined, unknown: `program: ${plain.program}` };
}
