/**
 * Acceptance criteria: what must hold before a phase, or a version of the product (v1, v2), is done (seed 001). Met or
 * not met; who says that it is met is the coordinator. Pure.
 */

export interface Criterion {
  /** `C7`. */
  readonly id: string;
  /** The phase that it belongs to; absent for one of a version. */
  readonly phase?: string | undefined;
  /** `v1`, `v2`: the checklist that it stands in; absent for one of a phase. */
  readonly version?: string | undefined;
  readonly text: string;
  readonly met?: string | undefined;
}

export interface CriteriaList {
  readonly criteria: readonly Criterion[];
  readonly criteria_last: number;
}

export type CriterionRefusal =
  | { code: 'criterion-unknown'; id: string; known: string[] }
  | { code: 'criterion-target'; target: string; phases: string[] }
  | { code: 'criteria-full'; max: number };

export const CRITERIA_MAX = 500;

/** `v1`, `v2.1`: a checklist of a version. */
export function isVersion(word: string): boolean {
  return /^v\d{1,3}(?:\.\d{1,3}){0,2}$/i.test(word);
}

export function addCriterion<
  T extends CriteriaList & { readonly phases: readonly { readonly id: string }[] },
>(list: T, target: string, text: string): T | CriterionRefusal {
  if (list.criteria.length >= CRITERIA_MAX) return { code: 'criteria-full', max: CRITERIA_MAX };
  const phase = list.phases.find((one) => one.id === target);
  if (!phase && !isVersion(target))
    return { code: 'criterion-target', target, phases: list.phases.map((one) => one.id) };
  const taken = list.criteria.map((one) => Number(/^C(\d+)$/i.exec(one.id)?.[1] ?? 0));
  const criteria_last = Math.max(list.criteria_last, ...taken) + 1;
  const of = phase ? { phase: phase.id } : { version: target.toLowerCase() };
  return { ...list, criteria_last, criteria: [...list.criteria, { id: `C${criteria_last}`, ...of, text }] };
}

function findCriterion({ criteria }: CriteriaList, id: string): Criterion | CriterionRefusal {
  const found = criteria.find((one) => one.id.toLowerCase() === id.toLowerCase());
  return found ?? { code: 'criterion-unknown', id, known: criteria.map((one) => one.id) };
}

/** Says that it is met, or with `undefined` that it is not. */
export function setMet<T extends CriteriaList>(
  list: T,
  id: string,
  met: string | undefined,
): T | CriterionRefusal {
  const found = findCriterion(list, id);
  if ('code' in found) return found;
  if ((found.met === undefined) === (met === undefined)) return list;
  const next = { ...found, met };
  return { ...list, criteria: list.criteria.map((one) => (one === found ? next : one)) };
}

export function dropCriterion<T extends CriteriaList>(list: T, id: string): T | CriterionRefusal {
  const found = findCriterion(list, id);
  return 'code' in found ? found : { ...list, criteria: list.criteria.filter((one) => one !== found) };
}

export function criteriaOf({ criteria }: Pick<CriteriaList, 'criteria'>, phase: string): Criterion[] {
  return criteria.filter((one) => one.phase === phase);
}

/** The versions that have a checklist, in their order: `v2` before `v10`. */
export function versionsOf({ criteria }: Pick<CriteriaList, 'criteria'>): string[] {
  const versions = new Set(criteria.map((one) => one.version).filter((one) => one !== undefined));
  return [...versions].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
