// Arithmetic: its value is a number, whatever it is; the code in it runs, and it may assign.
import { takeStep } from './ledger.ts';
import { EXPANSION_MAX } from './limits.ts';
import { NAME } from './markers.ts';
import type { Place } from './parameters.ts';
import { commandOutput } from './substitutions.ts';
import type { ArithmeticExpression, WordPart } from './syntax.ts';
import { setVariable } from './world.ts';

/** Reads the parts of a word; passed in, because words are made of arithmetic too. */
type ReadParts = (place: Place, parts: readonly WordPart[]) => unknown;

/** The code in an arithmetic expression, and the numbers it assigns. */
export function readArithmetic(
  place: Place,
  expression: ArithmeticExpression | undefined,
  readParts: ReadParts,
  depth = 0,
): void {
  if (expression === undefined || depth > EXPANSION_MAX || !takeStep(place.reader)) return;
  const next = (inner: ArithmeticExpression): void => readArithmetic(place, inner, readParts, depth + 1);
  switch (expression.type) {
    case 'ArithmeticBinary':
      if (/^[^=!<>]?.?=$/.test(expression.operator) && expression.left.type === 'ArithmeticWord') {
        place.world = setVariable(place.world, expression.left.value, NAME);
      }
      next(expression.left);
      next(expression.right);
      break;
    case 'ArithmeticUnary':
      next(expression.operand);
      break;
    case 'ArithmeticTernary':
      next(expression.test);
      next(expression.consequent);
      next(expression.alternate);
      break;
    case 'ArithmeticGroup':
      next(expression.expression);
      break;
    case 'ArithmeticWord':
      if (expression.parts) readParts(place, expression.parts);
      break;
    case 'ArithmeticCommandExpansion':
      commandOutput(place, expression.script);
  }
}
