/** The rows of mail and status. */
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { envelopeAt } from '../../src/domain/urgency.ts';
import { openBoxes } from '../../src/storage/light/mail-files.ts';
import { newTail, sendEnvelope } from '../../src/storage/light/sending.ts';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';
import type { Row } from './bench.ts';
import { fillLog } from './crowd.ts';
import { median, timePairs } from './pairs.ts';

const SENDS = 300;
const RUNS = 40;

export async function mailRows(): Promise<Row[]> {
  const project = Project.started('01');
  const rows = [
    durableSend(project),
    await sendProcess(project),
    await manySenders(project),
    await statusRow(),
  ];
  project.dispose();
  return rows;
}

/** In process: a durable send beside a bare create and append of the same bytes, both fsynced. */
function durableSend(project: Project): Row {
  const { home } = project;
  openBoxes(home, 'worker-01');
  const folder = project.outside('bare files');
  const log = join(folder, 'log.jsonl');
  const ratios: number[] = [];
  for (let round = 0; round < 5; round++) {
    let bareMs = 0;
    let sendMs = 0;
    for (let n = 0; n < SENDS / 5; n++) {
      const atMs = Date.now();
      const draft = { to: 'worker-01', type: 'directive', content: 'Take the next plan.' };
      const envelope = envelopeAt(draft, { tail: newTail(), from: 'coordinator', atMs });
      const line = `${JSON.stringify(envelope)}\n`;
      let startedAt = process.hrtime.bigint();
      createSynced(join(folder, `${round}-${n}.json`), line);
      appendSynced(log, line);
      bareMs += Number(process.hrtime.bigint() - startedAt) / 1e6;
      startedAt = process.hrtime.bigint();
      sendEnvelope(home, envelope);
      sendMs += Number(process.hrtime.bigint() - startedAt) / 1e6;
    }
    ratios.push(bareMs / sendMs);
  }
  const ratio = median(ratios);
  return {
    what: 'durable send, in process',
    budget: '≥ 0.50 × the rate of a bare fsynced create + append',
    measured: `${ratio.toFixed(2)} ×`,
    isMet: ratio >= 0.5,
  };
}

function createSynced(file: string, text: string): void {
  const descriptor = openSync(file, 'wx');
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function appendSynced(file: string, text: string): void {
  const descriptor = openSync(file, 'a');
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
}

async function sendProcess(project: Project): Promise<Row> {
  const empty = join(project.outside('bare'), 'empty.cjs');
  writeFileSync(empty, '');
  const env = bareEnvironment({ CLAUDE_PLUGIN_DATA: project.outside('plugin data') });
  const args = [join(scripts, 'coord.cjs'), 'send', 'worker-01', 'directive', 'Take the next plan.'];
  const send = { args, cwd: project.home, input: empty, env };
  const { ratio, ms, otherMs } = await timePairs(
    send,
    { args: [empty], cwd: project.home, input: empty, env },
    RUNS,
  );
  return {
    what: '`coord send`, whole process',
    budget: '≤ 1.25 × bare node',
    measured: `${ratio.toFixed(2)} × (${ms.toFixed(1)} ms beside ${otherMs.toFixed(1)})`,
    isMet: ratio <= 1.25,
  };
}

/** 8 processes × 100 sends, beside 800 starts of bare node in the same pattern. */
async function manySenders(project: Project): Promise<Row> {
  const empty = join(project.outside('bare'), 'empty.cjs');
  const startedAt = process.hrtime.bigint();
  const codes: (number | null)[] = [];
  await wave(8, 100, async () => {
    const run = await project.coordLater(['send', 'worker-01', 'directive', 'Take the next plan.']);
    codes.push(run.code);
    return 0;
  });
  const sendMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
  const nodeMs = await waveOfBareNode(empty, project.home);
  const sent = codes.filter((code) => code === 0).length;
  const ratio = nodeMs / sendMs;
  return {
    what: '8 processes × 100 `coord send`',
    budget: '800 of 800, ≥ 0.80 × the rate of 800 bare node starts',
    measured: `${sent} of 800, ${ratio.toFixed(2)} ×`,
    isMet: sent === 800 && ratio >= 0.8,
  };
}

async function wave(lanes: number, each: number, run: () => Promise<unknown>): Promise<void> {
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let n = 0; n < each; n++) await run();
    }),
  );
}

async function waveOfBareNode(empty: string, cwd: string): Promise<number> {
  const startedAt = process.hrtime.bigint();
  await wave(
    8,
    100,
    () =>
      new Promise((resolve) => {
        spawn(process.execPath, [empty], { cwd, env: bareEnvironment(), stdio: 'pipe' }).on('close', resolve);
      }),
  );
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

async function statusRow(): Promise<Row> {
  const few = Project.started('01');
  const many = Project.started('01');
  fillLog(few, 100);
  fillLog(many, 1_000_000);
  const empty = join(few.outside('bare'), 'empty.json');
  appendFileSync(empty, '');
  const env = bareEnvironment();
  const of = (project: Project) => ({
    args: [join(scripts, 'coord.cjs'), 'status'],
    cwd: project.home,
    input: empty,
    env,
  });
  const { ratio, ms, otherMs } = await timePairs(of(many), of(few), 15);
  few.dispose();
  many.dispose();
  return {
    what: '`coord status`, 1,000,000 logged messages',
    budget: '≤ 1.50 × with 100',
    measured: `${ratio.toFixed(2)} × (${ms.toFixed(0)} ms beside ${otherMs.toFixed(0)})`,
    isMet: ratio <= 1.5,
  };
}
