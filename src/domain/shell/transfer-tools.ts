// Programs that fetch or copy between places: curl, wget, rsync, scp.

import { runCode } from './child-shells.ts';
import { noteUnknown, noteWrite } from './ledger.ts';
import { BELOW, NAME, OPEN_VARIABLE } from './markers.ts';
import { hasOption, type OptionSpec, optionValue, optionValues, readOptions } from './options.ts';
import { outputToolOf } from './output-tools.ts';
import { baseName, isRemotePath, joinPath, saysDirectory } from './paths.ts';
import type { Program, Programs, Reader } from './reader.ts';
import type { World } from './world.ts';

const CURL: OptionSpec = {
  short: 'oDcHdXuAebFTwmxrKyYzCEQPtU',
  long: 'output output-dir dump-header cookie-jar trace trace-ascii stderr config header data data-raw data-binary data-urlencode json request user user-agent referer cookie form upload-file write-out max-time proxy range retry connect-timeout cacert cert key url resolve etag-save etag-compare hsts alt-svc libcurl unix-socket interface limit-rate max-redirs ciphers tlsv1 connect-to form-string retry-delay retry-max-time',
};

const urlName = (url: string): string => {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  return baseName(path) === '' ? NAME : baseName(path);
};

const curl: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, CURL);
  const place = optionValue(options, 'output-dir');
  const inPlace = (file: string): string => (place === undefined ? file : joinPath(place, file));
  for (const file of optionValues(options, 'o output'))
    if (file !== '-') noteWrite(reader, world, inPlace(file), 'curl -o');
  if (hasOption(options, 'O remote-name remote-name-all')) {
    const urls = [...options.rest, ...optionValues(options, 'url')];
    const isTold = hasOption(options, 'J remote-header-name');
    for (const url of urls) noteWrite(reader, world, inPlace(isTold ? NAME : urlName(url)), 'curl -O');
  }
  for (const file of optionValues(
    options,
    'D dump-header c cookie-jar trace trace-ascii stderr etag-save hsts alt-svc libcurl',
  )) {
    if (file !== '-' && file !== '') noteWrite(reader, world, file, name);
  }
  // An upload to a file is a copy; `-w '%output{f}'` prints to a file.
  if (hasOption(options, 'T upload-file'))
    for (const url of options.rest)
      if (/^file:/i.test(url)) noteWrite(reader, world, url.replace(/^file:(\/\/[^/]*)?/i, ''), 'curl -T');
  for (const format of optionValues(options, 'w write-out'))
    for (const [, file = ''] of format.matchAll(/%output\{(?:>>)?([^}]*)\}/g))
      noteWrite(reader, world, file, 'curl -w');
  if (hasOption(options, 'K config'))
    noteUnknown(reader, world, 'script', `${name} -K ${optionValue(options, 'K config') ?? ''}`);
  return undefined;
};

const wget: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'OoaPiUtTQleARDIXB',
    long: 'output-document output-file append-output directory-prefix input-file user-agent tries timeout quota level execute accept reject domains header post-data post-file save-cookies load-cookies warc-file user password limit-rate wait method body-data base rejected-log hsts-file use-askpass cut-dirs',
  });
  for (const file of optionValues(
    options,
    'o output-file a append-output save-cookies warc-file rejected-log hsts-file',
  ))
    noteWrite(reader, world, file, name);
  // A line of its settings file may name any place.
  for (const setting of optionValues(options, 'e execute'))
    if (setting.includes('/')) noteUnknown(reader, world, 'program', `${name} -e ${setting}`);
  for (const code of optionValues(options, 'use-askpass')) runCode(reader, world, code);
  const document = optionValue(options, 'O output-document');
  if (document !== undefined) {
    if (document !== '-') noteWrite(reader, world, document, 'wget -O');
    return undefined;
  }
  if (
    hasOption(options, 'spider') ||
    options.rest.length + optionValues(options, 'i input-file').length === 0
  )
    return undefined;
  const place = optionValue(options, 'P directory-prefix') ?? '.';
  const isTree = hasOption(
    options,
    'r recursive m mirror p page-requisites x force-directories i input-file',
  );
  if (isTree) noteWrite(reader, world, place, name, { tree: true, some: true });
  else for (const url of options.rest) noteWrite(reader, world, joinPath(place, urlName(url)), 'wget');
  return undefined;
};

const RSYNC: OptionSpec = {
  short: 'eBTfM',
  long: 'rsh rsync-path exclude include exclude-from include-from files-from filter log-file backup-dir suffix partial-dir temp-dir compare-dest copy-dest link-dest write-batch only-write-batch chmod chown out-format bwlimit max-size min-size port password-file info debug timeout modify-window block-size usermap groupmap',
  flags: 'dry-run list-only remove-source-files delete',
};

const rsync: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, RSYNC);
  const sources = options.rest.slice(0, -1);
  const destination = options.rest.at(-1);
  for (const code of optionValues(options, 'e rsh')) runCode(reader, world, code);
  if (hasOption(options, 'n dry-run list-only') || destination === undefined || sources.length === 0)
    return undefined;
  for (const file of optionValues(options, 'log-file write-batch only-write-batch'))
    noteWrite(reader, world, file, name);
  for (const place of optionValues(options, 'backup-dir partial-dir temp-dir T'))
    noteWrite(reader, world, place, name, { tree: true });
  if (hasOption(options, 'remove-source-files'))
    for (const file of sources) if (!isRemotePath(file)) noteWrite(reader, world, file, name, { tree: true });
  if (isRemotePath(destination)) return undefined;
  if (
    hasOption(options, 'delete delete-after delete-before delete-during delete-excluded') ||
    sources.some((source) => source.endsWith('/'))
  ) {
    noteWrite(reader, world, destination, name, { tree: true });
    return undefined;
  }
  const isDirectory = sources.length > 1 || saysDirectory(destination);
  if (!isDirectory) noteWrite(reader, world, destination, name, { tree: true, into: true });
  const base = (source: string): string =>
    hasOption(options, 'R relative') ? BELOW : baseName(source.replace(/^[^/:]*:/, ''));
  for (const source of sources)
    noteWrite(reader, world, joinPath(destination, base(source)), name, { tree: true });
  return undefined;
};

/** Settings of ssh that run a program here. */
function noteSetting(reader: Reader, world: World, setting: string): void {
  const code = /^(?:ProxyCommand|LocalCommand|KnownHostsCommand)[= ](.*)$/is.exec(setting)?.[1];
  if (code !== undefined) runCode(reader, world, code);
}

/** scp a local target; the far side is not ours. */
const scp: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'iPoSFJlcDX' });
  const sources = options.rest.slice(0, -1);
  const destination = options.rest.at(-1);
  for (const code of optionValues(options, 'S')) runCode(reader, world, code);
  for (const setting of optionValues(options, 'o')) noteSetting(reader, world, setting);
  if (destination === undefined || sources.length === 0 || isRemotePath(destination)) return undefined;
  const tree = hasOption(options, 'r');
  const isDirectory = sources.length > 1 || saysDirectory(destination);
  if (!isDirectory) noteWrite(reader, world, destination, name, { tree, into: true });
  for (const source of sources)
    noteWrite(reader, world, joinPath(destination, baseName(source.replace(/^[^:]*:/, ''))), name, { tree });
  return undefined;
};

/** ssh to this very machine runs here, in the home directory; what runs on another one is not known. */
const ssh: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'BbcDEeFIiJLlmOopQRSWw', stopEarly: true });
  const [host = '', ...words] = options.rest;
  for (const file of optionValues(options, 'E')) noteWrite(reader, world, file, name);
  for (const setting of optionValues(options, 'o')) noteSetting(reader, world, setting);
  if (host === '') return undefined;
  noteUnknown(reader, world, 'program', `${name} ${host}`);
  if (!/^(?:ssh:\/\/)?(?:[^@]*@)?(?:localhost|127\.[\d.]+|\[?::1\]?)(?::\d+)?$/i.test(host)) return undefined;
  const code = words.length > 0 ? words.join(' ') : world.stdin?.join('\n');
  const cwd = reader.facts.home ?? OPEN_VARIABLE;
  if (code !== undefined) runCode(reader, { ...world, cwd, exported: [] }, code);
  return undefined;
};

const REMOTE_ONLY = /^(create|comment|edit|close|reopen|ready|review|delete)$/;

/** gh: what it looks at, what it changes on the server only, and what it puts here. */
const gh: Program = (reader, call) => {
  const { name, args, world } = call;
  const [subject = '', verb = '', ...rest] = args;
  if (
    /^(view|list|diff|checks|status)$/.test(verb) ||
    (/^(pr|issue)$/.test(subject) && REMOTE_ONLY.test(verb))
  )
    return undefined;
  if (subject !== 'repo' || verb !== 'clone') return outputToolOf('gh')?.(reader, call);
  const [repository = '', directory] = readOptions(rest, { short: 'u' }).rest;
  noteWrite(reader, world, directory ?? baseName(repository), `${name} repo clone`, { tree: true });
  return undefined;
};

export const TRANSFER_TOOLS: Programs = { curl, wget, rsync, scp, ssh, gh };
