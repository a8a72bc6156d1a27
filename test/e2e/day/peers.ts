/** The parts of two who share one tree in the afternoon: the same notes, the same suite, the same branch. */
import { existsSync, readFileSync } from 'node:fs';
import { bash } from '../kit.ts';
import type { Board } from './board.ts';
import { type Facts, followingRefusal, type Goal } from './player.ts';
import { part, putPart, SUITE } from './project.ts';

export const PEERS = ['ada', 'ben'] as const;
export const ROUNDS = 2;

export function titleOf(name: string, round: number): string {
  return `Round ${round} of ${name}`;
}

export function noteOf(name: string, round: number): string {
  return `- ${name} was here, round ${round}`;
}

/** `freeIndex`: takes away the lock of a git that was killed, when none runs. They begin together, and so get in each other's way. */
export function peerGoals(board: Board, facts: Facts, name: string, freeIndex: () => void): Goal[] {
  const isHere = (who: string) => facts.has(`${who} is here`);
  const hasBegun = () =>
    PEERS.every((who) => isHere(who) || board.subjects('main').includes(titleOf(who, 1)));
  return [
    {
      name: `${name} is here`,
      isDone: () => isHere(name),
      isReady: () => board.setting('mode: shared'),
      turn: () => {
        facts.note(`${name} is here`);
        return bash('cat NOTES.md');
      },
    },
    { name: 'all are here', isDone: hasBegun, turn: () => bash('sleep 0.3') },
    ...Array.from({ length: ROUNDS }, (_, at) => round(board, name, at + 1, freeIndex)).flat(),
  ];
}

function round(board: Board, name: string, number: number, freeIndex: () => void): Goal[] {
  const own = part(
    `${name}${number}`,
    `exports.${name}${number} = () => ${number};`,
    `assert.equal(f(), ${number});`,
  );
  const [title, note] = [titleOf(name, number), noteOf(name, number)];
  const paths = [`lib/${own.lib}.js`, `test/${own.lib}.test.js`, 'NOTES.md'];
  const isCommitted = () => board.subjects('main').includes(title);
  const isReady = () => board.setting('mode: shared');
  const hasWritten = () =>
    existsSync(board.project.path(`test/${own.lib}.test.js`)) &&
    readFileSync(board.project.path('NOTES.md'), 'utf8').includes(note);
  let attempts = 0;
  return [
    {
      name: `${title} is written`,
      isDone: () => isCommitted() || hasWritten(),
      isReady,
      ...followingRefusal(
        () => `${putPart(own)}grep -qF -- '${note}' NOTES.md || echo '${note}' >> NOTES.md`,
      ),
    },
    {
      name: `${title} is committed`,
      isDone: isCommitted,
      isReady,
      ...followingRefusal(() => {
        attempts += 1;
        if (attempts % 2 === 1) return SUITE;
        freeIndex();
        const which = paths.join(' ');
        return `git add -- ${which} && git commit -qm '${title}' -- ${which}`;
      }),
    },
  ];
}
