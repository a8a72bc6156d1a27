/**
 * `coord demo`: the main job, end to end, on a scratch repository: real git worktrees, the real hook bundles started
 * as the client starts them, every step held against files and git. It is written for somebody who has never seen
 * coord; and it is the quickest proof that an installed coord works on this machine.
 */
import { dirname } from 'node:path';
import { done } from '../../domain/problem.ts';
import { type Command, EXIT, writeText } from './command.ts';
import { type Cast, castIn, type Scene } from './demo/cast.ts';
import { excerpt, Unmet } from './demo/checks.ts';
import { printFailure, printOpening, printScene } from './demo/narration.ts';
import { SCENES_APART } from './demo/scenes-apart.ts';
import { SCENES_BLOCKERS } from './demo/scenes-blockers.ts';
import { closing, SCENES_REPORTS } from './demo/scenes-reports.ts';
import { Scratch } from './demo/scratch.ts';

const SCENES: readonly Scene[] = [...SCENES_APART, ...SCENES_REPORTS, ...SCENES_BLOCKERS, closing];

export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly expected?: string;
  readonly found?: string;
}

/** Plays the scenes until one does not happen. */
function playAll(cast: Cast, tell: (text: string) => void): Step[] {
  const steps: Step[] = [];
  for (const scene of SCENES) {
    const step = playScene(scene, cast, (lines) => tell(printScene(steps.length + 1, scene.name, lines)));
    steps.push(step);
    if (!step.ok) break;
  }
  return steps;
}

function playScene(scene: Scene, cast: Cast, tell: (lines: readonly string[]) => void): Step {
  const { name } = scene;
  try {
    tell(scene.play(cast));
    return { name, ok: true };
  } catch (error) {
    const thrown = error instanceof Error ? error.message : String(error);
    const unmet = error instanceof Unmet ? error : { expected: 'it to go through', found: thrown };
    const plain = (text: string) => excerpt(cast.scratch.plain(text)).replace(/\.$/, '');
    return { name, ok: false, expected: plain(unmet.expected), found: plain(unmet.found) };
  }
}

export const DEMO_COMMAND: Command = {
  name: 'demo',
  usage: '[--keep]',
  summary:
    'Plays a coordinator and two workers on a scratch repository, with the real hooks, and checks each step. --keep leaves the repository there to look at.',
  switches: ['keep'],
  positionals: [0, 0],
  shape:
    '{ok, steps: [{name, ok, expected?, found?}…], kept: path | null}; exit code 1 when a step did not happen',
  run: (context) => {
    const tell = context.flags.has('json') ? () => undefined : (text: string) => writeText(1, text);
    tell(printOpening());
    const scratch = new Scratch(dirname(__dirname), context.env);
    const cast = castIn(scratch);
    const isKept = context.flags.has('keep');
    let steps: Step[];
    try {
      steps = playAll(cast, tell);
    } finally {
      for (const session of [cast.coordinator, cast.api, cast.web]) session.leave();
      scratch.leave(isKept);
    }
    const failed = steps.find((step) => !step.ok);
    const json = { ok: failed === undefined, steps, kept: isKept ? scratch.home : null };
    if (isKept) tell(`Kept: ${scratch.home}\n`);
    if (failed) writeText(2, printFailure(failed, steps.length));
    return done({ json, text: '', ...(failed ? { code: EXIT.refused } : {}) });
  },
};
