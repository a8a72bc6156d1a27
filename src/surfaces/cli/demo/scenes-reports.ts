/** Work is reported by itself, and the coordinator's picture follows. */
import { join } from 'node:path';
import { STATUS_NAME } from '../../../domain/project-paths.ts';
import { API, type Cast, mustBeIn, reportIn, type Scene, WEB, wakeCoordinator } from './cast.ts';
import { excerpt, must, mustHold } from './checks.ts';
import type { Session } from './session.ts';

const WEB_STATUS = join('.planning', 'phases', WEB, STATUS_NAME);

const byCommand: Scene = {
  name: 'Reported',
  play: ({ scratch, api }) => {
    const { value } = api.coord<{ state: string }>('plan', 'complete', '01-01');
    must(value.state === 'complete', 'plan 01-01 to be complete', value.state);
    mustBeIn(scratch.status(API), '01-01', 'complete', "worker-01's STATUS.md");
    const head = scratch.git(api.root, 'rev-parse', 'HEAD').trim();
    mustHold(scratch.status(API), [`commit: ${head}`], "worker-01's STATUS.md");
    const inbox = scratch.inbox('coordinator');
    reportIn(inbox, 'plan_started', '01-01');
    const { from, metadata } = reportIn(inbox, 'plan_complete', '01-01');
    must(from === 'worker-01', 'the report to come from worker-01', from);
    const counts = JSON.stringify(metadata['counts']);
    const wanted = '{"not_started":1,"in_progress":0,"complete":1,"failed":0}';
    must(counts === wanted, `the report to count ${wanted}`, counts);
    return [
      'worker-01 runs `coord plan complete 01-01`, and the coordinator has a message: the plan, the commit and counts, no details, so that following ten workers stays cheap.',
    ];
  },
};

const byHand: Scene = {
  name: 'Reported anyway',
  play: ({ scratch, web }) => {
    const title = 'title: Show the list';
    const made = web.edit(WEB_STATUS, `${title}\n    state: not_started`, `${title}\n    state: in_progress`);
    must(
      made.denied === undefined,
      "worker-02's edit of its own STATUS.md to pass",
      `refused: ${made.denied}`,
    );
    mustBeIn(scratch.status(WEB), '02-01', 'in_progress', "worker-02's STATUS.md");
    endQuietly(web);
    const { from } = reportIn(scratch.inbox('coordinator'), 'plan_started', '02-01');
    must(from === 'worker-02', 'the report to come from worker-02', from);
    endQuietly(web);
    reportIn(scratch.inbox('coordinator'), 'plan_started', '02-01');
    return [
      'worker-02 forgets the command and edits its STATUS.md by hand. When its turn ends, a hook sees the difference and reports it: once, however often the turn ends.',
    ];
  },
};

const folded: Scene = {
  name: 'Woken',
  play: (cast) => {
    const { scratch, coordinator } = cast;
    mustBeIn(scratch.state(), '01-01', 'not_started', 'STATE.md before the coordinator looks');
    const told = wakeCoordinator(cast);
    const parts = ['plan 01-01 "List the fruit" complete', 'plan 02-01 "Show the list" started'];
    mustHold(told, parts, "what the coordinator's turn shows");
    mustBeIn(scratch.state(), '01-01', 'complete', 'STATE.md');
    mustBeIn(scratch.state(), '02-01', 'in_progress', 'STATE.md');
    coordinator.stop();
    const left = scratch.inbox('coordinator').length;
    must(left === 0, "the coordinator's inbox to be empty once it lived on", `${left} message(s)`);
    return [
      'the coordinator sat idle; the mail starts its next turn and is shown in it. STATE.md, its picture of the whole project, is up to date, and nobody wrote a report.',
    ];
  },
};

export const SCENES_REPORTS: readonly Scene[] = [byCommand, byHand, folded];

/** The last scene: everybody finishes, and the dashboard says what files and git say. */
export const closing: Scene = {
  name: 'Done',
  play: (cast) => {
    const { scratch, coordinator, api, web } = cast;
    finishWork(cast);
    wakeCoordinator(cast);
    coordinator.stop();
    const status = scratch.coordJson<{ phases: { id: string; plans: object }[]; blockers: unknown[] }>(
      scratch.home,
      ['status'],
      coordinator.env,
    );
    const phases = status.phases.map(({ id, plans }) => `${id} ${Object.values(plans).join(' ')}`).join(', ');
    must(
      phases === '01 0 0 2 0, 02 1 0 1 0',
      'two plans of phase 01 complete, one of phase 02, one left',
      phases,
    );
    must(status.blockers.length === 0, 'no open blocker', `${status.blockers.length}`);
    const changed = scratch.git(scratch.home, 'diff', '--name-only', `coord/${API}...coord/${WEB}`).trim();
    mustHold(changed, ['page.html'], "what git says worker-02's branch changed");
    must(!changed.includes('api.js'), "worker-02's branch to leave worker-01's file alone", changed);
    const dashboard = scratch.coord(scratch.home, ['status'], coordinator.env);
    scratch.coord(scratch.home, ['doctor']);
    for (const session of [api, web, coordinator]) session.end();
    const left = scratch.sessions();
    must(left.length === 0, 'every session to be signed off at its end', left.join(', '));
    return [
      '`coord doctor` finds nothing wrong, and `coord status` shows the whole picture:',
      ...scratch
        .plain(dashboard)
        .trimEnd()
        .split('\n')
        .map((line) => `| ${line}`),
    ];
  },
};

function finishWork({ scratch, api, web }: Cast): void {
  api.commit('List the prices');
  api.coord('plan', 'complete', '01-02');
  web.commit('Show the list');
  const title = 'title: Show the list';
  web.edit(WEB_STATUS, `${title}\n    state: in_progress`, `${title}\n    state: complete`);
  endQuietly(web);
  mustBeIn(scratch.status(WEB), '02-01', 'complete', "worker-02's STATUS.md");
}

/** A turn in which nothing went wrong ends without a word. */
function endQuietly(session: Session): void {
  const { context, denied } = session.stop();
  const said = context ?? denied;
  must(said === undefined, `${session.name}'s turn to end without a word`, `"${excerpt(said ?? '')}"`);
}
