/**
 * The guard's judgement of shell commands as agents write them, in both directions, by the very bundle that the hook
 * loads. The cases lie in guard-commands/, one a line, for the sort of session that the file is named after:
 *   `-` refused   `+` passes, and all that it writes is known   `?` passes, and is judged afterwards
 * `⏎` stands for a line break, `␍` for a carriage return, `␀` for a NUL; @own, @other and @home for the worktrees of
 * the caller and of another worker and for the primary one, @around for the folder that holds them all.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlainCommand } from '../../src/domain/plain-command.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts';
import { coordinatedPlaceOf } from '../../src/storage/light/place.ts';
import { actorOf, presenceOf } from '../../src/storage/light/presence.ts';
import type { ShellVerdict } from '../../src/surfaces/hooks/guard-shell.ts';
import type { ShellCase } from '../../src/surfaces/hooks/shell-case.ts';
import { Project, repositoryRoot, scripts } from '../kit/project.ts';

const folder = join(repositoryRoot, 'test', 'surfaces', 'guard-commands');
type Evaluate = (exports: object, require: NodeJS.Require, module: object, file: string, dir: string) => void;
let project: Project;
let judgeShell: (shell: ShellCase) => ShellVerdict;

beforeAll(() => {
  project = new Project();
  for (const file of ['src/a.ts', 'src/b.ts', 'docs/a.md', 'package.json', 'Makefile'])
    project.write(file, 'x\n');
  project.git('add', '-A');
  project.git('commit', '-qm', 'Files');
  project.must('init');
  for (const id of ['01', '02', '03']) {
    const scope = id === '03' ? ['--scope', 'src/**'] : [];
    project.must('phase', 'add', id, `Phase ${id}`, '--plan', `${id}-01:First`, ...scope);
    project.must('phase', 'start', id);
  }
  const file = join(scripts, 'shell.cjs');
  const bundle = { exports: {} as { judgeShell: typeof judgeShell } };
  const run: Evaluate = runInThisContext(readFileSync(file, 'utf8'), { filename: file });
  run(bundle.exports, createRequire(file), bundle, file, scripts);
  judgeShell = bundle.exports.judgeShell;
});
afterAll(() => project.dispose());

const CALLERS: Readonly<Record<string, () => string>> = {
  coordinator: () => project.home,
  scoped: () => project.worktree('03'),
  worker: () => project.worktree('01'),
};

function verdictOf(cwd: string, command: string): '-' | '+' | '?' {
  const plain = readPlainCommand(command);
  if (plain) return plain.kind === 'reads' ? '+' : '?';
  const standing = coordinatedPlaceOf(cwd);
  if (!standing) throw new Error(`${cwd} is no place`);
  const instance = { session: 's', agent: null };
  const presence = presenceOf(standing, instance);
  const actor = actorOf(presence, instance, false);
  const { HOME } = process.env;
  const settings = { ...DEFAULT_SETTINGS };
  const verdict = judgeShell({ command, cwd, actor, project: presence.place, settings, env: { HOME } });
  return verdict.refusal ? '-' : verdict.unknown === undefined ? '+' : '?';
}

for (const file of readdirSync(folder).sort()) {
  const cases = readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => /^[-+?] /.test(line));
  const caller = /^[a-z]+/.exec(file)?.[0] ?? '';

  describe(file, () => {
    test.each(cases)('%s', (line) => {
      const cwd = CALLERS[caller]?.() ?? '';
      const command = line
        .slice(2)
        .replaceAll('⏎', '\n')
        .replaceAll('␍', '\r')
        .replaceAll('␀', '\0')
        .replaceAll('@own', cwd)
        .replaceAll('@other', project.worktree('02'))
        .replaceAll('@home', project.home)
        .replaceAll('@around', dirname(project.home));
      expect(verdictOf(cwd, command)).toBe(line[0]);
    });
  });
}
