/**
 * Validates one commit in an integration worktree: the setting's `merge_setup`, then each `validation`, as a person
 * wrote them. Green means: each ended with 0, within its time, and no tracked file is other than the commit has it. So
 * what was validated is what would land. Each validation leaves evidence, bound to the commit's tree.
 */
import { basename } from 'node:path';
import { type Evidence, isStopped, printEvidenceId } from '../domain/evidence.ts';
import type { Settings } from '../domain/settings.ts';
import { countTests } from '../domain/test-counts.ts';
import { wordsOf } from '../domain/validation-words.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import {
  leaveSlot,
  type Slot,
  type SlotProblem,
  slotDrift,
  slotEnvironment,
  standSlot,
} from '../storage/integration.ts';
import {
  boundedLog,
  keepEvidence,
  logOf,
  noteTests,
  sweepEvidence,
} from '../storage/light/evidence-files.ts';
import { refusingGit } from '../storage/plumbing.ts';
import { type Ended, superviseProcess } from '../storage/supervised-process.ts';

export interface Validating {
  readonly home: string;
  readonly slot: Slot;
  readonly commit: string;
  readonly tree: string;
  readonly settings: Pick<Settings, 'validation' | 'merge_setup' | 'merge_timeout'>;
  readonly by: string;
  readonly abort: AbortSignal;
  readonly tell: (command: string, output: string) => void;
}

export type Validation =
  | { readonly kind: 'green' }
  | {
      readonly kind: 'red';
      readonly command: string;
      readonly why: string;
      readonly files: readonly string[];
      readonly output: string;
    }
  /** Nobody knows: it could not be run, or nobody wants to know any more. */
  | { readonly kind: 'unknown'; readonly problem: SlotProblem | { code: 'validation-lost'; command: string } }
  | { readonly kind: 'ended' };

const FILES_TOLD = 20;

export async function validateCommit(work: Validating): Promise<Validation> {
  const { slot, commit, settings } = work;
  const stood = standSlot(slot, commit);
  if (!stood.done) return { kind: 'unknown', problem: stood.problem };
  const setup = settings.merge_setup.map((command) => ({ command, isSetup: true }));
  const validations = settings.validation.map((command) => ({ command: command.trim(), isSetup: false }));
  try {
    for (const step of [...setup, ...validations]) {
      const ran = await runStep(work, step);
      if (ran.kind !== 'green') return ran;
    }
    return { kind: 'green' };
  } finally {
    leaveSlot(slot);
  }
}

interface Step {
  readonly command: string;
  readonly isSetup: boolean;
}

async function runStep(work: Validating, { command, isSetup }: Step): Promise<Validation> {
  const { slot, commit, settings, abort } = work;
  if (abort.aborted) return { kind: 'ended' };
  work.tell(command, '');
  const startedAtMs = nowMs();
  const ended = await runToItsEnd(work, command);
  if (abort.aborted) return { kind: 'ended' };
  if (!('error' in ended) && ended.isLost && !ended.isLate)
    return { kind: 'unknown', problem: { code: 'validation-lost', command } };
  const drift = refusingGit(() => slotDrift(slot, commit));
  if ('code' in drift) return { kind: 'unknown', problem: drift };
  if (!isSetup) keep(work, command, { ended, startedAtMs, isSame: drift.length === 0 });
  const what = isSetup ? `the setup \`${command}\`` : `\`${command}\``;
  const red = (why: string, files: readonly string[] = []): Validation => {
    const output = 'error' in ended ? '' : boundedLog(ended.output);
    return { kind: 'red', command, why: `${what} ${why}`, files, output };
  };
  if ('error' in ended) return red(`could not be started (${ended.error})`);
  if (ended.isLate) return red(`was not over after ${settings.merge_timeout} s`);
  if (ended.code !== 0)
    return red(ended.code === null ? `was ended by ${ended.signal}` : `failed (exit ${ended.code})`);
  if (drift.length === 0) return { kind: 'green' };
  const named = drift.slice(0, FILES_TOLD);
  const more = drift.length > named.length ? ', …' : '';
  return red(`changed files that git tracks, so it proves nothing: ${named.join(', ')}${more}`, named);
}

type Ran = Ended | { error: string };

/** What somebody stopped from outside has shown nothing: it runs again, and in the end it counts as it is. */
const RUNS_MAX = 3;

async function runToItsEnd(work: Validating, command: string): Promise<Ran> {
  for (let runs = 1; ; runs += 1) {
    const ended = await runLine(work, command);
    if (!wasStopped(ended) || runs === RUNS_MAX || work.abort.aborted) return ended;
  }
}

function wasStopped(ended: Ran): boolean {
  if ('error' in ended || ended.isLate || ended.isLost) return false;
  return isStopped(ended.code, ended.signal);
}

/** Plain words without a shell; where there is no such program, the shell may know the word. */
async function runLine(work: Validating, command: string): Promise<Ran> {
  const words = process.platform === 'win32' ? undefined : wordsOf(command);
  const ran = words ? await runProgram(work, command, words) : { error: 'ENOENT' };
  return 'error' in ran && ran.error === 'ENOENT' ? runProgram(work, command, shellFor(command)) : ran;
}

function shellFor(command: string): string[] {
  if (process.platform !== 'win32') return ['sh', '-c', command];
  return [process.env['ComSpec'] ?? 'cmd.exe', '/d', '/s', '/c', command];
}

function runProgram(work: Validating, command: string, argv: readonly string[]): Promise<Ran> {
  const { slot, settings, abort, tell } = work;
  return superviseProcess({
    argv,
    cwd: slot.root,
    hear: (_stream, bytes) => tell(command, bytes.toString('utf8')),
    alone: { env: environmentOf(slot), timeoutMs: settings.merge_timeout * 1_000, abort },
  });
}

/** The caller's own, without what would point git or coord at another place than the slot. */
function environmentOf(slot: Slot): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([key]) => !/^(?:GIT_(?!SSH|ASKPASS|CONFIG)|CLAUDE_)/.test(key),
  );
  return { ...Object.fromEntries(own), ...slotEnvironment(slot) };
}

/** Evidence of the commit: of its tree, in the slot's place. */
function keep(
  { home, slot, commit, tree, by }: Validating,
  command: string,
  { ended, startedAtMs, isSame }: { ended: Ran; startedAtMs: number; isSame: boolean },
): void {
  if ('error' in ended) return;
  const place = placeOfSlot(slot);
  const endedAtMs = nowMs();
  const tail = `${process.pid.toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  const id = printEvidenceId(startedAtMs, tail);
  const evidence: Evidence = {
    id,
    command,
    exit: ended.isLate ? null : ended.code,
    tree,
    tree_after: isSame ? tree : null,
    commit,
    started: isoOf(startedAtMs),
    ended: isoOf(endedAtMs),
    duration_ms: endedAtMs - startedAtMs,
    by,
    session: null,
    place,
    log: logOf(place, id),
    via: 'run',
  };
  keepEvidence(home, [evidence], ended.output);
  // What fails here is not the project's: it does not land.
  const counts = evidence.exit === 0 && isSame ? countTests(ended.output) : undefined;
  if (counts) noteTests(home, { ...counts, command, exit: evidence.exit, at: evidence.ended, place });
  sweepEvidence(home, place, endedAtMs);
}

function placeOfSlot({ gitDir }: Slot): string {
  return basename(gitDir);
}
