/** The commands of mail. Light: they run from the small bundle, with no parser of documents loaded. */

import { CONTENT_MAX, cleanLine, printForAgent } from '../../domain/message.ts';
import { done, refuse } from '../../domain/problem.ts';
import { identifyCaller } from '../../storage/light/caller.ts';
import { acknowledgeMessages, readInbox, readMessage } from '../../usecases/read-inbox.ts';
import { sendMessage } from '../../usecases/send-message.ts';
import type { Command } from './command.ts';

const send: Command = {
  name: 'send',
  usage: '<to> <type> <content> [--ref <id>]… [--priority low|normal|high|urgent]',
  summary:
    'Sends a message. <to> is coordinator, operator, a worker or a phase id; <type> is directive, question, response, progress, blocker, completion, error or verdict. Who it is from is where you stand.',
  values: ['ref', 'priority'],
  positionals: [3, 3],
  shape: 'the envelope {id, from, to, timestamp, type, priority, content, references, metadata, read}',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const [to = '', type = '', content = ''] = context.positionals;
    const references = context.options('ref');
    const sent = sendMessage(
      caller.value,
      { to, type, content, references, priority: context.option('priority') },
      Date.now(),
    );
    if (!sent.done) return sent;
    return done({ json: sent.value, text: `sent ${sent.value.id} to ${sent.value.to}` });
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

export const MAIL_COMMANDS: readonly Command[] = [send, inbox, ack];
