/** All commands by theme, for `coord help`: a row for each family, in the order in which a newcomer meets them. */

export interface Theme {
  readonly title: string;
  /** First words of commands: `phase` stands for all that begin with it. */
  readonly rows: readonly (readonly [families: readonly string[], says: string])[];
}

export const THEMES: readonly Theme[] = [
  {
    title: 'Begin, and look',
    rows: [
      [['demo'], 'see it all on a scratch repository'],
      [['init'], 'set coord up in this repository'],
      [['status'], 'the dashboard'],
      [['resume', 'handoff'], 'go on where another stopped; leave it so that one can'],
      [['doctor'], 'what is broken, and how it is mended'],
      [['health'], 'whether coordination degrades, and what helps'],
      [['config'], 'settings'],
      [['instructions'], 'tell every agent the protocol, in CLAUDE.md or AGENTS.md'],
    ],
  },
  {
    title: 'Lead: in the primary worktree',
    rows: [
      [['phase'], 'cut the work into phases, a worker and a worktree each'],
      [['todo'], 'what is to do, P0 to P2'],
      [['criteria'], 'what must hold before something is done'],
      [['milestone'], 'named milestones'],
      [['decide', 'decisions'], 'what was decided, and why'],
      [['ticket'], 'what a worker may write, and what proves it'],
      [['approvals', 'approve'], 'steps that wait for a person'],
    ],
  },
  {
    title: 'Work: in the worktree of a phase',
    rows: [
      [['join'], 'take a phase, or the seat of a worktree'],
      [['plan'], 'the plans of your phase'],
      [['task'], 'the steps of a plan, and what came of them'],
      [['blocker'], 'what keeps you from going on'],
      [['findings'], 'hand in what you found'],
      [['gate', 'run'], 'what is proven; run a command and keep the proof'],
    ],
  },
  {
    title: 'Talk',
    rows: [
      [['send', 'inbox', 'ack', 'wait'], 'messages'],
      [['chat'], 'what workers said to each other'],
      [['dead'], 'what could not be delivered'],
    ],
  },
  { title: 'Land', rows: [[['merge'], 'one careful door to main']] },
  { title: 'Share one tree', rows: [[['lock', 'unlock', 'locks'], 'who may write what, for now']] },
  {
    title: 'Run a task as a cycle',
    rows: [[['cycle'], 'requirements, plan, code, validation, until it holds']],
  },
];
