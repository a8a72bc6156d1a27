/**
 * Accounts for what a landing writes in the checkouts of the target: whoever judges afterwards what changed there while
 * another session's command ran (trespass) finds that it was coord. Noted before it is written, by name; of a landing
 * that changes very much it is noted only that coord was at work there.
 */
import { join } from 'node:path';
import type { PlaceName } from '../domain/place-name.ts';
import { changesBetween, landingCheckouts } from '../storage/checkout-facts.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { textOf } from '../storage/git.ts';
import { changeCommand, noteChanges, noteCommand } from '../storage/light/journal.ts';
import { placeAt } from '../storage/light/place.ts';
import { newTail } from '../storage/light/sending.ts';
import { refusingGit } from '../storage/plumbing.ts';
import { targetRef } from '../storage/target-ref.ts';

export interface Accounting {
  readonly home: string;
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly session: string | null;
}

const PATHS_MAX = 1_000;

export function accountLanding<T>(landing: Accounting, land: () => T): T {
  const { home } = landing;
  const session = landing.session ?? 'terminal';
  const facts = refusingGit(() => factsOf(landing));
  // Where git cannot say it, it cannot land either.
  if ('code' in facts) return land();
  const { roots, paths } = facts;
  const places = roots.map((root) => ({ root, place: placeAt(root)?.name ?? null }));
  if (paths.length <= PATHS_MAX) {
    for (const { root, place } of places)
      noteChanges(home, place, { atMs: nowMs(), session, paths: paths.map((path) => join(root, path)) });
    return land();
  }
  return accountWork(home, places, { command: 'coord merge run', session }, land);
}

/** Notes that coord itself is at work in these worktrees, as long as it is. */
export function accountWork<T>(
  home: string,
  places: readonly { readonly root: string; readonly place: PlaceName }[],
  { command, session }: { command: string; session: string },
  work: () => T,
): T {
  const startedAtMs = nowMs();
  const notes = places.map(({ root, place }) => {
    const id = `coord-${isoOf(startedAtMs)}-${newTail()}`;
    const what = { command, startedAtMs, endedAtMs: null, isUnknown: true, isBackground: false };
    return { id, session, agent: null, actor: 'coord', place, root, ...what };
  });
  for (const note of notes) noteCommand(home, note);
  try {
    return work();
  } finally {
    for (const note of notes) changeCommand(home, { ...note, endedAtMs: nowMs() });
  }
}

function factsOf({ home, target, from, to }: Accounting): { roots: string[]; paths: string[] } {
  const ref = targetRef(home, target);
  const roots = ref === undefined ? [] : landingCheckouts(home, ref).map(({ root }) => root);
  return { roots, paths: changesBetween(home, from, to).map(({ path }) => textOf(path)) };
}
