/**
 * What every end-to-end test stands on: a coordinated project, one scripted API, and sessions of the real client that
 * play their scripts in it. A session is known to the API by its id; one step of a script is one answer of the model,
 * so a step that calls a tool gets its result with the next request.
 */
import { randomUUID } from 'node:crypto';
import {
  type FreshHome,
  freshHome,
  type HeadlessResult,
  type HeadlessSession,
  startHeadless,
} from '../kit/client.ts';
import {
  type MessagesApi,
  type Reply,
  startMessagesApi,
  type ToolCall,
  type Turn,
  type TurnSource,
} from '../kit/messages-api.ts';
import type { ModelRequest, ToolResult } from '../kit/model-request.ts';
import { type Project, pluginRoot } from '../kit/project.ts';
import { startTerminal, type Terminal } from '../kit/terminal.ts';

export interface SessionScript {
  readonly name: string;
  readonly cwd: string;
  /** A list is used up, then the model says "done"; a function answers each request. */
  readonly steps: readonly TurnSource[] | Reply;
  /** What the person types. */
  readonly prompt?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The session to go on with. */
  readonly resume?: string;
  /** Null: only what is installed in the session's HOME. */
  readonly pluginDir?: string | null;
  readonly timeoutMs?: number;
}

export interface Played {
  readonly client: HeadlessResult;
  readonly requests: readonly ModelRequest[];
  /** Results of all tool calls, in the order of the calls. */
  readonly results: readonly ToolResult[];
  /** All that the model got to see, each part once. */
  readonly seen: string;
}

export interface Live {
  readonly id: string;
  readonly session: HeadlessSession;
  readonly done: Promise<Played>;
}

export class Scene {
  readonly project: Project;
  readonly home: FreshHome;
  readonly api: MessagesApi;
  private readonly running: HeadlessSession[] = [];
  private readonly terminals: Terminal[] = [];
  /** Session id → the actor that answers it. */
  private readonly parts = new Map<string, string>();

  private constructor(project: Project, api: MessagesApi) {
    this.project = project;
    this.home = freshHome();
    this.api = api;
  }

  static async open(project: Project): Promise<Scene> {
    return new Scene(project, await startMessagesApi());
  }

  /** Starts a session and does not wait for its end. */
  start(script: SessionScript): Live {
    const { cwd, prompt = 'Play your part.', args = [], env = {}, pluginDir = pluginRoot, resume } = script;
    const id = this.cast(script);
    const { api, home } = this;
    const limit = script.timeoutMs === undefined ? {} : { timeoutMs: script.timeoutMs };
    const own = [resume === undefined ? '--session-id' : '--resume', id, ...args];
    const plugin = pluginDir === null ? {} : { pluginDir };
    const session = startHeadless({ cwd, prompt, api, home, args: own, env, ...plugin, ...limit });
    this.running.push(session);
    return { id, session, done: session.done.then((client) => this.played(script.name, client)) };
  }

  /** Gives a session its part; the id by which the API knows it. A resumed one plays its new part from now on. */
  private cast({ name, steps, resume }: Pick<SessionScript, 'name' | 'steps' | 'resume'>): string {
    const id = resume ?? randomUUID();
    this.parts.set(id, name);
    const when = (request: ModelRequest) =>
      this.parts.get(request.sessionId) === name && request.agentId === undefined;
    this.api.add({ name, when, turns: steps });
    return id;
  }

  async play(script: SessionScript): Promise<Played> {
    return this.start(script).done;
  }

  /** A session in a terminal, idle at its prompt when this resolves. */
  async terminal(script: Pick<SessionScript, 'name' | 'cwd' | 'steps'>): Promise<Terminal> {
    const id = this.cast(script);
    const { api, home } = this;
    const terminal = await startTerminal({
      cwd: script.cwd,
      api,
      home,
      pluginDir: pluginRoot,
      args: ['--session-id', id],
    });
    this.terminals.push(terminal);
    return terminal;
  }

  /** What one actor of the API has lived through so far. */
  played(name: string, client: HeadlessResult): Played {
    const requests = this.api.of(name);
    return { client, requests, results: resultsOf(requests), seen: seenIn(requests) };
  }

  async close(): Promise<void> {
    for (const session of this.running) session.kill();
    await Promise.all(this.terminals.map((terminal) => terminal.close()));
    await Promise.all(this.running.map((session) => session.done));
    await this.api.close();
    this.home.dispose();
    this.project.dispose();
  }
}

export function resultsOf(requests: readonly ModelRequest[]): ToolResult[] {
  return requests.flatMap((request) => request.toolResults);
}

export function seenIn(requests: readonly ModelRequest[]): string {
  return requests.map((request) => request.latestText).join('\n');
}

export function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

// --- steps of a script ---

export function call(name: string, input: ToolCall['input']): Turn {
  return { calls: [{ name, input }] };
}

export function bash(command: string, more: ToolCall['input'] = {}): Turn {
  return call('Bash', { command, description: 'a step of the script', ...more });
}

export function write(file_path: string, content = 'x\n'): Turn {
  return call('Write', { file_path, content });
}

export function say(text: string): Turn {
  return { text };
}

/** What the client asks its model when it compacts a conversation, and an answer that it takes. */
export function isCompaction(request: ModelRequest): boolean {
  return request.latestText.includes('CRITICAL: Respond with TEXT ONLY');
}

export const SUMMARY = say(
  '<analysis>All of it.</analysis><summary>The person wants the work done.</summary>',
);

/** A door that a script waits at, until the test opens it. */
export class Gate {
  readonly passed: Promise<void>;
  open: () => void = () => undefined;

  constructor() {
    this.passed = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  /** The step, taken when the gate stands open. */
  before(turn: Turn): TurnSource {
    return async () => {
      await this.passed;
      return turn;
    };
  }
}
