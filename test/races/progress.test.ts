/** Many processes change one STATUS.md, and hooks look meanwhile: when the last has ended, `.progress/` is what it says. */
import { afterEach, expect, test } from 'vitest';
import { completedOf, currentOf, expectFollows, expectLatestShown } from '../kit/progress.ts';
import { Project } from '../kit/project.ts';
import { statusOf } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
afterEach(() => project.dispose());

test('verbs of two workers and hooks at once leave nothing behind, with no hook after them', async () => {
  project = Project.started('01', '02');
  const sessions = ['01', '02'].map(
    (id) => new Session(project, { session: `session-${id}`, cwd: project.worktree(id) }),
  );
  for (const session of sessions) await session.start();
  const calls = ['01', '02'].flatMap((id) => {
    const cwd = project.worktree(id);
    const verb = (...args: string[]) => project.coordLater([...args, '--json'], { cwd });
    return [
      ...Array.from(
        { length: 6 },
        (_, n) => () => verb('task', 'metric', `figure-${n}`, '1', '--plan', `${id}-01`),
      ),
      () => verb('plan', 'complete', `${id}-02`),
      () => sessions[id === '01' ? 0 : 1]?.stop(),
      () => verb('task', 'add', 'a step', '--plan', `${id}-01`),
      () => sessions[id === '01' ? 0 : 1]?.stop(),
    ];
  });
  await Promise.all(calls.map((call) => call()));
  for (const id of ['01', '02']) {
    expect(Object.keys(statusOf(project, id).plans[0]?.metrics ?? {})).toHaveLength(6);
    expectFollows(project, id);
    expect(completedOf(project, id).map((task) => task.task_id)).toEqual([`${id}-02`]);
    expect(currentOf(project, id).task_id).toBe(`${id}-02`);
  }
  expectLatestShown(project);
});
