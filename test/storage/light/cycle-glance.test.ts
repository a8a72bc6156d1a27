/** What hooks see of a cycle: by the pointer, and without it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PlaceName } from '../../../src/domain/place-name.ts';
import {
  cycleStateFile,
  glanceAtCycle,
  pointerFile,
  writePointer,
} from '../../../src/storage/light/cycle-glance.ts';

let home = '';
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'coord-glance-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

let age = 1_000_000;

/** A state; each one newer than the one before. */
function cycle(id: string, place: PlaceName | undefined, over: object = {}): string {
  const coord = place === undefined ? {} : { coord: { revision: 1, place } };
  const state = {
    cycle_id: id,
    status: 'running',
    current_phase: 'cd',
    current_iteration: 2,
    ...coord,
    ...over,
  };
  const file = put(cycleStateFile(home, id), JSON.stringify(state));
  age += 10;
  utimesSync(file, age, age);
  return file;
}

describe('by the pointer', () => {
  test('it is the one that the worktree has', () => {
    cycle('cycle-a', '01');
    cycle('cycle-b', '01');
    writePointer(home, '01', 'cycle-a');
    expect(glanceAtCycle(home, '01')).toEqual({
      cycle: 'cycle-a',
      status: 'running',
      phase: 'cd',
      iteration: 2,
    });
    expect(glanceAtCycle(home, '02')).toBeUndefined();
    expect(glanceAtCycle(home, null)).toBeUndefined();
  });

  test('the primary worktree has one of its own, also beside a worktree of that name', () => {
    cycle('cycle-a', null);
    cycle('cycle-b', 'home');
    writePointer(home, null, 'cycle-a');
    expect(glanceAtCycle(home, null)).toMatchObject({ cycle: 'cycle-a' });
    expect(glanceAtCycle(home, 'home')).toMatchObject({ cycle: 'cycle-b' });
    writePointer(home, 'home', 'cycle-b');
    expect(glanceAtCycle(home, null)).toMatchObject({ cycle: 'cycle-a' });
  });

  test.each([
    ['no JSON', '{"cycle_id": '],
    ['nothing', ''],
    ['no object', '[1]'],
    ['a status that there is not', '{"status": "done", "current_phase": "cd", "current_iteration": 1}'],
    ['a phase that there is not', '{"status": "running", "current_phase": "x", "current_iteration": 1}'],
    ['no iteration', '{"status": "running", "current_phase": "cd"}'],
  ])('a state that is %s is unreadable', (_, text) => {
    const file = put(cycleStateFile(home, 'cycle-a'), text);
    writePointer(home, '01', 'cycle-a');
    expect(glanceAtCycle(home, '01')).toEqual({ cycle: 'cycle-a', status: 'unreadable', file });
  });

  test('so is one that is gone, or a folder', () => {
    writePointer(home, '01', 'cycle-a');
    expect(glanceAtCycle(home, '01')).toMatchObject({ status: 'unreadable' });
    mkdirSync(cycleStateFile(home, 'cycle-a'), { recursive: true });
    expect(glanceAtCycle(home, '01')).toMatchObject({ status: 'unreadable' });
  });
});

describe('without a pointer', () => {
  test.each([['{"cycle": '], ['{"cycle": 7}'], ['{"cycle": "../../x"}'], ['null'], [undefined]])(
    'or one that says %j, the states are looked through',
    (text) => {
      cycle('cycle-a', '01');
      cycle('cycle-b', '02');
      if (text !== undefined) put(pointerFile(home, '01'), text);
      expect(glanceAtCycle(home, '01')).toMatchObject({ cycle: 'cycle-a' });
      expect(glanceAtCycle(home, '03')).toBeUndefined();
    },
  );

  test('the open one comes before a newer that has ended, else the newest', () => {
    cycle('cycle-a', '01', { status: 'paused' });
    cycle('cycle-b', '01', { status: 'failed' });
    expect(glanceAtCycle(home, '01')).toMatchObject({ cycle: 'cycle-a', status: 'paused' });
    cycle('cycle-a', '01', { status: 'completed' });
    cycle('cycle-c', '01', { status: 'failed' });
    expect(glanceAtCycle(home, '01')).toMatchObject({ cycle: 'cycle-c' });
  });

  test('one of the original workflow is the primary worktree’s', () => {
    cycle('cycle-v1-20260122T100000-abc123', undefined);
    expect(glanceAtCycle(home, null)).toMatchObject({ cycle: 'cycle-v1-20260122T100000-abc123' });
    expect(glanceAtCycle(home, '01')).toBeUndefined();
  });

  test('what is no state is passed over', () => {
    put(cycleStateFile(home, 'cycle-x'), 'no JSON');
    put(join(home, '.workflow/.cycle/notes.json'), '{}');
    put(join(home, '.workflow/.cycle/cycle-y.progress/ra/requirements.md'), '# R');
    expect(glanceAtCycle(home, null)).toBeUndefined();
  });

  test('no more than the newest 200 are read', () => {
    cycle('cycle-old', '01');
    for (let at = 0; at < 200; at++) cycle(`cycle-${at}`, '02');
    expect(glanceAtCycle(home, '01')).toBeUndefined();
    expect(glanceAtCycle(home, '02')).toMatchObject({ cycle: 'cycle-199' });
  });
});
