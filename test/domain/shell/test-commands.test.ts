// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell commands.
/** Which command lines run something that works on the whole tree, as the guard finds it: read, heard, recognised. */
import { describe, expect, test } from 'vitest';
import type { ShellRun } from '../../../src/domain/shell/facts.ts';
import { readShell } from '../../../src/domain/shell/reading.ts';
import { testCommandOf } from '../../../src/domain/test-command.ts';
import { mayRunTests, type TestRules, testRulesOf } from '../../../src/domain/test-rules.ts';
import { FACTS } from './notation.ts';

const DEFAULTS = testRulesOf({ mutex: ['default'], mutex_parallel: [], validation: [] }) as TestRules;

function runsIn(line: string): ShellRun[] {
  const runs: ShellRun[] = [];
  readShell(line, { ...FACTS, hear: (run) => runs.push(run) });
  return runs;
}

function found(line: string, rules = DEFAULTS): string[] {
  const names = runsIn(line).map((run) => testCommandOf(rules, run.words));
  const all = [...new Set(names.filter((name) => name !== undefined))];
  // `npx vitest` is heard again as what it runs.
  return all.filter((name, at) => !all.slice(0, at).some((outer) => outer.endsWith(` ${name}`)));
}

/** One a line: the command, and behind `→` what is taken for it where that is not the command itself. */
const TAKEN = `
npm test
npm t
npm tst
npm test -- --coverage
npm ci
npm i
npm install
npm install left-pad
npm uninstall left-pad
npm run test:unit
npm run lint
npm run typecheck
npm run type-check
npm run build
npm --silent run build
npm -w packages/a test
npm --prefix sub test
npm run-script e2e
npm audit fix
npx vitest
npx vitest run a.test.ts
npx -y jest@29 --ci
npx --no-install tsc --noEmit
npx eslint .
npx @biomejs/biome check
npm exec -- vitest run
npm exec vitest
pnpm test
pnpm -r test
pnpm --filter web run build
pnpm lint
pnpm i --frozen-lockfile
pnpm exec vitest
pnpm dlx eslint .
yarn
yarn install --immutable
yarn test
yarn jest a
yarn run build
yarn workspace web test
yarn workspaces foreach -A run test
yarn --cwd sub lint
bun test
bun run test
bun install
bun build ./src/index.ts
bunx tsc
vitest run
tsc -p .
vue-tsc --noEmit
node_modules/.bin/vitest run
./node_modules/.bin/eslint .
biome ci
playwright test
vite build
turbo run test --filter=web
node --test
node --test-reporter=spec test/
pytest
pytest -q tests/a.py
py.test
.venv/bin/pytest -x
python -m pytest
python3.12 -m pytest -q
python -Im pytest
python -X dev -m unittest discover
python -m pip install -e .
ruff check .
ruff format
ty check
mypy src
tox -e py312
uv sync
uv add httpx
uv pip install -r requirements.txt
uv run pytest
uv run --with pytest-cov pytest -q
uv run -m pytest
uvx ruff check
poetry run pytest
pip install -r requirements.txt
cargo test
cargo +nightly test --all
cargo t
cargo build --release
cargo clippy -- -D warnings
cargo nextest run
go test ./...
go build ./...
go vet ./...
go -C sub test ./...
go mod tidy
golangci-lint run
make
make test
make -j8 all
gmake check
/usr/bin/make check
FOO=1 npm test → npm test
CI=1 NODE_ENV=test npx vitest run → npx vitest run
cd x && npm test → npm test
cd x; make → make
timeout 60 pytest -q → pytest -q
time npm test → npm test
time -p npm test → npm test
nice -n 5 make → make
nohup npm test → npm test
sudo make install → make install
sudo -E npm ci → npm ci
env X=1 make → make
env -i PATH=/bin make → make
stdbuf -oL npm test → npm test
npm test | tee log → npm test
npm test 2>&1 | tail -20 → npm test
(npm test) → npm test
{ npm test; } → npm test
! npm test → npm test
if npm test; then echo ok; fi → npm test
while ! npm test; do sleep 1; done → npm test
for s in lint test; do npm run $s; done → npm run lint, npm run test
npm run lint && npm test → npm run lint, npm test
npm test || true → npm test
bash -c 'npm test' → npm test
sh -ec "cd sub && npm test" → npm test
bash -c "bash -c 'npm test'" → npm test
eval "npm test" → npm test
eval npm test → npm test
echo $(npm test) → npm test
echo \`npm test\` → npm test
x=$(npm run build) → npm run build
cat <(npm test) → npm test
echo a | xargs npm test → npm test a
ls *.py | xargs -n1 pytest → pytest *.py
find . -name package.json -execdir npm test ';' → npm test
parallel npm run ::: lint test → npm run lint, npm run test
t() { npm test; }; t → npm test
alias t='npm test'; t → npm test
trap 'npm test' EXIT → npm test
cmd="npm test"; $cmd → npm test
script=test; npm run $script → npm run test
npm run $UNKNOWN → npm run *
npm test & → npm test
npm test & wait → npm test
git stash && npm test; git stash pop → npm test
git rebase -x "npm test" main → npm test
"npm" 'test' → npm test
n\\pm test → npm test
true && npm test > /tmp/log 2>&1 → npm test
npm ci --prefer-offline && npm run build && npm test -- --run → npm ci --prefer-offline, npm run build, npm test -- --run
`;

const NOT_TAKEN = `
npm
npm --version
npm run
npm run dev
npm start
npm run format
npm run deploy
npm ls
npm view vitest
npm install -g typescript
npm test --help
npx prettier --check .
npx create-vite app
pnpm dev
pnpm why vitest
yarn --version
yarn dev
yarn why jest
bun --version
bun run dev
bun upgrade
npm run test:watch
npm run build:watch
npm test -- --watch
npx vitest --watch
vitest watch
jest --watchAll
tsc -w
make dev
make -n test
make --version
watch npm test
ls *.ts | entr npm test
nodemon --exec 'npm test'
pytest --version
pytest --help
mypy --version
ruff --version
ruff rule E501
uv --version
uv run python app.py
uv tree
uv venv
cargo --version
cargo run
cargo search serde
cargo new app
go run .
go version
go env
go doc fmt
go mod graph
python app.py
python -c "import pytest; print('npm test')"
python -m http.server
python pytest.py
node test.js
node -e "console.log('npm test')"
./make
./scripts/pytest
bash test.sh
cat package.json
vite
next dev
biome --version
playwright codegen
echo npm test
echo "npm test && make"
printf '%s' 'npm test'
grep -r "npm test" .
rg 'cargo test'
git commit -m "npm test"
git commit -m "Make npm test pass; run make"
git log --grep='npm test'
cat <<EOF > notes.md\\nnpm test\\nmake\\nEOF
sed -i 's/npm test/yarn test/' ci.yml
# npm test
ls # make
test -f Makefile
which npm
command -v make
type pytest
man make
sleep 1
ls tests
cd tests
jq '.scripts.test' package.json
t() { npm test; }
alias t='npm test'
x='npm test'
export T="make test"
coord run -- npm test
coord run -- bash -c 'npm test'
coord send worker-01 question "Does npm test pass?"
ssh host npm test
docker run node npm test
gh pr create --title "make test" --body "npm test"
git checkout make
make_it
cmake --version
`;

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll('\\n', '\n'));

describe('works on the whole tree', () => {
  test.each(lines(TAKEN).map((line) => line.split(' → ')))('%s', (line = '', expected = line) => {
    expect(found(line)).toEqual(expected.split(', '));
    expect(mayRunTests(DEFAULTS, line)).toBe(true);
  });
});

describe('does not, or is only spoken of', () => {
  test.each(lines(NOT_TAKEN))('%s', (line) => expect(found(line)).toEqual([]));
});

test('there are enough of both kinds', () => {
  expect(lines(TAKEN).length).toBeGreaterThan(120);
  expect(lines(NOT_TAKEN).length).toBeGreaterThan(80);
});

describe('what is heard of a call', () => {
  test.each([
    ['npm test', false],
    ['(npm test)', false],
    ['npm test &', true],
    ['(npm test &)', true],
    ['nohup npm test > log 2>&1 &', true],
    ['{ npm ci && npm test; } &', true],
    ['coproc npm test', true],
    ["tmux new -d 'npm test'", true],
    ["echo 'npm test' | at now", true],
    ['npm test & ls', true],
    ['sleep 5 & npm test', false],
  ])('%s: it goes on by itself: %j', (line, isDetached) => {
    const run = runsIn(line).find(({ words }) => words[0] === 'npm');
    expect(run?.isDetached).toBe(isDetached);
  });

  test.each([
    ['npm test', '/w/w1'],
    ['cd sub && npm test', '/w/w1/sub'],
    ['cd /elsewhere; npm test', '/elsewhere'],
    ['cd $X && npm test', undefined],
    ['(cd a); npm test', '/w/w1'],
    ['pushd b; npm test', '/w/w1/b'],
    ['env -C c npm test', '/w/w1/c'],
  ])('%s runs in %s', (line, cwd) => {
    const [run] = runsIn(line).filter(({ words }) => words[0] === 'npm');
    expect(run?.cwd).toBe(cwd);
  });
});

describe('a project’s own settings', () => {
  const rulesOf = (mutex: string[], parallel: string[] = [], validation: string[] = []) =>
    testRulesOf({ mutex, mutex_parallel: parallel, validation });

  test('an empty list switches it off, also for validations', () => {
    expect(rulesOf([], [], ['npm test'])).toBeUndefined();
  });

  test.each<[string, string[], string[], string[], boolean]>([
    ['./check.sh', ['default', './check.sh'], [], [], true],
    ['./check.sh --all', ['default', './check.sh'], [], [], true],
    ['./checks.sh', ['default', './check.sh'], [], [], false],
    ['npm test', ['default', './check.sh'], [], [], true],
    ['npm test', ['./check.sh'], [], [], false],
    ['npm run lint', ['npm test'], [], [], false],
    ['npm t -- -u', ['npm test'], [], [], true],
    ['npm run test', ['npm test'], [], [], true],
    ['npm run test:unit', ['npm test'], [], [], false],
    ['npm run dev', ['npm run dev'], [], [], true],
    ['npm run lint', ['default'], ['npm run lint'], [], false],
    ['npm --silent run lint --fix', ['default'], ['npm run lint'], [], false],
    ['npm run lint:fix', ['default'], ['npm run lint'], [], true],
    ['npx eslint .', ['default'], ['eslint'], [], false],
    ['python3 -m pytest -q', ['default'], ['pytest -q'], [], false],
    ['node check.js', ['default'], [], ['node check.js'], true],
    ['node other.js', ['default'], [], ['node check.js'], false],
    ['cargo t', ['cargo test'], [], [], true],
  ])('%s, with %j, in parallel %j and validations %j: %j', (line, mutex, parallel, validation, isTaken) => {
    const rules = rulesOf(mutex, parallel, validation) as TestRules;
    expect(found(line, rules).length > 0).toBe(isTaken);
    if (isTaken) expect(mayRunTests(rules, line)).toBe(true);
  });
});
