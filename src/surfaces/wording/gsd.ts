/** What `coord init` says of a Get Shit Done project: what it took, and line by line what it did not understand. */
import type { GsdNote, GsdWhy } from '../../domain/gsd/text.ts';
import { cleanLine } from '../../domain/message.ts';
import type { GsdReport } from '../../usecases/adopt-gsd.ts';

const REASONS: Record<GsdWhy, string> = {
  'not-utf8': 'not UTF-8 text; not read',
  'too-large': 'too large; not read',
  'no-file': 'neither a file nor a folder as expected; not read',
  'leads-out': 'a link that leads out of the repository; not read',
  unreadable: 'cannot be read',
  language: 'front matter in a language but YAML; not read, so its plan is not taken for complete by it',
  empty: 'empty; its plan is not taken for complete by it',
  'no-phases': 'no phase was found in it',
  'phase-heading': 'looks like a phase, and its number is not understood',
  'phase-again': 'another phase has this number; this one is not taken',
  'plan-again': 'another plan has this number; this one is not taken',
  'plan-elsewhere': 'a plan of another phase than the one it stands in; not taken',
  struck: 'struck out; not taken',
  item: 'neither a phase nor a plan; not taken',
  row: 'a row of no one phase; not taken',
  section: 'a section that coord has no place for; it stays in the file',
  depends: 'waits for something that is no phase here; left out',
  cycle: 'waits in a circle; left out',
  'done-and-open': 'not ticked, and called complete elsewhere; taken as done',
  'folder-again': 'not the folder of the phase that has this number; not taken',
  'folder-name': 'a name that coord cannot use for a worktree and a branch',
  'phase-unlisted': 'a phase that the roadmap does not have; taken from its folder',
  'file-name': 'ends like a plan or a summary of this phase, and is named like none; not taken',
  'summary-failed': 'says that its plan failed; taken as failed',
  'summary-partial': 'says that its plan is not complete; taken as not started',
  verification: 'the verification is open; the phase is not taken as done',
  'plans-missing': 'more plans are told of than there are; the phase is not taken as done',
  'under-way': 'under way in GSD; taken as not started: `coord phase start` goes on with it',
  'milestone-open': 'called shipped, with phases that are not done; taken as not reached',
  'of-worker': 'new in GSD; the phase is being worked on, and its worker adds plans: `coord plan add`',
  'done-here': 'new in GSD; the phase is done here, and stays so',
  'plan-taken': 'the id is another plan\u2019s; not taken',
  'phase-refused': 'stands in the way of a phase that coord has; not taken',
  'too-many': 'more than coord takes; the rest is left out',
};

export const NOTES_SHOWN_MAX = 50;

/** The notes as --json has them: as many as are worth reading. */
export function shownNotes(notes: readonly GsdNote[]): GsdNote[] {
  return notes
    .slice(0, NOTES_SHOWN_MAX)
    .map((note) => ({ ...note, file: cleanLine(note.file), text: cleanLine(note.text) }));
}

export function printGsd({ taken, notes }: GsdReport): string {
  const { phases, moved, plans, criteria, milestones, todo } = taken;
  const parts = [
    phases.length > 0 ? `${phases.length} phase(s): ${someOf(phases)}` : '',
    moved.length > 0 ? `news of phase ${someOf(moved)}` : '',
    plans > 0 ? `${plans} plan(s)` : '',
    criteria > 0 ? `${criteria} success criteria` : '',
    milestones.length > 0 ? `milestone(s) ${someOf(milestones)}` : '',
    todo > 0 ? `${todo} TODO item(s)` : '',
  ].filter((part) => part !== '');
  const head =
    parts.length > 0
      ? `Taken from Get Shit Done, whose own files stay as they are: ${parts.join('; ')}.`
      : 'Get Shit Done: nothing new.';
  return [head, ...printNotes(notes)].join('\n');
}

function printNotes(notes: readonly GsdNote[]): string[] {
  if (notes.length === 0) return [];
  const lines = shownNotes(notes).map(({ file, line, text, why }) => {
    const place = line > 0 ? `${file}:${line}` : file;
    return `  ${[place, text === '' || file.endsWith(text) ? '' : `"${text}"`, REASONS[why]].filter((part) => part !== '').join(' · ')}`;
  });
  const left = notes.length - lines.length;
  return [
    'Not understood, or not taken as it stands:',
    ...lines,
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

const IDS_SHOWN_MAX = 12;

function someOf(ids: readonly string[]): string {
  const shown = ids
    .slice(0, IDS_SHOWN_MAX)
    .map((id) => cleanLine(id))
    .join(', ');
  return ids.length > IDS_SHOWN_MAX ? `${shown} \u2026` : shown;
}
