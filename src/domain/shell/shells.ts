// A shell given code: `bash -c`, code on standard input, a script file.

import { runChild } from './child-shells.ts';
import { isCoordProgram, readCoord } from './coord-calls.ts';
import { noteOpen, noteUnknown, readAside } from './ledger.ts';
import { isOpen, OPEN_OUTPUT } from './markers.ts';
import { quoteArgument } from './quoting.ts';
import type { Call, Program } from './reader.ts';
import { isAmong } from './word-lists.ts';
import { setVariable } from './world.ts';
import { streamText, writtenText } from './written-files.ts';

interface ShellCall {
  readonly code: string | undefined;
  readonly file: string | undefined;
  readonly zero: string | undefined;
  readonly positional: readonly string[];
  readonly onlyChecks: boolean;
  /** What an interactive shell reads first. */
  readonly start: string | undefined;
}

function readShellArguments(args: readonly string[]): ShellCall {
  let takesCode = false;
  let onlyChecks = false;
  let fromInput = false;
  let start: string | undefined;
  let isInteractive = false;
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--' || arg === '-') {
      at += 1;
      break;
    }
    if (/^--(rcfile|init-file)$/.test(arg)) {
      at += 1;
      start = args[at];
    } else if (/^[-+]/.test(arg)) {
      if (/^-[a-zA-Z]*c/.test(arg)) takesCode = true;
      if (/^-[a-zA-Z]*n/.test(arg)) onlyChecks = true;
      if (/^-[a-zA-Z]*s/.test(arg)) fromInput = true;
      if (/^-[a-zA-Z]*i/.test(arg)) isInteractive = true;
      // Each `o` takes a name from what follows, wherever in its cluster it stands.
      if (!arg.startsWith('--')) at += arg.replace(/[^oO]/g, '').length;
    } else break;
  }
  const rest = args.slice(at);
  const told = { file: undefined, onlyChecks, start: isInteractive ? start : undefined };
  if (takesCode) return { ...told, code: rest[0] ?? '', zero: rest[1], positional: rest.slice(2) };
  if (fromInput) return { ...told, code: undefined, zero: undefined, positional: rest };
  return { ...told, code: undefined, file: rest[0], zero: rest[0], positional: rest.slice(1) };
}

const shell: Program = (reader, { name, args, world }) => {
  if (args.length === 1 && /^--(version|help)$/.test(args[0] ?? '')) return undefined;
  const call = readShellArguments(args);
  if (call.onlyChecks) return undefined;
  if (call.start !== undefined && call.start !== '/dev/null')
    runChild(reader, world, `. ${quoteArgument(call.start)}`, [], undefined);
  const named = call.zero === undefined ? world : setVariable(world, '0', call.zero);
  if (call.code !== undefined) return runChild(reader, named, call.code, call.positional, world.stdin);
  if (call.file?.includes('/') && isCoordProgram(call.file))
    return readCoord(reader, { name: `${name} ${call.file}`, args: call.positional, world });
  const stream = call.file === undefined ? world.stdin?.join('\n') : streamText(reader, world, call.file);
  if (stream === undefined || stream === OPEN_OUTPUT) {
    noteUnknown(
      reader,
      world,
      'script',
      call.file === undefined ? `${name} reads its standard input` : `${name} ${call.file}`,
    );
    const written = call.file === undefined ? undefined : writtenText(reader, world, call.file);
    return written === undefined ? undefined : runChild(reader, named, written, call.positional, world.stdin);
  }
  return runChild(reader, named, stream, call.positional, undefined);
};

/** `su -c code`, `runuser -c code`. */
const otherUser: Program = (reader, { name, args, world }) => {
  const at = args.findIndex((arg) => arg === '-c' || arg === '--command' || arg.startsWith('--command='));
  const code =
    at < 0
      ? undefined
      : args[at]?.startsWith('--command=')
        ? args[at]?.slice('--command='.length)
        : args[at + 1];
  if (code !== undefined) return runChild(reader, world, code, undefined, undefined);
  const dashes = args.indexOf('--');
  if (dashes >= 0) return reader.runArguments(args.slice(dashes + 1), world, true);
  noteUnknown(reader, world, 'script', name);
  return undefined;
};

/** at and batch run later what they are given now. */
const later: Program = (reader, { name, args, world }) => {
  if (args.some((arg) => /^-[lrdc]/.test(arg))) return undefined;
  if (world.stdin === undefined) noteUnknown(reader, world, 'script', name);
  else
    readAside(reader, 'detached', () =>
      runChild(reader, world, (world.stdin ?? []).join('\n'), [], undefined),
    );
  return undefined;
};

/** Another shell's language: only that it may do anything is known. */
const foreign: Program = (reader, { name, args, world }: Call) => {
  const open = args.find(isOpen);
  if (open !== undefined) noteOpen(reader, world, open, name);
  noteUnknown(reader, world, 'program', name);
  return undefined;
};

export function shellOf(name: string): Program | undefined {
  if (isAmong('bash sh zsh dash ksh ash mksh rbash bash5 rsh', name)) return shell;
  if (isAmong('fish nu elvish xonsh pwsh powershell cmd csh tcsh', name)) return foreign;
  if (isAmong('su runuser', name)) return otherUser;
  return isAmong('at batch', name) ? later : undefined;
}
