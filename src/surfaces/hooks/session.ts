/**
 * The hooks of a session's life: SessionStart, UserPromptSubmit, Stop, SubagentStart, SubagentStop, PreCompact. Each
 * says nothing when there is nothing to say, and none of them blocks because coord broke: a failure is noted, and the
 * session goes on.
 */
import { CLIENT_SINCE, clientVersionIn, isOldClient } from '../../domain/client-version.ts';
import { callerAt } from '../../storage/light/caller.ts';
import { noteAct } from '../../storage/light/journal.ts';
import { hasLocks } from '../../storage/light/locks/files.ts';
import { closePeers, openPeer } from '../../storage/light/peers.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import { type Presence, presenceOf } from '../../storage/light/presence.ts';
import { markOf } from '../../storage/light/process.ts';
import { readSession, removeSession, touchSession, writeSession } from '../../storage/light/roster.ts';
import { keepSeat, leaveSeat, seatStanding, takeSeat } from '../../storage/light/seat.ts';
import { keepPluginOptions, readPluginOptions } from '../../storage/light/settings-twin.ts';
import { readSettings } from '../../storage/settings.ts';
import { announceLeft } from '../../usecases/announce-failure.ts';
import { rememberCheckout } from '../../usecases/compare-checkout.ts';
import { gatherBrief } from '../../usecases/gather-brief.ts';
import { keepClosing } from '../../usecases/keep-closing.ts';
import { handOverPlace } from '../../usecases/leave-handoff.ts';
import { saveCheckpoint } from '../../usecases/save-checkpoint.ts';
import { sweepQuickly } from '../../usecases/sweep-half-written.ts';
import { printBrief } from '../wording/brief.ts';
import { oldClient } from '../wording/setup-findings.ts';
import { endRole, tellTurn } from './cycle-turns.ts';
import { clientPid, markBusy, markIdle } from './idle.ts';
import { endCalls, endLocks } from './lock-ends.ts';
import { mayReadMail, takeMail } from './mail.ts';
import { startPeer } from './peer-start.ts';
import { type Payload, printContext, readPayload } from './protocol.ts';
import { settleDocuments } from './settle.ts';
import { tellShells } from './shell-environment.ts';
import { endTurn } from './stop.ts';
import { judgeTask } from './task-completed.ts';
import { raiseDead, tendMail } from './tending.ts';

/** What may take its time, when the session has been told what it must know. */
const afterwards: (() => void)[] = [];

export function runSession(): void {
  const payload = readPayload();
  const standing = payload ? coordinatedPlaceOf(payload.cwd) : undefined;
  if (!payload || !standing) return;
  try {
    dispatch(payload, standing);
    for (const last of afterwards) last();
  } catch (error) {
    const detail = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
    noteAct(standing.home, { act: 'hook-failed', hook: payload.event, detail }, Date.now());
  }
}

function dispatch(payload: Payload, standing: HomedPlace): void {
  switch (payload.event) {
    case 'SessionStart':
      startSession(payload, standing);
      return;
    case 'UserPromptSubmit':
      beginTurn(payload, standing);
      return;
    case 'SubagentStart':
      startSubagent(payload, standing);
      return;
    case 'Stop':
    case 'SubagentStop':
      keepLastWords(payload, standing);
      // A subagent that is told something goes on, as who it is.
      if (!endTurn(payload, standing) && payload.event === 'SubagentStop') endSubagent(payload, standing);
      return;
    case 'TaskCompleted':
      judgeTask(payload, presenceFor(payload, standing));
      return;
    case 'PreCompact':
      beforeCompaction(payload, presenceFor(payload, standing));
      return;
  }
}

function presenceFor(payload: Payload, standing: HomedPlace): Presence {
  return presenceOf(standing, { session: payload.session, agent: payload.agent });
}

/** Binds a session or a subagent to the place where it stands, and takes that place's seat where it may. */
function bind(payload: Payload, standing: HomedPlace, owner: string): void {
  const pid = clientPid();
  handOverDead(payload, standing);
  writeSession(standing.home, {
    session: payload.session,
    agent: payload.agent,
    place: standing.name,
    root: standing.root,
    startedAt: new Date().toISOString(),
    process: pid === undefined ? null : markOf(pid),
    attended: process.env['CLAUDE_CODE_SESSION_ATTENDED'] === '1',
    transcript: payload.transcript,
  });
  claimSeat(payload, standing, owner);
  joinPeers(payload, standing);
}

/** Before the seat is taken: afterwards nobody could tell who died. What cannot be written keeps no session from it. */
function handOverDead({ session, event }: Payload, standing: HomedPlace): void {
  const { home } = standing;
  try {
    const left = handOverPlace(home, standing, session);
    if (left) afterwards.push(() => announceLeft(left.ward, left.plans));
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    noteAct(home, { act: 'hook-failed', hook: event, detail: String(error) }, Date.now());
  }
}

/** What the session knows and the files do not is asked for when it goes on (gather-brief). */
function beforeCompaction({ session, transcript, raw }: Payload, presence: Presence): void {
  settleDocuments(presence);
  const trigger = raw['trigger'] === 'manual' ? 'manual' : 'auto';
  saveCheckpoint(presence, { session, trigger, transcript });
}

/** Shared mode: whoever does not hold the seat gets a name and a mailbox of its own. */
function joinPeers({ session, agent }: Payload, { home, name }: HomedPlace): void {
  if (readSettings(home).settings.mode !== 'shared') return;
  const seat = seatStanding(home, name, session);
  if (seat.isOwn && seat.agent === agent) {
    closePeers(home, session, agent);
    return;
  }
  const record = readSession(home, session, agent);
  if (record?.place === name) openPeer(home, record);
}

function claimSeat(payload: Payload, { home, name }: HomedPlace, owner: string): void {
  const pid = clientPid();
  const { session, agent } = payload;
  const mark = pid === undefined ? null : markOf(pid);
  takeSeat({ home, place: name, owner, session, agent, process: mark }, Date.now());
}

function startSession(payload: Payload, standing: HomedPlace): void {
  const { home } = standing;
  keepPluginOptions(home, readPluginOptions(process.env));
  tellShells(process.env);
  const source = payload.raw['source'];
  // A session that goes on (resumed, compacted) keeps the place it is bound to, unless it was started elsewhere.
  const isMidway = source === 'compact' && readSession(home, payload.session, null) !== undefined;
  if (!isMidway) {
    bind(payload, standing, callerAt(standing, payload.session).name);
    markIdle(home, clientPid());
    rememberCheckout(standing);
  }
  const presence = presenceFor(payload, standing);
  tendMail(home, presence.caller.name);
  if (!isMidway) raiseDead(presence, payload);
  const brief = gatherBrief(presence, payload.session, source === 'compact');
  const told = [printBrief(brief), ...tellTurn(payload, presence.place), ...settleDocuments(presence)];
  const { settings, complaints } = readSettings(home);
  told.push(...complaints.map((complaint) => `[coord] Setting: ${complaint}.`));
  const version = clientVersionIn(process.env['AI_AGENT']);
  if (version !== undefined && isOldClient(version))
    told.push(`[coord] ${oldClient(version, CLIENT_SINCE)} Tell the person.`);
  const mail = takeMail(presence, payload, settings.mail_batch, Date.now());
  if (mail) told.push(mail.text);
  printContext(payload.event, told.join('\n\n'));
  mail?.confirm();
  if (presence.place.name === null && !isMidway) afterwards.push(() => sweepQuickly(home, Date.now()));
}

function beginTurn(payload: Payload, standing: HomedPlace): void {
  const { home } = standing;
  if (!readSession(home, payload.session, null))
    bind(payload, standing, presenceFor(payload, standing).caller.name);
  markBusy(home, clientPid());
  touchSession(home, payload.session, null, Date.now());
  // A person pressed Esc: no hook has told of the end of what ran.
  if (hasLocks(home)) endCalls(home, payload.session, null, undefined);
  const presence = presenceFor(payload, standing);
  // Whoever held it when this session started may have gone since.
  if (presence.caller.kind !== 'peer') {
    if (!seatStanding(home, presence.place.name, payload.session).isOwn)
      handOverDead(payload, presence.place);
    claimSeat(payload, presence.place, presence.caller.name);
  }
  joinPeers(payload, presence.place);
  keepSeat(home, presence.place.name, payload.session, Date.now());
  tendMail(home, presence.caller.name);
  raiseDead(presence, payload);
  const told = settleDocuments(presence);
  const mail = takeMail(presence, payload, readSettings(home).settings.mail_batch, Date.now());
  if (mail) told.push(mail.text);
  if (told.length > 0) printContext(payload.event, told.join('\n\n'));
  mail?.confirm();
}

/** A subagent with a worktree of its own becomes its own agent; any other acts for its session. */
function startSubagent(payload: Payload, standing: HomedPlace): void {
  if (payload.agent === null) return;
  const main = readSession(standing.home, payload.session, null);
  if (main && main.place === standing.name) {
    startPeer(payload, standing, main);
    return;
  }
  bind(payload, standing, callerAt(standing, payload.session).name);
  const presence = presenceFor(payload, standing);
  raiseDead(presence, payload);
  const told = [printBrief(gatherBrief(presence, payload.session)), ...tellTurn(payload, presence.place)];
  const mail = takeMail(presence, payload, readSettings(standing.home).settings.mail_batch, Date.now());
  if (mail) told.push(mail.text);
  printContext(payload.event, told.join('\n\n'));
  mail?.confirm();
}

/** Whoever answers for a worker's place; before the turn's end may wait long. What cannot be written stops nothing. */
function keepLastWords(payload: Payload, standing: HomedPlace): void {
  const { session, agent, transcript, raw, event } = payload;
  const presence = presenceFor(payload, standing);
  if (!mayReadMail(presence, payload)) return;
  try {
    keepClosing(presence, { session, agent }, raw['last_assistant_message'], transcript);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    noteAct(standing.home, { act: 'hook-failed', hook: event, detail: String(error) }, Date.now());
  }
}

function endSubagent(payload: Payload, standing: HomedPlace): void {
  if (payload.agent === null) return;
  endRole(payload, presenceFor(payload, standing).place);
  if (hasLocks(standing.home)) endLocks(standing.home, payload.session, payload.agent);
  closePeers(standing.home, payload.session, payload.agent);
  const own = readSession(standing.home, payload.session, payload.agent);
  if (!own) return;
  removeSession(standing.home, payload.session, payload.agent);
  if (own.peer !== undefined) return;
  leaveSeat(standing.home, own.place, payload.session);
}
