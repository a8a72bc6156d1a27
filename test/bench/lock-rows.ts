/**
 * The rows of locks: a taking and a release beside a bare exclusive create, the hook beside the hook with nothing locked,
 * and beside the one that needs no lock.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../../src/storage/light/locks/files.ts';
import { releaseLocks, takeLocks } from '../../src/storage/light/locks/locks.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';
import type { Row } from './bench.ts';
import { fillLocks } from './crowd.ts';
import { type Command, median, timePairs } from './pairs.ts';

const TAKINGS = 400;
const RUNS = 60;

export async function lockRows(): Promise<Row[]> {
  return [...takeAndReleaseRows(), await heldRow(), await crowdRow()];
}

/** In process, one beside the other, so that a disk whose speed drifts slows all three. */
function takeAndReleaseRows(): Row[] {
  const project = Project.started('01');
  const { home } = project;
  const space = { home, place: null, caseBlind: false };
  const bare = project.outside('bare');
  mkdirSync(bare, { recursive: true });
  const holder = { owner: 'bench', session: 'bench', agent: null, process: markOf(process.pid) };
  const text = JSON.stringify({ holder, note: 'x'.repeat(200) });
  const times: { bare: number; take: number; release: number }[] = [];
  for (let n = -20; n < TAKINGS; n += 1) {
    const bareMs = timed(() => {
      const fd = openSync(join(bare, String(n)), 'wx');
      writeSync(fd, text);
      fsyncSync(fd);
      closeSync(fd);
    });
    const target = { kind: 'file' as const, place: null, path: `src/deep/file-${n}.ts` };
    const takeMs = timed(() => {
      const taken = takeLocks(space, { holder, name: 'bench' }, [target]);
      if ('code' in taken || !taken.taken) throw new Error('not taken');
    });
    // Every other one stays, so that the folder fills.
    const dirs = n % 2 === 0 ? [lockFolder(space, 'file', target.path)] : [];
    const releaseMs = timed(() => {
      const freed = releaseLocks(home, ({ owner }) => owner === 'bench', isAny, { dirs });
      if ('code' in freed || freed.length !== dirs.length) throw new Error('not released');
    });
    if (n >= 0) times.push({ bare: bareMs, take: takeMs, release: releaseMs });
  }
  releaseLocks(home, isAny, isAny);
  project.dispose();
  const rowOf = (which: 'take' | 'release', what: string, most: number): Row => {
    const counted = times.filter((_, at) => which === 'take' || at % 2 === 0);
    const ratio = median(counted.map((one) => one[which] / one.bare));
    const ms = (name: 'bare' | 'take' | 'release') => median(counted.map((one) => one[name])).toFixed(2);
    return {
      what,
      budget: `≤ ${most.toFixed(2)} × a bare exclusive create + fsync`,
      measured: `${ratio.toFixed(2)} × (${ms(which)} ms beside ${ms('bare')})`,
      isMet: ratio <= most,
    };
  };
  return [rowOf('take', 'lock acquire, in process', 2), rowOf('release', 'lock release, in process', 3)];
}

const isAny = () => true;

function timed(body: () => void): number {
  const startedAt = process.hrtime.bigint();
  body();
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

async function crowdRow(): Promise<Row> {
  const [few, many] = [sharedProject(), sharedProject()];
  fillLocks(many, 10_000);
  const { ratio, ms, otherMs } = await timePairs(writeIn(many), writeIn(few), RUNS);
  for (const project of [few, many]) project.dispose();
  const measured = `${ratio.toFixed(2)} × (${ms.toFixed(1)} ms beside ${otherMs.toFixed(1)})`;
  const what = 'tool hook on Write in shared mode, 10,000 locks';
  return { what, budget: '≤ 1.10 × the same with none', measured, isMet: ratio <= 1.1 };
}

/** What each write after the first one costs: the lock is the session's own. */
async function heldRow(): Promise<Row> {
  const [shared, apart] = [sharedProject(), Project.started('01')];
  const { ratio, ms, otherMs } = await timePairs(writeIn(shared), writeIn(apart), RUNS);
  for (const project of [shared, apart]) project.dispose();
  const measured = `${ratio.toFixed(2)} × (${ms.toFixed(1)} ms beside ${otherMs.toFixed(1)})`;
  const what = 'tool hook on Write in shared mode, its lock held';
  return { what, budget: '≤ 1.25 × the same in worktree mode', measured, isMet: ratio <= 1.25 };
}

function sharedProject(): Project {
  const project = Project.started('01');
  project.must('config', 'set', 'mode', 'shared');
  return project;
}

function writeIn(project: Project): Command {
  const cwd = project.home;
  const input = join(project.outside('payloads'), 'write.json');
  const tool_input = { file_path: join(cwd, 'src/deep/a.ts'), content: 'x' };
  const payload = {
    hook_event_name: 'PreToolUse',
    session_id: 'bench',
    cwd,
    tool_name: 'Write',
    tool_input,
  };
  writeFileSync(input, JSON.stringify({ ...payload, tool_use_id: 'toolu_bench' }));
  // The process of the session that holds the lock: this one.
  const client = { CLAUDE_PID: String(process.pid) };
  const env = bareEnvironment({ CLAUDE_PLUGIN_DATA: project.outside('plugin data'), ...client });
  return { args: [join(scripts, 'guard.cjs')], cwd, input, env };
}
