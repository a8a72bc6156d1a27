/**
 * The rows of the merge queue, batch beside one by one: on a virtual clock, where a validation takes T, and on a real
 * repository, where it sleeps.
 */
import { play } from '../domain/batch-world.ts';
import { merge, queueBranch, waiting } from '../kit/queue.ts';
import type { Row } from './bench.ts';

const BRANCHES = 16;
const SLEEP_S = 2;

export async function queueRows(): Promise<Row[]> {
  const positions = Array.from({ length: BRANCHES }, (_, at) => at);
  const isBad = (at: number) => (branches: readonly number[]) => branches.includes(at);
  const oneByOne = play({ branches: BRANCHES, isRed: () => false, most: 1 }).time;
  const green = play({ branches: BRANCHES, isRed: () => false }).time;
  const worst = Math.max(...positions.map((at) => play({ branches: BRANCHES, isRed: isBad(at) }).time));
  return [
    simulated(`${BRANCHES} good branches land, simulated`, green, 2, oneByOne),
    simulated(`the same, one of them bad, at its worst position`, worst, 6, oneByOne),
    await realRow(),
  ];
}

function simulated(what: string, time: number, budget: number, oneByOne: number): Row {
  return {
    what: `merge queue, a validation takes T: ${what}`,
    budget: `≤ ${budget} T`,
    measured: `${time} T (${oneByOne} T one by one)`,
    isMet: time <= budget,
  };
}

async function realRow(): Promise<Row> {
  const batch = await landAll(BRANCHES);
  const single = await landAll(1);
  const ratio = batch / single;
  return {
    what: `merge queue, real git, a validation sleeps ${SLEEP_S} s: ${BRANCHES} good branches land`,
    budget: '≤ 0.50 × one by one',
    measured: `${ratio.toFixed(2)} × (${batch.toFixed(1)} s beside ${single.toFixed(1)})`,
    isMet: ratio <= 0.5,
  };
}

/** In seconds. */
async function landAll(most: number): Promise<number> {
  const project = waiting([], { validation: [`sleep ${SLEEP_S}`], merge_batch: most });
  for (let at = 1; at <= BRANCHES; at += 1) {
    const id = String(at).padStart(2, '0');
    queueBranch(project, id, `${id}.txt`, `${id}\n`, Date.now() - 1_000 + at);
  }
  const startedAtMs = Date.now();
  const ran = await merge(project);
  if (ran.landed.length !== BRANCHES) throw new Error(`${ran.landed.length} landed`);
  const seconds = (Date.now() - startedAtMs) / 1_000;
  project.dispose();
  return seconds;
}
