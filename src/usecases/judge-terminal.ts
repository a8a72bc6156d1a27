/**
 * Whether a person at a terminal calls, who needs nobody's leave. A process of a session that hides its session is still
 * one, and three things tell: what agents' clients leave in the environment of all that they start; a client's process
 * above this one; and the guard, which refuses `coord approve` in any command of a session (guard-shell).
 */
import { nowMs } from '../storage/clock.ts';
import type { Caller } from '../storage/light/caller.ts';
import { listSessions } from '../storage/light/roster.ts';
import { type Ancestor, processesAround } from '../storage/process-table.ts';

/** What is seen of the call; a test says it instead. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined where the system does not tell. */
  readonly around: () => readonly Ancestor[] | undefined;
}

/** Of Claude Code, Gemini CLI and Codex, in all that they run. */
const AGENT_MARKS =
  /^(?:CLAUDECODE|CLAUDE_CODE_(?:SESSION_ID|CHILD_SESSION|ENTRYPOINT)|AI_AGENT|GEMINI_CLI|CODEX_SANDBOX(?:_NETWORK_DISABLED)?)$/;
/** A session's record is written while its client runs: what began later is another process under the same number. */
const SLACK_MS = 5_000;

const HERE: Surroundings = { env: process.env, around: () => processesAround(process.pid) };

export function isTerminal({ home, kind }: Pick<Caller, 'home' | 'kind'>, here = HERE): boolean {
  if (kind !== 'operator') return false;
  if (Object.entries(here.env).some(([name, value]) => AGENT_MARKS.test(name) && value)) return false;
  const sessions = listSessions(home).filter((session) => session.process !== null);
  if (sessions.length === 0) return true;
  const now = nowMs();
  const around = here.around() ?? [];
  return !around.some((one) =>
    sessions.some(({ process: mark, startedAt }) => {
      if (mark?.pid !== one.pid) return false;
      if (one.ageMs === null || (mark.started !== null && one.started !== null))
        return mark.started === one.started;
      const recordedMs = Date.parse(startedAt);
      return Number.isNaN(recordedMs) || now - one.ageMs <= recordedMs + SLACK_MS;
    }),
  );
}
