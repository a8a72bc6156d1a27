/**
 * What the guard says when it refuses: what, where, whose it is, and what to do instead. For an agent, which follows
 * the last sentence. File names and other agents' words are cleaned before they are printed.
 */
import type { CycleCallRefusal, TurnRefusal } from '../../domain/cycle/hold.ts';
import type { Refusal } from '../../domain/ground.ts';
import { cleanLine, cleanWord } from '../../domain/message.ts';
import { NOTHING } from '../../domain/pool.ts';
import { type LockRefusal, printLockRefusal, recipientIn } from './lock-refusals.ts';
import { printTurnRefusal } from './turn-refusals.ts';

export type ShellRefusal =
  | { code: 'git-other-worktree'; how: string; path: string; owner: string }
  | { code: 'git-ref-of-other'; how: string; ref: string; owner: string }
  | { code: 'git-shared'; how: string; verb: string }
  | { code: 'alias-of-other'; how: string; source: string; inner: GuardRefusal }
  | { code: 'coord-elsewhere'; how: string; root: string; yours: string }
  | { code: 'coord-disguised'; how: string; variable: string }
  | { code: 'approval-by-session' }
  | { code: 'unknown-command'; why: string; detail: string };

export type GuardRefusal =
  | Refusal
  | ShellRefusal
  | LockRefusal
  | TurnRefusal
  | CycleCallRefusal
  | { code: 'path-unusable'; path: string }
  | { code: 'payload-odd'; tool: string; field: string }
  | { code: 'enter-taken'; worktree: string; owner: string }
  | { code: 'outsider'; path: string; home: string };

function minutesSince(sinceMs: number, nowMs: number): string {
  const minutes = Math.max(0, Math.round((nowMs - sinceMs) / 60_000));
  return minutes < 1 ? 'less than a minute ago' : `${minutes} min ago`;
}

/** One paragraph, marked as coord's. */
export function printRefusal(refusal: GuardRefusal, how: string | undefined, nowMs: number): string {
  const by = how === undefined ? '' : ` (by ${cleanLine(how, 80)})`;
  return `[coord] Refused${by}: ${sentence(refusal, nowMs)}`;
}

function sentence(refusal: GuardRefusal, nowMs: number): string {
  switch (refusal.code) {
    case 'runtime-folder':
      return `${cleanLine(refusal.path)} lies in ${refusal.folder}/, which coord alone writes. ${printWay(refusal.path, refusal.folder)}.`;
    case 'coordinator-document':
      return `${cleanLine(refusal.path)} is the coordinator's, and you are ${refusal.actor}. What you change in your own STATUS.md reaches it by itself; anything else, tell it: \`coord send coordinator question "<text>"\`.`;
    case 'decisions-file':
      return `${cleanLine(refusal.path)} is append-only. Add an entry: \`coord decide "<title>" --context "<why>" --decision "<what>" --alternative "<other>: <why not>" --consequence "<what follows>"\`.`;
    case 'status-of-other':
      return `${cleanLine(refusal.path)} belongs to ${cleanLine(refusal.owner)} alone, in its own worktree, and you are ${refusal.actor}. Tell its owner: \`coord send ${recipientIn(refusal.owner)} question "<text>"\`.`;
    case 'other-worktree':
      return `${cleanLine(refusal.path)} lies in the worktree of ${cleanLine(refusal.owner)} (${cleanLine(refusal.worktree)}), and you are ${refusal.actor}. Write below ${cleanLine(refusal.root)}, or ask its owner: \`coord send ${recipientIn(refusal.owner)} question "<text>"\`.`;
    case 'git-internals':
      return `${cleanLine(refusal.path)} is git's own, shared by all worktrees, and you are ${refusal.actor}. Use git commands on your own branch; for a setting of one command, \`git -c <key>=<value> …\`; for one that stays, ask: \`coord send coordinator question "<text>"\`.`;
    case 'out-of-scope':
      if (refusal.scope.includes(NOTHING))
        return `${cleanLine(refusal.path)}: you are a reporting worker, who reads everything and writes nothing. Hand in what you found: \`coord findings "<text>"\`.`;
      return `${cleanLine(refusal.path)} is outside the scope of phase ${refusal.phase} (${refusal.scope.map((glob) => cleanLine(glob)).join(', ')}). Stay inside it, or ask for more: \`coord send coordinator question "<text>"\`.`;
    case 'foreign-project':
      return `${cleanLine(refusal.path)} belongs to another coordinated project (${cleanLine(refusal.home)}). A session that is started there may work on it: \`cd ${cleanWord(refusal.home)} && claude\`.`;
    case 'tree-holds-other':
      return `${cleanLine(refusal.path)} holds what is not yours alone: ${cleanLine(refusal.inside)} (${cleanLine(refusal.owner)}). Name the files or folders that you mean instead of the whole tree.`;
    case 'seat-taken':
      return `another session (${cleanLine(refusal.session)}, since ${minutesSince(refusal.sinceMs, nowMs)}, epoch ${refusal.epoch}) works in ${cleanLine(refusal.place)}, so this one may not write there. If that session is over or you are told to replace it: \`coord join --takeover\`.`;
    case 'strict-hold':
      return `blocker ${refusal.blocker} ("${cleanLine(refusal.summary, 120)}") waits for the coordinator's answer, and blockers are strict here. Write nothing; end your turn now. The answer will reach you, and then you go on.`;
    case 'path-unusable':
      return `${cleanLine(refusal.path)} is no path that can be resolved (a loop of links, or a name that no file system takes). Use the plain path of the file.`;
    case 'payload-odd':
      return `${cleanLine(refusal.tool) || 'A tool without a name'} came with a ${refusal.field} that is no text, so what it would write cannot be judged. Call the tool again with a plain path.`;
    case 'enter-taken':
      return `${cleanLine(refusal.worktree)} is the worktree of ${cleanLine(refusal.owner)}, whose session is alive. Work in a worktree of your own.`;
    case 'outsider':
      return `${cleanLine(refusal.path)} belongs to the coordinated project ${cleanLine(refusal.home)}, and this session stands outside it. A session that is started there may work on it: \`cd ${cleanWord(refusal.home)} && claude\`.`;
    case 'lock-held':
    case 'locks-busy':
    case 'stages-others':
    case 'mutex-held':
    case 'mutex-detached':
    case 'pen-held':
      return printLockRefusal(refusal, nowMs);
    case 'cycle-not-running':
    case 'cycle-turn-of-other':
    case 'cycle-turn-taken':
    case 'cycle-unreadable':
    case 'artifact-of-role':
    case 'artifact-of-coord':
    case 'role-ground':
    case 'cycle-control':
    case 'cycle-report-of-role':
    case 'cycle-delegates':
      return printTurnRefusal(refusal);
    default:
      return shellSentence(refusal, nowMs);
  }
}

function shellSentence(refusal: ShellRefusal, nowMs: number): string {
  switch (refusal.code) {
    case 'git-other-worktree':
      return `\`${cleanLine(refusal.how)}\` would change the worktree of ${cleanLine(refusal.owner)} (${cleanLine(refusal.path)}). Run git in your own worktree only; what must change there, ask: \`coord send ${recipientIn(refusal.owner)} question "<text>"\`.`;
    case 'git-ref-of-other':
      return `\`${cleanLine(refusal.how)}\` would move or delete ${cleanLine(refusal.ref)}, the branch of ${cleanLine(refusal.owner)}. Work on your own branch; what is ready to land, tell the coordinator: \`coord send coordinator completion "<text>"\`.`;
    case 'git-shared':
      return `\`${cleanLine(refusal.how)}\` changes what all worktrees of this repository share (${cleanLine(refusal.verb)}). ${refusal.verb === 'stash' ? 'Commit to your own branch instead: `git commit -am "wip"`.' : 'Use `git -c <key>=<value> …` for a setting of one command, or ask: `coord send coordinator question "<text>"`.'}`;
    case 'alias-of-other':
      return `\`${cleanLine(refusal.how)}\` would give another name to ${cleanLine(refusal.source)}: ${sentence(refusal.inner, nowMs)}`;
    case 'coord-elsewhere':
      return `coord knows you by where you stand, and \`${cleanLine(refusal.how)}\` would call it from ${cleanLine(refusal.root)}. Call it from where you are: \`cd ${cleanWord(refusal.yours)}\`.`;
    case 'coord-disguised':
      return `coord knows you by your session and place, and \`${cleanLine(refusal.how)}\` would change ${cleanLine(refusal.variable)} for it. Call coord without that.`;
    case 'approval-by-session':
      return 'an approval is given by a person at a terminal, never from a session. The person has been told; go on with something else, or ask: `coord send operator question "<text>"`.';
    case 'unknown-command':
      return `what this command writes cannot be known beforehand (${refusal.why}: ${cleanLine(refusal.detail)}), and this project refuses such commands (unknown_commands: refuse in .claude/coord.md). Write out the paths, or split the command; where neither will do, ask: \`coord send coordinator question "<text>"\`.`;
  }
}

/** The command by which that comes about which the refused write would have made. */
const WAYS: readonly (readonly [part: RegExp, way: string])[] = [
  [
    /^\.?coordination\b.(inbox|outbox|archive|dead|chats|messages)/,
    '`coord send <to> question "<text>"` writes mail, `coord ack <id>` takes it away',
  ],
  [/^\.?coordination\b.evidence/, '`coord run -- <command>` runs a command and keeps the proof'],
  [
    /^\.?coordination\b.queue/,
    '`coord merge status` shows the queue, `coord merge add` puts a branch into it',
  ],
  [/^\.?coordination\b.leases/, '`coord locks` shows who has what, `coord lock <path>` locks'],
  [/^\.?taskers\b.tickets/, '`coord ticket list` shows tickets; the coordinator makes them'],
  [/^\.?taskers/, '`coord findings "<text>"` hands in what you found'],
  [/^\.?workflow/, '`coord cycle show` shows it'],
];

function printWay(path: string, folder: string): string {
  const inside = path.slice(Math.max(0, path.lastIndexOf(folder)));
  return WAYS.find(([part]) => part.test(inside))?.[1] ?? '`coord help` lists all commands by theme';
}
