/** Pre-flight rules about what lies elsewhere: the target's checkouts, submodules, LFS objects, evidence. */
import { proofOf } from '../evidence.ts';
import { proofWords } from '../gate.ts';
import { cleanWord } from '../message.ts';
import { wordsOf } from '../validation-words.ts';
import type { CheckoutFacts, LfsFlaw, PreflightFacts, SubmoduleFlaw } from './facts.ts';
import { countOf, listed, placeOf, typedPath, typedPathspec } from './lists.ts';
import type { PreflightRefusal } from './refusal.ts';

type Judged = PreflightRefusal | undefined;

export function judgeCheckouts({ checkouts = [], target, phase }: PreflightFacts): Judged {
  const bad = checkouts.filter((one) => one.underWay || one.dirty.length + one.inTheWay.length > 0);
  const [first] = bad;
  if (!first) return undefined;
  const files = bad.flatMap((one) => [
    ...one.dirty.map((path) => `${path} (changed, not committed)`),
    ...one.inTheWay.map((path) => `${path} (not in git, and in the way)`),
  ]);
  const { underWay } = bad.find((one) => one.underWay) ?? first;
  const what = [
    ...(underWay ? [`a ${underWay} is under way where ${target.name} is checked out`] : []),
    ...(files.length > 0
      ? [
          `${target.name} is checked out with ${countOf(files.length, 'uncommitted file', 'uncommitted files')} that ${phase.branch} would change`,
        ]
      : []),
  ].join('; ');
  return {
    rule: 'target-dirty',
    what,
    where: bad.map((one) => one.root).join(', '),
    ...listed(files),
    why: 'somebody works there; landing keeps uncommitted work, so it cannot write these files',
    next: [...(underWay ? [] : [stepFor(first)]), `coord merge add ${cleanWord(phase.id)}`],
    isWaivable: false,
    side: 'operator',
  };
}

/** Brings the first file out of the way; never by a stash, which all worktrees share. */
function stepFor({ root, dirty, inTheWay }: CheckoutFacts): string {
  const at = `${root}/`;
  const [changed] = dirty;
  if (changed !== undefined)
    return `git -C ${cleanWord(root)} commit -m "<what was done>" -- ${typedPathspec(changed)}`;
  const file = inTheWay[0] ?? '';
  return `mv -- ${typedPath(at + file)} ${typedPath(`${at}${file}.kept`)}`;
}

const SUBMODULE: Record<SubmoduleFlaw['flaw'], string> = {
  absent: 'its commit is in no repository here',
  unpushed: 'its commit is on no remote branch',
  'no-entry': 'no entry in .gitmodules',
};

export function judgeSubmodules(facts: PreflightFacts): Judged {
  const { submodules = [], worktree, phase, moment } = facts;
  const dirty = moment === 'add' ? (worktree?.dirtySubmodules ?? []) : [];
  const files = [
    ...submodules.map(({ path, flaw, commit }) => `${path} (${commit.slice(0, 12)}: ${SUBMODULE[flaw]})`),
    ...dirty.map(({ path }) => `${path} (uncommitted work in it)`),
  ];
  if (files.length === 0) return undefined;
  const path = (submodules[0] ?? dirty[0])?.path ?? '';
  const flaw = submodules[0]?.flaw;
  return {
    rule: 'submodule',
    what: `${countOf(files.length, 'submodule', 'submodules')} of ${phase.branch} could not be had by others`,
    where: placeOf(facts),
    ...listed(files),
    why: 'its own work was not committed or pushed, or it was added without `git submodule add`',
    next: [
      ...(flaw === 'no-entry' ? [`git submodule add <url> ${typedPath(path)}`] : []),
      ...(flaw === undefined ? [`git -C ${typedPath(path)} commit -a -m "<what was done>"`] : []),
      ...(flaw === 'no-entry' ? [] : [`git -C ${typedPath(path)} push origin HEAD:<branch>`]),
      ...(flaw === undefined || flaw === 'no-entry' ? ['git commit -a -m "<what was done>"'] : []),
      `coord merge add ${cleanWord(phase.id)}`,
    ],
    isWaivable: false,
    side: 'worker',
  };
}

const LFS: Record<LfsFlaw['flaw'], string> = {
  'no-pointer': 'the file itself is committed, not a pointer to it',
  'no-object': 'a pointer whose content is not in this repository',
};

export function judgeLfs(facts: PreflightFacts): Judged {
  const { lfs = [], phase } = facts;
  const [first] = lfs;
  if (!first) return undefined;
  const isRaw = first.flaw === 'no-pointer';
  return {
    rule: 'lfs',
    what: `${countOf(lfs.length, 'file', 'files')} under Git LFS would land without what belongs to ${lfs.length === 1 ? 'it' : 'them'}`,
    where: placeOf(facts),
    ...listed(lfs.map(({ path, flaw }) => `${path} (${LFS[flaw]})`)),
    why: isRaw
      ? 'git-lfs was not installed where it was committed (`git lfs install`)'
      : 'the pointer was copied without its content, or the content was pruned',
    next: [
      ...(isRaw
        ? [
            'git lfs install',
            `git add --renormalize -- ${typedPathspec(first.path)}`,
            'git commit -m "<what was done>"',
          ]
        : [`git lfs fetch origin ${cleanWord(phase.branch)}`]),
      `coord merge add ${cleanWord(phase.id)}`,
    ],
    isWaivable: false,
    side: 'worker',
  };
}

/** Of evidence the tree alone decides, whenever it was made: it is bound to the content, not to a plan's attempt. */
export function judgeEvidence(facts: PreflightFacts): Judged {
  const { proof, moment, phase } = facts;
  if (!proof || moment !== 'add') return undefined;
  const { validations, evidence, place, tree } = proof;
  const missing = validations.flatMap((command) => {
    const { flaw, evidence: record } = proofOf(evidence, { command, place, tree, sinceMs: 0 });
    return flaw === undefined ? [] : [{ command, why: proofWords(flaw, record) }];
  });
  if (missing.length === 0) return undefined;
  return {
    rule: 'evidence',
    what: `${countOf(missing.length, 'validation is', 'validations are')} not proven on the commit that would land`,
    where: placeOf(facts),
    ...listed(missing.map(({ command, why }) => `${command} (${why})`)),
    why: 'it was not run in this worktree since the last change, or did not pass',
    next: [...missing.map(({ command }) => runOf(command)), `coord merge add ${cleanWord(phase.id)}`],
    isWaivable: true,
    side: 'worker',
  };
}

/** The line by which it runs and counts, in a session and in a terminal. */
function runOf(validation: string): string {
  const isPlain = wordsOf(validation) !== undefined;
  return `coord run -- ${isPlain ? validation : `bash -c '${validation.replaceAll("'", "'\\''")}'`}`;
}
