/** The rows of locks: a taking beside a bare exclusive create, and the hook beside the hook with nothing locked. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { releaseLocks, takeLocks } from '../../src/storage/light/locks.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';
import type { Row } from './bench.ts';
import { fillLocks } from './crowd.ts';
import { type Command, median, timePairs } from './pairs.ts';

const TAKINGS = 400;
const RUNS = 60;

export async function lockRows(): Promise<Row[]> {
  return [acquireRow(), await crowdRow()];
}

/** In process, one beside the other, so that a disk whose speed drifts slows both. */
function acquireRow(): Row {
  const project = Project.started('01');
  const { home } = project;
  const bare = project.outside('bare');
  mkdirSync(bare, { recursive: true });
  const holder = { owner: 'bench', session: 'bench', agent: null, process: markOf(process.pid) };
  const text = JSON.stringify({ holder, note: 'x'.repeat(200) });
  const mine: number[] = [];
  const others: number[] = [];
  for (let n = -20; n < TAKINGS; n += 1) {
    const b = timed(() => {
      const fd = openSync(join(bare, String(n)), 'wx');
      writeSync(fd, text);
      fsyncSync(fd);
      closeSync(fd);
    });
    const target = { kind: 'file' as const, place: null, path: `src/deep/file-${n}.ts` };
    const a = timed(() => {
      const taken = takeLocks({ home, place: null, caseBlind: false }, { holder, name: 'bench' }, [target]);
      if ('code' in taken || !taken.taken) throw new Error('not taken');
    });
    if (n >= 0) {
      mine.push(a);
      others.push(b);
    }
  }
  releaseLocks(
    home,
    () => true,
    () => true,
  );
  project.dispose();
  const ratio = median(mine.map((ms, at) => ms / (others[at] ?? Number.NaN)));
  const measured = `${ratio.toFixed(2)} × (${median(mine).toFixed(2)} ms beside ${median(others).toFixed(2)})`;
  return {
    what: 'lock acquire, in process',
    budget: '≤ 2.00 × a bare exclusive create + fsync',
    measured,
    isMet: ratio <= 2,
  };
}

function timed(body: () => void): number {
  const startedAt = process.hrtime.bigint();
  body();
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

async function crowdRow(): Promise<Row> {
  const [few, many] = [Project.started('01'), Project.started('01')];
  for (const project of [few, many]) project.must('config', 'set', 'mode', 'shared');
  fillLocks(many, 10_000);
  const write = (project: Project): Command => {
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
    const env = bareEnvironment({ CLAUDE_PLUGIN_DATA: project.outside('plugin data') });
    return { args: [join(scripts, 'guard.cjs')], cwd, input, env };
  };
  const { ratio, ms, otherMs } = await timePairs(write(many), write(few), RUNS);
  for (const project of [few, many]) project.dispose();
  const measured = `${ratio.toFixed(2)} × (${ms.toFixed(1)} ms beside ${otherMs.toFixed(1)})`;
  const what = 'tool hook on Write in shared mode, 10,000 locks';
  return { what, budget: '≤ 1.10 × the same with none', measured, isMet: ratio <= 1.1 };
}
