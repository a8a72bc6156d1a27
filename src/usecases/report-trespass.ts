/**
 * Tells of a trespass: files of one place that another place's command changed. Both sides and the coordinator are
 * told at once, with the command, the files and how to restore them. Loaded only when something was found.
 */
import { join } from 'node:path';
import { COORDINATOR, SYSTEM } from '../domain/identifiers.ts';
import { cleanLine, cleanWord } from '../domain/message.ts';
import { typedPathspec } from '../domain/preflight/lists.ts';
import { envelopeAt } from '../domain/urgency.ts';
import { nowMs } from '../storage/clock.ts';
import { git } from '../storage/git.ts';
import type { CommandRecord } from '../storage/light/journal.ts';
import { noteAct, noteChanges } from '../storage/light/journal.ts';
import { ownerOfPlace } from '../storage/light/location.ts';
import { hasInbox } from '../storage/light/mail-files.ts';
import type { HomedPlace } from '../storage/light/place.ts';
import { newTail, sendEnvelope } from '../storage/light/sending.ts';
import { type ForeignChange, foreignChanges } from '../storage/light/trespass-scan.ts';

const LISTED_MAX = 20;
/** A path is that file, whatever characters are in it: `*` and `:(glob)` would stand for others. */
const LISTED = ['--literal-pathspecs', 'ls-files'];

interface Damage {
  readonly owner: string;
  readonly root: string;
  readonly lines: readonly string[];
}

/** Reports what a command changed elsewhere; answers the text for the session that ran it, undefined for nothing. */
export function reportTrespass(own: HomedPlace, command: CommandRecord): string | undefined {
  const changes = foreignChanges(own, command.startedAtMs);
  if (changes.length === 0) return undefined;
  const { home } = own;
  const damages = damageByOwner(home, changes);
  const what = `\`${cleanLine(command.command, 300)}\` (run by ${command.actor} in ${command.root})`;
  for (const damage of damages) {
    const text = `While ${what} ran, files in the worktree of ${damage.owner} changed that its own session did not write:\n${damage.lines.join('\n')}`;
    tell(home, damage.owner, text, { trespass_by: command.actor });
    if (damage.owner !== COORDINATOR) tell(home, COORDINATOR, text, { trespass_by: command.actor });
  }
  // Told once: later comparisons count these as known.
  for (const change of changes) {
    const paths = [join(change.root, change.path)];
    noteChanges(home, change.place, { atMs: nowMs(), session: command.session, paths });
  }
  noteAct(
    home,
    { act: 'trespass', actor: command.actor, files: changes.length, command: command.command },
    nowMs(),
  );
  const list = damages.map((damage) => `of ${damage.owner}:\n${damage.lines.join('\n')}`).join('\n');
  return `[coord] Trespass: while your command \`${cleanLine(command.command, 200)}\` ran, files outside your worktree changed that nobody else accounts for. Their owners and the coordinator were told. If it was your command, restore them now, and write only below ${own.root}.\nFiles ${list}`;
}

function damageByOwner(home: string, changes: readonly ForeignChange[]): Damage[] {
  const roots = [...new Set(changes.map((change) => change.root))];
  return roots.map((root) => {
    const here = changes.filter((change) => change.root === root);
    const place = here[0]?.place ?? null;
    const lines = here.flatMap((change) => linesOf(change)).slice(0, LISTED_MAX);
    const rest = here.length > lines.length ? [`- and ${here.length - lines.length} more`] : [];
    return { owner: ownerOfPlace(home, place), root, lines: [...lines, ...rest] };
  });
}

/** What changed, and how to get it back. */
function linesOf(change: ForeignChange): string[] {
  const { root, path, kind } = change;
  const where = `git -C ${cleanWord(root)}`;
  if (kind === 'folder-changed') {
    const gone = git(root, [...LISTED, '--deleted', '-z', '--', path])
      .stdout.split('\0')
      .filter(Boolean);
    if (gone.length === 0) return [`- ${cleanLine(path)}/: entries were taken out or renamed`];
    return gone.map(
      (file) => `- ${cleanLine(file)} removed; restore: ${where} restore -- ${typedPathspec(file)}`,
    );
  }
  const isTracked = git(root, [...LISTED, '--error-unmatch', '--', path]).ok;
  if (!isTracked)
    return [
      `- ${cleanLine(path)} made or changed; git does not track it: look at it, and remove it if it is not yours`,
    ];
  return [
    `- ${cleanLine(path)} changed; see ${where} diff -- ${typedPathspec(path)}; restore: ${where} restore -- ${typedPathspec(path)}`,
  ];
}

function tell(home: string, to: string, content: string, metadata: Record<string, unknown>): void {
  if (!hasInbox(home, to)) return;
  const atMs = nowMs();
  const draft = {
    to,
    type: 'error',
    content,
    priority: 'urgent',
    metadata: { ...metadata, error_type: 'trespass' },
  };
  sendEnvelope(home, envelopeAt(draft, { tail: newTail(), from: SYSTEM, atMs }));
}

/** Tells the owner of a checkout, and the coordinator, of changes that nobody in it made. */
export function reportForeignChanges(
  own: HomedPlace,
  owner: string,
  files: readonly { path: string; suspects: readonly CommandRecord[] }[],
): string {
  const lines = files.slice(0, LISTED_MAX).flatMap(({ path, suspects }) => {
    const [suspect] = suspects;
    const who = suspect ? `; while \`${cleanLine(suspect.command, 200)}\` of ${suspect.actor} ran` : '';
    const change: ForeignChange = {
      place: own.name,
      root: own.root,
      path,
      kind: 'changed',
      isFolder: false,
      atMs: 0,
    };
    return linesOf(change).map((line) => `${line}${who}`);
  });
  const text = `Files in the worktree of ${owner} changed, and none of its own tools is known to have changed them:\n${lines.join('\n')}`;
  const suspects = new Set(files.flatMap((file) => file.suspects.map((suspect) => suspect.actor)));
  suspects.delete(owner);
  for (const name of new Set([COORDINATOR, ...suspects])) {
    if (name !== owner) tell(own.home, name, text, { trespass_in: owner });
  }
  noteAct(own.home, { act: 'foreign-change', actor: owner, files: files.length }, nowMs());
  return `[coord] ${text}\nThe coordinator was told. If it was a person, or a command of yours that ran on in the background, there is nothing to do.`;
}
