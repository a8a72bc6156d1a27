/** What has landed, and is not on the target any more: told, with the way back; a rewritten target is left in peace. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addToQueue } from '../../src/usecases/add-to-queue.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import { showQueue } from '../../src/usecases/show-queue.ts';
import type { Project } from '../kit/project.ts';
import { finish, merge, queue, waiting } from '../kit/queue.ts';
import { operator, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const lost = () =>
  checkProject(project.home, false).flatMap((finding) => (finding.code === 'landing-lost' ? [finding] : []));
const commit = (file: string, text: string) => {
  project.write(file, text);
  project.git('add', file);
  project.git('commit', '-qm', file);
};

/** Two phases have landed together; the first one is closed by that, and its branch is gone. */
beforeEach(async () => {
  project = waiting(['01', '02']);
  finish(project, '01');
  queue(project, '01', { '01.txt': 'one\n' });
  queue(project, '02', { '02.txt': 'two\n' });
  expect((await merge(project)).landed.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  expect(lost()).toEqual([]);
});

describe('a target that was reset', () => {
  test('past both: each is told, and what is told brings them back', async () => {
    project.git('reset', '-q', '--hard', 'HEAD~2');
    commit('other.txt', 'x\n');
    expect(lost()).toMatchObject([
      { entry: '01.1', phase: '01', target: 'main', hasBranch: false },
      { entry: '02.1', phase: '02', target: 'main', hasBranch: true },
    ]);
    expect(value(showQueue(project.home, undefined)).entries.map(({ isLost }) => isLost)).toEqual([
      true,
      true,
    ]);
    expect(project.coord(['merge', 'status']).stdout).toContain('is gone from there (coord doctor)');
    const [branch] = /git branch coord\/01-phase-01 [0-9a-f]+/.exec(project.coord(['doctor']).stdout) ?? [];
    project.git(...(branch ?? '').split(' ').slice(1));
    for (const phase of ['01', '02']) value(addToQueue(operator(project), { phase, waive: ['evidence'] }));
    expect((await merge(project)).landed.map(({ entry }) => entry)).toEqual(['01.2', '02.2']);
    expect([project.read('01.txt'), project.read('02.txt')]).toEqual(['one\n', 'two\n']);
    expect(lost()).toEqual([]);
  });

  test('past the last one: the other is there', () => {
    project.git('reset', '-q', '--hard', 'HEAD~1');
    expect(lost()).toMatchObject([{ entry: '02.1' }]);
  });

  test('on purpose: nothing is said any more, once that is said', () => {
    project.git('reset', '-q', '--hard', 'HEAD~2');
    for (const id of ['01.1', '02.1']) project.git('update-ref', '-d', `refs/coord/landed/${id}`);
    expect(lost()).toEqual([]);
  });
});

describe('nothing is lost', () => {
  test.each<[string, () => void]>([
    ['amended', () => project.git('commit', '-q', '--amend', '-m', 'Said better')],
    [
      'amended with more',
      () => {
        project.write('01.txt', 'one\nand more\n');
        project.git('commit', '-qa', '--amend', '-m', 'Said better');
      },
    ],
    [
      'squashed',
      () => {
        project.git('reset', '-q', '--soft', 'HEAD~2');
        project.git('commit', '-qm', 'Both');
      },
    ],
    [
      'rebased, and edited since',
      () => {
        project.git('checkout', '-q', '-b', 'x', 'HEAD~2');
        commit('first.txt', 'x\n');
        project.git('checkout', '-q', 'main');
        project.git('rebase', '-q', '--autostash', 'x');
        commit('01.txt', 'other\n');
        project.git('rm', '-q', '02.txt');
        project.git('commit', '-qm', 'Without');
      },
    ],
    ['renamed', () => project.git('branch', '-m', 'trunk')],
    ['reverted by a commit', () => project.git('revert', '--no-edit', 'HEAD')],
  ])('where the target was %s', (_, change) => {
    change();
    expect(lost()).toEqual([]);
  });
});
