// What an interpreter's code may do to files: whether it plainly writes nothing, which paths stand in it, which commands it runs.
import { type CodeLiteral, type Language, tokenizeCode } from './code-tokens.ts';
import { callsAreHarmless, hasRunning, hasWriting } from './harmless-code.ts';
import { EXPANSION_MAX } from './limits.ts';
import { OPEN_VARIABLE, STAR } from './markers.ts';

interface CodeReading {
  /** Nothing in it writes, runs or evaluates. */
  readonly isHarmless: boolean;
  /** A word in it writes. */
  readonly writes: boolean;
  readonly paths: readonly string[];
  /** Lines for a shell. */
  readonly commands: readonly string[];
  /** Programs with their arguments, run without a shell. */
  readonly calls: readonly (readonly string[])[];
}

export function readCode(code: string, language: Language): CodeReading {
  const { literals, bare } = tokenizeCode(code, language);
  const writes = hasWriting(bare, literals);
  const runs = hasRunning(bare, literals);
  return {
    isHarmless: !writes && !runs && callsAreHarmless(bare, literals, language),
    writes,
    paths: writes ? pathsIn(literals, bare) : [],
    commands: runs
      ? literals
          .filter((literal) => literal.isCommand || RUN_BEFORE.test(literal.before))
          .map((literal) => literal.text)
      : [],
    calls: runs ? callsIn(literals) : [],
  };
}

const READ_BEFORE =
  /(readFileSync|readFile|readTextFile|require|\bimport|\bfrom|existsSync|exists|statSync|lstatSync|createReadStream|accessSync|isfile|isdir|is_file|File\.read|File\.readlines|File\.exist\?|IO\.read|IO\.readlines|file_get_contents|file_exists|import_module|ElementTree\.parse|read_csv|sys\.path\.\w+)\s*\(?\s*[a-z]?$/;
const OPEN_BEFORE = /\bopen\s*\(\s*[rbuf]{0,2}$/;
const READ_AFTER = /^\s*(\)|,\s*(encoding|errors|newline)\b|,\s*["']r[bt]?["'])/;
/** The first argument of a copy is read. */
const COPIED_BEFORE =
  /\b(?:copyFile(?:Sync)?|cpSync|cp_r|copyfile|copytree|copy2|(?:shutil|fs|fsp|promises|FileUtils)\.(?:cp|copy))\s*\(\s*[rbuf]?$/;
const METHOD_AFTER =
  /^\s*\)?\s*\.\s*(read_text|read_bytes|exists|is_file|is_dir|stat|split|join|format|strip|replace|startswith|endswith)\b/;
/** What is looked for in a text, and what takes its place there; `os.replace` and `Path.replace` move files. */
const REPLACED =
  /(?<!\b(?:os|Path|path))\s*\.\s*(?:replace|replaceAll|sub|gsub)\s*\(\s*(?:[rbuf]?|(?:\/(?:[^/\\\n]|\\.)+\/\w*|[rbuf]?(["'`])(?:(?!\1)[^\\\n]|\\.)*\1)\s*,\s*[rbuf]?)$/;
const ANOTHER_AFTER = /^\s*,/;
/** What a text is asked for, cut at, or put together with again. */
const ASKED_BEFORE =
  /\.\s*(?:split|includes|startsWith|endsWith|startswith|endswith|indexOf|lastIndexOf|count)\s*\(\s*[rbuf]?$|\.split\([^()]*\)\s*\.\s*join\(\s*$/;
const TARGET_BEFORE =
  /\b(open|writeFile\w*|appendFile\w*|outputFile\w*|createWriteStream|unlink\w*|rm\w*|mkdir\w*|touch\w*|rename\w*|copy\w*|remove\w*|Path|File\.\w+)\s*\(?\s*[rbuf]?$/i;

const JOIN_BEFORE = /\b(join|joinpath|resolve|Path|PurePath|expand_path)\s*\(\s*[rbuf]?$/;

/** Literals that are plainly read are no targets. */
const isRead = ({ before, after }: CodeLiteral): boolean =>
  READ_BEFORE.test(before) ||
  (OPEN_BEFORE.test(before) && READ_AFTER.test(after)) ||
  (COPIED_BEFORE.test(before) && /^\s*,/.test(after)) ||
  METHOD_AFTER.test(after) ||
  ASKED_BEFORE.test(before) ||
  (REPLACED.test(before) && (ANOTHER_AFTER.test(after) || /,\s*[rbuf]?$/.test(before)));

const NO_PATH = /[\n\0<>|"'`;(){}\\^]|^[a-z][a-z+.-]*:\/\/|^\s|\s$|: |, /i;

function looksLikePath(text: string): boolean {
  if (text.length === 0 || text.length > 300 || NO_PATH.test(text)) return false;
  if (/^(\.{0,2}|~)\//.test(text) || text === '..') return true;
  return !/\s/.test(text) && (text.includes('/') || /^[\w@-][\w.@-]*\.[A-Za-z]\w{0,9}$/.test(text));
}

/** `{x}` and `%s` are filled in later; a `*` is for glob. */
const asTarget = (text: string): string =>
  text
    .replace(/^\s*[+<>]{1,3}\s*/, '')
    .replace(/\$?\{[^{}]*\}|#\{[^{}]*\}|%[sd]/g, OPEN_VARIABLE)
    .replaceAll('*', STAR);

/** Literals that may be targets; neighbours joined by `,`, `/` or `+` also as the path they may make together. */
function pathsIn(literals: readonly CodeLiteral[], bare: string): string[] {
  const paths = new Set<string>();
  let at = 0;
  while (at < literals.length && paths.size < EXPANSION_MAX) {
    const literal = literals[at];
    if (literal === undefined) break;
    const { text, count } = joinedText(literals, at);
    at += count;
    if (isRead(literal)) continue;
    if (looksLikePath(text) || (TARGET_BEFORE.test(literal.before) && /^[\w.@-]+$/.test(text)))
      paths.add(text);
  }
  // What no literal shows: `%w[../w2/f]`, a path in a heredoc.
  for (const [path] of bare.matchAll(/(?<![\w/)\]"])\.\.\/[\w.@+-][\w.@+/-]{0,200}/g))
    if (paths.size <= EXPANSION_MAX) paths.add(path);
  return [...paths];
}

/** A literal with the neighbours that it is joined to: `join('..', 'w2')`, `Path('..') / 'w2'`, `'../' + 'w2'`. */
function joinedText(literals: readonly CodeLiteral[], from: number): { text: string; count: number } {
  const isList = JOIN_BEFORE.test(literals[from]?.before ?? '');
  let text = asTarget(literals[from]?.text ?? '');
  let count = 1;
  for (; from + count < literals.length && count < 8; count += 1) {
    const between = /^(?:\s*(?=[,+.])|[\s)]*(?=\/))(,|\/|\+|\.\.?)\s*[rbuf]?(?=["'`])/.exec(
      literals[from + count - 1]?.after ?? '',
    )?.[1];
    if (between === undefined || (between === ',' && !isList)) break;
    text += (between === ',' || between === '/' ? '/' : '') + asTarget(literals[from + count]?.text ?? '');
  }
  return { text, count };
}

const RUN_BEFORE =
  /(system|popen|Popen|run|call|check_call|check_output|getoutput|getstatusoutput|exec|execSync|execCommand|spawn|spawnSync|shell_exec|passthru|execute|\$|IO\.popen)\s*\(?\s*[rbuf]?$/;
const CALL_BEFORE =
  /(system|popen\w*|Popen|run|call|check_call|check_output|exec\w*|spawn\w*|Command)\s*\(?\s*\[?\s*$/;

/** `run(['rm', 'f'])`, `execFileSync('rm', ['f'])`, `system('rm', 'f')`. */
function callsIn(literals: readonly CodeLiteral[]): string[][] {
  const calls: string[][] = [];
  for (const [at, literal] of literals.entries()) {
    if (!CALL_BEFORE.test(literal.before) || calls.length >= EXPANSION_MAX) continue;
    const argv = [literal.text];
    for (let next = at; next + 1 < literals.length && argv.length < 64; next += 1) {
      if (!/^\s*,\s*(\{\s*)?(args\s*:\s*)?\[?\s*["'`]/.test(literals[next]?.after ?? '')) break;
      argv.push(literals[next + 1]?.text ?? '');
    }
    calls.push(argv);
  }
  return calls;
}
