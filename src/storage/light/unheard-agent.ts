/**
 * A subagent in a worktree of its own whose start nobody heard, since the hook was killed. The hooks know it by its
 * worktree's name; its own `coord` commands are told apart from its session's by its record alone, so each of them would
 * be refused. It gets the record at its first call.
 */
import type { Presence } from './presence.ts';
import { readSession, writeSession } from './roster.ts';

export function bindUnheard(
  presence: Presence,
  session: string,
  agent: string | null,
  transcript: string | null,
): Presence {
  const { name, home, root } = presence.place;
  if (agent === null || presence.record !== undefined || !name?.includes(agent)) return presence;
  const main = readSession(home, session, null);
  if (!main) return presence;
  const { peer: _, ...known } = main;
  const record = { ...known, agent, transcript, place: name, root, startedAt: new Date().toISOString() };
  writeSession(home, record);
  return { ...presence, record };
}
