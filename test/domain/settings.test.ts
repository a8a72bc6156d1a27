import { describe, expect, test } from 'vitest';
import {
  DEFAULT_SETTINGS,
  expectedOf,
  isSettingKey,
  mergeSettings,
  parseSettings,
  parseSettingWord,
  SETTING_KEYS,
  type SettingKey,
} from '../../src/domain/settings.ts';

describe('parseSettings', () => {
  test.each<[SettingKey, unknown, unknown]>([
    ['guard', 'on', 'on'],
    ['guard', 'off', 'off'],
    ['guard', true, 'on'],
    ['guard', false, 'off'],
    ['strict_blockers', true, true],
    ['strict_blockers', false, false],
    ['strict_wait', 0, 0],
    ['strict_wait', 3_600, 3_600],
    ['events', 'full', 'full'],
    ['events', 'milestones', 'milestones'],
    ['unknown_commands', 'allow', 'allow'],
    ['unknown_commands', 'refuse', 'refuse'],
    ['mail_batch', 1, 1],
    ['mail_batch', 50, 50],
    ['gate', 'strict', 'strict'],
    ['gate', true, 'on'],
    ['gate', false, 'off'],
    ['validation', [], []],
    ['validation', ['npm test', 'npm run lint'], ['npm test', 'npm run lint']],
    ['mutex', [], []],
    ['mutex', ['default', './check.sh'], ['default', './check.sh']],
    ['mutex_parallel', ['npm run lint'], ['npm run lint']],
    ['sequential', true, true],
    ['commit_id', '{id}', '{id}'],
    ['commit_id', 'bd-{id}', 'bd-{id}'],
  ])('%s: %j is %j', (key, raw, value) => {
    expect(parseSettings({ [key]: raw })).toEqual({ values: { [key]: value }, flaws: [] });
  });

  test.each<[SettingKey, unknown]>([
    ['guard', 'maybe'],
    ['guard', 1],
    ['guard', ['on']],
    ['strict_blockers', 'true'],
    ['strict_blockers', 1],
    ['strict_blockers', {}],
    ['strict_wait', -1],
    ['strict_wait', 3_601],
    ['strict_wait', 1.5],
    ['strict_wait', '300'],
    ['strict_wait', Number.NaN],
    ['events', 'lean'],
    ['events', true],
    ['events', 'Full'],
    ['unknown_commands', 'deny'],
    ['mail_batch', 0],
    ['mail_batch', 51],
    ['mail_batch', Number.POSITIVE_INFINITY],
    ['gate', 'maybe'],
    ['validation', 'npm test'],
    ['validation', true],
    ['validation', [1]],
    ['validation', ['']],
    ['validation', ['npm test', ' ']],
    ['validation', ['npm test\nrm -r x']],
    ['validation', ['npm test', 'npm test']],
    ['validation', ['npm test', ' npm test ']],
    ['validation', ['x'.repeat(501)]],
    ['validation', Array.from({ length: 21 }, (_, at) => `test ${at}`)],
    ['validation', { 0: 'npm test' }],
    ['mutex', 'default'],
    ['mutex', ['']],
    ['mutex', ['make', 'make']],
    ['sequential', 'on'],
    ['commit_id', 'bd-'],
    ['commit_id', { id: null }],
    ['commit_id', '{id}\n'],
    ['commit_id', 7],
    ['commit_id', `{id}${'x'.repeat(120)}`],
  ])('%s: %j is a flaw, and the weaker layer holds', (key, raw) => {
    const { values, flaws } = parseSettings({ [key]: raw });
    expect(values).toEqual({});
    expect(flaws).toEqual([
      { code: 'setting-bad', key, value: JSON.stringify(raw), expected: expectedOf(key) },
    ]);
    expect(mergeSettings([values])).toEqual(DEFAULT_SETTINGS);
  });

  test('a bad value spoils no other, and an empty one or an unknown key says nothing', () => {
    const layer = {
      events: 'lean',
      mail_batch: 5,
      guard: null,
      strict_wait: undefined,
      later_key: 7,
      toString: 1,
    };
    const { values, flaws } = parseSettings(layer);
    expect(values).toEqual({ mail_batch: 5 });
    expect(flaws.map((flaw) => flaw.key)).toEqual(['events']);
  });
});

test('every default is a value that its own key takes', () => {
  expect(parseSettings({ ...DEFAULT_SETTINGS })).toEqual({ values: DEFAULT_SETTINGS, flaws: [] });
  expect(SETTING_KEYS).toEqual(Object.keys(DEFAULT_SETTINGS));
});

test.each([
  ['events', true],
  ['guard', true],
  ['toString', false],
  ['__proto__', false],
  ['Events', false],
  ['', false],
])('isSettingKey(%j) is %j', (word, expected) => {
  expect(isSettingKey(word)).toBe(expected);
});

test.each<[SettingKey, string]>([
  ['guard', 'on | off'],
  ['strict_blockers', 'true | false'],
  ['strict_wait', 'a whole number from 0 to 3600'],
  ['events', 'full | milestones'],
  ['unknown_commands', 'allow | refuse'],
  ['mail_batch', 'a whole number from 1 to 50'],
  ['gate', 'on | strict | off'],
  ['validation', 'a list of at most 20 different shell commands, one line each: ["npm test"]'],
  ['commit_id', 'one line with {id} in it, in quotes: "{id}" or "bd-{id}"'],
])('what %s must be is said as %j', (key, expected) => {
  expect(expectedOf(key)).toBe(expected);
});

describe('parseSettingWord', () => {
  test.each<[SettingKey, string, unknown]>([
    ['guard', 'on', 'on'],
    ['guard', 'off', 'off'],
    ['strict_blockers', 'true', true],
    ['strict_blockers', 'on', true],
    ['strict_blockers', 'false', false],
    ['strict_blockers', 'off', false],
    ['strict_blockers', 'yes please', 'yes please'],
    ['strict_wait', '60', 60],
    ['strict_wait', '6e1', '6e1'],
    ['strict_wait', '-1', '-1'],
    ['strict_wait', '', ''],
    ['mail_batch', '5', 5],
    ['events', 'milestones', 'milestones'],
    ['events', 'true', 'true'],
    ['validation', '["npm test", "npm run lint"]', ['npm test', 'npm run lint']],
    ['validation', '[]', []],
    ['validation', 'npm test', 'npm test'],
    ['validation', '["npm test"', '["npm test"'],
    ['commit_id', 'true', 'true'],
    ['commit_id', '"bd-{id}"', '"bd-{id}"'],
    ['gate', 'off', 'off'],
  ])('%s as %j is %j', (key, word, value) => {
    expect(parseSettingWord(key, word)).toEqual(value);
  });

  test('every default, typed as a word, is itself again', () => {
    for (const key of SETTING_KEYS) {
      const value = DEFAULT_SETTINGS[key];
      const word = typeof value === 'object' ? JSON.stringify(value) : String(value);
      expect(parseSettingWord(key, word)).toEqual(value);
    }
  });
});

describe('mergeSettings', () => {
  test('a later layer is stronger, key by key', () => {
    const merged = mergeSettings([
      { events: 'milestones', mail_batch: 3 },
      { mail_batch: 4, strict_blockers: true },
      { strict_blockers: false },
    ]);
    expect(merged).toEqual({
      ...DEFAULT_SETTINGS,
      events: 'milestones',
      mail_batch: 4,
      strict_blockers: false,
    });
  });

  test('no layer changes the defaults themselves', () => {
    const before = JSON.stringify(DEFAULT_SETTINGS);
    mergeSettings([{ guard: 'off' }]);
    expect(JSON.stringify(DEFAULT_SETTINGS)).toBe(before);
    expect(mergeSettings([])).toEqual(DEFAULT_SETTINGS);
  });
});
