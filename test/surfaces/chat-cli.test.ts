/** `coord chat`: what workers said to each other, read by whoever may. */
import { afterEach, expect, test } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

test('a chat is listed, shown, searched and followed by its thread', () => {
  project = started('01', '02');
  const [one, two] = [project.worktree('01'), project.worktree('02')];
  const asked = project.mustIn<Envelope>(one, 'send', '02', 'question', 'Which Port?');
  const answer = project.mustIn<Envelope>(two, 'send', '01', 'response', '8080', '--reply-to', asked.id);
  project.mustIn(one, 'send', '02', 'response', 'Thanks');
  const contents = (...args: string[]) =>
    project.must<{ messages: Envelope[] }>('chat', ...args).messages.map(({ content }) => content);
  expect(project.must('chat', 'list')).toMatchObject({ chats: [{ chat: 'worker-01+worker-02' }] });
  expect(project.must<{ messages: Envelope[] }>('chat', 'show', '01', '02').messages).toHaveLength(3);
  expect(contents('show', '01', '02', '--last', '1')).toEqual(['Thanks']);
  expect(project.must<{ messages: Envelope[] }>('chat', 'grep', 'PORT').messages).toMatchObject([
    { id: asked.id },
  ]);
  expect(project.must<{ messages: Envelope[] }>('chat', 'thread', answer.id).messages).toMatchObject([
    { id: asked.id },
    { id: answer.id },
  ]);
  const shown = project.coord(['chat', 'show', '02'], { cwd: one });
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('8080')]);
});
