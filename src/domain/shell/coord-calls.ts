// Calls of coord itself: who calls it from where is judged by coord; what `coord run` runs is read like any command.
import { noteCoord, readAside } from './ledger.ts';
import type { Call, Reader } from './reader.ts';
import type { World } from './world.ts';

const PROGRAM = /(^|\/)(bin\/)?coord(\.(cmd|exe|cjs|ps1))?$/;
const SCRIPT = /(^|\/)coord\.c?js$/;

export const isCoordProgram = (name: string): boolean => PROGRAM.test(name);
export const isCoordScript = (file: string): boolean => SCRIPT.test(file);

export function readCoord(reader: Reader, { name, args, world }: Call): World[] {
  noteCoord(reader, world, args, name);
  const dashes = args.indexOf('--');
  if (args[0] === 'run' && dashes >= 0)
    readAside(reader, 'unheard', () =>
      reader.runArguments(args.slice(dashes + 1), { ...world, out: undefined }, true),
    );
  return [{ ...world, out: undefined }];
}
