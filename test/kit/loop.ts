/** Starts one of the kit's loops (`*-loop.cjs`), which run a bundle again and again in one process, and reads its answer. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

export interface Loop {
  /** The loop's own file, in this folder. */
  readonly name: string;
  readonly bundle: string;
  /** One a line goes into this file. */
  readonly file: string;
  readonly inputs: readonly unknown[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Rejects with what it complained of when it does not come to its end. */
export function runLoop<T>({ name, bundle, file, inputs, env, cwd }: Loop): Promise<T> {
  writeFileSync(file, inputs.map((input) => `${JSON.stringify(input)}\n`).join(''));
  const loop = new URL(name, import.meta.url).pathname;
  const child = spawn(process.execPath, [loop, bundle, file], { env, cwd });
  let out = '';
  let complaints = '';
  child.stdout.on('data', (data) => {
    out += String(data);
  });
  child.stderr.on('data', (data) => {
    complaints += String(data);
  });
  return new Promise((done, fail) => {
    child.on('close', (code) => {
      if (code === 0) done(JSON.parse(out) as T);
      else fail(new Error(`exit ${code}: ${complaints.slice(0, 2_000)}`));
    });
  });
}
