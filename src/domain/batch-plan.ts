/**
 * The plan of a batch: which validations to run next, what to land, whom to reject.
 *
 * Glossary. *stack*: branches on the target, one upon the other. *prefix* n: the first n branches of the stack, as one
 * commit; prefix 0 is the target itself. *probe*: a validation of a prefix. *culprit*: the first branch whose prefix is
 * red while the one before is green. *suspect*: a culprit that stands first on a target that nobody has validated; it
 * may be the target that is red, so it is judged when something on this target was green, or the target was probed.
 *
 *   1 The top is probed alone: when all are good, one validation lands all.
 *   2 Red: the first red prefix is searched by halves (by more parts with more probes at once); the more branches were
 *     rejected already, the nearer the bottom it is looked for. Each green prefix lands as soon as it is known.
 *   3 The culprit is taken out, and the rest is stacked anew. After a second one, fewer are stacked at once.
 *
 * So with a validation that takes T, 16 good branches take T, and with one bad among them at most 6 T: the top, four
 * halvings, the rest. Nothing lands that was not validated as the very commit that lands. Pure.
 */

export type Colour = 'green' | 'red';

/** What became of the branches of a run so far. */
export interface Tally {
  /** Landed, or rejected for a red validation. */
  readonly decided: number;
  readonly rejected: number;
}

export interface Stack {
  /** Branches in it; 0: it is the target alone that is probed. */
  readonly size: number;
  readonly tally: Tally;
}

/** What is known of a stack by now. */
export interface StackFacts {
  readonly colours: ReadonlyMap<number, Colour>;
  readonly running: ReadonlySet<number>;
  /** The prefix that has landed. */
  readonly landed: number;
}

export interface StackStep {
  readonly start: readonly number[];
  /** Probes under way that can tell nothing any more. */
  readonly stop: readonly number[];
  /** Lands now. */
  readonly land: number | undefined;
  readonly end: StackEnd | undefined;
}

export type StackEnd =
  | { readonly kind: 'green' }
  | { readonly kind: 'culprit'; readonly at: number }
  | { readonly kind: 'target'; readonly colour: Colour };

export function planStack({ size, tally }: Stack, facts: StackFacts, parallel: number): StackStep {
  const { colours, running, landed } = facts;
  const stopAll = [...running];
  if (size === 0) {
    const colour = colours.get(0);
    if (colour) return { start: [], stop: stopAll, land: undefined, end: { kind: 'target', colour } };
    return { start: running.has(0) ? [] : [0], stop: [], land: undefined, end: undefined };
  }
  const known = (colour: Colour) => [...colours].filter(([, one]) => one === colour).map(([at]) => at);
  const green = Math.max(0, ...known('green'));
  const red = Math.min(...known('red').filter((at) => at > green));
  const land = green > landed ? green : undefined;
  if (green === size) return { start: [], stop: stopAll, land, end: { kind: 'green' } };
  if (red === green + 1) return { start: [], stop: stopAll, land, end: { kind: 'culprit', at: red } };
  if (red === Number.POSITIVE_INFINITY) {
    const stop = stopAll.filter((at) => at !== size);
    return { start: running.has(size) ? [] : [size], stop, land, end: undefined };
  }
  const inside = stopAll.filter((at) => at > green && at < red);
  const rate = rateOf({ decided: tally.decided + green, rejected: tally.rejected });
  const start = probesIn([green, ...inside, red], parallel - inside.length, rate);
  return { start, stop: stopAll.filter((at) => !inside.includes(at)), land, end: undefined };
}

/** How often a branch is bad, as far as this run has seen: 0 until one was. */
function rateOf({ decided, rejected }: Tally): number {
  return rejected / (decided + 1);
}

/** So many further prefixes between the known points (the outer two, and probes under way). */
function probesIn(points: readonly number[], free: number, rate: number): number[] {
  const sorted = [...points].sort((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
  if (free < 1) return [];
  if (sorted.length === 2) return quantiles(low, high, Math.min(free, high - low - 1), rate);
  const probes: number[] = [];
  for (let left = free; left > 0; left -= 1) {
    const all = [...sorted, ...probes].sort((a, b) => a - b);
    const gaps = all.slice(1).map((to, at) => [all[at] ?? 0, to] as const);
    const [from, to] = gaps.reduce((best, gap) =>
      massOf(gap, low, rate) > massOf(best, low, rate) ? gap : best,
    );
    if (to - from < 2) break;
    probes.push(...quantiles(from, to, 1, rate));
  }
  return probes;
}

/** How likely the first red prefix lies in (from, to]; no use asking where nothing lies between. */
function massOf([from, to]: readonly [number, number], low: number, rate: number): number {
  if (to - from < 2) return 0;
  let mass = 0;
  for (let at = from + 1; at <= to; at += 1) mass += (1 - rate) ** (at - low - 1);
  return mass;
}

/** Prefixes that part (low, high] into parts in which the first red one is equally likely. */
function quantiles(low: number, high: number, count: number, rate: number): number[] {
  const weights = Array.from({ length: high - low }, (_, at) => (1 - rate) ** at);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const probes: number[] = [];
  let sum = 0;
  for (let at = low + 1; at < high && probes.length < count; at += 1) {
    sum += weights[at - low - 1] ?? 0;
    const isDue = sum / whole >= (probes.length + 1) / (count + 1) - 1e-9;
    const isNeeded = high - at <= count - probes.length;
    if (isDue || isNeeded) probes.push(at);
  }
  return probes;
}

/** A run over all that waits, from stack to stack. */
export interface Campaign {
  readonly tally: Tally;
  /** Something on the target as it is now was green, or the target itself. */
  readonly isTargetProven: boolean;
  readonly suspects: readonly string[];
}

export function newCampaign(isTargetProven: boolean): Campaign {
  return { tally: { decided: 0, rejected: 0 }, isTargetProven, suspects: [] };
}

/** How many are stacked next; 0: the target alone is probed. Undefined: nothing is left to do. */
export function nextSize({ tally, suspects }: Campaign, waiting: number, most: number): number | undefined {
  if (suspects.length > 1 || (suspects.length > 0 && waiting === 0)) return 0;
  if (waiting === 0) return undefined;
  const size = Math.min(waiting, most);
  if (tally.rejected < 2) return size;
  // So many that all are good as often as not.
  const even = Math.floor(Math.log(0.5) / Math.log(1 - rateOf(tally)));
  return Math.max(1, Math.min(size, even));
}

export interface Conclusion {
  readonly campaign: Campaign;
  /** Rejected now: the culprit, and whoever was suspected before. */
  readonly reject: readonly string[];
  /** The target itself is red: nobody is to blame, and nothing can land. */
  readonly isTargetRed: boolean;
}

/** What a stack's end means; `members` are its branches from the bottom. */
export function conclude(campaign: Campaign, members: readonly string[], end: StackEnd): Conclusion {
  const { tally, suspects } = campaign;
  if (end.kind === 'target' && end.colour === 'red')
    return { campaign: { ...campaign, suspects: [] }, reject: [], isTargetRed: true };
  const good = end.kind === 'green' ? members.length : end.kind === 'culprit' ? end.at - 1 : 0;
  const culprit = end.kind === 'culprit' ? members[end.at - 1] : undefined;
  const accused = culprit === undefined ? suspects : [...suspects, culprit];
  const bad = culprit === undefined ? 0 : 1;
  const counted = { decided: tally.decided + good + bad, rejected: tally.rejected + bad };
  const isTargetProven = campaign.isTargetProven || good > 0 || end.kind === 'target';
  return {
    campaign: { tally: counted, isTargetProven, suspects: isTargetProven ? [] : accused },
    reject: isTargetProven ? accused : [],
    isTargetRed: false,
  };
}

/** Somebody else moved the target: what was green on it before says nothing of it now. */
export function targetMoved(campaign: Campaign): Campaign {
  return { ...campaign, isTargetProven: false, suspects: [] };
}
