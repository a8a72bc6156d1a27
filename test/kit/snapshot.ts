/**
 * A folder with all that is in it, held in memory: to write it elsewhere, and to put it back as it was. Files that are
 * names of one file stay that; what is as it was, by its inode's own change time, is left alone.
 */
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Entry {
  /** Relative; a folder comes before what is in it. */
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'link';
  readonly mode: number;
  /** Seconds. */
  readonly times: readonly [accessed: number, modified: number];
  /** What is in the file, or where the link points. */
  readonly bytes: Uint8Array;
  /** The first of the file's names, where it has several. */
  readonly twin?: string | undefined;
}

/** What a copy is told otherwise: where it lies. */
export interface Moved {
  readonly from: string;
  readonly to: string;
}

const NOTHING = new Uint8Array();

/** Everything below a folder, in the order in which it can be made. */
export function readEntries(folder: string): Entry[] {
  const entries: Entry[] = [];
  const twins = new Map<string, string>();
  const read = (below: string) => {
    for (const { name } of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = join(below, name);
      const file = join(folder, path);
      const stat = lstatSync(file);
      const base = {
        path,
        mode: stat.mode & 0o7777,
        times: [stat.atimeMs / 1000, stat.mtimeMs / 1000] as const,
      };
      if (stat.isDirectory()) {
        entries.push({ ...base, kind: 'folder', bytes: NOTHING });
        read(path);
      } else if (stat.isSymbolicLink()) {
        entries.push({ ...base, kind: 'link', bytes: Buffer.from(readlinkSync(file)) });
      } else if (stat.isFile()) {
        const inode = `${stat.dev}:${stat.ino}`;
        const twin = stat.nlink > 1 ? twins.get(inode) : undefined;
        if (stat.nlink > 1 && twin === undefined) twins.set(inode, path);
        entries.push({
          ...base,
          kind: 'file',
          bytes: twin === undefined ? readFileSync(file) : NOTHING,
          twin,
        });
      }
    }
  };
  read('');
  return entries;
}

/** Makes the entries below a folder, as new; where `moved` is given, what names the one place names the other. */
export function writeEntries(folder: string, entries: readonly Entry[], moved?: Moved): void {
  mkdirSync(folder, { recursive: true });
  for (const entry of entries) writeEntry(folder, entry, moved);
}

/** Gives the files the times that they had. */
export function keepTimes(folder: string, entries: readonly Entry[]): void {
  for (const { kind, path, times } of entries) if (kind === 'file') utimesSync(join(folder, path), ...times);
}

function writeEntry(folder: string, entry: Entry, moved?: Moved): void {
  const file = join(folder, entry.path);
  if (entry.kind === 'folder') {
    mkdirSync(file, { recursive: true });
    chmodSync(file, entry.mode);
  } else if (entry.kind === 'link') {
    symlinkSync(Buffer.from(told(entry.bytes, moved)), file);
  } else if (entry.twin !== undefined) {
    linkSync(join(folder, entry.twin), file);
  } else {
    writeFileSync(file, told(entry.bytes, moved), { mode: entry.mode });
  }
}

function told(bytes: Uint8Array, moved?: Moved): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (moved === undefined || !buffer.includes(moved.from)) return bytes;
  // A byte a character: no file need be text.
  const [from, to] = [moved.from, moved.to].map((path) => Buffer.from(path).toString('latin1'));
  return Buffer.from(
    buffer.toString('latin1').replaceAll(from as string, () => to as string),
    'latin1',
  );
}

export class Snapshot {
  private readonly folder: string;
  private readonly entries: readonly Entry[];
  /** By path: the inode, and when it changed last, as this left it. */
  private readonly stamps = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
    this.entries = readEntries(folder);
    for (const { path } of this.entries) this.note(path);
  }

  /** Puts everything back: what is new goes, what changed or is gone is written as it was, its times included. */
  restore(): void {
    const known = new Map(this.entries.map((entry) => [entry.path, entry]));
    this.sweep('', known);
    const changed = this.entries.filter((entry) => entry.kind !== 'folder' && !this.isUntouched(entry.path));
    for (const entry of changed) rmSync(join(this.folder, entry.path), { force: true, recursive: true });
    const rewritten = new Set(changed);
    for (const entry of this.entries) {
      if (entry.kind === 'folder')
        mkdirSync(join(this.folder, entry.path), { recursive: true, mode: entry.mode });
      else if (rewritten.has(entry)) writeEntry(this.folder, entry);
    }
    keepTimes(this.folder, changed);
    for (const { path } of changed) this.note(path);
  }

  /** Takes away what was not there, and a folder where there was a file. */
  private sweep(below: string, known: ReadonlyMap<string, Entry>): void {
    for (const found of readdirSync(join(this.folder, below), { withFileTypes: true })) {
      const path = join(below, found.name);
      const isFolder = known.get(path)?.kind === 'folder';
      if (found.isDirectory() && isFolder) this.sweep(path, known);
      else if (!known.has(path) || found.isDirectory() || isFolder)
        rmSync(join(this.folder, path), { recursive: true, force: true, maxRetries: 3 });
    }
  }

  private note(path: string): void {
    this.stamps.set(path, this.stampOf(path));
  }

  private isUntouched(path: string): boolean {
    return this.stamps.get(path) === this.stampOf(path);
  }

  private stampOf(path: string): string {
    const stat = lstatSync(join(this.folder, path), { bigint: true, throwIfNoEntry: false });
    // Two changes within one tick of the kernel have one change time; a write then still sets the time of `times` anew.
    return stat ? `${stat.ino} ${stat.ctimeNs} ${stat.mtimeNs} ${stat.size}` : 'gone';
  }
}
