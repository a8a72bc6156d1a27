/**
 * What a worker records of a plan beside its tasks: artifacts, checks (seed 002's quality gates), figures, when it will
 * be done. It stands in STATUS.md, in the plan. What a person wrote beside coord's own keys stays.
 */
import type { Artifact, CheckState, Plan, QualityGate } from './plan.ts';
import {
  type Changed,
  findPlan,
  replacePlan,
  type StatusDocument,
  type StatusRefusal,
} from './status-document.ts';

function withPlan(
  document: StatusDocument,
  id: string,
  change: (plan: Plan) => Plan,
): Changed<StatusDocument, StatusRefusal> {
  const plan = findPlan(document, id);
  if (plan) return { done: true, document: replacePlan(document, change(plan)) };
  return { done: false, problem: { code: 'plan-unknown', plan: id, known: document.plans.map((p) => p.id) } };
}

/** A path recorded before keeps the moment when it was first recorded. */
export function recordArtifact(
  document: StatusDocument,
  planId: string,
  artifact: Artifact,
): Changed<StatusDocument, StatusRefusal> {
  return withPlan(document, planId, (plan) => {
    const before = plan.artifacts ?? [];
    const isKnown = before.some((known) => known.path === artifact.path);
    const artifacts = isKnown
      ? before.map((known) =>
          known.path === artifact.path
            ? { ...known, ...artifact, created_at: known.created_at ?? artifact.created_at }
            : known,
        )
      : [...before, artifact];
    return { ...plan, artifacts };
  });
}

export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly at: string;
  /** `coverage_percent`: 92, `errors`: 0. */
  readonly figures: Readonly<Record<string, number>>;
}

/** The figures of an earlier run go: they say nothing of this one. */
export function recordCheck(
  document: StatusDocument,
  planId: string,
  check: Check,
): Changed<StatusDocument, StatusRefusal> {
  return withPlan(document, planId, (plan) => {
    const gates = plan.quality_gates ?? {};
    const before = Object.hasOwn(gates, check.name) ? gates[check.name] : undefined;
    const notes = Object.entries(before ?? {}).filter(
      ([key, value]) => key !== 'last_run' && typeof value !== 'number',
    );
    const gate: QualityGate = {
      ...Object.fromEntries(notes),
      status: check.state,
      ...(check.state === 'not_run' ? {} : { last_run: check.at }),
      ...check.figures,
    };
    return { ...plan, quality_gates: { ...gates, [check.name]: gate } };
  });
}

export function recordMetric(
  document: StatusDocument,
  planId: string,
  name: string,
  value: number,
): Changed<StatusDocument, StatusRefusal> {
  return withPlan(document, planId, (plan) => ({ ...plan, metrics: { ...plan.metrics, [name]: value } }));
}

export function recordEstimate(
  document: StatusDocument,
  planId: string,
  at: string,
): Changed<StatusDocument, StatusRefusal> {
  return withPlan(document, planId, (plan) => ({ ...plan, estimated_completion: at }));
}

/** What a path's name says of it, where its worker does not. */
export function artifactTypeOf(path: string): Artifact['type'] {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/(?:^|\/)(?:tests?|specs?|__tests__)\//i.test(path) || /(?:^test_|[._-](?:test|spec)\.)/.test(name))
    return 'test';
  if (/\.(?:md|mdx|rst|txt|adoc)$/.test(name)) return 'documentation';
  if (/\.(?:json|jsonc|ya?ml|toml|ini|cfg|conf|env|lock|properties)$/.test(name) || name.startsWith('.'))
    return 'config';
  return /\.[a-z0-9+]{1,6}$/.test(name) ? 'source_code' : 'other';
}
