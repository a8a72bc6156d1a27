// Each line of failures.md that names a shell command a guard got wrong, both ways.
import { tableOf } from './notation.ts';

// biome-ignore format: one line a case.
tableOf('"Write guards were passed by …"', [
  ["sed -i 's/a/b/' ../w2/f", '/w/w1/../w2/f'],
  ['cat > ../w2/f', '/w/w1/../w2/f'],
  ['ls\nrm ../w2/f', '/w/w1/../w2/f'],
  ['git -C ../w2 reset --hard', 'git reset worktree /w/w1/../w2'],
  ['git  -C  ../w2  add  .', 'git add worktree /w/w1/../w2 (/w/w1/../w2)'],
  ['rm  -f  ../w2/f', '/w/w1/../w2/f'],
]);

// biome-ignore format: one line a case.
tableOf('"… and refused a harmless echo that only mentioned a command"', [
  ['echo "do not run rm -rf ../w2"', ''],
  ["echo 'git -C ../w2 reset --hard > x'", ''],
]);

// biome-ignore format: one line a case.
tableOf('"Of 27 cases one widely used guard got 19 wrong"', [
  ['echo x > src/../../w2/f', '/w/w1/src/../../w2/f'],
  ['echo x > link/f', '/w/w1/link/f'],
  ['echo x>../w2/f', '/w/w1/../w2/f'],
  ['git -C ../w2 checkout -- .', 'git checkout worktree /w/w1/../w2 (/w/w1/../w2)'],
  ['echo "a && b" > ../w2/f', '/w/w1/../w2/f'],
  ['echo "a && rm ../w2/f"', ''],
  ['python3 -c "open(\'../w2/f\', \'w\')"', '/w/w1/../w2/f~ | ?program'],
  ['node -e "require(\'fs\').writeFileSync(\'../w2/f\', \'\')"', '/w/w1/../w2/f~ | ?program'],
  ['ls && rm -rf ../w2', '/w/w1/../w2/'],
  ['git status; git -C ../w2 clean -fdx', 'git clean worktree /w/w1/../w2'],
  ['echo ok && cd ../w2 && rm f', '/w/w2/f'],
  ['grep -rn "rm -rf" src', ''],
  ['grep -c "git push --force > x" notes.md', ''],
]);

// biome-ignore format: one line a case.
tableOf('"Stash is shared by all worktrees", branches and clean-up reach others', [
  ['git stash', 'git stash shared /w/w1 | git stash worktree /w/w1'],
  ['git worktree remove --force ../w2', 'git worktree other-worktree /w/w1 (/w/w1/../w2)'],
  ['git branch -D w2', 'git branch ref /w/w1 [delete w2]'],
  ['rm -rf ..', '/w/w1/../'],
]);
