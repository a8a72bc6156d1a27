/** Several agents in one tree, in the real client: automatic locks, refused writes, release by commit, a subagent. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong } from '../kit/long.ts';
import { markedBy } from '../kit/messages-api.ts';
import type { ModelRequest } from '../kit/model-request.ts';
import { projectWith } from './disk.ts';
import { bash, call, countOf, Gate, type Played, resultsOf, Scene, say, write } from './kit.ts';

const MARKER = '[[the helper in the shared tree]]';
const isHelper = (request: ModelRequest) => request.agentId !== undefined && markedBy(MARKER)(request);

interface Listed {
  path: string;
  holder: string;
  agent: string | null;
}

let scene: Scene;

async function open(): Promise<void> {
  const project = projectWith({ 'src/app.ts': 'one\n', 'src/other.ts': 'one\n' }, '01');
  project.must('config', 'set', 'mode', 'shared');
  project.must('config', 'set', 'lock_wait', '1');
  scene = await Scene.open(project);
}

function locks(): Listed[] {
  return scene.project.must<{ locks: Listed[] }>('locks').locks;
}

describe('two sessions in one tree', () => {
  let first: Played;
  let second: Played;
  let midway: Listed[] = [];

  beforeAll(async () => {
    await open();
    const { project } = scene;
    const cwd = project.home;
    const [hasWritten, mayCommit, mayEnd] = [new Gate(), new Gate(), new Gate()];
    const lead = scene.start({
      name: 'lead',
      cwd,
      steps: [
        call('Read', { file_path: join(cwd, 'src/app.ts') }),
        write(join(cwd, 'src/app.ts'), 'two\n'),
        () => {
          midway = locks();
          hasWritten.open();
          return bash('echo waiting');
        },
        mayCommit.before(bash('git add src/app.ts && git commit -qm "App" -- src/app.ts')),
        say('committed'),
      ],
    });
    await hasWritten.passed;
    const peer = scene.start({
      name: 'peer',
      cwd,
      steps: [
        call('Read', { file_path: join(cwd, 'src/app.ts') }),
        write(join(cwd, 'src/app.ts'), 'three\n'),
        bash('echo three > src/app.ts'),
        bash('git add -A'),
        write(join(cwd, 'src/new.ts'), 'mine\n'),
        async () => {
          mayCommit.open();
          await lead.done;
          mayEnd.open();
          return bash('echo on with other work');
        },
        mayEnd.before(bash('echo three > src/app.ts')),
        say('done'),
      ],
    });
    [first, second] = await Promise.all([lead.done, peer.done]);
  });
  afterAll(() => scene.close());

  it('locks what the first writes, by itself', () => {
    expect(first.results.map((result) => result.isError)).toEqual([false, false, false, false]);
    expect(midway).toMatchObject([{ path: 'src/app.ts', holder: 'coordinator' }]);
  });

  it('refuses the other one’s write and shell command, naming the holder and what to do', () => {
    const [, byTool, byShell, staging] = second.results;
    for (const result of [byTool, byShell]) {
      expect(result?.isError).toBe(true);
      expect(result?.text).toContain('src/app.ts is locked by coordinator');
      expect(result?.text).toContain('coord lock src/app.ts --wait 60');
    }
    expect(staging).toMatchObject({
      isError: true,
      text: expect.stringContaining('src/app.ts of coordinator'),
    });
    expect(second.results[4]).toMatchObject({ isError: false });
  });

  it('is free when the holder has committed it, and the other one is told once', () => {
    expect(countOf(second.seen, 'The lock on src/app.ts is free')).toBe(1);
    expect(second.results.at(-1)).toMatchObject({ isError: false });
    expect(readFileSync(scene.project.path('src/app.ts'), 'utf8')).toBe('three\n');
  });

  it('leaves nothing locked when both have ended', () => {
    expect(locks()).toEqual([]);
  });
});

describe('a subagent in its session’s tree', () => {
  beforeAll(open);
  afterAll(() => scene.close());

  it.runIf(isLong)(
    'holds for itself, also by its own coord command, and no longer than it lives',
    async () => {
      const { api, project } = scene;
      const cwd = project.home;
      let during: Listed[] = [];
      api.add({
        name: 'helper',
        when: isHelper,
        turns: [
          write(join(cwd, 'src/helped.ts'), 'x\n'),
          bash('coord lock src/later.ts --json'),
          () => {
            during = locks();
            return write(join(cwd, '.planning/STATE.md'), 'x\n');
          },
          say('helped'),
        ],
      });
      const input = { description: 'help', prompt: `Help. ${MARKER}`, subagent_type: 'general-purpose' };
      const steps = [call('Agent', { ...input, run_in_background: false }), say('over')];
      await scene.play({ name: 'session', cwd, steps });
      const results = resultsOf(api.of('helper'));
      expect(results.map((result) => result.isError)).toEqual([false, false, true]);
      expect(existsSync(join(cwd, 'src/helped.ts'))).toBe(true);
      expect(during.map(({ path }) => path)).toEqual(['src/helped.ts', 'src/later.ts']);
      for (const { agent, holder } of during) {
        expect(agent).not.toBeNull();
        expect(holder).toBe(`agent-${agent?.slice(0, 8)}`);
      }
      expect(locks()).toEqual([]);
    },
  );
});
