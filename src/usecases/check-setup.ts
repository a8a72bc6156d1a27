/**
 * The part of doctor that looks at what coord stands on: git, the lines of .gitignore that keep runtime files out of
 * commits, whether the client runs hooks at all, and which copies of the plugin it has.
 */
import { join } from 'node:path';
import { CLIENT_SINCE, isOldClient } from '../domain/client-version.ts';
import { parseJson } from '../domain/json-value.ts';
import { IGNORED_BY_GIT } from '../domain/project-paths.ts';
import { git } from '../storage/git.ts';
import { hideOwnFiles } from '../storage/hide-own-files.ts';
import { readTextIfThere } from '../storage/light/files.ts';
import { isMissing, placeAt } from '../storage/light/place.ts';
import { pluginFolder, readPluginVersion } from '../storage/light/plugin-version.ts';
import { gitVersion, hasMergeTree, MERGE_TREE_SINCE } from '../storage/merge-tree.ts';
import { runBriefly } from '../storage/supervised-process.ts';
import { ignoreRuntimeFolders } from './init-project.ts';

export type SetupFinding =
  | { code: 'git-missing' }
  | { code: 'git-old'; found: string; needed: string }
  | { code: 'client-old'; found: string; needed: string }
  /** Git would commit what coord writes there. */
  | { code: 'runtime-not-ignored'; folders: readonly string[]; repaired: boolean }
  | { code: 'runtime-committed'; files: readonly string[]; total: number }
  /** `key` of a settings file of the client keeps every hook, or coord's plugin, from running. */
  | { code: 'hooks-off'; file: string; key: string }
  | { code: 'plugin-twice'; plugins: readonly string[] }
  | { code: 'plugin-other-version'; plugin: string; installed: string; here: string; folder: string };

const FILES_TOLD_MAX = 5;
const ASK_TIMEOUT_MS = 5_000;

/** What doctor may ask of the client beside the project; nothing of what is undefined. */
export interface Client {
  /** Where it keeps its own settings, `~/.claude` unless told otherwise. */
  readonly folder?: string | undefined;
  /** The version that it told the session from which doctor is asked. */
  readonly version?: string | undefined;
  /** How its program is called, where no session tells the version. */
  readonly program?: string | undefined;
}

export function checkSetup(home: string, client: Client, repair: boolean): SetupFinding[] {
  const rest = [
    ...checkClient(home, client),
    ...checkHooks(home, client.folder),
    ...checkPlugin(client.folder),
  ];
  const version = gitVersion(home);
  if (version === undefined) return [{ code: 'git-missing' }, ...rest];
  return [...checkGit(version), ...checkIgnored(home, repair), ...rest];
}

function checkClient(home: string, { version, program }: Client): SetupFinding[] {
  const found = version ?? (program === undefined ? undefined : askVersion(home, program));
  if (found === undefined || !isOldClient(found)) return [];
  return [{ code: 'client-old', found, needed: CLIENT_SINCE }];
}

function askVersion(home: string, program: string): string | undefined {
  const told = runBriefly([program, '--version'], { cwd: home, env: {}, timeoutMs: ASK_TIMEOUT_MS });
  return told.ok ? /^\d+\.\d+\.\d+/.exec(told.output)?.[0] : undefined;
}

function checkGit(version: string): SetupFinding[] {
  if (hasMergeTree(version)) return [];
  return [{ code: 'git-old', found: version, needed: MERGE_TREE_SINCE }];
}

function checkIgnored(home: string, repair: boolean): SetupFinding[] {
  const found: SetupFinding[] = [];
  const commonDir = placeAt(home)?.commonDir;
  if (repair && commonDir !== undefined) hideOwnFiles(commonDir);
  // 0: some are ignored; 1: none is. A path that is there or not is asked for alike.
  const asked = git(home, ['check-ignore', '--no-index', '--verbose', '--', ...IGNORED_BY_GIT]);
  // `<file>:<line>:<pattern>\t<path>` each. What this clone alone leaves out, another one commits.
  const told = asked.stdout.split('\n').filter((line) => !/(?:^|\/)info\/exclude:\d+:/.test(line));
  const ignored = new Set(told.map((line) => line.slice(line.indexOf('\t') + 1)));
  const folders = IGNORED_BY_GIT.filter((folder) => !ignored.has(folder));
  if (folders.length > 0 && asked.code !== null && asked.code <= 1)
    found.push({ code: 'runtime-not-ignored', folders, repaired: repair && ignoreRuntimeFolders(home) });
  const listed = git(home, ['ls-files', '-z', '--', ...IGNORED_BY_GIT]);
  const files = listed.stdout.split('\0').filter((file) => file !== '');
  if (files.length > 0)
    found.push({ code: 'runtime-committed', files: files.slice(0, FILES_TOLD_MAX), total: files.length });
  return found;
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  try {
    const value = parseJson(readTextIfThere(file) ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as object as Record<string, unknown>)
      : {};
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
}

function checkHooks(home: string, client: string | undefined): SetupFinding[] {
  const own = ['settings.json', 'settings.local.json'].map((name) => join(home, '.claude', name));
  const files = client === undefined ? own : [join(client, 'settings.json'), ...own];
  return files.flatMap((file) => {
    const settings = readObject(file);
    const isOff = settings['disableAllHooks'] === true;
    const found: SetupFinding[] = isOff ? [{ code: 'hooks-off', file, key: 'disableAllHooks' }] : [];
    for (const [plugin, enabled] of Object.entries(settings['enabledPlugins'] ?? {}))
      if (isCoord(plugin) && enabled === false)
        found.push({ code: 'hooks-off', file, key: `enabledPlugins.${plugin}` });
    return found;
  });
}

const isCoord = (plugin: string) => plugin.startsWith('coord@');

/** What the client has installed, held against the copy that answers here: a clone's, or the plugin's own. */
function checkPlugin(client: string | undefined): SetupFinding[] {
  if (client === undefined) return [];
  const installed = readObject(join(client, 'plugins', 'installed_plugins.json'))['plugins'];
  const all = Object.entries((installed ?? {}) as Record<string, unknown>).filter(([plugin]) =>
    isCoord(plugin),
  );
  const names = all.map(([plugin]) => plugin);
  const found: SetupFinding[] = names.length > 1 ? [{ code: 'plugin-twice', plugins: names }] : [];
  const here = readPluginVersion();
  for (const [plugin, entries] of all) {
    const [first] = Array.isArray(entries) ? (entries as { version?: unknown; installPath?: unknown }[]) : [];
    const { version, installPath } = first ?? {};
    if (
      here === undefined ||
      typeof version !== 'string' ||
      version === here ||
      installPath === pluginFolder()
    )
      continue;
    found.push({ code: 'plugin-other-version', plugin, installed: version, here, folder: pluginFolder() });
  }
  return found;
}
