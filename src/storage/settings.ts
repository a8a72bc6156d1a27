/**
 * The settings files: `.claude/coord.md` (team) and `.claude/coord.local.md` (one person's), YAML front matter both,
 * found from the primary worktree. A rewrite changes the one key and keeps every comment.
 */
import { dirname, join } from 'node:path';
import { LOCAL_SETTINGS_FILE, TEAM_SETTINGS_FILE } from '../domain/project-paths.ts';
import {
  LOCAL_ONLY,
  parseSettings,
  type SettingFlaw,
  type SettingKey,
  type Settings,
} from '../domain/settings.ts';
import { nowMs } from './clock.ts';
import {
  type FrontMatter,
  type FrontMatterFlaw,
  parseFrontMatter,
  printFrontMatter,
} from './front-matter.ts';
import { isErrno, makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';
import { noteChanges } from './light/journal.ts';
import { withMutex } from './light/mutex.ts';
import { coordinationPath, writeRecord } from './light/roster.ts';
import {
  readFreshTwin,
  type SettingsTwin,
  settingsFrom,
  settingsStamp,
  twinFile,
} from './light/settings-twin.ts';

interface Layer {
  readonly file: string;
  readonly frontMatter: FrontMatter | undefined;
  readonly values: Partial<Settings>;
  readonly flaws: readonly SettingFlaw[];
  /** Keys that count in the other file alone. */
  readonly misplaced: readonly SettingKey[];
  readonly broken: FrontMatterFlaw | undefined;
}

function readLayer(home: string, name: string): Layer {
  const file = join(home, name);
  const none = {
    file: name,
    frontMatter: undefined,
    values: {},
    flaws: [],
    misplaced: [],
    broken: undefined,
  };
  const text = readTextIfThere(file);
  if (text === undefined || text.trim() === '') return none;
  const frontMatter = parseFrontMatter(text);
  if ('code' in frontMatter) return { ...none, broken: frontMatter };
  const { values: read, flaws } = parseSettings(frontMatter.data);
  const values: Partial<Record<SettingKey, unknown>> = { ...read };
  const misplaced = LOCAL_ONLY.filter((key) => name === TEAM_SETTINGS_FILE && key in values);
  for (const key of misplaced) delete values[key];
  return {
    file: name,
    frontMatter,
    values: values as Partial<Settings>,
    flaws,
    misplaced,
    broken: undefined,
  };
}

function complaintsOf(layer: Layer): string[] {
  const { file, broken, flaws, misplaced } = layer;
  if (broken) {
    const why = broken.code === 'front-matter-broken' ? `: ${broken.detail}` : '';
    return [
      `${file} line ${broken.line} cannot be read (${broken.code})${why}; none of its settings is in force`,
    ];
  }
  return [
    ...flaws.map(
      (flaw) => `${file}: ${flaw.key} is ${flaw.value}, expected ${flaw.expected}; it is not in force`,
    ),
    ...misplaced.map(
      (key) => `${file}: ${key} names a program that coord runs, and counts in ${LOCAL_SETTINGS_FILE} alone`,
    ),
  ];
}

/** Reads both files and writes the twin that hooks read. */
export function refreshTwin(home: string): SettingsTwin {
  const stamp = settingsStamp(home);
  const layers = [readLayer(home, TEAM_SETTINGS_FILE), readLayer(home, LOCAL_SETTINGS_FILE)];
  const values = Object.assign({}, ...layers.map((layer) => layer.values)) as Partial<Settings>;
  const twin = { stamp, values, complaints: layers.flatMap(complaintsOf) };
  if (stamp !== '- -') keepTwin(home, twin);
  return twin;
}

/** The twin saves time and holds nothing of its own: where it cannot be kept, the files are read each time. */
function keepTwin(home: string, twin: SettingsTwin): void {
  try {
    writeRecord(twinFile(home), twin, false);
  } catch (error) {
    if (!isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EISDIR')) throw error;
  }
}

/** The settings in force, for surfaces that may load a YAML parser. */
export function readSettings(home: string): { settings: Settings; complaints: readonly string[] } {
  const twin = readFreshTwin(home) ?? refreshTwin(home);
  return { settings: settingsFrom(home, twin), complaints: twin.complaints };
}

export type SettingProblem =
  | { code: 'settings-broken'; file: string; line: number }
  | { code: 'mutex-timeout'; name: string };

/**
 * Sets one key in the file where it is in force: the local file when that names the key already, or it counts nowhere
 * else; else the team's.
 * The rest of the file stays as it is.
 */
export function writeSetting(
  home: string,
  key: SettingKey,
  value: unknown,
  layer?: 'team' | 'local',
): { file: string } | SettingProblem {
  const outcome = withMutex(coordinationPath(home, 'leases'), 'settings', () =>
    writeSettingHeld(home, key, value, layer),
  );
  return outcome.done ? outcome.value : { code: 'mutex-timeout', name: 'settings' };
}

function writeSettingHeld(
  home: string,
  key: SettingKey,
  value: unknown,
  layer: 'team' | 'local' | undefined,
): { file: string } | SettingProblem {
  const local = readLayer(home, LOCAL_SETTINGS_FILE);
  const isLocal =
    LOCAL_ONLY.includes(key) ||
    (layer === undefined ? local.frontMatter?.data[key] !== undefined : layer === 'local');
  const name = isLocal ? LOCAL_SETTINGS_FILE : TEAM_SETTINGS_FILE;
  const before = isLocal ? local : readLayer(home, TEAM_SETTINGS_FILE);
  if (before.broken) return { code: 'settings-broken', file: name, line: before.broken.line };
  const file = join(home, name);
  makeFolder(dirname(file));
  // Else a worker whose command runs meanwhile, whose writes nobody can know, would be told of as who wrote it.
  noteChanges(home, null, { atMs: nowMs(), session: 'terminal', paths: [file] });
  writeAtomic(file, printFrontMatter(before.frontMatter, { [key]: value }, before.frontMatter?.body ?? ''), {
    durable: true,
  });
  refreshTwin(home);
  return { file: name };
}

/** What `coord init` writes: the richer set of events in force, the lean one ready to swap in (seed 000). */
export const TEAM_SETTINGS_TEMPLATE = `---
# coord: settings of the team. Yours alone go to .claude/coord.local.md. A change counts at the next hook.

# Which transitions a worker reports. To get milestones alone, swap the two lines.
events: full
# events: milestones

# true: a worker with an unanswered blocker may not write, and its Stop waits for the answer.
strict_blockers: false

# A shell command whose writes cannot be known beforehand: allow (and judge afterwards) or refuse.
unknown_commands: allow

# Shell commands that prove the work: each must have passed, on the files that are there, before a plan is complete.
# validation:
#   - npm test
---
`;
