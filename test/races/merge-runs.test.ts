/**
 * Several `coord merge run` at once: ten make one merge; one that was stopped for so long that another followed changes
 * nothing when it wakes up; one that is interrupted leaves everything as it was.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { bareEnvironment, type Project, scripts } from '../kit/project.ts';
import { entryOf, filesOn, leftovers, queue, tipOf, verdicts, waiting } from '../kit/queue.ts';

const RUN = ['merge', 'run', '--json'];
let project: Project;
afterEach(() => {
  expect(leftovers(project)).toEqual([]);
  project.dispose();
});

interface Answer {
  readonly landed?: readonly { readonly phase: string }[];
  readonly busy?: { readonly holder: string };
  readonly error?: { readonly code: string };
  readonly left?: readonly { readonly reason: { readonly code: string } }[];
}

/** A run that can be signalled. */
function start() {
  const child = spawn(process.execPath, [join(scripts, 'coord.cjs'), ...RUN], {
    cwd: project.home,
    env: bareEnvironment(),
  });
  let stdout = '';
  child.stdout.on('data', (data) => {
    stdout += String(data);
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const ended = new Promise<{ code: number | null; answer: Answer; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, answer: JSON.parse(stdout || '{}') as Answer, stderr }));
  });
  return { child, ended };
}

async function until(what: () => boolean): Promise<void> {
  for (let looks = 0; looks < 1_200; looks += 1) {
    if (what()) return;
    await sleep(50);
  }
  throw new Error('it did not come to that');
}

test('ten at once make one merge', async () => {
  project = waiting(['01', '02']);
  const count = project.path('.git', 'validated');
  project = withValidation(project, `echo x >> '${count}'; sleep 1`);
  queue(project, '01');
  queue(project, '02');
  const ran = await Promise.all(Array.from({ length: 10 }, () => project.coordLater(RUN)));
  expect(ran.map(({ code, stderr }) => (code === 0 ? '' : stderr))).toEqual(Array(10).fill(''));
  const answers = ran.map(({ stdout }) => JSON.parse(stdout) as Answer);
  const landed = answers.filter((answer) => (answer.landed?.length ?? 0) > 0);
  expect(landed.map((answer) => answer.landed?.map(({ phase }) => phase))).toEqual([['01', '02']]);
  expect(readFileSync(count, 'utf8')).toBe('x\n');
  expect(answers.filter((answer) => answer.busy?.holder === 'operator').length).toBeGreaterThan(0);
  expect(project.git('rev-list', '--count', 'main~2..main').trim()).toBe('2');
  expect(verdicts(project, '01')).toHaveLength(1);
});

test('one that stood still while another followed it lands and rejects nothing when it goes on', async () => {
  project = waiting(['01', '02']);
  const gate = project.path('.git', 'gate');
  project = withValidation(
    project,
    `touch '${gate}.seen'; while test ! -e '${gate}'; do sleep 0.05; done; test ! -e bad`,
  );
  queue(project, '01', { bad: 'x\n' });
  queue(project, '02');
  const first = start();
  await until(() => existsSync(`${gate}.seen`));
  first.child.kill('SIGSTOP');
  const turn = project.path('.coordination/leases/merge-turn');
  const top = readdirSync(turn).sort().at(-1) ?? '';
  utimesSync(join(turn, top), 1_000_000_000, 1_000_000_000);
  project.write('.git/gate', '');
  const second = await project.coordLater(RUN);
  expect((JSON.parse(second.stdout) as Answer).landed).toMatchObject([{ phase: '02' }]);
  const after = tipOf(project, 'main');
  first.child.kill('SIGCONT');
  const { code, answer } = await first.ended;
  expect([code, answer.error?.code ?? answer.left?.[0]?.reason.code]).toEqual([1, 'turn-lost']);
  expect([tipOf(project, 'main'), entryOf(project, '01').tries]).toEqual([after, 1]);
  expect([verdicts(project, '01').length, verdicts(project, '02').length]).toEqual([1, 1]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'one that is ended by %s leaves the branch in the line and no process behind',
  async (signal) => {
    project = waiting(['01']);
    const seen = project.path('.git', 'seen');
    project = withValidation(project, `test -e 01.txt && touch '${seen}' && sleep 77.7`);
    queue(project, '01');
    const before = tipOf(project, 'main');
    const run = start();
    await until(() => existsSync(seen));
    run.child.kill(signal);
    const { code, answer, stderr } = await run.ended;
    if (signal !== 'SIGKILL')
      expect([code, answer.left?.[0]?.reason.code], stderr).toEqual([1, 'interrupted']);
    expect([tipOf(project, 'main'), entryOf(project, '01')]).toMatchObject([
      before,
      { state: 'queued', tries: 0 },
    ]);
    await until(() => !project.git('-c', 'alias.ps=!ps ax', 'ps').includes('sleep 77.7'));
    expect(verdicts(project, '01')).toEqual([]);
    expect(JSON.parse((await project.coordLater(['merge', 'status', '--json'])).stdout)).toMatchObject({
      turn: null,
      running: null,
      entries: [{ entry: '01.1', state: 'queued', position: 1 }],
    });
    expect(filesOn(project)).toEqual(['shared.txt']);
  },
);

/** Of this test alone: its paths are in it. */
function withValidation(one: Project, validation: string): Project {
  const set = one.coord(['config', 'set', 'validation', JSON.stringify([validation])]);
  if (set.code !== 0) throw new Error(set.stderr);
  one.git('commit', '-qam', 'Validation');
  return one;
}
