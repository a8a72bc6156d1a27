/**
 * A Claude Code session as far as coord can tell: it starts the plugin's hooks, with the payloads and the environment
 * that the client gives them, and keeps to their answers. A tool call that is refused is not made; one that is let
 * through is really made, so what the guard overlooks shows in the files.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { excerpt, must, Unmet } from './checks.ts';
import { type HookAnswer, type HookProgram, judgeAnswer, parseWiring, type Wiring } from './hook-wiring.ts';
import { BackgroundProgram, type Program, runProgram, StandIn } from './processes.ts';
import type { Scratch } from './scratch.ts';

export interface ToolCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Made<T> {
  /** Why it was refused; then nothing was made. */
  readonly denied: string | undefined;
  readonly value: T | undefined;
  /** What the hooks told the model after it. */
  readonly context: string;
}

/** A turn that is ending: its Stop hooks run, and may hold it. */
export interface EndingTurn {
  /** What its hooks answered, waiting for that at most so long; undefined while they still run. */
  readonly waitFor: (limitMs: number) => HookAnswer | undefined;
}

export class Session {
  /** The agent that coord knows it as. */
  readonly name: string;
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  private readonly scratch: Scratch;
  private readonly id: string;
  private readonly isAttended: boolean;
  private readonly client: StandIn;
  private wiring: Wiring | undefined;
  private readonly background: BackgroundProgram[] = [];
  private waker: BackgroundProgram | undefined;
  private calls = 0;

  constructor(scratch: Scratch, name: string, root: string, isAttended: boolean) {
    this.scratch = scratch;
    this.name = name;
    this.root = root;
    this.isAttended = isAttended;
    this.id = `demo-${name}`;
    this.client = new StandIn(scratch.env, scratch.home);
    this.env = { ...scratch.env, CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: this.id };
  }

  start(): string {
    return this.fire('SessionStart', { source: 'startup' }, 'startup').context ?? '';
  }

  prompt(prompt: string): string {
    return this.fire('UserPromptSubmit', { prompt }).context ?? '';
  }

  stop(): HookAnswer {
    return this.fire('Stop', { stop_hook_active: false, background_tasks: [] });
  }

  /** Ends the turn, and goes on while its hooks run. */
  beginStop(): EndingTurn {
    const payload = this.payload('Stop', { stop_hook_active: false, background_tasks: [] });
    const running = this.foreground('Stop').map((hook) => ({
      hook,
      run: this.begin(this.programOf(hook, payload)),
    }));
    return {
      waitFor: (limitMs) => {
        const answers: HookAnswer[] = [];
        for (const { hook, run } of running) {
          const ended = run.waitFor(limitMs);
          if (!ended) return undefined;
          answers.push(judgeAnswer(hook, ended));
        }
        return this.merge(answers);
      },
    };
  }

  end(): void {
    this.fire('SessionEnd', { reason: 'prompt_input_exit' });
    this.leave();
  }

  /** Ends what runs for it; the session's own hooks are not asked. */
  leave(): void {
    for (const program of this.background.splice(0)) program.end();
    this.client.end();
  }

  /** What woke the idle session, waiting for that at most so long. */
  wokenWithin(limitMs: number): string | undefined {
    const ended = this.waker?.waitFor(limitMs);
    return ended?.code === 2 ? ended.stderr : undefined;
  }

  /** Makes a tool call unless a hook refuses it. */
  use<T>(call: ToolCall, make: () => T): Made<T> {
    this.calls++;
    const id = `toolu_${this.id}_${this.calls}`;
    const about = {
      permission_mode: 'bypassPermissions',
      tool_name: call.tool,
      tool_input: call.input,
      tool_use_id: id,
    };
    const before = this.fire('PreToolUse', about, call.tool);
    if (before.denied !== undefined) return { denied: before.denied, value: undefined, context: '' };
    const value = make();
    const response = { stdout: '', stderr: '', interrupted: false };
    const after = this.fire('PostToolUse', { ...about, tool_response: response }, call.tool);
    return { denied: undefined, value, context: after.context ?? '' };
  }

  write(file: string, content: string): Made<void> {
    const input = { file_path: join(this.root, file), content };
    return this.use({ tool: 'Write', input }, () => this.scratch.write(input.file_path, content));
  }

  edit(file: string, before: string, after: string): Made<void> {
    const path = join(this.root, file);
    const input = { file_path: path, old_string: before, new_string: after, replace_all: false };
    return this.use({ tool: 'Edit', input }, () => {
      const text = this.scratch.read(path) ?? '';
      must(text.includes(before), `${this.scratch.plain(path)} to hold "${before}"`, `"${excerpt(text)}"`);
      this.scratch.write(
        path,
        text.replace(before, () => after),
      );
    });
  }

  /** A shell command; `make` does what it says, since the demo starts no shell. */
  shell<T>(command: string, make: () => T): Made<T> {
    return this.use({ tool: 'Bash', input: { command, description: 'demo' } }, make);
  }

  /** A `coord` command in the session's shell, with its --json read. */
  coord<T>(...args: string[]): Made<T> & { value: T } {
    const words = args.map((word) =>
      /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
    );
    const command = `coord ${words.join(' ')}`;
    const made = this.shell(command, () => this.scratch.coordJson<T>(this.root, args, this.env));
    const { denied, value } = made;
    if (denied !== undefined || value === undefined) {
      throw new Unmet(
        `\`coord ${args.slice(0, 2).join(' ')}\` of ${this.name} to be let through`,
        denied ?? 'nothing',
      );
    }
    return { ...made, value };
  }

  commit(message: string): void {
    const made = this.shell(`git add -A && git commit -qm "${message}"`, () => {
      this.scratch.git(this.root, 'add', '-A');
      this.scratch.git(this.root, 'commit', '-qm', message);
    });
    must(made.denied === undefined, `${this.name}'s commit to pass`, `refused: ${made.denied}`);
  }

  private programsOf(event: string, subject: string): HookProgram[] {
    if (!this.wiring) {
      const text = this.scratch.read(join(this.scratch.plugin, 'hooks', 'hooks.json'));
      must(text !== undefined, 'hooks/hooks.json in the plugin', 'no such file');
      this.wiring = parseWiring(text, this.scratch.plugin);
    }
    return this.wiring(event, subject);
  }

  private foreground(event: string, subject = ''): HookProgram[] {
    return this.programsOf(event, subject).filter((hook) => !(hook.wakes && this.isAttended));
  }

  private fire(event: string, fields: object, subject = ''): HookAnswer {
    const payload = this.payload(event, fields);
    const answers = this.foreground(event, subject).map((hook) => {
      const ended = runProgram(this.programOf(hook, payload));
      return judgeAnswer(hook, ended);
    });
    for (const hook of this.programsOf(event, subject)) {
      if (hook.wakes && this.isAttended) this.waker = this.begin(this.programOf(hook, payload));
    }
    return this.merge(answers);
  }

  private begin(program: Program): BackgroundProgram {
    const begun = new BackgroundProgram(program);
    this.background.push(begun);
    return begun;
  }

  /** One refusal is a refusal; what the model is told goes into the transcript, as the client does it. */
  private merge(answers: readonly HookAnswer[]): HookAnswer {
    const denied = answers.find((answer) => answer.denied !== undefined)?.denied;
    const context = answers.map((answer) => answer.context ?? '').join('\n');
    if (context.trim() === '') return denied === undefined ? {} : { denied };
    appendFileSync(this.scratch.transcript(this.id), `${JSON.stringify({ type: 'attachment', context })}\n`);
    return denied === undefined ? { context } : { denied, context };
  }

  private payload(event: string, fields: object): object {
    const transcript_path = this.scratch.transcript(this.id);
    return { session_id: this.id, transcript_path, cwd: this.root, hook_event_name: event, ...fields };
  }

  private programOf(hook: HookProgram, payload: object): Program {
    const env = {
      ...this.env,
      CLAUDE_PLUGIN_ROOT: this.scratch.plugin,
      CLAUDE_PROJECT_DIR: this.root,
      CLAUDE_PID: String(this.client.pid),
      CLAUDE_CODE_ENTRYPOINT: this.isAttended ? 'cli' : 'sdk-cli',
      CLAUDE_CODE_SESSION_ATTENDED: this.isAttended ? '1' : '0',
    };
    return { command: hook.command, args: hook.args, cwd: this.root, env, input: JSON.stringify(payload) };
  }
}
