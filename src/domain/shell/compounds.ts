// Compound commands: where the shell may go one way or another, both are followed; what happens in a subshell stays there.
import { readArithmetic } from './arithmetic.ts';
import { noteIndexCode, walkCommand } from './commands.ts';
import { isSpent, readAside, takeStep } from './ledger.ts';
import { walkFor, walkLoop } from './loops.ts';
import type { Place } from './parameters.ts';
import type { Reader } from './reader.ts';
import { applyRedirections, endRedirections } from './redirections.ts';
import type {
  AndOr,
  Case,
  CompoundList,
  FunctionNode,
  If,
  Pipeline,
  PipelineNode,
  Statement,
  TestExpression,
} from './syntax.ts';
import { partsText, wordText } from './words.ts';
import { leaveSubshell, mergeWorlds, type World } from './world.ts';

type Node = PipelineNode | AndOr | CompoundList;

export function walkCompound(reader: Reader, node: Node, world: World): World[] {
  const place: Place = { reader, world };
  switch (node.type) {
    case 'Command':
      return walkCommand(reader, node, world);
    case 'AndOr':
      return walkAndOr(reader, node, world);
    case 'Pipeline':
      return walkPipeline(reader, node, world);
    case 'CompoundList':
      return reader.runScript(node, world);
    case 'BraceGroup':
      return reader.runScript(node.body, world);
    case 'Subshell':
      return leaveSubshell(reader.runScript(node.body, world), world);
    case 'Redirected': {
      const redirected = applyRedirections(place, node.redirects);
      return endRedirections(reader, redirected, walkCompound(reader, node.command, redirected.inside));
    }
    case 'If':
      return walkIf(reader, node, world);
    case 'For':
    case 'Select':
      return walkFor(reader, node, world);
    case 'While':
      return walkLoop(reader, node.body, world, node);
    case 'ArithmeticFor':
      readArithmetic(place, node.initialize, partsText);
      readArithmetic(place, node.test, partsText);
      readArithmetic(place, node.update, partsText);
      return walkLoop(reader, node.body, place.world);
    case 'Case':
      return walkCase(reader, node, world);
    case 'Function':
      return defineFunction(reader, node, world);
    case 'Coproc':
      return leaveSubshell(
        readAside(reader, 'detached', () =>
          walkCompound(reader, node.body, { ...world, stdin: undefined, out: undefined }),
        ),
        world,
      );
    case 'TestCommand':
      readTest(place, node.expression);
      return [place.world];
    case 'ArithmeticCommand':
      readArithmetic(place, node.expression, partsText);
      return [place.world];
  }
}

/** What prints into a pipe is the next command's input; none of them changes the shell, but in zsh the last one does. */
function walkPipeline(reader: Reader, node: Pipeline, world: World): World[] {
  const [first, ...others] = node.commands;
  if (first === undefined) return [world];
  if (others.length === 0) return reader.runNode(first, world);
  let inputs: World[] = [world];
  for (const [at, command] of node.commands.entries()) {
    const isLast = at === node.commands.length - 1;
    if (isSpent(reader)) break;
    const after = inputs.flatMap((input) =>
      reader.runNode(command, { ...input, out: isLast ? world.out : '' }),
    );
    if (isLast) {
      const outside = after.map((end) => ({ ...world, out: end.out }));
      return mergeWorlds([...outside, ...after.map((end) => ({ ...end, stdin: world.stdin }))]);
    }
    inputs = mergeWorlds(after.map((end) => ({ ...world, stdin: linesOf(end.out) })));
  }
  return [world];
}

function linesOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const bare = text.replace(/[\n\0]$/, '');
  return bare === '' ? [] : bare.split(/[\n\0]/);
}

const TESTS = /^(\[|test|false|grep|egrep|fgrep|rg|command|which|type|hash|diff|cmp|pgrep|git)$/;

/** Whether a command is there to be asked, so that what follows its `&&` may well not run. */
function isTest(node: PipelineNode): boolean {
  if (node.type === 'TestCommand' || node.type === 'ArithmeticCommand') return true;
  if (node.type === 'Pipeline')
    return node.prefixes.some((prefix) => prefix.type === 'Negation') || node.commands.some(isTest);
  return node.type === 'Command' && TESTS.test(node.name?.value ?? '');
}

const isNegated = (node: PipelineNode | AndOr): boolean =>
  node.type === 'Pipeline' && node.prefixes.some((prefix) => prefix.type === 'Negation');

/** Whether nothing follows this command in the list it stands in. */
function endsFlow(node: PipelineNode | AndOr): boolean {
  if (node.type === 'Command') return /^(exit|return|break|continue)$/.test(node.name?.value ?? '');
  if (node.type === 'Redirected') return endsFlow(node.command);
  if (node.type === 'BraceGroup') return endsList(node.body.commands);
  return (
    node.type === 'AndOr' &&
    node.operators.every((operator) => operator === '&&') &&
    endsFlow(node.commands.at(-1) ?? node)
  );
}

const endsList = (statements: readonly Statement[]): boolean =>
  statements.some((statement) => statement.command.type !== 'AndOr' && endsFlow(statement.command));

/** Whether a command changes the folder, by itself or behind `command`, `!` or `time`. */
export function isChange(node: PipelineNode): boolean {
  if (node.type === 'Pipeline') return node.commands.length === 1 && node.commands.every(isChange);
  if (node.type !== 'Command') return false;
  const [first] = node.args;
  const name = node.name?.value ?? '';
  const told = /^(command|builtin)$/.test(name) && first?.type === 'Word' ? first.value : name;
  return /^(cd|pushd)$/.test(told);
}

/** A `cd` is taken to succeed, except to the right of `||`; what stands behind a test is taken to run or not to. */
function walkAndOr(reader: Reader, node: AndOr, world: World): World[] {
  let before: World[] = [world];
  let now: World[] = [world];
  for (const [at, command] of node.commands.entries()) {
    const operator = at === 0 ? undefined : node.operators[at - 1];
    const left = at === 0 ? undefined : node.commands[at - 1];
    const starts =
      operator === '||' ? (left && isChange(left) ? before : mergeWorlds([...before, ...now])) : now;
    const after = mergeWorlds(starts.flatMap((start) => reader.runNode(command, start)));
    const skipped = operator === '||' || (operator === '&&' && left !== undefined && isTest(left)) ? now : [];
    before = starts;
    if (operator === '||' && endsFlow(command)) continue;
    now = mergeWorlds([...skipped, ...after]);
  }
  return now;
}

function walkIf(reader: Reader, node: If, world: World): World[] {
  const ends: World[] = [];
  let starts: World[] = [world];
  for (const { clause, then } of [node, ...node.elif]) {
    const asked = reader.runStatements(clause.commands, starts);
    const negated = clause.commands.some((statement) => isNegated(statement.command));
    const inside = reader.runStatements(then.commands, negated ? mergeWorlds([...starts, ...asked]) : asked);
    if (!endsList(then.commands)) ends.push(...inside);
    starts = negated ? asked : mergeWorlds([...asked, ...starts]);
  }
  const rest = node.else === undefined ? starts : reader.runStatements(node.else.commands, starts);
  if (node.else === undefined || !endsList(node.else.commands)) ends.push(...rest);
  return mergeWorlds(ends.length > 0 ? ends : rest);
}

function walkCase(reader: Reader, node: Case, world: World): World[] {
  const place: Place = { reader, world };
  wordText(place, node.word);
  for (const pattern of node.items.flatMap((item) => item.pattern)) wordText(place, pattern);
  const ends: World[] = [place.world];
  let falling: World[] = [];
  for (const item of node.items) {
    const after = reader.runStatements(item.body.commands, mergeWorlds([place.world, ...falling]));
    falling = item.terminator === ';&' || item.terminator === ';;&' ? after : [];
    if (!endsList(item.body.commands)) ends.push(...after);
  }
  return mergeWorlds(ends);
}

function defineFunction(reader: Reader, node: FunctionNode, world: World): World[] {
  const known = reader.functions.get(node.name.value);
  if (known) {
    if (!known.bodies.includes(node.body)) known.bodies.push(node.body);
  } else reader.functions.set(node.name.value, { bodies: [node.body], world, calls: 0 });
  return [world];
}

function readTest(place: Place, expression: TestExpression): void {
  if (!takeStep(place.reader)) return;
  switch (expression.type) {
    case 'TestUnary':
      noteIndexCode(place, [wordText(place, expression.operand)]);
      return;
    case 'TestBinary':
      noteIndexCode(place, [wordText(place, expression.left), wordText(place, expression.right)]);
      return;
    case 'TestLogical':
      for (const operand of expression.operands) readTest(place, operand);
      return;
    case 'TestNot':
      readTest(place, expression.operand);
      return;
    case 'TestGroup':
      readTest(place, expression.expression);
      return;
  }
}
