/**
 * The protocol between the client and a hook: JSON on stdin, JSON on stdout. What comes in is taken apart carefully
 * (a null payload or an array for a path once crashed a hook); what goes out is one write, so that it is whole or not
 * there.
 */
import { readFileSync, writeSync } from 'node:fs';
import { fieldsOf, parseObject } from '../../domain/json-value.ts';

export interface Payload {
  readonly event: string;
  readonly session: string;
  /** Null on the main thread. */
  readonly agent: string | null;
  readonly agentType: string | null;
  readonly cwd: string;
  readonly transcript: string | null;
  readonly toolName: string;
  readonly toolInput: Readonly<Record<string, unknown>>;
  readonly toolUseId: string;
  /** The whole payload, for what only one hook needs. */
  readonly raw: Readonly<Record<string, unknown>>;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The payload on stdin; undefined when there is none that can be understood. */
export function readPayload(): Payload | undefined {
  const raw = readInput();
  return raw && payloadFrom(raw);
}

/** What stands on stdin, not yet taken apart: the guard's entry asks for two fields of it, and no more. */
export function readInput(): Payload['raw'] | undefined {
  let input: string;
  try {
    input = readFileSync(0, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EOF' || code === 'EISDIR') return undefined;
    throw error;
  }
  return parseObject(input);
}

/** Where the client says that it stands. */
export function folderOf(raw: Payload['raw']): string {
  return text(raw['cwd']) ?? process.cwd();
}

export function payloadFrom(raw: Payload['raw']): Payload {
  const agent = text(raw['agent_id']);
  return {
    event: text(raw['hook_event_name']) ?? '',
    session: text(raw['session_id']) ?? 'unknown-session',
    agent,
    agentType: text(raw['agent_type']),
    cwd: folderOf(raw),
    transcript: transcriptOf(text(raw['transcript_path']), agent),
    toolName: text(raw['tool_name']) ?? '',
    toolInput: fieldsOf(raw['tool_input']),
    toolUseId: text(raw['tool_use_id']) ?? '',
    raw,
  };
}

/** A subagent's own transcript lies in a folder beside its session's. */
function transcriptOf(path: string | null, agent: string | null): string | null {
  if (path === null || agent === null) return path;
  return `${path.replace(/\.jsonl$/, '')}/subagents/agent-${agent}.jsonl`;
}

/** Prints in one call; what a closed pipe cannot take is nobody's to read. */
function print(output: string): void {
  try {
    writeSync(1, output);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** What the client hands to the model when a hook exits with 2. */
export function printError(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** Text for the model, and a line for the person where there is one. */
export function printContext(event: string, context: string, person?: string): void {
  const output: Record<string, unknown> = {
    hookSpecificOutput: { hookEventName: event, additionalContext: context },
  };
  if (person !== undefined) output['systemMessage'] = person;
  print(JSON.stringify(output));
}

export function printDenial(reason: string): void {
  const decision = {
    hookEventName: 'PreToolUse',
    permissionDecision: 'deny',
    permissionDecisionReason: reason,
  };
  print(JSON.stringify({ hookSpecificOutput: decision }));
}
