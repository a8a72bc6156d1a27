/** The subagent of phase 03: one after the other, each with a worktree and an identity of its own. */
import type { Reply } from '../../kit/messages-api.ts';
import { bash } from '../kit.ts';
import type { Board } from './board.ts';
import { type Facts, Player } from './player.ts';
import { unitsGoals } from './workers.ts';

/** Longer than any call of its takes: then it is gone, and nobody has said so. */
const SILENT_MS = 15_000;

export class Helper {
  readonly player: Player;
  private readonly joined = new Set<string>();
  private readonly leadSession: () => number;
  private agent = '';
  private earlier: string | undefined;
  /** Of its last request, or of the call that spawned it. */
  private heard = { atMs: 0, session: 0 };

  constructor(board: Board, facts: Facts, leadSession: () => number) {
    this.leadSession = leadSession;
    this.player = new Player(
      '03',
      unitsGoals(
        { board, facts },
        {
          joined: () => this.joined.has(this.agent),
          heedJoin: (text) => {
            this.joined.add(this.agent);
            this.earlier = /"earlier_branch":"([^"]+)"/.exec(text)?.[1];
          },
          earlier: () => this.earlier,
          taken: () => {
            this.earlier = undefined;
          },
        },
      ),
      () => bash('sleep 0.5'),
    );
  }

  get lives(): boolean {
    return this.heard.session === this.leadSession() && Date.now() - this.heard.atMs < SILENT_MS;
  }

  hear(): void {
    this.heard = { atMs: Date.now(), session: this.leadSession() };
  }

  readonly reply: Reply = (request) => {
    this.agent = request.agentId ?? '';
    this.hear();
    return this.player.reply(request);
  };
}
