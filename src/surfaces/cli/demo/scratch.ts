/**
 * The demo's scratch repository: a git repository in a temporary folder, with a HOME and a git configuration of its
 * own, so that nothing of this machine's reaches it and nothing of it stays.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { type Envelope, parseEnvelope } from '../../../domain/message.ts';
import { COORDINATION, STATE_FILE, statusFileOf, WORKTREES_FOLDER } from '../../../domain/project-paths.ts';
import { excerpt, must, Unmet } from './checks.ts';
import { Caretaker, type Ended, runProgram } from './processes.ts';

const GIT_CONFIG = `[user]
	name = Demo
	email = demo@example.invalid
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
`;

/** What would point git, Node or coord at somebody else's files, or say that this is a session. */
const LEFT_OUT = /^(?:CLAUDE|AI_AGENT|COORD_|GIT_|NODE_|XDG_|HOME$|USERPROFILE$)/;

export class Scratch {
  /** The repository's primary worktree. */
  readonly home: string;
  /** Root of the plugin whose hooks and command line are on trial. */
  readonly plugin: string;
  readonly env: Readonly<Record<string, string>>;
  private readonly base: string;
  private readonly caretaker: Caretaker;

  constructor(plugin: string, outer: Readonly<Record<string, string | undefined>>) {
    this.plugin = plugin;
    this.base = realpathSync.native(mkdtempSync(join(tmpdir(), 'coord-demo-')));
    this.home = join(this.base, 'fruit-shop');
    const userHome = join(this.base, 'home');
    const kept = Object.entries(outer).filter(([name, value]) => value !== undefined && !LEFT_OUT.test(name));
    this.env = {
      ...(Object.fromEntries(kept) as Record<string, string>),
      PATH: [join(plugin, 'bin'), outer['PATH'] ?? ''].join(delimiter),
      HOME: userHome,
      USERPROFILE: userHome,
      GIT_CONFIG_NOSYSTEM: '1',
      LC_ALL: 'C',
    };
    mkdirSync(userHome);
    mkdirSync(this.home);
    writeFileSync(join(userHome, '.gitconfig'), GIT_CONFIG);
    this.caretaker = new Caretaker(this.base, this.env);
  }

  /** Ends the watch over the folder, and removes it unless it is to be kept. */
  leave(isKept: boolean): void {
    this.caretaker.release();
    if (isKept) return;
    rmSync(this.base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** A session's own file, outside the repository, as the client keeps it. */
  transcript(session: string): string {
    return join(this.env['HOME'] ?? this.base, `${session}.jsonl`);
  }

  path(...parts: string[]): string {
    return join(this.home, ...parts);
  }

  worktree(phaseFolder: string): string {
    return this.path(WORKTREES_FOLDER, phaseFolder);
  }

  /** Text of coord's or git's without the temporary folder in it. */
  plain(text: string): string {
    return text.replaceAll(`${this.home}${sep}`, '').replaceAll(this.base, '');
  }

  /** Runs git; a failure ends the demo. */
  git(cwd: string, ...args: string[]): string {
    const ended = runProgram({ command: 'git', args, cwd, env: this.env });
    must(ended.code === 0, `git ${args[0] ?? ''} to succeed`, this.why(ended));
    return ended.stdout;
  }

  /** Runs coord's command line as `bin/coord` does; a failure ends the demo. */
  coord(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = this.env): string {
    const script = join(this.plugin, 'scripts', 'coord.cjs');
    const ended = runProgram({ command: process.execPath, args: [script, ...args], cwd, env });
    must(ended.code === 0, `\`coord ${args.slice(0, 3).join(' ')}\` to succeed`, this.why(ended));
    return ended.stdout;
  }

  /** The same, with its --json read. */
  coordJson<T>(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = this.env): T {
    const text = this.coord(cwd, [...args, '--json'], env);
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new Unmet(
        `\`coord ${args.slice(0, 2).join(' ')} --json\` to print JSON`,
        excerpt(text) || 'nothing',
      );
    }
  }

  private why(ended: Ended): string {
    const said = excerpt(this.plain(ended.stderr || ended.stdout)) || 'no word why';
    return `exit code ${ended.code ?? 'none'}: ${said}`;
  }

  /** The text of a file; undefined when there is none. */
  read(file: string): string | undefined {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  state(): string {
    return this.read(this.path(STATE_FILE)) ?? '';
  }

  statusFile(phaseFolder: string): string {
    return join(this.worktree(phaseFolder), statusFileOf(phaseFolder));
  }

  status(phaseFolder: string): string {
    return this.read(this.statusFile(phaseFolder)) ?? '';
  }

  /** The messages in an agent's inbox, by their files. */
  inbox(agent: string): Envelope[] {
    return this.messagesIn(this.path(COORDINATION, 'inbox', agent));
  }

  /** The messages that were acknowledged, by their files. */
  archive(): Envelope[] {
    const folder = this.path(COORDINATION, 'archive');
    return this.names(folder).flatMap((day) => this.messagesIn(join(folder, day)));
  }

  /** The records of sessions that coord takes for running. */
  sessions(): string[] {
    return this.names(this.path(COORDINATION, 'roster', 'sessions'));
  }

  private messagesIn(folder: string): Envelope[] {
    const files = this.names(folder).filter((name) => name.endsWith('.json'));
    return files
      .map((name) => parseEnvelope(this.read(join(folder, name)) ?? ''))
      .filter((envelope) => envelope !== undefined);
  }

  private names(folder: string): string[] {
    try {
      return readdirSync(folder).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}
