// A command that makes a symlink, or moves a thing, and then writes through it: on disk, the way there does not exist yet while the command is
// judged. So the writes that follow such a way are told a second time, as what they lead to.
import type { ShellCoord, ShellGit, ShellLink, ShellWrite } from './facts.ts';
import { FINDINGS_MAX } from './limits.ts';
import { normalPath } from './paths.ts';
import type { Detour, Ledger } from './reader.ts';

interface Found {
  writes: ShellWrite[];
  links: ShellLink[];
  git: ShellGit[];
  coord: ShellCoord[];
}

const ROUNDS_MAX = 3;
/** These change the link itself, not what it leads to. */
const OF_THE_LINK = /^(ln|rm|unlink|mv|rmdir|cp -s|trash)\b/;

export function withDetours(found: Found, { detours, noted }: Pick<Ledger, 'detours' | 'noted'>): Found {
  if (detours.length === 0) return found;
  const follow = follower(detours, noted);
  return {
    writes: follow(found.writes, (write, detour) => {
      const path = detoured(write.path, detour, OF_THE_LINK.test(write.how));
      return path === undefined
        ? undefined
        : { ...write, path, ...(detour.glob ? { glob: true as const } : {}) };
    }),
    links: follow(found.links, (link, detour) => {
      const source = detoured(link.source, detour);
      return source === undefined ? undefined : { ...link, source };
    }),
    git: follow(found.git, (git, detour) => {
      const dir = detoured(git.dir, detour);
      return dir === undefined ? undefined : { ...git, dir };
    }),
    coord: follow(found.coord, (call, detour) => {
      const cwd = detoured(call.cwd, detour);
      return cwd === undefined ? undefined : { ...call, cwd };
    }),
  };
}

type Follow = <T extends object>(
  findings: readonly T[],
  by: (finding: T, detour: Detour) => T | undefined,
) => T[];

/** All findings, and what those lead to that were noted since a detour was there. */
function follower(detours: readonly Detour[], noted: ReadonlyMap<string, number>): Follow {
  return (findings, by) => {
    const all = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
    let fresh = [...all].map(([key, finding]) => ({ finding, at: noted.get(key) ?? 0 }));
    for (let round = 0; round < ROUNDS_MAX && fresh.length > 0; round += 1) {
      const next: typeof fresh = [];
      for (const { finding, at } of fresh) {
        for (const detour of detours) {
          const other = at > detour.since ? by(finding, detour) : undefined;
          const key = other && JSON.stringify(other);
          if (other === undefined || key === undefined || all.has(key) || all.size >= FINDINGS_MAX * 2)
            continue;
          all.set(key, other);
          next.push({ finding: other, at });
        }
      }
      fresh = next;
    }
    return [...all.values()];
  };
}

function detoured(path: string, detour: Detour, onlyBelow = false): string | undefined {
  const from = normalPath(detour.path);
  for (const way of [path, normalPath(path)]) {
    if (way === from && !onlyBelow) return detour.target;
    if (way.startsWith(`${from}/`)) return detour.target + way.slice(from.length);
  }
  return undefined;
}
