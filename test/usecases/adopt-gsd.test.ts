/** A project of Get Shit Done becomes coord's: phases, plans, states; nothing of GSD's is changed, nothing is lost. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { dropCriterion } from '../../src/domain/criterion.ts';
import type { GsdNote } from '../../src/domain/gsd/text.ts';
import { addTodo, changeTodo } from '../../src/domain/todo.ts';
import { addPhaseTo } from '../../src/usecases/add-phase.ts';
import { type AgendaChange, changeAgenda } from '../../src/usecases/change-agenda.ts';
import { initProject } from '../../src/usecases/init-project.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { EARLY, type Files, LATE, MILESTONES, putFiles, summary } from '../kit/gsd.ts';
import { gitIn, Project } from '../kit/project.ts';
import { refusal, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

function gsd(files: Files): Project {
  project = new Project();
  putFiles(project.home, files);
  return project;
}

const init = () => value(initProject(project.home));
const notes = (): GsdNote[] => [...(init().gsd?.notes ?? [])];
const whys = (list: readonly GsdNote[]) =>
  list.map(({ file, why }) => `${file.replace('.planning/', '')} ${why}`);
const phase = (id: string) => stateOf(project).phases.find((one) => one.id === id);
const plans = (id: string) => phase(id)?.plans.map((one) => `${one.id} ${one.state} ${one.title}`);

const agenda = (change: AgendaChange) => value(changeAgenda(project.home, change));

/** In STATE.md as it is after it was adopted. */
const lineOf = (text: string) => {
  const lines = project.read('.planning/STATE.md').split('\n');
  return lines.findIndex((line) => line.startsWith(text)) + 1;
};

/** All of GSD's own, byte for byte. */
function theirs(): Record<string, string> {
  const root = project.path('.planning');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const own = files.filter((name) => name !== 'STATE.md' && statSync(join(root, name)).isFile());
  return Object.fromEntries(own.map((name) => [name, readFileSync(join(root, name), 'latin1')]));
}

describe('three versions', () => {
  test('an early one: lists, a table, an inserted phase', () => {
    gsd(EARLY);
    const before = theirs();
    const made = init();
    expect(made.adopted).toBe(true);
    expect(made.gsd?.taken).toEqual({
      phases: ['01', '02', '02.1', '03'],
      moved: [],
      plans: 6,
      criteria: 4,
      milestones: [],
      todo: 3,
    });
    const state = stateOf(project);
    expect(
      state.phases.map(({ id, name, state: word, folder, depends }) => [id, name, word, folder, depends]),
    ).toEqual([
      ['01', 'Foundation', 'done', '01-foundation', []],
      ['02', 'Brewing', 'future', '02-brewing', ['01']],
      ['02.1', 'Leaking Kettle', 'future', '02.1-leaking-kettle-inserted', ['02']],
      ['03', 'Serving', 'future', '03-serving', ['02', '02.1']],
    ]);
    expect(plans('02')).toEqual([
      '02-01 complete Boil water',
      '02-02 not_started Weigh leaves',
      '02-03 not_started Time it',
    ]);
    expect(state.criteria.map((one) => [one.phase, one.text, one.met !== undefined])).toEqual([
      ['01', 'A shop that opens', true],
      ['02', 'Tea can be made', false],
      ['02.1', 'The kettle holds water', false],
      ['03', 'A guest drinks tea', false],
    ]);
    expect(state.todo.map((one) => [one.priority, one.text])).toEqual([
      ['P1', 'Ask for a second kettle'],
      ['P0', 'The water supply is blocked until Tuesday'],
      ['P1', 'Leaves may run short (not blocking)'],
    ]);
    expect(made.gsd?.notes).toEqual([
      {
        file: '.planning/STATE.md',
        line: lineOf('Plan: 2 of 3'),
        text: '2 of 3 in current phase',
        why: 'under-way',
      },
    ]);
    expect(theirs()).toEqual(before);
    // Below coord's sections all that GSD said stands as it did.
    expect(project.read('.planning/STATE.md')).toContain(EARLY['STATE.md']);
  });

  test('one with milestones: shipped ones folded away, a parking lot', () => {
    gsd(MILESTONES);
    const made = init();
    expect(made.gsd?.notes).toEqual([]);
    const state = stateOf(project);
    expect(state.phases.map(({ id, name, state: word }) => `${id} ${word} ${name}`)).toEqual([
      '01 done Dome',
      '02 done Mount',
      '03 done Mirror',
      '04 done Camera',
      '05 future Guiding',
      '06 future Stacking',
    ]);
    expect(state.goals.map(({ id, name, phases, reached }) => [id, name, phases, reached])).toEqual([
      ['v1.0', 'v1.0 First Light', ['01', '02', '03'], '2025-11-30T00:00:00.000Z'],
      ['v1.1', 'v1.1 Deep Sky', ['04', '05', '06'], undefined],
      ['v2.0', 'v2.0 Spectra', [], undefined],
    ]);
    expect(plans('05')).toEqual([
      '05-01 not_started Find a star (GUIDE-01)',
      '05-02 not_started Correct the mount (GUIDE-02, GUIDE-03)',
    ]);
    expect(phase('06')?.depends).toEqual(['04', '05']);
    expect(state.criteria.map(({ phase: of, text }) => `${of} ${text}`)).toEqual([
      '03 A mirror that holds its shape',
      '04 The sensor stays at -20 °C',
      '04 A dark frame has no hot pixels',
      '05 guide --start locks on a star',
      '05 Drift is below one pixel',
      '06 Faint things become visible',
    ]);
    expect(state.todo.map(({ priority, text }) => `${priority} ${text}`)).toEqual([
      'P2 Remote control from the house (parked as 999.1)',
    ]);
    // What GSD finished is one line, and in full where GSD has it.
    expect(phase('04')?.archived).toBe('.planning/phases/04-camera');
    expect(phase('01')?.archived).toBe('.planning/ROADMAP.md');
  });

  test('a late one: the files know more than the roadmap, and a summary may say that it is not done', () => {
    gsd(LATE);
    const made = init();
    expect(phase('01')?.state).toBe('done');
    expect(plans('01')).toEqual(['01-01 complete Weld the plates', '01-02 complete Paint']);
    expect(plans('02')).toEqual([
      '02-01 complete Choose the engine',
      '02-02 not_started Mount it',
      '02-03 not_started Fuel',
      '02-04 not_started Close the gap: a second tank.',
    ]);
    expect(phase('03')?.state).toBe('future');
    expect(plans('03')).toEqual(['03-01 complete Piers']);
    expect(stateOf(project).goals).toEqual([
      { id: 'v1.0', name: 'v1.0 Maiden Voyage', phases: ['01', '02', '03', '04'], reached: undefined },
    ]);
    expect(stateOf(project).todo.map(({ priority, text }) => `${priority} ${text}`)).toEqual([
      'P0 [BLOCKER] Fuel supplier blocks 02-03',
      'P1 Name the ship',
      'P1 Which flag',
    ]);
    expect(made.gsd?.notes.map(({ file, line, why }) => [file.replace('.planning/', ''), line, why])).toEqual(
      [
        ['phases/02-engine/02-02-SUMMARY.md', 10, 'summary-partial'],
        ['ROADMAP.md', 51, 'depends'],
        ['ROADMAP.md', 54, 'section'],
        ['phases/03-harbour/03-VERIFICATION.md', 4, 'verification'],
        ['STATE.md', lineOf('**Plan:** 02-03'), 'under-way'],
      ],
    );
    expect(project.read('.planning/STATE.md')).toContain('gsd_state_version: 1.0');
  });
});

describe('again', () => {
  test.each([
    ['early', EARLY],
    ['milestones', MILESTONES],
    ['late', LATE],
  ])('a second init changes nothing: %s', (_, files) => {
    gsd(files);
    init();
    const [before, all] = [project.read('.planning/STATE.md'), theirs()];
    const again = init();
    expect(again).toMatchObject({ already: true, made: [], adopted: false });
    expect(again.gsd?.taken).toMatchObject({ phases: [], moved: [], plans: 0, criteria: 0, todo: 0 });
    expect(project.read('.planning/STATE.md')).toBe(before);
    expect(theirs()).toEqual(all);
  });

  test('killed after STATE.md, or in a fresh clone, it is the same again', () => {
    gsd(EARLY);
    init();
    const before = project.read('.planning/STATE.md');
    rmSync(project.path('.coordination'), { recursive: true });
    const again = init();
    expect(again).toMatchObject({ already: false, made: ['.coordination/'], adopted: false });
    expect(project.read('.planning/STATE.md')).toBe(before);
  });

  test('what GSD added since is added; what coord knows stays', () => {
    gsd(EARLY);
    init();
    project.git('add', '-A');
    project.git('commit', '-qm', 'adopt');
    agenda((state, at) => changeTodo(state, 'T1', (item) => ({ ...item, done: at })));
    agenda((state) => dropCriterion(state, 'C2'));
    value(startPhase(project.home, '02'));
    const roadmap = EARLY['ROADMAP.md'] ?? '';
    putFiles(project.home, {
      'ROADMAP.md': `${roadmap
        .replace('- [ ] 02-03: Time it', '- [ ] 02-03: Time it\n- [ ] 02-04: Taste it')
        .replace('Phase 1: Foundation\n', 'Phase 1: Renamed\n')
        .replace('- [ ] TBD (planned later)', '- [ ] 03-01: Buy cups\n- [x] 03-02: Fold napkins')
        .replace('- [ ] 02.1-01: Solder', '- [x] 02.1-01: Solder')}
### Phase 4: Cake
**Depends on**: Phase 3
**Goal**: There is cake
`,
    });
    const news = init();
    expect(news.made).toEqual(['.planning/STATE.md']);
    expect(news.gsd?.taken).toEqual({
      phases: ['04'],
      moved: ['02.1', '03'],
      plans: 2,
      criteria: 1,
      milestones: [],
      todo: 0,
    });
    expect(whys(news.gsd?.notes ?? [])).toContain('ROADMAP.md of-worker');
    expect(plans('03')).toEqual(['03-01 not_started Buy cups', '03-02 complete Fold napkins']);
    expect(phase('02.1')).toMatchObject({ state: 'done', plans: [{ id: '02.1-01', state: 'complete' }] });
    expect(phase('02')).toMatchObject({ state: 'active' });
    expect(plans('02')).toHaveLength(3);
    expect(phase('01')?.name).toBe('Foundation');
    expect(phase('04')?.depends).toEqual(['03']);
    expect(stateOf(project).todo).toHaveLength(3);
    const before = project.read('.planning/STATE.md');
    expect(init().made).toEqual([]);
    expect(project.read('.planning/STATE.md')).toBe(before);
  });

  test('a folder that GSD makes later becomes the phase’s, as long as nobody started it', () => {
    const { 'phases/02.1-leaking-kettle-inserted/02.1-01-PLAN.md': kettle = '', ...rest } = EARLY;
    gsd(rest);
    init();
    expect(phase('02.1')?.folder).toBe('02.1-leaking-kettle');
    putFiles(project.home, { 'phases/02.1-leaking-kettle-inserted/02.1-01-PLAN.md': kettle });
    expect(init().gsd?.taken.moved).toEqual(['02.1']);
    expect(phase('02.1')?.folder).toBe('02.1-leaking-kettle-inserted');
  });

  test('where GSD comes to a project that coord has already, nothing of coord’s is touched', () => {
    project = new Project();
    init();
    const ours = {
      id: '2',
      name: 'Ours',
      plans: [{ id: '02-01', title: 'Our plan' }],
      scope: [],
      depends: [],
    };
    value(addPhaseTo(project.home, ours));
    agenda((state, at) => addTodo(state, 'P0', 'our item', at));
    const { 'STATE.md': _, ...rest } = EARLY;
    putFiles(project.home, rest);
    init();
    expect(phase('2')).toMatchObject({ name: 'Ours', state: 'future' });
    expect(phase('2')?.plans.map((one) => `${one.id} ${one.title}`)).toEqual([
      '02-01 Our plan',
      '02-02 Weigh leaves',
      '02-03 Time it',
    ]);
    expect(stateOf(project).phases.map((one) => one.id)).toEqual(['01', '2', '02.1', '03']);
    expect(phase('03')?.depends).toEqual(['2', '02.1']);
    expect(stateOf(project).todo.map((one) => one.text)).toEqual(['our item']);
  });

  test('who may not change STATE.md takes no news in', () => {
    gsd(EARLY);
    init();
    putFiles(project.home, { 'ROADMAP.md': `${EARLY['ROADMAP.md']}\n### Phase 9: New\n` });
    const before = project.read('.planning/STATE.md');
    expect(value(initProject(project.home, false)).made).toEqual([]);
    expect(project.read('.planning/STATE.md')).toBe(before);
  });
});

describe('work goes on', () => {
  test('a phase is started beside GSD’s plans, in GSD’s folder', () => {
    gsd(EARLY);
    init();
    project.git('add', '-A');
    project.git('commit', '-qm', 'adopt');
    const { worktree } = value(startPhase(project.home, '02'));
    const folder = join(worktree, '.planning', 'phases', '02-brewing');
    expect(readdirSync(folder).sort()).toEqual([
      '02-01-PLAN.md',
      '02-01-SUMMARY.md',
      '02-02-PLAN.md',
      '02-CONTEXT.md',
      'STATUS.md',
    ]);
    expect(readFileSync(join(folder, 'STATUS.md'), 'utf8')).toContain('02-01');
    expect(gitIn(worktree, 'branch', '--show-current').trim()).toBe('coord/02-brewing');
    // GSD counts STATUS.md for nothing, and coord does not take its own for a plan.
    expect(whys(notes())).not.toContain('phases/02-brewing/STATUS.md file-name');
  });
});

describe('what is hostile, or broken, is listed and stops nothing', () => {
  const folder = '.planning/phases/02-brewing';

  test('a roadmap that is no text leaves what the folders say', () => {
    gsd(EARLY);
    writeFileSync(project.path('.planning', 'ROADMAP.md'), Buffer.from([0x23, 0x20, 0x0a, 0xff, 0xfe, 0x0a]));
    const made = init();
    expect(made.gsd?.notes[0]).toMatchObject({ file: '.planning/ROADMAP.md', line: 2, why: 'not-utf8' });
    expect(stateOf(project).phases.map(({ id, name, state }) => `${id} ${state} ${name}`)).toEqual([
      '01 done Foundation',
      '02 future Brewing',
      '02.1 future Leaking kettle',
    ]);
    expect(plans('02')).toEqual(['02-01 complete Boil water.', '02-02 not_started Weigh leaves.']);
  });

  test('a roadmap that is too large, and one that is a folder', () => {
    gsd({ ...EARLY, 'ROADMAP.md': `# Roadmap\n${'x'.repeat(1024 * 1024)}\n` });
    expect(whys(notes())).toContain('ROADMAP.md too-large');
    project.dispose();
    const { 'ROADMAP.md': _, ...rest } = EARLY;
    gsd(rest);
    mkdirSync(project.path('.planning', 'ROADMAP.md'));
    expect(whys(notes())).toContain('ROADMAP.md no-file');
  });

  test('links that lead out, or nowhere, are not followed; one that stays inside is', () => {
    gsd(EARLY);
    const secret = join(project.outside('secrets'), 'key.md');
    writeFileSync(secret, '- [x] **Phase 7: Stolen words**\n');
    const at = (...parts: string[]) => project.path('.planning', ...parts);
    rmSync(at('ROADMAP.md'));
    symlinkSync(secret, at('ROADMAP.md'));
    symlinkSync(project.outside('secrets'), at('phases', '05-outside'));
    symlinkSync('02-brewing', at('phases', '06-inside'));
    symlinkSync('nowhere', at('phases', '02-brewing', '02-02-SUMMARY.md'));
    const made = init();
    expect(whys(made.gsd?.notes ?? [])).toEqual(
      expect.arrayContaining([
        'ROADMAP.md leads-out',
        'phases/05-outside leads-out',
        'phases/02-brewing/02-02-SUMMARY.md unreadable',
        'phases/06-inside/02-01-PLAN.md file-name',
      ]),
    );
    expect(plans('02')).toContain('02-02 not_started Weigh leaves.');
    expect(project.read('.planning/STATE.md')).not.toContain('Stolen');
  });

  test('summaries that cannot be believed: empty, binary, in another language', () => {
    gsd({
      ...EARLY,
      'phases/02-brewing/02-02-SUMMARY.md': '',
      'phases/02-brewing/02-03-SUMMARY.md': '---js\n{ status: process.exit(3) }\n---\n# done\n',
      'phases/02-brewing/02-05-SUMMARY.md': summary('02', '05', 'status: FAILED after two tries\n'),
    });
    writeFileSync(project.path(folder, '02-04-SUMMARY.md'), Buffer.from([0x80, 0x81]));
    expect(whys(notes())).toEqual(
      expect.arrayContaining([
        'phases/02-brewing/02-02-SUMMARY.md empty',
        'phases/02-brewing/02-03-SUMMARY.md language',
        'phases/02-brewing/02-04-SUMMARY.md not-utf8',
        'phases/02-brewing/02-05-SUMMARY.md summary-failed',
      ]),
    );
    expect(phase('02')?.plans.map((one) => one.state)).toEqual([
      'complete',
      'not_started',
      'not_started',
      'not_started',
      'failed',
    ]);
  });

  test('numbers given twice, names that are none, control characters, Windows newlines', () => {
    const roadmap = `# Roadmap

## Phases
- [ ] **Phase 1: One \u001b[31mred\u001b[0m \u202eback**
- [ ] **Phase 2: Two**
- [ ] **Phase x9y: What**
- [ ] Something else
- [ ] ~~**Phase 8: Dropped**~~

### Phase 1: One
**Depends on**: Phase 2
Plans:
- [ ] 01-01: First
- [ ] 01-01: First again
- [ ] 09-01: Not here
### Phase 1: Another one
### Phase 2: Two
**Depends on**: Phase 1, Phase 77
### Phase 3
`.replaceAll('\n', '\r\n');
    gsd({
      'ROADMAP.md': roadmap,
      'phases/02-two/02-01-PLAN.md': '# Plan\n',
      'phases/02-two-copy/02-01-PLAN.md': '# Plan\n',
      'phases/02-two/02-01-again-PLAN.md': '# Plan\n',
      'phases/04 späte Arbeit/04-01-PLAN.md': '# Plan\n',
      'phases/nonsense/01-01-PLAN.md': '# Plan\n',
    });
    const list = notes();
    expect(whys(list).sort()).toEqual([
      'ROADMAP.md cycle',
      'ROADMAP.md depends',
      'ROADMAP.md item',
      'ROADMAP.md item',
      'ROADMAP.md phase-again',
      'ROADMAP.md phase-again',
      'ROADMAP.md plan-again',
      'ROADMAP.md plan-elsewhere',
      'ROADMAP.md struck',
      'phases/02-two-copy folder-again',
      'phases/02-two/02-01-again-PLAN.md plan-again',
      'phases/04 späte Arbeit folder-name',
      'phases/nonsense folder-name',
    ]);
    expect(stateOf(project).phases.map(({ id, name, depends }) => [id, name, depends])).toEqual([
      ['01', 'One', ['02']],
      ['02', 'Two', []],
      ['03', 'Phase 03', []],
    ]);
  });

  test('a folder that cannot be read, and one that lies elsewhere as a whole', () => {
    gsd(EARLY);
    const elsewhere = project.outside('plans');
    chmodSync(project.path(folder), 0o000);
    try {
      init();
      expect(phase('03')?.name).toBe('Serving');
    } finally {
      chmodSync(project.path(folder), 0o755);
    }
    project.dispose();
    project = new Project();
    const outside = project.outside('plans');
    expect(outside).not.toBe(elsewhere);
    symlinkSync(outside, project.path('.planning'));
    const made = init();
    expect(whys(made.gsd?.notes ?? [])).toEqual(['.planning leads-out']);
    expect(existsSync(join(outside, 'STATE.md'))).toBe(true);
  });

  test('a STATE.md that would come to harm is refused and stays as it is', () => {
    const bytes = Buffer.from('# Zustand: gepr\xfcft\n', 'latin1');
    gsd(EARLY);
    writeFileSync(project.path('.planning', 'STATE.md'), bytes);
    expect(refusal(initProject(project.home))).toMatchObject({ code: 'document-corrupt', line: 1 });
    expect(readFileSync(project.path('.planning', 'STATE.md')).equals(bytes)).toBe(true);
    rmSync(project.path('.planning', 'STATE.md'));
    const secret = join(project.outside('secrets'), 'key');
    writeFileSync(secret, 'secret words\n');
    symlinkSync(secret, project.path('.planning', 'STATE.md'));
    expect(refusal(initProject(project.home))).toMatchObject({ code: 'document-corrupt' });
    expect(readFileSync(secret, 'utf8')).toBe('secret words\n');
  });

  test('a .planning of somebody else’s is nothing of GSD’s', () => {
    project = new Project();
    putFiles(project.home, {
      'notes.md': 'x\n',
      'phases/drafts/idea.md': 'y\n',
      'phases/01-api/STATUS.md': 'z\n',
    });
    const made = init();
    expect(made.gsd).toBeUndefined();
    expect(stateOf(project).phases).toEqual([]);
    putFiles(project.home, { 'ROADMAP.md': '# Where we go\n\nSomewhere.\n' });
    expect(whys(notes())).toEqual(['ROADMAP.md no-phases']);
  });
});
