/** A day that went well, spoiled in every way that its checker is to notice: one that noticed nothing would prove nothing. */
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLease } from '../../../src/storage/light/lease.ts';
import { markOf } from '../../../src/storage/light/process.ts';
import { coordinationPath } from '../../../src/storage/light/roster.ts';
import type { Board } from './board.ts';

/** What is done, and a word of the fault that must be told. */
export function spoil(board: Board): readonly RegExp[] {
  const { project, home } = board;
  const archive = project.path('.coordination', 'archive');
  const [day = ''] = readdirSync(archive);
  const [lost = '', twice = ''] = readdirSync(join(archive, day)).filter((name) => name.endsWith('.json'));
  rmSync(join(archive, day, lost));
  writeFileSync(
    project.path('.coordination/inbox/worker-01', twice),
    readFileSync(join(archive, day, twice)),
  );
  const [line = ''] = project.read('.coordination/messages.jsonl').split('\n');
  appendFileSync(project.path('.coordination/messages.jsonl'), `${line}\n`);
  project.write('lib/core.js', 'exports.surface = () => 0;\n');
  project.git('commit', '-qam', '01-01: Parse');
  project.write('.coordination/.tmp-1-2-3', '');
  project.write('.git/index.lock', '');
  project.git('branch', 'left-over');
  project.git('worktree', 'add', '-q', '--detach', project.path('.claude/worktrees/left'));
  const holder = { owner: 'x', session: null, agent: null, process: markOf(process.pid) };
  takeLease(coordinationPath(home, 'leases', 'seat-x'), holder, {
    now: Date.now,
    ttlMs: null,
    judge: () => 'alive',
  });
  return [
    /is lost: it was sent/,
    /lies in two places/,
    /is in the log twice/,
    /main is red at/,
    /"01-01: Parse" is on main 2 times/,
    /a temporary file is left/,
    /a lock of git's is left/,
    /a branch is left: left-over/,
    /a worktree is left/,
    /a lease is still held: seat-x/,
  ];
}
