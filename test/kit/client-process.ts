/** A session whose client is a process of its own: two sessions at once are never one process's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { releaseLocks } from '../../src/storage/light/locks/locks.ts';
import type { Project } from './project.ts';
import { Session } from './session.ts';

export class ClientSession extends Session {
  readonly client: ChildProcess;

  constructor(
    project: Project,
    where: { session: string; cwd: string; agent?: string },
    beside?: ClientSession,
  ) {
    super(project, where);
    this.client = beside?.client ?? spawn('sleep', ['600'], { stdio: 'ignore' });
  }

  override get env(): Record<string, string> {
    return { CLAUDE_PID: String(this.client.pid), CLAUDE_CODE_SESSION_ID: this.session };
  }

  /** Killed, as with -9: no hook runs. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.client.once('exit', resolve));
    this.client.kill('SIGKILL');
    await ended;
  }
}

/** The sessions of one file's tests, each with a client of its own, which ends with them. */
export class Clients {
  private readonly sessions: ClientSession[] = [];

  add(...sessions: ClientSession[]): void {
    this.sessions.push(...sessions);
  }

  /** One that has started. */
  async open(project: Project, session: string, cwd = project.home): Promise<ClientSession> {
    const opened = new ClientSession(project, { session, cwd });
    this.add(opened);
    await opened.start();
    return opened;
  }

  close(): void {
    for (const { client } of this.sessions) client.kill('SIGKILL');
  }
}

/** Whoever holds what. */
export function freeLocks(project: Project): void {
  releaseLocks(
    project.home,
    () => true,
    () => true,
  );
}
