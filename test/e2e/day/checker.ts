/**
 * What came of the day, from its files and from git alone: nobody who lived it is asked. Each fault is a line; a day
 * without any is a good one. What it stands on: the project, and the transcripts that the client kept in its HOME.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import type { Envelope } from '../../../src/domain/message.ts';
import { leaseName } from '../../../src/domain/names.ts';
import { isTemporary } from '../../../src/domain/temporary-name.ts';
import { readLease } from '../../../src/storage/light/lease.ts';
import { listOpenQuestions } from '../../../src/storage/light/open-questions.ts';
import { coordinationPath } from '../../../src/storage/light/roster.ts';
import { everywhere, idsIn, logOf, repeated } from '../../kit/mail.ts';
import { gitIn } from '../../kit/project.ts';
import type { Board } from './board.ts';
import { noteOf, PEERS, ROUNDS, titleOf } from './peers.ts';
import { indexOf } from './project.ts';

const TITLES = [
  'Plan the day',
  ...['01-01: Parse', '01-02: Index', '02-01: Describe', '02-02: Print', '03-01: Units', '03-02: Describe'],
  ...['04-01: Statistics', '04-01: Rename', '04-02: Index'],
  ...PEERS.flatMap((name) => Array.from({ length: ROUNDS }, (_, at) => titleOf(name, at + 1))),
];

export function faultsOf(board: Board, clientHome: string): string[] {
  return [
    ...mailFaults(board),
    ...transcriptFaults(board, clientHome),
    ...mainFaults(board),
    ...workFaults(board),
    ...stateFaults(board),
    ...leftovers(board),
    ...unlived(board, clientHome),
  ];
}

/** What belongs to such a day and did not come about: then nothing else was shown. */
function unlived(board: Board, clientHome: string): string[] {
  const outcomes = (id: string) =>
    board.entries(id).flatMap(({ history }) => history.map((one) => one.outcome));
  const said = (from: string, text: string) => board.hasSaid(from, text);
  const cycle = board.cycle();
  const compacted = transcriptsIn(clientHome).some((file) =>
    /compact_boundary/.test(readFileSync(file, 'utf8')),
  );
  const happened: Readonly<Record<string, boolean>> = {
    'a conflict in the queue': outcomes('04').includes('conflict'),
    'a red branch in the queue': outcomes('02').includes('red'),
    'a question to a peer': said('worker-01', '[[which index]]') && said('worker-04', '[[the one of'),
    'a question to the coordinator':
      said('worker-02', '[[which paper]]') && said('coordinator', '[[answer to'),
    'two blockers': said('worker-01', '[[blocker of 01]]') && said('worker-04', '[[blocker of 04]]'),
    'a cycle with an extension': cycle?.status === 'completed' && cycle.task_history.length > 1,
    'a full context': compacted,
    'a lock that another had': board
      .reads('.coordination', 'log', 'coord.jsonl')
      .includes('"act":"lock-wait"'),
  };
  return Object.keys(happened)
    .filter((what) => !happened[what])
    .map((what) => `there was no such thing: ${what}`);
}

/** Each message is in the log once, and in one place: the archive, a box or the dead letters. */
function mailFaults(board: Board): string[] {
  const { envelopes } = logOf(board.project);
  const sent = envelopes.filter(({ type }) => type !== 'ack').map(({ id }) => id);
  const dead = deadLetters(board).map(({ id }) => id);
  const kept = [...everywhere(board.project).map(({ id }) => id), ...dead];
  return [
    ...named('is in the log twice', repeated(envelopes.map(({ id }) => id))),
    ...named('lies in two places', repeated(kept)),
    ...named('is lost: it was sent, and lies nowhere', without(sent, kept)),
    ...named('lies somewhere and is not in the log', without(kept, sent)),
    ...named('is a dead letter', dead),
    ...named(
      'is an open question',
      listOpenQuestions(board.home).map(({ id }) => id),
    ),
    ...named('waits for the coordinator', waitingFor(board, 'coordinator')),
    ...board
      .log()
      .filter(isTrespass)
      .map(({ content }) => `a trespass was told that was none: ${content}`),
  ];
}

function isTrespass({ from, type, content }: Envelope): boolean {
  return from === 'coord' && type === 'error' && /that its own session did not write/.test(content);
}

function deadLetters({ project }: Board): Envelope[] {
  const files = filesBelow(project.path('.coordination', 'dead')).filter((file) => file.endsWith('.json'));
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Envelope);
}

function waitingFor({ project }: Board, agent: string): string[] {
  const folder = project.path('.coordination', 'inbox', agent);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}

/** No session was shown a message twice; what a send reported as done is in the log. */
function transcriptFaults(board: Board, clientHome: string): string[] {
  const transcripts = transcriptsIn(clientHome);
  const logged = new Set(logOf(board.project).envelopes.map(({ id }) => id));
  const faults = transcripts.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parsed);
    const shown = lines.flatMap(contextsOf).flatMap(idsIn);
    const reported = lines.flatMap(sendsOf);
    return [
      ...named(`was shown twice to ${basename(file)}`, repeated(shown)),
      ...named(
        'was reported as sent and is not in the log',
        reported.filter((id) => !logged.has(id)),
      ),
    ];
  });
  return transcripts.length > 0 ? faults : ['there is no transcript to look at'];
}

function transcriptsIn(clientHome: string): string[] {
  return filesBelow(join(clientHome, '.claude', 'projects')).filter((file) => file.endsWith('.jsonl'));
}

interface Entry {
  readonly type?: string;
  readonly attachment?: { readonly type?: string; readonly content?: unknown };
  readonly message?: { readonly content?: unknown };
}

function parsed(line: string): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    // A client that was killed leaves half a line.
    return {};
  }
}

function contextsOf({ attachment }: Entry): string[] {
  if (attachment?.type !== 'hook_additional_context') return [];
  return ([attachment.content].flat() as unknown[]).map(String);
}

/** Ids in what `coord send` printed. */
function sendsOf({ type, message }: Entry): string[] {
  if (type !== 'user' || !Array.isArray(message?.content)) return [];
  const results = (message.content as { type?: string; content?: unknown }[]).filter(
    (block) => block.type === 'tool_result',
  );
  const texts = results.map(({ content }) =>
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  return texts.flatMap((text) => [...text.matchAll(/\bsent (msg-[\w.-]+\w) to /g)].map(([, id]) => id ?? ''));
}

/** Main was never red and never went back: each commit is tried by the suite that it carries. */
function mainFaults({ project }: Board): string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'coord-day-'));
  try {
    const commits = project.git('rev-list', '--reverse', 'main').trim().split('\n');
    const red = commits.filter((commit) => isRed(project.home, commit, join(scratch, commit)));
    const stood = project.git('reflog', 'show', '--format=%H', 'main').trim().split('\n');
    return [
      ...red.map((commit) => `main is red at ${project.git('log', '-1', '--format=%h %s', commit).trim()}`),
      ...without(stood, commits).map((commit) => `main stood on ${commit}, and does not hold it any more`),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function isRed(home: string, commit: string, folder: string): boolean {
  const env = { ...process.env, GIT_INDEX_FILE: `${folder}.index` };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: home, env });
  git('read-tree', commit);
  git('checkout-index', '--all', `--prefix=${folder}/`);
  // The first commit of any project of the kit has no suite.
  if (!existsSync(join(folder, 'test', 'all.js'))) return false;
  return spawnSync(process.execPath, ['test/all.js'], { cwd: folder, stdio: 'ignore' }).status !== 0;
}

/** All that was to be done is on main, once. */
function workFaults(board: Board): string[] {
  const { project } = board;
  const titles = board.subjects('main');
  const on = (path: string) => project.git('show', `main:${path}`);
  const notes = on('NOTES.md').split('\n');
  const lines = PEERS.flatMap((name) => Array.from({ length: ROUNDS }, (_, at) => noteOf(name, at + 1)));
  return [
    ...TITLES.filter((title) => titles.filter((one) => one === title).length !== 1).map(
      (title) => `"${title}" is on main ${titles.filter((one) => one === title).length} times`,
    ),
    ...lines
      .filter((line) => notes.filter((one) => one === line).length !== 1)
      .map((line) => `"${line}" stands in the notes ${notes.filter((one) => one === line).length} times`),
    ...(on('index.js') === indexOf('parse', 'stats') ? [] : [`the index is ${on('index.js')}`]),
    ...(on('lib/core.js').includes('surface') && !on('lib/print.js').includes('.area(')
      ? []
      : ['the rename is lost']),
    ...(project.git('ls-tree', '-r', '--name-only', 'main').includes('trespass')
      ? ['a trespass is on main']
      : []),
  ];
}

/** STATE.md says what git and the queue say; what is committed of it is what lies there. */
function stateFaults(board: Board): string[] {
  const { project } = board;
  const state = board.state();
  if (state === undefined) return ['STATE.md cannot be read'];
  const commits = new Set(project.git('rev-list', 'main').trim().split('\n'));
  const faults = state.phases.flatMap((phase) => {
    const landed = board.entries(phase.id).filter((entry) => entry.state === 'landed');
    const open = phase.plans.filter((plan) => plan.state !== 'complete').map(({ id }) => id);
    const commit = landed[0]?.landed?.commit ?? '';
    return [
      ...(phase.state === 'done' ? [] : [`phase ${phase.id} is ${phase.state}`]),
      ...open.map((plan) => `plan ${plan} is not complete`),
      ...phase.blockers.map((blocker) => `phase ${phase.id} has blocker ${blocker.id} open`),
      ...(landed.length === 1 && commits.has(commit)
        ? []
        : [`phase ${phase.id} landed ${landed.length} times`]),
    ];
  });
  const changed = project.git('status', '--porcelain').trim();
  const known = state.phases.map(({ id }) => id).join();
  return [
    ...faults,
    ...(known === '01,02,03,04' ? [] : [`STATE.md knows the phases ${known}`]),
    ...(changed === '' ? [] : [`not committed at the end:\n${changed}`]),
  ];
}

/** Nothing is left of what has ended: no lease, no lock, no worktree, no branch, no half-written file. */
function leftovers(board: Board): string[] {
  const { project, home } = board;
  const worktrees = project
    .git('worktree', 'list', '--porcelain')
    .split('\n')
    .filter((line) => line.startsWith('worktree '))
    .map((line) => relative(home, line.slice('worktree '.length)));
  const branches = project.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').trim().split('\n');
  // What nobody committed stays where it is; coord names it, and why.
  const isKept = (path: string) => gitIn(join(home, path), 'status', '--porcelain').split('\n').some(isWork);
  const left = worktrees.filter((path) => path.startsWith('.claude/') && !isKept(path));
  const kept = worktrees.filter((path) => path.startsWith('.claude/') && isKept(path));
  const branchesKept = kept.map((path) => gitIn(join(home, path), 'branch', '--show-current').trim());
  const files = filesBelow(home)
    .map((file) => relative(home, file))
    .filter((file) => !kept.some((path) => file.startsWith(`${path}/`)));
  const own = files.filter((file) => !/^\.coordination\/integration\//.test(file));
  return [
    ...heldLeases(
      home,
      kept.map((path) => basename(path)),
    ).map((lease) => `a lease is still held: ${lease}`),
    ...left.map((path) => `a worktree is left: ${path}`),
    ...branches
      .filter((branch) => branch !== 'main' && !branchesKept.includes(branch))
      .map((branch) => `a branch is left: ${branch}`),
    ...own.filter(isTemporary).map((file) => `a temporary file is left: ${file}`),
    ...own.filter(isGitLock).map((file) => `a lock of git's is left: ${file}`),
    ...own.filter((file) => file.startsWith('.claude/worktrees/')).map((file) => `left behind: ${file}`),
    ...refsOf(project.git('for-each-ref', '--format=%(refname)', 'refs/coord/landing')),
    ...(existsSync(project.path('.coordination/queue/landing.json')) ? ['a landing is under way'] : []),
  ];
}

/** One that a commit of single paths makes is named by its process, and keeps nobody from anything. */
function isGitLock(file: string): boolean {
  return /^\.git\/.*\.lock$/.test(file) && !/\/next-index-\d+\.lock$/.test(file);
}

/** A line of `git status --porcelain` that tells of somebody's work. */
function isWork(line: string): boolean {
  return line !== '' && !/ \.(?:planning|progress|claude)\//.test(line);
}

function refsOf(text: string): string[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((ref) => `a candidate is left: ${ref}`);
}

/** Folders of leases whose last record has a holder. The seat of a worktree that is kept tells whose work it was. */
function heldLeases(home: string, kept: readonly string[]): string[] {
  const folder = coordinationPath(home, 'leases');
  const dirs = new Set(filesBelow(folder).map((file) => join(file, '..')));
  const seats = kept.map((place) => join(folder, leaseName(`seat:${place}`)));
  return [...dirs]
    .filter((dir) => !seats.includes(dir))
    .map((dir) => ({ dir, record: readLease(dir) }))
    .filter(({ record }) => record?.holder)
    .map(({ dir, record }) => `${relative(folder, dir)} by ${JSON.stringify(record?.holder)}`);
}

export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

function named(what: string, ids: readonly string[]): string[] {
  return ids.map((id) => `${id} ${what}`);
}

function without(all: readonly string[], known: readonly string[]): string[] {
  const set = new Set(known);
  return all.filter((one) => !set.has(one));
}
