import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { acknowledge } from '../../src/storage/light/acknowledging.ts';
import { buryMessage } from '../../src/storage/light/dead-letters.ts';
import { listUnacknowledged } from '../../src/storage/light/mailbox.ts';
import { listOpenQuestions } from '../../src/storage/light/open-questions.ts';
import { takeSeat } from '../../src/storage/light/seat.ts';
import { routeDropped } from '../../src/usecases/route-dropped.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { addWorker, callerOf, drop, loggedIn, mailHome, mailOf } from '../kit/mail-home.ts';
import { onlyOf } from '../kit/scene.ts';
import { ALIVE, DEAD } from '../storage/scratch.ts';

const SEED = {
  id: 'msg-20251116-153045',
  from: 'coordinator',
  to: 'project-instance',
  timestamp: '2025-11-16T15:30:45Z',
  type: 'directive',
  content: 'Implement Layer 3 Processing',
  priority: 'high',
  read: false,
};

let folder: string;
beforeEach(() => {
  folder = mailHome('01');
});

const inbox = () => readdirSync(join(folder, '.coordination/inbox')).filter((name) => name.endsWith('.json'));
const contents = (agent: string) => mailOf(folder, agent).map(({ content }) => content);
const route = (atMs = Date.now()) => routeDropped(folder, atMs);
const reasonOf = (name: string) =>
  readFileSync(join(folder, `.coordination/dead/${name}.reason.txt`), 'utf8');

function ask(who = '01', to = 'coordinator') {
  return onlyOf(
    sendMessage(callerOf(folder, who), { to, type: 'question', content: 'Which port?' }, Date.now()),
  );
}

describe('a message of seed 002', () => {
  test('reaches the one worker there is, as the operator’s, with the id and time that it gave', () => {
    drop(folder, 'msg-20251117-080000.json', SEED);
    route();
    const [message, ...more] = mailOf(folder, 'worker-01');
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      id: SEED.id,
      from: 'operator',
      to: 'worker-01',
      type: 'directive',
      priority: 'high',
      content: SEED.content,
      timestamp: '2025-11-16T15:30:45.000Z',
    });
    expect(message?.metadata['outside']).toMatchObject({
      file: 'msg-20251117-080000.json',
      from: 'coordinator',
      to: 'project-instance',
    });
    expect([inbox(), loggedIn(folder).map((line) => line?.id)]).toEqual([[], [SEED.id]]);
  });

  test('to a worker by its name or phase reaches that one; of several workers, nobody’s goes to the coordinator', () => {
    addWorker(folder, '02');
    drop(folder, 'a.json', { ...SEED, id: undefined, to: 'worker-02', content: 'by name' });
    drop(folder, 'b.json', { ...SEED, id: undefined, to: '02', content: 'by phase' });
    drop(folder, 'c.json', { ...SEED, id: undefined, content: 'to whom?' });
    route();
    expect(contents('worker-02').sort()).toEqual(['by name', 'by phase']);
    expect([contents('coordinator'), contents('worker-01')]).toEqual([['to whom?'], []]);
  });

  test('with an id that another message has gets one of its own, whoever has it, wherever that is by now', () => {
    addWorker(folder, '02');
    const texts = ['one', 'two', 'three', 'four', 'five'];
    const next = (at: number, to: string) => {
      drop(folder, `${at}.json`, { ...SEED, to, content: texts[at] });
      route();
    };
    next(0, 'worker-01');
    next(1, 'worker-02');
    acknowledge(folder, SEED.id, { by: 'worker-01', session: null, atMs: 0 });
    next(2, 'worker-02');
    drop(folder, 'b.json', { ...SEED, id: 'msg-20251116-000000', to: 'worker-01', content: 'dies' });
    route();
    const death = { at: '', reason: '', rings: 0 };
    buryMessage(folder, 'worker-01', 'msg-20251116-000000', death, () => undefined);
    drop(folder, 'c.json', { ...SEED, id: 'msg-20251116-000000', to: 'worker-02', content: 'lives' });
    route();
    expect(contents('worker-02').sort()).toEqual(['lives', 'three', 'two']);
    drop(folder, 'd.json', { ...SEED, id: `${SEED.id}-ack`, to: 'worker-02' });
    route();
    const ids = loggedIn(folder).map((line) => line?.id);
    expect([new Set(ids).size, ids.length]).toEqual([7, 7]);
  });

  test('dropped twice as it is, is one message; the same words without an id, two', () => {
    for (const name of ['a.json', 'b.json']) drop(folder, name, SEED);
    route();
    expect(contents('worker-01')).toEqual([SEED.content]);
    for (const name of ['c.json', 'd.json']) {
      const file = drop(folder, name, { ...SEED, id: undefined });
      utimesSync(file, name === 'c.json' ? 1_000 : 2_000, name === 'c.json' ? 1_000 : 2_000);
    }
    route();
    expect(contents('worker-01')).toHaveLength(3);
  });
});

describe('an answer', () => {
  const answer = (id: string, change = {}) =>
    drop(folder, 'answer.json', { ...SEED, type: 'response', content: '8080', references: [id], ...change });

  test('reaches who asked, closes the question, and acknowledges it where no coordinator’s session lives', () => {
    addWorker(folder, '02');
    const { id } = ask('02');
    answer(id);
    route();
    expect([contents('worker-02'), contents('worker-01'), contents('coordinator')]).toEqual([
      ['8080'],
      [],
      [],
    ]);
    expect(listOpenQuestions(folder)).toEqual([]);
    expect(listUnacknowledged(folder, 'worker-02')).toEqual([]);
    expect(existsSync(join(folder, `.coordination/outbox/${id}.json`))).toBe(false);
  });

  test.each([
    ['lives', ALIVE, 1],
    ['died', DEAD, 0],
  ] as const)('leaves the question to a coordinator’s session, where one %s', (_, process, left) => {
    const claim = { home: folder, place: null, owner: 'coordinator', session: 's', agent: null, process };
    takeSeat(claim, Date.now());
    answer(ask().id);
    route();
    expect([contents('worker-01'), listOpenQuestions(folder)]).toEqual([['8080'], []]);
    expect(contents('coordinator')).toHaveLength(left);
  });

  test('to a question that was given up acknowledges that too', () => {
    const { id } = ask();
    buryMessage(folder, 'coordinator', id, { at: '', reason: '', rings: 0 }, () => undefined);
    answer(id);
    route();
    expect(contents('worker-01')).toEqual(['8080']);
    expect(readdirSync(join(folder, '.coordination/dead/coordinator'))).toEqual([]);
    expect(existsSync(join(folder, `.coordination/outbox/${id}.json`))).toBe(false);
    routeDropped(folder, Date.now());
    expect(contents('coordinator')).toEqual([]);
  });

  test('an ack acknowledges, and is set aside when it acknowledges nothing', () => {
    const { id } = ask();
    drop(folder, 'ack.json', { type: 'ack', references: [id] });
    drop(folder, 'none.json', { type: 'ack', references: ['msg-20251116-153045'] });
    route();
    expect([contents('coordinator'), listOpenQuestions(folder).length]).toEqual([[], 1]);
    expect(reasonOf('none.json')).toContain('nothing of msg-20251116-153045 waits');
  });
});

describe('is set aside with its reason, and the operator is told once', () => {
  test.each<[string, object | string, RegExp]>([
    ['wrong JSON', '{"type": directive}', /not JSON/],
    ['no object', '[]', /not a JSON object/],
    ['no content', { ...SEED, content: ' ' }, /content/],
    ['an unknown recipient', { ...SEED, to: 'worker-99' }, /nobody is called worker-99; known: .*worker-01/],
    ['an ended worker', { ...SEED, to: 'worker-09' }, /worker-09 has ended/],
    ['a megabyte', `{"content": "${'x'.repeat(1_100_000)}"}`, /too long/],
    ['half a megabyte', { ...SEED, content: 'x'.repeat(500_000) }, /characters/],
  ])('%s', (_name, message, reason) => {
    addWorker(folder, '09', 'ended');
    drop(folder, 'bad.json', message);
    for (let times = 0; times < 3; times += 1) route();
    expect([inbox(), existsSync(join(folder, '.coordination/dead/bad.json'))]).toEqual([[], true]);
    expect(reasonOf('bad.json')).toMatch(reason);
    expect(mailOf(folder, 'operator')).toMatchObject([
      { from: 'coord', type: 'error', metadata: { error_type: 'bad_message', file: 'bad.json' } },
    ]);
    expect(contents('worker-01')).toEqual([]);
  });

  test('a link, and what it leads to is not touched', () => {
    const target = join(folder, 'secret.json');
    writeFileSync(target, JSON.stringify(SEED));
    symlinkSync(target, join(folder, '.coordination/inbox/link.json'));
    route();
    expect(contents('worker-01')).toEqual([]);
    expect([reasonOf('link.json'), existsSync(target)]).toEqual([expect.stringContaining('link'), true]);
  });

  test('and a folder that is named as a file is let be', () => {
    mkdirSync(join(folder, '.coordination/inbox/x.json'));
    drop(folder, 'a.json', SEED);
    route();
    expect([inbox(), contents('worker-01')]).toEqual([['x.json'], [SEED.content]]);
  });
});

describe('a file that grows', () => {
  const whole = JSON.stringify(SEED, null, 2);

  test('is left until it is whole', () => {
    const file = drop(folder, 'slow.json', '');
    for (const piece of whole.match(/[\s\S]{1,40}/g) ?? []) {
      expect(contents('worker-01')).toEqual([]);
      appendFileSync(file, piece);
      route();
    }
    expect([inbox(), contents('worker-01')]).toEqual([[], [SEED.content]]);
  });

  test.each(['', '{"type": "directive", "content": "Impl', whole.slice(0, -2)])(
    'and then grows no more is set aside after ten seconds (%#)',
    (text) => {
      const file = drop(folder, 'half.json', text);
      route();
      expect(inbox()).toEqual(['half.json']);
      const longAgo = Date.now() / 1_000 - 11;
      utimesSync(file, longAgo, longAgo);
      route();
      expect([inbox(), reasonOf('half.json').trim()]).toEqual([[], 'it ends before its JSON does']);
    },
  );

  test('that a router took before it died is still waited for', () => {
    mkdirSync(join(folder, '.coordination/inbox/.routing'));
    const file = join(folder, '.coordination/inbox/.routing/a.json');
    writeFileSync(file, whole.slice(0, 30));
    route();
    expect(existsSync(file)).toBe(true);
    appendFileSync(file, whole.slice(30));
    route();
    expect([existsSync(file), contents('worker-01')]).toEqual([false, [SEED.content]]);
  });
});
