// `$( )` and `<( )`: code in a word. It is read in a shell of its own, and what it prints is listened to.
import { noteUnknown } from './ledger.ts';
import { DEPTH_MAX, VALUE_CHARS_MAX } from './limits.ts';
import { OPEN_OUTPUT } from './markers.ts';
import type { Place } from './parameters.ts';
import type { ParsedScript } from './syntax.ts';

/** What a command substitution prints, without the newlines at its end. */
export function commandOutput(place: Place, script: ParsedScript | undefined): string {
  const { reader, world } = place;
  if (script === undefined) {
    noteUnknown(reader, world, 'syntax', 'command substitution');
    return OPEN_OUTPUT;
  }
  if (world.depth >= DEPTH_MAX) {
    noteUnknown(reader, world, 'depth', 'command substitution');
    return OPEN_OUTPUT;
  }
  const worlds = reader.runScript(script, { ...world, out: '', depth: world.depth + 1 });
  const outputs = new Set(worlds.map((inner) => inner.out));
  const output = outputs.size === 1 ? [...outputs][0] : undefined;
  return output === undefined || output.length > VALUE_CHARS_MAX
    ? OPEN_OUTPUT
    : output.replace(/[\n\0]+$/, '');
}

/** A path under `/dev/fd` stands for what runs on the other side. */
export function processStream(place: Place, operator: '<' | '>', script: ParsedScript | undefined): string {
  const { reader, world } = place;
  if (script === undefined || world.depth >= DEPTH_MAX) {
    noteUnknown(reader, world, 'depth', 'process substitution');
    return '/dev/fd/63';
  }
  const inner = {
    ...world,
    out: '',
    depth: world.depth + 1,
    stdin: operator === '>' ? undefined : world.stdin,
  };
  const outputs = new Set(reader.runScript(script, inner).map((after) => after.out));
  const path = `/dev/fd/${63 + reader.streams.size}`;
  const output = outputs.size === 1 ? [...outputs][0] : undefined;
  reader.streams.set(path, operator === '<' && output !== undefined ? output : OPEN_OUTPUT);
  return path;
}
