/**
 * Who waits for whom. One graph for everything that is waited for: a wait names the agents who have what it wants, be
 * that a lock or the test mutex. A closed cycle would never end by itself; its youngest waiter is refused, by name.
 *
 * An edge is a wait that is under way. Whoever ended, or died, waits for nobody.
 */

export interface Wait {
  /** The session instance that waits. */
  readonly waiter: string;
  /** What people call it. */
  readonly name: string;
  /** The session instances that hold what it wants; it needs all of it, so each of them alone holds it up. */
  readonly holders: readonly string[];
  readonly sinceMs: number;
}

export interface Deadlock {
  /** The waiters of the cycle, in the order in which each waits for the next. */
  readonly cycle: readonly Wait[];
  /** The one who gives up. */
  readonly youngest: Wait;
}

/** The cycle that a waiter is part of; undefined when it only waits. */
export function findDeadlock(waits: readonly Wait[], waiter: string): Deadlock | undefined {
  const cycle = cycleFrom(waits, waiter);
  const [first] = cycle ?? [];
  if (!cycle || !first) return undefined;
  const youngest = cycle.reduce((a, b) => (isYounger(b, a) ? b : a), first);
  return { cycle, youngest };
}

/** Of two that began in one millisecond, every reader takes the same one for the younger. */
function isYounger(a: Wait, b: Wait): boolean {
  return a.sinceMs !== b.sinceMs ? a.sinceMs > b.sinceMs : a.waiter > b.waiter;
}

/** Depth first, each instance once; one instance may have several waits under way (parallel tool calls). */
function cycleFrom(waits: readonly Wait[], waiter: string): Wait[] | undefined {
  const seen = new Set<string>();
  const path: Wait[] = [];
  const walk = (at: string): boolean => {
    for (const wait of waits) {
      if (wait.waiter !== at) continue;
      path.push(wait);
      for (const holder of wait.holders) {
        if (holder === waiter) return true;
        if (seen.has(holder)) continue;
        seen.add(holder);
        if (walk(holder)) return true;
      }
      path.pop();
    }
    return false;
  };
  return walk(waiter) ? path : undefined;
}
