/** A shell command on trial: the facts, and the judgement of one path that all its judges share. */
import { type Actor, judgeWrite } from '../../domain/ground.ts';
import type { Settings } from '../../domain/settings.ts';
import type { ShellRun } from '../../domain/shell/facts.ts';
import { targetOf } from '../../storage/light/location.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import type { GuardRefusal } from '../wording/refusals.ts';

export interface ShellCase {
  readonly command: string;
  readonly cwd: string;
  readonly actor: Actor;
  readonly project: HomedPlace;
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of each program that the command calls. */
  readonly hear?: (run: ShellRun) => void;
}

export type Found = { refusal: GuardRefusal; how: string };

export function judgePath(shell: ShellCase, path: string, tree: boolean): GuardRefusal | undefined {
  const target = targetOf(path, shell.cwd, shell.project, tree);
  return target ? judgeWrite(shell.actor, target) : { code: 'path-unusable', path };
}
