/**
 * A working day in the real client, from the first `coord init` to the last handover, with deaths at random. Of what came
 * of it only files and git are asked. COORD_SEED gives another day, COORD_KEEP a folder for
 * what a day that failed has left; the long form lives ten.
 */
import { afterEach, expect, it } from 'vitest';
import { isLong } from '../../kit/long.ts';
import { faultsOf } from './checker.ts';
import { Day, type DayPlan } from './day.ts';
import { spoil } from './spoiled.ts';

const FIRST = Number(process.env['COORD_SEED'] ?? 1);
const SEEDS = Array.from({ length: isLong ? 10 : 1 }, (_, at) => FIRST + at);

const PACE: Omit<DayPlan, 'seed'> = isLong
  ? { pauseMs: [150, 900], sessionsMax: 8, limitMs: 900_000 }
  : { pauseMs: [1_500, 4_000], sessionsMax: 1, limitMs: 280_000 };

let day: Day | undefined;
afterEach(async ({ task }) => {
  const keep = process.env['COORD_KEEP'];
  if (keep !== undefined && task.result?.state === 'fail') day?.keep(keep);
  if (task.result?.state === 'fail') console.error(task.result.errors?.[0]?.message.slice(0, 4_000));
  await day?.close();
});

it.each(SEEDS)(
  'seed %i: nothing is lost, nothing is there twice, main is green all along, STATE.md is true',
  async (seed) => {
    day = await Day.open({ seed, ...PACE });
    const { board, scene } = day;
    await day.live();
    const kinds = [...new Set(day.deaths.map(({ kind }) => kind))];
    const counts = kinds.map(
      (kind) => `${day?.deaths.filter((death) => death.kind === kind).length} ${kind}`,
    );
    console.info(`seed ${seed}, killed: ${counts.join(', ')}`);
    const found = faultsOf(board, scene.home.path);
    // At once: of ten days one would hear of the first in a quarter of an hour.
    if (found.length > 0) console.error(`seed ${seed}: ${found.join('\n')}`);
    expect(found, day.account).toEqual([]);
    expect(day.deaths.length).toBeGreaterThan(3);

    const told = spoil(board);
    const faults = faultsOf(board, scene.home.path).join('\n');
    for (const fault of told) expect(faults).toMatch(fault);
  },
  PACE.limitMs + 60_000,
);
