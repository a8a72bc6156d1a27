/** The integration worktrees of a run: opened when they are first needed, each used by one validation at a time. */
import { done, type Outcome } from '../domain/problem.ts';
import { openSlot, type Slot, type SlotProblem } from '../storage/integration.ts';

export interface TakenSlot {
  readonly slot: Slot;
  readonly number: number;
}

export interface SlotPool {
  /** Waits until one is free. */
  take(): Promise<Outcome<TakenSlot, SlotProblem>>;
  give(taken: TakenSlot): void;
}

export function shareSlots(home: string, count: number): SlotPool {
  const free: TakenSlot[] = [];
  const waiting: ((taken: TakenSlot) => void)[] = [];
  let opened = 0;
  return {
    async take() {
      const again = free.pop();
      if (again) return done(again);
      if (opened >= count) return done(await new Promise<TakenSlot>((given) => waiting.push(given)));
      opened += 1;
      const number = opened;
      const slot = openSlot(home, number);
      return slot.done ? done({ slot: slot.value, number }) : slot;
    },
    give(taken) {
      const next = waiting.shift();
      if (next) next(taken);
      else free.push(taken);
    },
  };
}
