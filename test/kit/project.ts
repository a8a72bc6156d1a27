/**
 * A scratch project for tests: a real git repository, the real command line and hook bundles started as the client
 * starts them, in an environment of their own (kit/bundles says in which process).
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
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Run, runBundle } from './bundles.ts';

export type { Run } from './bundles.ts';

import { keepTimes, readEntries, writeEntries } from './snapshot.ts';
import { copyTemplate, runFolder } from './template.ts';

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** COORD_TEST_SCRIPTS: bundles of one's own, so that two people can build and test in one checkout. */
export const scripts = process.env['COORD_TEST_SCRIPTS'] ?? join(repositoryRoot, 'scripts');
/** COORD_TEST_PLUGIN: a plugin folder around them, for the real client. */
export const pluginRoot = process.env['COORD_TEST_PLUGIN'] ?? repositoryRoot;

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

  /** A repository with one commit; or what is put into the folder around it instead. */
  constructor(name = 'project', fill?: (base: string) => void) {
    this.base = freshBase();
    this.home = join(this.base, name);
    if (fill) fill(this.base);
    else putRepository(this.home);
  }

  /** One to which this was done. It is done once a run, and copied from then on: all of one kind are alike. */
  static like(kind: string, make: (project: Project) => void, from = () => new Project()): Project {
    const model = () => {
      const project = from();
      make(project);
      return project.base;
    };
    return new Project('project', (base) => copyTemplate(kind, base, model));
  }

  /** A coordinated project with these phases, each with two plans `<id>-01` and `<id>-02`, all started. */
  static started(...phases: string[]): Project {
    return Project.like(`started ${phases}`, (project) => {
      project.must('init');
      for (const id of phases) project.startPhase(id);
    });
  }

  startPhase(id: string): void {
    const plans = ['--plan', `${id}-01:First`, '--plan', `${id}-02:Second`];
    this.must('phase', 'add', id, `Phase ${id}`, ...plans);
    this.must('phase', 'start', id);
  }

  /** Another one, as this one stands now, with what lies beside it. */
  copy(): Project {
    const entries = readEntries(this.base);
    return new Project(basename(this.home), (base) => {
      writeEntries(base, entries, { from: this.base, to: base });
      keepTimes(base, entries);
    });
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
    const env = { ...pluginEnvironment(), ...options.env };
    return run(join(scripts, 'coord.cjs'), args, '', options.cwd ?? this.home, env);
  }

  /** The same, in the background: for races. */
  coordLater(
    args: readonly string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
  ): Promise<Run> {
    const env = { ...pluginEnvironment(), ...options.env };
    return runLater(join(scripts, 'coord.cjs'), args, '', options.cwd ?? this.home, env);
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
    return hookRun(run(join(scripts, `${bundle}.cjs`), [], input, cwd, { ...pluginEnvironment(), ...env }));
  }

  async hookLater(bundle: Bundle, payload: HookPayload, env: Record<string, string> = {}): Promise<HookRun> {
    const file = join(scripts, `${bundle}.cjs`);
    const whole = { ...pluginEnvironment(), ...env };
    return hookRun(await runLater(file, [], JSON.stringify(payload), payload.cwd, whole));
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

function freshBase(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'coord-test-')));
}

/** Puts a repository with one commit there. */
export function putRepository(folder: string): void {
  copyTemplate('repository', folder, () => {
    const model = freshBase();
    gitIn(model, 'init', '-q', '-b', 'main');
    gitIn(model, 'config', 'user.name', 'Tester');
    gitIn(model, 'config', 'user.email', 'tester@example.invalid');
    gitIn(model, 'config', 'gc.auto', '0');
    writeFileSync(join(model, 'README.md'), '# Scratch\n');
    gitIn(model, 'add', '-A');
    gitIn(model, 'commit', '-qm', 'Start');
    // Samples, as many files as all the rest.
    rmSync(join(model, '.git', 'hooks'), { recursive: true, force: true });
    return model;
  });
}

export function gitIn(cwd: string, ...args: string[]): string {
  const result = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.error ?? result.stderr}`);
  return result.stdout;
}

/** Nothing of the machine's environment but what a process needs. */
export function bareEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', ...extra };
}

/**
 * Where the plugin may keep what it compiled, one folder for all tests of a run: by the name that the client gives to
 * hooks, and by the one that the session's first hook gives to the Bash tool.
 */
export function pluginEnvironment(): Record<string, string> {
  const data = runFolder('plugin data');
  return data === undefined ? {} : { CLAUDE_PLUGIN_DATA: data, COORD_PLUGIN_DATA: data };
}

function run(
  file: string,
  args: readonly string[],
  input: string,
  cwd: string,
  env?: Record<string, string>,
): Run {
  return runBundle({ file, args, input, cwd, env: bareEnvironment(env) });
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
    // It may end before it reads.
    child.stdin.on('error', () => undefined);
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
