/**
 * The lines of a roadmap below its headings: fields of a phase, rows of the progress table, items of the checklists, of
 * the success criteria and of the plans. Pure.
 */
import { milestoneIn, versionIn } from './milestone.ts';
import { isParked, NUMBER, phaseIdOf, phaseSpansIn, planNumberOf, spansIn } from './number.ts';
import { CRITERION_MAX, nameFrom, note, PHASE, park, phaseAt, type RoadmapPhase, type Scan } from './scan.ts';
import { type GsdItem, type GsdLine, plainOf, titleFrom } from './text.ts';

export function readField(scan: Scan, name: string, value: GsdLine): void {
  if (scan.current === undefined) {
    if (/^phase \d/.test(name)) note(scan, value, 'phase-heading', `${name} ${value.text}`);
    return;
  }
  const { phase } = scan.current;
  const text = plainOf(value.text);
  scan.list = undefined;
  if (name === 'goal' && text !== '') phase.goal ??= titleFrom(value.text, CRITERION_MAX);
  else if (name === 'success criteria') scan.list = 'criteria';
  else if (name === 'plans') {
    scan.list = 'plans';
    const count = /^(\d{1,3})(?:\s*\/\s*(\d{1,3}))?/.exec(text);
    if (count) phase.planned = Number(count[2] ?? count[1]);
  } else if (name === 'status') {
    if (/^\W*(?:complete|completed|done|shipped)\b/i.test(text)) phase.done ??= value;
  } else if (name === 'depends on') readDepends(scan, phase, value, text);
}

function readDepends(scan: Scan, phase: RoadmapPhase, line: GsdLine, text: string): void {
  // In brackets stands why: "Phase 2 (its schema comes before phase 3)".
  const bare = text.replace(/\([^()]*\)/g, ' ').trim();
  const spans = phaseSpansIn(bare);
  if (spans.length === 0 && /^[\d\s.,&A-Z-]+(?:and\s+[\d.]+)?$/.test(bare)) spans.push(...spansIn(bare));
  const onPrevious = /\bprevious phase\b/i.test(bare);
  if (spans.length > 0 || onPrevious) phase.depends.push({ spans, onPrevious, line });
  else if (!/^(?:nothing|none|no\b|n\/a|-|\u2013|\u2014|independent|tbd|$)/i.test(bare))
    note(scan, line, 'depends');
}

export function readRow(scan: Scan, line: GsdLine): void {
  const cells = line.text
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(plainOf);
  const first = cells[0] ?? '';
  if (/^phase$/i.test(first)) {
    scan.columns = cells.map((cell) => cell.toLowerCase());
    return;
  }
  const status = scan.columns?.indexOf('status') ?? -1;
  if (status < 0 || /^[\s:-]*$/.test(first)) return;
  const found = new RegExp(`^(?:Phase\\s+)?(${NUMBER})\\.?(?:\\s*[:.\u2013\u2014-]?\\s+(.*))?$`, 'i').exec(
    first,
  );
  const id = phaseIdOf(found?.[1] ?? '');
  if (id === undefined) note(scan, line, 'row');
  else if (!isParked(id)) {
    const done = /^\W*(?:complete|completed|done|shipped)\b/i.test(cells[status] ?? '');
    const milestone = versionIn(cells[scan.columns?.indexOf('milestone') ?? -1] ?? '');
    scan.rows.push({ id, name: nameFrom(found?.[2] ?? ''), done, milestone, line });
  }
}

export function readItem(scan: Scan, item: GsdItem): void {
  const bold = /^[^A-Za-z0-9]*\*\*\s*(Phase\s+\S.*?)\*\*(.*)$/i.exec(item.text);
  const isWhole =
    bold !== null && /[:.\u2013\u2014-]\s*\S/.test((bold[1] ?? '').replace(/^Phase\s+[\d.]+/i, ''));
  const words = isWhole ? (bold[1] ?? '') : item.text.replace(/\*\*/g, '');
  const found = scan.list === 'criteria' && item.ticked === undefined ? null : PHASE.exec(words);
  const id = phaseIdOf(found?.[1] ?? '');
  if (found && id !== undefined && (item.ticked !== undefined || bold !== null)) {
    if (item.text.trimStart().startsWith('~~')) {
      note(scan, item, 'struck');
      return;
    }
    const said = found[2] ?? found[3] ?? '';
    const cut = isWhole ? said : said.replace(/\s+(?:\(\d+\/\d+|-{1,2}\s|\u2013\s|\u2014\s).*$/, '');
    const phase = phaseAt(scan, id, nameFrom(cut), item, 'item');
    if (item.ticked === true) phase.done = item;
    else if (item.ticked === false) phase.open = item;
    if (isParked(id)) park(scan, phase, item);
    else scan.phases.push(phase);
  } else if (scan.list === 'milestones') {
    const milestone = milestoneIn(item, item.ticked);
    if (milestone) scan.milestones.push(milestone);
    else note(scan, item, 'item');
  } else if (scan.list === 'criteria' && scan.current && !isPlanLine(item)) {
    const text = titleFrom(item.text, CRITERION_MAX);
    if (text !== '') scan.current.phase.criteria.push({ text, met: item.ticked === true });
  } else readPlan(scan, item);
}

const PLAN = new RegExp(
  `^(?:Plan\\s+)?(?:(${NUMBER.replace('(?![\\w.]*\\d)', '')})-)?(\\d{1,3}[A-Za-z]?)(?:-[a-z][a-z0-9-]*)?(-PLAN(?:\\.md)?)?(?=[\\s:,.\u2013\u2014]|$)\\s*[:.\u2013\u2014-]*\\s*(.*)$`,
);

/** A list of plans right behind the criteria, with nothing between. */
function isPlanLine(item: GsdItem): boolean {
  return item.ticked !== undefined && PLAN.exec(plainOf(item.text))?.[1] !== undefined;
}

function readPlan(scan: Scan, item: GsdItem): void {
  if (scan.current?.isParked || scan.isOther) return;
  const text = plainOf(item.text);
  const [, of, number, file, title = ''] = PLAN.exec(text) ?? [];
  const hasBox = item.ticked !== undefined;
  const isPlan = number !== undefined && (of !== undefined || (hasBox && scan.current) || file !== undefined);
  if (!isPlan || (!hasBox && scan.list !== 'plans')) {
    if (hasBox && !/^(?:TBD|to be (?:planned|determined)|none)\b/i.test(text)) note(scan, item, 'item');
    return;
  }
  const id = of === undefined ? scan.current?.phase.id : phaseIdOf(of);
  const owner =
    scan.current === undefined ? scan.phases.findLast((one) => one.id === id) : scan.current.phase;
  if (item.text.trimStart().startsWith('~~')) {
    note(scan, item, 'struck');
    return;
  }
  if (owner === undefined || owner.id !== id) {
    note(scan, item, 'plan-elsewhere');
    return;
  }
  const name = planNumberOf(number);
  if (owner.plans.some((plan) => plan.number === name)) {
    note(scan, item, 'plan-again');
    return;
  }
  const said = titleFrom(title.replace(/\s*\((?:complete|completed|done)[^)]*\)\s*$/i, ''));
  owner.plans.push({ number: name, title: said, ticked: item.ticked === true, line: item });
}
