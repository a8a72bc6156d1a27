/** The version of the plugin that these bundles belong to: its manifest lies beside them, wherever it is installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../../domain/json-value.ts';
import { isMissing } from './place.ts';

/** The plugin's own folder: bundles lie in its `scripts/`. */
export function pluginFolder(): string {
  return join(__dirname, '..');
}

/** Of this plugin, or of the one in another folder; undefined where no manifest can be read. */
export function readPluginVersion(folder = pluginFolder()): string | undefined {
  try {
    const manifest = parseJson(readFileSync(join(folder, '.claude-plugin', 'plugin.json'), 'utf8'));
    const version = (manifest as { version?: unknown } | null | undefined)?.version;
    return typeof version === 'string' ? version : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
