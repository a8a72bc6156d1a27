/**
 * The part of doctor that looks at STATE.md and at each active worker's STATUS.md: one that cannot be read is set aside
 * and written anew from its last good copy, one that git has set back is brought forward.
 */
import type { DocumentProblem, Outcome } from '../domain/problem.ts';
import { type Current, readState, readStatus } from '../storage/document-kinds.ts';
import { type Rescue, rebuildDocument } from '../storage/document-rescue.ts';
import { changeState, changeStatus } from '../storage/documents.ts';
import { placeAt } from '../storage/light/place.ts';
import { listWorkers } from '../storage/light/roster.ts';
import { gitUnderWay } from '../storage/set-back.ts';

export type DocumentFinding =
  | { code: 'document'; problem: DocumentProblem; repaired: boolean; aside?: string | undefined }
  /** `newest`: the revision that coord goes on with. */
  | { code: 'document-set-back'; file: string; newest: number; repaired: boolean };

export function checkDocuments(home: string, repair: boolean): DocumentFinding[] {
  const asItIs = <T>(document: T) => ({ done: true as const, document, value: undefined });
  const found = judge(readState(home), home, repair, {
    rebuild: () => rebuildDocument(home, { kind: 'state' }),
    save: () => changeState<undefined, never>(home, asItIs),
  });
  for (const { worktree: root, folder, state } of listWorkers(home)) {
    if (state !== 'active' || !placeAt(root)) continue;
    const place = { home, root, folder };
    const mend = {
      rebuild: () => rebuildDocument(home, { kind: 'status', root, folder }),
      save: () => changeStatus<undefined, never>(place, asItIs),
    };
    found.push(...judge(readStatus(place), root, repair, mend));
  }
  return found;
}

interface Mend {
  rebuild(): Rescue | undefined;
  /** Saving it, even as it is, brings it forward. */
  save(): Outcome<unknown, DocumentProblem>;
}

function judge<T>(
  loaded: Outcome<Current<T>, DocumentProblem>,
  root: string,
  repair: boolean,
  { rebuild, save }: Mend,
): DocumentFinding[] {
  if (!loaded.done) {
    const rebuilt = repair ? rebuild() : undefined;
    const repaired = rebuilt !== undefined;
    return [{ code: 'document', problem: loaded.problem, repaired, aside: rebuilt?.aside }];
  }
  const { age, file, newest } = loaded.value;
  if (age !== 'set-back') return [];
  const underWay = gitUnderWay(root);
  if (underWay !== undefined)
    return [
      { code: 'document', problem: { code: 'document-behind', file, newest, underWay }, repaired: false },
    ];
  const saved = repair ? save() : undefined;
  if (saved?.done === false) return [{ code: 'document', problem: saved.problem, repaired: false }];
  return [{ code: 'document-set-back', file, newest, repaired: repair }];
}
