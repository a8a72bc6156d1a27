/**
 * One request to the Messages API, read the way a test asks about it: who sends it, what did the model get to see?
 * Reminders arrive as blocks of user messages and, since the client speaks of them in mid-conversation, as messages of role
 * `system`; both count as seen text. `tool_reference` and image blocks carry no text and are skipped.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface ToolResult {
  readonly toolUseId: string;
  readonly toolName: string;
  readonly text: string;
  readonly isError: boolean;
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly tool_use_id?: string;
  readonly is_error?: boolean;
  readonly content?: string | readonly Block[];
}

interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string | readonly Block[];
}

export interface RequestBody {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: string | readonly Block[];
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly name: string }[];
}

const REMINDER = /<system-reminder>\n?([\s\S]*?)\n?<\/system-reminder>/g;

export class ModelRequest {
  /** Who answered it: an actor's name, `(side)` or `(nobody)`; set by the server. */
  actor = '(nobody)';

  constructor(
    /** When it arrived, in epoch milliseconds. */
    readonly at: number,
    readonly body: RequestBody,
    readonly headers: IncomingHttpHeaders,
  ) {}

  /** The session's id; a subagent's requests carry its parent's. */
  get sessionId(): string {
    return String(this.headers['x-claude-code-session-id'] ?? '');
  }

  /** Set for a subagent or teammate, undefined for a main session. */
  get agentId(): string | undefined {
    const id = this.headers['x-claude-code-agent-id'];
    return id === undefined ? undefined : String(id);
  }

  /** A title, a summary and the like: no tools are offered. */
  get isSide(): boolean {
    return this.toolNames.length === 0;
  }

  get toolNames(): readonly string[] {
    return (this.body.tools ?? []).map((tool) => tool.name);
  }

  get systemText(): string {
    return textOf(this.body.system ?? '');
  }

  /** Everything before the first assistant message, without the system prompt: where an actor's marker stands. */
  get openingText(): string {
    const first = this.body.messages.findIndex((message) => message.role === 'assistant');
    return messagesText(first === -1 ? this.body.messages : this.body.messages.slice(0, first));
  }

  /** Everything after the last assistant message: the prompt or the tool results, and what was injected beside them. */
  get latestText(): string {
    return messagesText(this.latest);
  }

  /** The system prompt and the whole conversation. */
  get allText(): string {
    return `${this.systemText}\n${messagesText(this.body.messages)}`;
  }

  /** The results of the latest batch of tool calls, in their order. */
  get toolResults(): readonly ToolResult[] {
    const blocks = this.body.messages.flatMap(blocksOf);
    const names = new Map(blocks.filter((b) => b.type === 'tool_use').map((b) => [b.id, b.name ?? '']));
    const results = this.latest.flatMap(blocksOf).filter((block) => block.type === 'tool_result');
    return results.map((block) => ({
      toolUseId: block.tool_use_id ?? '',
      toolName: names.get(block.tool_use_id) ?? '',
      text: textOf(block.content ?? ''),
      isError: block.is_error === true,
    }));
  }

  /** The inside of every `<system-reminder>` after the last assistant message. */
  get latestReminders(): readonly string[] {
    return [...this.latestText.matchAll(REMINDER)].map((match) => match[1] ?? '');
  }

  private get latest(): readonly Message[] {
    const last = this.body.messages.map((message) => message.role).lastIndexOf('assistant');
    return this.body.messages.slice(last + 1);
  }
}

function messagesText(messages: readonly Message[]): string {
  return messages.map((message) => textOf(message.content)).join('\n');
}

function blocksOf(message: Message): readonly Block[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

function textOf(content: string | readonly Block[]): string {
  if (typeof content === 'string') return content;
  return content
    .map((block) => (block.type === 'tool_result' ? textOf(block.content ?? '') : (block.text ?? '')))
    .filter((text) => text !== '')
    .join('\n');
}
