/** Sixteen processes that send, acknowledge, sweep, route and wait at once: nothing is lost, nothing is there twice. */
import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import { listFullLogs, logFile } from '../../src/storage/light/message-log.ts';
import { sendersInterrupted } from '../../src/storage/light/sending.ts';
import { routeDropped } from '../../src/usecases/route-dropped.ts';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import { repeated } from '../kit/mail.ts';
import { loggedIn, mailHome } from '../kit/mail-home.ts';
import { home } from '../storage/scratch.ts';
import type { MoverOrders } from './fixtures/mail-mover.ts';

const WIDTH = 16;

let bundle = '';
beforeAll(async () => {
  bundle = await bundleFixture(fileURLToPath(new URL('fixtures/mail-mover.ts', import.meta.url)));
});

interface Told {
  readonly sent: string[];
  readonly dropped: string[];
}

function move(orders: MoverOrders): Promise<Told> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle, JSON.stringify(orders)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const heard = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        heard[name] += text;
      });
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(heard.stdout) as Told);
      else reject(new Error(`${code}: ${heard.stderr}`));
    });
  });
}

function moveAll(orders: Omit<MoverOrders, 'number'>): Promise<Told[]> {
  return Promise.all(Array.from({ length: WIDTH }, (_, number) => move({ ...orders, number })));
}

/** Every message in every box, each once for each file. */
function lying(folder: string): Envelope[] {
  const found: Envelope[] = [];
  for (const box of ['inbox', 'archive', 'dead']) {
    const root = join(folder, '.coordination', box);
    for (const entry of readdirSync(root, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
      for (const name of readdirSync(join(root, entry.name)))
        found.push(JSON.parse(readFileSync(join(root, entry.name, name), 'utf8')) as Envelope);
    }
  }
  return found;
}

test('messages, broadcasts and dropped files of sixteen processes each lie in one place, and are logged once', async () => {
  const phases = ['01', '02', '03', '04'];
  const folder = mailHome(...phases);
  const told = await moveAll({ folder, phases, sends: isLong ? 500 : 20 });
  const sent = told.flatMap((one) => one.sent);
  expect(new Set(sent).size).toBe(sent.length);
  expect(sent.length).toBeGreaterThanOrEqual(WIDTH * (isLong ? 500 : 20));
  const dropped = told.flatMap((one) => one.dropped);
  for (let rounds = 0; rounds < dropped.length / 200 + 1; rounds += 1) routeDropped(folder, Date.now());
  const messages = lying(folder);
  const ids = messages.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(sent.filter((id) => !ids.includes(id))).toEqual([]);
  const contents = messages.map(({ content }) => content).filter((content) => content.startsWith('dropped '));
  expect(contents.sort()).toEqual(dropped.sort());
  const logged = loggedIn(folder);
  expect(logged).not.toContain(undefined);
  const lines = logged.map((line) => line?.id ?? '');
  expect(new Set(lines).size, repeated(lines).slice(0, 5).join(' ')).toBe(lines.length);
  expect(ids.filter((id) => !lines.includes(id))).toEqual([]);
  const notices = messages.filter(({ metadata }) => metadata['error_type'] === 'undelivered');
  expect(repeated(notices.map((it) => `${it.to} ${it.references.join()}`))).toEqual([]);
  expect(sendersInterrupted(folder)).toEqual([]);
});

test('a log that is full is put aside while sixteen processes write, and no line is lost', async () => {
  const lines = isLong ? 500 : 60;
  for (let rounds = 0; rounds < (isLong ? 10 : 2); rounds += 1) {
    const folder = home();
    const descriptor = openSync(logFile(folder), 'w');
    // About half of the lines fit.
    const bytes = 64 * 1024 * 1024 - WIDTH * lines * 5;
    ftruncateSync(descriptor, bytes);
    writeSync(descriptor, '\n', bytes);
    closeSync(descriptor);
    await moveAll({ folder, phases: [], sends: 0, lines });
    const full = listFullLogs(folder);
    expect(full).toHaveLength(1);
    const texts = [
      readFileSync(full[0] ?? '')
        .subarray(bytes)
        .toString(),
      readFileSync(logFile(folder), 'utf8'),
    ];
    const written = texts.flatMap((text) => text.split('\n').filter(Boolean));
    expect(texts.map((text) => text.length > 0)).toEqual([true, true]);
    const expected = Array.from(
      { length: WIDTH * lines },
      (_, at) => `${Math.floor(at / lines)}-${at % lines}`,
    );
    expect(written.map((line) => (JSON.parse(line) as { id: string }).id).sort()).toEqual(expected.sort());
  }
});
