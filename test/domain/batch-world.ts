/**
 * A merge queue played without git and without time: branches are numbers, a validation takes one T of a virtual clock,
 * and what is red is a question to the test. It plays exactly what usecases/serve-batch and prove-stack do.
 */
import {
  type Campaign,
  type Colour,
  conclude,
  newCampaign,
  nextSize,
  planStack,
  type StackEnd,
} from '../../src/domain/batch-plan.ts';

export interface World {
  readonly branches: number;
  /** Whether the target with these branches on it, in this order, is red. */
  readonly isRed: (branches: readonly number[]) => boolean;
  readonly parallel?: number;
  readonly most?: number;
  /** How long a validation takes; 1 T unless said otherwise. */
  readonly takes?: () => number;
}

export interface Played {
  /** In T. */
  readonly time: number;
  readonly validations: number;
  readonly landed: readonly number[];
  readonly rejected: readonly number[];
  readonly isTargetRed: boolean;
}

export function play({ branches, isRed, parallel = 1, most = 16, takes = () => 1 }: World): Played {
  const landed: number[] = [];
  const rejected: number[] = [];
  let line = Array.from({ length: branches }, (_, at) => at);
  let campaign: Campaign = newCampaign(false);
  let time = 0;
  let validations = 0;
  for (let stacks = 0; ; stacks += 1) {
    if (stacks > 10 * branches + 10) throw new Error('it does not end');
    const size = nextSize(campaign, line.length, most);
    if (size === undefined) return { time, validations, landed, rejected, isTargetRed: false };
    const members = line.slice(0, size);
    const below = [...landed];
    const red = (prefix: number) => isRed([...below, ...members.slice(0, prefix)]);
    const stack = playStack({ size, campaign, parallel, red, takes });
    time += stack.time;
    validations += stack.validations;
    for (const [from, to] of stack.landings) {
      if (red(to)) throw new Error('what landed is red');
      landed.push(...members.slice(from, to));
    }
    const concluded = conclude(campaign, members.map(String), stack.end);
    campaign = concluded.campaign;
    rejected.push(...concluded.reject.map(Number));
    if (concluded.isTargetRed) return { time, validations, landed, rejected, isTargetRed: true };
    const decided = stack.end.kind === 'culprit' ? stack.end.at : stack.end.kind === 'green' ? size : 0;
    line = line.slice(decided);
  }
}

interface Stacked {
  readonly size: number;
  readonly campaign: Campaign;
  readonly parallel: number;
  readonly red: (prefix: number) => boolean;
  readonly takes: () => number;
}

function playStack({ size, campaign, parallel, red, takes }: Stacked) {
  const colours = new Map<number, Colour>();
  const running = new Map<number, number>();
  const landings: (readonly [from: number, to: number])[] = [];
  let [time, validations, landed] = [0, 0, 0];
  let end: StackEnd | undefined;
  while (!end) {
    const facts = { colours, running: new Set(running.keys()), landed };
    const step = planStack({ size, tally: campaign.tally }, facts, parallel);
    for (const prefix of step.stop) if (!running.delete(prefix)) throw new Error('it did not run');
    if (step.land !== undefined) {
      if (colours.get(step.land) !== 'green') throw new Error('what lands was not validated');
      landings.push([landed, step.land]);
      landed = step.land;
    }
    end = step.end;
    if (end) break;
    for (const prefix of step.start) {
      if (running.has(prefix) || colours.has(prefix)) throw new Error('it is known, or asked already');
      if (prefix < 0 || prefix > size) throw new Error('there is no such prefix');
      running.set(prefix, time + takes());
      validations += 1;
    }
    if (running.size > parallel) throw new Error('more at once than allowed');
    const first = [...running].sort((a, b) => a[1] - b[1])[0];
    if (!first) throw new Error('nothing runs, and nothing is decided');
    [time] = [first[1]];
    running.delete(first[0]);
    colours.set(first[0], red(first[0]) ? 'red' : 'green');
  }
  return { end, time, validations, landings };
}
