/** Evidence and facts of a gate that passes, to be spoilt one by one. */
import { type Evidence, printEvidenceId } from '../../src/domain/evidence.ts';
import type { GateFacts } from '../../src/domain/gate.ts';

const START = Date.UTC(2026, 0, 1);

/** So many seconds after the plan was started. */
export function at(second: number): number {
  return START + second * 1_000;
}

export function anEvidence(over: Partial<Evidence> = {}, second = 1): Evidence {
  const started = new Date(at(second)).toISOString();
  return {
    id: printEvidenceId(at(second), `e${second}`),
    command: 'npm test',
    exit: 0,
    tree: 't1',
    tree_after: 't1',
    commit: 'c1',
    started,
    ended: new Date(at(second) + 500).toISOString(),
    duration_ms: 500,
    by: 'worker-01',
    session: 's1',
    place: 'w1',
    log: null,
    via: 'tool',
    ...over,
  };
}

export function passingFacts(over: Partial<GateFacts> = {}): GateFacts {
  return {
    plan: 'x.2',
    place: 'w1',
    sinceMs: at(0),
    tree: 't1',
    commit: 'c1',
    validations: ['npm test'],
    evidence: [anEvidence()],
    commits: [{ sha: 'c1', message: 'x.2: the parser', committedMs: at(1), authoredMs: at(1) }],
    commitId: '{id}',
    isStrict: false,
    dirty: [],
    ...over,
  };
}
