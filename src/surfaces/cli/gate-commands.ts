/** `coord gate` and `coord run`: what was proven of a plan, and running what proves it, one at a time in a shared tree. */
import { constants } from 'node:os';
import { done, type Outcome } from '../../domain/problem.ts';
import type { ShellRun } from '../../domain/shell/facts.ts';
import { quoteArgument } from '../../domain/shell/quoting.ts';
import { testCommandOf } from '../../domain/test-command.ts';
import { mayRunTests, testRulesOf, testTextOf } from '../../domain/test-rules.ts';
import { type Caller, identifyCaller } from '../../storage/light/caller.ts';
import { readSettings } from '../../storage/settings.ts';
import { holdTestMutex, type TestRun } from '../../usecases/hold-test-mutex.ts';
import { askGate } from '../../usecases/judge-gate.ts';
import { type RanCommand, runValidation } from '../../usecases/run-validation.ts';
import { loadCached } from '../hooks/code-cache.ts';
import { printEvidence, printVerdict } from '../wording/gate.ts';
import { printHolder } from '../wording/locks.ts';
import { withCaller } from './calling.ts';
import { type Answer, type Command, type Context, EXIT, UsageError, writeOut, writeText } from './command.ts';

const gate: Command = {
  name: 'gate',
  usage: '<plan>',
  summary:
    'Says whether a plan is proven: every validation passed, in full, on this very tree, and a commit since its start names it. Exit code 1 when it is not, or when no validation is configured: nothing was proven then.',
  positionals: [1, 1],
  shape:
    '{plan, verdict: pass | fail, tree, commit, checks: [{kind, name, ok, code, why, evidence?, commit?}…], missing: [text…]}',
  run: (context) =>
    withCaller(context, (caller) => {
      const outcome = askGate(caller, context.positionals[0] ?? '');
      if (!outcome.done) return outcome;
      const { value } = outcome;
      const code = value.verdict === 'pass' ? {} : { code: EXIT.refused };
      return done({ json: value, text: printVerdict(value), ...code });
    }),
};

const WAIT_MAX_S = 3_600;
const WAIT_S = 600;
/** By this an inner `coord run` knows that it runs under the test mutex already. */
const HOLDER_VARIABLE = 'COORD_TEST_MUTEX';

const runCommand: Command = {
  name: 'run',
  usage: '[--wait <seconds>] [--mutex | --no-mutex] -- <command> [<argument>…]',
  summary: `Runs a command as its arguments say, without a shell, and keeps evidence of it where it is a validation and runs in the root of the worktree. In shared mode a command that works on the whole tree (the setting mutex) waits for the test mutex first, ${WAIT_S} s or as --wait says; --mutex takes it for any command, in worktree mode too. Exits as the command does; 2 becomes 1 (to a hook 2 means block), and a signal becomes 128 and its number. The command ends when coord is killed.`,
  values: ['wait'],
  switches: ['mutex', 'no-mutex'],
  positionals: [1, Number.POSITIVE_INFINITY],
  shape: 'nothing: all output is the command’s own',
  run: async (context): Promise<Outcome<Answer>> => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const command = testCommandIn(caller.value, context);
    const run = () => runAndTell(caller.value, context);
    if (command === undefined) return run();
    const test: TestRun = {
      command,
      words: process.argv.slice(2),
      waitMs: waitOf(context) * 1_000,
      outer: context.env[HOLDER_VARIABLE],
      onWait: (by) =>
        writeText(2, `coord: waiting for the test mutex, which ${printHolder(by, Date.now())} has\n`),
    };
    return holdTestMutex(caller.value, test, (holder) => {
      process.env[HOLDER_VARIABLE] = holder;
      return run();
    });
  },
};

function waitOf(context: Context): number {
  const seconds = Number(context.option('wait') ?? WAIT_S);
  if (seconds >= 0 && seconds <= WAIT_MAX_S) return seconds;
  throw new UsageError(`--wait takes seconds from 0 to ${WAIT_MAX_S}`);
}

/** What of the command works on the whole tree; undefined where it needs no mutex. */
function testCommandIn(
  { home }: Caller,
  { positionals: argv, flags, cwd, env }: Context,
): string | undefined {
  if (flags.has('mutex') && flags.has('no-mutex')) throw new UsageError('--mutex or --no-mutex, not both');
  if (flags.has('no-mutex')) return undefined;
  if (flags.has('mutex')) return argv.join(' ');
  const { settings } = readSettings(home);
  const rules = settings.mode === 'shared' ? testRulesOf(settings) : undefined;
  const line = argv.map(quoteArgument).join(' ');
  if (!rules || !mayRunTests(rules, line)) return undefined;
  const whole = argv.length === 3 && argv[1] === '-c' ? testTextOf(rules, argv[2] ?? '') : undefined;
  if (whole !== undefined) return whole;
  // What a shell or a wrapper among the arguments would run is read as the guard reads it.
  const { runsIn } = loadCached<{ runsIn(line: string, cwd: string, env: Context['env']): ShellRun[] }>(
    'shell',
  ).exports;
  const commands = runsIn(line, cwd, env).map(({ words }) => testCommandOf(rules, words));
  return commands.find((command) => command !== undefined);
}

async function runAndTell(caller: Caller, { positionals, cwd }: Context): Promise<Outcome<Answer>> {
  const hear = (stream: 'stdout' | 'stderr', bytes: Buffer) => writeOut(stream === 'stdout' ? 1 : 2, bytes);
  const outcome = await runValidation(caller, positionals, { cwd, hear });
  if (!outcome.done) return outcome;
  tell(outcome.value, caller.root);
  return done({ json: undefined, text: '', code: exitCodeOf(outcome.value) });
}

/** On stderr: stdout is the command's own. */
function tell({ evidence, isElsewhere, code }: RanCommand, root: string): void {
  if (evidence) writeText(2, `coord: ${printEvidence(evidence)}\n`);
  if (isElsewhere) writeText(2, `coord: not kept as evidence: validations run in ${root}\n`);
  if (code === 2) writeText(2, 'coord: the command exited with 2, which is handed on as 1\n');
}

function exitCodeOf({ code, signal }: RanCommand): number {
  if (code === null) return 128 + (signal ? constants.signals[signal] : 0);
  return code === 2 ? 1 : code;
}

export const GATE_COMMANDS: readonly Command[] = [gate, runCommand];
