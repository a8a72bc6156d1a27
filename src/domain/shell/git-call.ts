/** One call of git, as its verb is read. */
import type { Reader } from './reader.ts';
import type { World } from './world.ts';

export interface GitCall {
  readonly reader: Reader;
  readonly world: World;
  /** Where git works: absolute, maybe with markers. */
  readonly dir: string;
  /** Other places whose index, HEAD or refs it uses: a `--git-dir` elsewhere. */
  readonly stores: readonly string[];
  readonly verb: string;
  readonly args: readonly string[];
  readonly how: string;
}
