/** `coord gate` and `coord run`: what was proven of a plan, and running what proves it. */
import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { done, type Outcome } from '../../domain/problem.ts';
import { identifyCaller } from '../../storage/light/caller.ts';
import { askGate } from '../../usecases/judge-gate.ts';
import { type RanCommand, runValidation } from '../../usecases/run-validation.ts';
import { printEvidence, printVerdict } from '../wording/gate.ts';
import { withCaller } from './calling.ts';
import { type Answer, type Command, EXIT, writeOut } from './command.ts';

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

const runCommand: Command = {
  name: 'run',
  usage: '-- <command> [<argument>…]',
  summary:
    'Runs a command as its arguments say, without a shell, and keeps evidence of it where it is a validation and runs in the root of the worktree. Exits as the command does; 2 becomes 1 (to a hook 2 means block), and a signal becomes 128 and its number. The command ends when coord is killed.',
  positionals: [1, Number.POSITIVE_INFINITY],
  shape: 'nothing: all output is the command’s own',
  run: async (context): Promise<Outcome<Answer>> => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const hear = (stream: 'stdout' | 'stderr', bytes: Buffer) =>
      writeBytes(stream === 'stdout' ? 1 : 2, bytes);
    const outcome = await runValidation(caller.value, context.positionals, { cwd: context.cwd, hear });
    if (!outcome.done) return outcome;
    tell(outcome.value, caller.value.root);
    return done({ json: undefined, text: '', code: exitCodeOf(outcome.value) });
  },
};

/** On stderr: stdout is the command's own. */
function tell({ evidence, isElsewhere, code }: RanCommand, root: string): void {
  if (evidence) writeOut(2, `coord: ${printEvidence(evidence)}\n`);
  if (isElsewhere) writeOut(2, `coord: not kept as evidence: validations run in ${root}\n`);
  if (code === 2) writeOut(2, 'coord: the command exited with 2, which is handed on as 1\n');
}

function exitCodeOf({ code, signal }: RanCommand): number {
  if (code === null) return 128 + (signal ? constants.signals[signal] : 0);
  return code === 2 ? 1 : code;
}

/** As they came: a reader that has gone ends nothing, the command runs on to its end. */
function writeBytes(descriptor: 1 | 2, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}

export const GATE_COMMANDS: readonly Command[] = [gate, runCommand];
