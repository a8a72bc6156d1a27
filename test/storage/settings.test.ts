import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts';
import {
  keepPluginOptions,
  readFreshTwin,
  readPluginOptions,
  settingsFrom,
  settingsStamp,
} from '../../src/storage/light/settings-twin.ts';
import {
  readSettings,
  refreshTwin,
  TEAM_SETTINGS_TEMPLATE,
  writeSetting,
} from '../../src/storage/settings.ts';
import { home, put } from './scratch.ts';

const TEAM = '.claude/coord.md';
const LOCAL = '.claude/coord.local.md';
const file = (text: string) => `---\n${text}---\n`;

describe('the settings in force', () => {
  type Row = [string, string | undefined, string | undefined, object, number];
  const rows: Row[] = [
    ['are the defaults without a file', undefined, undefined, {}, 0],
    ['are the defaults with empty files', '', ' \n', {}, 0],
    ['are the defaults with the template of init', TEAM_SETTINGS_TEMPLATE, undefined, {}, 0],
    [
      "are the team's",
      file('events: milestones\nmail_batch: 3\n'),
      undefined,
      { events: 'milestones', mail_batch: 3 },
      0,
    ],
    [
      "are one's own over the team's, key by key",
      file('events: milestones\nmail_batch: 3\n'),
      file('events: full\n'),
      { mail_batch: 3 },
      0,
    ],
    ['know on and off as words', file('guard: off\n'), undefined, { guard: 'off' }, 0],
    ['know true and false for the guard', file('guard: false\n'), undefined, { guard: 'off' }, 0],
    ['know words in quotes', file('guard: "off"\n'), undefined, { guard: 'off' }, 0],
    [
      'take CRLF',
      '---\r\nstrict_blockers: true\r\nguard: off\r\n---\r\n',
      undefined,
      { guard: 'off', strict_blockers: true },
      0,
    ],
    ['take a BOM', `\ufeff${file('guard: off\n')}`, undefined, { guard: 'off' }, 0],
    ['leave unknown keys alone', file('later: 1\n'), undefined, {}, 0],
    ['leave an empty key alone', file('guard:\n'), undefined, {}, 0],
    [
      'take a list of commands, in either form',
      file('validation:\n  - npm test\n  - "pytest -k \'not slow\'"\ncommit_id: "bd-{id}"\n'),
      file('gate: strict\n'),
      { validation: ['npm test', "pytest -k 'not slow'"], commit_id: 'bd-{id}', gate: 'strict' },
      0,
    ],
    [
      'take a list in brackets',
      file('validation: ["npm test"]\n'),
      undefined,
      { validation: ['npm test'] },
      0,
    ],
    ['complain of a command that is no list', file('validation: npm test\n'), undefined, {}, 1],
    ['complain of a pattern without quotes', file('commit_id: {id}\n'), undefined, {}, 1],
    [
      'complain of a value and take the rest',
      file('guard: banana\nmail_batch: 3\n'),
      undefined,
      { mail_batch: 3 },
      1,
    ],
    [
      'complain of each value',
      file('strict_blockers: "yes"\nmail_batch: 0\nstrict_wait: 1.5\nevents: some\n'),
      undefined,
      {},
      4,
    ],
    [
      'complain of a broken file and take the other one',
      file('guard: [\n'),
      file('mail_batch: 3\n'),
      { mail_batch: 3 },
      1,
    ],
    ['complain of a file without front matter', 'guard: off\n', undefined, {}, 1],
    ['complain of another language', '---js\nprocess.exit(1)\n---\n', undefined, {}, 1],
    ['complain of a key twice', file('guard: off\nguard: on\n'), undefined, {}, 1],
    [
      "keep the team's where one's own is bad",
      file('mail_batch: 3\n'),
      file('mail_batch: many\n'),
      { mail_batch: 3 },
      1,
    ],
  ];
  test.each(rows)('%s', (_name, team, local, expected, complaints) => {
    const folder = home();
    if (team !== undefined) put(folder, TEAM, team);
    if (local !== undefined) put(folder, LOCAL, local);
    for (const _turn of [1, 2]) {
      const found = readSettings(folder);
      expect(found.settings).toEqual({ ...DEFAULT_SETTINGS, ...expected });
      expect(found.complaints).toHaveLength(complaints);
    }
  });

  test('a complaint names the file, the line or key, and what was expected', () => {
    const folder = home();
    put(folder, TEAM, '---\na: 1\nguard: [\n---\n');
    put(folder, LOCAL, file('mail_batch: 99\n'));
    const [broken, bad] = readSettings(folder).complaints;
    expect(broken).toMatch(/coord\.md line [34]/);
    expect(bad).toMatch(/coord\.local\.md: mail_batch is 99, expected a whole number from 1 to 50/);
  });
});

describe('the twin', () => {
  test('is fresh until a file changes, comes or goes', () => {
    const folder = home();
    expect(readFreshTwin(folder)?.values).toEqual({});
    const team = put(folder, TEAM, file('mail_batch: 3\n'));
    expect(readFreshTwin(folder)).toBeUndefined();
    refreshTwin(folder);
    expect(readFreshTwin(folder)?.values).toEqual({ mail_batch: 3 });
    put(folder, LOCAL, file('mail_batch: 4\n'));
    expect(readFreshTwin(folder)).toBeUndefined();
    refreshTwin(folder);
    rmSync(join(folder, LOCAL));
    expect(readFreshTwin(folder)).toBeUndefined();
    rmSync(team);
    expect(readFreshTwin(folder)?.values).toEqual({});
  });

  test('is refreshed when a file of the same size changes within the same second', () => {
    const folder = home();
    const team = put(folder, TEAM, file('mail_batch: 3\n'));
    for (const count of [4, 5, 6, 7]) {
      const second = Math.floor(Date.now() / 1000);
      expect(readSettings(folder).settings.mail_batch).toBe(count - 1);
      writeFileSync(team, file(`mail_batch: ${count}\n`));
      // Within the second, some milliseconds apart: whole seconds alone would not tell.
      utimesSync(team, second + count / 1000, second + count / 1000);
      expect(readSettings(folder).settings.mail_batch).toBe(count);
    }
  });

  test('is refreshed when a file was replaced by one of the same size and time', () => {
    const folder = home();
    const team = put(folder, TEAM, file('mail_batch: 3\n'));
    expect(readSettings(folder).settings.mail_batch).toBe(3);
    const { atime, mtime } = statSync(team);
    writeSetting(folder, 'mail_batch', 4);
    utimesSync(team, atime, mtime);
    expect(readSettings(folder).settings.mail_batch).toBe(4);
  });

  test('that was cut short is made anew', () => {
    const folder = home();
    put(folder, TEAM, file('mail_batch: 3\n'));
    refreshTwin(folder);
    writeFileSync(join(folder, '.coordination/roster/settings.json'), `{"stamp": "${settingsStamp(folder)}"`);
    expect(readFreshTwin(folder)).toBeUndefined();
    expect(readSettings(folder).settings.mail_batch).toBe(3);
  });
});

describe('writeSetting', () => {
  const text =
    '---\n# ours, agreed on Monday\nevents: full # all of them\n\n# mail_batch: 3\nlater: {x: 1}\n---\n\n# Why\n\nSome words.\n';

  test('changes the one key and keeps every comment, key and the text below', () => {
    const folder = home();
    const team = put(folder, TEAM, text);
    expect(writeSetting(folder, 'mail_batch', 7)).toEqual({ file: TEAM });
    const written = readFileSync(team, 'utf8');
    for (const kept of [
      '# ours, agreed on Monday\n',
      'events: full # all of them\n',
      '# mail_batch: 3\n',
      'x: 1',
      '---\n\n# Why\n\nSome words.\n',
      'mail_batch: 7\n',
    ])
      expect(written).toContain(kept);
    expect(readSettings(folder)).toMatchObject({
      settings: { mail_batch: 7, events: 'full' },
      complaints: [],
    });
  });

  test.each(['mail_batch', 'strict_wait'] as const)(
    'can be asked for %s again and again, and the file does not grow',
    (key) => {
      const folder = home();
      put(folder, TEAM, TEAM_SETTINGS_TEMPLATE);
      writeSetting(folder, key, 5);
      const size = readFileSync(join(folder, TEAM), 'utf8').length;
      for (const value of [6, 7, 8]) writeSetting(folder, key, value);
      expect(readFileSync(join(folder, TEAM), 'utf8')).toHaveLength(size);
      expect(readSettings(folder).settings[key]).toBe(8);
    },
  );

  const layers: [string, string | undefined, 'team' | 'local' | undefined, string][] = [
    ['the local file that names it', file('guard: on\n'), undefined, LOCAL],
    ["the team's where the local file does not name it", file('mail_batch: 3\n'), undefined, TEAM],
    ["the team's where there is no file", undefined, undefined, TEAM],
    ['the local file on demand', undefined, 'local', LOCAL],
    ["the team's on demand", file('guard: on\n'), 'team', TEAM],
  ];
  test.each(layers)('goes to %s', (_name, local, layer, expected) => {
    const folder = home();
    if (local !== undefined) put(folder, LOCAL, local);
    expect(writeSetting(folder, 'guard', 'off', layer)).toEqual({ file: expected });
    expect(readFileSync(join(folder, expected), 'utf8')).toContain('guard: off');
  });

  test('leaves a broken file to its owner, with the line', () => {
    const folder = home();
    const broken = '---\nguard: off\nevents: [\n---\n';
    const team = put(folder, TEAM, broken);
    expect(writeSetting(folder, 'guard', 'on')).toMatchObject({ code: 'settings-broken', file: TEAM });
    expect(readFileSync(team, 'utf8')).toBe(broken);
  });
});

describe('what the client stored', () => {
  const rows: [string, Record<string, string>, object][] = [
    ['nothing', {}, {}],
    ['a word', { CLAUDE_PLUGIN_OPTION_EVENTS: 'milestones' }, { events: 'milestones' }],
    ['a small key', { CLAUDE_PLUGIN_OPTION_events: 'milestones' }, { events: 'milestones' }],
    [
      'on and off',
      { CLAUDE_PLUGIN_OPTION_STRICT_BLOCKERS: 'on', CLAUDE_PLUGIN_OPTION_GUARD: 'off' },
      { strict_blockers: true, guard: 'off' },
    ],
    ['true and false', { CLAUDE_PLUGIN_OPTION_STRICT_BLOCKERS: 'true' }, { strict_blockers: true }],
    ['a number', { CLAUDE_PLUGIN_OPTION_MAIL_BATCH: '3' }, { mail_batch: 3 }],
    ['an empty word', { CLAUDE_PLUGIN_OPTION_MAIL_BATCH: '' }, {}],
    ['a bad word', { CLAUDE_PLUGIN_OPTION_MAIL_BATCH: 'many', CLAUDE_PLUGIN_OPTION_GUARD: 'maybe' }, {}],
  ];
  test.each(rows)('%s', (_name, env, expected) => {
    expect(readPluginOptions(env)).toEqual(expected);
  });

  test('is weaker than the files and stronger than the defaults', () => {
    const folder = home();
    put(folder, TEAM, file('mail_batch: 3\n'));
    keepPluginOptions(folder, { mail_batch: 5, strict_wait: 9 });
    expect(readSettings(folder).settings).toEqual({ ...DEFAULT_SETTINGS, mail_batch: 3, strict_wait: 9 });
    put(folder, '.coordination/roster/options.json', '{"mail_batch": "bad", "guard":');
    expect(settingsFrom(folder, refreshTwin(folder))).toEqual({ ...DEFAULT_SETTINGS, mail_batch: 3 });
  });
});
