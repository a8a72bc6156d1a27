/**
 * Hooks and whatever may stand on their stdin: none throws, none widens a permission, none prints what the client cannot
 * take or what could act in a terminal, and none writes outside of its ground.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readActs } from '../../src/storage/light/journal.ts';
import { readSession, sessionHeardAt, touchSession, writeSession } from '../../src/storage/light/roster.ts';
import { anyPayload, SESSION_EVENTS } from '../kit/any-payload.ts';
import { isLong } from '../kit/long.ts';
import { runLoop } from '../kit/loop.ts';
import { bareEnvironment, type Project, pluginEnvironment, scripts } from '../kit/project.ts';
import { started } from '../kit/scene.ts';

const SEED = Number(process.env['COORD_SEED'] ?? 20261121);

let project: Project;
let folders: string[];
beforeAll(() => {
  project = started('01', '02');
  project.mustIn(project.worktree('01'), 'cycle', 'new', 'x');
  project.mustIn(project.worktree('01'), 'cycle', 'resume');
  const outside = project.outside('elsewhere');
  folders = [
    project.home,
    project.worktree('01'),
    project.worktree('02'),
    outside,
    join(project.home, 'gone'),
  ];
});
afterAll(() => project.dispose());

interface Answer {
  readonly runs: number;
  readonly denied: number;
  readonly spoke: number;
  readonly faults: readonly { why: string; payload: string }[];
}

function loop(bundle: string, payloads: readonly string[], at: number): Promise<Answer> {
  return runLoop({
    name: 'hook-loop.cjs',
    bundle: join(scripts, `${bundle}.cjs`),
    file: join(project.outside('payloads'), `${bundle}-${at}.ndjson`),
    inputs: payloads,
    env: bareEnvironment({ ...pluginEnvironment(), CLAUDE_CODE_ENTRYPOINT: 'sdk-cli' }),
    cwd: project.home,
  });
}

const CHUNK = 5_000;

/** All that lies where no hook has any business. */
const outsideFiles = () =>
  readdirSync(project.outside('elsewhere'), { recursive: true }).filter(
    (name) => !String(name).startsWith('.'),
  );

const LONG_AGO_MS = Date.parse('2026-01-01T00:00:00Z');
/** A session that the payloads name, and that no hook has heard of for long. */
function seatKnown(): void {
  const root = project.home;
  const startedAt = '2026-01-01T00:00:00.000Z';
  const rest = { agent: null, process: null, attended: false, transcript: null };
  writeSession(root, { session: 's1', place: null, root, startedAt, ...rest });
  touchSession(root, 's1', null, LONG_AGO_MS);
}

/** What a hook that does nothing would leave undone: each of these fails then. */
const leaves: Record<string, (answer: { denied: number; spoke: number }) => void> = {
  guard: ({ denied }) => expect(denied).toBeGreaterThanOrEqual(50),
  after: () => expect(sessionHeardAt(project.home, 's1', null)).toBeGreaterThan(LONG_AGO_MS),
  'session-end': () => expect(readSession(project.home, 's1', null)).toBeUndefined(),
  session: ({ spoke }) => expect(spoke).toBeGreaterThanOrEqual(1),
};

test.each([
  ['guard', isLong ? 100_000 : 800, ['PreToolUse']],
  ['after', isLong ? 20_000 : 150, ['PostToolUse', 'PostToolUseFailure']],
  ['session-end', isLong ? 5_000 : 60, ['SessionEnd']],
  ['session', isLong ? 3_000 : 25, SESSION_EVENTS],
] as const)('%s', async (bundle, count, events) => {
  seatKnown();
  const payloads = fc.sample(anyPayload({ folders }, events), { numRuns: count, seed: SEED });
  let denied = 0;
  let spoke = 0;
  for (let at = 0; at < payloads.length; at += CHUNK) {
    const answer = await loop(bundle, payloads.slice(at, at + CHUNK), at);
    expect(answer.faults, `seed ${SEED}`).toEqual([]);
    expect(answer.runs).toBe(Math.min(CHUNK, payloads.length - at));
    denied += answer.denied;
    spoke += answer.spoke;
  }
  leaves[bundle]?.({ denied, spoke });
  expect(outsideFiles()).toEqual([]);
  // A hook that fails inside says nothing, and notes it.
  expect(readActs(project.home, ['hook-failed'], 0).slice(0, 3)).toEqual([]);
  expect(readFileSync(project.path('.planning/STATE.md'), 'utf8')).toContain('coord');
});
