/** The first scenes: the project is set up, everybody is told who they are, and nobody writes on other ground. */
import { join } from 'node:path';
import { API, type Cast, PAGE, PAGE_TEXT, type Scene, WEB } from './cast.ts';
import { excerpt, must, mustHold } from './checks.ts';
import type { Made } from './session.ts';

const PLANS = [
  ['01', 'API', '01-01:List the fruit', '01-02:List the prices'],
  ['02', 'Web', '02-01:Show the list', '02-02:Style the page'],
] as const;

const setUp: Scene = {
  name: 'Set up',
  play: (cast) => {
    const { scratch, coordinator } = cast;
    const { home } = scratch;
    scratch.write(join(home, PAGE), PAGE_TEXT);
    scratch.git(home, 'init', '-q', '--template=');
    scratch.git(home, 'add', '-A');
    scratch.git(home, 'commit', '-qm', 'A fruit shop');
    scratch.coord(home, ['init']);
    scratch.git(home, 'add', '-A');
    scratch.git(home, 'commit', '-qm', 'Set up coord');
    mustHold(coordinator.start(), ['[coord] You are the coordinator'], "the coordinator's briefing");
    coordinator.prompt('Plan the fruit shop: an API and a web page.');
    for (const [id, name, first, second] of PLANS) {
      coordinator.coord('phase', 'add', id, name, '--plan', first, '--plan', second);
      coordinator.coord('phase', 'start', id);
    }
    coordinator.stop();
    mustStandApart(cast);
    return [
      '`coord init`; the coordinator plans two phases of work and starts both. worker-01 gets the API, worker-02 the web page, each in a git worktree and on a branch of its own.',
    ];
  },
};

function mustStandApart({ scratch }: Cast): void {
  const worktrees = scratch.git(scratch.home, 'worktree', 'list', '--porcelain');
  for (const folder of [API, WEB]) {
    const wanted = [`/${folder}\n`, `branch refs/heads/coord/${folder}\n`];
    mustHold(worktrees, wanted, 'what git lists as worktrees');
    mustHold(scratch.status(folder), ['state: not_started'], `STATUS.md of ${folder}`);
  }
  mustHold(scratch.state(), ['worker: worker-01', 'worker: worker-02'], 'STATE.md');
}

const briefings: Scene = {
  name: 'Briefed',
  play: ({ scratch, api, web }) => {
    const brief = api.start();
    const own = scratch.worktree(API);
    mustHold(brief, ['You are worker-01, the one worker of phase 01 "API"', own], "worker-01's briefing");
    const parts = ['You are worker-02, the one worker of phase 02 "Web"', scratch.worktree(WEB)];
    mustHold(web.start(), parts, "worker-02's briefing");
    return ['every session is told as it starts who it is, where it may write and what comes next.'];
  },
};

/** Nothing in worker-02's worktree is other than it was. */
function pageOf({ scratch }: Cast): () => void {
  const root = scratch.worktree(WEB);
  const look = () =>
    `${scratch.read(join(root, PAGE))}\n${scratch.git(root, 'status', '--porcelain')}${scratch.git(root, 'rev-parse', 'HEAD')}`;
  const before = look();
  return () =>
    must(look() === before, "worker-02's worktree to stay as it was", `it was changed: ${excerpt(look())}`);
}

function mustBeRefused(made: Made<void>, what: string, owner: string): string {
  must(made.denied !== undefined, `${what} to be refused`, 'it was let through, and made');
  mustHold(made.denied, ['[coord] Refused', owner], `the refusal of ${what}`);
  return made.denied;
}

const foreignWrite: Scene = {
  name: 'Kept apart',
  play: (cast) => {
    const { scratch, api } = cast;
    const mustBeUntouched = pageOf(cast);
    const page = join('..', WEB, PAGE);
    const made = api.write(page, '<h1>Mine now</h1>\n');
    const why = mustBeRefused(made, "worker-01's Write of worker-02's page", 'worker-02');
    mustBeUntouched();
    const state = scratch.state();
    const touched = api.edit(
      join('..', '..', '..', '.planning', 'STATE.md'),
      'project: fruit-shop',
      'project: mine',
    );
    mustBeRefused(touched, "worker-01's Edit of the coordinator's STATE.md", 'coordinator');
    must(scratch.state() === state, 'STATE.md to stay as it was', 'it was changed');
    return [
      "worker-01 tries to write worker-02's page, then the coordinator's STATE.md. Both are refused before a byte changes, the first with these words:",
      `> ${scratch.plain(why)}`,
    ];
  },
};

const foreignShell: Scene = {
  name: 'Kept apart in the shell',
  play: (cast) => {
    const { scratch, api } = cast;
    const mustBeUntouched = pageOf(cast);
    const page = `../${WEB}/${PAGE}`;
    const spoil = () => scratch.write(join(api.root, page), '<h1>Mine now</h1>\n');
    const commands = [
      `sed -i 's/Fruit/Mine now/' ${page}`,
      `cat > ${page} <<'EOF'\n<h1>Mine now</h1>\nEOF`,
      `cd ../${WEB} && echo '<h1>Mine now</h1>' > ${PAGE}`,
    ];
    for (const command of commands) {
      mustBeRefused(api.shell(command, spoil), `the shell command \`${excerpt(command)}\``, 'worker-02');
    }
    mustBeUntouched();
    return [
      '`sed -i`, `cat >` and `cd … && echo >` on that page are refused as well. Agents often write that way, and a guard on the editing tools alone would miss it.',
    ];
  },
};

const ownGround: Scene = {
  name: 'Free at home',
  play: (cast) => {
    const { scratch, api } = cast;
    const mustBeUntouched = pageOf(cast);
    const started = api.coord<{ state: string }>('plan', 'start', '01-01');
    must(started.value.state === 'in_progress', 'plan 01-01 to be started', started.value.state);
    const text = 'export const fruit = ["apple", "pear"];\n';
    const made = api.write('api.js', text);
    must(made.denied === undefined, "worker-01's Write of its own file to pass", `refused: ${made.denied}`);
    const file = scratch.read(join(api.root, 'api.js'));
    must(
      file === text,
      'the file that worker-01 wrote',
      file === undefined ? 'no such file' : 'another text',
    );
    const message = `List the fruit (and no more sed -i on ../${WEB}/${PAGE})`;
    api.commit(message);
    const last = scratch.git(scratch.home, 'log', '-1', '--format=%s', `coord/${API}`).trim();
    must(last === message, "worker-01's commit on its own branch", `"${last}"`);
    mustBeUntouched();
    return [
      'in its own worktree worker-01 writes and commits unhindered. Its commit message mentions `sed -i` on that page: a word is no write, so it passes.',
    ];
  },
};

export const SCENES_APART: readonly Scene[] = [setUp, briefings, foreignWrite, foreignShell, ownGround];
