/**
 * Proves a stack: runs the validations that the plan asks for (domain/batch-plan), several at once where the setting
 * says so, each in an integration worktree of its own, and lands each prefix as soon as it is known to be green.
 */
import { type Colour, planStack, type StackEnd, type Tally } from '../domain/batch-plan.ts';
import type { LeftReason } from '../domain/merge-run.ts';
import { done, type Outcome } from '../domain/problem.ts';
import type { Settings } from '../domain/settings.ts';
import { nowMs } from '../storage/clock.ts';
import { git } from '../storage/git.ts';
import type { Landing, LandingResult } from './land-branches.ts';
import type { RunBoard } from './report-run.ts';
import type { SlotPool } from './share-slots.ts';
import type { Stacked } from './stack-branches.ts';
import { type Validation, validateCommit } from './validate-commit.ts';

export interface Proving {
  readonly home: string;
  readonly board: RunBoard;
  readonly settings: Settings;
  readonly by: string;
  readonly pool: SlotPool;
  readonly abort: AbortSignal;
  /** What was found of a commit in this run. */
  readonly known: Map<string, Validation>;
  readonly land: (landing: Pick<Landing, 'from' | 'members'>) => Outcome<LandingResult>;
}

export type Red = Extract<Validation, { kind: 'red' }>;

export type Proof = { readonly landed: number } & (
  | { readonly kind: 'end'; readonly end: StackEnd; readonly red: Red | undefined }
  | { readonly kind: 'changed'; readonly entries: readonly string[] }
  | { readonly kind: 'stopped'; readonly reason: LeftReason }
);

interface Probing {
  readonly ending: AbortController;
  readonly ended: Promise<{ at: number; found: Validation }>;
}

export async function proveStack(work: Proving, stacked: Stacked, tally: Tally): Promise<Outcome<Proof>> {
  const { members, base } = stacked;
  const commitAt = (at: number) => members[at - 1]?.commit ?? base;
  const colours = new Map<number, Colour>();
  const probes = new Map<number, Probing>();
  const all: Probing[] = [];
  const endAll = async () => {
    for (const { ending } of probes.values()) ending.abort();
    await Promise.all(all.map(({ ended }) => ended));
  };
  let landed = 0;
  const note = (at: number) => {
    const kind = work.known.get(commitAt(at))?.kind;
    if (kind === 'green' || kind === 'red') colours.set(at, kind);
  };
  for (let at = 0; at <= members.length; at += 1) note(at);
  // With nothing to run, what applies is all that can be known.
  if (work.settings.validation.length === 0) colours.set(members.length, 'green');
  try {
    for (;;) {
      const facts = { colours, running: new Set(probes.keys()), landed };
      const step = planStack({ size: members.length, tally }, facts, work.settings.merge_parallel);
      for (const at of step.stop) {
        probes.get(at)?.ending.abort();
        probes.delete(at);
      }
      if (step.land !== undefined) {
        const result = work.land({ from: commitAt(landed), members: members.slice(landed, step.land) });
        if (!result.done) return result;
        if (result.value.kind === 'changed')
          return done({ kind: 'changed', landed, entries: result.value.entries });
        if (result.value.kind === 'refused')
          return done({ kind: 'stopped', landed, reason: result.value.problem });
        landed = step.land;
      }
      if (step.end) return done({ kind: 'end', landed, end: step.end, red: redOf(step.end) });
      for (const at of step.start) {
        const probe = startProbe(work, stacked, at);
        probes.set(at, probe);
        all.push(probe);
      }
      const { at, found } = await Promise.race([...probes.values()].map(({ ended }) => ended));
      probes.delete(at);
      if (found.kind === 'unknown') return done({ kind: 'stopped', landed, reason: found.problem });
      if (found.kind === 'ended') return done({ kind: 'stopped', landed, reason: endingOf(work.abort) });
      work.known.set(commitAt(at), found);
      for (let one = 0; one <= members.length; one += 1) note(one);
    }
  } finally {
    await endAll();
  }

  function redOf(end: StackEnd): Red | undefined {
    const at = end.kind === 'culprit' ? end.at : end.kind === 'target' ? 0 : undefined;
    const found = at === undefined ? undefined : work.known.get(commitAt(at));
    return found?.kind === 'red' ? found : undefined;
  }
}

/** Why a run that was told to end ends. */
export function endingOf({ reason }: AbortSignal): LeftReason {
  return { code: reason === 'turn-lost' ? 'turn-lost' : 'interrupted' };
}

function startProbe(work: Proving, { members, base }: Stacked, at: number): Probing {
  const ending = new AbortController();
  const stop = () => ending.abort();
  work.abort.addEventListener('abort', stop);
  if (work.abort.aborted) stop();
  const commit = members[at - 1]?.commit ?? base;
  const probe = probeCommit(
    work,
    { commit, tree: members[at - 1]?.tree, entries: members.slice(0, at) },
    ending.signal,
  );
  const ended = probe
    .then((found) => ({ at, found }))
    .finally(() => work.abort.removeEventListener('abort', stop));
  // Looked at by the race or in the end; until then nobody may call it unhandled.
  ended.catch(() => undefined);
  return { ending, ended };
}

interface Probed {
  readonly commit: string;
  readonly tree: string | undefined;
  readonly entries: Stacked['members'];
}

async function probeCommit(
  work: Proving,
  { commit, tree, entries }: Probed,
  abort: AbortSignal,
): Promise<Validation> {
  const { home, board, settings, by, pool } = work;
  const taken = await pool.take();
  if (!taken.done) return { kind: 'unknown', problem: taken.problem };
  const { slot, number } = taken.value;
  let isWhole = false;
  try {
    if (abort.aborted) return { kind: 'ended' };
    const phases = entries.map(({ entry }) => entry.phase);
    board.probing(
      number,
      entries.map(({ entry }) => entry.id),
      commit,
    );
    board.tell({ kind: 'probe', phases, commit, slot: number });
    const startedAtMs = nowMs();
    const found = await validateCommit({
      home,
      slot,
      commit,
      tree: tree ?? git(home, ['rev-parse', `${commit}^{tree}`]).stdout.trim(),
      settings,
      by,
      abort,
      tell: (command, output) => board.hear(number, command, output),
    });
    isWhole = found.kind === 'green' || found.kind === 'red';
    if (isWhole) {
      const seconds = (nowMs() - startedAtMs) / 1_000;
      const why = found.kind === 'red' ? found.why : '';
      board.tell({ kind: 'colour', phases, isGreen: found.kind === 'green', why, seconds });
    }
    return found;
  } finally {
    board.probed(number, isWhole);
    pool.give(taken.value);
  }
}
