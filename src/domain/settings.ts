/**
 * Settings, weakest first: built-in defaults, the plugin's stored user configuration, `.claude/coord.md` (team),
 * `.claude/coord.local.md` (one person's). A setting changes at the next hook.
 */
import { APPROVAL_STEPS } from './approval.ts';
import { isPoolEntry } from './pool.ts';
import { isBranchName, isCommandList, isOneLine, isProgram, isWordList } from './setting-values.ts';

export interface Settings {
  /** `shared`: several agents write in one worktree, each what it holds the lock on (ground.ts, rule 5). */
  readonly mode: 'worktrees' | 'shared';
  /** How long the guard waits in shared mode for a lock that another holds, in seconds, before it refuses. */
  readonly lock_wait: number;
  /**
   * Shared mode: commands of which one runs at a time in a tree, each a shell command by its first words; `default`
   * stands for those that are known (test-command.ts). Validations count as such. None: no mutex.
   */
  readonly mutex: readonly string[];
  /** Such commands that are safe beside any other. */
  readonly mutex_parallel: readonly string[];
  /** On: one agent at a time writes in the whole project. */
  readonly sequential: boolean;
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
  /** What `coord resume --smoke` runs; empty: the first validation. */
  readonly smoke_test: string;
  /** A worker with a plan under way that changed nothing for so many minutes is shown as stalled; 0: nobody is. */
  readonly stall_after: number;
  /** Workers that are at work at once, of all kinds together. */
  readonly pool_max: number;
  /** Limits by kind (domain/pool): `claude:5`. */
  readonly pool: readonly string[];
  /** Steps that a person has to approve (domain/approval). */
  readonly approvals: readonly string[];
  /** A program with its arguments, which is told of each plan that was left (domain/tracker-call); no shell reads it. */
  readonly on_plan_failed: readonly string[];
  /** The branch that work lands on; empty: the one that is checked out in the primary worktree. */
  readonly merge_target: string;
  /** Rejections of a queue entry before it needs the coordinator. */
  readonly merge_retries: number;
  /** Integration worktrees that validate at once. */
  readonly merge_parallel: number;
  /** Branches that are validated together at most. */
  readonly merge_batch: number;
  /** Shell commands that make an integration worktree ready, before the validations run there. */
  readonly merge_setup: readonly string[];
  /** Files that one branch may delete before somebody has to allow it. */
  readonly merge_deletions: number;
  /** How long one command may take in an integration worktree, in seconds. */
  readonly merge_timeout: number;
}

export const DEFAULT_SETTINGS: Settings = {
  mode: 'worktrees',
  lock_wait: 3,
  mutex: ['default'],
  mutex_parallel: [],
  sequential: false,
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
  smoke_test: '',
  stall_after: 45,
  pool_max: 15,
  pool: ['claude:5', 'codex:5', 'gemini:0'],
  approvals: [],
  on_plan_failed: [],
  merge_target: '',
  merge_retries: 3,
  merge_parallel: 1,
  merge_batch: 16,
  merge_setup: [],
  merge_deletions: 50,
  merge_timeout: 1_800,
};

export type SettingKey = keyof Settings;

export const SETTING_KEYS = Object.keys(DEFAULT_SETTINGS) as SettingKey[];

export function isSettingKey(word: string): word is SettingKey {
  return Object.hasOwn(DEFAULT_SETTINGS, word);
}

/** Named in the team's file these are not in force: a program that coord starts by itself must not come by a merge. */
export const LOCAL_ONLY: readonly SettingKey[] = ['on_plan_failed'];

const CHOICES: Partial<Record<SettingKey, readonly string[]>> = {
  mode: ['worktrees', 'shared'],
  guard: ['on', 'off'],
  events: ['full', 'milestones'],
  unknown_commands: ['allow', 'refuse'],
  gate: ['on', 'strict', 'off'],
};

/** Lists of shell commands: how many, and how long each at most. */
const LISTS: Partial<Record<SettingKey, readonly [commands: number, chars: number]>> = {
  mutex: [50, 500],
  mutex_parallel: [50, 500],
  validation: [20, 500],
  merge_setup: [20, 500],
};

/** A program and its arguments: how many words, and how long each at most. */
const PROGRAMS: Partial<Record<SettingKey, readonly [words: number, chars: number]>> = {
  on_plan_failed: [40, 500],
};

/** Lists of words of one form. */
const WORD_LISTS: Partial<Record<SettingKey, { expected: string; fits: (word: string) => boolean }>> = {
  pool: { expected: 'a list of <kind>:<limit>: ["claude:5", "codex:0"]', fits: isPoolEntry },
  approvals: {
    expected: `a list of some of ${APPROVAL_STEPS.join(', ')}: ["${APPROVAL_STEPS[0]}"]`,
    fits: (word) => (APPROVAL_STEPS as readonly string[]).includes(word),
  },
};

const TEXTS: Partial<Record<SettingKey, { expected: string; fits: (text: string) => boolean }>> = {
  smoke_test: {
    expected: 'one line with a shell command: "npm test"; empty for none of its own',
    fits: (text) => text === '' || isOneLine(text, 500),
  },
  commit_id: {
    expected: 'one line with {id} in it, in quotes: "{id}" or "bd-{id}"',
    fits: (text) => text.includes('{id}') && isOneLine(text, 120),
  },
  merge_target: {
    expected: 'the name of a branch, or empty for the one of the primary worktree',
    fits: (text) => text === '' || isBranchName(text),
  },
};

const RANGES: Partial<Record<SettingKey, readonly [min: number, max: number]>> = {
  lock_wait: [0, 20],
  strict_wait: [0, 3_600],
  mail_batch: [1, 50],
  ack_timeout: [1, 604_800],
  ack_retries: [0, 20],
  stall_after: [0, 10_080],
  pool_max: [1, 1_000],
  merge_retries: [1, 20],
  merge_parallel: [1, 16],
  merge_batch: [1, 64],
  merge_deletions: [0, 1_000_000],
  merge_timeout: [1, 86_400],
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
  const words = WORD_LISTS[key];
  if (words) return words.expected;
  const program = PROGRAMS[key];
  if (program) return `a list of at most ${program[0]} words, the program first: ["bd", "update", "{plan}"]`;
  return TEXTS[key]?.expected ?? CHOICES[key]?.join(' | ') ?? 'true | false';
}

/** True when the value fits the key. YAML's `on`/`off` arrive as words (YAML 1.2), JSON's as booleans too. */
function fits(key: SettingKey, value: unknown): boolean {
  const range = RANGES[key];
  if (range) return Number.isInteger(value) && (value as number) >= range[0] && (value as number) <= range[1];
  const list = LISTS[key];
  if (list) return isCommandList(value, list);
  const words = WORD_LISTS[key];
  if (words) return isWordList(value, words.fits);
  const program = PROGRAMS[key];
  if (program) return isProgram(value, program);
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
