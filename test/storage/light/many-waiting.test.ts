/** Ten thousand waiting messages: what a hook does with them is bounded, and the most urgent comes first. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { printEnvelope } from '../../../src/domain/message.ts';
import { envelopeAt } from '../../../src/domain/urgency.ts';
import { inboxFolder, inFolder } from '../../../src/storage/light/mail-files.ts';
import { listWaiting, ringing } from '../../../src/storage/light/mailbox.ts';
import { claimMail, confirmShown, type Reader } from '../../../src/storage/light/presentation.ts';
import { home } from '../scratch.ts';

const COUNT = 10_000;
const NOON = Date.UTC(2026, 1, 21, 12);
let folder: string;

beforeAll(() => {
  folder = home();
  mkdirSync(inboxFolder(folder, 'coordinator'), { recursive: true });
  for (let at = 0; at < COUNT; at += 1) {
    const priority =
      at === COUNT - 7 ? 'urgent' : at === COUNT - 3 ? 'high' : at % 2 === 0 ? 'low' : 'normal';
    const draft = { to: 'coordinator', type: 'question', content: `Number ${at}`, priority };
    const message = envelopeAt(draft, { tail: String(at), from: 'worker-01', atMs: NOON + at });
    writeFileSync(inFolder(inboxFolder(folder, 'coordinator'), message.id), printEnvelope(message));
  }
});

function reader(nowMs: number): Reader {
  const instance = { session: 's1', agent: null };
  return { home: folder, agent: 'coordinator', instance, event: 'Stop', transcript: null, nowMs };
}

test('batches are bounded, urgent first, then by time, and say how many more wait', () => {
  const startedAt = performance.now();
  const first = claimMail(reader(NOON), 10);
  const tookMs = performance.now() - startedAt;
  expect(first?.envelopes.map(({ content }) => content)).toEqual(
    [COUNT - 7, COUNT - 3, 1, 3, 5, 7, 9, 11, 13, 15].map((at) => `Number ${at}`),
  );
  expect(first?.more).toBe(COUNT - 10);
  // Reading each of them would take half a second at least.
  expect(tookMs).toBeLessThan(400);
  confirmShown(reader(NOON), first?.token ?? '');
  const second = claimMail(reader(NOON + 5_000), 10);
  expect(second?.envelopes[0]?.content).toBe('Number 17');
  expect(second?.more).toBe(COUNT - 20);
});

test('whether any of them is worth a turn is told by names', () => {
  const startedAt = performance.now();
  expect(ringing(folder, 'coordinator', listWaiting(folder, 'coordinator'))).toHaveLength(COUNT - 10);
  expect(performance.now() - startedAt).toBeLessThan(400);
});
