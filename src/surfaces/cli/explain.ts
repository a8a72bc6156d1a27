/** What is no command: nothing at all, help, the version, and words that coord does not know but can guess. */
import { closestTo } from '../../domain/closest.ts';
import { cleanLine } from '../../domain/message.ts';
import { readPluginVersion } from '../../storage/light/plugin-version.ts';
import { findNextStep } from '../../usecases/find-next-step.ts';
import { printHome, WHAT_COORD_IS } from '../wording/home.ts';
import { type Command, EXIT, printHelp, standingFolder, writeJson, writeText } from './command.ts';
import { failWith } from './run.ts';
import { THEMES } from './themes.ts';

/** The word by which the page of `coord` alone is asked for where a word is needed: `coord help here`. */
const HERE = 'here';

/** Slash commands whose name is no command, or not the one that does the same. */
const SLASH: Readonly<Record<string, string>> = {
  blocker: 'blocker list',
  cycle: 'cycle show',
  help: 'help here',
  merge: 'merge status',
  plan: 'plan list',
  strict: 'config set strict_blockers true',
};

export function explain(commands: readonly Command[], typed: readonly string[]): number {
  const words = typed.filter((word) => !word.startsWith('-'));
  const asked = new Set(typed.filter((word) => word.startsWith('-')));
  if (asked.has('--version') || asked.has('-v') || asked.has('-V') || words[0] === 'version')
    return say(`coord ${readPluginVersion() ?? '(of unknown version)'}\n`);
  const isHelp = words[0] === 'help' || asked.has('--help') || asked.has('-h');
  const topic = words[0] === 'help' ? words.slice(1) : words;
  const unknown = [...asked].find((flag) => !KNOWN_FLAGS.includes(flag));
  if (topic.length === 0 && unknown !== undefined) return refuseFlag(unknown);
  if (!isHelp && topic.length === 0) return sayHome(asked);
  if (isHelp && topic.length === 0) return say(printOverview(commands));
  if (isHelp && topic[0] === HERE) return sayHome(asked);
  const family = commands.filter((command) => command.name.split(' ')[0] === topic[0]);
  if (isHelp && family.length > 0 && topic.length === 1) return say(printFamily(family));
  return refuseWords(commands, family, topic);
}

const KNOWN_FLAGS = ['--help', '-h', '--json', '--version', '-v', '-V'];

function refuseFlag(flag: string): number {
  const meant = closestTo(flag, KNOWN_FLAGS);
  const help = meant === undefined ? 'A command comes first: coord help' : `Did you mean: coord ${meant}`;
  writeText(2, `coord: there is no option ${cleanLine(flag, 80)} of coord itself. ${help}\n`);
  return EXIT.usage;
}

function say(text: string): number {
  writeText(1, text);
  return EXIT.done;
}

function sayHome(asked: ReadonlySet<string>): number {
  const isJson = asked.has('--json');
  try {
    const standing = findNextStep(standingFolder(), process.env);
    if (!isJson) return say(`${printHome(standing)}\n`);
    writeJson(standing);
    return EXIT.done;
  } catch (error) {
    return failWith(error, isJson);
  }
}

function refuseWords(
  commands: readonly Command[],
  family: readonly Command[],
  words: readonly string[],
): number {
  const typed = cleanLine(words.slice(0, 2).join(' '), 80);
  const guesses = guess(commands, family, words);
  const what =
    words.length === 1 && family.length > 0
      ? `"${typed}" needs one more word.`
      : `there is no command "${typed}".`;
  writeText(2, `coord: ${what}${guesses.length > 0 ? ` Did you mean: ${guesses.join(', or ')}` : ''}\n`);
  const shown = family.filter(({ name }) => guesses.length === 0 || guesses.includes(`coord ${name}`));
  for (const command of shown)
    writeText(2, `  coord ${command.name} ${command.usage}`.trimEnd().concat('\n'));
  writeText(2, 'All commands: coord help\n');
  return EXIT.usage;
}

const GUESSES_MAX = 4;

/** Commands that may have been meant, each with `coord` before it. */
function guess(commands: readonly Command[], family: readonly Command[], words: readonly string[]): string[] {
  const [first = '', second = ''] = words;
  const slash = /^\/?(?:coord:|\/)(.+)$/.exec(first)?.[1];
  const names = commands.map(({ name }) => name);
  if (slash !== undefined) {
    const name = SLASH[slash] ?? closestTo(slash, names);
    return name === undefined ? [] : [`coord ${name} (slash commands are typed in a session)`];
  }
  if (family.length > 0 && second === '') return [];
  const turned = `${second} ${first}`;
  if (names.includes(turned)) return [`coord ${turned}`];
  const ends = family.length > 0 ? [] : names.filter((name) => name.split(' ')[1] === first);
  if (ends.length > 0) return ends.slice(0, GUESSES_MAX).map((name) => `coord ${name}`);
  if (family.length > 1) {
    const end = closestTo(
      second,
      family.map(({ name }) => name.slice(first.length + 1)).filter((name) => name !== ''),
    );
    return end === undefined ? [] : [`coord ${first} ${end}`];
  }
  const found = closestTo(`${first} ${second}`.trimEnd(), names) ?? nearTurned(turned, names);
  return found === undefined ? [] : [`coord ${found}`];
}

/** `ad phase`: in the wrong order, and mistyped. */
function nearTurned(turned: string, names: readonly string[]): string | undefined {
  const [first] = turned.split(' ');
  const found = closestTo(turned, names);
  return found?.split(' ')[0] === first ? found : undefined;
}

function printFamily(family: readonly Command[]): string {
  const [one] = family;
  if (family.length === 1 && one) return printHelp(one);
  const each = family.flatMap(({ name, usage, summary }) => [
    `  coord ${name} ${usage}`.trimEnd(),
    `    ${summary}`,
  ]);
  return [...each, '', 'Each takes --json and --help.', ''].join('\n');
}

function printOverview(commands: readonly Command[]): string {
  const sections = THEMES.map(({ title, rows }) => ({
    title,
    rows: rows.map(
      ([families, says]) => [families.map((name) => printNames(commands, name)).join(' · '), says] as const,
    ),
  }));
  const lines = sections.flatMap(({ title, rows }) => [
    '',
    title,
    ...rows.flatMap(([names, says]) => printRow(names, says)),
  ]);
  return [
    WHAT_COORD_IS,
    ...lines,
    '',
    'One in full: coord help phase start. Each takes --json and --help. Where you stand, and what is next: coord',
    '',
  ].join('\n');
}

const NAMES_WIDE = 30;

function printRow(names: string, says: string): string[] {
  const head = `  ${names}`;
  return names.length <= NAMES_WIDE
    ? [`${head.padEnd(NAMES_WIDE + 4)}${says}`]
    : [head, `${' '.repeat(NAMES_WIDE + 4)}${says}`];
}

/** `coord phase add|scope|list`, or `coord init`. */
function printNames(commands: readonly Command[], family: string): string {
  const ends = commands
    .filter(({ name }) => name.split(' ')[0] === family && name !== family)
    .map(({ name }) => name.slice(family.length + 1));
  const isBoth = commands.some(({ name }) => name === family);
  if (ends.length === 0) return `coord ${family}`;
  return `coord ${family} ${isBoth ? `[${ends.join('|')}]` : ends.join('|')}`;
}
