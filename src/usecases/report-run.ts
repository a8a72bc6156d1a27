/**
 * What a run of the merge queue tells while it goes on, and what it answers at its end: each event becomes a part of the
 * report, of the live progress on disk, and of what whoever started the run hears.
 */
import type {
  BehindCheckout,
  LandedBranch,
  LeftBranch,
  RejectedBranch,
  Resumed,
  RunEvent,
  RunReport,
} from '../domain/merge-run.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { clearProgress, type Probe, writeProgress } from '../storage/light/queue-progress.ts';

const WRITE_PAUSE_MS = 500;
const LINE_CHARS = 200;

export class RunBoard {
  private readonly started = isoOf(nowMs());
  private readonly landed: LandedBranch[] = [];
  private readonly rejected: RejectedBranch[] = [];
  private readonly left = new Map<string, LeftBranch>();
  private readonly checkouts = new Map<string, BehindCheckout>();
  private readonly probes = new Map<number, Probe>();
  private readonly home: string;
  private readonly hearEvent: (event: RunEvent) => void;
  private resumed: Resumed | null = null;
  private unread: RunReport['aside'] = [];
  private under: { target: string; onto: string | null; batch: readonly string[] };
  private gone: RunReport['cleaned'] = [];
  private validations = 0;
  private writtenAtMs = 0;

  constructor(home: string, hearEvent: (event: RunEvent) => void) {
    this.home = home;
    this.hearEvent = hearEvent;
    this.under = { target: '', onto: null, batch: [] };
  }

  tell(event: RunEvent): void {
    if (event.kind === 'landed') this.landed.push(event.branch);
    if (event.kind === 'rejected') this.rejected.push(event.branch);
    if (event.kind === 'left') this.left.set(event.branch.entry, event.branch);
    if (event.kind === 'resumed') this.resumed = event.resumed;
    if (event.kind === 'landed' || event.kind === 'rejected') {
      this.left.delete(event.branch.entry);
      this.write();
    }
    this.hearEvent(event);
  }

  batch(target: string, onto: string, batch: readonly string[]): void {
    this.under = { target, onto, batch };
    this.write();
  }

  probing(slot: number, entries: readonly string[], commit: string): void {
    this.probes.set(slot, { entries, commit, slot, command: '', since: isoOf(nowMs()), last: '' });
    this.write();
  }

  /** What a validation prints. */
  hear(slot: number, command: string, output: string): void {
    const probe = this.probes.get(slot);
    if (!probe) return;
    const isNew = probe.command !== command;
    const last = lastLineOf(output) ?? (isNew ? '' : probe.last);
    this.probes.set(slot, { ...probe, command, last, since: isNew ? isoOf(nowMs()) : probe.since });
    if (isNew) this.hearEvent({ kind: 'command', slot, command });
    if (isNew || nowMs() - this.writtenAtMs > WRITE_PAUSE_MS) this.write();
  }

  /** `isWhole`: it came to its end, and says something. */
  probed(slot: number, isWhole: boolean): void {
    this.probes.delete(slot);
    if (isWhole) this.validations += 1;
    this.write();
  }

  behind(checkout: BehindCheckout): void {
    this.checkouts.set(checkout.root, checkout);
  }

  aside(entries: RunReport['aside']): void {
    this.unread = entries;
  }

  cleaned(entries: RunReport['cleaned']): void {
    this.gone = entries;
  }

  /** Says of each validation under way that it still runs. */
  tick(): void {
    for (const { slot, command, since, last } of this.probes.values()) {
      const seconds = Math.round((nowMs() - Date.parse(since)) / 1_000);
      if (command !== '') this.hearEvent({ kind: 'line', slot, command, seconds, last });
    }
  }

  leftEntries(): string[] {
    return [...this.left.keys()];
  }

  report(target: string, commit: string | null, isProven: boolean): RunReport {
    const { landed, rejected, resumed, gone: cleaned, unread: aside, validations } = this;
    const left = [...this.left.values()];
    const checkouts = [...this.checkouts.values()];
    return {
      target,
      commit,
      landed,
      rejected,
      left,
      resumed,
      checkouts,
      cleaned,
      aside,
      isProven,
      validations,
    };
  }

  close(): void {
    clearProgress(this.home);
  }

  private write(): void {
    this.writtenAtMs = nowMs();
    const idOf = ({ entry }: { entry: string }) => entry;
    const names = { landed: this.landed.map(idOf), rejected: this.rejected.map(idOf) };
    writeProgress(this.home, {
      started: this.started,
      ...this.under,
      probes: [...this.probes.values()],
      ...names,
    });
  }
}

function lastLineOf(output: string): string | undefined {
  const line = output.split(/[\r\n]+/).findLast((one) => one.trim() !== '');
  return line?.trim().slice(0, LINE_CHARS);
}
