/**
 * The settings as a hook reads them: the JSON twin of `.claude/coord.md` and `.claude/coord.local.md`.
 *
 * The truth is the front matter of the two files, which only a YAML parser can read, and a parser does not belong in
 * a hook that runs at every write. So the twin `roster/settings.json` holds what they say together with the size and
 * time of each; a hook compares these and, where a file changed since, asks the caller to have the twin made anew
 * (storage/settings.ts). A setting therefore changes at the next hook after the file did.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_SETTINGS_FILE, TEAM_SETTINGS_FILE } from '../../domain/project-paths.ts';
import {
  mergeSettings,
  parseSettings,
  parseSettingWord,
  SETTING_KEYS,
  type Settings,
} from '../../domain/settings.ts';
import { isMissing } from './place.ts';
import { coordinationPath, readRecord, writeRecord } from './roster.ts';

export interface SettingsTwin {
  readonly stamp: string;
  readonly values: Partial<Settings>;
  /** Sentences about values that could not be used; shown at session start and by doctor. */
  readonly complaints: readonly string[];
}

export function twinFile(home: string): string {
  return coordinationPath(home, 'roster', 'settings.json');
}

function optionsFile(home: string): string {
  return coordinationPath(home, 'roster', 'options.json');
}

function stampOf(file: string): string {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : '-';
  } catch (error) {
    if (isMissing(error)) return '-';
    throw error;
  }
}

/** The state of both files as one word. */
export function settingsStamp(home: string): string {
  return `${stampOf(join(home, TEAM_SETTINGS_FILE))} ${stampOf(join(home, LOCAL_SETTINGS_FILE))}`;
}

/** The twin when it is true to the files; undefined when it must be made anew. */
export function readFreshTwin(home: string): SettingsTwin | undefined {
  const stamp = settingsStamp(home);
  if (stamp === '- -') return { stamp, values: {}, complaints: [] };
  const twin = readRecord<SettingsTwin>(twinFile(home));
  return twin?.stamp === stamp ? twin : undefined;
}

/** The user configuration that the client stored for the plugin; it reaches hooks as variables, and nothing else. */
export function readPluginOptions(env: Readonly<Record<string, string | undefined>>): Partial<Settings> {
  const layer: Record<string, unknown> = {};
  for (const key of SETTING_KEYS) {
    const word = env[`CLAUDE_PLUGIN_OPTION_${key.toUpperCase()}`] ?? env[`CLAUDE_PLUGIN_OPTION_${key}`];
    if (word !== undefined && word !== '') layer[key] = parseSettingWord(key, word);
  }
  return parseSettings(layer).values;
}

/** Hands the stored user configuration on to the CLI, which the client does not tell it. */
export function keepPluginOptions(home: string, options: Partial<Settings>): void {
  const before = readRecord<Partial<Settings>>(optionsFile(home)) ?? {};
  if (JSON.stringify(before) !== JSON.stringify(options)) writeRecord(optionsFile(home), options, false);
}

/** The settings in force, from a twin: defaults, stored options, files. */
export function settingsFrom(home: string, twin: SettingsTwin): Settings {
  // Mostly there is none, and an exception costs more than to ask.
  const options = existsSync(optionsFile(home)) ? readRecord(optionsFile(home)) : undefined;
  const stored = parseSettings((options ?? {}) as Record<string, unknown>).values;
  return mergeSettings([stored, twin.values]);
}
