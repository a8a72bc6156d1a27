/**
 * Waits for mail beside an idle session and wakes it (a SessionStart, UserPromptSubmit and Stop hook with
 * `asyncRewake`). In a terminal it runs in the background, and its exit code 2 begins a turn; the prompt hook of that
 * turn then shows the mail. In a headless session the client would wait for it, so there it ends at once.
 *
 * One waiter a client process: each new one writes its token, and an older one that no longer finds its own ends.
 * It rings once for a message. While the session is busy it leaves the mail to the hooks of the turn, and rings only
 * for what they have not taken for a while (a turn that a person interrupted has no Stop).
 */
import { watch } from 'node:fs';
import { makeFolder } from '../../storage/light/files.ts';
import { inboxFolder } from '../../storage/light/mail-files.ts';
import { listWaiting, readWaiting, ringing } from '../../storage/light/mailbox.ts';
import { readPeer } from '../../storage/light/peers.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import { presenceOf } from '../../storage/light/presence.ts';
import { heldIds } from '../../storage/light/presentation.ts';
import { livenessOf, markOf, type ProcessMark } from '../../storage/light/process.ts';
import { type Rings, readRings } from '../../storage/light/rings.ts';
import { coordinationPath, readRecord, writeRecord } from '../../storage/light/roster.ts';
import { readSeat } from '../../storage/light/seat.ts';
import { isIdleSince } from './idle.ts';
import { type Payload, readPayload } from './protocol.ts';
import { tendMail } from './tending.ts';

interface Waiter {
  readonly token: string;
  readonly rung: readonly string[];
}

const TICK_MS = 1_000;
/** The hook's own time limit (hooks.json) is a day; it ends a little earlier by itself. */
const LIFE_MS = 23 * 3_600_000;
const RUNG_KEPT = 500;
const BUSY_GRACE_MS = 15_000;
const LOOKED_AT_MAX = 256;

function waiterFile(home: string, pid: number): string {
  return coordinationPath(home, 'roster', 'waiters', `${pid}.json`);
}

export function runWake(): void {
  const payload = readPayload();
  const isAttended =
    process.env['CLAUDE_CODE_SESSION_ATTENDED'] === '1' || process.env['CLAUDE_CODE_ENTRYPOINT'] === 'cli';
  const clientPid = Number(process.env['CLAUDE_PID']);
  const standing = payload && isAttended ? coordinatedPlaceOf(payload.cwd) : undefined;
  if (!payload || !standing || payload.agent !== null || !Number.isInteger(clientPid) || clientPid <= 0)
    return;
  new Waiting(payload, standing, markOf(clientPid)).begin();
}

class Waiting {
  private readonly token = `${process.pid}.${Date.now()}`;
  private readonly endsAtMs = Date.now() + LIFE_MS;
  private readonly seenAtMs = new Map<string, number>();
  private readonly payload: Payload;
  private readonly standing: HomedPlace;
  private readonly client: ProcessMark;

  constructor(payload: Payload, standing: HomedPlace, client: ProcessMark) {
    this.payload = payload;
    this.standing = standing;
    this.client = client;
  }

  begin(): void {
    const { home } = this.standing;
    const file = waiterFile(home, this.client.pid);
    const rung = readRecord<Waiter>(file)?.rung ?? [];
    writeRecord(file, { token: this.token, rung }, false);
    this.watchFolder(inboxFolder(home, this.agent()));
    this.watchFolder(coordinationPath(home, 'inbox'));
    setInterval(() => this.look(), TICK_MS);
    this.look();
  }

  /** News come by the file system's notice; the tick finds them where there is none. */
  private watchFolder(folder: string): void {
    makeFolder(folder);
    try {
      watch(folder, () => this.look()).on('error', () => undefined);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!['ENOSPC', 'EMFILE', 'ENOENT', 'ENOSYS'].includes(code)) throw error;
    }
  }

  private agent(): string {
    return presenceOf(this.standing, { session: this.payload.session, agent: null }).caller.name;
  }

  private look(): void {
    const { home, name } = this.standing;
    const file = waiterFile(home, this.client.pid);
    const waiter = readRecord<Waiter>(file);
    const isOver =
      waiter?.token !== this.token || Date.now() > this.endsAtMs || livenessOf(this.client) === 'dead';
    if (isOver) process.exit(0);
    const seat = readSeat(home, name);
    // Another session's place, as long as that one lives: whoever is here when it died takes the seat at its next prompt.
    const holder = seat?.process ?? null;
    const isOthers = holder && holder.pid !== this.client.pid && livenessOf(holder) !== 'dead';
    // A peer has a mailbox of its own beside it.
    if (isOthers && !readPeer(home, this.agent())) return;
    tendMail(home);
    const news = this.news(home, waiter.rung);
    if (news.length === 0) return;
    writeRecord(file, { token: this.token, rung: [...waiter.rung, ...news].slice(-RUNG_KEPT) }, false);
    const count = news.length === 1 ? 'a message waits' : `${news.length} messages wait`;
    process.stderr.write(
      `[coord] ${count} for ${this.agent()}. It is shown with this turn; if it is not, run \`coord inbox\`.\n`,
    );
    process.exit(2);
  }

  /** Messages that are worth a turn, were not rung for and that no hook is showing. */
  private news(home: string, rung: readonly string[]): string[] {
    const agent = this.agent();
    const waiting = listWaiting(home, agent);
    if (waiting.length === 0) return [];
    const held = heldIds(home, agent);
    const rings = readRings(home, agent);
    const known = new Set(rung);
    const isIdle = isIdleSince(home, this.client.pid) !== undefined;
    const fresh = waiting.filter((id) => {
      if (known.has(ringOf(id, rings)) || held.has(id)) return false;
      const firstSeenAtMs = this.seenAtMs.get(id) ?? Date.now();
      this.seenAtMs.set(id, firstSeenAtMs);
      return isIdle || Date.now() - firstSeenAtMs >= BUSY_GRACE_MS;
    });
    // A name may be left over from an acknowledgement that was killed: one real message is enough.
    const found = ringing(home, agent, fresh);
    const isReal = found.slice(0, LOOKED_AT_MAX).some((id) => isMessage(readWaiting(home, agent, id)));
    return isReal ? found.map((id) => ringOf(id, rings)) : [];
  }
}

/** What a message is rung for under: each further ring is another one. */
function ringOf(id: string, rings: Rings): string {
  const count = rings[id]?.count ?? 0;
  return count === 0 ? id : `${id}#${count}`;
}

function isMessage(read: ReturnType<typeof readWaiting>): boolean {
  return read !== undefined && read !== 'unreadable';
}
