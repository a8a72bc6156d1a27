// `coord approve` is a person's, so no session of the client calls it, whoever it says that it is: on systems where the
// processes above a call are not to be seen, this is what holds. Text that mentions it passes.
import { saysApproval } from '../approve-words.ts';
import { isCoordProgram, isCoordScript } from './coord-calls.ts';
import type { ShellRun } from './facts.ts';

/** By the words behind `coord`; where the first one is not known it may be this one. */
export function isApproveCall(args: readonly string[], isAnyVerb: boolean): boolean {
  const [verb = ''] = args;
  if (args.some((word) => word === '--help' || word === '-h')) return false;
  if (verb === 'approve') return true;
  return isAnyVerb && verb.includes('*') && patternOf(verb).test('approve');
}

function patternOf(verb: string): RegExp {
  const parts = verb.split('*').map((part) => part.replace(/[^A-Za-z0-9]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** Shells of another language, and what opens a terminal, types into one, or runs what code says. */
const CARRIERS =
  /^(?:fish|nu|elvish|xonsh|[ct]csh|pwsh|powershell|cmd|wsl|tmux|screen|zellij|dtach|abduco|script|expect|osascript|open|start|wt|xterm|konsole|kitty|alacritty|wezterm|foot|x-terminal-emulator|[a-z]+-terminal|ssh|docker|podman|node|deno|bun|python[\d.]*|perl|ruby|php|launchctl|systemd-run|schtasks|crontab)(?:\.exe)?$/;

/** A program that is handed the call as text. */
export function carriesApproval({ words }: ShellRun): boolean {
  const [program = '', ...args] = words;
  const name = program.slice(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1).toLowerCase();
  if (!CARRIERS.test(name)) return false;
  // What node runs may be coord itself, whose words are read elsewhere.
  if (args.some(isCoordScript)) return false;
  return (
    saysApproval(args.join(' ')) ||
    args.some((word, at) => isCoordProgram(word) && args[at + 1] === 'approve')
  );
}
