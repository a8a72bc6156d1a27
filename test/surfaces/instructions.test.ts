/** The block for CLAUDE.md and AGENTS.md at the command line, and what it tells. */
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { findBlock } from '../../src/domain/managed-block.ts';
import { INSTRUCTIONS, OFFER } from '../../src/surfaces/wording/instructions.ts';
import { Project } from '../kit/project.ts';
import { coordinated } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

test('the block is short, plain, and holds nothing that its own markers could meet', () => {
  project = new Project();
  const lines = INSTRUCTIONS.split('\n');
  expect(lines.length).toBeLessThanOrEqual(25);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
  expect(INSTRUCTIONS).toMatch(/^[\n -~]+$/);
  expect(findBlock(INSTRUCTIONS)).toEqual({ kind: 'none' });
});

describe('coord init', () => {
  test('offers the block in one line while no file has it', () => {
    project = new Project();
    expect(project.coord(['init']).stdout.split('\n')).toContain(OFFER);
    expect(existsSync(project.path('CLAUDE.md'))).toBe(false);
    expect(project.must('init')).toMatchObject({
      already: true,
      instructions: [
        { file: 'CLAUDE.md', state: 'missing' },
        { file: 'AGENTS.md', state: 'missing' },
      ],
    });
    project.must('instructions', 'add');
    expect(project.coord(['init']).stdout).not.toContain(OFFER);
  });

  test('--instructions writes it, once', () => {
    project = new Project();
    project.write('AGENTS.md', '# Agents\n');
    const first = project.must('init', '--instructions');
    expect(first).toMatchObject({ already: false, instructions: [{ file: 'AGENTS.md', change: 'added' }] });
    expect(project.read('AGENTS.md')).toContain(INSTRUCTIONS);
    const second = project.must('init', '--instructions');
    expect(second).toMatchObject({ already: true, instructions: [{ file: 'AGENTS.md', change: 'same' }] });
  });

  test('--instructions is refused before anything is made, where the block cannot be added', () => {
    project = new Project();
    project.write('CLAUDE.md', '# Mine\n```\n');
    const run = project.coord(['init', '--instructions']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('CLAUDE.md line 2: a code fence begins here and never ends');
    expect(existsSync(project.path('.coordination'))).toBe(false);
    expect(project.coord(['init']).code).toBe(0);
  });

  test('does not mind files that it cannot read when it was not asked for the block', () => {
    project = new Project();
    project.write('CLAUDE.md/x', 'a folder');
    const run = project.coord(['init']);
    expect([run.code, run.stdout.includes(OFFER)]).toEqual([0, false]);
  });
});

describe('coord instructions', () => {
  test('add, show and remove say what they did, and leave the file as it was', () => {
    project = Project.started();
    project.write('CLAUDE.md', '# Mine\r\n');
    const added = project.coord(['instructions', 'add']);
    expect(added.stdout).toContain('CLAUDE.md: the block is added at its end; the rest is as it was');
    expect(added.stdout).toContain('Commit it');
    expect(project.coord(['instructions', 'add']).stdout).toBe('CLAUDE.md: has the block already\n');
    const shown = project.must('instructions', 'show');
    expect(shown).toMatchObject({
      text: expect.stringContaining(INSTRUCTIONS),
      files: [
        { file: 'CLAUDE.md', state: 'current' },
        { file: 'AGENTS.md', state: 'missing' },
      ],
    });
    expect(project.coord(['instructions', 'show']).stdout).toContain('CLAUDE.md: has this block');
    expect(project.must('instructions', 'remove')).toEqual({
      files: [
        { file: 'CLAUDE.md', change: 'removed' },
        { file: 'AGENTS.md', change: 'none' },
      ],
    });
    expect(project.read('CLAUDE.md')).toBe('# Mine\r\n');
  });

  test('--file names one, or both', () => {
    project = Project.started();
    const both = ['--file', 'AGENTS.md', '--file', 'CLAUDE.md'];
    expect(project.must('instructions', 'add', ...both)).toEqual({
      files: [
        { file: 'AGENTS.md', change: 'made' },
        { file: 'CLAUDE.md', change: 'made' },
      ],
    });
    expect(project.must('instructions', 'remove', '--file', 'AGENTS.md')).toEqual({
      files: [{ file: 'AGENTS.md', change: 'deleted' }],
    });
    expect(project.read('CLAUDE.md')).toContain(INSTRUCTIONS);
    for (const file of ['README.md', '../CLAUDE.md', 'claude.md'])
      expect(project.coord(['instructions', 'add', '--file', file])).toMatchObject({ code: 64, stdout: '' });
  });

  test('is the coordinator’s and the operator’s, in the primary worktree', () => {
    project = Project.started('01');
    const cwd = project.worktree('01');
    for (const verb of ['add', 'remove', 'show']) {
      const run = project.coord(['instructions', verb, '--json'], { cwd });
      expect([run.code, JSON.parse(run.stdout).error.code]).toEqual([1, 'not-coordinator']);
    }
    expect(project.coord(['init', '--instructions'], { cwd }).code).toBe(1);
    const env = { CLAUDE_CODE_SESSION_ID: 'lead' };
    expect(project.coord(['instructions', 'add'], { env }).code).toBe(0);
    expect(existsSync(project.path('CLAUDE.md'))).toBe(true);
  });
});

test('AGENTS.md has the rules of orchestration as the settings make them, and follows them', () => {
  project = coordinated();
  project.write('AGENTS.md', '# Ours\n\nkeep this\n');
  project.must('instructions', 'add');
  expect(project.read('AGENTS.md')).toContain(
    'At most 15 workers at work at once (claude 5, codex 5, gemini off)',
  );
  expect(project.read('AGENTS.md')).toContain('None is set: the lead goes on by itself.');
  project.must('config', 'set', 'pool', '["claude:8"]');
  project.must('config', 'set', 'approvals', '["phase_start", "merge_run"]');
  const text = project.read('AGENTS.md');
  expect(text).toMatch(/^# Ours\n\nkeep this\n/);
  expect(text).toContain('At most 15 workers at work at once (claude 8)');
  expect(text).toContain('with `coord approve <id>`: phase start, merge run.');
  // Another setting leaves it alone; a file without the block gets none.
  project.must('config', 'set', 'mail_batch', '5');
  expect(project.read('AGENTS.md')).toBe(text);
  expect(existsSync(project.path('CLAUDE.md'))).toBe(false);
});
