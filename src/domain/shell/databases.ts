// sqlite3: its file is written unless all that it is told only asks; its dot commands write files and run programs too.
import { runCode } from './child-shells.ts';
import { noteOpen, noteUnknown, noteWrite } from './ledger.ts';
import { isOpen } from './markers.ts';
import { hasOption, optionValues, readOptions } from './options.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';

const ASKS =
  /^(|--.*|select\b.*|values\b.*|explain\b.*|pragma\s+\w+|pragma\s+\w+_(info|xinfo|list|check)\s*\(.*)$/is;
/** Functions of the command line program that write or load. */
const ACTS = /\b(writefile|load_extension|edit)\s*\(/i;

const onlyAsks = (sql: string): boolean =>
  !ACTS.test(sql) && sql.split(';').every((statement) => ASKS.test(statement.trim()));

const sqlite: Program = (reader, call) => {
  const { name, args, world } = call;
  const options = readOptions(args, {
    oneDash: true,
    long: 'cmd init separator newline nullvalue mmap maxsize lookaside pagecache',
  });
  if (hasOption(options, 'version help')) return undefined;
  if (hasOption(options, 'init')) noteUnknown(reader, world, 'script', `${name} -init`);
  const [file, ...given] = options.rest;
  const texts = [...optionValues(options, 'cmd'), ...given];
  if (given.length === 0 && world.stdin === undefined) noteUnknown(reader, world, 'script', name);
  if (given.length === 0) texts.push(...(world.stdin ?? []));
  const lines = texts.flatMap((text) => (/^\s*\./m.test(text) ? text.split('\n') : [text]));
  const dots = lines.filter((line) => /^\s*\./.test(line));
  const sql = lines.filter((line) => !/^\s*\./.test(line)).join('\n');
  if (isOpen(sql)) noteOpen(reader, world, sql, name);
  const isAsking =
    onlyAsks(sql) && !dots.some((dot) => /^\s*\.(import|restore|ar|archive|recover)\b/.test(dot));
  if (file !== undefined && !file.startsWith(':memory') && !isAsking && !hasOption(options, 'readonly safe'))
    noteWrite(reader, world, file, name);
  for (const [, quoted = ''] of sql.matchAll(
    /\b(?:attach(?:\s+database)?|vacuum\s+into|writefile\s*\()\s*'([^']*)'/gi,
  ))
    if (quoted !== '' && !quoted.startsWith(':memory')) noteWrite(reader, world, quoted, `${name} file`);
  for (const dot of dots) readDotCommand(reader, call, dot.trim());
  return undefined;
};

function readDotCommand(reader: Reader, { name, world }: Call, line: string): void {
  const [, verb = '', rest = ''] = /^\.(\w+)\s*(.*)$/s.exec(line) ?? [];
  const words = rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const target = (words.at(-1) ?? '').replace(/^["']|["']$/g, '');
  if (/^(shell|system)$/.test(verb)) runCode(reader, world, rest);
  else if (/^(read|load|cd|restore|archive|ar)$/.test(verb))
    noteUnknown(reader, world, 'script', `${name} ${line}`);
  else if (/^(output|once|log|backup|save|clone|trace|open)$/.test(verb)) {
    if (rest.trim().startsWith('|')) runCode(reader, world, rest.trim().slice(1));
    else if (target !== '' && !/^(stdout|stderr|on|off|-.*)$/.test(target))
      noteWrite(reader, world, target, `${name} .${verb}`);
  }
}

export const DATABASES: Programs = { sqlite3: sqlite, sqlite };
