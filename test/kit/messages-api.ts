/**
 * A scripted Messages API on loopback, so that the real client can be driven without a model.
 * One server plays every actor of a test (main sessions, subagents, teammates): a request goes to the first actor whose
 * `when` accepts it, and each actor has turns of its own. Requests without tools (titles, summaries) are side requests: answered,
 * recorded, and never taken from a script, or the script would depend on what the client does for its own comfort.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ModelRequest, type RequestBody } from './model-request.ts';

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model says next; several calls make parallel tool calls in one assistant message. */
export interface Turn {
  readonly text?: string;
  readonly calls?: readonly ToolCall[];
  /** How full the context is by the API's account: the client compacts one that is. */
  readonly inputTokens?: number;
  /** Answers with this HTTP status instead. The client mostly asks again, and that request takes the next turn. */
  readonly failWith?: number;
}

export type Reply = (request: ModelRequest) => Turn | Promise<Turn>;
export type TurnSource = Turn | Reply;

export interface Actor {
  readonly name: string;
  readonly when: (request: ModelRequest) => boolean;
  /** A list is used up, then the actor says "done" and ends every turn; a function answers each request. */
  readonly turns: readonly TurnSource[] | Reply;
}

export interface MessagesApi {
  readonly url: string;
  /** Every request so far, oldest first, side requests included. */
  readonly requests: readonly ModelRequest[];
  /** The requests that one actor answered. */
  of(actor: string): readonly ModelRequest[];
  /** Did this text reach the model: of one actor, or of anyone? */
  sawText(text: string, actor?: string): boolean;
  /** Turns of a list that nobody asked for yet; 0 for a function. */
  turnsLeft(actor: string): number;
  add(...actors: readonly Actor[]): void;
  /** The first request, past or to come, that is accepted. */
  waitFor(accepts: (request: ModelRequest) => boolean, timeoutMs: number): Promise<ModelRequest>;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const POLL_MS = 20;
const PROBLEM_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** An actor is known by a marker in what it was first told: the session's prompt, or the Agent tool's prompt. */
export function markedBy(marker: string): (request: ModelRequest) => boolean {
  return (request) => request.openingText.includes(marker);
}

export async function startMessagesApi(...actors: readonly Actor[]): Promise<MessagesApi> {
  const stage = new Stage(actors);
  const server = createServer((request, response) => {
    serve(stage, request, response).catch((error: unknown) => sendProblem(response, 500, String(error)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { requests } = stage;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    of: (actor) => requests.filter((request) => request.actor === actor),
    sawText: (text, actor) =>
      requests.some((r) => (actor === undefined || r.actor === actor) && r.allText.includes(text)),
    turnsLeft: (actor) => stage.turnsLeft(actor),
    add: (...more) => void stage.actors.push(...more),
    waitFor: (accepts, timeoutMs) => stage.waitFor(accepts, timeoutMs),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The actors, how far each has played, and all that was asked of them. */
class Stage {
  readonly requests: ModelRequest[] = [];
  readonly actors: Actor[];
  private readonly played = new Map<string, number>();

  constructor(actors: readonly Actor[]) {
    this.actors = [...actors];
  }

  turnsLeft(name: string): number {
    const turns = this.actors.find((actor) => actor.name === name)?.turns ?? [];
    return typeof turns === 'function' ? 0 : Math.max(0, turns.length - (this.played.get(name) ?? 0));
  }

  async turnFor(request: ModelRequest): Promise<Turn> {
    const actor = request.isSide ? undefined : this.actors.find((candidate) => candidate.when(request));
    request.actor = request.isSide ? '(side)' : (actor?.name ?? '(nobody)');
    this.requests.push(request);
    if (actor === undefined) return { text: request.isSide ? 'A short title' : 'done' };
    if (typeof actor.turns === 'function') return actor.turns(request);
    const index = this.played.get(actor.name) ?? 0;
    this.played.set(actor.name, index + 1);
    const turn = actor.turns[index] ?? { text: 'done' };
    return typeof turn === 'function' ? turn(request) : turn;
  }

  async waitFor(accepts: (request: ModelRequest) => boolean, timeoutMs: number): Promise<ModelRequest> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = this.requests.find(accepts);
      if (found !== undefined) return found;
      if (Date.now() > until) {
        const asked = this.requests.map((request) => request.actor).join(', ');
        throw new Error(`no such request within ${timeoutMs} ms; asked so far: ${asked || 'nothing'}`);
      }
      await sleep(POLL_MS);
    }
  }
}

async function serve(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readBody(request);
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'POST' && path === '/v1/messages/count_tokens') {
    return sendJson(response, 200, { input_tokens: Math.ceil(text.length / 4) });
  }
  if (request.method === 'POST' && path === '/v1/messages') {
    const body = JSON.parse(text) as RequestBody;
    const turn = await stage.turnFor(new ModelRequest(Date.now(), body, request.headers));
    if (turn.failWith !== undefined) return sendProblem(response, turn.failWith, 'the script says so');
    return body.stream === true ? sendStream(response, body, turn) : sendMessage(response, body, turn);
  }
  // The client probes the base URL and asks for settings it can do without.
  if (request.method === 'HEAD' || path === '/') return void response.writeHead(200).end();
  return sendProblem(response, 404, `no ${path} here`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > BODY_BYTES_MAX) throw new Error('request body too large');
  }
  return Buffer.concat(chunks).toString('utf8');
}

let serial = 0;

function messageShell(body: RequestBody, { inputTokens = 10 }: Turn) {
  serial += 1;
  const model = body.model ?? 'scripted';
  const usage = {
    input_tokens: inputTokens,
    output_tokens: 1,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  return { id: `msg_${serial}`, type: 'message', role: 'assistant', model, stop_sequence: null, usage };
}

function contentOf(turn: Turn) {
  const calls = (turn.calls ?? []).map((call) => {
    serial += 1;
    return { type: 'tool_use' as const, id: `toolu_${String(serial).padStart(8, '0')}`, ...call };
  });
  const says = turn.text !== undefined || calls.length === 0;
  return [...(says ? [{ type: 'text' as const, text: turn.text ?? 'done' }] : []), ...calls];
}

function stopReasonOf(turn: Turn): 'tool_use' | 'end_turn' {
  return (turn.calls ?? []).length > 0 ? 'tool_use' : 'end_turn';
}

function sendMessage(response: ServerResponse, body: RequestBody, turn: Turn): void {
  sendJson(response, 200, {
    ...messageShell(body, turn),
    content: contentOf(turn),
    stop_reason: stopReasonOf(turn),
  });
}

function sendStream(response: ServerResponse, body: RequestBody, turn: Turn): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message: { ...messageShell(body, turn), content: [], stop_reason: null } });
  for (const [index, block] of contentOf(turn).entries()) {
    const isText = block.type === 'text';
    send('content_block_start', {
      index,
      content_block: isText ? { ...block, text: '' } : { ...block, input: {} },
    });
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  }
  const delta = { stop_reason: stopReasonOf(turn), stop_sequence: null };
  send('message_delta', { delta, usage: { output_tokens: 5 } });
  send('message_stop', {});
  response.end();
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendProblem(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.end();
  sendJson(response, status, {
    type: 'error',
    error: { type: PROBLEM_TYPES[status] ?? 'api_error', message },
  });
}
