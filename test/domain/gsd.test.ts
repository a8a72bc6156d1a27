/** Get Shit Done's files as text: what a line of each version says, and that any roadmap comes back as what it was. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planAdoption } from '../../src/domain/gsd/adoption.ts';
import {
  gsdFileOf,
  gsdFolderOf,
  openVerification,
  parseSummary,
  planTitleIn,
} from '../../src/domain/gsd/folder.ts';
import { byNumber, isInSpan, phaseIdOf, phaseSpansIn } from '../../src/domain/gsd/number.ts';
import { assembleGsd, type GsdProject } from '../../src/domain/gsd/project.ts';
import { parseRoadmap } from '../../src/domain/gsd/roadmap.ts';
import { parseGsdState } from '../../src/domain/gsd/state.ts';
import { gsdLines } from '../../src/domain/gsd/text.ts';
import { emptyState } from '../../src/domain/state-document.ts';
import { isLong } from '../kit/long.ts';

const TIME_MAX = isLong ? 300_000 : 20_000;

const FILE = '.planning/ROADMAP.md';
const NOTHING = {
  roadmapFile: FILE,
  stateFile: 'STATE.md',
  state: undefined,
  folders: [],
  todoFiles: [],
  notes: [],
};

function projectOf(roadmap: string): GsdProject {
  return assembleGsd({ ...NOTHING, roadmap: parseRoadmap(roadmap, FILE) });
}

const shown = (project: GsdProject) =>
  project.phases.map(({ id, name, done }) => `${id} ${done ? 'done' : 'open'} ${name}`);

describe('numbers', () => {
  test.each([
    ['1', '01'],
    ['001', '01'],
    ['2.1', '02.1'],
    ['02.10', '02.10'],
    ['12a', '12A'],
    ['110', '110'],
    ['SHOP-03', '03'],
    ['x', undefined],
    ['1.', undefined],
    ['', undefined],
  ])('%j is phase %j', (text, id) => expect(phaseIdOf(text)).toBe(id));

  test('are in the order of the work', () => {
    expect(['10', '02.10', '02.2', '02', '03', '02.1'].sort(byNumber)).toEqual([
      '02',
      '02.1',
      '02.2',
      '02.10',
      '03',
      '10',
    ]);
  });

  test.each([
    ['Phase 1', ['01-01']],
    ['Phases 2 and 3', ['02-02', '03-03']],
    ['Phase 1, Phase 2.1', ['01-01', '02.1-02.1']],
    ['Phases 1-4', ['01-04']],
    ['Phases 1\u20134', ['01-04']],
    ['Phases 13 through 21', ['13-21']],
    ['phase 12A', ['12A-12A']],
    ['the third one', []],
  ])('%j names %j', (text, spans) =>
    expect(phaseSpansIn(text).map(({ from, to }) => `${from}-${to}`)).toEqual(spans),
  );

  test('what was put in behind a span’s last belongs to it', () => {
    const span = { from: '01', to: '04' };
    expect(['01', '03.2', '04', '04.1', '05', '40'].map((id) => isInSpan(id, span))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('names of files', () => {
  test.each([
    ['02-01-PLAN.md', '02', { kind: 'plan', number: '01' }],
    ['02-01-SUMMARY.md', '02', { kind: 'summary', number: '01' }],
    ['02.1-03-PLAN.md', '02.1', { kind: 'plan', number: '03' }],
    ['03-02B-PLAN.md', '03', { kind: 'plan', number: '02B' }],
    ['2-1-PLAN.md', '02', { kind: 'plan', number: '01' }],
    ['SHOP-02-01-PLAN.md', '02', { kind: 'plan', number: '01' }],
    ['02-01-setup-PLAN.md', '02', { kind: 'plan', number: '01' }],
    ['PLAN.md', '02', { kind: 'plan', number: '01' }],
    ['02-PLAN.md', '02', { kind: 'plan', number: '01' }],
    ['02-VERIFICATION.md', '02', { kind: 'verification', number: undefined }],
    ['02-CONTEXT.md', '02', { kind: 'other', number: undefined }],
    ['03-01-PLAN.md', '02', 'bad'],
    ['MY_PLAN.md', '02', 'bad'],
    ['STATUS.md', '02', undefined],
    ['02-01-PLAN.md.bak', '02', undefined],
  ])('%s in phase %s', (name, phase, expected) => expect(gsdFileOf(name, phase)).toEqual(expected));

  test.each([
    ['02-login', { id: '02', words: 'Login' }],
    ['02.1-critical-fix-inserted', { id: '02.1', words: 'Critical fix' }],
    ['001-foundation', { id: '01', words: 'Foundation' }],
    ['07', { id: '07', words: '' }],
    ['notes', undefined],
  ])('folder %s', (name, expected) => expect(gsdFolderOf(name)).toEqual(expected));

  test.each([
    ['<objective>\nBuild the **door**. And more.\n</objective>', 'Build the door.'],
    ['---\ntitle: "A door"\n---\n# x', 'A door'],
    ['# Phase 2 Plan 01: The door', 'The door'],
    ['<objective></objective>\n', undefined],
    ['', undefined],
  ])('plan %j is called %j', (text, title) => expect(planTitleIn(text)).toBe(title));

  test.each([
    ['---\nphase: 01\ncompleted: 2026-01-01\n---\n# S', 'complete'],
    ['# S without a head\n\nAll done.\n', 'complete'],
    ['---\nkey: [broken: yaml: here\nstatus: partial\n---\n', 'partial'],
    ['---\ncoverage:\n  - status: failed\nstatus: "complete" # yes\n---\n', 'complete'],
    ['# S\n\n**Status:** FAILED, see below\n', 'failed'],
    ['# S\n\n**Status**: In progress\n', 'partial'],
    ['# S\n\n```\n**Status:** failed\n```\n', 'complete'],
    ['---coffee\nstatus: complete\n---\n', 'unread'],
    [' \n', 'unread'],
  ])('summary %j says %s', (text, state) => expect(parseSummary(text, 'f').state).toBe(state));

  test.each([
    ['---\nstatus: gaps_found\n---\n', true],
    ['---\nstatus: human_needed\n---\n', true],
    ['---\nstatus: passed\nre_verification:\n  previous_status: gaps_found\n---\n', false],
    ['# nothing\n', false],
  ])('verification %j is open: %j', (text, isOpen) =>
    expect(openVerification(text, 'f') !== undefined).toBe(isOpen),
  );
});

describe('roadmaps as they are met', () => {
  test.each([
    ['## Phase 3: Name', '03 open Name'],
    ['### Phase 03 \u2014 Name (INSERTED)', '03 open Name'],
    ['#### Phase 2.1 (INSERTED): Name', '02.1 open Name'],
    ['### \u2705 Phase 3: Name', '03 done Name'],
    ['### Phase 3: Name \u2713 2026-01-01', '03 done Name'],
    ['### Phase 3: Name (COMPLETE \u2014 2026-01-01)', '03 done Name'],
    ['### **Phase 3: Name**', '03 open Name'],
    ['### Phase 3', '03 open Phase 03'],
    ['- [x] **Phase 3: A - B (web)** - text (completed 2026-01-01)', '03 done A - B (web)'],
    ['- [x] **Phase 3: Name** (3/3 plans) - completed 2026-01-01', '03 done Name'],
    ['- [x] **Phase 3**: Name - text', '03 done Name'],
    ['- [ ] Phase 3: Name (2/2 plans) \u2014 text', '03 open Name'],
    ['* [X] **Phase 3: Name** \u2014 text', '03 done Name'],
    ['- [ ] **Phase 5.1: Parity** - INSERTED - text', '05.1 open Parity'],
    ['### Phase 3: Name\n**Status**: \u2705 Complete (2026-01-17)', '03 done Name'],
    ['### Phase 3: Name\n**Status:** Not started', '03 open Name'],
    ['### Phase 3: Name\n- [x] 03-01: a\n- [x] 03-02-PLAN.md \u2014 b', '03 done Name'],
    ['### Phase 3: Name\n**Plans**: 3 plans\n- [x] 03-01: a\n- [x] 03-02: b', '03 open Name'],
    ['### Phase 3: Name\n- [x] **03-01** a\n- [ ] `03-02-PLAN.md` b', '03 open Name'],
    ['### Phase 3: Name\n```\n- [x] **Phase 3: Name**\n```', '03 open Name'],
    ['### Phase 3: Name\n<!-- - [x] **Phase 3: Name** -->', '03 open Name'],
  ])('%j', (text, expected) => expect(shown(projectOf(text))).toEqual([expected]));

  test('criteria may have bold words, go on in the next line, and stand right before the plans', () => {
    const lines = [
      '### Phase 1: A',
      '**Success Criteria** (what must be TRUE):',
      '- **Login**: works',
      '  for everyone',
      '- [x] Plan 9 of the house is kept',
      '- [ ] 01-01-PLAN.md \u2014 Build it',
      '**Requirements**: A-1',
      '- none of them',
    ];
    const [phase] = projectOf(lines.join('\n')).phases;
    expect(phase?.criteria).toEqual([
      { text: 'Login: works for everyone', met: false },
      { text: 'Plan 9 of the house is kept', met: true },
    ]);
    expect(phase?.plans).toEqual([{ id: '01-01', title: 'Build it', state: 'not_started' }]);
  });

  test('a table says what is done', () => {
    const rows =
      '| Phase | Plans | Status | Completed |\n|---|---|---|---|\n| 1. A | 1/1 | \u2713 Complete | x |\n| 2. B | 0/? | Not started | - |\n| 3\u20134. (rest) | 2 | Complete | - |\n';
    const project = projectOf(`### Phase 1: A\n### Phase 2: B\n\n${rows}`);
    expect(shown(project)).toEqual(['01 done A', '02 open B']);
    expect(project.notes.map(({ line, why }) => `${line} ${why}`)).toEqual(['8 row']);
  });

  test('milestones that count from 1 again: the open phase has the number', () => {
    const text = `## Milestones
- \u2705 **v1.0 Old** - Phases 1-2 (shipped 2026-01-01)
- \u{1f6a7} **v1.1 New** - Phases 1-2 (in progress)

<details><summary>\u2705 v1.0 Old (Phases 1-2) - SHIPPED 2026-01-01</summary>

### Phase 1: Old one
- [x] 01-01: a
### Phase 2: Old two
</details>

## v1.1 New
### Phase 1: New one
- [ ] 01-01: b
### Phase 2: New two
`;
    const project = projectOf(text);
    expect(shown(project)).toEqual(['01 open New one', '02 open New two']);
    expect(project.goals.map(({ id, phases, shipped }) => [id, phases, shipped])).toEqual([
      ['v1.0', [], true],
      ['v1.1', ['01', '02'], false],
    ]);
    expect(project.notes.map(({ line, why }) => `${line} ${why}`)).toEqual([
      '7 phase-again',
      '9 phase-again',
    ]);
  });

  test.each([
    ['Phase: 2 of 5 (X)\nPlan: 3 of 4 in current phase\nStatus: In progress', '02 03'],
    ['**Phase:** 57.2 of 64 (X)\n**Plan:** 57.2-01\n**Status:** Executing', '57.2 01'],
    ['Phase: 04-animation\nPlan: --\nStatus: executing', '04 undefined'],
    ['Phase: 2 of 5 (X)\nPlan: 0 of 3\nStatus: Ready to plan', 'none'],
    ['Phase: TBD\nStatus: In progress', 'none'],
  ])('where the work stands: %j', (lines, expected) => {
    const { underWay } = parseGsdState(`## Current Position\n\n${lines}\n`);
    expect(underWay ? `${underWay.phase} ${underWay.plan}` : 'none').toBe(expected);
  });

  test(
    'no text at all makes it throw, or take long',
    () => {
      const piece = fc.oneof(
        fc.constantFrom(
          '### Phase ',
          '- [x] ',
          '**Phase 1',
          '**',
          '<details>',
          '</details>',
          '<summary>',
          '|',
          '| Phase | Status |\n',
          '```',
          '<!--',
          '---',
          'Phases 1-',
          '**Depends on**: ',
          '\n',
          '\r\n',
          '## ',
        ),
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.nat(1200).map(String),
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
          const text = pieces.join('');
          const state = parseGsdState(text);
          const project = assembleGsd({ ...NOTHING, state, roadmap: parseRoadmap(text, FILE) });
          const once = planAdoption(emptyState('p', 'now'), project, 'now', () => true);
          const twice = planAdoption(once.document, project, 'now', () => true);
          if (once.taken.phases.length > 0) expect(twice.document).toBe(once.document);
          gsdLines(text);
        }),
        { numRuns: isLong ? 2_000 : 100 },
      );
      const started = Date.now();
      for (const evil of ['*', '[', '(', '<', ' ', 'Phase 1 ', '1-', '|', '- [x] **Phase 1: a '])
        projectOf(
          `### Phase 1: a\n${evil.repeat(100_000)}\n**Depends on**: ${evil.repeat(2_000)}\n- [ ] ${evil.repeat(2_000)}`,
        );
      expect(Date.now() - started).toBeLessThan(3_000);
    },
    TIME_MAX,
  );
});

/** A project as it is meant, and one of the ways in which it may be written. */
interface Model {
  readonly phases: readonly {
    id: string;
    name: string;
    done: boolean;
    depends: string[];
    criteria: string[];
    plans: { number: string; title: string; ticked: boolean }[];
  }[];
  readonly goals: readonly { id: string; name: string; count: number; shipped: boolean }[];
}

const word = fc.constantFrom(
  'Login',
  'Search',
  'cart',
  'Tee\u00adhaus',
  'Öl',
  '日本',
  'API',
  'v2',
  'of',
  '3D',
  "it's",
  'a/b',
  '#5',
);
const words = fc
  .array(word, { minLength: 1, maxLength: 4 })
  .map((list) => list.join(' ').replaceAll('\u00ad', ''));
const unique = { selector: (text: string) => text.toLowerCase(), minLength: 1, maxLength: 6 };

const model: fc.Arbitrary<Model> = fc
  .tuple(fc.uniqueArray(words, unique), fc.infiniteStream(fc.nat()), fc.boolean())
  .map(([names, stream, hasGoals]) => {
    const next = (max: number) => (stream.next().value as number) % max;
    let whole = 0;
    let decimal = 0;
    const ids: string[] = [];
    const phases = names.map((name) => {
      const isInserted = whole > 0 && next(4) === 0;
      decimal = isInserted ? decimal + 1 : 0;
      if (!isInserted) whole += 1 + (next(5) === 0 ? 1 : 0);
      const id = `${String(whole).padStart(2, '0')}${isInserted ? `.${decimal}` : ''}`;
      const depends = ids.filter(() => next(3) === 0);
      ids.push(id);
      const isDone = next(3) === 0;
      const plans = Array.from({ length: next(4) }, (_, at) => {
        const title = `Do ${names[next(names.length)]} (REQ-${at})`;
        return { number: String(at + 1).padStart(2, '0'), title, ticked: isDone || next(2) === 0 };
      });
      const isAll = plans.length > 0 && plans.every((plan) => plan.ticked);
      const criteria = Array.from(
        { length: 1 + next(3) },
        (_, at) => `Holds ${at}: ${names[next(names.length)]}`,
      );
      return { id, name, done: isDone || isAll, depends, criteria, plans };
    });
    const goals = hasGoals
      ? [
          { id: 'v1.0', name: 'v1.0 First', count: Math.ceil(phases.length / 2), shipped: false },
          { id: 'v1.1', name: 'v1.1 Second', count: phases.length, shipped: false },
        ]
      : [];
    return { phases, goals };
  });

interface Style {
  readonly colon: (name: string) => string;
  readonly depth: string;
  readonly dash: string;
  readonly file: string;
  readonly pad: boolean;
  readonly list: boolean;
  readonly blank: string;
  readonly end: string;
}

const style: fc.Arbitrary<Style> = fc.record({
  colon: fc.constantFrom(
    (name: string) => `**${name}**:`,
    (name: string) => `**${name}:**`,
  ),
  depth: fc.constantFrom('##', '###', '####'),
  dash: fc.constantFrom(' - ', ' \u2014 ', ' -- '),
  file: fc.constantFrom(':', '-PLAN.md \u2014', '-PLAN.md --', '-PLAN.md:'),
  pad: fc.boolean(),
  list: fc.boolean(),
  blank: fc.constantFrom('', '\n'),
  end: fc.constantFrom('\n', '\r\n'),
});

function print({ phases, goals }: Model, { colon, depth, dash, file, pad, list, blank, end }: Style): string {
  const shown = (id: string) => (pad ? id : id.replace(/^0/, ''));
  let from = 0;
  const milestones = goals.map(({ name, count }) => {
    const span = `${shown(phases[from]?.id ?? '1')}-${shown(phases[count - 1]?.id ?? '1')}`;
    const line =
      from < count ? `- **${name}**${dash}Phases ${span} (in progress)` : `- **${name}**${dash}planned`;
    from = count;
    return line;
  });
  const items = phases.map(
    ({ id, name, done }) => `- [${done ? 'x' : ' '}] **Phase ${shown(id)}: ${name}**${dash}some words`,
  );
  const sections = phases.map(({ id, name, depends, criteria, plans, done }) =>
    [
      `${depth} Phase ${shown(id)}: ${name}`,
      `${colon('Goal')} A goal`,
      `${colon('Depends on')} ${depends.length === 0 ? 'Nothing (first phase)' : depends.map((one) => `Phase ${shown(one)}`).join(', ')}`,
      ...(list || !done ? [] : [`${colon('Status')} Complete`]),
      `**Success Criteria** (what must be TRUE):${blank}`,
      ...criteria.map((text, at) => `  ${at + 1}. ${text}`),
      `${blank}${colon('Plans')} ${plans.length} plans`,
      '',
      'Plans:',
      ...plans.map(
        ({ number, title, ticked }) => `- [${ticked ? 'x' : ' '}] ${shown(id)}-${number}${file} ${title}`,
      ),
      '',
    ].join('\n'),
  );
  const head = [
    '# Roadmap: Any',
    '',
    ...(goals.length > 0 ? ['## Milestones', ...milestones, ''] : []),
    '## Phases',
    '',
  ];
  return [...head, ...(list ? items : []), '', '## Phase Details', '', ...sections]
    .join('\n')
    .replaceAll('\n', end);
}

test(
  'any roadmap made from a model comes back as the model',
  () => {
    fc.assert(
      fc.property(model, style, (made, how) => {
        const project = projectOf(print(made, how));
        expect(project.notes).toEqual([]);
        expect(
          project.phases.map(({ id, name, done, depends, criteria, plans }) => ({
            id,
            name,
            done,
            depends,
            criteria: criteria.map((one) => one.text),
            plans: plans.map((plan) => [plan.id, plan.title, plan.state]),
          })),
        ).toEqual(
          made.phases.map(({ plans, ...phase }) => ({
            ...phase,
            plans: plans.map(({ number, title, ticked }) => [
              `${phase.id}-${number}`,
              title,
              ticked || phase.done ? 'complete' : 'not_started',
            ]),
          })),
        );
        expect(project.goals.map(({ id, name }) => ({ id, name }))).toEqual(
          made.goals.map(({ id, name }) => ({ id, name })),
        );
        const sorted = project.goals.flatMap((goal) => goal.phases);
        if (made.goals.length > 0) expect(sorted).toEqual(made.phases.map((phase) => phase.id));
        const { document } = planAdoption(emptyState('p', 'now'), project, 'now', () => true);
        expect(
          document.phases.map((phase) => [phase.id, phase.state === 'done', [...phase.depends]]),
        ).toEqual(made.phases.map(({ id, done, depends }) => [id, done, depends]));
        expect(planAdoption(document, project, 'later', () => true).document).toBe(document);
      }),
      { numRuns: isLong ? 2_000 : 150 },
    );
  },
  TIME_MAX,
);
