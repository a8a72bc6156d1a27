/**
 * A world in miniature around judgeBatch: one mailbox, sessions that come and go, hooks that are killed at any step.
 * What a tool's hook prints reaches the model and the transcript when the model is asked next; what the hook of a start
 * prints, behind the first prompt's hook; what another hook prints stands in the transcript at once.
 */
import { expect } from 'vitest';
import { type Batch, type Instance, judgeBatch, WAITED } from '../../src/domain/delivery.ts';

export type Step =
  | { do: 'send' }
  | { do: 'hook'; event: 'PostToolUse' | 'Stop' | 'UserPromptSubmit' | 'PreCompact'; end: HookEnd }
  | { do: 'finish'; end: HookEnd }
  | { do: 'await'; end: HookEnd | 'broken-off' }
  | { do: 'ask' }
  | { do: 'resume' | 'restart' | 'join'; end: HookEnd }
  | { do: 'wait' };
export type HookEnd = 'whole' | 'killed-before-print' | 'killed-after-print' | 'slow';

export class World {
  nowMs = 0;
  readonly sent: string[] = [];
  readonly acknowledged = new Map<string, Batch>();
  private readonly waiting: string[] = [];
  private ledger: Batch[] = [];
  private readonly gone = new Set<string>();
  private readonly alivePrinters = new Set<string>();
  /** Tokens on their way into the model's context, per session; lost when it is killed. */
  private context: { session: string; token: string }[] = [];
  /** Tokens that a start printed, until they are written into the transcript; lost when the session is killed before. */
  private started: { session: string; token: string }[] = [];
  readonly transcript = new Set<string>();
  readonly printed = new Set<string>();
  readonly shown: { id: string; token: string; session: string }[] = [];
  private slow: Batch | undefined;
  private number = 1;
  private tokens = 0;

  get session(): string {
    return `s${this.number}`;
  }

  run(step: Step): void {
    this.nowMs += 10;
    switch (step.do) {
      case 'send':
        this.sent.push(`m${this.sent.length}`);
        this.waiting.push(`m${this.sent.length - 1}`);
        break;
      case 'hook':
        this.hook(step.event, step.end);
        break;
      case 'finish':
        this.finish(step.end);
        break;
      case 'await':
        this.hook(WAITED, step.end);
        break;
      case 'ask':
        this.ask();
        break;
      case 'wait':
        this.nowMs += 5_000;
        break;
      case 'resume':
        this.endOfClient();
        this.hook('SessionStart', step.end);
        break;
      case 'restart':
        this.endOfClient();
        this.gone.add(this.session);
        this.number += 1;
        this.hook('SessionStart', step.end);
        break;
      case 'join':
        // Another session of the same place, while the first lives on and does nothing more.
        this.endOfHooks();
        this.number += 1;
        this.hook('SessionStart', step.end);
    }
  }

  killAllButNew(): void {
    for (let n = 1; n <= this.number; n += 1) this.gone.add(`s${n}`);
    this.run({ do: 'restart', end: 'whole' });
  }

  private endOfHooks(): void {
    if (this.slow) this.alivePrinters.delete(this.slow.token);
    this.slow = undefined;
  }

  private endOfClient(): void {
    this.endOfHooks();
    this.context = this.context.filter((it) => it.session !== this.session);
    this.started = this.started.filter((it) => it.session !== this.session);
  }

  /** It stands before the model, and in the transcript now or later. */
  isSeen(token: string): boolean {
    return this.transcript.has(token) || this.started.some((it) => it.token === token);
  }

  private writeStart(): void {
    for (const { token } of this.started) this.transcript.add(token);
    this.started = [];
  }

  private ask(): void {
    for (const { token } of this.context) this.transcript.add(token);
    this.context = [];
  }

  private hook(event: string, end: HookEnd | 'broken-off'): void {
    // By then all tools have ended, with their hooks, and the transcript has what these printed.
    if (!event.startsWith('PostToolUse')) this.finish('whole');
    if (!event.startsWith('PostToolUse')) this.ask();
    if (event !== 'UserPromptSubmit') this.writeStart();
    this.settle(event);
    const claimed = new Set(this.ledger.flatMap((it) => it.ids));
    const free = this.waiting.filter((id) => !claimed.has(id));
    const ids = event === WAITED ? free.slice(0, 1) : free;
    if (ids.length === 0) return;
    const token = `t${this.tokens++}`;
    const found: Batch = {
      session: this.session,
      agent: null,
      token,
      ids,
      state: 'printing',
      event,
      atMs: this.nowMs,
    };
    this.ledger.push(found);
    if (end === 'slow' && !this.slow) {
      this.alivePrinters.add(token);
      this.slow = found;
    } else this.print(found, end === 'slow' ? 'whole' : end);
  }

  private finish(end: HookEnd): void {
    const found = this.slow;
    if (!found || end === 'slow') return;
    this.endOfHooks();
    this.print(found, end);
  }

  private print(found: Batch, end: HookEnd | 'broken-off'): void {
    if (end === 'killed-before-print') return;
    this.printed.add(found.token);
    if (end === 'broken-off') {
      // The client throws away what it printed.
      this.ledger = this.ledger.map((it) => (it.token === found.token ? { ...it, state: 'shown' } : it));
      return;
    }
    for (const id of found.ids) this.shown.push({ id, token: found.token, session: found.session });
    if (found.event.startsWith('PostToolUse'))
      this.context.push({ session: found.session, token: found.token });
    else if (found.event === 'SessionStart')
      this.started.push({ session: found.session, token: found.token });
    else this.transcript.add(found.token);
    if (end === 'killed-after-print') return;
    this.ledger = this.ledger.map((it) => (it.token === found.token ? { ...it, state: 'shown' } : it));
  }

  private settle(event: string): void {
    const me: Instance = { session: this.session, agent: null };
    this.ledger = this.ledger.filter((it) => {
      const verdict = judgeBatch(it, me, event, this.nowMs, {
        isPrinterGone: !this.alivePrinters.has(it.token),
        isSessionGone: this.gone.has(it.session),
        isInTranscript: this.transcript.has(it.token),
        isClientKnown: true,
      });
      if (verdict === 'acknowledge') this.acknowledge(it);
      return verdict === 'keep';
    });
  }

  private acknowledge(found: Batch): void {
    // At the very moment: what was not in front of the model must not count as read.
    expect(this.printed, 'printed').toContain(found.token);
    expect(this.transcript, 'seen').toContain(found.token);
    for (const id of found.ids) {
      expect(this.acknowledged.has(id), `${id} twice`).toBe(false);
      this.acknowledged.set(id, found);
      this.waiting.splice(this.waiting.indexOf(id), 1);
    }
  }
}
