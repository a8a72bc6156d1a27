import { expect, test } from 'vitest';
import { parseSettings } from '../../src/domain/settings.ts';
import { type LeftPlan, trackerCall } from '../../src/domain/tracker-call.ts';

const left: LeftPlan = {
  plan: '01-02',
  phase: '01',
  reason: 'it broke',
  log: '/p/log',
  transcript: '',
  file: '/p/STATUS.md',
};

test('fills what it knows, leaves what it does not, and makes no word of a value', () => {
  const template = [
    'bd',
    'update',
    '{plan}',
    '--notes',
    '{reason} {log}',
    '{phase}:{file}',
    '{other}',
    '{transcript}',
  ];
  expect(trackerCall(template, left)).toEqual([
    'bd',
    'update',
    '01-02',
    '--notes',
    'it broke /p/log',
    '01:/p/STATUS.md',
    '{other}',
    '',
  ]);
});

test.each([
  ['$(rm -rf ~); `x` "y" \'z\'', '$(rm -rf ~); `x` "y" \'z\''],
  ['--delete', ' --delete'],
  ['two\nlines\u0000\u001b[31m', 'two lines'],
  ['{log} and $& and $1', '{log} and $& and $1'],
])('a reason %j stays one harmless word', (reason, word) => {
  expect(trackerCall(['p', '{reason}'], { ...left, reason })).toEqual(['p', word]);
});

test('is bounded', () => {
  expect(trackerCall(['p', '{reason}'], { ...left, reason: 'x'.repeat(9_000) })[1]).toHaveLength(2_000);
});

test.each<[unknown, boolean]>([
  [['bd', 'update', '{plan}', '{plan}'], true],
  [[], true],
  [['{reason}'], false],
  [['a-{plan}', 'x'], false],
  ['bd update', false],
  [['bd', 3], false],
  [['bd', ''], false],
  [['bd', 'two\nlines'], false],
  [Array(41).fill('x'), false],
])('on_plan_failed: %j fits: %j', (on_plan_failed, fits) => {
  const { values, flaws } = parseSettings({ on_plan_failed });
  expect([values.on_plan_failed !== undefined, flaws.length]).toEqual([fits, fits ? 0 : 1]);
});
