// What the parts of the reader pass to each other: the ledger of findings, and the doors by which a program's handler reads further
// (nested code, nested programs) without importing the walk.
import type { ShellCoord, ShellFacts, ShellGit, ShellLink, ShellUnknown, ShellWrite } from './facts.ts';
import type { AndOr, CompoundList, FunctionNode, ParsedScript, PipelineNode, Statement } from './syntax.ts';
import type { World } from './world.ts';

/** `path` leads to `target` from now on: a symlink made, or a thing moved. */
export interface Detour {
  readonly path: string;
  readonly target: string;
  /** `target` holds glob characters. */
  readonly glob: boolean;
  /** When it was made; what was found before did not go this way. */
  readonly since: number;
}

export interface Ledger {
  readonly writes: Map<string, ShellWrite>;
  readonly links: Map<string, ShellLink>;
  readonly git: Map<string, ShellGit>;
  readonly coord: Map<string, ShellCoord>;
  readonly unknown: Map<string, ShellUnknown>;
  readonly detours: Detour[];
  /** Texts written by the command line itself, by path. */
  readonly files: Map<string, string>;
  /** When each finding was noted last, counted in findings. */
  readonly noted: Map<string, number>;
  clock: number;
  steps: number;
  nesting: number;
  parsedChars: number;
  /** Above 0: what is read now is not called by this command line itself. */
  unheard: number;
  /** Above 0: what is read now goes on by itself. */
  detached: number;
}

export interface DefinedFunction {
  readonly bodies: FunctionNode['body'][];
  /** Where it was defined first; there it is read once if nobody calls it. */
  readonly world: World;
  calls: number;
}

export interface Reader {
  readonly facts: ShellFacts;
  readonly ledger: Ledger;
  readonly functions: Map<string, DefinedFunction>;
  readonly aliases: Map<string, string>;
  /** What a `<( )` prints, by the path that stands for it. */
  readonly streams: Map<string, string>;
  /** Code that runs at the end (`trap … EXIT`). */
  readonly late: { source: string; world: World }[];
  /** Reads code in this world, as `eval` does. */
  runSource(source: string, world: World): World[];
  runScript(script: ParsedScript | CompoundList, world: World): World[];
  runStatements(statements: readonly Statement[], worlds: readonly World[]): World[];
  runNode(node: PipelineNode | AndOr, world: World): World[];
  /** Runs a program, a builtin or, unless told not to, a function or an alias by its name and arguments. */
  runArguments(argv: readonly string[], world: World, isPlain?: boolean): World[];
}

/** A program with its arguments, in the world that calls it. */
export interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly world: World;
}

/** Reads a call; returns the worlds after it, or nothing where it leaves the world as it was and what it prints is not known. */
export type Program = (reader: Reader, call: Call) => World[] | undefined;
export type Programs = Readonly<Record<string, Program>>;
/** Finds a program's handler; undefined where the name is not one of its own. */
export type Lookup = (name: string) => Program | undefined;
