// docker and podman: what they do inside is not known, but not which folders of this machine they are given to write.
import { noteUnknown, noteWrite } from './ledger.ts';
import { isOpen } from './markers.ts';
import { optionValue, optionValues, readOptions } from './options.ts';
import { directoryName } from './paths.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';

const LOOKS = /^(ps|images|logs|inspect|version|info|top|stats|port|history|search|events|diff|ls|config)$/;
/** Words before the verb that say only what it is about. */
const SUBJECT = /^(container|image|volume|network|system|context)$/;

const container: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'Hc', long: 'host context config log-level', stopEarly: true });
  const [first = '', ...after] = options.rest;
  if (first === 'compose') return compose(reader, { name: `${name} compose`, args: after, world });
  const [verb = '', ...rest] = SUBJECT.test(first) ? after : [first, ...after];
  if (LOOKS.test(verb) || (first === '' && args.length < 2)) return undefined;
  noteUnknown(reader, world, 'program', [name, verb, ...rest.slice(0, 1)].join(' '));
  if (/^(run|create)$/.test(verb)) noteMounts(reader, { name, args: rest, world });
  const target = readOptions(rest).rest.at(-1) ?? '-';
  if (verb === 'cp' && target !== '-' && !/^[^/:]+:/.test(target))
    noteWrite(reader, world, target, `${name} cp`);
  return undefined;
};

/** `-v SOURCE:PLACE`, `--mount type=bind,source=SOURCE,…`: writable, unless they say `ro`. A bare name is a volume. */
function noteMounts(reader: Reader, { name, args, world }: Call): void {
  for (const [at, arg] of args.entries()) {
    const [, glued] = /^(?:-[a-zA-Z]*v=?|--volume=|--mount=)(.+)$/s.exec(arg) ?? [];
    const told = glued ?? (/^(?:-[a-zA-Z]*v|--volume|--mount)$/.test(arg) ? args[at + 1] : undefined);
    if (told === undefined || /[:,](?:\w+,)*(ro|readonly)(?:[,=]|$)/.test(told)) continue;
    const source = /(?:^|,)(?:source|src)=([^,]+)/.exec(told)?.[1] ?? /^([^:]+):/.exec(told)?.[1];
    if (source === undefined || !(isOpen(source) || /^[.~]|\//.test(source))) continue;
    noteWrite(reader, world, source, `${name} -v`, { tree: true, certain: false });
  }
}

/** It works where its file lies. */
const compose: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'fp',
    long: 'file project-name project-directory profile env-file',
    stopEarly: true,
  });
  const [verb = ''] = options.rest;
  if (verb === '' || LOOKS.test(verb)) return undefined;
  const file = optionValues(options, 'f file')[0];
  const place =
    optionValue(options, 'project-directory') ?? (file === undefined ? undefined : directoryName(file));
  noteUnknown(reader, world, 'program', `${name} ${verb}`, place);
  if (/^(run|create)$/.test(verb)) noteMounts(reader, { name, args: options.rest.slice(1), world });
  return undefined;
};

export const CONTAINERS: Programs = {
  docker: container,
  podman: container,
  nerdctl: container,
  'docker-compose': compose,
  'podman-compose': compose,
};
