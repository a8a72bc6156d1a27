/**
 * A scratch project for tests: a real git repository, the real command line and hook bundles started as the client
 * starts them, in an environment of their own.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** COORD_TEST_SCRIPTS: bundles of one's own, so that two people can build and test in one checkout. */
export const scripts = process.env['COORD_TEST_SCRIPTS'] ?? join(repositoryRoot, 'scripts');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a hook answered, taken apart. */
export interface HookRun extends Run {
  readonly output: Record<string, unknown> | undefined;
  readonly denied: string | undefined;
  readonly context: string | undefined;
}

export interface HookPayload {
  readonly hook_event_name: string;
  readonly session_id: string;
  readonly cwd: string;
  readonly [key: string]: unknown;
}

export type Bundle = 'guard' | 'after' | 'session' | 'session-end' | 'wake';

export class Project {
  readonly home: string;
  private readonly base: string;

  constructor(name = 'project') {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), 'coord-test-')));
    this.home = join(this.base, name);
    mkdirSync(this.home);
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'user.name', 'Tester');
    this.git('config', 'user.email', 'tester@example.invalid');
    this.git('config', 'gc.auto', '0');
    this.write('README.md', '# Scratch\n');
    this.git('add', '-A');
    this.git('commit', '-qm', 'Start');
  }

  /** A coordinated project with these phases, each with two plans `<id>-01` and `<id>-02`, all started. */
  static started(...phases: string[]): Project {
    const project = new Project();
    project.must('init');
    for (const id of phases) {
      project.must(
        'phase',
        'add',
        id,
        `Phase ${id}`,
        '--plan',
        `${id}-01:First`,
        '--plan',
        `${id}-02:Second`,
      );
      project.must('phase', 'start', id);
    }
    return project;
  }

  dispose(): void {
    rmSync(this.base, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A folder beside the project, outside of it. */
  outside(name: string): string {
    const folder = join(this.base, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  worktree(id: string): string {
    return join(this.home, '.claude', 'worktrees', `${id}-phase-${id}`);
  }

  statusFile(id: string): string {
    return join(this.worktree(id), '.planning', 'phases', `${id}-phase-${id}`, 'STATUS.md');
  }

  path(...parts: string[]): string {
    return join(this.home, ...parts);
  }

  write(relative: string, text: string): string {
    const file = this.path(relative);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  read(relative: string): string {
    return readFileSync(this.path(relative), 'utf8');
  }

  git(...args: string[]): string {
    return gitIn(this.home, ...args);
  }

  /** Runs the command line in a folder of the project. */
  coord(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Run {
    return run(join(scripts, 'coord.cjs'), args, '', options.cwd ?? this.home, options.env);
  }

  /** The same, in the background: for races. */
  coordLater(
    args: readonly string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
  ): Promise<Run> {
    return runLater(join(scripts, 'coord.cjs'), args, '', options.cwd ?? this.home, options.env);
  }

  /** Runs a command that must succeed, and reads its --json. */
  must<T = Record<string, unknown>>(...args: string[]): T {
    return this.mustIn<T>(this.home, ...args);
  }

  mustIn<T = Record<string, unknown>>(cwd: string, ...args: string[]): T {
    const done = this.coord([...args, '--json'], { cwd });
    if (done.code !== 0) throw new Error(`coord ${args.join(' ')}: ${done.code} ${done.stderr}`);
    return JSON.parse(done.stdout) as T;
  }

  hook(bundle: Bundle, payload: HookPayload | string | null, env: Record<string, string> = {}): HookRun {
    const input = typeof payload === 'string' ? payload : JSON.stringify(payload);
    // A folder that is gone, or can be none, is where no process can start; the payload may name it all the same.
    const named = typeof payload === 'object' && payload ? payload.cwd : this.home;
    const cwd = existsSync(named) ? named : this.home;
    return hookRun(run(join(scripts, `${bundle}.cjs`), [], input, cwd, env));
  }

  async hookLater(bundle: Bundle, payload: HookPayload, env: Record<string, string> = {}): Promise<HookRun> {
    const file = join(scripts, `${bundle}.cjs`);
    return hookRun(await runLater(file, [], JSON.stringify(payload), payload.cwd, env));
  }

  /** The guard on a Write: the reason of the refusal, or undefined. */
  guardWrite(cwd: string, path: string, session = `session-${cwd}`): string | undefined {
    return this.guard({ cwd, session, tool: 'Write', input: { file_path: path, content: 'x' } });
  }

  guardBash(cwd: string, command: string, session = `session-${cwd}`): string | undefined {
    return this.guard({ cwd, session, tool: 'Bash', input: { command } });
  }

  guard(call: {
    cwd: string;
    session: string;
    tool: string;
    input: object;
    agent?: string;
  }): string | undefined {
    const payload = {
      hook_event_name: 'PreToolUse',
      session_id: call.session,
      cwd: call.cwd,
      tool_name: call.tool,
      tool_input: call.input,
      tool_use_id: `use-${Math.random()}`,
      ...(call.agent ? { agent_id: call.agent } : {}),
    };
    return this.hook('guard', payload).denied;
  }
}

export function gitIn(cwd: string, ...args: string[]): string {
  const result = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

/** Nothing of the machine's environment but what a process needs. */
export function bareEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', ...extra };
}

function run(
  file: string,
  args: readonly string[],
  input: string,
  cwd: string,
  env?: Record<string, string>,
): Run {
  const options = { cwd, input, encoding: 'utf8' as const, env: bareEnvironment(env) };
  const result = spawnSync(process.execPath, [file, ...args], options);
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

function runLater(
  file: string,
  args: readonly string[],
  input: string,
  cwd: string,
  env?: Record<string, string>,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { cwd, env: bareEnvironment(env) });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

function hookRun(result: Run): HookRun {
  const output = result.stdout.startsWith('{')
    ? (JSON.parse(result.stdout) as Record<string, unknown>)
    : undefined;
  const specific = output?.['hookSpecificOutput'] as Record<string, string> | undefined;
  const isDenied = specific?.['permissionDecision'] === 'deny';
  return {
    ...result,
    output,
    denied: isDenied ? specific?.['permissionDecisionReason'] : undefined,
    context: specific?.['additionalContext'],
  };
}
