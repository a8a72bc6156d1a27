/** `coord resume` and `coord handoff`: going on where another stopped, and leaving it so that another can. */
import { done, type Outcome } from '../../domain/problem.ts';
import { type Caller, identifyCaller } from '../../storage/light/caller.ts';
import { placeOf } from '../../storage/light/place.ts';
import { presenceOf } from '../../storage/light/presence.ts';
import { gatherBrief } from '../../usecases/gather-brief.ts';
import { prepareHandoff } from '../../usecases/prepare-handoff.ts';
import { runSmokeTest, type SmokeTest } from '../../usecases/run-smoke-test.ts';
import { printBrief } from '../wording/brief.ts';
import { printChecklist, printReport } from '../wording/handoff.ts';
import { type Answer, type Command, EXIT, writeOut } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

const handoff: Command = {
  name: 'handoff',
  usage: '[--no-commit]',
  summary:
    'Prepares a handoff: the status report in seven sections, the checklist of what a successor needs, and a commit of STATE.md, DECISIONS.md, AGENTS.md and docs/history/ alone. Exit code 1 while an item of the checklist fails.',
  switches: ['no-commit'],
  positionals: [0, 0],
  shape:
    '{at, figures, deliverables: […], todo: […], decisions: […], workers: […], blockers: […], tests, tree, checklist: [{item, ok, why, next?}…], ready, committed}',
  run: (context) => {
    const caller = coordinatorOf(context, 'hand the project over');
    if (!caller.done) return caller;
    const outcome = prepareHandoff(caller.value, !context.flags.has('no-commit'));
    if (!outcome.done) return outcome;
    const { at, state, figures, deliverables, todo, decisions, view, tree, checklist, committed } =
      outcome.value;
    const ready = checklist.every((item) => item.ok);
    const { workers, blockers } = view;
    const json = {
      at,
      figures,
      deliverables,
      todo,
      decisions,
      workers,
      blockers,
      tests: state.tests ?? null,
      tree: tree ?? null,
      checklist,
      ready,
      committed,
    };
    const commit = committed === null ? 'Nothing was committed.' : `Committed as ${committed.slice(0, 12)}.`;
    const end = ready
      ? `Ready to hand over. ${commit}`
      : `Not ready: mend what is not ticked, then run it again. ${commit}`;
    const text = [printReport(outcome.value), printChecklist(checklist), end].join('\n\n');
    return done({ json, text, ...(ready ? {} : { code: EXIT.refused }) });
  },
};

const resume: Command = {
  name: 'resume',
  usage: '[--smoke]',
  summary:
    'Tells all that whoever comes next needs: who you are here, where things stand, what is next, recent decisions, git; --smoke also runs the smoke test (the setting smoke_test, else the first validation).',
  switches: ['smoke'],
  positionals: [0, 0],
  shape:
    '{you, brief, report, checklist: [{item, ok, why, next?}…], smoke: {command, passed, log} | null}; exit code 1 when the smoke test failed',
  run: async (context): Promise<Outcome<Answer>> => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const brief = briefFor(caller.value);
    const long = isLead(caller.value) ? prepareHandoff(caller.value, false) : undefined;
    if (long && !long.done) return long;
    const smoke = context.flags.has('smoke') ? await runSmokeTest(caller.value, hear) : done(null);
    if (!smoke.done) return smoke;
    const report = long ? printReport(long.value) : null;
    const checklist = long ? long.value.checklist : [];
    const json = { you: caller.value.name, brief, report, checklist, smoke: smoke.value };
    const open = checklist.filter((item) => !item.ok);
    const parts = [
      brief,
      report,
      open.length > 0 ? printChecklist(open) : null,
      printSmoke(caller.value, smoke.value),
    ];
    const code = smoke.value && !smoke.value.passed ? { code: EXIT.refused } : {};
    return done({ json, text: parts.filter((part) => part !== null).join('\n\n'), ...code });
  },
};

function isLead({ kind }: Caller): boolean {
  return kind === 'coordinator' || kind === 'operator';
}

function briefFor({ home, root, session }: Caller): string {
  const place = placeOf(root);
  if (!place) throw new Error(`${root} is no worktree`);
  const presence = presenceOf({ ...place, home }, { session: session ?? 'terminal', agent: null });
  return printBrief(gatherBrief(presence, session ?? 'terminal'));
}

/** On stderr, as it comes: stdout is for the answer. */
function hear(_stream: 'stdout' | 'stderr', bytes: Buffer): void {
  writeOut(2, bytes);
}

function printSmoke({ home }: Caller, smoke: SmokeTest | null): string | null {
  if (!smoke) return null;
  if (smoke.command === null)
    return 'Smoke test: none is configured. Name one: coord config set smoke_test "npm test"';
  const how = smoke.passed ? 'passed' : 'FAILED: mend that before anything else';
  return `Smoke test: ${smoke.command} ${how}${smoke.log ? ` (${home}/${smoke.log})` : ''}`;
}

export const RESUME_COMMANDS: readonly Command[] = [resume, handoff];
