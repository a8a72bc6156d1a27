/** Many branches in one line, some of them bad: all good ones land, in their order, with few validations. */

import { expect, test } from 'vitest';
import { isLong } from '../kit/long.ts';
import {
  entryOf,
  filesOn,
  leftovers,
  merge,
  phasesOf,
  queueBranch,
  tipOf,
  verdicts,
  waiting,
} from '../kit/queue.ts';

/** With the places in the line of bad branches, of a conflict with the one before, and the validations at most. */
const CASES = isLong
  ? { count: 50, most: 16, bad: ['07', '41'], conflict: '21', validations: 24 }
  : { count: 12, most: 6, bad: ['04'], conflict: '09', validations: 8 };

test(
  'many branches in one line',
  async () => {
    const { count, most, bad, conflict, validations } = CASES;
    const project = waiting([], { merge_batch: most });
    const ids = Array.from({ length: count }, (_, at) => String(at + 1).padStart(2, '0'));
    const rival = ids[ids.indexOf(conflict) - 1] ?? '';
    const start = Date.now() - 100_000;
    for (const [at, id] of ids.entries()) {
      const isRival = id === conflict || id === rival;
      const file = isRival ? 'shared.txt' : bad.includes(id) ? 'bad' : `${id}.txt`;
      queueBranch(project, id, file, `${id}\n`, start + at);
    }
    const ran = await merge(project);
    const good = ids.filter((id) => !bad.includes(id) && id !== conflict);
    expect(phasesOf(ran.rejected).sort()).toEqual([...bad, conflict].sort());
    // The one that conflicts with an earlier one of its batch waits for the next; all others keep their order.
    expect(phasesOf(ran.landed)).toEqual(good);
    const files = good.filter((id) => id !== rival).map((id) => `${id}.txt`);
    expect(filesOn(project)).toEqual([...files, 'shared.txt']);
    expect(ran.validations).toBeLessThanOrEqual(validations);
    const subjects = project
      .git('log', '--format=%s', `-${good.length}`, 'main')
      .trim()
      .split('\n')
      .reverse();
    expect(subjects).toEqual(good.map((id) => `Work of ${id}`));
    expect(tipOf(project, 'main')).toBe(entryOf(project, ids.at(-1) ?? '').landed?.commit);
    expect(ids.map((id) => verdicts(project, id).length)).toEqual(ids.map(() => 1));
    expect(leftovers(project)).toEqual([]);
    project.dispose();
  },
  isLong ? 600_000 : undefined,
);
