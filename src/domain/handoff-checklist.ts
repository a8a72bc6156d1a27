/**
 * The handoff quality checklist of seed 001, judged by code: whether whoever comes next could go on from the files
 * alone. Each item that fails says what to type. Pure.
 */
import { criteriaOf } from './criterion.ts';
import { deliverablesOf } from './figures.ts';
import { countPlans } from './plan.ts';
import { countsOf, type StateDocument } from './state-document.ts';
import { openTodo } from './todo.ts';

export interface HandoffItem {
  readonly item: string;
  readonly ok: boolean;
  /** What was found, or what is missing. */
  readonly why: string;
  /** What to type where it fails. */
  readonly next?: string;
}

export interface HandoffFacts {
  readonly state: StateDocument;
  /** The body of STATE.md, as it stands on disk. */
  readonly body: string;
}

const VAGUE = /^(?:tbd|todo|fixme|\?+|\.+|-+|n\/?a|none|misc|stuff|continue|go on|work|next|etc\.?)$/i;

export function judgeHandoff(facts: HandoffFacts): HandoffItem[] {
  return [
    deliverable(facts),
    nextP0(facts),
    workers(facts),
    progress(facts),
    resume(facts),
    phasePlan(facts),
    acceptance(facts),
    tests(facts),
  ];
}

function isFinished({ phases }: StateDocument): boolean {
  return phases.length > 0 && phases.every((phase) => phase.state === 'done');
}

function deliverable({ state }: HandoffFacts): HandoffItem {
  const item = 'STATE.md has the current deliverable';
  const [first] = deliverablesOf(state);
  if (first)
    return { item, ok: true, why: `${first.status}: ${first.plan ?? `phase ${first.phase}`} ${first.title}` };
  if (isFinished(state)) return { item, ok: true, why: 'all phases are done' };
  const waits = state.phases.some((phase) => phase.state === 'active');
  const next = waits ? 'coord phase close <id>' : 'coord phase add <id> "<name>" --plan <id>:"<title>"';
  return { item, ok: false, why: 'nothing is under way and nothing is next', next };
}

function nextP0({ state }: HandoffFacts): HandoffItem {
  const item = 'The next P0 is clear and actionable';
  const [first] = openTodo(state).filter((one) => one.priority === 'P0');
  const next = 'coord todo add "<verb> <what>" --priority P0';
  if (!first) {
    if (isFinished(state) && openTodo(state).length === 0)
      return { item, ok: true, why: 'nothing is left to do' };
    return { item, ok: false, why: 'the TODO has no open P0', next };
  }
  const words = first.text.trim().split(/\s+/);
  const isVague = VAGUE.test(first.text.trim()) || first.text.trim().length < 8 || words.length < 2;
  if (isVague) return { item, ok: false, why: `${first.id} "${first.text}" does not say what to do`, next };
  return { item, ok: true, why: `${first.id} ${first.text}` };
}

function workers({ state }: HandoffFacts): HandoffItem {
  const item = 'Active workers are listed with their scopes';
  const active = state.phases.filter((phase) => phase.state === 'active');
  const open = active.filter((phase) => phase.scope.length === 0);
  if (open.length === 0)
    return {
      item,
      ok: true,
      why: active.length === 0 ? 'nobody is at work' : `${active.length} with a scope`,
    };
  // One alone has nobody to stay apart from.
  if (active.length === 1) return { item, ok: true, why: `${active[0]?.worker} works alone, on all of it` };
  const names = open.map((phase) => phase.worker).join(', ');
  return {
    item,
    ok: false,
    why: `without a scope: ${names}`,
    next: `coord phase scope ${open[0]?.id} "<glob>"`,
  };
}

function progress({ state }: HandoffFacts): HandoffItem {
  const item = 'Progress is calculated';
  const off = state.phases.find((phase) => {
    const { reported } = phase;
    const all = Object.values(countsOf(phase)).reduce((sum, one) => sum + one, 0);
    return (
      reported !== undefined &&
      phase.archived === undefined &&
      all !== Object.values(countPlans(phase.plans)).reduce((sum, one) => sum + one, 0)
    );
  });
  if (!off) return { item, ok: true, why: 'from the plans, by coord' };
  return {
    item,
    ok: false,
    why: `phase ${off.id} reports another number of plans than it has`,
    next: 'coord status',
  };
}

function resume({ body }: HandoffFacts): HandoffItem {
  const item = 'The resume checklist is present';
  const isThere = /^## Resume checklist$/m.test(body);
  return isThere
    ? { item, ok: true, why: 'in STATE.md' }
    : { item, ok: false, why: 'STATE.md has no section "Resume checklist"', next: 'coord todo list' };
}

function phasePlan({ state }: HandoffFacts): HandoffItem {
  const item = 'The phase plan exists';
  const bare = state.phases.find((phase) => phase.state !== 'done' && phase.plans.length === 0);
  const next = 'coord phase add <id> "<name>" --plan <id>:"<title>"';
  if (state.phases.length === 0) return { item, ok: false, why: 'there is no phase', next };
  if (bare)
    return {
      item,
      ok: false,
      why: `phase ${bare.id} has no plan`,
      next: `coord plan add <id> "<title>" --phase ${bare.id}`,
    };
  return { item, ok: true, why: `${state.phases.length} phase(s)` };
}

function acceptance({ state }: HandoffFacts): HandoffItem {
  const item = 'Acceptance criteria are defined';
  const hasVersion = state.criteria.some((one) => one.version !== undefined);
  const bare = state.phases.find(
    (phase) => phase.state === 'active' && criteriaOf(state, phase.id).length === 0,
  );
  if (hasVersion || (state.criteria.length > 0 && !bare))
    return { item, ok: true, why: `${state.criteria.length} of them` };
  if (isFinished(state)) return { item, ok: true, why: 'all phases are done' };
  const target = bare?.id ?? 'v1';
  return {
    item,
    ok: false,
    why: bare ? `phase ${bare.id} has none` : 'there are none',
    next: `coord criteria add ${target} "<what must hold>"`,
  };
}

function tests({ state }: HandoffFacts): HandoffItem {
  const item = 'The state of the tests is shown';
  const { tests: run } = state;
  if (run) return { item, ok: true, why: `${run.passed}/${run.passed + run.failed} passing, ${run.at}` };
  return { item, ok: false, why: 'no test run is on record', next: 'coord run -- <test command>' };
}
