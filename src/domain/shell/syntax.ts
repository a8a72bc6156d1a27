// The one place that names the parser: types only, so that floor 0 runs without it.
import type * as unbash from 'unbash';

export type AndOr = unbash.AndOr;
export type ArithmeticExpression = unbash.ArithmeticExpression;
export type Assignment = unbash.Assignment;
export type Case = unbash.Case;
export type Command = unbash.Command;
export type CompoundList = unbash.CompoundList;
export type For = unbash.For;
export type FunctionNode = unbash.Function;
export type HereDoc = unbash.HereDoc;
export type If = unbash.If;
export type ParameterExpansionPart = unbash.ParameterExpansionPart;
export type ParameterOperation = unbash.ParameterOperation;
export type ParsedScript = unbash.ParsedScript;
export type Pipeline = unbash.Pipeline;
export type PipelineNode = unbash.PipelineNode;
export type Redirect = unbash.Redirect;
export type Redirection = unbash.Redirection;
export type Select = unbash.Select;
export type Statement = unbash.Statement;
export type TestExpression = unbash.TestExpression;
export type While = unbash.While;
export type Word = unbash.Word;
export type WordPart = unbash.WordPart;
