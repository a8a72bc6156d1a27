/** Commands about the whole project: status, settings, doctor. */
import { join } from 'node:path';
import { clientVersionIn } from '../../domain/client-version.ts';
import { done, type Outcome, refuse } from '../../domain/problem.ts';
import {
  isSettingKey,
  LOCAL_ONLY,
  parseSettings,
  parseSettingWord,
  SETTING_KEYS,
  type SettingKey,
} from '../../domain/settings.ts';
import { identifyCaller } from '../../storage/light/caller.ts';
import { readSettings, writeSetting } from '../../storage/settings.ts';
import { checkProject } from '../../usecases/check-project.ts';
import { foldTransitions } from '../../usecases/fold-transitions.ts';
import { routeDropped } from '../../usecases/route-dropped.ts';
import { showStatus } from '../../usecases/show-status.ts';
import { sweepMail } from '../../usecases/sweep-mail.ts';
import { refreshInstructions } from '../../usecases/write-instructions.ts';
import { printFinding } from '../wording/findings.ts';
import { printStatus } from '../wording/status.ts';
import { type Command, type Context, EXIT, UsageError } from './command.ts';
import { contentOf } from './instructions-commands.ts';
import { coordinatorOf } from './phase-commands.ts';
import { printDiskRefusal } from './run.ts';

const status: Command = {
  name: 'status',
  usage: '',
  summary: 'Shows the project: phases with plan counts, workers, open blockers, waiting mail.',
  positionals: [0, 0],
  shape:
    '{project, home, you, revision, coordinator, phases: [{id, name, state, worker, branch, depends, plans: {not_started, in_progress, complete, failed}, plan_list}…], workers: […], blockers: […], questions: [{id, type, from, to, asked, content, age_ms}…], conflicts: [{kind, branches, files, …} as of merge radar…], inbox: {waiting, unacknowledged, operator, dead}, settings, health: [code of a fired trigger…], complaints}',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const { kind, home } = caller.value;
    const tended = tend(home, kind === 'coordinator' || kind === 'operator');
    if (!tended.done) return tended;
    const view = showStatus(caller.value);
    return view.done ? done({ json: view.value, text: printStatus(view.value) }) : view;
  },
};

/** The dashboard is worth showing where nothing can be written, and while git is in the midst of a merge there. */
function tend(home: string, mayFold: boolean): Outcome<unknown> {
  try {
    routeDropped(home, Date.now());
    sweepMail(home, readSettings(home).settings, Date.now());
    const folded = mayFold ? foldTransitions(home) : done(undefined);
    return !folded.done && folded.problem.code === 'document-behind' ? done(undefined) : folded;
  } catch (error) {
    if (printDiskRefusal(error) === undefined) throw error;
    return done(undefined);
  }
}

const configGet: Command = {
  name: 'config get',
  usage: '[<key>]',
  summary: 'Shows the settings in force, or one of them.',
  positionals: [0, 1],
  shape: '{settings: {key: value…}, complaints: [text…]}, or {key: value}',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const { settings, complaints } = readSettings(caller.value.home);
    const [key] = context.positionals;
    if (key === undefined) {
      const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
      return done({ json: { settings, complaints }, text: [...lines, ...complaints].join('\n') });
    }
    if (!isSettingKey(key)) return refuse({ code: 'setting-unknown', key, known: SETTING_KEYS });
    const value = settings[key];
    return done({ json: { [key]: value }, text: typeof value === 'string' ? value : JSON.stringify(value) });
  },
};

/** Settings that the rules of orchestration are made from. */
const TOLD_KEYS: readonly SettingKey[] = ['pool', 'pool_max', 'approvals'];

const configSet: Command = {
  name: 'config set',
  usage: '<key> <value> [--local | --team]',
  summary:
    'Sets one setting: in .claude/coord.local.md when that names it already (or with --local), else in .claude/coord.md. It counts at the next hook.',
  switches: ['local', 'team'],
  positionals: [2, 2],
  shape: '{key, value, file}',
  run: (context) => {
    const caller = coordinatorOf(context, 'change a setting');
    if (!caller.done) return caller;
    const [key = '', word = ''] = context.positionals;
    if (!isSettingKey(key)) return refuse({ code: 'setting-unknown', key, known: SETTING_KEYS });
    const value = parseSettingWord(key, word);
    const [flaw] = parseSettings({ [key]: value }).flaws;
    if (flaw) return refuse(flaw);
    if (LOCAL_ONLY.includes(key) && context.flags.has('team'))
      throw new UsageError(
        `${key} names a program that coord runs: it is kept in your own file, without --team`,
      );
    const layer = context.flags.has('local') ? 'local' : context.flags.has('team') ? 'team' : undefined;
    const written = writeSetting(caller.value.home, key, value, layer);
    if ('code' in written) return refuse(written);
    const json = { key, value, file: written.file };
    const text = `${key} is ${JSON.stringify(value)} (${written.file}); it counts at the next hook`;
    // What AGENTS.md says of the rules follows them, where it says anything.
    const refreshed = TOLD_KEYS.includes(key)
      ? refreshInstructions(caller.value, contentOf(caller.value.home))
      : done([]);
    const told = refreshed.done ? refreshed.value.filter(({ change }) => change === 'updated') : [];
    return done({ json, text: [text, ...told.map(({ file }) => `${file} says so too`)].join('\n') });
  },
};

/** Where the client keeps its settings and its plugins. */
function clientFolder(env: Context['env']): string | undefined {
  const { CLAUDE_CONFIG_DIR: told, HOME: home, USERPROFILE: profile } = env;
  const base = home ?? profile;
  return told || (base ? join(base, '.claude') : undefined);
}

const doctor: Command = {
  name: 'doctor',
  usage: '[--repair]',
  summary: 'Looks for what is broken. --repair mends what can be mended without losing anything.',
  switches: ['repair'],
  positionals: [0, 0],
  shape: '{findings: [{code, …}…]}; exit code 1 when something was found and not repaired',
  run: (context) => {
    const caller = identifyCaller(context.cwd, { ...context.env, CLAUDE_CODE_SESSION_ID: undefined });
    if (!caller.done) return caller;
    const findings = checkProject(caller.value.home, context.flags.has('repair'), {
      folder: clientFolder(context.env),
      version: clientVersionIn(context.env['AI_AGENT']),
      program: 'claude',
    });
    const isLeft = findings.some((finding) => !('repaired' in finding && finding.repaired));
    const text =
      findings.length === 0
        ? 'nothing found'
        : findings.map((finding) => `- ${printFinding(finding)}`).join('\n');
    return done({ json: { findings }, text, ...(isLeft ? { code: EXIT.refused } : {}) });
  },
};

export const PROJECT_COMMANDS: readonly Command[] = [status, configGet, configSet, doctor];
