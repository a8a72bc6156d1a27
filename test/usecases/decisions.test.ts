/** The log of decisions: append-only in fact, archived, found out when it is changed. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Decision } from '../../src/domain/decision-log.ts';
import { checkDecisions } from '../../src/usecases/check-decisions.ts';
import { listDecisions } from '../../src/usecases/list-decisions.ts';
import { recordForProject } from '../../src/usecases/record-decision.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { coordinated, started, statusOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

const scribe = () => ({ home: project.home, session: null });
const log = () => project.read('DECISIONS.md');
const decision = (title: string, over: Partial<Decision> = {}): Decision => ({
  title,
  context: 'c',
  decision: 'd',
  alternatives: [],
  consequences: [],
  state: 'accepted',
  supersedes: [],
  ...over,
});
const record = (title: string, over: Partial<Decision> = {}) =>
  value(recordForProject(scribe(), decision(title, over)));
const codes = (repair = false) =>
  checkDecisions(project.home, repair).map(({ code, number }) => `${code} ${number}`);

test('the command line records, lists, shows and supersedes; a worker’s goes to its phase unless it says otherwise', () => {
  project = started('01');
  const first = project.must(
    'decide',
    'Use SQLite',
    '--decision',
    'SQLite',
    '--context',
    'one file',
    '--alternative',
    'Redis: a service',
    '--positive',
    'simple',
    '--negative',
    'one writer',
  );
  const { number } = first as { number: number };
  expect(log()).toMatch(/^# Architectural Decision Log\n/);
  expect(log()).toContain('- Positive: simple\n- Negative: one writer\n');
  const second = project.must('decide', 'Use files', '--decision', 'files', '--supersedes', `D${number}`);
  expect(log().indexOf('Use files')).toBeLessThan(log().indexOf('Use SQLite'));
  expect(project.coord(['decisions', '--since', '1d']).stdout).toContain(
    `Use SQLite, superseded by D${second['number']}`,
  );
  expect(project.coord(['decisions', 'show', `D${number}`]).stdout).toContain('**Decision:** SQLite');
  expect(project.coord(['decide', 'x', '--decision', 'y', '--supersedes', 'D99'])).toMatchObject({ code: 1 });
  expect(project.coord(['decide', 'x', '--decision', 'y', '--status', 'maybe']).code).toBe(64);
  expect(project.coord(['decisions', '--since', 'monday'])).toMatchObject({ code: 1 });
  expect(project.coord(['decide', 'x', '--decision', 'y', '--phase', '01'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('its worker alone writes'),
  });
  const worker = { cwd: project.worktree('01') };
  expect(project.coord(['decide', 'Mine', '--decision', 'small', '--phase', '01'], worker).stdout).toContain(
    'STATUS.md',
  );
  expect(statusOf(project, '01').decisions.at(-1)?.text).toContain('Mine: small');
  expect(project.coord(['decide', 'All', '--decision', 'big', '--project'], worker).stdout).toContain(
    'DECISIONS.md',
  );
  expect(log()).toMatch(/: All\n\n\*\*Number:\*\* D\d+\n\*\*By:\*\* worker-01\n/);
  expect(project.must('doctor')['findings']).toEqual([]);
});

test('the transitions of a phase and its breaking changes are recorded by themselves, once', () => {
  project = started('01');
  const worktree = project.worktree('01');
  gitIn(
    worktree,
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'feat(api)!: drop v1\n\nBREAKING CHANGE: v1 is gone',
  );
  project.must('phase', 'close', '01', '--force');
  project.must('todo', 'add', 'x');
  const titles = value(listDecisions(project.home)).map((one) => one.title);
  expect(titles).toEqual([
    'Breaking change: drop v1',
    'Phase 01 (Phase 01) is done',
    'Phase 01 (Phase 01) begins',
  ]);
  expect(log()).toContain('**Decision:** v1 is gone');
});

test('a changed entry and one that is gone are found, and put back as they were; what was there is kept', () => {
  project = coordinated();
  for (const title of ['One', 'Two', 'Three', 'Four']) record(title);
  const good = log();
  writeFileSync(
    project.path('DECISIONS.md'),
    good.replace(': Two\n', ': Too\n').replace(/## [^\n]*: Three\n[\s\S]*?(?=## )/, ''),
  );
  expect(codes()).toEqual(['decision-gone 3', 'decision-changed 2']);
  expect(project.coord(['doctor']).stdout).toContain('D2 "Two" was changed in DECISIONS.md');
  expect(checkDecisions(project.home, true).every((finding) => finding.repaired)).toBe(true);
  expect(log()).toBe(good);
  expect(codes()).toEqual([]);
  expect(readdirSync(project.path('.coordination', 'decisions', 'aside'))).toHaveLength(1);
  rmSync(project.path('DECISIONS.md'));
  expect(codes(true)).toHaveLength(4);
  expect(value(listDecisions(project.home)).map((one) => one.title)).toEqual(['Four', 'Three', 'Two', 'One']);
});

test('an edit that is meant is accepted by its number', () => {
  project = coordinated();
  record('Typo hre');
  writeFileSync(project.path('DECISIONS.md'), log().replace('hre', 'here'));
  expect(codes()).toEqual(['decision-changed 1']);
  project.must('decisions', 'accept', 'D1');
  expect(codes()).toEqual([]);
  expect(project.coord(['decisions', 'accept', 'D7'])).toMatchObject({ code: 1 });
});

test('in a clone without the ledger the marks tell a change, and numbers that two clones gave out', () => {
  project = coordinated();
  record('One');
  const one = log();
  record('Two');
  const two = log();
  rmSync(project.path('.coordination', 'decisions'), { recursive: true });
  writeFileSync(project.path('DECISIONS.md'), two.replace('**Decision:** d', '**Decision:** e'));
  expect(checkDecisions(project.home, true)).toMatchObject([
    { code: 'decision-changed', number: 2, isKnown: false, repaired: false },
  ]);
  // The other clone recorded its own second decision.
  writeFileSync(project.path('DECISIONS.md'), one);
  record('Other');
  const other = log();
  writeFileSync(
    project.path('DECISIONS.md'),
    `${other.slice(0, other.indexOf('## '))}${two.slice(two.indexOf('## '), two.lastIndexOf('## '))}${other.slice(other.indexOf('## '))}`,
  );
  expect(codes()).toContain('decision-twice 2');
});

test('entries that a person wrote stay, count, and are missed when they go', () => {
  project = coordinated();
  writeFileSync(
    project.path('DECISIONS.md'),
    '# Our decisions\n\n## Use tabs\n\nBecause.\n\n## 2024-01-01: Older\n\nx\n',
  );
  expect(record('New')).toMatchObject({ number: 3 });
  expect(log()).toContain('## Use tabs\n\nBecause.\n\n## 2024-01-01: Older\n\nx\n');
  writeFileSync(project.path('DECISIONS.md'), log().replace('Because.', 'Why not.'));
  expect(codes()).toEqual(['decision-gone null']);
});

test('above a hundred the old ones move to their year, links and all; the guard refuses those too', () => {
  project = coordinated();
  for (let at = 1; at <= 101; at += 1) record(`Decision ${at}`);
  const year = new Date().getUTCFullYear();
  expect(log().match(/^## /gm)).toHaveLength(50);
  expect(log()).toContain(`**Archive:** [${year}](docs/decisions/${year}.md)`);
  const archive = project.read(`docs/decisions/${year}.md`);
  expect(archive.match(/^## /gm)).toHaveLength(51);
  expect(value(listDecisions(project.home))).toHaveLength(101);
  expect(codes()).toEqual([]);
  // A killed move: the archive has them, DECISIONS.md too. The next one finds no more to add.
  record('After', { supersedes: [1] });
  expect(project.read(`docs/decisions/${year}.md`)).toBe(archive);
  expect(project.guardWrite(project.home, project.path('docs', 'decisions', `${year}.md`))).toContain(
    'append-only',
  );
  expect(project.guardWrite(project.home, project.path('docs', 'decisions', 'notes.md'))).toBeUndefined();
  expect(project.guardBash(project.home, `sed -i s/a/b/ docs/decisions/${year}.md`)).toContain('append-only');
  expect(project.guardBash(project.home, 'rm -rf docs/decisions')).toBeDefined();
  expect(project.guardBash(project.home, 'mv docs/notes docs/guides')).toBeUndefined();
});

test('an entry that a crash kept from the ledger is taken in by the next one', () => {
  project = coordinated();
  record('One');
  rmSync(project.path('.coordination', 'decisions', 'D1.json'));
  record('Two');
  expect(existsSync(project.path('.coordination', 'decisions', 'D1.json'))).toBe(true);
  // A changed one is not taken in as if it had always been so.
  rmSync(project.path('.coordination', 'decisions', 'D1.json'));
  writeFileSync(project.path('DECISIONS.md'), log().replace(': One\n', ': Won\n'));
  record('Three');
  expect(codes()).toEqual(['decision-changed 1']);
});

test('eight at once: eight entries, eight numbers', async () => {
  project = coordinated();
  mkdirSync(project.path('docs'), { recursive: true });
  const runs = Array.from({ length: 8 }, (_, at) =>
    project.coordLater(['decide', `D ${at}`, '--decision', 'd']),
  );
  for (const run of await Promise.all(runs)) expect(run.code).toBe(0);
  const numbers = value(listDecisions(project.home)).map((one) => one.number);
  expect([...numbers].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(codes()).toEqual([]);
});

test('in a file that git left in conflict nothing is taken for a decision, and nothing is mended', () => {
  project = coordinated();
  record('Ours from before');
  const both = (ours: string, theirs: string) => `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> abc\n`;
  const at = log().indexOf('## ');
  const [head, entries] = [log().slice(0, at), log().slice(at)];
  const foreign = '## 2026-01-01: Theirs\n\n**Decision:** t\n\n';
  project.write('DECISIONS.md', head + both(entries, foreign));
  expect(codes(true)).toEqual(['decision-conflict null']);
  record('In the midst');
  expect(log()).toContain('<<<<<<< HEAD');
  // The conflict is ended, keeping both sides.
  project.write('DECISIONS.md', log().replaceAll(/^(?:<{7}|={7}|>{7}).*\n/gm, ''));
  expect(codes()).toEqual([]);
  expect(value(listDecisions(project.home)).map(({ title }) => title)).toEqual([
    'In the midst',
    'Ours from before',
    'Theirs',
  ]);
});
