import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { callingAgent, dropCalls, noteCalls } from '../../../src/storage/light/locks/callers.ts';
import { inboxFolder } from '../../../src/storage/light/mail-files.ts';
import { peerNameOf } from '../../../src/storage/light/peer-names.ts';
import { closePeers, listPeers, openPeer, readPeer } from '../../../src/storage/light/peers.ts';
import type { ProcessMark } from '../../../src/storage/light/process.ts';
import { readSession, type SessionRecord, writeSession } from '../../../src/storage/light/roster.ts';
import { ALIVE, DEAD, home } from '../scratch.ts';

let root: string;
beforeEach(() => {
  root = home();
});

function record(
  session: string,
  agent: string | null = null,
  process: ProcessMark | null = ALIVE,
): SessionRecord {
  const startedAt = '2026-01-01T00:00:00.000Z';
  const own = { session, agent, place: null, root, startedAt, process, attended: false, transcript: null };
  writeSession(root, own);
  return own;
}

describe('peers', () => {
  test('a peer is named after its session, a subagent after itself, and has a mailbox', () => {
    expect(openPeer(root, record('1f0c22ab-77d0-4e'))).toBe('agent-1f0c22ab');
    expect(openPeer(root, record('1f0c22ab-77d0-4e', 'a0bd2d5a8dc7'))).toBe('agent-a0bd2d5a');
    expect(existsSync(inboxFolder(root, 'agent-a0bd2d5a'))).toBe(true);
    expect(readSession(root, '1f0c22ab-77d0-4e', null)?.peer).toBe('agent-1f0c22ab');
    expect(listPeers(root).map(({ name }) => name)).toEqual(['agent-1f0c22ab', 'agent-a0bd2d5a']);
    expect(peerNameOf('1F0C22AB-77d0', null)).toBe('agent-1f0c22ab');
  });

  test('two that would have one name get longer ones, and each keeps its own', () => {
    expect(openPeer(root, record('12345678-aaaa'))).toBe('agent-12345678');
    expect(openPeer(root, record('12345678-bbbb'))).toBe('agent-12345678bbbb');
    expect(openPeer(root, record('12345678'))).toBe('agent-12345678-2');
    expect(openPeer(root, record('12345678-bbbb'))).toBe('agent-12345678bbbb');
    expect(openPeer(root, record('12345678-aaaa'))).toBe('agent-12345678');
  });

  test('a session’s end takes its subagents’ names along, and nobody else’s', () => {
    openPeer(root, record('aaaaaaaa'));
    openPeer(root, record('aaaaaaaa', 'bbbbbbbb'));
    openPeer(root, record('cccccccc'));
    closePeers(root, 'aaaaaaaa', 'bbbbbbbb');
    expect(listPeers(root)).toHaveLength(2);
    closePeers(root, 'aaaaaaaa');
    expect(listPeers(root).map(({ name }) => name)).toEqual(['agent-cccccccc']);
  });

  test('one whose process died is swept by the next that comes', () => {
    openPeer(root, record('aaaaaaaa', null, DEAD));
    openPeer(root, record('cccccccc'));
    expect(listPeers(root).map(({ name }) => name)).toEqual(['agent-cccccccc']);
  });

  test.each(['../x', 'worker-01', 'agent-', 'agent-A', 'agent-a/../b'])('%s is no peer', (name) => {
    expect(readPeer(root, name)).toBeUndefined();
  });
});

describe('which subagent calls', () => {
  const words = ['lock', 'src/a.ts'];
  const asked = () => callingAgent(root, 's', words, 2_000);

  test('is known by its very words, until the tool is over', () => {
    expect(asked()).toBeNull();
    noteCalls(root, 'use-1', { session: 's', agent: 'x' }, [['status'], words], 1_000);
    expect(asked()).toBe('x');
    expect(callingAgent(root, 's', ['lock', 'src/a.ts '], 2_000)).toBeNull();
    expect(callingAgent(root, 'other', words, 2_000)).toBeNull();
    dropCalls(root, 'use-1');
    expect(asked()).toBeNull();
  });

  test('is nobody where two say the same, or the session itself does', () => {
    noteCalls(root, 'use-1', { session: 's', agent: 'x' }, [words], 1_000);
    noteCalls(root, 'use-2', { session: 's', agent: 'x' }, [words], 1_000);
    expect(asked()).toBe('x');
    noteCalls(root, 'use-3', { session: 's', agent: 'y' }, [words], 1_000);
    expect(asked()).toBeNull();
    dropCalls(root, 'use-3');
    noteCalls(root, 'use-4', { session: 's', agent: null }, [words], 1_000);
    expect(asked()).toBeNull();
  });

  test('is forgotten after two hours, and the notes stay few', () => {
    noteCalls(root, 'use-1', { session: 's', agent: 'x' }, [words], 1_000);
    expect(callingAgent(root, 's', words, 1_000 + 2 * 3_600_000 + 1)).toBeNull();
    for (let n = 0; n < 260; n += 1)
      noteCalls(root, `many-${n}`, { session: 's', agent: 'z' }, [['locks', String(n)]], 9_000_000 + n);
    expect(callingAgent(root, 's', ['locks', '259'], 9_000_300)).toBe('z');
    expect(callingAgent(root, 's', ['locks', '3'], 9_000_300)).toBeNull();
  });
});
