// Files whose text the command line itself writes, and streams that stand under a path: code that is run from there can be read.
import { resolveTarget } from './ledger.ts';
import { VALUE_CHARS_MAX } from './limits.ts';
import { OPEN_OUTPUT } from './markers.ts';
import { normalPath } from './paths.ts';
import type { Reader } from './reader.ts';
import type { World } from './world.ts';

const STDIN = /^(\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0|-)$/;

/** The text behind a path that stands for a stream. */
export function streamText(reader: Reader, world: World, file: string): string | undefined {
  if (STDIN.test(file)) return world.stdin?.join('\n');
  const stream = reader.streams.get(file);
  return stream === OPEN_OUTPUT ? undefined : stream;
}

/** The text that this command line wrote to a file; what else has written there since is not known. */
export function writtenText(reader: Reader, world: World, file: string): string | undefined {
  return reader.ledger.files.get(normalPath(resolveTarget(reader, world, file)));
}

export function rememberText(reader: Reader, world: World, file: string, text: string | undefined): void {
  const path = normalPath(resolveTarget(reader, world, file));
  if (text === undefined || text.length > VALUE_CHARS_MAX) reader.ledger.files.delete(path);
  else reader.ledger.files.set(path, text);
}
