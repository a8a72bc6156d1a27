/** The rows of the tool hook: whole processes beside bare node on an empty file. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';
import type { Row } from './bench.ts';
import { fillLog, fillRoster } from './crowd.ts';
import { type Command, timePairs } from './pairs.ts';

const RUNS = 60;
const CERTIFICATES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/cert.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
];

interface Bench {
  readonly project: Project;
  readonly env: Record<string, string>;
  readonly bare: Command;
}

function openBench(): Bench {
  const project = Project.started('01', '02');
  const env = bareEnvironment({ CLAUDE_PLUGIN_DATA: project.outside('plugin data') });
  const empty = join(project.outside('bare'), 'empty.cjs');
  writeFileSync(empty, '');
  return { project, env, bare: { args: [empty], cwd: project.home, input: empty, env } };
}

function guardOn(bench: Bench, cwd: string, tool: string, toolInput: object, name: string): Command {
  const payload = {
    hook_event_name: 'PreToolUse',
    session_id: 'bench',
    cwd,
    tool_name: tool,
    tool_input: toolInput,
    tool_use_id: 'toolu_bench',
  };
  const input = join(bench.project.outside('payloads'), `${name}.json`);
  writeFileSync(input, JSON.stringify(payload));
  return { args: [join(scripts, 'guard.cjs')], cwd, input, env: bench.env };
}

async function row(
  what: string,
  budget: number,
  command: Command,
  bare: Command,
  beside: string,
): Promise<Row> {
  const { ratio, ms, otherMs } = await timePairs(command, bare, RUNS);
  const measured = `${ratio.toFixed(2)} × (${ms.toFixed(1)} ms beside ${otherMs.toFixed(1)})`;
  return { what, budget: `≤ ${budget.toFixed(2)} × ${beside}`, measured, isMet: ratio <= budget };
}

export async function hookRows(): Promise<Row[]> {
  const bench = openBench();
  const { project, bare } = bench;
  const worktree = project.worktree('01');
  const write = (cwd: string, name: string) =>
    guardOn(bench, cwd, 'Write', { file_path: join(cwd, 'a.txt') }, name);
  const read = (cwd: string) => guardOn(bench, cwd, 'Read', { file_path: join(cwd, 'a.txt') }, 'read');
  const plain = guardOn(bench, worktree, 'Bash', { command: 'npm test' }, 'plain');
  const piped = 'cd src && grep -n "todo" *.ts | sort > ../out.txt';
  const parsed = guardOn(bench, worktree, 'Bash', { command: piped }, 'parsed');
  const elsewhere = project.outside('elsewhere');
  const rows = [
    await row('tool hook on Write', 1.1, write(worktree, 'write'), bare, 'bare node'),
    await row('tool hook on Bash, a plain command (`npm test`)', 1.25, plain, bare, 'bare node'),
    await row('tool hook on Bash, a pipe with a redirection (parsed)', 1.25, parsed, bare, 'bare node'),
    await row('tool hook on Read, an ordinary session', 1.05, read(worktree), bare, 'bare node'),
    await row('tool hook on Write, no coord there', 1.05, write(elsewhere, 'elsewhere'), bare, 'bare node'),
    await row(
      'tool hook on Bash, no coord there',
      1.05,
      guardOn(bench, elsewhere, 'Bash', { command: piped }, 'elsewhere-bash'),
      bare,
      'bare node',
    ),
    ...(await certificateRow(bench, write(worktree, 'certificates'))),
    ...(await crowdRows(bench)),
  ];
  project.dispose();
  return rows;
}

/** With certificates that every start of node parses: what the hook adds to that is all that coord can help. */
async function certificateRow(bench: Bench, hook: Command): Promise<Row[]> {
  const file = CERTIFICATES.find((candidate) => existsSync(candidate));
  if (file === undefined) return [];
  const laden = { ...hook, env: { ...bench.env, NODE_EXTRA_CA_CERTS: file } };
  return [
    await row('tool hook on Write, NODE_EXTRA_CA_CERTS set', 1.2, laden, bench.bare, 'bare node without'),
  ];
}

async function crowdRows(bench: Bench): Promise<Row[]> {
  const crowd = Project.started('01', '02');
  fillRoster(crowd, 1_000);
  fillLog(crowd, 1_000_000);
  const crowded: Bench = { ...bench, project: crowd };
  const few = bench.project.worktree('01');
  const many = crowd.worktree('01');
  const write = (of: Bench, cwd: string) =>
    guardOn(of, cwd, 'Write', { file_path: join(cwd, 'a.txt') }, 'crowd-write');
  const bash = (of: Bench, cwd: string) =>
    guardOn(of, cwd, 'Bash', { command: 'echo x > a.txt' }, 'crowd-bash');
  const size = '1,000 workers, 1,000,000 logged messages';
  const rows = [
    await row(
      `tool hook on Write, ${size}`,
      1.1,
      write(crowded, many),
      write(bench, few),
      'the same with none',
    ),
    await row(`tool hook on Bash, ${size}`, 1.1, bash(crowded, many), bash(bench, few), 'the same with none'),
  ];
  crowd.dispose();
  return rows;
}
