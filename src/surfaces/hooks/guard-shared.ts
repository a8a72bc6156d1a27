/**
 * What the guard asks once the rules have nothing against a call: the pen (`sequential`), and in shared mode the test
 * mutex and the locks on paths (rule 5). Light, and in most calls a look at two settings; what takes something lies in a
 * bundle of its own (lock-hooks.ts).
 */
import type { Actor } from '../../domain/ground.ts';
import type { Errand } from '../../domain/lock.ts';
import type { Settings } from '../../domain/settings.ts';
import type { ShellRun } from '../../domain/shell/facts.ts';
import type { testCommandOf } from '../../domain/test-command.ts';
import { mayRunTests, testRulesOf, testTextOf } from '../../domain/test-rules.ts';
import { transcriptSize } from '../../storage/light/call-ends.ts';
import { placeOf } from '../../storage/light/place.ts';
import type { Presence } from '../../storage/light/presence.ts';
import { markOf } from '../../storage/light/process.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import type { findForeignDirt } from '../../usecases/find-foreign-dirt.ts';
import type { GuardRefusal } from '../wording/refusals.ts';
import { loadBundle } from './bundles.ts';
import type { LoadCached } from './code-cache.ts';
import type { ShellVerdict } from './guard-shell.ts';
import type { LocksBundle, LockWant } from './lock-hooks.ts';
import type { Payload } from './protocol.ts';

export interface Case {
  readonly payload: Payload;
  readonly presence: Presence;
  readonly actor: Actor;
  readonly settings: Settings;
  readonly nowMs: number;
  /** The entry's: what it has read into once is warm. */
  readonly load: LoadCached;
  /** What is left to do when the verdict is printed. */
  readonly afterwards: (() => void)[];
}

export interface Verdict {
  readonly refusal: GuardRefusal | undefined;
  readonly how?: string | undefined;
  /** Resolved. */
  readonly paths?: readonly string[];
  readonly unknown?: string | undefined;
  /** True for a shell command that writes more than the paths that it names. */
  readonly isWide?: boolean;
  /** What must be locked first in shared mode, and needs the pen. */
  readonly locks?: readonly LockWant[];
  readonly stages?: ShellVerdict['stages'];
  /** What the call runs on the whole tree. */
  readonly tests?: Tests | undefined;
}

/** The commands of one line that run under the test mutex. */
export interface Tests {
  hear(run: ShellRun): void;
  /** Undefined: there is none. */
  command(): string | undefined;
  /** One that goes on when the line is over, so that nobody could tell when it has ended. */
  detached(): string | undefined;
}

interface TestsBundle {
  testCommandOf: typeof testCommandOf;
}

interface StagingBundle {
  findForeignDirt: typeof findForeignDirt;
}

/** Undefined where the line can hold none, which most cannot. */
export function listenForTests({ settings, presence }: Case, line: string): Tests | undefined {
  const rules = settings.mode === 'shared' ? testRulesOf(settings) : undefined;
  if (!rules || !mayRunTests(rules, line)) return undefined;
  const { place } = presence;
  const { testCommandOf: commandOf } = loadBundle<TestsBundle>('tests');
  let attached = testTextOf(rules, line);
  let detached: string | undefined;
  let isWaitedFor = false;
  const isHere = (cwd: string | undefined) =>
    cwd === undefined || placeOf(resolvePath(cwd, place.root) ?? cwd)?.root === place.root;
  return {
    hear: (run) => {
      if (run.words[0] === 'wait' && !run.isDetached) isWaitedFor = true;
      const command = commandOf(rules, run.words);
      if (command === undefined || !isHere(run.cwd)) return;
      if (run.isDetached) detached ??= command;
      else attached ??= command;
    },
    command: () => attached ?? detached,
    detached: () => (isWaitedFor ? undefined : detached),
  };
}

/** Takes what the call needs, or says who has it. */
export function judgeShared(found: Case, verdict: Verdict): GuardRefusal | undefined {
  const { payload, presence, actor, settings } = found;
  const { locks = [], stages = [], tests } = verdict;
  const isShared = settings.mode === 'shared';
  const instance = { session: payload.session, agent: payload.agent };
  const pid = Number(process.env['CLAUDE_PID']);
  const client = Number.isInteger(pid) && pid > 0 ? markOf(pid) : (presence.record?.process ?? null);
  const { place } = presence;
  const detached = tests?.detached();
  if (detached !== undefined) return { code: 'mutex-detached', command: detached };
  for (const staging of isShared ? stages : []) {
    const { findForeignDirt: find } = loadBundle<StagingBundle>('staging');
    const files = find(place, instance, client, staging);
    if (files.length > 0) return { code: 'stages-others', files, verb: staging.verb };
  }
  const needsPen = settings.sequential && locks.length + stages.length > 0;
  const wants = isShared ? locks : [];
  const command = tests?.command();
  const errand = command === undefined ? undefined : errandOf(found, command);
  if (!needsPen && !errand && wants.length === 0) return undefined;
  const waitMs = settings.lock_wait * 1_000;
  const lock = { place, instance, name: actor.name, client, waitMs, wants, needsPen, errand };
  // Asked at each write in shared mode: compiling it anew would cost more than a look at one's own lock.
  const locksBundle = found.load<LocksBundle>('locks');
  found.afterwards.push(locksBundle.keep);
  return locksBundle.exports.lockForCall(lock);
}

function errandOf({ payload, nowMs }: Case, command: string): Errand & { readonly call: string } {
  const { toolUseId, toolName, toolInput, transcript } = payload;
  return {
    command,
    text: String(toolInput['command']),
    call: toolUseId || `${nowMs}.${process.pid}`,
    transcript: transcript === null ? null : { path: transcript, size: transcriptSize(transcript) },
    isBackground: toolName === 'Monitor' || toolInput['run_in_background'] === true,
  };
}
