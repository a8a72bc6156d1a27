/**
 * How often each waiting message was rung for: `roster/rings/<agent>.json`, which holds only those that are overdue.
 * Written by the sweep alone, under its mutex; read by whoever waits for mail. Lost, the count begins anew.
 */
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './roster.ts';

export interface Ring {
  readonly count: number;
  readonly atMs: number;
}

export type Rings = Readonly<Record<string, Ring>>;

function ringsFile(home: string, agent: string): string {
  return coordinationPath(home, 'roster', 'rings', `${fileNameOf(agent)}.json`);
}

export function readRings(home: string, agent: string): Rings {
  return readRecord<{ rings: Rings }>(ringsFile(home, agent))?.rings ?? {};
}

export function writeRings(home: string, agent: string, rings: Rings): void {
  writeRecord(ringsFile(home, agent), { rings }, false);
}
