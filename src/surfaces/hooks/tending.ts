/** What nobody else would do for the mail, since there is no server: at the turns of sessions, and beside idle ones. */
import { raiseMessages } from '../../storage/light/dead-letters.ts';
import { listNames } from '../../storage/light/files.ts';
import { noteAct } from '../../storage/light/journal.ts';
import type { Presence } from '../../storage/light/presence.ts';
import { coordinationPath } from '../../storage/light/roster.ts';
import { readFreshTwin, settingsFrom } from '../../storage/light/settings-twin.ts';
import { sweepMail } from '../../usecases/sweep-mail.ts';
import { loadBundle } from './bundles.ts';
import { routeDroppedMail } from './dropped.ts';
import type { LocksBundle } from './lock-hooks.ts';
import { mayReadMail } from './mail.ts';
import type { Payload } from './protocol.ts';

/**
 * Routes dropped files, and looks after overdue mail. When it fails, that keeps no session from its own mail.
 */
export function tendMail(home: string, reader?: string): void {
  const twin = readFreshTwin(home) ?? { stamp: '', values: {}, complaints: [] };
  try {
    if (listNames(coordinationPath(home, 'leases', 'locks-wanted'), 1).length > 0)
      loadBundle<LocksBundle>('locks').tendLocks(home);
    routeDroppedMail(home);
    sweepMail(home, settingsFrom(home, twin), Date.now(), reader);
  } catch (error) {
    noteAct(home, { act: 'hook-failed', hook: 'tend-mail', detail: String(error) }, Date.now());
  }
}

/** Dead letters wait again for whom they were for: a session of it is there now. */
export function raiseDead(presence: Presence, payload: Payload): void {
  if (!mayReadMail(presence, payload)) return;
  const { home, name } = presence.caller;
  raiseMessages(home, name);
}
