/**
 * `npm run bench`: the rows of the budget, each a ratio of two things measured side by side in this one run. Prints
 * the table, and with --write puts it into the README between its markers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { buildProduct, root } from '../build/build.ts';
import { briefRows } from './brief-rows.ts';
import { hookRows } from './hook-rows.ts';
import { lockRows } from './lock-rows.ts';
import { mailRows } from './mail-rows.ts';
import { queueRows } from './queue-rows.ts';
import { printTokens, tokenRows } from './token-rows.ts';
import { wakeRows } from './wake-rows.ts';

export interface Row {
  readonly what: string;
  readonly budget: string;
  readonly measured: string;
  readonly isMet: boolean;
}

const BEGIN = '<!-- bench: written by npm run bench -- --write -->';
const END = '<!-- bench end -->';

function printTable(rows: readonly Row[]): string {
  const kind = `${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.version}`;
  const lines = rows.map(
    (row) => `| ${row.what} | ${row.budget} | ${row.measured} | ${row.isMet ? 'yes' : 'NO'} |`,
  );
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} (${kind}; medians of paired runs):`,
    '',
    '| what | budget | measured | met |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function writeReadme(table: string): void {
  const file = join(root, 'README.md');
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from === -1 || to === -1) throw new Error('the README has lost the markers of its bench table');
  writeFileSync(file, `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`);
}

await buildProduct();
const costs = printTable([
  ...(await hookRows()),
  ...(await lockRows()),
  ...(await mailRows()),
  ...(await queueRows()),
  ...(await wakeRows()),
  ...(await briefRows()),
]);
const table = `${costs}\n\n${printTokens(await tokenRows())}`;
process.stdout.write(`${table}\n`);
if (process.argv.includes('--write')) writeReadme(table);
