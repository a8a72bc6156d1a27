// Compilers, formatters, package managers and the like: which of their arguments say where they write.
import type { OptionSpec } from './options.ts';
import { isAmong } from './word-lists.ts';

export interface OutputTool extends OptionSpec {
  /** Options whose value is a file it writes. */
  readonly to?: string;
  /** Options whose value is a directory it fills. */
  readonly into?: string;
  /** Flags or verbs that make its arguments targets; `*`: they always are; `last`: the last one is. */
  readonly inPlace?: string;
  /** Flags with which it changes none of them after all: it checks, or shows what it would do. */
  readonly dry?: string;
  /** Arguments before the files: a verb. */
  readonly skip?: number;
  /** Options that name the directory it works in. */
  readonly place?: string;
  /** Verbs that only look. */
  readonly looks?: string;
  /** Verbs after which a program stands. */
  readonly runs?: string;
  /** Nothing else of it is unknown. */
  readonly known?: true;
}

const COMPILER: OutputTool = { short: 'oILlDUxFT', long: 'output', to: 'o output' };
const GO_FORMAT: OutputTool = { short: 'lr', inPlace: 'w', known: true };

const COMPILERS = 'gcc g++ cc c++ clang clang++ ld as rustc ghc swiftc nasm';
const GO_FORMATS = 'gofmt goimports gofumpt';

export function outputTool(name: string): OutputTool | undefined {
  if (Object.hasOwn(TOOLS, name)) return TOOLS[name];
  if (isAmong(COMPILERS, name)) return COMPILER;
  return isAmong(GO_FORMATS, name) ? GO_FORMAT : undefined;
}

/** Constants only: then it is made in one piece. */
const TOOLS: Readonly<Record<string, OutputTool>> = {
  javac: { short: 'd', oneDash: true, long: 'd s h cp classpath', into: 'd s h' },
  tsc: {
    short: 'p',
    long: 'outDir outFile declarationDir project rootDir target module',
    into: 'outDir declarationDir',
    to: 'outFile',
  },
  esbuild: { long: 'outfile outdir metafile', to: 'outfile metafile', into: 'outdir' },
  swc: { short: 'od', long: 'out-file out-dir', to: 'o out-file', into: 'd out-dir' },
  babel: { short: 'od', long: 'out-file out-dir', to: 'o out-file', into: 'd out-dir' },
  rollup: { short: 'odicf', long: 'file dir', to: 'o file', into: 'd dir' },
  webpack: { short: 'oc', long: 'output-path config', into: 'o output-path' },
  vite: { long: 'outDir', into: 'outDir' },
  sass: { inPlace: 'last', short: 'I' },
  protoc: {
    short: 'I',
    long: 'go_out js_out ts_out python_out java_out cpp_out descriptor_set_out',
    into: 'go_out js_out ts_out python_out java_out cpp_out',
    to: 'descriptor_set_out',
  },
  // Formatters and fixers.
  prettier: { inPlace: 'write w', long: 'config parser ignore-path plugin stdin-filepath' },
  eslint: { inPlace: 'fix', short: 'cfo', long: 'config ext format output-file rule', to: 'o output-file' },
  stylelint: { inPlace: 'fix', long: 'config output-file', short: 'co', to: 'o output-file' },
  biome: { inPlace: 'write fix apply', skip: 1, long: 'config-path' },
  oxfmt: { inPlace: '*', dry: 'check' },
  oxlint: { inPlace: 'fix' },
  standard: { inPlace: 'fix' },
  black: { inPlace: '*', dry: 'check diff', short: 'lt', long: 'line-length target-version config' },
  isort: { inPlace: '*', dry: 'c check check-only diff', short: 'l' },
  autopep8: { inPlace: 'i in-place' },
  yapf: { inPlace: 'i in-place' },
  ruff: { inPlace: 'fix format', dry: 'check diff', skip: 1, long: 'select ignore config' },
  rubocop: { inPlace: 'a A autocorrect auto-correct' },
  rustfmt: { inPlace: '*', dry: 'check', long: 'edition config emit' },
  'clang-format': { inPlace: 'i', short: 'f', known: true },
  shfmt: { inPlace: 'w', short: 'i', known: true },
  terraform: { inPlace: 'fmt', dry: 'check', skip: 1, place: 'chdir', oneDash: true, long: 'chdir' },
  swiftformat: { inPlace: '*' },
  'google-java-format': { inPlace: 'i replace' },
  jscodeshift: { inPlace: '*', short: 't', long: 'transform parser extensions' },
  'ast-grep': { inPlace: 'U update-all', short: 'prl', long: 'pattern rewrite lang', skip: 1 },
  ktlint: { inPlace: 'F format' },
  'php-cs-fixer': { inPlace: '*', dry: 'dry-run', skip: 1 },
  yq: { inPlace: 'i inplace in-place', skip: 1, known: true },
  xmlstarlet: { inPlace: 'L inplace', skip: 1, known: true, short: 'usvdianmtrx' },
  xmllint: { short: 'o', long: 'output schema', to: 'o output', known: true },
  sd: { skip: 2, inPlace: '*', known: true },
  // Converters.
  strip: { short: 'o', to: 'o', inPlace: '*' },
  ranlib: { inPlace: '*' },
  objcopy: { inPlace: 'last', short: 'OIjR' },
  pdftotext: { inPlace: 'last', short: 'fl' },
  xsltproc: { short: 'o', long: 'output', to: 'o output' },
  pandoc: { short: 'oftHBAVMT', long: 'output from to', to: 'o output', known: true },
  dot: { short: 'oTKGNE', to: 'o', known: true },
  openssl: {
    oneDash: true,
    long: 'out keyout writerand CAserial in inkey passin passout subj days config',
    to: 'out keyout writerand',
    known: true,
  },
  gpg: { short: 'orua', long: 'output homedir recipient', to: 'o output' },
  age: { short: 'ori', long: 'output', to: 'o output', known: true },
  'ssh-keygen': { short: 'ftbCNPIO', to: 'f' },
  base64: { short: 'oiwb', long: 'output wrap', to: 'o output', known: true },
  iconv: { short: 'ofto', long: 'output from-code to-code', to: 'o output', known: true },
  less: {
    short: 'oOpPxyzjDbhkTt',
    long: 'log-file LOG-FILE pattern',
    to: 'o O log-file LOG-FILE',
    known: true,
  },
  tree: { short: 'oLIPTH', to: 'o', known: true },
  sdiff: { short: 'owI', long: 'output width', to: 'o output', known: true },
  history: { inPlace: 'w a', known: true },
  magick: { inPlace: 'last' },
  convert: { inPlace: 'last' },
  mogrify: { inPlace: '*' },
  ffmpeg: {
    inPlace: 'last',
    oneDash: true,
    long: 'i f c ss t to vf af map r s b crf preset codec filter_complex',
  },
  pygmentize: { short: 'olfSO', to: 'o', known: true },
  'git-filter-repo': {},
  // Package managers and builders.
  npm: {
    short: 'CwW',
    long: 'prefix workspace pack-destination',
    place: 'prefix C',
    into: 'pack-destination',
    looks:
      'ls list ll la view v info show outdated root prefix bin ping whoami search explain why docs repo help query',
    runs: 'exec x',
  },
  pnpm: {
    short: 'CF',
    long: 'dir filter',
    place: 'C dir',
    looks: 'ls list why outdated root bin view info',
    runs: 'exec dlx',
  },
  yarn: { long: 'cwd', place: 'cwd', looks: 'list why info outdated bin', runs: 'exec dlx' },
  bun: { long: 'cwd outdir outfile', place: 'cwd', into: 'outdir', to: 'outfile', looks: 'pm', runs: 'x' },
  pip: {
    short: 'tdrce',
    long: 'target dest wheel-dir requirement prefix root',
    into: 't target d dest wheel-dir prefix root',
    looks: 'list show freeze check search',
  },
  uv: {
    long: 'directory project with python',
    place: 'directory project',
    looks: 'tree',
    runs: 'run',
    inPlace: 'init venv',
    skip: 1,
  },
  poetry: {
    short: 'CP',
    long: 'directory project',
    place: 'C directory P project',
    inPlace: 'new',
    skip: 1,
    looks: 'show search check',
    runs: 'run',
  },
  venv: { inPlace: '*', long: 'prompt' },
  virtualenv: { inPlace: '*', short: 'p', long: 'python prompt' },
  pipenv: { runs: 'run', looks: 'graph' },
  hatch: { runs: 'run' },
  pdm: { short: 'p', place: 'p', runs: 'run' },
  bundle: { long: 'gemfile path', runs: 'exec', looks: 'list show info outdated' },
  conda: { short: 'np', long: 'name prefix', runs: 'run', looks: 'list info search' },
  make: { short: 'CfjIo', long: 'directory file jobs', place: 'C directory' },
  gmake: { short: 'CfjIo', long: 'directory file jobs', place: 'C directory' },
  ninja: { short: 'Cfjkl', place: 'C' },
  just: { short: 'df', long: 'working-directory justfile', place: 'd working-directory' },
  task: { short: 'dt', long: 'dir taskfile', place: 'd dir' },
  cargo: {
    short: 'CpjF',
    long: 'manifest-path target-dir package features root',
    place: 'C manifest-path',
    into: 'target-dir root',
    inPlace: 'new init',
    skip: 1,
    looks: 'search version',
  },
  go: {
    short: 'Co',
    oneDash: true,
    long: 'C o',
    place: 'C',
    to: 'o',
    looks: 'version env list doc help vet',
  },
  gradle: { short: 'pb', long: 'project-dir build-file', place: 'p project-dir' },
  mvn: { short: 'fpP', long: 'file', place: 'f file' },
  composer: { short: 'd', long: 'working-dir', place: 'd working-dir', looks: 'show why outdated' },
  dotnet: { short: 'ocf', long: 'output', into: 'o output' },
  meson: { short: 'C', place: 'C' },
  gh: { short: 'RODp', long: 'repo output dir', into: 'D dir', to: 'O output' },
  kubectl: { looks: 'get describe logs version explain top', short: 'nfc', inPlace: 'cp', skip: 2 },
  helm: { short: 'nf', long: 'output-dir namespace values', into: 'output-dir', looks: 'list status get' },
  // Fetchers and dumpers.
  aws: { inPlace: 's3', skip: 3, long: 'profile region include exclude' },
  'yt-dlp': { short: 'oPf', long: 'output paths', to: 'o output', into: 'P paths' },
  aria2c: { short: 'do', long: 'dir out', into: 'd dir' },
  http: { short: 'oa', long: 'output', to: 'o output' },
  psql: { short: 'ocfdhpUL', long: 'output command log-file', to: 'o output L log-file' },
  pg_dump: { short: 'fdhpUtn', long: 'file', into: 'f file' },
  mysqldump: { short: 'rhuP', long: 'result-file', to: 'r result-file' },
  tcpdump: { short: 'wirc', to: 'w' },
};
