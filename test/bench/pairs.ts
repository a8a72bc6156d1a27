/**
 * Whole processes timed in pairs, A B A B …, so that a machine whose speed drifts slows both: what is quoted is the
 * median of the ratios. In a clean environment: a variable like NODE_EXTRA_CA_CERTS costs more than a hook.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  /** A file that becomes its standard input. */
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Pair {
  readonly ratio: number;
  readonly ms: number;
  readonly otherMs: number;
}

function timeOnce(command: Command): Promise<number> {
  return new Promise((resolve, reject) => {
    const input = openSync(command.input, 'r');
    const startedAt = process.hrtime.bigint();
    const child = spawn(process.execPath, command.args, {
      cwd: command.cwd,
      env: { ...command.env },
      stdio: [input, 'ignore', 'ignore'],
    });
    closeSync(input);
    child.on('error', reject);
    child.on('exit', () => resolve(Number(process.hrtime.bigint() - startedAt) / 1e6));
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `runs` pairs after three that do not count. */
export async function timePairs(command: Command, other: Command, runs: number): Promise<Pair> {
  const mine: number[] = [];
  const others: number[] = [];
  for (let run = -3; run < runs; run++) {
    const b = await timeOnce(other);
    const a = await timeOnce(command);
    if (run < 0) continue;
    mine.push(a);
    others.push(b);
  }
  const ratios = mine.map((ms, index) => ms / (others[index] ?? Number.NaN));
  return { ratio: median(ratios), ms: median(mine), otherMs: median(others) };
}
