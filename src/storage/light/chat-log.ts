/**
 * What two workers say to each other, one log a pair, for the coordinator to read and search. Written by a send, in
 * the sender's name, which is derived: so nobody writes the log of another pair. The messages themselves travel as all
 * do; a chat is their record, and doctor can write it anew from the messages' log.
 */
import { COORDINATOR, OPERATOR, SYSTEM } from '../../domain/identifiers.ts';
import { type Envelope, parseEnvelope, printEnvelope } from '../../domain/message.ts';
import { appendLine } from './appending.ts';
import { isErrno, listNames, makeFolder, readTextIfThere } from './files.ts';
import { hasLine } from './log-tail.ts';
import { coordinationPath, fileNameOf } from './roster.ts';

const TAIL_BYTES = 1024 * 1024;
const SUFFIX = '.jsonl';

/** Neither is a lead nor coord itself. */
export function isPeerTalk(message: Pick<Envelope, 'from' | 'to'>): boolean {
  const leads = [COORDINATOR, OPERATOR, SYSTEM];
  return !leads.includes(message.from) && !leads.includes(message.to);
}

/** `worker-01+worker-02`; no agent's name has a `+`. */
export function chatOf(a: string, b: string): string {
  return [fileNameOf(a), fileNameOf(b)].sort().join('+');
}

function chatsFolder(home: string): string {
  return coordinationPath(home, 'chats');
}

function chatFile(home: string, chat: string): string {
  return coordinationPath(home, 'chats', `${chat}${SUFFIX}`);
}

export function noteInChat(home: string, envelope: Envelope): void {
  if (!isPeerTalk(envelope)) return;
  const file = chatFile(home, chatOf(envelope.from, envelope.to));
  try {
    appendLine(file, printEnvelope(envelope), { durable: false });
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    makeFolder(chatsFolder(home));
    appendLine(file, printEnvelope(envelope), { durable: false });
  }
}

export function isInChat(home: string, { from, to, id }: Envelope): boolean {
  return hasLine(chatFile(home, chatOf(from, to)), id, TAIL_BYTES);
}

/** The names of all chats. */
export function listChats(home: string): string[] {
  return listNames(chatsFolder(home))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

/** What was said, oldest first; lines that a crash tore are left out. */
export function readChat(home: string, chat: string): Envelope[] {
  const text = readTextIfThere(chatFile(home, chat)) ?? '';
  return text
    .split('\n')
    .map((line) => (line === '' ? undefined : parseEnvelope(line)))
    .filter((envelope) => envelope !== undefined);
}
