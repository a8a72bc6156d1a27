/**
 * The four recovery scenarios of seed 001, through the real client: a lead replaced, a context window full, days without
 * anybody, `.taskers/` lost. The model of each session that comes knows nothing but what it is told: it does what coord
 * names as the next thing, by the very words in which it is named.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { markOf } from '../../src/storage/light/process.ts';
import { writeSession } from '../../src/storage/light/roster.ts';
import { isLong } from '../kit/long.ts';
import type { Reply, Turn } from '../kit/messages-api.ts';
import { daysAgo, setBack } from '../kit/past.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { archiveOf, inboxOf, projectWith } from './disk.ts';
import { bash, countOf, Gate, isCompaction, type Played, Scene, SUMMARY, say, write } from './kit.ts';
import {
  BUDGET_TOKENS,
  type Figures,
  injected,
  killed,
  measure,
  nextTodo,
  printFigures,
  questionsIn,
  SECONDS_MAX,
} from './recovery-kit.ts';

let scene: Scene;
const figures: Figures[] = [];
afterEach(() => scene.close());
afterAll(() => console.info(printFigures(figures)));

async function open(...phases: string[]): Promise<Project> {
  scene = await Scene.open(projectWith({ 'README.md': '# Scratch\n' }, ...phases));
  return scene.project;
}

/** A model that follows the brief: each turn is made from what its first request says. */
function follower(...turns: ((brief: string) => Turn)[]): Reply {
  let brief: string | undefined;
  let at = 0;
  return (request) => {
    brief ??= request.latestText;
    const turn = turns[at]?.(brief);
    at += 1;
    return turn ?? say('over');
  };
}

/** A session that starts cold and does its first P0, all of it by the brief. */
async function comeCold(
  scenario: string,
  cwd: string,
  ...turns: ((brief: string) => Turn)[]
): Promise<Played> {
  const start = { atMs: Date.now() };
  const steps = follower(...turns);
  const played = await scene.play({ name: 'heir', cwd, steps, prompt: 'Go on.' });
  const told = injected(played.client.events, 'SessionStart', 'UserPromptSubmit');
  judge(measure(scenario, start, played.requests[0], told), told);
  return played;
}

function judge(figure: Figures, told: readonly string[]): void {
  figures.push(figure);
  expect(figure.budget).toBeLessThanOrEqual(BUDGET_TOKENS);
  expect(figure.tokens).toBeGreaterThan(50);
  expect(figure.seconds).toBeLessThan(SECONDS_MAX);
  expect(questionsIn(told.join('\n'))).toEqual([]);
}

const finishNext = (brief: string) => bash(`coord todo done ${nextTodo(brief)}`);

function todo(project: Project): Record<string, string> {
  const { todo: items } = project.must<{ todo: { id: string; done?: string }[] }>('todo', 'list', '--all');
  return Object.fromEntries(items.map((item) => [item.id, item.done ? 'done' : 'open']));
}

describe('a lead that is replaced', () => {
  it('killed in the midst of its work, its heir knows all from the first word on and goes on', async () => {
    const project = await open('01');
    const { home } = project;
    const gate = new Gate();
    const lead = scene.start({
      name: 'lead',
      cwd: home,
      steps: [
        bash(
          'coord todo add "Read the grammar" --priority P0 && coord todo add "Write the parser" --priority P0',
        ),
        bash('coord decide "Use a parser generator" --decision "yes" --alternative "by hand: too slow"'),
        bash('coord todo done T1'),
        write('notes.md', 'half a thought\n'),
        gate.before(say('never said')),
      ],
    });
    await scene.api.waitFor(() => scene.api.of('lead').length >= 5, 30_000);
    project.mustIn(
      project.worktree('01'),
      'send',
      'coordinator',
      'question',
      'Which grammar is it, the old one?',
    );
    await killed(lead);
    gate.open();

    const heir = await comeCold(
      'lead killed, another comes',
      home,
      finishNext,
      () => bash('coord status --json'),
      () => bash('coord phase add 02 "Printer" --plan 02-01:"Page"'),
    );
    const [told = ''] = injected(heir.client.events, 'SessionStart');
    expect(told).toContain('Next: P0 T2 Write the parser');
    expect(told).toContain('Use a parser generator');
    expect(told).toContain('1 file(s) not committed (notes.md)');
    expect(told).toContain('> Which grammar is it, the old one?');
    expect(told).not.toContain('Another live session');
    expect(heir.results.map((result) => result.isError)).toEqual([false, false, false]);
    expect(todo(project)).toEqual({ T1: 'done', T2: 'done' });
    const seat = JSON.parse(heir.results[1]?.text ?? '') as { coordinator: object };
    expect(seat.coordinator).toMatchObject({ session: heir.client.sessionId, epoch: 2 });
    expect(project.must<{ phases: { id: string }[] }>('phase', 'list').phases.map(({ id }) => id)).toEqual([
      '01',
      '02',
    ]);
  });
});

describe('a context window that is full', () => {
  /** Each message of this text: how often it was put into the session. */
  const shown = (played: Played, ...texts: string[]) => {
    const all = injected(
      played.client.events,
      'SessionStart',
      'UserPromptSubmit',
      'Stop',
      'PostToolUse',
    ).join('\n');
    return texts.map((text) => countOf(all, `> ${text}`));
  };

  it('is compacted by the client itself in the midst of a turn; the session goes on where it was, no mail lost or twice', async () => {
    const project = await open('01');
    const cwd = project.worktree('01');
    project.must('send', '01', 'directive', 'Before all else: keep it small');
    let compactedAtMs = 0;
    let hasGoneOn = false;
    const steps: Reply = (request) => {
      const text = request.latestText;
      if (isCompaction(request)) {
        compactedAtMs = Date.now();
        project.must('send', '01', 'directive', 'While you were away: use tabs');
        return SUMMARY;
      }
      if (text.includes('Your context was compacted')) {
        hasGoneOn = true;
        const task = /Next: plan \S+ First, task (\S+) /.exec(text)?.[1] ?? 'none';
        return bash(`coord task done ${task} && coord plan done 01-01`);
      }
      if (hasGoneOn) return say('over');
      // The first words, then a context that is all but full (of a window of a million).
      return request.toolResults.length === 0
        ? bash('coord plan start 01-01 && coord task add "Lexer" && coord task start 1')
        : { ...bash('echo x > lexer.txt'), inputTokens: 990_000 };
    };
    const played = await scene.play({ name: 'worker', cwd, steps });
    expect(hasGoneOn).toBe(true);
    const told = injected(played.client.events, 'SessionStart');
    expect(told).toHaveLength(2);
    const [, again = ''] = told;
    expect(again).toMatch(
      /Your context was compacted at \S+\. You were at plan 01-01 First, task \S+ Lexer\./,
    );
    expect(again).toContain('Next: plan 01-01 First, task');
    expect(again).toContain('1 file(s) not committed (lexer.txt)');
    const request = played.requests.find((one) => one.latestText.includes('Your context was compacted'));
    judge(measure('context full, compacted', { atMs: compactedAtMs }, request, [again]), []);
    expect(played.results.at(-1)).toMatchObject({ isError: false });
    expect(shown(played, 'Before all else', 'While you were away')).toEqual([1, 1]);
    expect(inboxOf(project, 'worker-01')).toEqual([]);
    expect(archiveOf(project).filter((message) => message.to === 'worker-01')).toHaveLength(2);
  });

  it.runIf(isLong)(
    'is compacted by a person’s /compact; the lead is told all again, and mail that came meanwhile once',
    async () => {
      const project = await open('01');
      project.must('todo', 'add', 'Write the parser', '--priority', 'P0');
      const start = { atMs: 0 };
      const terminal = await scene.terminal({
        name: 'lead',
        cwd: project.home,
        steps: (request) => {
          if (!isCompaction(request)) {
            const id = /^Next: P0 (T\d+)/m.exec(request.latestText)?.[1];
            return request.latestText.includes('context was compacted')
              ? bash(`coord todo done ${id}`)
              : say('noted');
          }
          project.mustIn(project.worktree('01'), 'send', 'coordinator', 'progress', 'The lexer stands');
          return SUMMARY;
        },
      });
      await terminal.prompt('Look around.');
      await terminal.waitIdle();
      start.atMs = Date.now();
      await terminal.prompt('/compact');
      await terminal.waitFor(/Compacted/, 30_000);
      await terminal.waitIdle();
      await terminal.prompt('Go on.');
      const request = await scene.api.waitFor(
        (one) => one.actor === 'lead' && one.latestText.includes('context was compacted'),
        30_000,
      );
      await terminal.waitIdle();
      const text = request.latestText.slice(request.latestText.indexOf('[coord]'));
      expect(text).toContain('Next: P0 T1 Write the parser');
      expect(countOf(text, '> The lexer stands')).toBe(1);
      expect(todo(project)).toEqual({ T1: 'done' });
      const all = scene.api
        .of('lead')
        .map((one) => one.latestText)
        .join('\n');
      // In the conversation that is sent again and again it stands once, too.
      expect(countOf(all, '> The lexer stands')).toBe(1);
    },
  );
});

describe('a gap of six days', () => {
  const DAYS = 6;

  /** Left six days ago: one worker done, one dead over its plan, one silent, one that stands still, one never begun. */
  async function left(): Promise<Project> {
    const project = await open();
    const then = { env: daysAgo(DAYS) };
    const coord = (cwd: string, ...args: string[]) => {
      const run = project.coord(args, { ...then, cwd });
      if (run.code !== 0) throw new Error(`coord ${args.join(' ')}: ${run.stderr}`);
    };
    for (const id of ['01', '02', '03', '04', '05']) {
      coord(
        project.home,
        'phase',
        'add',
        id,
        `Phase ${id}`,
        '--plan',
        `${id}-01:First`,
        '--plan',
        `${id}-02:Second`,
      );
      coord(project.home, 'phase', 'start', id);
    }
    const old = project.coord(['decide', 'Too long ago', '--decision', 'x'], { env: daysAgo(20) });
    expect(old.code).toBe(0);
    coord(project.home, 'decide', 'Tabs, not blanks', '--decision', 'tabs');
    coord(project.home, 'todo', 'add', 'Answer worker-02', '--priority', 'P0');
    coord(project.home, 'todo', 'add', 'Look at worker-01', '--priority', 'P0');
    for (const plan of ['01-01', '01-02']) coord(project.worktree('01'), 'plan', 'start', plan);
    for (const plan of ['01-01', '01-02']) coord(project.worktree('01'), 'plan', 'complete', plan);
    for (const id of ['02', '03', '04']) coord(project.worktree(id), 'plan', 'start', `${id}-01`);
    coord(project.worktree('02'), 'blocker', 'raise', 'No access to the database', '--plan', '02-01');
    coord(project.worktree('03'), 'send', 'coordinator', 'progress', 'Half of it stands');
    setBack(project.home, DAYS);
    return project;
  }

  function record(
    project: Project,
    id: string,
    process: { pid: number; started: string | null } | null,
  ): void {
    writeSession(project.home, {
      session: `s-${id}`,
      agent: null,
      place: `${id}-phase-${id}`,
      root: project.worktree(id),
      startedAt: new Date(Date.now() - DAYS * 86_400_000).toISOString(),
      process,
      attended: true,
      transcript: null,
    });
  }

  it('tells which workers are gone, silent or stand still, what waits and what was decided; work goes on', async () => {
    const project = await left();
    const mark = markOf(process.pid);
    record(project, '02', {
      pid: mark.pid,
      started: mark.started ? mark.started.replace(/\d+$/, '1') : null,
    });
    record(project, '03', null);
    record(project, '04', mark);
    setBack(project.path('.coordination', 'roster', 'sessions'), DAYS);

    const heir = await comeCold(`${DAYS} days without anybody`, project.home, finishNext, () => say('over'));
    const [told = ''] = injected(heir.client.events, 'SessionStart');
    expect(told).toContain('Next: P0 T1 Answer worker-02');
    expect(told).toContain('OPEN BLOCKER 02/B1 of worker-02: No access to the database');
    expect(told).toContain('Phase 01 is finished');
    expect(told).toMatch(/- worker-01 \(phase 01\) has no session\./);
    expect(told).toMatch(
      /- worker-02 \(phase 02\) has lost its session: its process is gone, last heard 6 days ago\./,
    );
    expect(told).toMatch(/- worker-03 \(phase 03\) is silent, last heard 6 days ago\./);
    expect(told).toMatch(
      /- worker-04 \(phase 04\) has a plan under way and changes nothing, last heard 6 days ago\./,
    );
    expect(told).toMatch(/- worker-05 \(phase 05\) has no session\./);
    expect(told).toContain('Tabs, not blanks');
    expect(told).not.toContain('Too long ago');
    expect(told).toContain('> Half of it stands');
    expect(told).toMatch(/git: main at [0-9a-f]{12}/);
    expect(heir.results.map((result) => result.isError)).toEqual([false]);
    expect(todo(project)).toMatchObject({ T1: 'done', T2: 'open' });

    // A worker's successor: its plan, and how it was left.
    const cwd = project.worktree('02');
    const start = { atMs: Date.now() };
    const steps = [bash('coord plan list'), say('over')];
    const worker = await scene.play({ name: 'worker', cwd, steps });
    const [brief = ''] = injected(worker.client.events, 'SessionStart');
    judge(measure('the same, a worker', start, worker.requests[0], [brief]), [brief]);
    expect(brief).toContain('Next: plan 02-0');
    expect(brief).toContain('No access to the database');
  });
});

describe('.taskers/ that is lost', () => {
  const runsOf = (project: Project) => {
    const folder = project.path('.taskers', 'runs');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((run) =>
      readdirSync(join(folder, run)).map(
        (name) => `${name}: ${readFileSync(join(folder, run, name), 'utf8')}`,
      ),
    );
  };

  it('is told, the tickets are made again from their templates, and what was integrated is in git', async () => {
    const project = await open();
    for (const id of ['01', '02']) {
      project.must('phase', 'add', id, `Phase ${id}`, '--plan', `${id}-01:First`);
      project.must(
        'ticket',
        'new',
        `t${id}`,
        `The job ${id}`,
        '--scope',
        `src/${id}/**`,
        '--text',
        'Write it.',
      );
      project.must('ticket', 'issue', `t${id}`, '--phase', id);
    }
    project.git('add', '-A');
    project.git('commit', '-qm', 'Tickets');
    for (const id of ['01', '02']) project.must('phase', 'start', id);
    project.must('todo', 'add', 'See that 02 goes on', '--priority', 'P0');
    const cwd = project.worktree('01');
    const steps = [
      bash('mkdir -p src/01 && echo x > src/01/a.txt && git add -A && git commit -qm "01-01: a"'),
      bash('coord plan start 01-01 && coord plan done 01-01'),
      say('All of 01 stands: src/01/a.txt.'),
    ];
    const first = await scene.play({ name: 'first', cwd, steps });
    expect(first.requests[0]?.latestText).toContain('.taskers/tickets/worker-01.md');
    expect(runsOf(project)).toEqual(['worker-01.txt: All of 01 stands: src/01/a.txt.\n']);
    project.must('merge', 'add', '01');
    project.must('merge', 'run');
    expect(project.git('ls-files')).toContain('src/01/a.txt');
    const before = project.read('.taskers/tickets/worker-02.md');
    rmSync(project.path('.taskers'), { recursive: true });

    const regenerate = (brief: string) => {
      const command = /Make the tickets again: `(coord [^`]+)`/.exec(brief)?.[1];
      if (command === undefined) throw new Error(`it is not said how:\n${brief}`);
      return bash(command);
    };
    const heir = await comeCold('`.taskers/` is gone', project.home, regenerate, finishNext);
    const [told = ''] = injected(heir.client.events, 'SessionStart');
    expect(told).toContain('Missing: the tickets of worker-02, and whatever workers had handed in');
    expect(told).not.toContain('tickets of worker-01');
    expect(told).toContain('worker-02 (phase 02) has no session');
    expect(heir.results.map((result) => result.isError)).toEqual([false, false]);
    expect(project.read('.taskers/tickets/worker-02.md')).toBe(before);

    const second = project.worktree('02');
    const again = await scene.play({ name: 'second', cwd: second, steps: [say('Nothing to do yet.')] });
    expect(again.requests[0]?.latestText).toContain('.taskers/tickets/worker-02.md');
    expect(runsOf(project)).toEqual(['worker-02.txt: Nothing to do yet.\n']);
    expect(gitIn(second, 'status', '--porcelain', '--', 'src')).toBe('');
  });
});
