/**
 * A session of the client, as its hooks see it: each hook gets the payload that the client gives, and what a hook
 * printed goes into the transcript, as the client writes it.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { idsIn } from './mail.ts';
import type { HookPayload, HookRun, Project } from './project.ts';

interface Where {
  readonly session: string;
  readonly cwd: string;
  readonly agent?: string;
  /** No transcript yet: the client makes it with the first entry. */
  readonly isNew?: boolean;
}

export class Session {
  readonly project: Project;
  readonly session: string;
  readonly cwd: string;
  readonly transcript: string;
  readonly agent: string | undefined;
  /** Ids of all messages that its hooks showed, in order. */
  readonly shown: string[] = [];

  constructor(project: Project, where: Where) {
    this.project = project;
    this.session = where.session;
    this.cwd = where.cwd;
    this.agent = where.agent;
    this.transcript = `${project.outside('transcripts')}/${where.session}.jsonl`;
    if (!where.isNew) writeFileSync(this.transcript, '{"type":"user"}\n');
  }

  payload(event: string, more: object = {}): HookPayload {
    return {
      hook_event_name: event,
      session_id: this.session,
      cwd: this.cwd,
      transcript_path: this.transcript,
      ...(this.agent === undefined ? {} : { agent_id: this.agent, agent_type: 'coord:phase-worker' }),
      ...more,
    };
  }

  /** The client is this very process: alive as long as the test. */
  get env(): Record<string, string> {
    return { CLAUDE_PID: String(process.pid), CLAUDE_CODE_SESSION_ID: this.session };
  }

  async run(event: string, more: object = {}): Promise<HookRun> {
    const bundle = event.startsWith('PostToolUse')
      ? 'after'
      : event === 'SessionEnd'
        ? 'session-end'
        : 'session';
    const run = await this.project.hookLater(bundle, this.payload(event, more), this.env);
    if (run.code !== 0) throw new Error(`${event}: ${run.code} ${run.stderr}`);
    this.hear(run.stdout);
    return run;
  }

  start(source = 'startup'): Promise<HookRun> {
    return this.run('SessionStart', { source });
  }

  prompt(text = 'go on'): Promise<HookRun> {
    return this.run('UserPromptSubmit', { prompt: text });
  }

  stop(more: object = {}): Promise<HookRun> {
    return this.run(this.agent === undefined ? 'Stop' : 'SubagentStop', { stop_hook_active: false, ...more });
  }

  /** Takes in what a hook printed, whole, also one that was killed afterwards; true when there was any. */
  hear(stdout: string): boolean {
    const context = contextIn(stdout);
    if (context === undefined) return false;
    this.shown.push(...idsIn(context));
    const attachment = { type: 'hook_additional_context', content: [context] };
    const file =
      this.agent === undefined
        ? this.transcript
        : `${this.transcript.replace(/\.jsonl$/, '')}/subagents/agent-${this.agent}.jsonl`;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${JSON.stringify({ type: 'attachment', attachment })}\n`);
    return true;
  }
}

function contextIn(stdout: string): string | undefined {
  try {
    const output = JSON.parse(stdout) as { hookSpecificOutput?: { additionalContext?: string } };
    return output.hookSpecificOutput?.additionalContext;
  } catch (error) {
    // Nothing, or half of it: the client shows neither.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
