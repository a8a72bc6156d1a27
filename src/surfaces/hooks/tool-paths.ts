/** Which paths a tool call names for writing, and which shell command it runs. Pure. */

type Input = Readonly<Record<string, unknown>>;

const PATH_FIELD: Readonly<Record<string, string>> = {
  Write: 'file_path',
  Edit: 'file_path',
  MultiEdit: 'file_path',
  NotebookEdit: 'notebook_path',
};

const SHELL_TOOLS = new Set(['Bash', 'Monitor']);

/** The command of a tool that runs a shell; undefined for any other tool; 'odd' when it is no text. */
export function shellCommandOf(tool: string, input: Input): string | undefined | 'odd' {
  if (!SHELL_TOOLS.has(tool)) return undefined;
  const { command } = input;
  if (command === undefined && tool === 'Monitor') return undefined;
  return typeof command === 'string' ? command : 'odd';
}

/** Words of an MCP tool's name; most count only where one of its words begins with them (`output` is no `put`). */
const MCP_WRITES =
  /write|edit(?!ions?|s$)|(?:^|_)(?:create|delete|remove|move|rename|copy|append|update|patch|save|replace|insert|put|mkdir|make|touch|download|export|screenshot|extract|unzip|overwrite|apply|format|commit|checkout|reset|stash|stage|merge|rebase|pull|clone|init|store|dump|unlink|trash|upsert|modify|prepend|truncate|symlink|chmod|set_file)|(?:^|_)(?:rm|mv|cp)(?:_|$)|(?:^|_)git_add/;
const MCP_PATH_FIELDS =
  /^(?:.*_)?(?:path|paths|file|files|filename|file_name|filepath|destination|dest|dst|target|source|directory|dir|folder|uri|output|out_dir)$/i;
const MCP_FIELDS_MAX = 64;

/** The paths a tool call would write; `{odd}` names a field that is no path. Tools that do not write name none. */
export function pathsOf(tool: string, input: Input): string[] | { odd: string } {
  const field = PATH_FIELD[tool];
  if (field !== undefined) {
    const path = input[field];
    return typeof path === 'string' && path !== '' ? [path] : { odd: field };
  }
  if (tool === '') return { odd: 'tool_name' };
  if (tool === 'PowerShell') return powerShellPaths(input['command']);
  if (tool === 'Artifact') return ['out_dir', 'file_path'].map((key) => input[key]).filter(isText);
  if (tool.startsWith('mcp__') && MCP_WRITES.test(wordsOf(tool.slice(tool.lastIndexOf('__') + 2))))
    return mcpPaths(input);
  return [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** `takeScreenshot`, `take-screenshot` → `take_screenshot` */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toLowerCase();
}

const MCP_DEPTH_MAX = 3;

/** Fields of an MCP tool's input that are named like paths, also in what lies inside (a list of edits). */
function mcpPaths(input: Input, depth = 0): string[] {
  const found: string[] = [];
  for (const [key, value] of Object.entries(input).slice(0, MCP_FIELDS_MAX)) {
    const isPathField = MCP_PATH_FIELDS.test(wordsOf(key));
    for (const item of Array.isArray(value) ? value.slice(0, MCP_FIELDS_MAX) : [value]) {
      if (isText(item) && isPathField) found.push(pathOfUri(item));
      if (typeof item === 'object' && item !== null && depth < MCP_DEPTH_MAX)
        found.push(...mcpPaths(item as Input, depth + 1));
    }
  }
  return found;
}

/** The path of a `file:` address; anything else as it is. */
function pathOfUri(text: string): string {
  const match = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/is.exec(text);
  if (!match) return text;
  const path = (match[1] ?? '').replace(/[?#].*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

const POWERSHELL_CHARS_MAX = 100_000;
const POWERSHELL_WRITES =
  /(?:^|[\s;|({&])(?:set-content|add-content|out-file|new-item|remove-item|copy-item|move-item|rename-item|clear-content|tee-object|export-\w+|expand-archive|compress-archive|invoke-expression|iex|start-process|robocopy|xcopy|sc|ac|ni|ri|rm|del|erase|rd|rmdir|cp|copy|cpi|mv|move|mi|ren|rni|mkdir|md|tee)\b|-outfile\b|\]::(?:write|append|delete|move|copy|create)|>/i;
/** Programs that write where an argument sends them; git, but for the verbs that look. */
const POWERSHELL_PROGRAMS =
  /(?:^|[\s;|({&])(?:node|python3?|py|npm|pnpm|yarn|npx|cargo|dotnet|make|bash|sh|wsl|tar|git(?:\s+-[cC]\s+(?:"[^"]*"|'[^']*'|\S+))*\s+(?!status|log|diff|show|rev-parse|ls-files|blame|-)\w[\w-]*)(?:\.exe)?(?=\s)/i;

/** Programs that are given code. */
const POWERSHELL_CODE = /(?:^|[\s;|({&])(?:node|python3?|py|bash|sh|wsl)(?:\.exe)?\s+-/i;

/**
 * PowerShell is not parsed: where a command has a word that writes, each of its words that looks like a path counts as
 * written. So it may refuse a read of another's file beside a write of one's own; it says which path it meant.
 */
function powerShellPaths(command: unknown): string[] | { odd: string } {
  if (typeof command !== 'string') return { odd: 'command' };
  const text = command.slice(0, POWERSHELL_CHARS_MAX);
  if (!POWERSHELL_PROGRAMS.test(text) && !POWERSHELL_WRITES.test(text)) return [];
  const words = text.match(/"[^"\n]*"|'[^'\n]*'|[^\s"';|&(){}<>,=]+/g) ?? [];
  // Code that a program is given names paths inside of a word.
  const inner = POWERSHELL_CODE.test(text)
    ? (text.match(/(?<![\w.])(?:[A-Za-z]:|\.\.)?[\\/][^\s"'`(),;|]+/g) ?? [])
    : [];
  return [...words, ...inner]
    .map((word) => word.replace(/^["']|["']$/g, ''))
    .filter((word) => /[\\/.]/.test(word) && !word.startsWith('-') && !word.startsWith('$'))
    .map((word) => word.replaceAll('\\', '/'));
}
