// Editors driven from the command line: ed, ex, vim and their kin, by their script or their `-c` commands.

import { runCode } from './child-shells.ts';
import { noteUnknown, noteWrite } from './ledger.ts';
import { optionValues, readOptions } from './options.ts';
import type { Program, Reader } from './reader.ts';
import { isAmong } from './word-lists.ts';
import type { World } from './world.ts';

/** Lines, marks, patterns and `g/…/` that stand before a command. Each text has one way to be read: two would double with each mark. */
const RANGE = String.raw`(?:[%\d.,;$<>+-]|'['a-z<>]|[gv]?!?\s*\/(?:[^/\\]|\\.)*\/|\?(?:[^?\\]|\\.)*\?)*\s*`;
const WRITES = new RegExp(
  `^${RANGE}(?:w|W|wq|write|wri|saveas|sav|up|update|x|xit|wa|wall|mks|mksession|mkv|mkview|mkexrc|redir)(?:!?\\s*>>?\\s*|!\\s*(?=[./~])|!?\\s+(?!!))(\\S.*)$`,
);
/** What another name is told for is written later. */
const NAMES =
  /^(?:e|E|ex|edit|f|file|n|next|ar|args|arga\w*|arge\w*|sp|split|vs|vsplit|new|vne\w*|tabe\w*|tabnew|bad|badd|fin\w*|vi|visual|view)!?\s+(?!!)(\S.*)$/;
const SHELLS = new RegExp(`^${RANGE}(?:(?:w|r|e|E|read|edit)\\s*)?!\\s*(.+)$`);
/** A language of its own, or another folder. */
const UNKNOWN =
  /^(?:cd|chd\w*|lcd|tcd|lch\w*|exe\w*|cal\w*|so|source|norm\w*|\w*do|py\w*|lua\w*|perl\w*|ruby\w*|let|echo\w*)\b/;

/** The ex commands of a script or an option. */
function readExCommand(reader: Reader, world: World, command: string, how: string): void {
  for (const line of command.split(/\n|\|/)) {
    const told = line
      .trim()
      .replace(/^:+\s*/, '')
      .replace(/^(?:silent!?|sil!?|noautocmd|keepalt)\s+/, '');
    // `w! f` forces a write; `w !cmd` runs.
    const file = (WRITES.exec(told) ?? NAMES.exec(told))?.[1];
    const code = file === undefined ? SHELLS.exec(told)?.[1] : undefined;
    if (file !== undefined) noteWrite(reader, world, file.trim(), how);
    else if (code !== undefined) runCode(reader, world, code);
    else if (UNKNOWN.test(told)) noteUnknown(reader, world, 'script', `${how} ${told}`);
  }
}

/** ed and ex write what their script says; a script that is not known may write anywhere. */
const lineEditor: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'cpTuSt' });
  for (const file of options.rest)
    if (file.startsWith('!')) runCode(reader, world, file.slice(1));
    else noteWrite(reader, world, file, name);
  for (const command of optionValues(options, 'c')) readExCommand(reader, world, command, `${name} -c`);
  if (world.stdin === undefined) noteUnknown(reader, world, 'script', name);
  else for (const line of world.stdin) readExCommand(reader, world, line, name);
  return undefined;
};

/** vim's commands are a language: its files are written, and more may be. */
const visualEditor: Program = (reader, { name, args, world }) => {
  const plus = args.filter((arg) => arg.startsWith('+')).map((arg) => arg.slice(1));
  const options = readOptions(
    args.filter((arg) => !arg.startsWith('+')),
    { short: 'cSuUTiwWt', glued: 'V', long: 'cmd startuptime' },
  );
  const isView = options.flags.has('R') || options.flags.has('M') || name === 'view';
  if (!isView) for (const file of options.rest) if (file !== '-') noteWrite(reader, world, file, name);
  for (const command of [...plus, ...optionValues(options, 'c cmd')])
    readExCommand(reader, world, command, `${name} -c`);
  for (const file of optionValues(options, 'w W i startuptime V'))
    if (!/^(\d*|NONE)$/.test(file)) noteWrite(reader, world, file.replace(/^\d+/, ''), name);
  for (const line of world.stdin ?? []) readExCommand(reader, world, line, name);
  noteUnknown(reader, world, 'program', name);
  return undefined;
};

/** Editors for people: what they are given they may save. */
const screenEditor: Program = (reader, { name, args, world }) => {
  for (const file of readOptions(
    args.filter((arg) => !arg.startsWith('+')),
    { short: 'fel' },
  ).rest)
    noteWrite(reader, world, file, name);
  noteUnknown(reader, world, 'program', name);
  return undefined;
};

const SCREEN_EDITORS = 'nano pico emacs emacsclient micro joe jed kak hx helix mcedit gedit kate';

export function editorOf(name: string): Program | undefined {
  if (isAmong('ed red ex', name)) return lineEditor;
  if (isAmong('vim vi nvim view gvim mvim vimdiff', name)) return visualEditor;
  return isAmong(SCREEN_EDITORS, name) ? screenEditor : undefined;
}
