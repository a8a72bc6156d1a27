/** The commands of mail. Light: they run from the small bundle, with no parser of documents loaded. */
import { EVERYBODY } from '../../domain/identifiers.ts';
import { parseJson } from '../../domain/json-value.ts';
import { CONTENT_MAX, cleanLine, isMessageType, type Metadata, printForAgent } from '../../domain/message.ts';
import { shapeOf } from '../../domain/metadata.ts';
import { done, refuse } from '../../domain/problem.ts';
import { identifyCaller } from '../../storage/light/caller.ts';
import { acknowledgeMessages, readInbox, readMessage } from '../../usecases/read-inbox.ts';
import { resolveRecipient, sendMessage } from '../../usecases/send-message.ts';
import { waitForMessage } from '../../usecases/wait-message.ts';
import { routeDroppedMail } from '../hooks/dropped.ts';
import { type Command, UsageError } from './command.ts';

const send: Command = {
  name: 'send',
  usage:
    '<to> <type> <content> [--reply-to <id>] [--ref <id>]… [--priority low|normal|high|urgent] [--meta <key>=<value>]…',
  summary:
    'Sends a message. <to> is coordinator, operator, a worker, a phase id, or all; <type> is directive, question, response, progress, blocker, completion, error or verdict. Who it is from is where you stand. A --meta value is JSON, or else text (task_id, blocker_type, artifacts, quality_gates, metrics, error_type, …).',
  values: ['ref', 'reply-to', 'priority', 'meta'],
  positionals: [3, 3],
  shape:
    'the envelope {id, from, to, timestamp, type, priority, content, references, metadata, read}; for all: {messages: [envelope…]}',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const [to = '', type = '', content = ''] = context.positionals;
    const sent = sendMessage(
      caller.value,
      {
        to,
        type,
        content,
        references: context.options('ref'),
        replyTo: context.option('reply-to'),
        priority: context.option('priority'),
        metadata: readMetadata(context.options('meta')),
      },
      Date.now(),
    );
    if (!sent.done) return sent;
    const text = sent.value.map((envelope) => `sent ${envelope.id} to ${envelope.to}`).join('\n');
    return done({ json: to === EVERYBODY ? { messages: sent.value } : sent.value[0], text });
  },
};

/** `key=value`: the value is JSON where it is JSON, else text. */
function readMetadata(words: readonly string[]): Metadata {
  const metadata: Record<string, unknown> = {};
  for (const word of words) {
    const [, key, value] = /^([A-Za-z][A-Za-z0-9_-]{0,59})=(.*)$/s.exec(word) ?? [];
    if (key === undefined || value === undefined)
      throw new UsageError(`--meta takes <key>=<value>, and not ${cleanLine(word)}`);
    metadata[key] = shapeOf(key) === 'text' ? value : parseValue(value);
  }
  return metadata;
}

function parseValue(word: string): unknown {
  const value = parseJson(word);
  return value === undefined ? word : value;
}

const WAIT_DEFAULT_S = 100;
const WAIT_MAX_S = 3_600;

const wait: Command = {
  name: 'wait',
  usage: '--for <type>[,<type>…] [--from <agent>] [--ref <id>] [--timeout <seconds>]',
  summary: `Waits for a message of that type, and shows it. With --ref, for one that refers to that message, also when it came already. At most ${WAIT_DEFAULT_S} s, or --timeout (up to ${WAIT_MAX_S}); exit code 1 when nothing came.`,
  values: ['for', 'from', 'ref', 'timeout'],
  positionals: [0, 0],
  shape: 'the envelope',
  run: (context) => {
    const types = context.options('for').flatMap((word) => word.split(','));
    const unknown = types.find((type) => !isMessageType(type));
    if (types.length === 0 || unknown !== undefined)
      throw new UsageError(
        `--for takes message types, such as response${unknown ? `, and not ${cleanLine(unknown)}` : ''}`,
      );
    const seconds = Number(context.option('timeout') ?? WAIT_DEFAULT_S);
    if (!(seconds >= 0 && seconds <= WAIT_MAX_S))
      throw new UsageError(`--timeout takes seconds from 0 to ${WAIT_MAX_S}`);
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const from = context.option('from');
    const sender = from === undefined ? done(undefined) : resolveRecipient(caller.value.home, from);
    if (!sender.done) return sender;
    const reference = context.option('ref');
    const { home } = caller.value;
    const want = { types, from: sender.value, reference, timeoutMs: seconds * 1_000 };
    const came = waitForMessage(caller.value, want, () => routeDroppedMail(home));
    if (!came.done) return came;
    const text = `From another agent, quoted:\n${printForAgent(came.value, CONTENT_MAX)}`;
    return done({ json: came.value, text });
  },
};

const inbox: Command = {
  name: 'inbox',
  usage: '[<id>]',
  summary:
    'Lists what waits for you, urgent first; with an id, that message whole. Reading does not acknowledge.',
  positionals: [0, 1],
  shape: '{messages: [envelope…], unreadable: [file…], more}',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    if (caller.value.kind === 'guest') return refuse({ code: 'not-joined', root: caller.value.root });
    const [id] = context.positionals;
    if (id !== undefined) {
      const found = readMessage(caller.value, id);
      if (!found.done) return found;
      return done({
        json: { messages: [found.value], unreadable: [], more: 0 },
        text: printForAgent(found.value, CONTENT_MAX),
      });
    }
    routeDroppedMail(caller.value.home);
    const waiting = readInbox(caller.value);
    const lines = waiting.messages.map((envelope) => printForAgent(envelope));
    if (waiting.more > 0) lines.push(`(${waiting.more} more wait)`);
    for (const file of waiting.unreadable)
      lines.push(`${cleanLine(file)} is no message; \`coord doctor\` says more`);
    return done({ json: waiting, text: lines.length === 0 ? 'nothing waits' : lines.join('\n\n') });
  },
};

const ack: Command = {
  name: 'ack',
  usage: '<id>…',
  summary: 'Acknowledges messages by hand: they leave the inbox for the archive.',
  positionals: [1, 1_000],
  shape: '{acknowledged: [id…]}',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const outcome = acknowledgeMessages(caller.value, context.positionals, Date.now());
    if (!outcome.done) return outcome;
    return done({ json: { acknowledged: outcome.value }, text: `acknowledged ${outcome.value.join(', ')}` });
  },
};

export const MAIL_COMMANDS: readonly Command[] = [send, inbox, ack, wait];
