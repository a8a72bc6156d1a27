/** STATE.md and DECISIONS.md under people's hands, other programs, bad clocks and workers who reach too far. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { estimateTokens } from '../../src/domain/brief-lines.ts';
import { changeAgenda } from '../../src/usecases/change-agenda.ts';
import { isLong } from '../kit/long.ts';
import { daysAgo } from '../kit/past.ts';
import type { HookPayload, Project } from '../kit/project.ts';
import { coordinated, started, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

const STATE = '.planning/STATE.md';
const MANY = isLong ? 5_000 : 1_500;
const brief = (cwd = project.home) => {
  const payload: HookPayload = { hook_event_name: 'SessionStart', session_id: 's', cwd, source: 'startup' };
  return project.hook('session', payload).context ?? '';
};
const edit = (change: (text: string) => string) => {
  const before = project.read(STATE);
  const after = change(before);
  expect(after).not.toBe(before);
  project.write(STATE, after);
};

describe('STATE.md', () => {
  test.each([
    ['line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a BOM', (text: string) => `\ufeff${text}`],
    ['a BOM and line ends of Windows', (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`],
  ])('with %s is read, changed and keeps what a person wrote', (_title, change) => {
    project = started('01');
    edit((text) => change(`${text}\n## My notes\n\n- a  \n- b\n`));
    project.must('todo', 'add', 'Mend the parser', '--priority', 'P0');
    project.must('todo', 'done', 'T1');
    project.must('decide', 'Go on', '--decision', 'yes');
    const text = project.read(STATE).replaceAll('\r\n', '\n');
    expect(text.match(/## My notes\n\n- a {2}\n- b\n/g)).toHaveLength(1);
    expect(text.match(/^## TODO/gm)).toHaveLength(1);
    expect(project.coord(['doctor']).stdout).not.toContain('STATE.md');
  });

  test('with sections of a person’s above, between and inside coord’s own keeps each, once', () => {
    project = started('01');
    edit((text) =>
      text
        .replace(/\n(## TODO)/, '\n## Above\n\nabove\n\n$1')
        .replace(
          /\n(## Milestones)/,
          '\n### Mine inside\n\n```\n## TODO\n```\n\n## Between\n\nbetween\n\n$1',
        ),
    );
    for (const text of ['one', 'two', 'three']) project.must('todo', 'add', text);
    const text = project.read(STATE);
    for (const mine of ['## Above\n\nabove\n', '## Between\n\nbetween\n'])
      expect(text.split(mine).length).toBe(2);
    expect(text.match(/^- .*\bthree\b/gm)).toHaveLength(1);
  });

  test('with the marks of a merge conflict is refused with its line, told at the start, and mended by doctor', () => {
    project = started('01');
    project.must('todo', 'add', 'Mend the parser', '--priority', 'P0');
    const before = stateOf(project);
    edit((text) =>
      text.replace(/(revision: \d+)/, '<<<<<<< HEAD\n$1\n=======\nrevision: 99\n>>>>>>> theirs'),
    );
    expect(brief()).toMatch(/STATE\.md.*line \d+.*doctor --repair/s);
    expect(project.coord(['todo', 'add', 'x'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('line '),
    });
    project.coord(['doctor', '--repair']);
    expect(stateOf(project).todo).toEqual(before.todo);
    expect(stateOf(project).phases).toEqual(before.phases);
    expect(brief()).toContain('Next: P0 T1 Mend the parser');
  });

  test('with the marks of a merge conflict in its body alone is rendered anew', () => {
    project = started('01');
    edit((text) => text.replace(/\n(## TODO[^\n]*\n)/, '\n<<<<<<< HEAD\n$1=======\n$1>>>>>>> theirs\n'));
    project.must('todo', 'add', 'Mend the parser');
    expect(project.read(STATE).match(/^- .*\bMend the parser/gm)).toHaveLength(1);
  });

  test('with thousands of items, and as many lines of a person’s notes, is kept; the brief names the first P0 within its budget', () => {
    project = coordinated();
    value(
      changeAgenda(project.home, (state) => ({
        ...state,
        todo: Array.from({ length: MANY }, (_, at) => ({
          id: `T${at + 1}`,
          priority: at === MANY - 1_000 ? ('P0' as const) : ('P2' as const),
          text: `item ${at + 1} that has some words`,
          at: '2026-01-01',
        })),
        todo_last: MANY,
      })),
    );
    const notes = `\n## Notes\n\n${'a line of notes\n'.repeat(MANY)}`;
    edit((text) => text + notes);
    const told = brief();
    expect(told).toContain(`Next: P0 T${MANY - 999} item ${MANY - 999}`);
    expect(estimateTokens(told)).toBeLessThanOrEqual(2_000);
    project.must('todo', 'prune', '--older', '30');
    expect(project.read(STATE).endsWith(notes)).toBe(true);
    expect(stateOf(project).todo.map((item) => item.id)).toEqual([`T${MANY - 999}`]);
  }, 60_000);

  test('takes no title, text or name that is more than a line, and shows none raw', () => {
    project = started('01');
    const evil = 'x\n## D99: fake\n\u001b[31mred\u202e\u0007';
    for (const args of [
      ['todo', 'add', evil],
      ['criteria', 'add', '01', evil],
      ['milestone', 'add', 'M1', evil, '--phase', '01'],
      ['decide', evil, '--decision', 'yes'],
    ])
      project.coord(args);
    edit((text) => text.replace(/^(project: ).*$/m, '$1"a\\e[31m\\nb"'));
    for (const text of [brief(), project.coord(['resume']).stdout, project.coord(['status']).stdout]) {
      expect(text).not.toMatch(/[\u001b\u202e\u0007]|^## D99/m);
    }
    expect(project.read('DECISIONS.md')).not.toMatch(/^## D99/m);
  });
});

describe('DECISIONS.md', () => {
  test('that was deleted comes back with the next decision or with doctor, numbers going on', () => {
    project = started('01');
    for (const title of ['One', 'Two']) project.must('decide', title, '--decision', 'yes');
    const whole = project.read('DECISIONS.md');
    rmSync(project.path('DECISIONS.md'));
    expect(project.coord(['doctor'])).toMatchObject({ code: 1, stdout: expect.stringContaining('D3') });
    project.must('decide', 'Three', '--decision', 'yes');
    project.coord(['doctor', '--repair']);
    const { decisions } = project.must<{ decisions: { number: number; title: string }[] }>('decisions');
    expect(decisions.map((one) => `${one.number} ${one.title}`)).toEqual([
      '4 Three',
      '3 Two',
      '2 One',
      expect.stringMatching(/^1 /),
    ]);
    for (const part of whole.split(/^(?=## )/m).slice(1))
      expect(project.read('DECISIONS.md')).toContain(part.trim());
  });

  test('with the marks of a merge conflict loses neither side', () => {
    project = started('01');
    project.must('decide', 'Ours', '--decision', 'yes');
    const file = project.path('DECISIONS.md');
    const text = readFileSync(file, 'utf8');
    const at = text.search(/^## /m);
    const theirs = '## 2026-03-01: Theirs\n\n**Decision:** no\n\n---\n\n';
    writeFileSync(file, `${text.slice(0, at)}<<<<<<< HEAD\n${text.slice(at)}=======\n${theirs}>>>>>>> b\n`);
    project.coord(['decide', 'Next', '--decision', 'yes']);
    project.coord(['doctor', '--repair']);
    const after = project.read('DECISIONS.md');
    for (const title of ['Ours', 'Theirs', 'Next']) expect(after).toMatch(new RegExp(`^## .*${title}`, 'm'));
  });

  test('with a clock that was set back stays in the order of its numbers, newest on top', () => {
    project = started('01');
    project.must('decide', 'Today', '--decision', 'yes');
    const then = project.coord(['decide', 'Set back', '--decision', 'yes'], { env: daysAgo(40) });
    expect(then.code).toBe(0);
    project.must('decide', 'Today again', '--decision', 'yes');
    const titles = [...project.read('DECISIONS.md').matchAll(/^## .*?(Today again|Set back|Today|begins)/gm)];
    expect(titles.map((found) => found[1])).toEqual(['Today again', 'Set back', 'Today', 'begins']);
    expect(project.coord(['doctor']).stdout).not.toMatch(/D\d/);
    // All that was heard lies in the future now.
    const told = project.hook(
      'session',
      { hook_event_name: 'SessionStart', session_id: 's', cwd: project.home, source: 'startup' },
      daysAgo(40),
    ).context;
    expect(told).toContain('You are the coordinator');
    expect(told).not.toMatch(/-\d+ (?:s|min|h|days?)\b|NaN/);
  });

  test('sixteen at once: sixteen entries, sixteen numbers', async () => {
    project = started('01');
    const all = Array.from({ length: 16 }, (_, at) =>
      project.coordLater(['decide', `Number ${at}`, '--decision', 'yes']),
    );
    for (const run of await Promise.all(all)) expect(run).toMatchObject({ code: 0 });
    const { decisions } = project.must<{ decisions: { number: number }[] }>('decisions');
    expect(decisions.map((one) => one.number)).toEqual(Array.from({ length: 17 }, (_, at) => 17 - at));
    expect(project.coord(['doctor']).stdout).not.toMatch(/D\d/);
  }, 60_000);
});

test.each([
  ['todo', 'add', 'x'],
  ['todo', 'done', 'T1'],
  ['todo', 'prune'],
  ['criteria', 'add', 'v1', 'x'],
  ['criteria', 'met', 'C1'],
  ['milestone', 'add', 'M1', 'x'],
  ['ticket', 'new', 'x', 'X'],
  ['ticket', 'issue', 'x', '--phase', '01'],
  ['ticket', 'regenerate'],
  ['handoff'],
  ['phase', 'add', '09', 'X'],
  ['phase', 'close', '02'],
  ['phase', 'reassign', '02'],
  ['phase', 'scope', '02', '**'],
  ['approve', 'A1'],
  ['decisions', 'accept', '1'],
])('a worker does not get away with `coord %s %s`', (...args) => {
  project = started('01', '02');
  project.must('todo', 'add', 'The lead’s');
  const before = [project.read(STATE), project.read('DECISIONS.md'), project.git('log', '--oneline')];
  const cwd = project.worktree('01');
  for (const env of [{}, { CLAUDE_CODE_SESSION_ID: 'w' }])
    expect(project.coord(args, { cwd, env })).toMatchObject({ code: 1 });
  expect([project.read(STATE), project.read('DECISIONS.md'), project.git('log', '--oneline')]).toEqual(
    before,
  );
});
