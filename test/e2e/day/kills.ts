/**
 * Death at random, by a seed: whole sessions with all that they started, and single processes in their midst: coord's
 * commands, its hooks, git, the test suite, shells. A process is one of the day's by the HOME in its environment.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { killTree } from '../../kit/client.ts';
import type { Drawer } from '../../kit/draw.ts';

const KINDS = ['session', 'coord', 'hook', 'git', 'suite', 'shell'] as const;
export type VictimKind = (typeof KINDS)[number];

export interface Death {
  readonly kind: VictimKind;
  readonly pid: number;
  readonly command: string;
}

export interface Plan {
  readonly random: Drawer;
  /** The HOME of the day's sessions. */
  readonly home: string;
  /** Between two deaths, in milliseconds. */
  readonly pauseMs: readonly [number, number];
  readonly sessionsMax: number;
}

interface Running {
  readonly kind: VictimKind;
  readonly pid: number;
  readonly command: string;
}

const POLL_MS = 8;
/** So long a kind is waited for that does not run just now. */
const WAIT_MS = 3_000;

export class Reaper {
  readonly deaths: Death[] = [];
  private readonly plan: Plan;
  private readonly over = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  start(): void {
    this.done = this.reap();
  }

  /** Resolves when nobody is killed any more. */
  async stop(): Promise<void> {
    this.over.abort();
    await this.done;
  }

  private async reap(): Promise<void> {
    const { random, pauseMs } = this.plan;
    while (!this.isOver) {
      await this.pause(pauseMs[0] + random.below(pauseMs[1] - pauseMs[0]));
      const kind = this.drawKind();
      // In the midst, not at its start alone.
      const afterMs = random.below(120);
      await this.strike(kind, afterMs);
    }
  }

  private drawKind(): VictimKind {
    const { random, sessionsMax } = this.plan;
    const isSpared = this.deaths.filter(({ kind }) => kind === 'session').length >= sessionsMax;
    const drawn = random.pick([
      'session',
      'coord',
      'coord',
      'hook',
      'hook',
      'git',
      'suite',
      'shell',
    ] as const);
    return drawn === 'session' && isSpared ? 'coord' : drawn;
  }

  private async strike(kind: VictimKind, afterMs: number): Promise<void> {
    const until = Date.now() + WAIT_MS;
    while (!this.isOver && Date.now() < until) {
      const victims = processesOf(this.plan.home).filter((one) => one.kind === kind);
      if (victims.length > 0) {
        const victim = this.plan.random.pick(victims);
        await this.pause(afterMs);
        if (!this.isOver && kill(victim)) this.deaths.push(victim);
        return;
      }
      await this.pause(POLL_MS);
    }
  }

  private get isOver(): boolean {
    return this.over.signal.aborted;
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.over.signal }).catch(() => 'it is over');
  }
}

/** False when it had ended by itself. */
function kill({ kind, pid, command }: Running): boolean {
  if (commandOf(pid) !== command) return false;
  if (kind === 'session') {
    killTree(pid);
    return true;
  }
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Those that live in this HOME, with what they are. */
export function processesOf(home: string): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const command = commandOf(pid);
      const kind = kindOf(command);
      return kind !== undefined && environmentOf(pid).includes(`HOME=${home}`)
        ? [{ kind, pid, command }]
        : [];
    });
}

function kindOf(command: string): VictimKind | undefined {
  if (/\/claude(?:\.exe)? /.test(command)) return 'session';
  if (/\/(?:coord|full)\.cjs\b/.test(command)) return 'coord';
  if (/\/scripts\/(?:guard|after|session|session-end)\.cjs\b/.test(command)) return 'hook';
  if (/^(?:\S*\/)?git /.test(command)) return 'git';
  if (/^\S*node test\/all\.js/.test(command)) return 'suite';
  return /^(?:\S*\/)?(?:ba)?sh /.test(command) ? 'shell' : undefined;
}

function commandOf(pid: number): string {
  return (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ');
}

function environmentOf(pid: number): string[] {
  return (readProc(pid, 'environ') ?? '').split('\0');
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended in between.
    return undefined;
  }
}
