/**
 * Questions, and blockers that were sent as messages, which nobody has answered yet: one small file each in
 * `roster/questions/`, made before its message is delivered and removed when the answer is. So `status` lists them by
 * reading only these, however much was ever said.
 */
import { COORDINATOR, OPERATOR } from '../../domain/identifiers.ts';
import { cleanLine, type Envelope } from '../../domain/message.ts';
import { removeIfThere } from './files.ts';
import { inFolder, listIds } from './mail-files.ts';
import { coordinationPath, readRecord, writeRecord } from './roster.ts';

export interface OpenQuestion {
  readonly id: string;
  readonly type: 'question' | 'blocker';
  readonly from: string;
  readonly to: string;
  /** UTC, ISO 8601. */
  readonly asked: string;
  /** The beginning of what was asked, on one line. */
  readonly content: string;
}

const ANSWERS = new Set(['response', 'directive', 'verdict']);
const LISTED_MAX = 500;

function questionsFolder(home: string): string {
  return coordinationPath(home, 'roster', 'questions');
}

/** Blockers of STATUS.md have a record of their own there; what is kept here is what was only said. */
function isQuestion(envelope: Envelope): boolean {
  const { type, metadata } = envelope;
  return type === 'question' || (type === 'blocker' && metadata['event'] === undefined);
}

/** Notes a question as open, and closes those that a message answers. Twice is the same as once. */
export function noteInQuestions(home: string, envelope: Envelope): void {
  const { id, from, to, timestamp } = envelope;
  if (isQuestion(envelope)) {
    const type = envelope.type as OpenQuestion['type'];
    const question: OpenQuestion = {
      id,
      type,
      from,
      to,
      asked: timestamp,
      content: cleanLine(envelope.content),
    };
    writeRecord(inFolder(questionsFolder(home), id), question, false);
  }
  if (!ANSWERS.has(envelope.type)) return;
  for (const reference of envelope.references) {
    const question = readQuestion(home, reference);
    const mayAnswer = question?.to === from || from === COORDINATOR || from === OPERATOR;
    if (question?.from === to && mayAnswer) closeQuestion(home, reference);
  }
}

export function readQuestion(home: string, id: string): OpenQuestion | undefined {
  const question = readRecord<OpenQuestion>(inFolder(questionsFolder(home), id));
  return question && isWhole(question) ? question : undefined;
}

/** What is none is passed over: the log has the question still. */
function isWhole({ id, type, from, to, asked, content }: OpenQuestion): boolean {
  const areTexts = [id, type, from, to, asked, content].every((one) => typeof one === 'string');
  return areTexts && !Number.isNaN(Date.parse(asked));
}

export function closeQuestion(home: string, id: string): boolean {
  return removeIfThere(inFolder(questionsFolder(home), id));
}

/** Oldest first; those of one asker, where one is named. */
export function listOpenQuestions(home: string, from?: string): OpenQuestion[] {
  return listIds(questionsFolder(home))
    .slice(0, LISTED_MAX)
    .map((id) => readQuestion(home, id))
    .filter((question) => question !== undefined)
    .filter((question) => from === undefined || question.from === from);
}
