// A command that makes a symlink, or moves a thing, and then writes through it: on disk, the way there does not exist yet while the command is
// judged. So the writes that follow such a way are told a second time, as what they lead to.
import type { ShellCoord, ShellGit, ShellLink, ShellWrite } from './facts.ts';
import { FINDINGS_MAX } from './limits.ts';
import { normalPath } from './paths.ts';
import type { Detour } from './reader.ts';

interface Found {
  writes: ShellWrite[];
  links: ShellLink[];
  git: ShellGit[];
  coord: ShellCoord[];
}

const ROUNDS_MAX = 3;
/** These change the link itself, not what it leads to. */
const OF_THE_LINK = /^(ln|rm|unlink|mv|rmdir|cp -s|trash)\b/;

export function withDetours(found: Found, detours: readonly Detour[]): Found {
  if (detours.length === 0) return found;
  return {
    writes: follow(found.writes, detours, (write, detour) => {
      const path = detoured(write.path, detour, OF_THE_LINK.test(write.how));
      return path === undefined ? undefined : { ...write, path };
    }),
    links: follow(found.links, detours, (link, detour) => {
      const source = detoured(link.source, detour);
      return source === undefined ? undefined : { ...link, source };
    }),
    git: follow(found.git, detours, (git, detour) => {
      const dir = detoured(git.dir, detour);
      return dir === undefined ? undefined : { ...git, dir };
    }),
    coord: follow(found.coord, detours, (call, detour) => {
      const cwd = detoured(call.cwd, detour);
      return cwd === undefined ? undefined : { ...call, cwd };
    }),
  };
}

function follow<T extends object>(
  findings: readonly T[],
  detours: readonly Detour[],
  by: (finding: T, detour: Detour) => T | undefined,
): T[] {
  const all = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  let fresh = [...findings];
  for (let round = 0; round < ROUNDS_MAX && fresh.length > 0; round += 1) {
    const next: T[] = [];
    for (const finding of fresh) {
      for (const detour of detours) {
        const other = by(finding, detour);
        const key = other && JSON.stringify(other);
        if (other === undefined || key === undefined || all.has(key) || all.size >= FINDINGS_MAX * 2) continue;
        all.set(key, other);
        next.push(other);
      }
    }
    fresh = next;
  }
  return [...all.values()];
}

function detoured(path: string, detour: Detour, onlyBelow = false): string | undefined {
  const from = normalPath(detour.path);
  for (const way of [path, normalPath(path)]) {
    if (way === from && !onlyBelow) return detour.target;
    if (way.startsWith(`${from}/`)) return detour.target + way.slice(from.length);
  }
  return undefined;
}
