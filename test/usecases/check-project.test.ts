import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { noteAct } from '../../src/storage/light/journal.ts';
import { touchGuard, writeSession } from '../../src/storage/light/roster.ts';
import { checkProject, type Finding } from '../../src/usecases/check-project.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import type { Project } from '../kit/project.ts';
import { operator, started, stateOf, statusOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const codes = (findings: readonly Finding[]) => findings.map((finding) => finding.code);

/** What it finds, and what it still finds after it has repaired. */
function doctored(): { found: string[]; left: string[] } {
  const found = codes(checkProject(project.home, false));
  checkProject(project.home, true);
  return { found, left: codes(checkProject(project.home, false)) };
}

const old = (file: string) => utimesSync(file, new Date(0), new Date(0));

describe('doctor', () => {
  test('finds nothing in a project that is well', () => {
    project = started('01');
    value(sendMessage(operator(project), { to: 'worker-01', type: 'question', content: 'x' }, Date.now()));
    expect(checkProject(project.home, false)).toEqual([]);
  });

  test.each([
    { title: 'a STATE.md that is gone', break_: (p: Project) => rmSync(p.path('.planning/STATE.md')) },
    {
      title: 'a corrupt STATE.md',
      break_: (p: Project) =>
        writeFileSync(p.path('.planning/STATE.md'), '---\n<<<<<<< HEAD\n---\n\n## Mine\n\nwords\n'),
    },
    { title: 'a corrupt STATUS.md', break_: (p: Project) => writeFileSync(p.statusFile('01'), 'gone') },
    { title: 'a STATUS.md that is gone', break_: (p: Project) => rmSync(p.statusFile('01')) },
  ])('writes $title anew from the last good copy, and keeps what was there', ({ title, break_ }) => {
    project = started('01');
    const before = { state: stateOf(project).phases, status: statusOf(project, '01').plans };
    break_(project);
    expect(doctored()).toEqual({ found: ['document'], left: [] });
    expect(stateOf(project).phases).toEqual(before.state);
    expect(statusOf(project, '01').plans).toEqual(before.status);
    if (title === 'a corrupt STATE.md')
      expect(project.read('.planning/STATE.md')).toContain('## Mine\n\nwords');
  });

  test.each(['workers/worker-01.json', 'phases/01-phase-01.json', 'places/01-phase-01.json'])(
    'writes the roster’s record %s anew: torn, gone, or a folder in its place',
    (name) => {
      project = started('01');
      const file = project.path('.coordination/roster', name);
      const before = JSON.parse(readFileSync(file, 'utf8'));
      for (const break_ of [() => writeFileSync(file, '{"half'), () => undefined, () => mkdirSync(file)]) {
        rmSync(file, { recursive: true, force: true });
        break_();
        const isGone = !existsSync(file) && name.startsWith('places');
        // A worktree that joined no phase has no record: a place's that is gone cannot be told from that.
        if (isGone) continue;
        expect(doctored()).toEqual({ found: ['record-corrupt'], left: [] });
        expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ worker: before.worker });
      }
    },
  );

  test('goes on when one of its checks cannot be made', () => {
    project = started('01');
    rmSync(project.path('.coordination/messages.jsonl'), { force: true });
    mkdirSync(project.path('.coordination/messages.jsonl'));
    project.write('.claude/coord.md', '---\nevents: all\n---\n');
    expect(codes(checkProject(project.home, false))).toEqual(['settings', 'check-failed']);
  });

  test('a corrupt STATE.md without a good copy is left to the person', () => {
    project = started('01');
    rmSync(project.path('.coordination/roster/good/STATE.json'));
    writeFileSync(project.path('.planning/STATE.md'), 'gone');
    expect(doctored()).toEqual({ found: ['document'], left: ['document'] });
    expect(project.read('.planning/STATE.md')).toBe('gone');
  });

  test('names a setting that is not in force, and a settings file that cannot be read', () => {
    project = started();
    project.write('.claude/coord.md', '---\nevents: all\nstrict_wait: -1\n---\n');
    expect(codes(checkProject(project.home, true))).toEqual(['settings', 'settings']);
    project.write('.claude/coord.md', '---\nevents: [\n---\n');
    expect(codes(checkProject(project.home, true))).toEqual(['settings']);
    project.write('.claude/coord.md', '---\n# events: full\n---\n');
    expect(codes(checkProject(project.home, true))).toEqual([]);
  });

  test('names a worker whose worktree is gone, and a message that is none', () => {
    project = started('01');
    writeFileSync(project.path('.coordination/inbox/coordinator/x.json'), '{');
    mkdirSync(project.path('.coordination/inbox/coordinator/y.json'));
    rmSync(project.worktree('01'), { recursive: true });
    expect(codes(checkProject(project.home, false))).toEqual([
      'worktree-gone',
      'message-unreadable',
      'message-unreadable',
    ]);
  });

  test('closes a torn log, and sweeps what dead processes left, beside the documents too', () => {
    project = started('01');
    appendFileSync(project.path('.coordination/messages.jsonl'), '{"id":"half');
    const places = [
      project.path('.coordination/roster/places'),
      project.path('.coordination/inbox/worker-01'),
      project.path('.planning'),
      join(project.statusFile('01'), '..'),
    ];
    for (const folder of places) {
      writeFileSync(join(folder, '.tmp-999999999-mwqydjlq-1'), 'x');
      old(join(folder, '.tmp-999999999-mwqydjlq-1'));
    }
    const { found, left } = doctored();
    expect(found).toEqual(['log-foreign', ...places.map(() => 'temporaries')]);
    expect(left).toEqual([]);
    value(sendMessage(operator(project), { to: 'worker-01', type: 'question', content: 'x' }, Date.now()));
    const lines = project.read('.coordination/messages.jsonl').split('\n').filter(Boolean);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ content: 'x' }]);
  });

  test('leaves the temporary of a live process alone', () => {
    project = started();
    const file = project.path(`.coordination/roster/.tmp-${process.pid}-mwqydjlq-1`);
    writeFileSync(file, 'x');
    const hourAgo = Date.now() / 1_000 - 3_600;
    utimesSync(file, hourAgo, hourAgo);
    checkProject(project.home, true);
    expect(project.read(`.coordination/roster/.tmp-${process.pid}-mwqydjlq-1`)).toBe('x');
  });

  test('flags a worker whose tree changes while its guard is silent', () => {
    project = started('01');
    const root = project.worktree('01');
    const long = Date.now() - 3_600_000;
    const session = { session: 's', agent: null, place: '01-phase-01', root, process: null };
    writeSession(project.home, { ...session, startedAt: '', attended: false, transcript: null });
    const file = project.path('.coordination/roster/sessions/s.json');
    utimesSync(file, long / 1000, long / 1000);
    touchGuard(project.home, '01-phase-01', Date.now());
    expect(codes(checkProject(project.home, false))).toEqual([]);
    touchGuard(project.home, '01-phase-01', long);
    writeFileSync(join(root, 'unguarded.txt'), 'x');
    expect(codes(checkProject(project.home, false))).toEqual(['guard-silent']);
  });

  test('tells of hooks that failed today, and not of older ones', () => {
    project = started();
    noteAct(project.home, { act: 'hook-failed', hook: 'Stop', detail: 'boom\nat x' }, Date.now());
    noteAct(project.home, { act: 'hook-failed', hook: 'Stop', detail: 'old' }, Date.now() - 2 * 86_400_000);
    expect(checkProject(project.home, false)).toMatchObject([
      { code: 'hook-failed', hook: 'Stop', detail: 'boom' },
    ]);
  });
});
