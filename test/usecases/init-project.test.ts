import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { placeOf } from '../../src/storage/light/place.ts';
import { initProject } from '../../src/usecases/init-project.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { gitIn, Project } from '../kit/project.ts';
import { addPhase, callerIn, refusal, stateOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

describe('init', () => {
  test('makes what is missing, and again changes nothing', () => {
    project = new Project();
    const first = value(initProject(project.home));
    expect(first).toMatchObject({ already: false, adopted: false });
    expect([...first.made].sort()).toEqual(
      ['.claude/coord.md', '.coordination/', '.gitignore', '.planning/STATE.md'].sort(),
    );
    const files = ['.claude/coord.md', '.gitignore', '.planning/STATE.md'];
    const before = files.map((file) => project.read(file));
    expect(value(initProject(project.home))).toEqual({
      home: project.home,
      already: true,
      made: [],
      adopted: false,
    });
    expect(files.map((file) => project.read(file))).toEqual(before);
  });

  test('from a folder below finds the home, and ignores what is coord’s own', () => {
    project = new Project();
    mkdirSync(project.path('a', 'b'), { recursive: true });
    expect(value(initProject(project.path('a', 'b'))).home).toBe(project.home);
    project.git('add', '-A');
    expect(project.git('status', '--porcelain').trim().split('\n').sort()).toEqual([
      'A  .claude/coord.md',
      'A  .gitignore',
      'A  .planning/STATE.md',
    ]);
  });

  test('keeps a person’s .gitignore, settings and STATE.md', () => {
    project = new Project();
    project.write('.gitignore', 'node_modules/\r\n/.coordination/');
    project.write('.claude/coord.md', '---\nevents: milestones # mine\n---\nnotes\n');
    project.write('.planning/STATE.md', '# Project State\n\n## Phases\n\nours\n');
    expect(value(initProject(project.home)).adopted).toBe(true);
    expect(project.read('.gitignore')).toMatch(/^node_modules\/\r\n\/\.coordination\/\n# coord/);
    expect(project.read('.gitignore').match(/\.coordination/g)).toHaveLength(1);
    expect(project.read('.claude/coord.md')).toBe('---\nevents: milestones # mine\n---\nnotes\n');
    expect(project.read('.planning/STATE.md')).toContain('# Project State\n\n## Phases\n\nours\n');
    value(addPhase(project, '01'));
    expect(project.read('.planning/STATE.md')).toContain('# Project State\n\n## Phases\n\nours\n');
  });

  test.each([
    {
      title: 'a STATE.md in another language',
      text: '---js\nmodule.exports = process.exit(3)\n---\n',
      code: 'document-language',
    },
    {
      title: 'a STATE.md whose front matter never ends',
      text: '---\na: 1\n# State\n',
      code: 'document-corrupt',
    },
    {
      title: 'a STATE.md of coord that is corrupt',
      text: '---\ncoord: state/1\nphases: 7\n---\n',
      code: 'document-corrupt',
    },
  ])('refuses $title, leaves it as it is, and coordinates nothing', ({ text, code }) => {
    project = new Project();
    project.write('.planning/STATE.md', text);
    expect(refusal(initProject(project.home)).code).toBe(code);
    expect(project.read('.planning/STATE.md')).toBe(text);
    expect(existsSync(project.path('.coordination', 'roster'))).toBe(false);
  });

  test('works before the first commit', () => {
    project = new Project();
    project.git('update-ref', '-d', 'HEAD');
    expect(value(initProject(project.home)).already).toBe(false);
  });

  test('is refused outside of a repository, in a bare one, and in a linked worktree', () => {
    project = new Project();
    expect(refusal(initProject(project.outside('nowhere'))).code).toBe('not-a-repository');
    expect(refusal(initProject(join(project.home, 'gone'))).code).toBe('not-a-repository');
    const bare = project.outside('bare');
    gitIn(bare, 'init', '-q', '--bare');
    expect(['bare-repository', 'not-a-repository']).toContain(refusal(initProject(bare)).code);
    const linked = join(project.outside('trees'), 'a');
    project.git('worktree', 'add', '-q', linked);
    expect(refusal(initProject(linked))).toMatchObject({ code: 'not-primary-worktree', home: project.home });
    const ofBare = join(project.outside('trees'), 'b');
    gitIn(bare, 'fetch', '-q', project.home, 'main:main');
    gitIn(bare, 'worktree', 'add', '-q', ofBare, 'main');
    expect(refusal(initProject(ofBare)).code).toBe('bare-repository');
  });

  test('in a repository whose git folder lies elsewhere, its worktrees find the home', () => {
    project = new Project();
    const home = project.outside('apart');
    const gitDir = join(project.outside('store'), 'apart.git');
    gitIn(home, 'init', '-q', '-b', 'main', '--separate-git-dir', gitDir);
    gitIn(home, '-c', 'user.name=T', '-c', 'user.email=t@e', 'commit', '-q', '--allow-empty', '-m', 'Start');
    expect(value(initProject(home)).home).toBe(home);
    const linked = join(project.outside('trees'), 'c');
    gitIn(home, 'worktree', 'add', '-q', linked);
    expect(placeOf(linked)).toMatchObject({ home, name: 'c' });
    expect(callerIn(linked).kind).toBe('guest');
  });

  test('in a submodule coordinates the submodule, and not what holds it', () => {
    project = new Project();
    const library = project.outside('library');
    gitIn(library, 'init', '-q', '-b', 'main');
    gitIn(
      library,
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@e',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'Start',
    );
    project.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
    expect(value(initProject(project.path('lib'))).home).toBe(project.path('lib'));
    expect(existsSync(project.path('.coordination'))).toBe(false);
  });

  test('in a path with spaces, quotes and unicode', () => {
    project = new Project(`it's "my" prøject 日本 #1`);
    value(initProject(project.home));
    value(addPhase(project, '01'));
    value(startPhase(project.home, '01'));
    expect(stateOf(project).project).toBe(`it's "my" prøject 日本 #1`);
    expect(callerIn(project.worktree('01')).name).toBe('worker-01');
  });

  test('where a file stands in the way of a folder, it fails and takes nothing away', () => {
    project = new Project();
    writeFileSync(project.path('.coordination'), 'a file of mine');
    expect(() => initProject(project.home)).toThrow();
    expect(readFileSync(project.path('.coordination'), 'utf8')).toBe('a file of mine');
    rmSync(project.path('.coordination'));
    expect(value(initProject(project.home)).already).toBe(false);
  });
});
