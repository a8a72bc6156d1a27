/**
 * ROADMAP.md of Get Shit Done, of all its versions, as facts with their lines: where a phase is mentioned (a line of the
 * checklist, a heading with all below it), the rows of the progress table, the milestones, and what was parked. Pure.
 *
 * States of the scan: in a phase's section or in none; in it, in the list of success criteria or not. A heading that is
 * not deeper than the phase's ends its section.
 */
import { milestoneIn } from './milestone.ts';
import { isParked, phaseIdOf } from './number.ts';
import { readField, readItem, readRow } from './roadmap-lines.ts';
import { CRITERION_MAX, nameFrom, note, PHASE, park, phaseAt, type Roadmap, type Scan } from './scan.ts';
import { fieldAt, type GsdLine, gsdLines, headingAt, itemAt, titleFrom } from './text.ts';

const KNOWN_SECTION =
  /^\W*(?:roadmap\b|overview|milestones?\b|phases?$|phase (?:details?|numbering|list|overview|structure|summary)|progress\b|domain expertise|backlog|execution order|completed\b|current\b|active\b|upcoming\b|planned\b)/i;

export function parseRoadmap(text: string, file: string): Roadmap {
  const empty = { phases: [], rows: [], milestones: [], parked: [], notes: [], folded: [] };
  const open = { above: undefined, current: undefined, list: undefined, isOther: false, columns: undefined };
  const scan: Scan = { file, ...empty, ...open };
  for (const line of gsdLines(text)) readLine(scan, line);
  return scan;
}

function readLine(scan: Scan, line: GsdLine): void {
  if (readFold(scan, line)) return;
  const heading = headingAt(line);
  if (heading) {
    readHeading(scan, heading, heading.depth);
    return;
  }
  if (/^\s*\|/.test(line.text)) {
    readRow(scan, line);
    return;
  }
  if (line.text.trim() !== '') scan.columns = undefined;
  const field = fieldAt(line);
  if (field) {
    readField(scan, field.name, field.value);
    return;
  }
  const item = itemAt(line);
  if (item) readItem(scan, item);
  else if (/^\s/.test(line.text) && scan.list === 'criteria') {
    const last = scan.current?.phase.criteria.at(-1);
    if (last && line.text.trim() !== '') last.text = titleFrom(`${last.text} ${line.text}`, CRITERION_MAX);
  }
}

/** `<details>` and its summary, on one line or on several. */
function readFold(scan: Scan, line: GsdLine): boolean {
  const opens = /<details/i.test(line.text);
  const closes = /<\/details/i.test(line.text);
  const summary = /<summary>(.*?)(?:<\/summary>|$)/i.exec(line.text)?.[1];
  if (!opens && !closes && summary === undefined) return false;
  if (opens) {
    scan.folded.push(undefined);
    scan.current = undefined;
  }
  if (summary !== undefined) {
    const milestone = milestoneIn({ line: line.line, text: summary });
    if (milestone) {
      scan.milestones.push(milestone);
      if (scan.folded.length > 0) scan.folded[scan.folded.length - 1] = milestone;
    }
  }
  if (closes) {
    scan.folded.pop();
    scan.current = undefined;
  }
  return true;
}

function readHeading(scan: Scan, heading: GsdLine, depth: number): void {
  scan.columns = undefined;
  const found = PHASE.exec(heading.text.replace(/\*\*/g, ''));
  const id = phaseIdOf(found?.[1] ?? '');
  if (found && id !== undefined) {
    const isClosed = /[\u2705\u2713\u2714]|\((?:complete|completed|done|shipped)\b/i.test(heading.text);
    const phase = phaseAt(scan, id, nameFrom(found[2] ?? found[3] ?? ''), heading, 'heading');
    if (isClosed) phase.done = heading;
    const parked = isParked(id);
    scan.current = { depth, phase, isParked: parked };
    scan.list = undefined;
    if (parked) park(scan, phase, heading);
    else scan.phases.push(phase);
    return;
  }
  if (scan.current && depth > scan.current.depth) {
    const isCriteria = /success criteria/i.test(heading.text);
    scan.list = isCriteria ? 'criteria' : undefined;
    return;
  }
  scan.current = undefined;
  scan.list = undefined;
  if (scan.above && depth <= scan.above.depth) scan.above = undefined;
  const milestone = depth > 1 && depth < 4 ? milestoneIn(heading) : undefined;
  const isList = /^\W*milestones\b/i.test(heading.text);
  if (isList) scan.list = 'milestones';
  else if (milestone) {
    scan.milestones.push(milestone);
    scan.above = { depth, milestone };
  } else if (/^\W*phase\s+\S*\d/i.test(heading.text)) note(scan, heading, 'phase-heading');
  if (depth > 2) return;
  scan.isOther = depth === 2 && !isList && !milestone && !KNOWN_SECTION.test(heading.text);
  if (scan.isOther && !/^\W*phase\s+\S*\d/i.test(heading.text)) note(scan, heading, 'section');
}
