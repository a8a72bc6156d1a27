/**
 * A coordinator that knows nothing but files (seed 002) and real sessions: what it drops is shown to them, what they
 * ask lies where it looks; and a session that waits for an answer is shown it once.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import { isLong } from '../kit/long.ts';
import { archiveOf, inboxOf, projectWith } from './disk.ts';
import { bash, countOf, Scene, say } from './kit.ts';

let scene: Scene;
let cwd: string;

beforeAll(async () => {
  scene = await Scene.open(projectWith({}, '01'));
  cwd = scene.project.worktree('01');
});
afterAll(() => scene.close());

/** As the seed writes it: a file with a name of its own, and an id of another moment. */
function drop(message: Record<string, unknown>): void {
  const text = JSON.stringify(
    { from: 'coordinator', to: 'project-instance', read: false, ...message },
    null,
    2,
  );
  const recipe = `cat > .coordination/inbox/msg-$(date +%Y%m%d-%H%M%S)${Math.random()}.json << 'EOF'\n${text}\nEOF\n`;
  execFileSync('sh', ['-c', recipe], { cwd: scene.project.home });
}

/** `ls .coordination/outbox/` and `cat`. */
function outside(): Envelope[] {
  const folder = scene.project.path('.coordination/outbox');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Envelope);
}

const dropped = () =>
  readdirSync(scene.project.path('.coordination/inbox')).filter((name) => name.endsWith('.json'));

describe('an outside coordinator', () => {
  it('directs a worker, finds its question, and answers it in the middle of its turn', async () => {
    drop({ id: 'msg-20251116-153045', type: 'directive', priority: 'HIGH', content: 'Implement the parser' });
    const answer = () => {
      const [question] = outside();
      expect(question).toMatchObject({ from: 'worker-01', type: 'question', content: 'which port?' });
      drop({ id: 'msg-20251116-163000', type: 'response', content: 'port 8080', references: [question?.id] });
      return bash('echo working');
    };
    const steps = [bash('coord send coordinator question "which port?"'), answer, say('thanks')];
    const played = await scene.play({ name: 'directed', cwd, steps });
    expect(played.requests[0]?.latestText).toContain(
      'msg-20251116-153045 · directive · high · from operator',
    );
    expect(played.requests[0]?.latestText).toContain('> Implement the parser');
    expect(played.requests[2]?.toolResults[0]?.text).toContain('working');
    expect(played.requests[2]?.latestText).toContain('> port 8080');
    expect([outside(), dropped()]).toEqual([[], []]);
    const { questions } = scene.project.must<{ questions: unknown[] }>('status');
    expect(questions).toEqual([]);
    expect(archiveOf(scene.project).find(({ type }) => type === 'question')).toMatchObject({ read: true });
  });

  it('wakes an idle session with a dropped file', async () => {
    const terminal = await scene.terminal({ name: 'woken', cwd, steps: () => say('understood') });
    await expect
      .poll(() => existsSync(scene.project.path('.coordination/roster/idle', String(terminal.pid))))
      .toBe(true);
    drop({ type: 'directive', content: 'wake up' });
    const isIt = (request: { actor: string; latestText: string }) =>
      request.actor === 'woken' && request.latestText.includes('> wake up');
    await scene.api.waitFor(isIt, 15_000);
    await terminal.waitIdle();
    await terminal.close();
  });

  it('gets a bad file set aside, and the session goes on unhindered', async () => {
    execFileSync('sh', ['-c', 'echo "{ nonsense: }" > .coordination/inbox/bad.json'], {
      cwd: scene.project.home,
    });
    const played = await scene.play({ name: 'unhindered', cwd, steps: [bash('echo fine'), say('ok')] });
    expect(played.results[0]?.text).toContain('fine');
    expect(readFileSync(scene.project.path('.coordination/dead/bad.json.reason.txt'), 'utf8')).toMatch(
      /JSON/,
    );
    expect(inboxOf(scene.project, 'operator')).toMatchObject([{ from: 'coord', type: 'error' }]);
  });
});

describe('a session that waits for an answer', () => {
  it('is shown it by the command, once, and has acknowledged it when its turn is over', async () => {
    let question: Envelope | undefined;
    const ask = bash('coord send coordinator question "which host?"');
    const wait = () => {
      question = outside()[0];
      setTimeout(() => drop({ type: 'response', content: 'localhost', references: [question?.id] }), 700);
      return bash(`coord wait --for response --ref ${question?.id} --timeout 20`);
    };
    const steps = [ask, wait, bash('echo next'), say('done')];
    const played = await scene.play({ name: 'waiting', cwd, steps });
    expect(played.results[1]?.text).toContain('> localhost');
    expect(countOf(played.seen, '> localhost')).toBe(1);
    expect(inboxOf(scene.project, 'worker-01')).toEqual([]);
    const next = await scene.play({ name: 'later', cwd, steps: [say('ok')] });
    expect(next.seen).not.toContain('localhost');
  });

  it.runIf(isLong)('is told when nothing comes', async () => {
    const steps = [bash('coord wait --for response --timeout 1'), say('done')];
    const played = await scene.play({ name: 'in vain', cwd, steps });
    expect(played.results[0]).toMatchObject({ isError: true });
    expect(played.results[0]?.text).toContain('no response came within 1 s');
  });
});

describe('a broadcast', () => {
  it.runIf(isLong)(
    'of a worker reaches the coordinator’s session, and one of the coordinator each worker',
    async () => {
      const told = await scene.play({
        name: 'telling',
        cwd,
        steps: [bash('coord send all progress "the schema moved" --json'), say('told')],
      });
      expect(told.results[0]?.text).toContain('"to":"coordinator"');
      const lead = await scene.play({
        name: 'lead',
        cwd: scene.project.home,
        steps: [bash('coord send all directive "freeze"'), say('ok')],
      });
      expect(lead.requests[0]?.latestText).toContain('> the schema moved');
      const next = await scene.play({ name: 'frozen', cwd, steps: [say('ok')] });
      expect(next.requests[0]?.latestText).toContain('· directive · normal · from coordinator');
      expect(next.requests[0]?.latestText).toContain('> freeze');
    },
  );
});
