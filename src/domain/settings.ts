/**
 * Settings, weakest first: built-in defaults, the plugin's stored user configuration, `.claude/coord.md` (team),
 * `.claude/coord.local.md` (one person's). A setting changes at the next hook.
 */

export interface Settings {
  /** `shared`: several agents write in one worktree, each what it holds the lock on (ground.ts, rule 5). */
  readonly mode: 'worktrees' | 'shared';
  /** How long the guard waits in shared mode for a lock that another holds, in seconds, before it refuses. */
  readonly lock_wait: number;
  /** Off: the guard judges nothing. The way out that a failing guard names. */
  readonly guard: 'on' | 'off';
  /** On: a worker with an unanswered blocker may not write, and its Stop waits for the answer. */
  readonly strict_blockers: boolean;
  /** How long a strict worker's Stop waits for an answer, in seconds. */
  readonly strict_wait: number;
  /** `milestones` leaves out plan_started and state_changed. */
  readonly events: 'full' | 'milestones';
  /** A shell command whose writes cannot be known beforehand: let through and judged afterwards, or refused. */
  readonly unknown_commands: 'allow' | 'refuse';
  /** Messages that one hook puts into the context at most. */
  readonly mail_batch: number;
  /** A message that nobody acknowledged for so long, in seconds, is rung for again; the pause doubles each time. */
  readonly ack_timeout: number;
  /** Rings before such a message is a dead letter, of which its sender and the operator are told. */
  readonly ack_retries: number;
  /** Shell commands that prove the work; each must have passed, in full, before a plan is complete (domain/gate). */
  readonly validation: readonly string[];
  /** What the message of a plan's commit must contain as a word of its own; `{id}` stands for the plan's id. */
  readonly commit_id: string;
  /** `strict`: a clean `git status` besides, and all validations run again after the last commit. */
  readonly gate: 'on' | 'strict' | 'off';
}

export const DEFAULT_SETTINGS: Settings = {
  mode: 'worktrees',
  lock_wait: 3,
  guard: 'on',
  strict_blockers: false,
  strict_wait: 300,
  events: 'full',
  unknown_commands: 'allow',
  mail_batch: 10,
  ack_timeout: 600,
  ack_retries: 5,
  validation: [],
  commit_id: '{id}',
  gate: 'on',
};

export type SettingKey = keyof Settings;

export const SETTING_KEYS = Object.keys(DEFAULT_SETTINGS) as SettingKey[];

export function isSettingKey(word: string): word is SettingKey {
  return Object.hasOwn(DEFAULT_SETTINGS, word);
}

const CHOICES: Partial<Record<SettingKey, readonly string[]>> = {
  mode: ['worktrees', 'shared'],
  guard: ['on', 'off'],
  events: ['full', 'milestones'],
  unknown_commands: ['allow', 'refuse'],
  gate: ['on', 'strict', 'off'],
};

/** Lists of shell commands: how many, and how long each at most. */
const LISTS: Partial<Record<SettingKey, readonly [commands: number, chars: number]>> = {
  validation: [20, 500],
};

const TEXTS: Partial<Record<SettingKey, { expected: string; fits: (text: string) => boolean }>> = {
  commit_id: {
    expected: 'one line with {id} in it, in quotes: "{id}" or "bd-{id}"',
    fits: (text) => text.includes('{id}') && isOneLine(text, 120),
  },
};

const RANGES: Partial<Record<SettingKey, readonly [min: number, max: number]>> = {
  lock_wait: [0, 20],
  strict_wait: [0, 3_600],
  mail_batch: [1, 50],
  ack_timeout: [1, 604_800],
  ack_retries: [0, 20],
};

export type SettingFlaw = {
  code: 'setting-bad';
  key: string;
  value: string;
  expected: string;
  file?: string;
};

/** What a value must look like, for messages. */
export function expectedOf(key: SettingKey): string {
  const range = RANGES[key];
  if (range) return `a whole number from ${range[0]} to ${range[1]}`;
  const list = LISTS[key];
  if (list) return `a list of at most ${list[0]} different shell commands, one line each: ["npm test"]`;
  return TEXTS[key]?.expected ?? CHOICES[key]?.join(' | ') ?? 'true | false';
}

function isOneLine(text: string, charsMax: number): boolean {
  return (
    text.trim() !== '' && text.length <= charsMax && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)
  );
}

function isCommandList(value: unknown, [commandsMax, charsMax]: readonly [number, number]): boolean {
  if (!Array.isArray(value) || value.length > commandsMax) return false;
  const commands = value.map((item: unknown) => (typeof item === 'string' ? item.trim() : ''));
  return (
    commands.every((command) => isOneLine(command, charsMax)) && new Set(commands).size === commands.length
  );
}

/** True when the value fits the key. YAML's `on`/`off` arrive as words (YAML 1.2), JSON's as booleans too. */
function fits(key: SettingKey, value: unknown): boolean {
  const range = RANGES[key];
  if (range) return Number.isInteger(value) && (value as number) >= range[0] && (value as number) <= range[1];
  const list = LISTS[key];
  if (list) return isCommandList(value, list);
  const text = TEXTS[key];
  if (text) return typeof value === 'string' && text.fits(value);
  const choices = CHOICES[key];
  return choices ? typeof value === 'string' && choices.includes(value) : typeof value === 'boolean';
}

/** Reads a layer of settings; unknown keys are left alone, since they may belong to a later version. */
export function parseSettings(layer: Readonly<Record<string, unknown>>): {
  values: Partial<Settings>;
  flaws: SettingFlaw[];
} {
  const values: Record<string, unknown> = {};
  const flaws: SettingFlaw[] = [];
  for (const [key, raw] of Object.entries(layer)) {
    if (!isSettingKey(key) || raw === null || raw === undefined) continue;
    const isSwitch = (key === 'guard' || key === 'gate') && typeof raw === 'boolean';
    const value = isSwitch ? (raw ? 'on' : 'off') : raw;
    if (fits(key, value)) values[key] = value;
    else flaws.push({ code: 'setting-bad', key, value: JSON.stringify(raw), expected: expectedOf(key) });
  }
  return { values: values as Partial<Settings>, flaws };
}

/** Reads a value as it is typed on a command line or stored by the client (always text). */
export function parseSettingWord(key: SettingKey, word: string): unknown {
  if (CHOICES[key] || TEXTS[key]) return word;
  if (word === 'true' || word === 'on') return true;
  if (word === 'false' || word === 'off') return false;
  if (RANGES[key]) return /^\d+$/.test(word) ? Number(word) : word;
  try {
    return JSON.parse(word);
  } catch (error) {
    if (error instanceof SyntaxError) return word;
    throw error;
  }
}

export function mergeSettings(layers: readonly Partial<Settings>[]): Settings {
  return Object.assign({}, DEFAULT_SETTINGS, ...layers);
}
