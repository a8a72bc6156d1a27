/** The guard in the real client, in bypassPermissions mode: what no permission stops, coord does. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolCall, Turn } from '../kit/messages-api.ts';
import type { ToolResult } from '../kit/model-request.ts';
import type { Project } from '../kit/project.ts';
import { bash, call, fingerprint, type Played, projectWith, Scene, say, write } from './kit.ts';

interface Ground {
  readonly home: string;
  readonly mine: string;
  readonly other: string;
}

function groundOf(project: Project): Ground {
  return { home: project.home, mine: project.worktree('01'), other: project.worktree('02') };
}

const NOTEBOOK = JSON.stringify({
  cells: [{ cell_type: 'code', id: 'one', source: ['1'], metadata: {}, outputs: [], execution_count: null }],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
});

function scratch(): Project {
  const sources = {
    'src/app.txt': 'one\ntwo\n',
    'src/lib.txt': 'lib\n',
    'old/gone.txt': 'old\n',
    'nb.ipynb': NOTEBOOK,
  };
  return projectWith(sources, '01', '02');
}

/** Shell commands that change what is not the worker's, each in its own way; run in its worktree. */
const FORBIDDEN: readonly (readonly [title: string, command: (at: Ground) => string])[] = [
  ['a redirection by absolute path', ({ other }) => `echo r1 > ${other}/r1.txt`],
  ['a redirection without spaces, by relative path', () => 'echo r2>../02-phase-02/r2.txt'],
  ['an append to the primary checkout', ({ home }) => `echo r3 >> ${home}/README.md`],
  ['a redirection to a path with .. in the middle', () => 'echo r4 > src/../../02-phase-02/r4.txt'],
  ['cd and a redirection', ({ other }) => `cd ${other} && echo r5 > r5.txt`],
  ['a subshell that went elsewhere', ({ other }) => `(cd ${other}/src; echo r6 > r6.txt)`],
  ['a variable set in the command', ({ other }) => `T=${other}; echo r7 > "$T/r7.txt"`],
  ['a heredoc', ({ other }) => `cat > ${other}/r8.txt <<'END'\nsome text\nEND`],
  ['a second line of the command', ({ other }) => `echo harmless\necho r9 > ${other}/r9.txt`],
  ['sed -i', ({ other }) => `sed -i 's/one/s1/' ${other}/src/app.txt`],
  ['tee', ({ home }) => `echo t1 | tee ${home}/t1.txt`],
  ['cp', ({ other }) => `cp README.md ${other}/c1.txt`],
  ['cp -t', ({ other }) => `cp -t ${other}/src README.md`],
  ['mv into it', ({ other }) => `echo m > m1.txt; mv m1.txt ${other}/`],
  ['mv out of it', ({ other }) => `mv ${other}/src/lib.txt taken.txt`],
  ['rm -rf', ({ other }) => `rm -rf ${other}/old`],
  ['touch', ({ other }) => `touch ${other}/t2.txt`],
  ['mkdir and a file in it', ({ home }) => `mkdir -p ${home}/made && echo d > ${home}/made/d.txt`],
  ['a hard link made and written', ({ other }) => `ln ${other}/src/app.txt alias.txt && echo h >> alias.txt`],
  ['a symlink made and written through', ({ other }) => `ln -s ${other} way && echo l > way/l1.txt`],
  ['bash -c', ({ other }) => `bash -c 'echo b > ${other}/b1.txt'`],
  [
    'eval behind env and timeout',
    ({ other }) => `env X=1 timeout 5 bash -c "eval 'echo b > ${other}/b2.txt'"`,
  ],
  ['python -c', ({ other }) => `python3 -c "open('${other}/p1.txt', 'w').write('p')"`],
  ['python from a heredoc', ({ other }) => `python3 - <<'END'\nopen('${other}/p2.txt', 'w').write('p')\nEND`],
  ['node -e', ({ other }) => `node -e "require('fs').writeFileSync('${other}/n1.txt', 'n')"`],
  ['find -delete', ({ other }) => `find ${other}/nb.ipynb -delete`],
  ['xargs', ({ other }) => `echo x1.txt | xargs -I{} touch ${other}/{}`],
  ['find -exec', ({ other }) => `find ${other}/src -name app.txt -exec sh -c 'echo f >> "$1"' _ {} \\;`],
  ['perl -i', ({ other }) => `perl -pi -e 's/two/p3/' ${other}/src/app.txt`],
  ['tar -C', ({ other }) => `tar -c old | tar -x -C ${other}/src`],
  ['dd', ({ other }) => `echo d | dd of=${other}/d1.txt status=none`],
  ['git -C with a commit', ({ other }) => `git -C ${other} commit -q --allow-empty -m foreign`],
  ['cd and git checkout', ({ other }) => `cd ${other} && git checkout -q -b foreign`],
  ['STATE.md', ({ home }) => `echo forged >> ${home}/.planning/STATE.md`],
  [
    "another's STATUS.md",
    ({ other }) => `sed -i 's/not_started/complete/' ${other}/.planning/phases/02-phase-02/STATUS.md`,
  ],
  ['a forged message', ({ home }) => `echo '{}' > ${home}/.coordination/inbox/coordinator/msg-forged.json`],
  ['a forged log line', ({ home }) => `echo '{}' >> ${home}/.coordination/messages.jsonl`],
  ['git branch -m of another', () => 'git branch -m coord/02-phase-02 coord/taken'],
  ['git update-ref of another', () => 'git update-ref refs/heads/main HEAD~1'],
  [
    'GIT_WORK_TREE and --git-dir',
    ({ home }) => `GIT_WORK_TREE=${home} git --git-dir=${home}/.git reset -q --hard`,
  ],
  ['the config of all', () => 'git config core.hooksPath /tmp/nowhere'],
  ['a stash, which all share', () => 'echo s > stash.txt && git add stash.txt && git stash -q'],
  ["removal of the other's worktree", ({ other }) => `git worktree remove --force ${other}`],
];

/** What a worker does all day in its own worktree; each prints or leaves what the check looks for. */
const ALLOWED: readonly (readonly [
  title: string,
  command: (at: Ground) => string,
  file: string,
  text: string,
])[] = [
  ['a redirection', () => 'echo own1 > own1.txt', 'own1.txt', 'own1\n'],
  ['sed -i', () => "sed -i 's/one/own/' src/app.txt", 'src/app.txt', 'own\ntwo\n'],
  ['cp from another worktree', ({ other }) => `cp ${other}/src/lib.txt copied.txt`, 'copied.txt', 'lib\n'],
  [
    'text that mentions a refused command',
    ({ other }) => `echo "rm -rf ${other}" > said.txt`,
    'said.txt',
    'rm -rf',
  ],
  [
    'a commit on its own branch',
    () => 'git add -A && git commit -qm own && git log -1 --format=%s > log.txt',
    'log.txt',
    'own',
  ],
  [
    'a file in the temporary folder',
    () => 'T=$(mktemp) && echo tmp > $T && cp $T tmp.txt',
    'tmp.txt',
    'tmp\n',
  ],
  ['python in its own tree', () => `python3 -c "open('py.txt', 'w').write('py')"`, 'py.txt', 'py'],
];

/** A tool other than Bash that writes, after what it asks for before it would. */
interface ToolCase {
  readonly title: string;
  readonly before?: (at: Ground) => Turn;
  readonly call: (at: Ground) => ToolCall;
  readonly owner: string;
}

const read = (file_path: string) => call('Read', { file_path });
const edit = (file_path: string, old_string: string, new_string: string) => ({
  name: 'Edit',
  input: { file_path, old_string, new_string },
});
const writing = (file_path: string) => ({ name: 'Write', input: { file_path, content: 'x' } });

const TOOL_CASES: readonly ToolCase[] = [
  {
    title: "Write into the other's worktree",
    call: ({ other }) => writing(`${other}/w1.txt`),
    owner: 'worker-02',
  },
  { title: 'Write by a relative path', call: () => writing('../02-phase-02/w2.txt'), owner: 'worker-02' },
  {
    title: 'Write into the primary checkout',
    call: ({ home }) => writing(`${home}/w3.txt`),
    owner: 'coordinator',
  },
  {
    title: 'Write into .coordination',
    call: ({ home }) => writing(`${home}/.coordination/inbox/worker-02/m.json`),
    owner: 'coord alone',
  },
  {
    title: "Edit of the other's file",
    before: ({ other }) => read(`${other}/src/app.txt`),
    call: ({ other }) => edit(`${other}/src/app.txt`, 'two', 'TWO'),
    owner: 'worker-02',
  },
  {
    title: 'Edit of STATE.md',
    before: ({ home }) => read(`${home}/.planning/STATE.md`),
    call: ({ home }) => edit(`${home}/.planning/STATE.md`, 'state/1', 'state/2'),
    owner: "the coordinator's",
  },
  {
    title: "Edit of another's STATUS.md",
    before: ({ other }) => read(`${other}/.planning/phases/02-phase-02/STATUS.md`),
    call: ({ other }) => edit(`${other}/.planning/phases/02-phase-02/STATUS.md`, 'status/1', 'status/2'),
    owner: 'worker-02',
  },
  {
    title: "NotebookEdit in the other's worktree",
    before: ({ other }) => read(`${other}/nb.ipynb`),
    call: ({ other }) => ({
      name: 'NotebookEdit',
      input: { notebook_path: `${other}/nb.ipynb`, cell_id: 'one', new_source: '2' },
    }),
    owner: 'worker-02',
  },
  {
    title: 'a Monitor that writes there',
    call: ({ other }) => ({
      name: 'Monitor',
      input: { description: 'm', timeout_ms: 5000, command: `echo mon > ${other}/mon.txt` },
    }),
    owner: 'worker-02',
  },
];

describe('a worker in its own worktree', () => {
  let scene: Scene;
  let at: Ground;
  let before: Record<string, string>;
  let after: Record<string, string>;
  let played: Played;
  const resultOf = new Map<unknown, ToolResult | undefined>();

  beforeAll(async () => {
    scene = await Scene.open(scratch());
    at = groundOf(scene.project);
    before = fingerprint(scene.project, at.mine);
    const steps: { turn: Turn; of?: unknown }[] = [
      { turn: call('ToolSearch', { query: 'select:NotebookEdit,Monitor' }) },
      ...TOOL_CASES.flatMap((one) => [
        ...(one.before ? [{ turn: one.before(at) }] : []),
        { turn: { calls: [one.call(at)] }, of: one },
      ]),
      ...FORBIDDEN.map((one) => ({ turn: bash(one[1](at)), of: one })),
      ...ALLOWED.map((one) => ({ turn: bash(one[1](at)), of: one })),
      { turn: write('written.txt', 'by Write\n'), of: 'own Write' },
    ];
    played = await scene.play({
      name: 'worker',
      cwd: at.mine,
      steps: [...steps.map(({ turn }) => turn), say('over')],
    });
    after = fingerprint(scene.project, at.mine);
    for (const [index, { of }] of steps.entries())
      if (of !== undefined) resultOf.set(of, played.results[index]);
    expect(played.results).toHaveLength(steps.length);
  });
  afterAll(() => scene.close());

  it.each(TOOL_CASES)('is refused: $title', (one) => {
    const result = resultOf.get(one);
    expect(result?.text).toMatch(/^\[coord\] Refused|hook error: \[coord\] Refused/);
    expect(result?.text).toContain(one.owner);
    expect(result?.isError).toBe(true);
  });

  it.each(FORBIDDEN)('is refused in the shell: %s', (...one) => {
    const found = FORBIDDEN.find(([title]) => title === one[0]);
    const result = resultOf.get(found);
    expect(result?.text).toContain('[coord] Refused');
    expect(result?.isError).toBe(true);
  });

  it('leaves everything outside of its worktree as it was', () => {
    expect(after).toEqual(before);
  });

  it.each(ALLOWED)('goes unhindered: %s', (...one) => {
    const found = ALLOWED.find(([title]) => title === one[0]);
    const [, , file, text] = one;
    expect(resultOf.get(found)).toMatchObject({ isError: false });
    expect(readFileSync(join(at.mine, file), 'utf8')).toContain(text);
  });

  it('goes unhindered: Write', () => {
    expect(resultOf.get('own Write')).toMatchObject({ isError: false });
    expect(readFileSync(join(at.mine, 'written.txt'), 'utf8')).toBe('by Write\n');
  });
});

/** The other half of the proof: each forbidden command does its harm where no guard stands. */
describe('unguarded', () => {
  let project: Project;
  beforeAll(() => {
    project = scratch();
  });
  afterAll(() => project.dispose());

  it.each(FORBIDDEN)('does harm: %s', (_title, command) => {
    const at = groundOf(project);
    const before = fingerprint(project, at.mine);
    execFileSync('bash', ['-c', command(at)], { cwd: at.mine, stdio: 'pipe' });
    expect(fingerprint(project, at.mine)).not.toEqual(before);
  });
});

describe('a coordinator in the primary checkout', () => {
  let scene: Scene;
  let at: Ground;
  let played: Played;

  beforeAll(async () => {
    scene = await Scene.open(scratch());
    at = groundOf(scene.project);
    const steps = [
      write('own.txt'),
      bash('echo x > shell.txt'),
      bash('git -C .claude/worktrees/02-phase-02 log --oneline -1'),
      write(`${at.other}/w.txt`),
      bash(`echo x > ${at.other}/b.txt`),
      bash('echo x > .claude/worktrees/01-phase-01/b.txt'),
      // A plain cd stays for all later calls; it makes nobody a worker.
      bash('cd .claude/worktrees/02-phase-02 && pwd'),
      bash('pwd; echo x > walked.txt'),
      write('walked2.txt'),
      bash('coord plan start 02-01'),
      bash(`cd ${at.home} && echo back > back.txt`),
    ];
    played = await scene.play({ name: 'coordinator', cwd: at.home, steps });
  });
  afterAll(() => scene.close());

  it('writes in its own checkout, and reads in a worker’s', () => {
    expect(played.results.slice(0, 3).map((result) => result.isError)).toEqual([false, false, false]);
    expect(existsSync(join(at.home, 'own.txt')) && existsSync(join(at.home, 'shell.txt'))).toBe(true);
    expect(played.results[2]?.text).toContain('Lay the ground');
  });

  it("is refused in a worker's worktree, by Write and in the shell", () => {
    const [, , , ...refused] = played.results;
    expect(refused.slice(0, 3).map((result) => result.isError)).toEqual([true, true, true]);
    expect(refused[0]?.text).toContain('worktree of worker-02');
    expect(refused[1]?.text).toContain('worktree of worker-02');
    expect(refused[2]?.text).toContain('worktree of worker-01');
    expect(existsSync(join(at.other, 'w.txt')) || existsSync(join(at.other, 'b.txt'))).toBe(false);
    expect(existsSync(join(at.mine, 'b.txt'))).toBe(false);
  });

  it('becomes no worker by walking into a worktree', () => {
    const [walk, shell, tool, verb, back] = played.results.slice(6);
    expect(walk).toMatchObject({ isError: false, text: expect.stringContaining(at.other) });
    expect(shell?.text).toContain('worktree of worker-02');
    expect(tool?.text).toContain('worktree of worker-02');
    expect(verb?.text).toContain('coord knows you by');
    expect(existsSync(join(at.other, 'walked.txt')) || existsSync(join(at.other, 'walked2.txt'))).toBe(false);
    expect(readFileSync(scene.project.statusFile('02'), 'utf8')).not.toContain('in_progress');
    expect(back?.isError).toBe(false);
    expect(existsSync(join(at.home, 'back.txt'))).toBe(true);
  });
});
