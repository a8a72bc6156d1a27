/**
 * The guard's judgement of shell commands, in a bundle of its own because of the parser. The reader (domain/shell)
 * says what a command writes; each write is judged by the rules that hold for every tool.
 */
import { parse } from 'unbash';
import { saysApproval } from '../../domain/approve-words.ts';
import { judgeCycleCall } from '../../domain/cycle/hold.ts';
import { GUARDED_DOCUMENTS, isOfSingleFiles } from '../../domain/ground.ts';
import { carriesApproval, isApproveCall } from '../../domain/shell/approve-calls.ts';
import type {
  ShellCoord,
  ShellReading,
  ShellRun,
  ShellUnknown,
  ShellWrite,
} from '../../domain/shell/facts.ts';
import { readShell } from '../../domain/shell/reading.ts';
import { expandGlob } from '../../storage/light/expansion.ts';
import { isFolder } from '../../storage/light/location.ts';
import { placeOf } from '../../storage/light/place.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import type { GuardRefusal } from '../wording/refusals.ts';
import { judgeGit } from './guard-git.ts';
import type { LockWant } from './lock-hooks.ts';
import { locksWanted, type Staging, stagingsOf } from './lock-wants.ts';
import { type Found, judgePath, type ShellCase } from './shell-case.ts';

export interface ShellVerdict {
  readonly refusal: GuardRefusal | undefined;
  readonly how: string | undefined;
  /** Resolved paths that the command is known to write. */
  readonly paths: readonly string[];
  /** Why some of its writes cannot be known; undefined when all are. */
  readonly unknown: string | undefined;
  /** True when it writes more than the paths that it names: a whole tree, or what git brings. */
  readonly isWide: boolean;
  /** Shared mode: what must be locked first, and what git would stage or commit beyond what is named. */
  readonly locks: readonly LockWant[];
  readonly stages: readonly Staging[];
  /** The words of calls of coord. */
  readonly calls: readonly (readonly string[])[];
}

/** Variables whose value a shell of the client has from its environment. */
const INHERITED = ['HOME', 'TMPDIR', 'USER'] as const;
const PATHS_NOTED_MAX = 64;
const APPROVES = /approve/i;

export function judgeShell(shell: ShellCase): ShellVerdict {
  const carried: ShellRun[] = [];
  const reading = readCommand(
    APPROVES.test(shell.command) ? { ...shell, hear: hearToo(shell, carried) } : shell,
  );
  const paths: string[] = [];
  const unsure: ShellUnknown[] = [];
  const found =
    judgeApproval(shell, reading, carried) ??
    judgeCoordCalls(shell, reading.coord) ??
    judgeWrites(shell, reading.writes, paths, unsure) ??
    judgeLinks(shell, reading) ??
    judgeGit(shell, reading.git, paths) ??
    judgeUnknown(shell, [...reading.unknown, ...unsure]);
  const [first] = [...reading.unknown, ...unsure];
  const unknown = first ? `${first.why}: ${first.detail}` : undefined;
  const isWide =
    reading.writes.some((write) => write.tree === true || !write.certain) ||
    reading.git.some((call) => call.effect === 'worktree');
  const isLocking = (shell.settings.mode === 'shared' || shell.settings.sequential) && !found;
  return {
    refusal: found?.refusal,
    how: found?.how,
    paths: paths.slice(0, PATHS_NOTED_MAX),
    unknown,
    isWide,
    locks: isLocking ? locksWanted(shell, reading) : [],
    stages: isLocking ? stagingsOf(shell, reading.git) : [],
    calls: reading.coord.map((call) => call.args),
  };
}

function readCommand({
  command,
  cwd,
  env,
  hear,
}: Pick<ShellCase, 'command' | 'cwd' | 'env' | 'hear'>): ShellReading {
  const known: Record<string, string> = { PWD: cwd };
  for (const name of INHERITED) {
    const value = env[name];
    if (value !== undefined) known[name] = value;
  }
  const repository = placeOf(cwd);
  return readShell(command, {
    cwd,
    home: env['HOME'],
    env: known,
    parse,
    isMissing: (folder) => !isFolder(folder),
    ...(repository ? { repository } : {}),
    ...(hear ? { hear } : {}),
  });
}

/** The programs that a command calls. */
export function runsIn(command: string, cwd: string, env: ShellCase['env']): ShellRun[] {
  const runs: ShellRun[] = [];
  readCommand({ command, cwd, env, hear: (run) => runs.push(run) });
  return runs;
}

function hearToo({ hear }: ShellCase, runs: ShellRun[]): (run: ShellRun) => void {
  return (run) => {
    runs.push(run);
    hear?.(run);
  };
}

/** What waits for a person is not lifted by a session, whatever it has taken out of its environment. */
function judgeApproval(
  { command, settings }: ShellCase,
  { coord, unknown }: ShellReading,
  carried: readonly ShellRun[],
): Found | undefined {
  const isAnyVerb = settings.approvals.length > 0;
  const how =
    coord.find((call) => isApproveCall(call.args, isAnyVerb))?.how ??
    carried.find(carriesApproval)?.words[0] ??
    unknown.find(({ why }) => why === 'syntax' && saysApproval(command))?.detail;
  return how === undefined ? undefined : { refusal: { code: 'approval-by-session' }, how };
}

/** A call of coord must come from where the caller stands: coord knows people by their place. */
function judgeCoordCalls(shell: ShellCase, calls: readonly ShellCoord[]): Found | undefined {
  for (const call of calls) {
    const variable = Object.keys(call.env).find((name) =>
      /^(CLAUDE_CODE_SESSION_ID|NODE_OPTIONS)$/.test(name),
    );
    if (variable !== undefined) {
      return { refusal: { code: 'coord-disguised', how: call.how, variable }, how: call.how };
    }
    const control = judgeCycleCall(shell.actor.role, call.args, call.how);
    if (control) return { refusal: control, how: call.how };
    const cwd = resolvePath(call.cwd, shell.cwd);
    const place = cwd === undefined ? undefined : placeOf(cwd);
    if (!place || place.commonDir !== shell.project.commonDir || place.name === shell.actor.place) continue;
    const refusal = {
      code: 'coord-elsewhere' as const,
      how: call.how,
      root: place.root,
      yours: shell.actor.root,
    };
    return { refusal, how: call.how };
  }
  return undefined;
}

/** `unsure` takes what may reach others' files, and may as well not. */
function judgeWrites(
  shell: ShellCase,
  writes: readonly ShellWrite[],
  paths: string[],
  unsure: ShellUnknown[],
): Found | undefined {
  for (const write of writes) {
    const expanded = write.glob ? expandGlob(write.path) : [write.path];
    // More matches than anybody names one by one: the folder they lie in stands for them.
    const candidates =
      expanded === 'too-many' ? [write.path.replace(/\/?[^/]*[*?[].*$/, '') || '/'] : expanded;
    for (const path of candidates) {
      // `cp a dir` puts a file into it, which is a candidate of its own; the folder itself is not written.
      if (write.target === 'into' && write.certain && isFolder(resolvePath(path, shell.cwd) ?? path))
        continue;
      const isWhole = write.certain && write.tree === true && write.some !== true;
      const refusal = judgePath(shell, path, isWhole);
      if (refusal && (write.certain || refusal.code !== 'out-of-scope')) return { refusal, how: write.how };
      const sweep = write.some === true ? judgeSome(shell, path, write, unsure) : undefined;
      if (sweep) return { refusal: sweep, how: write.how };
      paths.push(path);
    }
  }
  return undefined;
}

/**
 * Some of what lies below a path is written. A search through all of it comes by others' worktrees; what an archive
 * holds, or a formatter changes, hardly lies there, and is judged afterwards.
 */
function judgeSome(
  shell: ShellCase,
  path: string,
  { certain, how }: ShellWrite,
  unsure: ShellUnknown[],
): GuardRefusal | undefined {
  const refusal = judgePath(shell, path, true);
  if (refusal?.code !== 'tree-holds-other') return undefined;
  if (!certain) return refusal.inside === GUARDED_DOCUMENTS ? undefined : refusal;
  unsure.push({ why: 'program', detail: how });
  return undefined;
}

/** A hard link gives a file another name, under which it would be written later. */
function judgeLinks(shell: ShellCase, reading: ShellReading): Found | undefined {
  for (const link of reading.links) {
    const inner = judgePath(shell, link.source, false);
    if (!inner || inner.code === 'out-of-scope') continue;
    return { refusal: { code: 'alias-of-other', how: link.how, source: link.source, inner }, how: link.how };
  }
  return undefined;
}

/** A program that may write where it likes is not let loose in somebody else's worktree. */
function judgeUnknownElsewhere(shell: ShellCase, unknowns: readonly ShellUnknown[]): Found | undefined {
  for (const { dir, detail } of unknowns) {
    const refusal = dir === undefined ? undefined : judgePath(shell, dir, false);
    if (refusal?.code === 'other-worktree' || refusal?.code === 'runtime-folder')
      return { refusal, how: detail };
  }
  return undefined;
}

/** What may write anywhere is refused by the setting, and to whoever may write nowhere just now. */
function judgeUnknown(shell: ShellCase, unknowns: readonly ShellUnknown[]): Found | undefined {
  const [unknown] = unknowns;
  if (!unknown) return undefined;
  const elsewhere = judgeUnknownElsewhere(shell, unknowns);
  if (elsewhere) return elsewhere;
  const own = judgePath(shell, shell.actor.root, false);
  if (own && !isOfSingleFiles(own)) return { refusal: own, how: unknown.detail };
  if (shell.settings.unknown_commands === 'allow') return undefined;
  const refusal = { code: 'unknown-command' as const, why: unknown.why, detail: unknown.detail };
  return { refusal, how: unknown.detail };
}
