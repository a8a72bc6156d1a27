export function isLongIn(env: NodeJS.ProcessEnv): boolean {
  return env['COORD_LONG'] === '1';
}

/** The short form, `npm test`, tries a part of what the long one does: every kill, every variant, more rounds. */
export const isLong = isLongIn(process.env);

/** So many tries of a property in the long form, a third in the short one. */
export function tries(long: number): number {
  return isLong ? long : Math.ceil(long / 3);
}
