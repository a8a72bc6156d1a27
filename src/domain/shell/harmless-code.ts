// Whether an interpreter's code plainly writes nothing. No language is interpreted here, so all that the code calls must be known.
import type { CodeLiteral, Language } from './code-tokens.ts';
import { isAmong } from './word-lists.ts';

const WRITE_WORDS = new RegExp(
  [
    String.raw`\b(write_text|write_bytes|write\w*|append(File|To)\w*|createWriteStream|output(File|Json)\w*|openSync|unlink\w*|rmSync|rmtree|rmdir\w*|removedirs|rename\w*|copy(2|file|tree|mode|stat|File\w*|Sync|fileobj)|cpSync|mkdir\w*|makedirs|mkdtemp\w*|mkstemp|symlink\w*|linkSync|hardlink_to|f?truncate\w*|l?chmod\w*|l?chown\w*|l?utimes\w*|touch\w*|shutil|FileUtils|file_put_contents|fopen|fputs|tempnam|tempfile|sysopen|removeSync|ensure(Dir|File)\w*|emptyDir\w*|to_(csv|json|parquet|excel|pickle)|savefig|extract(all)?|O_(WRONLY|RDWR|CREAT)|mknod|mkfifo|zipfile|tarfile|sqlite3|fileinput|urlretrieve|savetxt|savez\w*|tofile|to_(sql|feather|hdf|html|markdown)|FileHandler|basicConfig|imwrite|imsave|makeArchive|make_archive|unpack_archive|shelve|dbm|dbmopen|utime|mkpath|make_path|remove_tree|WriteStream|FileIO|(Gzip|BZ2|LZMA)File|NamedTemporaryFile)\b|\$\^I\b|\bIO::File\b`,
    String.raw`(?<![.\w])(copy|move|remove|rename|replace|link|rm|cp|delete)\s*[("]`,
    String.raw`\b(os|fs|fsp|promises|File|IO|Dir|Pathname|Deno|Bun)\.(write\w*|binwrite|open|new|delete|remove\w*|rename|replace|link|rm|cp|move|save)\b`,
    String.raw`\.(save|rm|cp)\s*\(|\.replace\s*\((?![^()]*,)|\bimport\b[^\n;]{0,200}\breplace\b`,
  ].join('|'),
);
const STANDARD_STREAMS =
  /\b(std(out|err)\.(buffer\.)?write(lines)?|(STDOUT|STDERR|\$std(out|err))\.write)\b/g;

const RUN_WORDS =
  /\b(system|popen\w*|Popen|subprocess|exec\w*|spawn\w*|fork\w*|child_process|posix_spawn\w*|check_call|check_output|get(status)?output|shell_exec|passthru|proc_open|pcntl_exec|Open3|PTY|pty|eval|__import__|importlib|runpy|ctypes|cffi|getattr|setattr|globals|vars|__\w*(dict|class|builtins)\w*__|Function|vm|Worker|worker_threads|dlopen|binding|zx|execa|shelljs|instance_eval|class_eval|__send__|public_send|Kernel|pickle|marshal|compile|do|load|send)\b|\bDeno\.(Command|run)|\bBun\.(\$|spawn)|\$`|\/[gimsx]*ee[gimsx]*\b/;
/** The same words where they mean something else: `re.compile`, `json.load(f)`, a block's `do`. */
const MILD_WORDS = /\bre\.compile\b|\bjson\.load\b|\.exec\b(?=\s*\(\s*\w+\s*\))|\bdo\b(?=\s*(\||\n|\{|;|$))/g;

/** Names which, as a string, reach a function by another way (`os.__dict__['unlink']`). */
const NAMED =
  /^(unlink|remove|rename|rmtree|rmdir|mkdir|symlink|truncate|write|writeFile|appendFile|open|system|popen|exec|spawn|eval|fork)\w*$/;

const MODE = /^[rwaxbtU+]{1,4}$/;

const CALLS = `
  print len range str int float bool list dict set tuple sorted reversed enumerate zip map filter sum min max abs round any all type isinstance repr format
  open read readline readlines readlink join split splitlines strip lstrip rstrip replace startsWith startswith endsWith endswith lower upper title find rfind index count
  append extend insert pop add update keys values items get setdefault group groups match search findall finditer sub fullmatch encode decode compile
  loads dumps load stringify parse log error warn info debug table dir exists isfile isdir islink is_file is_dir stat lstat getsize getmtime listdir scandir walk
  glob rglob iglob iterdir basename dirname abspath realpath relpath relative resolve normpath expanduser getcwd cwd getenv exit quit input next iter ord chr hex oct bin
  read_text read_bytes readFileSync readFile readdirSync readdir existsSync statSync require slice substring substr indexOf lastIndexOf includes forEach reduce
  concat push shift toString toUpperCase toLowerCase trim test some every flat flatMap fromEntries entries assign from isArray charCodeAt fromCharCode Number String
  Object Array Boolean Date Math Set Map RegExp JSON parseInt parseFloat isNaN floor ceil sqrt pow random now toISOString toFixed padStart padEnd localeCompare sort
  Path PurePath Counter defaultdict OrderedDict namedtuple deque most_common datetime date timedelta today strftime strptime fromtimestamp timestamp isoformat
  time perf_counter sleep sha256 sha1 md5 new hexdigest digest createHash b64encode b64decode Buffer byteLength hash id hasattr callable lambda if for while
  switch catch return and or not in elif else except assert del with as yield await async function super Exception ValueError SystemExit KeyError Error TypeError
  write writelines read_csv reader DictReader safe_load fromstring platform machine node python_version flush fileno isatty exec
  then finally all allSettled Promise setTimeout has charAt codePointAt normalize matchAll at getOwnPropertyNames hasOwnProperty
  ljust rjust center zfill isdigit isalpha isspace islower isupper partition rpartition divmod complex bytes bytearray memoryview frozenset object product
  permutations combinations chain islice groupby accumulate partial wraps pprint pformat indent dedent fill mean median stdev Decimal Fraction
`;
/** Modules that may be imported without running anything of one's own. */
const PYTHON_MODULES =
  /^(os|os\.path|sys|re|json|math|time|datetime|pathlib|collections|itertools|functools|string|textwrap|hashlib|base64|platform|glob|fnmatch|csv|io|random|statistics|decimal|fractions|typing|dataclasses|enum|operator|struct|unicodedata|urllib\.parse|html|xml\.etree\.ElementTree|tomllib|yaml|ast|difflib|pprint|uuid|calendar|copy|numpy|pandas)$/;
const NODE_MODULES =
  /^(node:)?(fs|fs\/promises|path|os|util|url|querystring|crypto|assert|events|string_decoder|process|perf_hooks|buffer|v8)$|\.json$/;

export function hasWriting(bare: string, literals: readonly CodeLiteral[]): boolean {
  const told = bare.replace(STANDARD_STREAMS, '');
  if (WRITE_WORDS.test(told)) return true;
  if (/open|flag/i.test(told) && literals.some(({ text }) => MODE.test(text) && /[wax+]/.test(text)))
    return true;
  return literals.some(({ text, before }) => /\bopen\b[^;]*$/.test(before) && /^\s*(\+?[>|]|\+<)/.test(text));
}

export const hasRunning = (bare: string, literals: readonly CodeLiteral[]): boolean =>
  literals.some((literal) => literal.isCommand) || RUN_WORDS.test(bare.replace(MILD_WORDS, ' '));

/** Asked only of code that has no word of writing or running in it. */
export function callsAreHarmless(
  bare: string,
  literals: readonly CodeLiteral[],
  language: Language,
): boolean {
  if (language === 'other' || literals.some(({ text }) => NAMED.test(text) || /^\s*\|/.test(text)))
    return false;
  // Other languages call without brackets; there, only the words speak.
  if (language !== 'python' && language !== 'javascript')
    return !/\b(open|require\w*|use\s+lib|include\w*|dofile|load(file|string)|autoload)\b/.test(bare);
  for (const [, name] of bare.matchAll(/([\w$]+)\s*(?:\?\.)?\(/g))
    if (name !== undefined && !isAmong(CALLS, name)) return false;
  // Calls by another way: a decorator, a tagged template, a member or a result that is called.
  if (
    /^\s*@|[\w$)\]]`|[\])]\s*\(|\b(fs|os|process|global\w*|module|require\(""\))\s*\[|\[\s*""\s*\+/m.test(
      bare.replaceAll('``', '0'),
    )
  )
    return false;
  if (language === 'javascript') {
    return (
      !/\bimport\b/.test(bare) &&
      opensToRead(bare) &&
      literals.every(({ text, before }) => !/require\s*\(\s*$/.test(before) || NODE_MODULES.test(text))
    );
  }
  return importsAreKnown(bare) && opensToRead(bare);
}

function importsAreKnown(bare: string): boolean {
  for (const [, module] of bare.matchAll(/\bfrom[ \t]+([\w.]+)[ \t]+import/g))
    if (!PYTHON_MODULES.test(module ?? '')) return false;
  for (const [, list] of bare.matchAll(/(?:^|[;:\n])[ \t]*import[ \t]+([\w., \t]{1,400})/g)) {
    if ((list ?? '').split(',').some((module) => !PYTHON_MODULES.test(module.replace(/\bas\b.*/, '').trim())))
      return false;
  }
  return true;
}

const OPENS_MAX = 200;

/** Every `open( )` names its mode, if any, as a plain string: `open(f, m)` may write. */
function opensToRead(bare: string): boolean {
  for (const match of [...bare.matchAll(/\bopen\s*\(/g)].slice(0, OPENS_MAX)) {
    const args = callArguments(bare, match.index + match[0].length).slice(1);
    if (!args.every((arg) => /^\s*(mode\s*=\s*)?""\s*$|^\s*(encoding|errors|newline)\s*=|^\s*$/.test(arg)))
      return false;
  }
  return true;
}

function callArguments(bare: string, from: number): string[] {
  const args: string[] = [''];
  let depth = 0;
  for (let at = from; at < bare.length && at < from + 400; at += 1) {
    const char = bare[at] ?? '';
    if (/[([{]/.test(char)) depth += 1;
    else if (/[)\]}]/.test(char)) depth -= 1;
    if (depth < 0) break;
    if (char === ',' && depth === 0) args.push('');
    else args[args.length - 1] += char;
  }
  return args;
}
