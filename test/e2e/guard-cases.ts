/** What a worker may not do and what it may, for the guard's tests: shell commands of the usual kinds, and tool calls. */
import type { ToolCall, Turn } from '../kit/messages-api.ts';
import type { Project } from '../kit/project.ts';
import { projectWith } from './disk.ts';
import { call } from './kit.ts';

export interface Ground {
  readonly home: string;
  readonly mine: string;
  readonly other: string;
}

export function groundOf(project: Project): Ground {
  return { home: project.home, mine: project.worktree('01'), other: project.worktree('02') };
}

const NOTEBOOK = JSON.stringify({
  cells: [{ cell_type: 'code', id: 'one', source: ['1'], metadata: {}, outputs: [], execution_count: null }],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
});

export function scratch(): Project {
  const sources = {
    'src/app.txt': 'one\ntwo\n',
    'src/lib.txt': 'lib\n',
    'old/gone.txt': 'old\n',
    'nb.ipynb': NOTEBOOK,
  };
  return projectWith(sources, '01', '02');
}

/** Shell commands that change what is not the worker's, each in its own way; run in its worktree. */
export const FORBIDDEN: readonly (readonly [title: string, command: (at: Ground) => string])[] = [
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
export const ALLOWED: readonly (readonly [
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
  ['a loop over names', () => 'for n in a b; do echo $n > loop-$n.txt; done', 'loop-b.txt', 'b'],
  [
    'a script written and run',
    () => "cat > run.sh <<'END'\necho ran > ran.txt\nEND\nbash run.sh",
    'ran.txt',
    'ran',
  ],
  [
    'a build in a folder of its own',
    () => 'mkdir -p build && (cd build && echo built > out.txt)',
    'build/out.txt',
    'built',
  ],
  [
    'find -delete and rm -rf',
    () => 'touch x.tmp && find . -name x.tmp -delete && rm -rf old && ls > left.txt',
    'left.txt',
    'src',
  ],
  [
    'mv and a directory',
    () => 'mkdir moved && mv src/lib.txt moved/ && git mv README.md moved/',
    'moved/lib.txt',
    'lib',
  ],
  [
    'a branch of its own and a merge of main',
    () =>
      'git checkout -q -b side && git checkout -q - && git merge -q main && git branch -d side > gone.txt',
    'gone.txt',
    'Deleted branch side',
  ],
  [
    'npm in its own tree',
    () => 'echo \'{"scripts":{"t":"echo tested > tested.txt"}}\' > package.json && npm run -s t',
    'tested.txt',
    'tested',
  ],
  [
    'reads of everything else',
    ({ home, other }) =>
      `cat ${other}/src/app.txt ${home}/.planning/STATE.md | grep -c . > read.txt; git -C ${other} status -s; git worktree list >> read.txt`,
    'read.txt',
    '01-phase-01',
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
export interface ToolCase {
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

export const TOOL_CASES: readonly ToolCase[] = [
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
