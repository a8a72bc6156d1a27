/**
 * The commands of locks. They work in both modes; the guard heeds locks only in shared mode. In worktree mode they are
 * a convention between the scripts, people and agents of one worktree.
 */
import {
  type LockHolding,
  type LockTarget,
  type LockVerdict,
  reservedAs,
  targetName,
} from '../../domain/lock.ts';
import { done, type Outcome } from '../../domain/problem.ts';
import { type ListedLock, listLocks } from '../../storage/light/locks/locks.ts';
import {
  type LockCaller,
  lockPaths,
  unlockAll,
  unlockPaths,
  unlockReserved,
} from '../../usecases/lock-paths.ts';
import { printCircle, printHolder, printLockCommand, shownTarget } from '../wording/locks.ts';
import { withCaller } from './calling.ts';
import { type Answer, type Command, type Context, EXIT, UsageError } from './command.ts';

const WAIT_MAX_S = 3_600;
const PATHS_MAX = 500;

const lock: Command = {
  name: 'lock',
  usage: '<path>… [--wait <seconds>]',
  summary: `Locks paths for you: all of them, or none. A folder is locked with all below it, also one that is not there yet where it ends in /; a pattern goes in quotes ('src/**/*.ts'). With --wait, waits for who has them, up to ${WAIT_MAX_S} s. Exit code 1 when any is held by another, and then nothing is locked. You are your session; in a terminal, your shell: what a script locked is free when the script ends. In shared mode the guard keeps others from what is locked; in worktree mode a lock is a convention among those who ask for it.`,
  values: ['wait'],
  positionals: [1, PATHS_MAX],
  shape:
    '{locked: [path…], verdicts: [{path, kind: file|tree|glob, verdict: locked|yours|held|free, holder?, session?, agent?, since?, age_ms?}…], waited_ms, deadlock?: [name…]}',
  run: (context) => {
    const seconds = Number(context.option('wait') ?? 0);
    if (!(seconds >= 0 && seconds <= WAIT_MAX_S))
      throw new UsageError(`--wait takes seconds from 0 to ${WAIT_MAX_S}`);
    return withLockCaller(context, (who) => {
      const outcome = lockPaths(who, context.positionals, seconds * 1_000);
      if (!outcome.done) return outcome;
      const { taken, verdicts, waitedMs, deadlock } = outcome.value;
      const json = {
        locked: taken ? verdicts.map(({ target }) => target.path || '.') : [],
        verdicts: verdicts.map(viewVerdict),
        waited_ms: Math.round(waitedMs),
        ...(deadlock ? { deadlock: deadlock.cycle.map((wait) => wait.name) } : {}),
      };
      const lines = verdicts.map(printVerdict);
      if (deadlock)
        lines.push(
          `a closed circle: ${printCircle(deadlock)}. Unlock what you hold, or go on with other work.`,
        );
      else if (!taken)
        lines.push(`nothing was locked. To wait: ${printLockCommand(context.positionals, 60)}`);
      return done({ json, text: lines.join('\n'), code: taken ? EXIT.done : EXIT.refused });
    });
  },
};

const unlock: Command = {
  name: 'unlock',
  usage: '<path>… | --all | --pen | --tests',
  summary:
    'Releases your locks on these paths, or all that you have, the pen included. Another agent’s lock stays (exit code 1); one that is free already is no error. --pen releases the pen alone; --tests the test mutex, which otherwise is free when its command has ended.',
  switches: ['all', 'pen', 'tests'],
  positionals: [0, PATHS_MAX],
  shape: '{unlocked: [path…], verdicts: [{path, verdict: unlocked|free|held, holder?, session?, since?}…]}',
  run: (context) => {
    const [which, ...more] = (['all', 'pen', 'tests'] as const).filter((name) => context.flags.has(name));
    if (more.length > 0 || (which !== undefined) === context.positionals.length > 0)
      throw new UsageError('name a path, or one of --all, --pen and --tests');
    return withLockCaller(context, (who) => {
      if (which) {
        const freed = which === 'all' ? unlockAll(who) : unlockReserved(who, which);
        if (!freed.done) return freed;
        const unlocked = freed.value.map(targetName);
        const verdicts = unlocked.map((path) => ({ path, verdict: 'unlocked' }));
        const told = freed.value.map(shownTarget).join(', ');
        const text = unlocked.length > 0 ? `unlocked ${told}` : 'you hold no such lock';
        return done({ json: { unlocked, verdicts }, text });
      }
      const outcome = unlockPaths(who, context.positionals);
      if (!outcome.done) return outcome;
      const isHeld = outcome.value.some(({ verdict }) => verdict === 'held');
      const json = {
        unlocked: outcome.value
          .filter(({ verdict }) => verdict === 'unlocked')
          .map(({ path }) => path || '.'),
        verdicts: outcome.value.map(({ path, verdict, by }) => ({
          path: path || '.',
          verdict,
          ...viewHolding(by),
        })),
      };
      const lines = outcome.value.map(({ path, verdict, by }) => {
        const holder = by ? ` by ${printHolder(by, Date.now())}` : '';
        return `${path || '.'}: ${verdict}${holder}`;
      });
      return done({ json, text: lines.join('\n'), code: isHeld ? EXIT.refused : EXIT.done });
    });
  },
};

const locks: Command = {
  name: 'locks',
  usage: '',
  summary:
    'Lists all locks of the project, and releases those of holders that are gone. Alive is null where their process cannot be seen.',
  positionals: [0, 0],
  shape:
    '{locks: [{path, kind: file|tree|glob|mutex|pen, place, holder, session, agent, since, age_ms, command?, alive}…], recovered: [path…]}',
  run: (context) =>
    withCaller(context, ({ home }) => {
      const { locks: listed, recovered } = listLocks(home);
      const json = { locks: listed.map(viewLock), recovered: recovered.map(targetName) };
      const lines = listed.map((one) => {
        const at = placeOfTarget(one.target);
        const place = at === null ? '' : ` in worktree ${at}`;
        return `${shownTarget(one.target)}${place}: ${printHolder(one, Date.now())}${one.liveness === 'unknown' ? ', not seen alive' : ''}`;
      });
      if (recovered.length > 0)
        lines.push(`released, since their holders are gone: ${recovered.map(shownTarget).join(', ')}`);
      return done({ json, text: lines.length > 0 ? lines.join('\n') : 'nothing is locked' });
    }),
};

function withLockCaller(context: Context, run: (who: LockCaller) => Outcome<Answer>): Outcome<Answer> {
  return withCaller(context, (caller) => run({ caller, cwd: context.cwd, agent: caller.agent ?? null }));
}

function viewHolding(by: LockHolding | undefined) {
  if (!by) return {};
  const { holder, session, agent, sinceMs } = by;
  return { holder, session, agent, since: new Date(sinceMs).toISOString(), age_ms: ageOf(sinceMs) };
}

function ageOf(sinceMs: number): number {
  return Math.max(0, Date.now() - sinceMs);
}

function viewVerdict(verdict: LockVerdict) {
  const { target } = verdict;
  const by = verdict.verdict === 'held' ? viewHolding(verdict.by) : {};
  return { path: target.path || '.', kind: target.kind, verdict: verdict.verdict, ...by };
}

function viewLock(one: ListedLock) {
  const { target, command } = one;
  const kinds = { tests: 'mutex', pen: 'pen' } as const;
  const reserved = reservedAs(target);
  const kind = reserved === undefined ? target.kind : kinds[reserved];
  const alive = one.liveness === 'alive' ? true : null;
  const what = { path: targetName(target), kind, place: placeOfTarget(target) };
  return { ...what, ...viewHolding(one), ...(command === undefined ? {} : { command }), alive };
}

/** The worktree that the lock is in; null for the primary one, and for the pen, which is the project's. */
function placeOfTarget(target: LockTarget): string | null {
  return reservedAs(target) === undefined ? target.place : target.path || null;
}

function printVerdict(verdict: LockVerdict): string {
  const shown = shownTarget(verdict.target);
  if (verdict.verdict !== 'held') return `${shown}: ${verdict.verdict}`;
  const { by } = verdict;
  const over = shownTarget(by.target) === shown ? '' : ` by its lock on ${shownTarget(by.target)}`;
  return `${shown}: held by ${printHolder(by, Date.now())}${over}`;
}

export const LOCK_COMMANDS: readonly Command[] = [lock, unlock, locks];
