// Modules that python runs by `-m` and whose arguments say what they write; any other may do anything.
import { noteWrite } from './ledger.ts';
import { hasOption, optionValues, readOptions } from './options.ts';
import type { Call, Program, Reader } from './reader.ts';

/** `python -m json.tool [in [out]]` */
const jsonTool: Program = (reader, { name, args, world }) => {
  const target = readOptions(args, { long: 'indent' }).rest[1];
  if (target !== undefined && target !== '-') noteWrite(reader, world, target, name);
  return undefined;
};

/** `-e archive folder`, `-c archive files`, or a look (`-l`, `-t`). */
const archive: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'ce', long: 'create extract' });
  for (const target of optionValues(options, 'c create')) noteWrite(reader, world, target, name);
  if (hasOption(options, 'e extract'))
    noteWrite(reader, world, options.rest[0] ?? '.', name, { tree: true, some: true });
  return undefined;
};

const MODULES: ReadonlyMap<string, Program> = new Map([
  ['json.tool', jsonTool],
  ['zipfile', archive],
  ['tarfile', archive],
]);

/** True when it is known what the module does. */
export function runModule(reader: Reader, module: string, { name, args, world }: Call): boolean {
  const program = MODULES.get(module);
  program?.(reader, { name: `${name} -m ${module}`, args, world });
  return program !== undefined;
}
