/**
 * An index of a commit's files, in a temporary folder, for questions that git answers from an index alone: which
 * attributes its files have by its own .gitattributes, and what its tree is without coord's own documents. Nothing of
 * the repository is written: new objects go to that folder too, and leave with it.
 */

import { join } from 'node:path';
import { OWN, quoted } from './evidence-tree.ts';
import type { GitReader } from './git-reader.ts';
import { withScratch } from './scratch-folder.ts';

export interface CommitIndex {
  /** Of these paths (as bytes) those whose attribute has the value. */
  readonly pathsWith: (attribute: string, value: string, keys: readonly string[]) => string[];
  /** The commit's tree as evidence sees a worktree: hashed without coord's own documents. */
  readonly evidenceTree: () => string | undefined;
}

export function withCommitIndex<T>(
  reader: GitReader,
  commonDir: string,
  commit: string,
  body: (index: CommitIndex) => T,
): T {
  return withScratch((folder) => {
    const env = {
      GIT_INDEX_FILE: join(folder, 'index'),
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(commonDir, 'objects')),
    };
    reader.read(['read-tree', '--no-sparse-checkout', commit], { env });
    return body({
      pathsWith: (attribute, value, keys) => pathsWith(reader, env, { attribute, value, keys }),
      evidenceTree: () => {
        reader.read(['rm', '-r', '-f', '-q', '--cached', '--ignore-unmatch', '--', ...OWN], { env });
        const hash = reader.read(['write-tree'], { env }).trim();
        return /^[0-9a-f]{40,64}$/.test(hash) ? hash : undefined;
      },
    });
  });
}

function pathsWith(
  reader: GitReader,
  env: Readonly<Record<string, string>>,
  { attribute, value, keys }: { attribute: string; value: string; keys: readonly string[] },
): string[] {
  if (keys.length === 0) return [];
  const input = keys.map((key) => `${key}\0`).join('');
  const words = reader.list(['check-attr', '--cached', '-z', '--stdin', attribute], { env, input });
  return words.filter((_, at) => at % 3 === 0 && words[at + 2] === value);
}
