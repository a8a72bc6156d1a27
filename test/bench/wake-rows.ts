/** The row of waking: from a message that was sent to an idle session of the real client that asks its model with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Envelope } from '../../src/domain/message.ts';
import { projectWith } from '../e2e/disk.ts';
import { Scene, say } from '../e2e/kit.ts';
import { waiterOf } from '../kit/waiter.ts';
import type { Row } from './bench.ts';

const WAKES = 30;
const BUDGET_MS = 250;

export async function wakeRows(): Promise<Row[]> {
  const scene = await Scene.open(projectWith({}, '01'));
  try {
    const cwd = scene.project.worktree('01');
    const terminal = await scene.terminal({ name: 'idle', cwd, steps: () => say('understood') });
    const tookMs: number[] = [];
    for (let wake = 0; wake <= WAKES; wake += 1) {
      if ((await waiterOf(scene.project, terminal)) === undefined) throw new Error('nothing waits for mail');
      await sleep(300);
      const message = scene.project.must<Envelope>('send', 'worker-01', 'directive', `wake ${wake}`);
      const sentAtMs = Date.now();
      const isIt = (request: { actor: string; latestText: string }) =>
        request.actor === 'idle' && request.latestText.includes(message.id);
      const request = await scene.api.waitFor(isIt, 15_000);
      // The first turn of a session loads what the later ones have.
      if (wake > 0) tookMs.push(request.at - sentAtMs);
      await terminal.waitIdle();
    }
    const [p50, p95] = [quantile(tookMs, 0.5), quantile(tookMs, 0.95)];
    return [
      {
        what: `message sent → idle session's model asked with it (real client, ${WAKES} times)`,
        budget: `≤ ${BUDGET_MS} ms at p95`,
        measured: `${p50} ms at p50, ${p95} ms at p95`,
        isMet: p95 <= BUDGET_MS,
      },
    ];
  } finally {
    await scene.close();
  }
}

/** The smallest value that so many of them do not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
