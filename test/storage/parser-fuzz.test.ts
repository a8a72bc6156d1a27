/**
 * All that coord reads from a file or from git, after whatever may have become of it. A parser answers a value, or its
 * named flaw; it throws nothing else, evaluates nothing, pollutes no prototype, and is done within a second, since a
 * hook waits for it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRawDiff } from '../../src/domain/checkout-sync.ts';
import { parseLog, printEntry as printDecision, printLog } from '../../src/domain/decision-log.ts';
import { evidenceFrom } from '../../src/domain/evidence.ts';
import { openVerification, parseSummary } from '../../src/domain/gsd/folder.ts';
import { parseRoadmap } from '../../src/domain/gsd/roadmap.ts';
import { parseGsdState, parseTodoFile } from '../../src/domain/gsd/state.ts';
import { jsonFaultOf } from '../../src/domain/json-fault.ts';
import { parseJson } from '../../src/domain/json-value.ts';
import { parseJournal } from '../../src/domain/landing.ts';
import { parseLockNote } from '../../src/domain/lock.ts';
import { addBlock, findBlock, removeBlock } from '../../src/domain/managed-block.ts';
import { parseMergeAnswer } from '../../src/domain/merge-conflict.ts';
import { parseEnvelope, printEnvelope } from '../../src/domain/message.ts';
import { readOutside } from '../../src/domain/outside/message.ts';
import { parseEntry } from '../../src/domain/queue-record.ts';
import { parseSettings } from '../../src/domain/settings.ts';
import { countTests } from '../../src/domain/test-counts.ts';
import { bodyOf, cycleIn, readArtifacts } from '../../src/storage/cycle-artifacts.ts';
import { cycleFrom } from '../../src/storage/cycle-schema.ts';
import { readDocument, STATE, STATUS } from '../../src/storage/document-kinds.ts';
import { parseFrontMatter } from '../../src/storage/front-matter.ts';
import { readLease } from '../../src/storage/light/lease.ts';
import { readRecord } from '../../src/storage/light/roster.ts';
import { readSettings } from '../../src/storage/settings.ts';
import { parseTaskProgress } from '../../src/storage/task-progress-schema.ts';
import { readTemplate } from '../../src/storage/ticket-files.ts';
import { parseTreeState } from '../../src/storage/tree-state.ts';
import { anEvidence } from '../domain/gate-facts.ts';
import { analyse, begun } from '../kit/cycle.ts';
import { LATE } from '../kit/gsd.ts';
import { isLong } from '../kit/long.ts';
import { anyMutation, attacks } from '../kit/mutations.ts';
import { started, worker } from '../kit/scene.ts';
import { SEED_TASK } from '../kit/seed-examples.ts';
import { envelope, scratch } from './scratch.ts';

const SEED = Number(process.env['COORD_SEED'] ?? 20261121);
const SECOND_US = 1_000_000;

const project = started('01');
const folder = '01-phase-01';
const analyst = worker(project, '01');
const cycle = begun(analyst);
analyse(analyst);
const progress = join(project.worktree('01'), '.progress');
const sampleOf = (...parts: string[]) => readFileSync(join(...parts), 'utf8');

const sha = 'a'.repeat(40);
const at = '2026-01-02T03:04:05.678Z';
const entry = {
  ...{
    id: '01.1',
    phase: '01',
    worker: 'worker-01',
    branch: 'coord/01-x',
    target: 'main',
    by: 'worker-01',
    tip: sha,
  },
  ...{ state: 'queued', place: null, queued: at, revision: 1, tries: 1, waived: [] },
  history: [{ at, outcome: 'red', tip: sha, onto: null, why: 'x', excerpt: 'x', log: null, files: ['a'] }],
};
const landing = {
  ...{
    id: 'l-1',
    at,
    target: 'main',
    ref: 'refs/heads/main',
    from: sha,
    to: sha,
    checkouts: ['/x'],
    behind: [],
  },
  ...{ entries: [{ entry: '01.1', phase: '01', tip: sha, commit: sha }], isSettled: false },
};
const lease = {
  epoch: 1,
  holder: null,
  takenAt: 1,
  ttlMs: null,
  note: '{"kind":"file","place":null,"path":"a","name":"x","taking":"t","errand":{"command":"x"}}',
  from: 'free',
};
const evidence = anEvidence();
const decision = printDecision(
  {
    ...{ title: 'T', state: 'accepted', context: 'c', decision: 'd', supersedes: [] },
    ...{ alternatives: ['a: b'], consequences: ['e'] },
  },
  1,
  '2026-01-02',
);
const mergeAnswer = [
  sha,
  `100644 ${sha} 1\ta.ts`,
  `100644 ${sha} 2\ta.ts`,
  '',
  ...['1', 'a.ts', 'CONFLICT (contents)', 'CONFLICT in a.ts\n', ''],
].join('\u0000');
const treeState = [
  ...[`# branch.oid ${sha}`, '# branch.head main', '# branch.ab +1 -2', '# stash 3'],
  ...[`1 .M N... 100644 100644 100644 ${sha} ${sha} a b.ts`, '? new.ts', ''],
].join('\u0000');
const ticket =
  '---\ntitle: T\nkind: a\nscope:\n  - src/**\nforbidden: []\nacceptance:\n  - npm test\n---\n\nText\n';
const block = addBlock('# Title\n\nText\n', 'content') as { text: string };

/** A parser that takes a text. */
const ofText: Readonly<Record<string, [sample: string, parse: (text: string) => unknown]>> = {
  'front matter': [sampleOf(project.home, '.planning/STATE.md'), (text) => parseFrontMatter(text)],
  'settings in front matter': [
    '---\nmode: shared\nlock_wait: 3\nmutex: [default]\nvalidation:\n  - npm test\n---\n',
    (text) => {
      const found = parseFrontMatter(text);
      return 'code' in found ? found : parseSettings(found.data);
    },
  ],
  DECISIONS: [`# Log\n\n---\n\n${decision}\n`, (text) => printLog(parseLog(text))],
  'an instructions block': [
    block.text,
    (text) => [findBlock(text), addBlock(text, 'new'), removeBlock(text)],
  ],
  'a GSD roadmap': [LATE['ROADMAP.md'] ?? '', (text) => parseRoadmap(text, 'ROADMAP.md')],
  'a GSD state': [LATE['STATE.md'] ?? '', parseGsdState],
  'a GSD summary': [
    '---\nstatus: done\n---\n# S\n\n**Status:** done\n',
    (text) => parseSummary(text, 'S.md'),
  ],
  'a GSD verification': ['---\nstatus: gaps_found\n---\n# V\n', (text) => openVerification(text, 'V.md')],
  'a GSD todo': ['---\ntitle: T\narea: x\n---\n\nText\n', (text) => parseTodoFile(text, 'a.md')],
  'an envelope': [printEnvelope(envelope('msg-20260102-030405678-a')), parseEnvelope],
  "an outsider's message": [
    JSON.stringify({ ...envelope('msg-20260102-030405678-a'), from: 'outside-coordinator' }, null, 2),
    (text) => readOutside(text, 'msg-1.json'),
  ],
  'where JSON is wrong': ['{"a": [1, {"b": null}],\n "c": }', jsonFaultOf],
  'a queue entry': [JSON.stringify(entry, null, 2), (text) => parseEntry(text, '01.1')],
  'the landing journal': [JSON.stringify(landing, null, 2), parseJournal],
  'a lock note': [lease.note, parseLockNote],
  'an evidence record': [
    JSON.stringify(evidence, null, 2),
    (text) => evidenceFrom(parseJson(text), evidence.id),
  ],
  'the state of a cycle': [JSON.stringify(cycle, null, 2), (text) => cycleFrom(parseJson(text))],
  'the task at hand': [JSON.stringify(SEED_TASK, null, 2), parseTaskProgress],
  'text below front matter': [sampleOf(progress, 'ra/requirements.md'), bodyOf],
  'what git says of a merge': [mergeAnswer, parseMergeAnswer],
  'what git says of a difference': [`:100644 100644 ${sha} ${sha} M\u0000a b.ts\u0000`, parseRawDiff],
  'what git says of a worktree': [treeState, parseTreeState],
  'what a test run printed': [' Tests  3 failed | 12 passed (15)\n5 passing\n# pass 3\n', countTests],
};

const desk = scratch();
const put = (...parts: string[]) => {
  const file = join(desk, ...parts);
  mkdirSync(join(file, '..'), { recursive: true });
  return file;
};
const EPOCH = '0000000001.json';

/** A reader of a file: bytes may be anything. */
const ofFile: Readonly<Record<string, [file: string, sample: string, read: () => unknown]>> = {
  'STATE.md': [
    put('STATE.md'),
    sampleOf(project.home, '.planning/STATE.md'),
    () => readDocument(join(desk, 'STATE.md'), STATE),
  ],
  'STATUS.md': [
    put('STATUS.md'),
    sampleOf(project.worktree('01'), '.planning/phases', folder, 'STATUS.md'),
    () => readDocument(join(desk, 'STATUS.md'), STATUS),
  ],
  settings: [put('.claude/coord.md'), '---\nmode: shared\nlock_wait: 3\n---\n', () => readSettings(desk)],
  'a ticket': [put('docs/worker-ticket-templates/t.md'), ticket, () => readTemplate(desk, 't')],
  'a record': [
    put('record.json'),
    JSON.stringify(evidence, null, 2),
    () => readRecord(join(desk, 'record.json')),
  ],
  'a lease': [put('lease', EPOCH), `${JSON.stringify(lease)}\n`, () => readLease(join(desk, 'lease'))],
  ...Object.fromEntries(
    ['ra/requirements.md', 'coordination/timeline.md'].map((name) => [
      `a cycle's ${name}`,
      [
        put('.progress', name),
        sampleOf(progress, name),
        () => [readArtifacts(join(desk, '.progress'), cycle.cycle_id), cycleIn(join(desk, '.progress'))],
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['ep/plan.json', 'vas/test_results.json', 'cd/changes.jsonl'].map((name) => [
      `a cycle's ${name}`,
      [
        put('.progress', name),
        JSON.stringify({ cycle_id: cycle.cycle_id, version: 'v1.0', tasks: [{ id: 'a' }] }, null, 2),
        () => readArtifacts(join(desk, '.progress'), cycle.cycle_id),
      ],
    ]),
  ),
};

const PRISTINE = Object.getOwnPropertyNames(Object.prototype).sort();

/** What came of it that should not have; the input goes with it. */
function faultOf(run: () => unknown): string | undefined {
  const before = process.cpuUsage();
  try {
    run();
  } catch (error) {
    // What git printed is no file of anybody's: that it could not be read is an error, and says so.
    if (/^not a raw diff: /.test((error as Error).message)) return undefined;
    return `it threw ${String((error as Error).stack ?? error).slice(0, 500)}`;
  }
  const { user } = process.cpuUsage(before);
  if (user > SECOND_US) return `it took ${Math.round(user / 1_000)} ms`;
  if ('owned' in globalThis) return 'it ran code';
  const now = Object.getOwnPropertyNames(Object.prototype).sort();
  return now.join() === PRISTINE.join() ? undefined : `it changed all objects: ${now.join(' ')}`;
}

const COUNT = isLong ? 20_000 : 300;

type Row = readonly [name: string, sample: string, run: (bytes: string | Buffer) => unknown];
const rows: Row[] = [
  ...Object.entries(ofText).map(
    ([name, [sample, parse]]): Row => [name, sample, (bytes) => parse(bytes.toString('utf8'))],
  ),
  ...Object.entries(ofFile).map(
    ([name, [file, sample, read]]): Row => [
      name,
      sample,
      (bytes) => {
        writeFileSync(file, bytes);
        return read();
      },
    ],
  ),
];

test.each(rows)('%s', (_name, sample, run) => {
  // A sample that is refused would try nothing of what lies behind the door.
  expect(JSON.stringify(run(sample)) ?? 'undefined').not.toMatch(
    /^(?:undefined|\{"(?:code|flaw)"|\{"done":false)/,
  );
  const faults = Object.entries(attacks(sample)).map(([attack, bytes]) => [
    attack,
    faultOf(() => run(bytes)),
  ]);
  expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([]);
  const mutated = fc.sample(anyMutation(sample), { numRuns: COUNT, seed: SEED });
  const found = mutated.map((text) => ({ text, fault: faultOf(() => run(text)) }));
  expect(found.filter(({ fault }) => fault !== undefined).slice(0, 3)).toEqual([]);
});
