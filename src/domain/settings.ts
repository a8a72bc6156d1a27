/**
 * Settings, weakest first: built-in defaults, the plugin's stored user configuration, `.claude/coord.md` (team),
 * `.claude/coord.local.md` (one person's). A setting changes at the next hook.
 */

export interface Settings {
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
}

export const DEFAULT_SETTINGS: Settings = {
  guard: 'on',
  strict_blockers: false,
  strict_wait: 300,
  events: 'full',
  unknown_commands: 'allow',
  mail_batch: 10,
  ack_timeout: 600,
  ack_retries: 5,
};

export type SettingKey = keyof Settings;

export const SETTING_KEYS = Object.keys(DEFAULT_SETTINGS) as SettingKey[];

export function isSettingKey(word: string): word is SettingKey {
  return Object.hasOwn(DEFAULT_SETTINGS, word);
}

const CHOICES: Partial<Record<SettingKey, readonly string[]>> = {
  guard: ['on', 'off'],
  events: ['full', 'milestones'],
  unknown_commands: ['allow', 'refuse'],
};

const RANGES: Partial<Record<SettingKey, readonly [min: number, max: number]>> = {
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
  return CHOICES[key]?.join(' | ') ?? 'true | false';
}

/** True when the value fits the key. YAML's `on`/`off` arrive as words (YAML 1.2), JSON's as booleans too. */
function fits(key: SettingKey, value: unknown): boolean {
  const range = RANGES[key];
  if (range) return Number.isInteger(value) && (value as number) >= range[0] && (value as number) <= range[1];
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
    const value = key === 'guard' && typeof raw === 'boolean' ? (raw ? 'on' : 'off') : raw;
    if (fits(key, value)) values[key] = value;
    else flaws.push({ code: 'setting-bad', key, value: JSON.stringify(raw), expected: expectedOf(key) });
  }
  return { values: values as Partial<Settings>, flaws };
}

/** Reads a value as it is typed on a command line or stored by the client (always text). */
export function parseSettingWord(key: SettingKey, word: string): unknown {
  if (CHOICES[key]) return word;
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
