/** Which versions of Claude Code coord's hooks can rely on. */
import { isOlder } from './version.ts';

/** The first one in which a hook that cannot run refuses the call (`onFailure: block`). The manifest says it too. */
export const CLIENT_SINCE = '2.1.295';

/**
 * What the client tells those whom it starts of itself: `AI_AGENT=claude-code_2-1-329_agent`. The manifest's own check
 * is not enough: the client loads a plugin from a local folder whatever that says.
 */
export function clientVersionIn(agent: string | undefined): string | undefined {
  const [, told] = /^claude-code_(\d+-\d+-\d+)(?:_|$)/.exec(agent ?? '') ?? [];
  return told?.replaceAll('-', '.');
}

export function isOldClient(version: string): boolean {
  return isOlder(version, CLIENT_SINCE);
}
