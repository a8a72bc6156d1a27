/**
 * `coord approve` in text that no parser takes apart: PowerShell, code that another program runs. Pure.
 */

const SAID = /\bcoord(?:\.(?:c?js|cmd|exe|ps1))?["'`)]*[\s,"'`([]+(?:-ArgumentList\s+)?["'@(]*approve\b/i;

/** Whether a text has the call in it, in words or as a list of words. */
export function saysApproval(text: string): boolean {
  return SAID.test(text);
}

const RUNS_TEXT =
  /\b(?:iex|invoke-expression|start-process|saps|start|cmd|pwsh|powershell|bash|sh|wsl|node|invoke-command|icm)\b/i;
const AT_BEGINNING =
  /(?:^|[\n;|({&])\s*["']?(?:[^"'\n;|]*[\\/])?coord(?:\.(?:cmd|exe|ps1))?["']?\s+["']?approve\b(?![^\n;|]*\s(?:--help|-h)\b)/i;
/** A string that is an argument: what it says is said, not run. */
const ARGUMENT = /(?<=[^\s;|({&]\s+)(?:"[^"]*"|'[^']*')/g;

/** The call at the beginning of a command, or in text that something runs. */
export function approvesInPowerShell(text: string): boolean {
  if (RUNS_TEXT.test(text) && saysApproval(text)) return true;
  // `coord send operator question "…"` may speak of it; `coord 'approve'` does it.
  return AT_BEGINNING.test(text.replace(ARGUMENT, (said) => (said.length > 12 ? 'x' : said)));
}
