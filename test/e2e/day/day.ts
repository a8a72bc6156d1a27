/**
 * A working day: the coordinator and six others in the real client, each started again by a person whenever it has died,
 * and death at random all day long. It ends when every part is played; in the evening nobody dies, and one more
 * coordinator looks after what is left.
 */
import { cpSync, lutimesSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTemporary } from '../../../src/domain/temporary-name.ts';
import { drawer } from '../../kit/draw.ts';
import { markedBy } from '../../kit/messages-api.ts';
import type { Terminal } from '../../kit/terminal.ts';
import { isAlive } from '../../kit/waiter.ts';
import { bash, type Live, Scene } from '../kit.ts';
import { Board } from './board.ts';
import { filesBelow } from './checker.ts';
import { castCycle } from './cycle-part.ts';
import { Helper } from './helper.ts';
import { type Death, processesOf, Reaper } from './kills.ts';
import { HELPER, handedOver, leadGoals, mended } from './lead.ts';
import { PEERS, peerGoals } from './peers.ts';
import { expectOnce, Facts, Player } from './player.ts';
import { openProject } from './project.ts';
import { parserGoals, printerGoals, statisticsGoals } from './workers.ts';

export interface DayPlan {
  readonly seed: number;
  readonly pauseMs: readonly [number, number];
  readonly sessionsMax: number;
  readonly limitMs: number;
}

const POLL_MS = 250;
const NIGHT_S = 10 * 3_600;

export class Day {
  readonly scene: Scene;
  readonly board: Board;
  readonly facts = new Facts();
  readonly sessions: { readonly name: string; readonly id: string }[] = [];
  private readonly plan: DayPlan;
  private readonly reaper: Reaper;
  private readonly until: number;
  private readonly helper: Helper;
  private readonly morning: Player;
  private readonly players: Readonly<Record<'lead' | '01' | '02' | '04' | (typeof PEERS)[number], Player>>;

  private constructor(scene: Scene, plan: DayPlan) {
    this.scene = scene;
    this.plan = plan;
    this.board = new Board(scene.project);
    this.until = Date.now() + plan.limitMs;
    const { pauseMs, sessionsMax } = plan;
    this.reaper = new Reaper({ random: drawer(plan.seed), home: scene.home.path, pauseMs, sessionsMax });
    this.helper = new Helper(this.board, this.facts, () => this.sessionsOf('lead'));
    this.players = this.cast();
    this.morning = new Player('morning', [
      expectOnce(this.facts, 'the morning has cleared away', 'granted', () => bash('coord merge reap')),
      mended(this.facts, 'the morning has mended it'),
      handedOver(this.facts, 'the morning has committed'),
    ]);
    castCycle(scene.api, this.board);
    const when = markedBy(HELPER);
    const isHelper = (request: Parameters<typeof when>[0]) => request.agentId !== undefined && when(request);
    scene.api.add({ name: 'helper', when: isHelper, turns: this.helper.reply });
  }

  static async open(plan: DayPlan): Promise<Day> {
    return new Day(await Scene.open(openProject()), plan);
  }

  get deaths(): readonly Death[] {
    return this.reaper.deaths;
  }

  get home(): string {
    return this.scene.project.home;
  }

  /** All of it; rejects with everybody's account where it does not come to an end. */
  async live(): Promise<void> {
    const { players, board } = this;
    this.reaper.start();
    const atHome = () => this.home;
    const inWorktree = (id: string) => () => board.rootOf(id);
    try {
      await Promise.all([
        this.headless('lead', players.lead, atHome),
        this.headless('01', players['01'], inWorktree('01')),
        this.terminal('02', players['02'], inWorktree('02')),
        this.headless('04', players['04'], inWorktree('04')),
        ...PEERS.map((name) => this.headless(name, players[name], atHome, () => this.hasLead)),
      ]);
    } finally {
      await this.reaper.stop();
    }
    await this.nextMorning();
  }

  /** Nobody dies any more: a coordinator comes, mends what a death has left, and goes. */
  private nextMorning(): Promise<void> {
    this.night();
    return this.headless('morning', this.morning, () => this.home);
  }

  /** What is half-written or half-made may be swept when nobody can be about to go on with it any more. */
  private night(): void {
    const evening = Date.now() / 1_000 - NIGHT_S;
    const made = ['worktrees', 'refs/heads', 'logs/refs/heads'].map((part) =>
      this.scene.project.path('.git', part),
    );
    const isOfWorktree = (file: string) => made.some((folder) => file.startsWith(folder));
    for (const file of filesBelow(this.home))
      if (isTemporary(file) || isOfWorktree(file)) lutimesSync(file, evening, evening);
  }

  private cast() {
    const { board, facts } = this;
    const lead: Player = new Player(
      'lead',
      leadGoals({
        board,
        facts,
        sessions: () => this.sessionsOf('lead'),
        helper: this.helper,
        peersAreThrough: () => PEERS.every((name) => this.players[name].isThrough),
      }),
      () => bash('sleep 1'),
    );
    const parser: Player = new Player(
      '01',
      parserGoals({ board, facts }, () => parser.compactions),
    );
    const peer = (name: string) =>
      new Player(
        name,
        peerGoals(board, facts, name, () => this.freeIndex()),
      );
    return {
      lead,
      '01': parser,
      '02': new Player('02', printerGoals({ board, facts })),
      '04': new Player('04', statisticsGoals({ board, facts })),
      ada: peer('ada'),
      ben: peer('ben'),
    };
  }

  private get hasLead(): boolean {
    return this.living.has('lead');
  }

  private readonly living = new Set<string>();

  private sessionsOf(name: string): number {
    return this.sessions.filter((session) => session.name === name).length;
  }

  /** Opens a session whenever there is something to do, until the part is played. */
  private async headless(
    name: string,
    player: Player,
    place: () => string | undefined,
    mayStart = () => true,
  ): Promise<void> {
    while (!player.isThrough) {
      this.assertGoing();
      const cwd = place();
      // The coordinator's session stands open all day: others may wait for it.
      const isWanted = player.hasWork || name === 'lead';
      if (cwd === undefined || !isWanted || !mayStart()) {
        await sleep(POLL_MS);
        continue;
      }
      const actor = `${name} ${this.sessionsOf(name) + 1}`;
      const timeoutMs = Math.max(1, this.until - Date.now());
      const live: Live = this.scene.start({ name: actor, cwd, steps: player.reply, timeoutMs });
      this.sessions.push({ name, id: live.id });
      this.living.add(name);
      await live.done;
      this.living.delete(name);
    }
  }

  /** The same in a terminal, where mail wakes it: it is left open while it sleeps. */
  private async terminal(name: string, player: Player, place: () => string | undefined): Promise<void> {
    let terminal: Terminal | undefined;
    while (!player.isThrough) {
      this.assertGoing();
      const cwd = place();
      if (terminal !== undefined && !isAlive(terminal.pid)) {
        await terminal.close();
        terminal = undefined;
      }
      if (terminal === undefined && cwd !== undefined) terminal = await this.openTerminal(name, player, cwd);
      await sleep(POLL_MS);
    }
    if (terminal) await this.leave(name, terminal);
  }

  /** It may be killed while it is left. */
  private async leave(name: string, terminal: Terminal): Promise<void> {
    const hasLeft = await terminal.exit().catch((error: unknown) => {
      if (isAlive(terminal.pid)) throw error;
      return true;
    });
    if (!hasLeft) throw new Error(`the terminal of ${name} could not be left`);
  }

  /** Undefined: it died before it was there. */
  private async openTerminal(name: string, player: Player, cwd: string): Promise<Terminal | undefined> {
    const actor = `${name} ${this.sessionsOf(name) + 1}`;
    try {
      const terminal = await this.scene.terminal({ name: actor, cwd, steps: player.reply });
      this.sessions.push({ name, id: actor });
      await terminal.prompt('Play your part.');
      return terminal;
    } catch (error) {
      if (this.deaths.length === 0) throw error;
      return undefined;
    }
  }

  private assertGoing(): void {
    const despair = this.everybody.find((player) => player.despair !== undefined)?.despair;
    if (despair === undefined && Date.now() < this.until) return;
    const why = despair ?? `${this.plan.limitMs} ms were not enough`;
    throw new Error(`${why}\n\n${this.account}`);
  }

  private get everybody(): readonly Player[] {
    return [...Object.values(this.players), this.helper.player, this.morning];
  }

  get account(): string {
    const died = this.deaths.map(({ kind, command }) => `${kind}: ${command.slice(0, 160)}`).join('\n');
    return `${this.everybody.map((player) => player.account).join('\n\n')}\n\nkilled:\n${died}`;
  }

  /** A git that was killed leaves its lock; a person takes it away when no git runs. */
  private freeIndex(): void {
    const isBusy = processesOf(this.scene.home.path).some(({ kind }) => kind === 'git');
    if (!isBusy) rmSync(this.scene.project.path('.git', 'index.lock'), { force: true });
  }

  /** All that lies there, for whoever looks into a day that failed. */
  keep(folder: string): void {
    cpSync(this.home, join(folder, 'project'), { recursive: true });
    cpSync(this.scene.home.path, join(folder, 'home'), { recursive: true });
    writeFileSync(join(folder, 'account.txt'), this.account);
  }

  async close(): Promise<void> {
    await this.reaper.stop();
    await this.scene.close();
  }
}
