/**
 * Broken set-ups: `coord doctor` says what, where and what to type, and the ordinary commands in that state say so too,
 * with no stack and no exit code of a bug. What it says to type mends it, wherever a test can type it.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { bareEnvironment, gitIn, Project, pluginEnvironment, type Run, scripts } from '../kit/project.ts';
import { Session } from '../kit/session.ts';

let project: Project;
afterEach(() => project.dispose());

const begun = () => Project.started('01');

/** The commands of coord's that a text names, as arguments. */
function commandsIn(text: string): string[][] {
  return [...text.matchAll(/`coord ([^`]+)`/g)].map((match) => (match[1] ?? '').split(' '));
}

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

interface Broken {
  readonly title: string;
  readonly make?: () => Project;
  readonly breaks: (project: Project) => Record<string, string> | undefined;
  /** Where it is asked; the primary worktree otherwise. */
  readonly at?: (project: Project) => string;
  /** What doctor says, and each of the ordinary commands; null: they go on. */
  readonly doctor: string;
  readonly status: string | null;
  readonly init: string | null;
  /** The commands that doctor names, typed in their order, leave nothing for it to find. */
  readonly isMended?: true;
}

const git = process.env['PATH']
  ?.split(':')
  .map((folder) => join(folder, 'git'))
  .find((file) => {
    return spawnSync(file, ['--version']).status === 0;
  });

function pathWith(project: Project, gitScript: string | undefined): Record<string, string> {
  const bin = project.outside('bin');
  symlinkSync(process.execPath, join(bin, 'node'));
  if (gitScript === undefined) return { PATH: bin };
  put(join(bin, 'git'), gitScript);
  chmodSync(join(bin, 'git'), 0o755);
  return { PATH: `${bin}:/usr/bin:/bin` };
}

const CASES: readonly Broken[] = [
  {
    title: 'no repository',
    breaks: () => undefined,
    at: (p) => p.outside('nowhere'),
    doctor: 'is in no git repository. Go to one, or make one: `git init`',
    status: '`git init`',
    init: '`git init`',
  },
  {
    title: 'a bare repository',
    breaks: (p) => void gitIn(p.outside('bare.git'), 'init', '-q', '--bare'),
    at: (p) => p.outside('bare.git'),
    doctor: 'is a bare repository',
    status: '`git clone ',
    init: '`git clone ',
  },
  {
    title: 'never set up',
    make: () => new Project(),
    breaks: () => undefined,
    doctor: '`coord init`',
    status: '`coord init`',
    init: null,
  },
  {
    title: '.coordination deleted',
    breaks: (p) => void rmSync(p.path('.coordination'), { recursive: true }),
    doctor: '.coordination/ is gone from',
    status: '`coord init` makes it again; then `coord doctor --repair`',
    init: null,
    isMended: true,
  },
  {
    title: 'STATE.md broken',
    breaks: (p) => void p.write('.planning/STATE.md', '---\nphases: [\n---\n'),
    doctor: 'STATE.md line',
    status: '`coord doctor --repair`',
    init: '`coord doctor --repair`',
    isMended: true,
  },
  {
    title: 'STATE.md gone',
    breaks: (p) => void rmSync(p.path('.planning/STATE.md')),
    doctor: 'STATE.md is not there',
    status: '`coord doctor --repair`',
    init: '`coord doctor --repair`',
    isMended: true,
  },
  {
    title: '.gitignore without coord’s lines',
    breaks: (p) => void p.write('.gitignore', 'node_modules/\n'),
    doctor: '.gitignore does not name .coordination/, .progress/',
    status: null,
    init: null,
    isMended: true,
  },
  {
    title: 'runtime files in git',
    breaks: (p) => {
      p.write('.taskers/x.md', 'x\n');
      p.git('add', '-f', '.taskers');
    },
    doctor: 'git rm -r -q --cached .taskers/x.md',
    status: null,
    init: null,
  },
  {
    title: 'no git on the PATH',
    breaks: (p) => pathWith(p, undefined),
    doctor: 'git cannot be run',
    status: null,
    init: null,
  },
  {
    title: 'a git too old for the radar',
    breaks: (p) =>
      pathWith(
        p,
        `#!/bin/sh\ncase $1 in version|--version) echo "git version 2.20.1";; *) exec ${git} "$@";; esac\n`,
      ),
    doctor: 'git 2.20.1 is too old for the conflict radar',
    status: null,
    init: null,
  },
  {
    title: 'an old client on the PATH',
    breaks: (p) => {
      put(join(p.outside('bin'), 'claude'), '#!/bin/sh\necho "2.1.200 (Claude Code)"\n');
      chmodSync(join(p.outside('bin'), 'claude'), 0o755);
      return { PATH: `${p.outside('bin')}:${process.env['PATH']}` };
    },
    doctor: 'Claude Code 2.1.200 is older than 2.1.295',
    status: null,
    init: null,
  },
  {
    title: 'a session of an old client',
    breaks: () => ({ AI_AGENT: 'claude-code_2-1-294_agent' }),
    doctor: 'Claude Code 2.1.294 is older than 2.1.295',
    status: null,
    init: null,
  },
  {
    title: 'all hooks switched off',
    breaks: (p) => void p.write('.claude/settings.json', '{"disableAllHooks": true}'),
    doctor: 'settings.json has disableAllHooks',
    status: null,
    init: null,
  },
  {
    title: 'the plugin switched off, in the user’s own settings',
    breaks: (p) => {
      put(join(p.outside('user'), '.claude/settings.json'), '{"enabledPlugins": {"coord@coord": false}}');
      return { HOME: p.outside('user') };
    },
    doctor: 'has enabledPlugins.coord@coord',
    status: null,
    init: null,
  },
  {
    title: 'the plugin installed twice, and another version',
    breaks: (p) => {
      const one = [{ scope: 'user', installPath: '/x/0.0.9', version: '0.0.9' }];
      const plugins = { 'coord@coord': one, 'coord@fork': one, 'other@coord': one };
      put(
        join(p.outside('config'), 'plugins/installed_plugins.json'),
        JSON.stringify({ version: 2, plugins }),
      );
      return { CLAUDE_CONFIG_DIR: p.outside('config') };
    },
    doctor: 'the client has coord twice (coord@coord, coord@fork)',
    status: null,
    init: null,
  },
  {
    title: 'a worktree that git has forgotten',
    breaks: (p) => void rmSync(p.path('.git/worktrees/01-phase-01'), { recursive: true }),
    doctor: 'is no worktree of this repository any more',
    status: null,
    init: null,
  },
  {
    title: 'HOME that is not there, or cannot be written',
    breaks: () => ({ HOME: '/proc/nowhere' }),
    doctor: 'nothing found',
    status: null,
    init: null,
  },
];

/** Whatever is broken: a sentence, an exit code of the contract, and no stack. */
function expectPlain(run: Run): void {
  expect([0, 1]).toContain(run.code);
  expect(run.stderr).not.toMatch(/\n\s+at |bug of coord/);
}

describe('doctor, and the ordinary commands', () => {
  test.each(CASES)(
    '$title',
    ({ make = begun, breaks, at = ({ home }: Project) => home, doctor, status, init, isMended }) => {
      project = make();
      const env = breaks(project) ?? {};
      const cwd = at(project);
      const coord = (...args: string[]) =>
        project.coord(args, { cwd, env: { HOME: project.outside('home'), ...env } });
      const found = coord('doctor');
      expectPlain(found);
      expect(found.stdout + found.stderr).toContain(doctor);
      expect(found.code).toBe(doctor === 'nothing found' ? 0 : 1);
      for (const [words, says] of [
        [['status'], status],
        [['init'], init],
        [[], null],
      ] as const) {
        if (words[0] === 'init' && init === null) continue;
        const run = coord(...words);
        expectPlain(run);
        if (says !== null) expect(run.stderr).toContain(says);
        else expect(run.code).toBe(0);
      }
      if (isMended) {
        for (const words of commandsIn(found.stdout + found.stderr))
          expect(coord(...words).code, words.join(' ')).toBe(0);
        expect(coord('doctor')).toMatchObject({ code: 0, stdout: 'nothing found\n' });
        expect(coord('status').stdout).toContain('01 active Phase 01');
      }
      if (init === null) expect(coord('init').code).toBe(0);
    },
  );

  test('a worktree that git has forgotten is made anew, as doctor says, and nothing of it is lost', () => {
    project = begun();
    const worktree = project.worktree('01');
    put(join(worktree, 'own.txt'), 'mine');
    rmSync(project.path('.git/worktrees/01-phase-01'), { recursive: true });
    const { stdout } = project.coord(['doctor']);
    for (const [, command = ''] of stdout.matchAll(/`(mv [^`]+|coord phase [^`]+)`/g)) {
      const [program, ...args] = command.split(' ');
      const code = program === 'mv' ? spawnSync('mv', args).status : project.coord(args).code;
      expect(code, command).toBe(0);
    }
    expect(readFileSync(`${worktree}.kept/own.txt`, 'utf8')).toBe('mine');
    expect(project.coord(['plan', 'start', '01-01'], { cwd: worktree }).code).toBe(0);
  });
});

test('a session that starts in an old client is told, and in one that is new enough nothing is said', () => {
  project = begun();
  const session = new Session(project, { session: 's1', cwd: project.home });
  const started = (agent: string) =>
    project.hook('session', session.payload('SessionStart', { source: 'startup' }), {
      ...session.env,
      AI_AGENT: agent,
    }).context;
  expect(started('claude-code_2-1-294_harness')).toContain(
    '[coord] Claude Code 2.1.294 is older than 2.1.295',
  );
  expect(started('claude-code_2-1-295_harness')).not.toContain('older');
  expect(started('another_1')).not.toContain('older');
});

/** As a program of a user who is not root: for whom a read-only folder is one. */
function asNobody(cwd: string, args: readonly string[], limit = ''): Run {
  const safe = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
  const env = bareEnvironment({ ...pluginEnvironment(), ...safe, HOME: '/nonexistent' });
  const line = `${limit}exec "${process.execPath}" "${join(scripts, 'coord.cjs')}" ${args.map((word) => `'${word}'`).join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  const run = spawnSync('/bin/sh', ['-c', line], {
    cwd,
    env,
    encoding: 'utf8',
    ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

describe('a disk that takes nothing', () => {
  const ORDINARY = [
    ['send', 'worker-01', 'question', 'x'],
    ['phase', 'add', '02', 'x'],
    ['config', 'set', 'gate', 'strict'],
  ];

  test('a folder that is read-only for who works in it', () => {
    project = begun();
    chmodSync(dirname(realpathSync(project.home)), 0o755);
    const found = asNobody(project.home, ['doctor']);
    expect(found.stdout).toContain('.coordination cannot be written (EACCES)');
    expect(found.stdout).toContain('`chmod -R u+w .coordination`');
    expect(found.stdout.match(/cannot be written/g)).toHaveLength(1);
    for (const args of ORDINARY) {
      const run = asNobody(project.home, args);
      expect(run.code, args.join(' ')).toBe(1);
      expect(run.stderr).toMatch(/failed \(EACCES\); .*`coord doctor`/);
    }
    expect(asNobody(project.home, ['status']).code).toBe(0);
    expect(asNobody(project.home, []).code).toBe(0);
  });

  test('a file system where no byte has room: a limit of none on files', () => {
    project = begun();
    const limit = "trap '' XFSZ; ulimit -f 0; ";
    const env = bareEnvironment(pluginEnvironment());
    const run = (...args: string[]) => {
      const line = `${limit}exec "${process.execPath}" "${join(scripts, 'coord.cjs')}" ${args.join(' ')}`;
      return spawnSync('/bin/sh', ['-c', line], { cwd: project.home, env, encoding: 'utf8' });
    };
    const found = run('doctor');
    expect(found.stdout).toContain('.coordination cannot be written (EFBIG)');
    expect(found.status).toBe(1);
    for (const args of ORDINARY) {
      const { status, stderr } = run(...args);
      expect(status, args.join(' ')).toBe(1);
      expect(stderr).toMatch(/failed \(EFBIG\)/);
    }
    expect(run('status').status).toBe(0);
  });
});
