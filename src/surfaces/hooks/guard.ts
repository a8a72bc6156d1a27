/**
 * The guard: runs before every tool that can write (PreToolUse). Light: domain, storage/light, and its protocol; the
 * shell parser and the YAML reader lie in bundles of their own.
 *
 * Outside a coordinated project it says nothing. Inside, it refuses what the rules refuse (domain/ground); and when it
 * fails itself it refuses too, since a write that nobody judged is what it is there to prevent.
 */
import { dirname } from 'node:path';
import { type Actor, judgeWrite } from '../../domain/ground.ts';
import type { Settings } from '../../domain/settings.ts';
import { noteAct, noteChanges, noteCommand } from '../../storage/light/journal.ts';
import { ownerOfPlace, targetOf } from '../../storage/light/location.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import { actorOf, type Presence, presenceOf } from '../../storage/light/presence.ts';
import { livenessOf } from '../../storage/light/process.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import { touchGuard, touchSession } from '../../storage/light/roster.ts';
import { readSeat } from '../../storage/light/seat.ts';
import { readFreshTwin, type SettingsTwin, settingsFrom } from '../../storage/light/settings-twin.ts';
import { type GuardRefusal, printGuardFailure, printRefusal } from '../wording/refusals.ts';
import { loadBundle } from './bundles.ts';
import type { ShellCase, ShellVerdict } from './guard-shell.ts';
import { type Payload, printDenial, readPayload } from './protocol.ts';
import { pathsOf, shellCommandOf } from './tool-paths.ts';

interface Case {
  readonly payload: Payload;
  readonly presence: Presence;
  readonly actor: Actor;
  readonly settings: Settings;
  readonly nowMs: number;
}

interface Verdict {
  readonly refusal: GuardRefusal | undefined;
  readonly how?: string | undefined;
  readonly paths?: readonly string[];
  readonly unknown?: string | undefined;
}

export function runGuard(): void {
  const payload = readPayload();
  const standing = coordinatedPlaceOf(payload?.cwd ?? process.cwd());
  if (!standing) {
    if (payload) judgeOutsider(payload);
    return;
  }
  try {
    if (payload) judgeInside(payload, standing);
    else printDenial(printRefusal({ code: 'payload-odd', tool: 'A tool', field: 'payload' }, undefined, Date.now()));
  } catch (error) {
    printDenial(printGuardFailure(error instanceof Error ? error.message : String(error)));
  }
}

/** A session that stands outside of any project writes into one: its edit tools are judged by where they aim. */
function judgeOutsider(payload: Payload): void {
  const paths = pathsOf(payload.toolName, payload.toolInput);
  if (!Array.isArray(paths)) return;
  for (const path of paths) {
    const resolved = resolvePath(path, payload.cwd);
    const project = resolved === undefined ? undefined : nearestProject(resolved);
    if (!project) continue;
    printDenial(printRefusal({ code: 'outsider', path, home: project.home }, payload.toolName, Date.now()));
    return;
  }
}

function nearestProject(path: string): HomedPlace | undefined {
  for (let at = path, depth = 0; depth < 64; depth++) {
    const place = coordinatedPlaceOf(at);
    if (place) return place;
    const up = dirname(at);
    if (up === at) return undefined;
    at = up;
  }
  return undefined;
}

function judgeInside(payload: Payload, standing: HomedPlace): void {
  const { home } = standing;
  const twin = readFreshTwin(home) ?? loadBundle<{ refreshTwin(home: string): SettingsTwin }>('settings').refreshTwin(home);
  const settings = settingsFrom(home, twin);
  if (settings.guard === 'off') return;
  const nowMs = Date.now();
  const instance = { session: payload.session, agent: payload.agent };
  const presence = presenceOf(standing, instance);
  touchGuard(home, presence.place.name, nowMs);
  touchSession(home, payload.session, payload.agent, nowMs);
  const actor = actorOf(presence, instance, settings.strict_blockers);
  const found: Case = { payload, presence, actor, settings, nowMs };
  const verdict = judgeTool(found);
  if (verdict.refusal) {
    const { code } = verdict.refusal;
    noteAct(home, { act: 'refused', code, actor: actor.name, tool: payload.toolName, session: payload.session }, nowMs);
    printDenial(printRefusal(verdict.refusal, verdict.how, nowMs));
    return;
  }
  notePassed(found, verdict);
}

function judgeTool(found: Case): Verdict {
  const { payload, actor, presence, settings } = found;
  const { toolName, toolInput } = payload;
  const command = shellCommandOf(toolName, toolInput);
  if (command === 'odd') return { refusal: { code: 'payload-odd', tool: toolName, field: 'command' } };
  if (command !== undefined) {
    const { judgeShell } = loadBundle<{ judgeShell(shell: ShellCase): ShellVerdict }>('shell');
    return judgeShell({ command, cwd: payload.cwd, actor, project: presence.place, settings, env: process.env });
  }
  if (toolName === 'EnterWorktree') return { refusal: judgeEntering(found) };
  const paths = pathsOf(toolName, toolInput);
  if (!Array.isArray(paths)) return { refusal: { code: 'payload-odd', tool: toolName, field: paths.odd } };
  for (const path of paths) {
    const target = targetOf(path, payload.cwd, presence.place, false);
    const refusal: GuardRefusal | undefined = target
      ? judgeWrite(actor, target)
      : { code: 'path-unusable', path };
    if (refusal) return { refusal, how: toolName };
  }
  return { refusal: undefined, paths };
}

/** Entering a worktree makes the session its worker: not while that one's own session is alive. */
function judgeEntering(found: Case): GuardRefusal | undefined {
  const path = found.payload.toolInput['path'];
  if (typeof path !== 'string') return undefined;
  const resolved = resolvePath(path, found.payload.cwd);
  const place = resolved === undefined ? undefined : coordinatedPlaceOf(resolved);
  if (!place || place.home !== found.presence.place.home) return undefined;
  const seat = readSeat(place.home, place.name);
  const isAlive = seat?.process && seat.session !== found.payload.session && livenessOf(seat.process) === 'alive';
  if (!isAlive) return undefined;
  return { code: 'enter-taken', worktree: place.root, owner: ownerOfPlace(place.home, place.name) };
}

/** Notes what was let through, for whoever later holds what changed against what is known to have been written. */
function notePassed(found: Case, verdict: Verdict): void {
  const { payload, presence, actor, nowMs } = found;
  const { home, name, root } = presence.place;
  const paths = (verdict.paths ?? []).map((path) => resolvePath(path, payload.cwd) ?? path);
  noteChanges(home, name, { atMs: nowMs, session: payload.session, paths });
  if (verdict.unknown === undefined) return;
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
  });
}
