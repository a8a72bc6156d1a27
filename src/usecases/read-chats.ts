/**
 * Reads what was said: chats between workers, and threads. The coordinator and the operator read all, a worker what it
 * took part in.
 */
import { COORDINATOR, OPERATOR } from '../domain/identifiers.ts';
import { type Envelope, parseEnvelope } from '../domain/message.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import type { Caller } from '../storage/light/caller.ts';
import { chatOf, listChats, readChat } from '../storage/light/chat-log.ts';
import { readTail } from '../storage/light/log-tail.ts';
import { listFullLogs, logFile } from '../storage/light/message-log.ts';
import { fileNameOf } from '../storage/light/roster.ts';
import { resolveRecipient } from './send-message.ts';

export interface ChatView {
  readonly chat: string;
  readonly messages: number;
  readonly last: string | null;
}

const LOG_BYTES = 64 * 1024 * 1024;

function isLead(caller: Caller): boolean {
  return caller.kind === 'coordinator' || caller.kind === 'operator';
}

function isOf(chat: string, caller: Caller): boolean {
  return isLead(caller) || chat.split('+').includes(fileNameOf(caller.name));
}

export function listChatsOf(caller: Caller): Outcome<ChatView[]> {
  const chats = listChats(caller.home).filter((chat) => isOf(chat, caller));
  return done(
    chats.map((chat) => {
      const messages = readChat(caller.home, chat);
      return { chat, messages: messages.length, last: messages.at(-1)?.timestamp ?? null };
    }),
  );
}

/** A chat by its name, by its two agents, or (a worker's) by the other one. Agents may be named by their phase. */
export function showChat(caller: Caller, names: readonly string[]): Outcome<readonly Envelope[]> {
  const [first = '', second] = names;
  const chat = first.includes('+')
    ? first
    : chatOf(agentOf(caller, first), second === undefined ? caller.name : agentOf(caller, second));
  const known = listChats(caller.home).filter((name) => isOf(name, caller));
  if (!isOf(chat, caller)) return refuse({ code: 'chat-not-yours', chat, actor: caller.name });
  if (!known.includes(chat)) return refuse({ code: 'chat-unknown', chat, known });
  return done(readChat(caller.home, chat));
}

function agentOf(caller: Caller, name: string): string {
  const resolved = resolveRecipient(caller.home, name);
  if (resolved.done) return resolved.value;
  return resolved.problem.code === 'recipient-ended' ? resolved.problem.to : name;
}

/** Messages of all chats that the caller may read and that contain the words, whatever their case. */
export function searchChats(caller: Caller, words: string): Outcome<readonly Envelope[]> {
  const needle = words.toLowerCase();
  const found = listChats(caller.home)
    .filter((chat) => isOf(chat, caller))
    .flatMap((chat) => readChat(caller.home, chat))
    .filter((envelope) => envelope.content.toLowerCase().includes(needle));
  return done(found.sort((a, b) => (a.id < b.id ? -1 : 1)));
}

/** A message, what it replies to, and all replies to either, oldest first. */
export function readThread(caller: Caller, id: string): Outcome<readonly Envelope[]> {
  const all = loggedWith(caller.home, id);
  const named = all.find((envelope) => envelope.id === id);
  const thread = named?.metadata['thread'];
  const root = typeof thread === 'string' ? thread : id;
  const found = (root === id ? all : loggedWith(caller.home, root)).filter(
    (envelope) => envelope.id === root || envelope.metadata['thread'] === root,
  );
  const mine = [caller.name, ...(isLead(caller) ? [COORDINATOR, OPERATOR] : [])];
  const visible = found.filter((it) => isLead(caller) || mine.includes(it.from) || mine.includes(it.to));
  if (visible.length === 0) return refuse({ code: 'message-unknown', id, agent: caller.name });
  return done(visible);
}

function loggedWith(home: string, id: string): Envelope[] {
  const files = [...listFullLogs(home).slice(-1), logFile(home)];
  const found = new Map<string, Envelope>();
  for (const file of files) {
    for (const line of readTail(file, LOG_BYTES).split('\n')) {
      const envelope = line.includes(id) ? parseEnvelope(line) : undefined;
      if (envelope && envelope.type !== 'ack') found.set(envelope.id, envelope);
    }
  }
  return [...found.values()];
}
