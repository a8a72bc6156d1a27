// The pure reader of shell commands: every write a command line would make, and what cannot be known about it. No disk, no clock.
// The walk follows the shell's state through the syntax tree (world.ts); what a program does with its arguments stands in tables.
import { walkCommand } from './commands.ts';
import { isChange, walkCompound } from './compounds.ts';
import { withDetours } from './detours.ts';
import type { ShellFacts, ShellReading } from './facts.ts';
import { emptyLedger, isSpent, noteUnknown, readAside, takeStep } from './ledger.ts';
import { COMMAND_CHARS_MAX, DEPTH_MAX, NESTING_MAX, PARSED_CHARS_MAX } from './limits.ts';
import { isStatic, OPEN_VARIABLE, withoutMaybe } from './markers.ts';
import { normalPath } from './paths.ts';
import { runProgram } from './programs.ts';
import type { Reader } from './reader.ts';
import type { AndOr, CompoundList, ParsedScript, PipelineNode, Statement } from './syntax.ts';
import { leaveSubshell, mergeWorlds, type World } from './world.ts';

export function readShell(command: string, facts: ShellFacts): ShellReading {
  const reader = newReader(facts);
  const world = firstWorld(facts);
  try {
    if (command.length > COMMAND_CHARS_MAX) noteUnknown(reader, world, 'depth', 'the command is too long');
    const worlds = reader.runSource(command.slice(0, COMMAND_CHARS_MAX), world);
    readLeftovers(reader, worlds);
  } catch (error) {
    // The parser and the walk are recursive and bounded; should a bound be set too wide for this stack, that is one more unknown.
    noteUnknown(
      reader,
      world,
      'depth',
      error instanceof RangeError ? 'the stack is full' : `reader: ${String(error)}`,
    );
  }
  return print(reader);
}

function newReader(facts: ShellFacts): Reader {
  const reader: Reader = {
    facts,
    ledger: emptyLedger(),
    functions: new Map(),
    aliases: new Map(),
    streams: new Map(),
    late: [],
    runSource: (source, world) => runSource(reader, source, world),
    runScript: (script, world) => runScript(reader, script, world),
    runStatements: (statements, worlds) => runStatements(reader, statements, worlds),
    runNode: (node, world) => runNode(reader, node, world),
    runArguments: (argv, world, isPlain) => runProgram(reader, argv, world, isPlain),
  };
  return reader;
}

function firstWorld(facts: ShellFacts): World {
  const { PWD: _, OLDPWD, ...env } = facts.env;
  return {
    cwd: normalPath(facts.cwd),
    oldCwd: OLDPWD ?? OPEN_VARIABLE,
    vars: new Map(Object.entries(env)),
    positional: undefined,
    stack: [],
    stdin: undefined,
    out: undefined,
    lastArgument: OPEN_VARIABLE,
    physical: false,
    locals: [],
    exported: Object.keys(env),
    depth: 0,
  };
}

/** What runs at the end, and functions that nobody called. */
function readLeftovers(reader: Reader, worlds: readonly World[]): void {
  for (const { source, world } of reader.late.splice(0)) {
    for (const end of [world, ...worlds]) reader.runSource(source, { ...end, depth: 1 });
  }
  for (const defined of reader.functions.values()) {
    if (defined.calls > 0) continue;
    readAside(reader, 'unheard', () => {
      for (const body of defined.bodies)
        walkCompound(reader, body, { ...defined.world, positional: undefined });
    });
  }
}

function print(reader: Reader): ShellReading {
  const { ledger } = reader;
  const found = {
    writes: [...ledger.writes.values()],
    links: [...ledger.links.values()],
    git: [...ledger.git.values()],
    coord: [...ledger.coord.values()],
  };
  const reading = { ...withDetours(found, ledger), unknown: [...ledger.unknown.values()] };
  return { ...reading, readOnly: Object.values(reading).every((findings) => findings.length === 0) };
}

// --- internal: the walk ---

function runSource(reader: Reader, source: string, world: World): World[] {
  const { ledger } = reader;
  if (withoutMaybe(source) !== source) noteUnknown(reader, world, 'variable', `code ${source.slice(0, 60)}`);
  ledger.parsedChars += source.length;
  if (world.depth > DEPTH_MAX || ledger.parsedChars > PARSED_CHARS_MAX || !takeStep(reader)) {
    noteUnknown(reader, world, 'depth', source.slice(0, 60));
    return [world];
  }
  return runScript(reader, reader.facts.parse(withoutMaybe(source)), world);
}

function runScript(reader: Reader, script: ParsedScript | CompoundList, world: World): World[] {
  if ('errors' in script && script.errors !== undefined && script.errors.length > 0) {
    noteUnknown(reader, world, 'syntax', script.errors[0]?.message ?? 'syntax error');
  }
  return runStatements(reader, script.commands, [world]);
}

function runStatements(reader: Reader, statements: readonly Statement[], worlds: readonly World[]): World[] {
  let now = [...worlds];
  for (const statement of statements) {
    if (isSpent(reader)) break;
    now = mergeWorlds(now.flatMap((world) => runStatement(reader, statement, world)));
  }
  return now;
}

function runStatement(reader: Reader, statement: Statement, world: World): World[] {
  if (!statement.background) {
    const after = runNode(reader, statement.command, world);
    return changesFolder(statement) && after.some((end) => isLost(reader, world, end))
      ? mergeWorlds([...after, world])
      : after;
  }
  return leaveSubshell(
    readAside(reader, 'detached', () => runNode(reader, statement.command, world)),
    world,
  );
}

/** A `cd` alone or among what is joined by `&&`: where it fails, what comes after is run from where the shell stood. */
const changesFolder = ({ command }: Statement): boolean =>
  command.type === 'AndOr'
    ? command.operators.every((operator) => operator === '&&') && command.commands.some(isChange)
    : isChange(command);

/** Whether the folder changed to is not there, and nothing in this command line is known or likely to have made it. */
function isLost({ facts, ledger }: Reader, before: World, { cwd }: World): boolean {
  if (facts.isMissing === undefined || cwd === before.cwd || !isStatic(cwd) || ledger.unknown.size > 0)
    return false;
  if (!facts.isMissing(cwd)) return false;
  const made = [...ledger.writes.values()].map(({ path }) => path);
  for (const { paths = [] } of ledger.git.values()) made.push(...paths);
  return !made.some((path) => cwd === path || cwd.startsWith(`${path}/`) || path.startsWith(`${cwd}/`));
}

function runNode(reader: Reader, node: PipelineNode | AndOr, world: World): World[] {
  const { ledger } = reader;
  if (!takeStep(reader)) return [world];
  if (ledger.nesting >= NESTING_MAX) {
    noteUnknown(reader, world, 'depth', 'compound commands');
    return [world];
  }
  ledger.nesting += 1;
  const after =
    node.type === 'Command' ? walkCommand(reader, node, world) : walkCompound(reader, node, world);
  ledger.nesting -= 1;
  return after;
}
