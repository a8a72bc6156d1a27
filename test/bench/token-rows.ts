/**
 * What coord adds to an agent's context, in tokens: each moment at which a hook can say something, and those at which it
 * says nothing. Counted by the brief's own measure (domain/brief-lines), which counts rather too many.
 */
import { estimateTokens } from '../../src/domain/brief-lines.ts';
import type { HookRun, Project } from '../kit/project.ts';
import { addPhase, coordinated, started, value } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

export interface TokenRow {
  readonly when: string;
  readonly tokens: number;
  /** None of coord's: what was sent, or nothing at all. */
  readonly note: string;
}

const CONTENT =
  'The login answers 401 for tokens that are a minute from their end; the clock of the session is read twice. Which of the two counts, the one of the request or that of the store? I would take the store.';

const tokensOf = ({ stdout }: Pick<HookRun, 'stdout'>): number => {
  if (stdout.trim() === '') return 0;
  const { hookSpecificOutput: out = {}, systemMessage = '' } = JSON.parse(stdout) as {
    hookSpecificOutput?: { additionalContext?: string; permissionDecisionReason?: string };
    systemMessage?: string;
  };
  return estimateTokens(
    `${out.additionalContext ?? ''}${out.permissionDecisionReason ?? ''}${systemMessage}`,
  );
};

export async function tokenRows(): Promise<TokenRow[]> {
  return [...(await starts()), ...(await turns()), ...refusals(), ...(await cycles())];
}

async function starts(): Promise<TokenRow[]> {
  const fresh = coordinated();
  const lead = new Session(fresh, { session: 'lead', cwd: fresh.home });
  const first = tokensOf(await lead.start());
  const elsewhere = new Session(fresh, { session: 'out', cwd: fresh.outside('elsewhere') });
  const none = tokensOf(await elsewhere.start());
  fresh.dispose();
  const project = started('01', '02');
  for (const id of ['03', '04', '05', '06']) value(addPhase(project, id));
  const boss = tokensOf(await new Session(project, { session: 'lead', cwd: project.home }).start());
  const hand = new Session(project, { session: 'hand', cwd: project.worktree('01') });
  const worker = tokensOf(await hand.start());
  const compacted = tokensOf(await hand.start('compact'));
  project.dispose();
  return [
    { when: 'session start, no coord there', tokens: none, note: '' },
    { when: 'session start, coordinator, nothing planned yet', tokens: first, note: '' },
    { when: 'session start, coordinator, six phases, two at work', tokens: boss, note: 'at most 2,000' },
    { when: 'session start, worker', tokens: worker, note: 'at most 2,000' },
    { when: 'after a compaction, worker', tokens: compacted, note: 'at most 2,000' },
  ];
}

async function turns(): Promise<TokenRow[]> {
  const project = started('01', '02');
  const session = new Session(project, { session: 'hand', cwd: project.worktree('01') });
  await session.start();
  const quiet = tokensOf(await session.prompt()) + tokensOf(await session.stop());
  project.mustIn(project.worktree('02'), 'send', '01', 'question', CONTENT);
  const shown = tokensOf(await session.prompt());
  await session.stop();
  project.mustIn(project.worktree('01'), 'plan', 'start', '01-01');
  const reported = tokensOf(await session.stop());
  const lead = new Session(project, { session: 'lead', cwd: project.home });
  await lead.start();
  project.mustIn(project.worktree('01'), 'blocker', 'raise', 'no key for the payment service');
  const told = tokensOf(await lead.prompt());
  project.dispose();
  return [
    { when: 'a turn in which nothing happened (prompt and stop)', tokens: quiet, note: '' },
    { when: 'a message', tokens: shown, note: `its text alone: ${estimateTokens(CONTENT)}` },
    { when: 'a transition that is reported, for who reports it', tokens: reported, note: '' },
    { when: 'a blocker that was raised, for the coordinator', tokens: told, note: '' },
  ];
}

function refusals(): TokenRow[] {
  const project = started('01', '02');
  const cwd = project.worktree('01');
  const refused = (when: string, reason: string | undefined): TokenRow => {
    if (reason === undefined) throw new Error(`${when}: it was let through`);
    return { when: `a refusal: ${when}`, tokens: estimateTokens(reason), note: '' };
  };
  const rows = [
    {
      when: 'a tool call that is let through',
      tokens: tokensOf(
        project.hook('guard', {
          ...new Session(project, { session: 'hand', cwd }).payload('PreToolUse'),
          tool_name: 'Write',
          tool_input: { file_path: `${cwd}/src/a.ts`, content: 'x' },
        }),
      ),
      note: '',
    },
    refused('a file of another worktree', project.guardWrite(cwd, `${project.worktree('02')}/src/a.ts`)),
    refused('STATE.md, by a worker', project.guardWrite(cwd, `${project.home}/.planning/STATE.md`)),
    refused('DECISIONS.md, by hand', project.guardWrite(project.home, `${project.home}/DECISIONS.md`)),
    refused('the same by a redirection', project.guardBash(cwd, `echo x >> ${project.home}/DECISIONS.md`)),
  ];
  project.dispose();
  return rows;
}

async function cycles(): Promise<TokenRow[]> {
  const project: Project = coordinated();
  project.must('cycle', 'new', 'Add OAuth login');
  project.must('cycle', 'resume');
  const { prompt } = project.must<{ prompt: string }>('cycle', 'next');
  const agent = new Session(project, { session: 'lead', cwd: project.home });
  await agent.start();
  const begun = project.hook('session', {
    ...agent.payload('SubagentStart'),
    agent_id: 'a1',
    agent_type: 'coord:requirements-analyst',
  });
  project.dispose();
  return [
    {
      when: 'an agent of a cycle begins its turn',
      tokens: tokensOf(begun),
      note: `its prompt: ${estimateTokens(prompt)}`,
    },
  ];
}

export function printTokens(rows: readonly TokenRow[]): string {
  const lines = rows.map(
    ({ when, tokens, note }) => `| ${when} | ${tokens.toLocaleString('en')} | ${note} |`,
  );
  return ['| what coord adds to the context | tokens | |', '| --- | --- | --- |', ...lines].join('\n');
}
