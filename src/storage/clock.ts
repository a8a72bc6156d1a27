/** The clock's door: what the time is, in the one form that coord writes. */

export function nowMs(): number {
  return Date.now();
}

/** UTC, ISO 8601, `Z`. */
export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
