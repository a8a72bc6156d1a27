/**
 * What the shells of the Bash tool are told by the session's first hook, by way of a file that the client reads for them:
 * where the plugin keeps what it compiled. With that, `coord` starts in half the time (surfaces/cli/main).
 */
import { appendFileSync } from 'node:fs';
import { isMissing } from '../../storage/light/place.ts';
import { DATA_FOLDER } from './code-cache.ts';

export function tellShells(env: Readonly<Record<string, string | undefined>>): void {
  const { CLAUDE_ENV_FILE: file, CLAUDE_PLUGIN_DATA: data } = env;
  if (!file || !data) return;
  try {
    appendFileSync(file, `export ${DATA_FOLDER}='${data.replaceAll("'", `'\\''`)}'\n`);
  } catch (error) {
    // Without it `coord` starts slowly, and that is all.
    if (!isMissing(error)) throw error;
  }
}
