// A simple command: its assignments, its words, its redirections, and then the program.
import { noteUnknown, noteWrite } from './ledger.ts';
import { EXPANSION_MAX, VALUE_CHARS_MAX } from './limits.ts';
import { OPEN_VARIABLE } from './markers.ts';
import { type Place, readVariable } from './parameters.ts';
import type { Reader } from './reader.ts';
import { applyRedirections, endRedirections } from './redirections.ts';
import type { Assignment, Command, Redirection } from './syntax.ts';
import { expandWord, wordText } from './words.ts';
import { restoreVariables, setVariable, type Value, type World } from './world.ts';

export function walkCommand(reader: Reader, command: Command, world: World): World[] {
  const place: Place = { reader, world };
  const argv = argumentsOf(place, command);
  const redirections = withZshClobber(command);
  const assignments = command.prefix.filter((part) => part.type === 'Assignment');
  const outside = place.world;
  const assigned: Place = { reader, world: outside };
  for (const assignment of assignments) assign(assigned, assignment);
  if (argv.length === 0) {
    const { inside, isFed } = applyRedirections(assigned, redirections);
    for (const assignment of assignments) readCommandVariable(assigned, assignment.name);
    // `$(< f)` prints the file.
    const out =
      !isFed || assigned.world.out === undefined || inside.stdin === undefined
        ? undefined
        : inside.stdin.join('\n');
    return [isFed ? { ...assigned.world, out } : assigned.world];
  }
  if (READS_INDEX.test(argv[0] ?? '')) noteIndexCode(assigned, argv);
  for (const assignment of assignments) readCommandVariable(assigned, assignment.name);
  const exported = [...outside.exported, ...assignments.map((assignment) => assignment.name)];
  const redirected = applyRedirections({ reader, world: { ...assigned.world, exported } }, redirections);
  const after = endRedirections(reader, redirected, reader.runArguments(argv, redirected.inside));
  const names = assignments.map((assignment) => assignment.name);
  const lastArgument = argv.at(-1) ?? '';
  return after.map((end) => ({
    ...(names.length > 0 ? { ...restoreVariables(end, outside, names), exported: outside.exported } : end),
    lastArgument,
  }));
}

const READS_INDEX =
  /^(test|\[|printf|read|unset|declare|typeset|local|export|readonly|let|mapfile|readarray)$/;
const INDEX_CODE = /\w\[[^\]]{0,200}(\$\(|`)/;

/** The shell runs the code in an index, even out of a text that it was given in quotes: `test -v 'a[$(code)]'`. */
export function noteIndexCode({ reader, world }: Place, texts: readonly string[]): void {
  const found = texts.find((text) => INDEX_CODE.test(text));
  if (found !== undefined) noteUnknown(reader, world, 'substitution', found);
}

/** The program's name and arguments; an argument that looks like an assignment stays one word. */
function argumentsOf(place: Place, command: Command): string[] {
  const words = command.name === undefined ? [] : expandWord(place, command.name);
  for (const argument of command.args) {
    if (argument.type === 'Word') words.push(...expandWord(place, argument));
    else {
      const value = assignedValue(place, argument);
      words.push(
        `${argument.name}${argument.append ? '+' : ''}=${typeof value === 'string' ? value : `(${(value ?? []).join(' ')})`}`,
      );
      // `export A=(…)`: an array does not fit into an argument, so it is assigned here.
      if (typeof value !== 'string') assign(place, argument);
    }
  }
  return words.length > EXPANSION_MAX * 8 ? [...words.slice(0, EXPANSION_MAX), OPEN_VARIABLE] : words;
}

/** zsh's `>! f` comes out of a bash parser as a redirection to `!` and an argument: both are taken for targets. */
function withZshClobber(command: Command): readonly Redirection[] {
  const { redirects, suffix } = command;
  const clobbers = redirects.filter(
    (redirect) => redirect.type === 'Redirect' && redirect.target?.text === '!',
  );
  if (clobbers.length === 0) return redirects;
  const targets = clobbers.flatMap((redirect) => {
    const next = suffix[suffix.indexOf(redirect) + 1];
    return redirect.type === 'Redirect' && next?.type === 'Word' ? [{ ...redirect, target: next }] : [];
  });
  return [...redirects, ...targets];
}

function assignedValue(place: Place, assignment: Assignment): Value {
  const { value } = assignment;
  if (value.type === 'Word') return wordText(place, value);
  const items = value.elements.flatMap((element) =>
    /^\[[^\]]*\]=/.test(element.text) ? [wordText(place, element)] : expandWord(place, element),
  );
  return items.length > EXPANSION_MAX ? OPEN_VARIABLE : items;
}

/** `x=…`, `x+=…`, `x[i]=…`, into the place's world. */
function assign(place: Place, assignment: Assignment): void {
  const value = assignedValue(place, assignment);
  if (typeof value === 'string') noteIndexCode(place, [value]);
  const old = assignment.append || assignment.index ? readVariable(place.world, assignment.name) : undefined;
  if (assignment.index !== undefined) {
    const item = `[${wordText(place, assignment.index)}]=${typeof value === 'string' ? value : OPEN_VARIABLE}`;
    const items = Array.isArray(old) ? keyed(old) : [];
    place.world = setVariable(
      place.world,
      assignment.name,
      items.length > EXPANSION_MAX ? OPEN_VARIABLE : [item, ...items],
    );
    return;
  }
  place.world = setVariable(place.world, assignment.name, assignment.append ? appended(old, value) : value);
}

const keyed = (items: readonly string[]): string[] =>
  items.map((item, at) => (/^\[[^\]]*\]=/.test(item) ? item : `[${at}]=${item}`));

function appended(old: Value | undefined, value: Value): Value {
  if (old === undefined || value === null) return typeof value === 'string' ? OPEN_VARIABLE : value;
  if (typeof value !== 'string') {
    const items = [...(old === null ? [] : typeof old === 'string' ? [old] : old), ...value];
    return items.length > EXPANSION_MAX ? OPEN_VARIABLE : items;
  }
  const text = `${typeof old === 'string' ? old : ''}${value}`;
  return text.length > VALUE_CHARS_MAX ? OPEN_VARIABLE : text;
}

/** Variables whose value other programs run as a command. */
const COMMAND_VARIABLES =
  /^(PS[0-4]|EDITOR|VISUAL|PAGER|BROWSER|MANPAGER|LESSOPEN|PROMPT_COMMAND|RSYNC_RSH|CVS_RSH|GIT_(EDITOR|PAGER|SEQUENCE_EDITOR|SSH|SSH_COMMAND|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND|TRACE\w*))$/;
/** Variables that change which code a known program runs. */
const LOADER_VARIABLES =
  /^(PATH|path|fpath|BASH_ENV|ENV|ZDOTDIR|LD_PRELOAD|LD_LIBRARY_PATH|DYLD_\w+|NODE_OPTIONS|PYTHONSTARTUP|PYTHONPATH|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|GIT_CONFIG\w*|GIT_EXEC_PATH|SHELLOPTS|TAR_OPTIONS|UNZIP|ZIPOPT)$/;
/** Variables that send what a known program writes somewhere. */
const FILE_VARIABLES =
  /^(NODE_V8_COVERAGE|NODE_COMPILE_CACHE|NODE_REDIRECT_WARNINGS|PYTHONPYCACHEPREFIX|COVERAGE_FILE)$/;

/** What assigning this variable sets in motion. */
export function readCommandVariable(place: Place, name: string): void {
  const { reader, world } = place;
  if (LOADER_VARIABLES.test(name)) {
    noteUnknown(reader, world, 'program', `${name} is set`);
    return;
  }
  const value = world.vars.get(name);
  if (FILE_VARIABLES.test(name) && typeof value === 'string')
    noteWrite(reader, world, value, name, { certain: false });
  if (!COMMAND_VARIABLES.test(name) || typeof value !== 'string' || value === '') return;
  if (name.startsWith('GIT_TRACE')) {
    if (value.includes('/')) noteWrite(reader, world, value, name);
    return;
  }
  // A prompt is expanded, not run.
  reader.runSource(/^PS\d$/.test(name) ? `: "${value}"` : value, { ...world, depth: world.depth + 1 });
}

/** `env x=y cmd`: the variable is set for the command only. */
export function assignFor(reader: Reader, world: World, name: string, value: string): World {
  const place: Place = { reader, world: setVariable(world, name, value) };
  readCommandVariable(place, name);
  return { ...place.world, exported: [...world.exported, name] };
}
