/** Evidence of validations, kept as coord keeps it, without running any. */
import type { Evidence } from '../../src/domain/evidence.ts';
import type { Caller } from '../../src/storage/light/caller.ts';
import { type Beginning, beginValidation, endValidation } from '../../src/usecases/keep-evidence.ts';

export interface RanSo {
  readonly command?: string;
  /** Null: a signal ended it. */
  readonly exit?: number | null;
  readonly output?: string;
  readonly via?: Beginning['via'];
  /** What happens to the tree while it runs. */
  readonly meanwhile?: () => void;
}

/** A validation that a caller ran alone, and that ended so. */
export function ranBy(caller: Caller, so: RanSo = {}): Evidence {
  const { home, root, place, name: by, session } = caller;
  const { command = 'npm test', exit = 0, output = 'said so', via = 'run', meanwhile } = so;
  const begun = beginValidation({ commands: [command], isSole: true, place, root, by, session, via });
  meanwhile?.();
  const [evidence] = endValidation(home, begun, { exit, output });
  if (!evidence) throw new Error('no evidence');
  return evidence;
}
