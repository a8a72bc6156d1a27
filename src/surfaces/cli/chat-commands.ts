/** Commands that read what was said, and look after what could not be delivered. */
import { COORDINATOR, OPERATOR } from '../../domain/identifiers.ts';
import { cleanLine, type Envelope, printForAgent } from '../../domain/message.ts';
import { done, type Outcome, refuse } from '../../domain/problem.ts';
import { type Caller, identifyCaller } from '../../storage/light/caller.ts';
import { listDead, listSetAside, raiseMessage } from '../../storage/light/dead-letters.ts';
import { listChatsOf, readThread, searchChats, showChat } from '../../usecases/read-chats.ts';
import { type Answer, type Command, type Context, UsageError } from './command.ts';

function readerOf(context: Context): Outcome<Caller> {
  const caller = identifyCaller(context.cwd, context.env);
  if (!caller.done) return caller;
  return caller.value.kind === 'guest' ? refuse({ code: 'not-joined', root: caller.value.root }) : caller;
}

function answerWith(messages: readonly Envelope[], none: string): Outcome<Answer> {
  const text = messages
    .map((envelope) => `to ${cleanLine(envelope.to)}: ${printForAgent(envelope)}`)
    .join('\n\n');
  return done({ json: { messages }, text: text === '' ? none : text });
}

/** The last so many, where `--last` says so. */
function cut(context: Context, messages: readonly Envelope[]): readonly Envelope[] {
  const last = context.option('last');
  if (last === undefined) return messages;
  if (!/^[1-9]\d{0,5}$/.test(last)) throw new UsageError('--last takes a whole number from 1 on');
  return messages.slice(-Number(last));
}

const chatList: Command = {
  name: 'chat list',
  usage: '',
  summary:
    'Lists what workers said to each other, one chat a pair. The coordinator sees all, a worker its own.',
  positionals: [0, 0],
  shape: '{chats: [{chat, messages, last}…]}',
  run: (context) => {
    const caller = readerOf(context);
    if (!caller.done) return caller;
    const chats = listChatsOf(caller.value);
    if (!chats.done) return chats;
    const lines = chats.value.map(
      (chat) => `${chat.chat}: ${chat.messages} message(s), last ${chat.last ?? '-'}`,
    );
    return done({
      json: { chats: chats.value },
      text: lines.join('\n') || 'no worker has written to another yet',
    });
  },
};

const chatShow: Command = {
  name: 'chat show',
  usage: '<worker> [<worker>] [--last <n>]',
  summary: 'Shows a chat: of two workers, of you and a worker, or by its name from `coord chat list`.',
  values: ['last'],
  positionals: [1, 2],
  shape: '{messages: [envelope…]}',
  run: (context) => {
    const caller = readerOf(context);
    if (!caller.done) return caller;
    const chat = showChat(caller.value, context.positionals);
    return chat.done ? answerWith(cut(context, chat.value), 'nothing was said') : chat;
  },
};

const chatGrep: Command = {
  name: 'chat grep',
  usage: '<words> [--last <n>]',
  summary: 'Finds messages between workers that contain the words, whatever their case.',
  values: ['last'],
  positionals: [1, 1],
  shape: '{messages: [envelope…]}',
  run: (context) => {
    const caller = readerOf(context);
    if (!caller.done) return caller;
    const found = searchChats(caller.value, context.positionals[0] ?? '');
    return found.done ? answerWith(cut(context, found.value), 'nothing found') : found;
  },
};

const chatThread: Command = {
  name: 'chat thread',
  usage: '<id>',
  summary: 'Shows a message with all replies of its thread, oldest first.',
  positionals: [1, 1],
  shape: '{messages: [envelope…]}',
  run: (context) => {
    const caller = readerOf(context);
    if (!caller.done) return caller;
    const thread = readThread(caller.value, context.positionals[0] ?? '');
    return thread.done ? answerWith(thread.value, 'nothing found') : thread;
  },
};

const deadList: Command = {
  name: 'dead list',
  usage: '',
  summary:
    'Lists dead letters: messages that nobody acknowledged in time, and dropped files that are no message.',
  positionals: [0, 0],
  shape: '{letters: [{agent, at, reason, message: envelope}…], files: [name…]}',
  run: (context) => {
    const caller = readerOf(context);
    if (!caller.done) return caller;
    const { kind, home, name } = caller.value;
    const isLead = kind === 'coordinator' || kind === 'operator';
    const visible = listDead(home).filter(
      ({ agent, envelope }) => isLead || agent === name || envelope.from === name,
    );
    const letters = visible.map(({ agent, envelope, death }) => {
      return { agent, at: death?.at ?? null, reason: death?.reason ?? null, message: envelope };
    });
    const files = isLead ? listSetAside(home).map((file) => file.replace(/\.reason\.txt$/, '')) : [];
    const lines = letters.map(
      ({ message, reason }) =>
        `${message.id} from ${cleanLine(message.from)} to ${cleanLine(message.to)}: ${cleanLine(message.content, 100)} (${cleanLine(reason ?? '')})`,
    );
    lines.push(...files.map((file) => `.coordination/dead/${cleanLine(file)} (its reason lies beside it)`));
    return done({ json: { letters, files }, text: lines.join('\n') || 'no dead letters' });
  },
};

const deadRetry: Command = {
  name: 'dead retry',
  usage: '<id>',
  summary:
    'Lets a dead letter wait for its receiver again. For its sender, its receiver, the coordinator and the operator.',
  positionals: [1, 1],
  shape: '{id, to}',
  run: (context) => {
    const caller = readerOf(context);
    if (!caller.done) return caller;
    const { home, name } = caller.value;
    const [id = ''] = context.positionals;
    const letter = listDead(home).find(({ envelope }) => envelope.id === id);
    const mine = [COORDINATOR, OPERATOR, letter?.agent, letter?.envelope.from];
    if (!letter || !mine.includes(name) || !raiseMessage(home, letter.agent, id))
      return refuse({ code: 'dead-unknown', id });
    return done({ json: { id, to: letter.agent }, text: `${id} waits for ${letter.agent} again` });
  },
};

export const CHAT_COMMANDS: readonly Command[] = [
  chatList,
  chatShow,
  chatGrep,
  chatThread,
  deadList,
  deadRetry,
];
