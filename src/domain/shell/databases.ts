// sqlite3: its file is written unless all that it is told only asks; its dot commands write files and run programs too.
import { runCode } from './child-shells.ts';
import { noteOpen, noteUnknown, noteWrite } from './ledger.ts';
import { isOpen } from './markers.ts';
import { hasOption, optionValues, readOptions } from './options.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';

const ASKS =
  /^(|--.*|select\b.*|values\b.*|explain\b.*|pragma\s+\w+|pragma\s+\w+_(info|xinfo|list|check)\s*\(.*)$/is;
/** Functions of the command line program that write or load. */
const ACTS = /\b(writefile|load_extension|edit)\s*\(/gi;
/** Files that a statement opens or makes. */
const NAMED =
  /\b(?:attach(?:\s+database)?|vacuum(?:\s+\w+)?\s+into|writefile\s*\()\s*(?:'([^']*)'|"([^"]*)")/gi;

/** `file:x?mode=rwc` is x. */
const fileNamed = (name: string): string =>
  name.startsWith('file:') ? name.replace(/^file:(\/\/[^/]*)?/, '').replace(/[?#].*$/, '') : name;

const onlyAsks = (sql: string): boolean =>
  sql.search(ACTS) < 0 && sql.split(';').every((statement) => ASKS.test(statement.trim()));

const sqlite: Program = (reader, call) => {
  const { name, args, world } = call;
  const options = readOptions(args, {
    oneDash: true,
    long: 'cmd init separator newline nullvalue mmap maxsize lookaside pagecache',
  });
  if (hasOption(options, 'version help')) return undefined;
  if (hasOption(options, 'init')) noteUnknown(reader, world, 'script', `${name} -init`);
  const [named, ...given] = options.rest;
  const file = named === undefined ? undefined : fileNamed(named);
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
  for (const [, single, double] of sql.matchAll(NAMED)) {
    const quoted = fileNamed(single ?? double ?? '');
    if (quoted !== '' && !quoted.startsWith(':memory')) noteWrite(reader, world, quoted, `${name} file`);
  }
  // A name that is made by the statement itself.
  if ([...sql.matchAll(ACTS)].length > [...sql.matchAll(/\bwritefile\s*\(\s*('[^']*'|"[^"]*")\s*,/gi)].length)
    noteUnknown(reader, world, 'program', `${name} ${sql}`);
  for (const dot of dots) readDotCommand(reader, call, dot.trim());
  return undefined;
};

const RUNS = 'shell system';
const READS = 'read load cd restore archive ar';
const WRITES = 'output once log backup save clone trace open excel';

/** A dot command, which may be shortened. */
function readDotCommand(reader: Reader, { name, world }: Call, line: string): void {
  const [, verb = '', rest = ''] = /^\.(\w+)\s*(.*)$/s.exec(line) ?? [];
  const is = (list: string): boolean => list.split(' ').some((full) => full.startsWith(verb));
  const words = (rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^["']|["']$/g, ''));
  const target = words.at(-1) ?? '';
  const piped = /^(["'])\s*\|(.*?)\1/s.exec(rest)?.[2] ?? /^\|(.*)$/s.exec(rest)?.[1];
  if (piped !== undefined) runCode(reader, world, piped);
  if (is(RUNS)) runCode(reader, world, rest);
  if (is(READS)) noteUnknown(reader, world, 'script', `${name} ${line}`);
  if (piped === undefined && is(WRITES) && target !== '' && !/^(stdout|stderr|on|off|-.*)$/.test(target))
    noteWrite(reader, world, target, `${name} .${verb}`);
}

export const DATABASES: Programs = { sqlite3: sqlite, sqlite };
