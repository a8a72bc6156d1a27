/** `version` and `least`: `2.38.1`, of any length. What is no version is not called older. */
export function isOlder(version: string, least: string): boolean {
  const [found = [], wanted = []] = [version, least].map((one) => one.split('.').map(Number));
  for (const [at, needed] of wanted.entries()) {
    const part = found[at] ?? 0;
    if (part !== needed) return part < needed;
  }
  return false;
}
