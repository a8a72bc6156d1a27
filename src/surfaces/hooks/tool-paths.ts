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

const MCP_WRITES =
  /write|edit|create|delete|remove|move|rename|copy|append|update|patch|save|replace|insert|put|mkdir/i;
const MCP_PATH_FIELDS =
  /^(?:.*_)?(?:path|paths|file|files|filename|file_name|filepath|destination|dest|target|source|directory|dir|folder|uri|output|out_dir)$/i;
const MCP_FIELDS_MAX = 64;

/** The paths a tool call would write; `{odd}` names a field that is no path. Tools that do not write name none. */
export function pathsOf(tool: string, input: Input): string[] | { odd: string } {
  const field = PATH_FIELD[tool];
  if (field !== undefined) {
    const path = input[field];
    return typeof path === 'string' && path !== '' ? [path] : { odd: field };
  }
  if (tool === 'PowerShell') return powerShellPaths(input['command']);
  if (tool === 'Artifact') return ['out_dir', 'file_path'].map((key) => input[key]).filter(isText);
  if (tool.startsWith('mcp__') && MCP_WRITES.test(tool.slice(tool.lastIndexOf('__') + 2)))
    return mcpPaths(input);
  return [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Fields of an MCP tool's input that are named like paths, also one level down (a list of edits). */
function mcpPaths(input: Input, depth = 0): string[] {
  const found: string[] = [];
  for (const [key, value] of Object.entries(input).slice(0, MCP_FIELDS_MAX)) {
    const isPathField = MCP_PATH_FIELDS.test(key.replace(/([a-z])([A-Z])/g, '$1_$2'));
    if (isText(value) && isPathField) found.push(value.replace(/^file:\/\//, ''));
    if (Array.isArray(value)) {
      for (const item of value.slice(0, MCP_FIELDS_MAX)) {
        if (isText(item) && isPathField) found.push(item.replace(/^file:\/\//, ''));
        if (typeof item === 'object' && item !== null && depth < 2)
          found.push(...mcpPaths(item as Input, depth + 1));
      }
    }
  }
  return found;
}

const POWERSHELL_WRITES =
  /(?:^|[\s;|({&])(?:set-content|add-content|out-file|new-item|remove-item|copy-item|move-item|rename-item|clear-content|tee-object|export-\w+|sc|ac|ni|ri|rm|del|erase|rd|rmdir|cp|copy|cpi|mv|move|mi|ren|rni|mkdir|md|tee)\b|\]::(?:write|append|delete|move|copy|create)|>/i;

/**
 * PowerShell is not parsed: where a command has a word that writes, each of its words that looks like a path counts as
 * written. So it may refuse a read of another's file beside a write of one's own; it says which path it meant.
 */
function powerShellPaths(command: unknown): string[] | { odd: string } {
  if (typeof command !== 'string') return { odd: 'command' };
  if (!POWERSHELL_WRITES.test(command)) return [];
  const words = command.match(/"[^"\n]*"|'[^'\n]*'|[^\s"';|&(){}<>,=]+/g) ?? [];
  return words
    .map((word) => word.replace(/^["']|["']$/g, ''))
    .filter((word) => /[\\/.]/.test(word) && !word.startsWith('-') && !word.startsWith('$'))
    .map((word) => word.replaceAll('\\', '/'));
}
