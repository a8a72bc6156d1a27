/** hooks/hooks.json as the client reads it: which programs an event starts, and what their answers mean. Pure. */

export interface HookProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Runs beside the session, and wakes it by exit code 2; in a session that nobody attends it runs like the others. */
  readonly wakes: boolean;
  /** A hook that fails refuses the tool call. */
  readonly blocks: boolean;
}

export interface HookAnswer {
  /** Why the tool call was refused. */
  readonly denied?: string;
  /** What the model is told. */
  readonly context?: string;
}

interface WiringFile {
  readonly hooks: Readonly<Record<string, readonly Matched[]>>;
}

interface Matched {
  readonly matcher?: string;
  readonly hooks: readonly { command: string; args?: string[]; asyncRewake?: boolean; onFailure?: string }[];
}

/** Letters, digits, `_ , | -` and blanks: a list of names. Anything else: a regular expression, found anywhere. */
function matches(matcher: string | undefined, subject: string): boolean {
  if (matcher === undefined || matcher === '' || matcher === '*') return true;
  if (/^[\w ,|-]+$/.test(matcher)) return matcher.split(/[|,]/).some((name) => name.trim() === subject);
  return new RegExp(matcher).test(subject);
}

/** The programs that an event starts. The subject is a tool's name, or how a session started. */
export type Wiring = (event: string, subject: string) => HookProgram[];

export function parseWiring(text: string, pluginRoot: string): Wiring {
  const { hooks } = JSON.parse(text) as WiringFile;
  const fill = (word: string) => word.replace(/\$\{CLAUDE_PLUGIN_ROOT\}/g, () => pluginRoot);
  return (event, subject) =>
    (hooks[event] ?? [])
      .filter(({ matcher }) => matches(matcher, subject))
      .flatMap((matched) => matched.hooks)
      .map(({ command, args = [], asyncRewake, onFailure }) => ({
        command: fill(command),
        args: args.map(fill),
        wakes: asyncRewake === true,
        blocks: onFailure === 'block',
      }));
}

interface Output {
  readonly decision?: string;
  readonly reason?: string;
  readonly hookSpecificOutput?: {
    readonly permissionDecision?: string;
    readonly permissionDecisionReason?: string;
    readonly additionalContext?: string;
  };
}

/** JSON decides, whatever the exit code; without it 2 refuses, and any other failure counts as `blocks` says. */
export function judgeAnswer(
  hook: HookProgram,
  ended: { readonly code: number | null; readonly stdout: string; readonly stderr: string },
): HookAnswer {
  const output = parseOutput(ended.stdout);
  if (output === 'unreadable' || (output === undefined && ended.code !== 0)) {
    if (ended.code === 2) return { denied: ended.stderr };
    return hook.blocks ? { denied: `the hook failed: ${ended.stderr || ended.stdout}` } : {};
  }
  const specific = output?.hookSpecificOutput;
  const isDenied = specific?.permissionDecision === 'deny' || output?.decision === 'block';
  const reason = specific?.permissionDecisionReason ?? output?.reason ?? '';
  const context = specific?.additionalContext;
  return { ...(isDenied ? { denied: reason } : {}), ...(context === undefined ? {} : { context }) };
}

function parseOutput(stdout: string): Output | undefined | 'unreadable' {
  if (!stdout.startsWith('{')) return undefined;
  try {
    return JSON.parse(stdout) as Output;
  } catch (error) {
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}
