/** The test mutex in the real client: held behind a call, waited for and got, refused, and given back by a failure. */
import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong } from '../kit/long.ts';
import { projectWith } from './disk.ts';
import { bash, Gate, type Played, Scene, say } from './kit.ts';

/** Runs as long as its file is there. */
const CHECK = `
const { existsSync } = require('node:fs');
const look = () => (existsSync('stay-' + process.argv[2]) ? setTimeout(look, 30) : console.log('checked'));
look();
`;

let scene: Scene;

function holders(): string[] {
  const { locks } = scene.project.must<{ locks: { kind: string; holder: string; command?: string }[] }>(
    'locks',
  );
  return locks.filter(({ kind }) => kind === 'mutex').map(({ holder, command }) => `${holder}: ${command}`);
}

describe.runIf(isLong)('two sessions in one tree', () => {
  let lead: Played;
  let peer: Played;
  const seen: string[][] = [];

  beforeAll(async () => {
    const project = projectWith({ 'src/app.ts': 'one\n', 'check.js': CHECK }, '01');
    project.must('config', 'set', 'mode', 'shared');
    project.must('config', 'set', 'mutex', '["default", "node check.js"]');
    project.must('config', 'set', 'lock_wait', '0');
    writeFileSync(project.path('stay-lead'), '');
    scene = await Scene.open(project);
    const cwd = project.home;
    const [leadRuns, peerHasLock, leadRefused] = [new Gate(), new Gate(), new Gate()];
    const first = scene.start({
      name: 'lead',
      cwd,
      steps: [
        bash('node check.js lead', { run_in_background: true }),
        async () => {
          leadRuns.open();
          await peerHasLock.passed;
          return bash('echo two > src/app.ts');
        },
        () => {
          seen.push(holders());
          leadRefused.open();
          return say('on with other work');
        },
      ],
    });
    await leadRuns.passed;
    const second = scene.start({
      name: 'peer',
      cwd,
      steps: [
        bash('echo three > src/app.ts'),
        async () => {
          peerHasLock.open();
          await leadRefused.passed;
          project.must('config', 'set', 'lock_wait', '20');
          return bash('node check.js peer');
        },
        bash('coord unlock src/app.ts'),
        () => {
          // The client notes the end of the task; no hook of the other session runs before the wait is over.
          setTimeout(() => rmSync(project.path('stay-lead')), 1_000);
          return bash('node check.js peer');
        },
        bash('node check.js peer && exit 3'),
        () => {
          seen.push(holders());
          return say('done');
        },
      ],
    });
    [lead, peer] = await Promise.all([first.done, second.done]);
  });
  afterAll(() => scene.close());

  it('holds it for a command in the background, behind its call', () => {
    expect(lead.results.map(({ isError }) => isError)).toEqual([false, true]);
    expect(seen[0]).toEqual(['coordinator: node check.js lead']);
  });

  it('refuses at once whoever has what the holder wants, with what to type', () => {
    const [, refused] = peer.results;
    expect(refused?.isError).toBe(true);
    expect(refused?.text).toContain('coordinator wants src/app.ts, which you have');
    expect(refused?.text).toContain('`coord unlock src/app.ts`');
  });

  it('is waited for, and got when that command has ended', () => {
    const [, , unlocked, waited] = peer.results;
    expect(unlocked?.text).toContain('src/app.ts: unlocked');
    expect(waited).toMatchObject({ isError: false, text: expect.stringContaining('checked') });
    const waits = scene.project.read('.coordination/log/coord.jsonl').split('\n');
    const ended = waits
      .filter((line) => line.includes('"mutex-wait"'))
      .map((line) => JSON.parse(line) as object);
    expect(ended.at(-1)).toMatchObject({ actor: expect.stringMatching(/^agent-/), ended: 'taken' });
  });

  it('is free after a command that failed', () => {
    expect(peer.results.at(-1)).toMatchObject({
      isError: true,
      text: expect.stringContaining('Exit code 3'),
    });
    expect(seen[1]).toEqual([]);
  });
});
