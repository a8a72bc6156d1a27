/**
 * Which tools the guard judges for everybody: those that can write. The rest it is started for as well, but only agents
 * of a development cycle are held there (hooks.json, a test holds the two together).
 */

const JUDGED = new Set(
  'Write Edit MultiEdit NotebookEdit Bash PowerShell Monitor EnterWorktree Artifact'.split(' '),
);

/** True for what is no name too: a payload that nobody can read is judged. */
export function isJudged(tool: unknown): boolean {
  return typeof tool !== 'string' || tool === '' || JUDGED.has(tool) || tool.startsWith('mcp__');
}
