/** What no parser can know is let through and judged afterwards, from both sides (design: the guard). */
import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inboxOf, projectWith } from './disk.ts';
import { bash, Gate, type Played, Scene, say } from './kit.ts';

const TOOL =
  '#!/bin/sh\ncd "$(dirname "$0")/../02-phase-02" && echo harm >> src/app.txt && echo new > made.txt\n';
const FAILING = `${TOOL}echo more >> src/lib.txt\nexit 3\n`;
const SLOW = '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.05; done\necho late > ../02-phase-02/late.txt\n';
const OWN = '#!/bin/sh\necho own > made-here.txt\n';

let scene: Scene;
let other: string;
let mine: string;

beforeAll(async () => {
  const files = { 'src/app.txt': 'one\n', 'src/lib.txt': 'lib\n', 'tool.sh': TOOL, 'failing.sh': FAILING };
  scene = await Scene.open(projectWith({ ...files, 'slow.sh': SLOW, 'own.sh': OWN }, '01', '02'));
  mine = scene.project.worktree('01');
  other = scene.project.worktree('02');
});
afterAll(() => scene.close());

describe('a script that nobody can read beforehand', () => {
  let played: Played;

  beforeAll(async () => {
    const steps = [
      bash('sh own.sh'),
      bash('sh tool.sh'),
      bash('sh failing.sh'),
      bash('echo after > after.txt'),
    ];
    played = await scene.play({ name: 'trespasser', cwd: mine, steps });
  });

  it('goes unhindered and unremarked while it stays at home', () => {
    expect(played.results[0]).toMatchObject({ isError: false });
    expect(readFileSync(join(mine, 'made-here.txt'), 'utf8')).toBe('own\n');
    expect(played.requests[1]?.latestText).not.toContain('Trespass');
  });

  it('is told of what it did elsewhere, with the files and how to restore them', () => {
    expect(readFileSync(join(other, 'src/app.txt'), 'utf8')).toContain('harm');
    const told = played.requests[2]?.latestText ?? '';
    expect(told).toContain('[coord] Trespass');
    expect(told).toContain('sh tool.sh');
    expect(told).toContain('src/app.txt');
    expect(told).toContain('made.txt');
    const restore = /restore: (git -C \S+ restore -- src\/app\.txt)/.exec(told)?.[1] ?? 'false';
    execSync(restore);
    expect(readFileSync(join(other, 'src/app.txt'), 'utf8')).toBe('one\n');
  });

  it('is told the same when the script fails', () => {
    expect(played.results[2]).toMatchObject({ isError: true });
    expect(played.requests[3]?.latestText).toContain('src/lib.txt');
  });

  it('tells nothing of it twice', () => {
    expect(played.requests[4]?.latestText).not.toContain('Trespass');
  });

  it.each(['worker-02', 'coordinator'])('is reported to %s, once for each command', (agent) => {
    const reports = inboxOf(scene.project, agent).filter(
      (message) => message.metadata['error_type'] === 'trespass',
    );
    expect(reports.map((report) => report.metadata['trespass_by'])).toEqual(['worker-01', 'worker-01']);
    expect(reports[0]).toMatchObject({ type: 'error', from: 'coord', priority: 'urgent' });
    expect(reports[0]?.content).toContain('sh tool.sh');
    expect(reports[0]?.content).toContain('src/app.txt');
    expect(reports[1]?.content).toContain('src/lib.txt');
  });

  it('is in the context of the owner when it starts', async () => {
    const owner = await scene.play({ name: 'owner', cwd: other, steps: [say('seen')] });
    expect(owner.requests[0]?.latestText).toContain('sh tool.sh');
    expect(owner.requests[0]?.latestText).toContain('run by worker-01');
  });
});

describe('a command that goes on in the background', () => {
  it("is reported by the owner's own comparison at its Stop", async () => {
    const gate = new Gate();
    const steps = [bash('echo here > here.txt'), gate.before(say('my turn ends'))];
    const owner = scene.start({ name: 'attentive', cwd: other, steps });
    await scene.api.waitFor(
      (request) => request.actor === 'attentive' && request.toolResults.length > 0,
      20_000,
    );
    const write = [
      bash('sh slow.sh', { run_in_background: true }),
      bash('touch go; echo let go'),
      gate.before(say('bye')),
    ];
    const culprit = scene.start({ name: 'culprit', cwd: mine, steps: write });
    for (let waited = 0; !existsSync(join(other, 'late.txt')) && waited < 10_000; waited += 50)
      await sleep(50);
    gate.open();
    const { requests, seen } = await owner.done;
    await culprit.done;
    expect(seen).toContain('late.txt');
    expect(seen).toMatch(/late\.txt .*while `sh slow\.sh` of worker-01 ran/);
    expect(seen).not.toContain('here.txt made');
    // The turn went on for it, once.
    expect(requests).toHaveLength(3);
    const told = inboxOf(scene.project, 'coordinator').filter((message) =>
      message.content.includes('late.txt'),
    );
    expect(told).toHaveLength(1);
  });
});
