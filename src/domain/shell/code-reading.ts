// What an interpreter's code may do to files: whether it plainly writes nothing, which paths stand in it, which commands it runs.
// A language is not interpreted here. So code is harmless only if all it calls is known to be harmless.
import { type CodeLiteral, type Language, tokenizeCode } from './code-tokens.ts';
import { EXPANSION_MAX } from './limits.ts';

export interface CodeReading {
  /** Nothing in it writes, runs or evaluates. */
  readonly harmless: boolean;
  readonly paths: readonly string[];
  readonly commands: readonly string[];
  /** Programs with their arguments, run without a shell. */
  readonly calls: readonly (readonly string[])[];
}

const WRITE_WORDS =
  /\b(write_text|write_bytes|writeFile\w*|appendFile\w*|createWriteStream|outputFile\w*|outputJson\w*|writeJson\w*|writeTextFile\w*|openSync|writeSync|write|writelines|unlink\w*|rmSync|rmtree|rmdir\w*|removedirs|rename\w*|copy\w*|cp|cpSync|move|mkdir\w*|makedirs|mkdtemp\w*|symlink\w*|link|linkSync|hardlink_to|truncate\w*|ftruncate|chmod\w*|chown\w*|utimes\w*|touch|touchSync|shutil|FileUtils|file_put_contents|fopen|fwrite|fputs|tempnam|sysopen|syswrite|remove|removeSync|ensureDir\w*|ensureFile\w*|emptyDir\w*|to_csv|to_json|to_parquet|to_excel|savefig|save|dump|extractall|extract|O_WRONLY|O_RDWR|O_CREAT|mknod|mkfifo|rm|delete)\b|\bBun\.write|\b(?:File|IO|Dir|Pathname)\.(?:write|binwrite|open|new|delete|rename|symlink|link|mkdir|truncate|chmod|unlink)|>>?\s*[$\w"']*\.?\/|\bprint\s*\{?\s*\$?[A-Z]\w*\}?\s+["'$]/;
const RUN_WORDS =
  /\b(system|popen\w*|Popen|subprocess|exec\w*|spawn\w*|fork\w*|child_process|posix_spawn|check_call|check_output|getoutput|getstatusoutput|shell_exec|passthru|proc_open|pcntl_exec|Open3|PTY|pty|eval|execfile|compile|__import__|importlib|runpy|ctypes|cffi|getattr|setattr|globals|Function|vm|Worker|worker_threads|dlopen|process\.binding|zx|execa|shelljs|Deno\.Command|Deno\.run|do|load|instance_eval|class_eval|send|__send__|public_send|Kernel|pickle|marshal)\b|\bBun\.(?:\$|spawn)|\$`/;
/** `do` and `send` mean other things where loops and sockets are. */
const BLOCK_WORDS = /\bdo\b(?=\s*(\||$|\n|\{|[^"'\s$]))|\bload(?=\s*\(\s*(sys|f|fp|file|open|stdin|data|r|resp\w*|""))|\bload(?=s\b)/g;

const MODE = /^[rwaxbtU+]{1,4}$/;
const HARMLESS_CALLS = new Set(
  `print len range str int float bool list dict set tuple sorted reversed enumerate zip map filter sum min max abs round any all type isinstance repr format
  open read readline readlines readlink join split splitlines strip lstrip rstrip replace startsWith startswith endsWith endswith lower upper title find rfind index count
  append extend insert pop add update keys values items get setdefault group groups match search findall finditer sub fullmatch encode decode
  loads dumps load stringify parse log error warn info debug table dir exists isfile isdir islink is_file is_dir stat lstat getsize getmtime listdir scandir walk
  glob rglob iglob iterdir basename dirname abspath realpath relpath relative resolve normpath expanduser getcwd cwd getenv exit quit input next iter ord chr hex oct bin
  read_text read_bytes readFileSync readFile readdirSync readdir existsSync statSync require slice substring substr indexOf lastIndexOf includes forEach reduce
  concat push shift toString toUpperCase toLowerCase trim test some every flat flatMap fromEntries entries assign from isArray charCodeAt fromCharCode Number String
  Object Array Boolean Date Math Set Map RegExp JSON parseInt parseFloat isNaN floor ceil sqrt pow random now toISOString toFixed padStart padEnd localeCompare sort
  Path PurePath Counter defaultdict OrderedDict namedtuple deque most_common datetime date timedelta today strftime strptime fromtimestamp timestamp isoformat
  time perf_counter sleep sha256 sha1 md5 new hexdigest digest createHash b64encode b64decode Buffer byteLength hash id vars hasattr callable lambda if for while
  switch catch return and or not in elif else except assert del with as yield await async function super Exception ValueError SystemExit KeyError Error TypeError
  read_csv reader DictReader writer_rows safe_load fromstring tomllib loads_all version platform machine system_name node python_version flush fileno isatty
  then finally resolve all allSettled Promise setTimeout keysOf has add charAt codePointAt normalize matchAll at values getOwnPropertyNames hasOwnProperty
  ljust rjust center zfill isdigit isalpha isspace islower isupper partition rpartition divmod complex bytes bytearray memoryview frozenset object slice product
  permutations combinations chain islice groupby accumulate partial wraps pprint pformat indent dedent fill mean median stdev Decimal Fraction`
    .split(/\s+/),
);
/** Modules that may be imported without running anything of one's own. */
const MODULES =
  /^(os|os\.path|sys|re|json|math|time|datetime|pathlib|collections|itertools|functools|string|textwrap|hashlib|base64|platform|glob|fnmatch|csv|io|random|statistics|decimal|fractions|typing|dataclasses|enum|operator|struct|unicodedata|urllib\.parse|html|xml\.etree\.ElementTree|tomllib|yaml|ast|difflib|inspect|pprint|uuid|calendar|copy|string|numpy|pandas)$/;
const NODE_MODULES = /^(node:)?(fs|fs\/promises|path|os|util|url|querystring|crypto|assert|events|string_decoder|process|perf_hooks|buffer|v8)$|\.json$/;

export function readCode(code: string, language: Language): CodeReading {
  const { literals, bare } = tokenizeCode(code, language);
  const hasMode = /\bopen\b/.test(bare) && literals.some(({ text }) => MODE.test(text) && /[wax+]/.test(text));
  const opensForWriting = hasMode || literals.some(({ text, before }) => /\bopen\b[^;]*$/.test(before) && /^\s*(\+?[>|]|\+<)/.test(text));
  const writes = opensForWriting || WRITE_WORDS.test(bare) || literals.some((literal) => /^(w|a|wx|r\+|a\+|w\+)$/.test(literal.text) && /open/i.test(bare));
  const runs = literals.some((literal) => literal.isCommand) || RUN_WORDS.test(bare.replace(BLOCK_WORDS, ' '));
  const harmless = !writes && !runs && callsAreHarmless(bare, literals, language);
  return {
    harmless,
    paths: writes || !harmless ? pathsIn(literals, bare, code, writes) : [],
    commands: runs ? commandsIn(literals) : [],
    calls: runs ? callsIn(code, literals) : [],
  };
}

/** python and javascript call by name; every name must be known. In the other languages the words above must do. */
function callsAreHarmless(bare: string, literals: readonly CodeLiteral[], language: Language): boolean {
  if (language !== 'python' && language !== 'javascript') return language !== 'other' && !/\b(open|require|use\s+lib|include|dofile|loadfile)\b/.test(bare);
  for (const [, name] of bare.matchAll(/([\w$]+)\s*(?:\?\.)?\(/g)) if (name !== undefined && !HARMLESS_CALLS.has(name)) return false;
  if (/^\s*@|[\w$)\]]`|\]\s*\(|\)\s*\(/m.test(bare.replaceAll('""', '0'))) return false;
  if (language === 'javascript') return !/\bimport\b/.test(bare) && literals.every(({ text, before }) => !/require\s*\(\s*$/.test(before) || NODE_MODULES.test(text));
  for (const [, list] of bare.matchAll(/\bimport[ \t]+([\w., \t]+)/g)) {
    if (/\bas\b/.test(list ?? '')) return false;
  }
  for (const [, module] of bare.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import/gm)) if (!MODULES.test(module ?? '')) return false;
  for (const [, list] of bare.matchAll(/(?:^|[;:\n])[ \t]*import[ \t]+([\w., \t]+)/g)) {
    if ((list ?? '').split(',').some((module) => !MODULES.test(module.trim()))) return false;
  }
  return true;
}

const READ_BEFORE =
  /(readFileSync|readFile|readTextFile|require|\bimport|\bfrom|existsSync|exists|statSync|lstatSync|readdirSync|readdir|createReadStream|accessSync|listdir|scandir|walk|isfile|isdir|is_file|glob|File\.read|File\.readlines|File\.exist\?|IO\.read|IO\.readlines|file_get_contents|file_exists|is_file|import_module|ElementTree\.parse|read_csv|sys\.path\.\w+)\s*\(?\s*[a-z]?$/;
const OPEN_BEFORE = /\bopen\s*\(\s*[rbuf]{0,2}$/;
const READ_AFTER = /^\s*(\)|,\s*(encoding|errors|newline)\b|,\s*["']r[bt]?["'])/;
const METHOD_AFTER = /^\s*\)?\s*\.\s*(read_text|read_bytes|exists|is_file|is_dir|stat|iterdir|glob|rglob|split|join|format|strip|replace|startswith|endswith)\b/;

const isRead = ({ before, after }: CodeLiteral): boolean =>
  READ_BEFORE.test(before) || (OPEN_BEFORE.test(before) && READ_AFTER.test(after)) || METHOD_AFTER.test(after);

const looksLikePath = (text: string): boolean =>
  text.length > 0 &&
  text.length < 300 &&
  !/[\n\0<>|"'`;(){}*?\\^]|^[a-z][a-z+.-]*:\/\/|^[/\w-]*\/[+*?]|^\s|\s$|: |, |%[sd]/i.test(text) &&
  (/^(\.{0,2}|~)\//.test(text) || (!/\s/.test(text) && (text.includes('/') || /^[\w@-][\w.@-]*\.[A-Za-z]\w{0,9}$/.test(text) || text === '..')));

/** Literals that may be targets; neighbours joined by `,`, `/` or `+` also as the path they may make together. */
function pathsIn(literals: readonly CodeLiteral[], bare: string, code: string, writes: boolean): string[] {
  const paths = new Set<string>();
  for (const [at, literal] of literals.entries()) {
    const text = literal.text.replace(/^\s*[+<>]{1,3}\s*/, '');
    if (isRead(literal) && !isRead({ ...literal, before: '', after: '' })) continue;
    const isNamed = writes && /\b(open|write\w*|append\w*|unlink\w*|rm\w*|mkdir\w*|touch\w*|rename\w*|copy\w*|remove\w*|Path|create\w*)\s*\(?\s*[rbuf]?$/i.test(literal.before);
    if (looksLikePath(text) || (isNamed && /^[\w.@-]+$/.test(text))) paths.add(text);
    for (const joined of joinedPaths(literals, at)) if (looksLikePath(joined)) paths.add(joined);
    if (paths.size > EXPANSION_MAX) break;
  }
  // What no literal shows: `%w[../w2/f]`, a path in a heredoc.
  for (const [path] of bare.matchAll(/(?<![\w/)\]"])\.\.\/[\w.@+-][\w.@+/-]{0,200}/g)) if (paths.size <= EXPANSION_MAX) paths.add(path);
  return code.length > 0 ? [...paths] : [];
}

function joinedPaths(literals: readonly CodeLiteral[], from: number): string[] {
  const joined: string[] = [];
  let text = literals[from]?.text ?? '';
  for (let at = from; at + 1 < literals.length && at < from + 8; at += 1) {
    const between = /^\s*([,/+.]|\.\.)\s*[rbuf]?(?=["'`])/.exec(literals[at]?.after ?? '')?.[1];
    if (between === undefined) break;
    text += (between === ',' || between === '/' ? '/' : '') + (literals[at + 1]?.text ?? '');
    joined.push(text);
  }
  return joined;
}

const RUN_BEFORE =
  /(system|popen|Popen|run|call|check_call|check_output|getoutput|getstatusoutput|exec|execSync|spawn|spawnSync|shell_exec|passthru|execute|\$|IO\.popen)\s*\(?\s*[rbuf]?$/;

function commandsIn(literals: readonly CodeLiteral[]): string[] {
  return literals.filter((literal) => literal.isCommand || RUN_BEFORE.test(literal.before)).map((literal) => literal.text);
}

/** `run(['rm', 'f'])`, `execFileSync('rm', ['f'])`, `system('rm', 'f')`. */
function callsIn(code: string, literals: readonly CodeLiteral[]): string[][] {
  const calls: string[][] = [];
  for (const [at, literal] of literals.entries()) {
    if (!/(system|popen|Popen|run|call|check_call|check_output|exec\w*|spawn\w*|Command)\s*\(?\s*\[?\s*$/.test(literal.before)) continue;
    const argv = [literal.text];
    for (let next = at; next + 1 < literals.length && argv.length < 64; next += 1) {
      if (!/^\s*,\s*(args\s*:|\{\s*args\s*:)?\s*\[?\s*["'`]/.test(literals[next]?.after ?? '')) break;
      argv.push(literals[next + 1]?.text ?? '');
    }
    calls.push(argv);
    if (calls.length > EXPANSION_MAX || code.length === 0) break;
  }
  return calls;
}
