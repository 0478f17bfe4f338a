/* eslint-disable max-lines -- generated, one interface for each rule */
/**
 * The types of the concrete syntax tree, generated from the grammar: `UPDATE=1 npx vitest run test/cst.test.ts` and the
 * formatter write this file, and a test holds it to the grammar. Any child may be absent: it is optional, or recovery
 * has left it out.
 */
import type { CstNodeLocation, IToken } from 'chevrotain';

interface CstNode<Name extends string> {
  readonly name: Name;
  /** Offsets of the first and the last character; not numbers where the node is empty. */
  readonly location?: CstNodeLocation;
  /** Set where an error has cut the node short. */
  readonly recoveredNode?: boolean;
}

export interface RangeCst extends CstNode<'range'> {
  readonly children: {
    readonly DotDot?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
    readonly By?: readonly IToken[];
  };
}

export interface ExpressionCst extends CstNode<'expression'> {
  readonly children: {
    readonly operand?: readonly OperandCst[];
    readonly BinaryOperatorToken?: readonly IToken[];
  };
}

export interface OperandCst extends CstNode<'operand'> {
  readonly children: {
    readonly Minus?: readonly IToken[];
    readonly primary?: readonly PrimaryCst[];
  };
}

export interface PrimaryCst extends CstNode<'primary'> {
  readonly children: {
    readonly NumberLiteral?: readonly IToken[];
    readonly StringLiteral?: readonly IToken[];
    readonly reference?: readonly ReferenceCst[];
    readonly parenthesized?: readonly ParenthesizedCst[];
    readonly array?: readonly ArrayCst[];
    readonly conditional?: readonly ConditionalCst[];
    readonly indexing?: readonly IndexingCst[];
  };
}

export interface ReferenceCst extends CstNode<'reference'> {
  readonly children: {
    readonly Identifier?: readonly IToken[];
    readonly callArguments?: readonly CallArgumentsCst[];
  };
}

export interface CallArgumentsCst extends CstNode<'callArguments'> {
  readonly children: {
    readonly LeftParen?: readonly IToken[];
    readonly argument?: readonly ArgumentCst[];
    readonly Comma?: readonly IToken[];
    readonly strayInBrackets?: readonly StrayInBracketsCst[];
    readonly RightParen?: readonly IToken[];
  };
}

export interface ArgumentCst extends CstNode<'argument'> {
  readonly children: {
    readonly Identifier?: readonly IToken[];
    readonly ColonOrEquals?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface ParenthesizedCst extends CstNode<'parenthesized'> {
  readonly children: {
    readonly LeftParen?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
    readonly equality?: readonly EqualityCst[];
    readonly strayInBrackets?: readonly StrayInBracketsCst[];
    readonly RightParen?: readonly IToken[];
  };
}

export interface EqualityCst extends CstNode<'equality'> {
  readonly children: {
    readonly Equals?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface ArrayCst extends CstNode<'array'> {
  readonly children: {
    readonly LeftBracket?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
    readonly Comma?: readonly IToken[];
    readonly comprehension?: readonly ComprehensionCst[];
    readonly strayInBrackets?: readonly StrayInBracketsCst[];
    readonly RightBracket?: readonly IToken[];
  };
}

export interface ComprehensionCst extends CstNode<'comprehension'> {
  readonly children: {
    readonly ComprehensionFor?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly InOrEquals?: readonly IToken[];
    readonly range?: readonly RangeCst[];
  };
}

export interface ConditionalCst extends CstNode<'conditional'> {
  readonly children: {
    readonly If?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
    readonly equality?: readonly EqualityCst[];
    readonly Then?: readonly IToken[];
    readonly Else?: readonly IToken[];
  };
}

export interface IndexingCst extends CstNode<'indexing'> {
  readonly children: {
    readonly LeftBracket?: readonly IToken[];
    readonly range?: readonly RangeCst[];
    readonly Comma?: readonly IToken[];
    readonly strayInBrackets?: readonly StrayInBracketsCst[];
    readonly RightBracket?: readonly IToken[];
  };
}

export interface StrayInBracketsCst extends CstNode<'strayInBrackets'> {
  readonly children: {
    readonly StrayInBrackets?: readonly IToken[];
    readonly group?: readonly GroupCst[];
  };
}

export interface GroupCst extends CstNode<'group'> {
  readonly children: {
    readonly LeftParen?: readonly IToken[];
    readonly LeftBracket?: readonly IToken[];
    readonly LeftBrace?: readonly IToken[];
    readonly strayInBrackets?: readonly StrayInBracketsCst[];
    readonly RightParen?: readonly IToken[];
    readonly RightBracket?: readonly IToken[];
    readonly RightBrace?: readonly IToken[];
  };
}

export interface ModuleCst extends CstNode<'module'> {
  readonly children: {
    readonly declaration?: readonly DeclarationCst[];
    readonly statement?: readonly StatementCst[];
    readonly strayInModule?: readonly StrayInModuleCst[];
  };
}

export interface DeclarationCst extends CstNode<'declaration'> {
  readonly children: {
    readonly importDeclaration?: readonly ImportDeclarationCst[];
    readonly constDeclaration?: readonly ConstDeclarationCst[];
    readonly dataDeclaration?: readonly DataDeclarationCst[];
    readonly paramDeclaration?: readonly ParamDeclarationCst[];
    readonly fnDeclaration?: readonly FnDeclarationCst[];
    readonly blockDeclaration?: readonly BlockDeclarationCst[];
    readonly objectiveDeclaration?: readonly ObjectiveDeclarationCst[];
    readonly estimatorDeclaration?: readonly EstimatorDeclarationCst[];
    readonly trainDeclaration?: readonly TrainDeclarationCst[];
  };
}

export interface ImportDeclarationCst extends CstNode<'importDeclaration'> {
  readonly children: {
    readonly Import?: readonly IToken[];
    readonly StringLiteral?: readonly IToken[];
  };
}

export interface ConstDeclarationCst extends CstNode<'constDeclaration'> {
  readonly children: {
    readonly Const?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly annotation?: readonly AnnotationCst[];
    readonly EqualsOrTilde?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface DataDeclarationCst extends CstNode<'dataDeclaration'> {
  readonly children: {
    readonly Data?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly ColonOrEquals?: readonly IToken[];
    readonly type?: readonly TypeCst[];
  };
}

export interface ParamDeclarationCst extends CstNode<'paramDeclaration'> {
  readonly children: {
    readonly Param?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly ColonOrEquals?: readonly IToken[];
    readonly type?: readonly TypeCst[];
    readonly EqualsOrTilde?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface FnDeclarationCst extends CstNode<'fnDeclaration'> {
  readonly children: {
    readonly Fn?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly parameters?: readonly ParametersCst[];
    readonly Arrow?: readonly IToken[];
    readonly type?: readonly TypeCst[];
    readonly body?: readonly BodyCst[];
  };
}

export interface ParametersCst extends CstNode<'parameters'> {
  readonly children: {
    readonly LeftParen?: readonly IToken[];
    readonly parameter?: readonly ParameterCst[];
    readonly Comma?: readonly IToken[];
    readonly strayInBrackets?: readonly StrayInBracketsCst[];
    readonly RightParen?: readonly IToken[];
  };
}

export interface ParameterCst extends CstNode<'parameter'> {
  readonly children: {
    readonly Identifier?: readonly IToken[];
    readonly ColonOrEquals?: readonly IToken[];
    readonly type?: readonly TypeCst[];
    readonly defaultValue?: readonly DefaultValueCst[];
  };
}

export interface DefaultValueCst extends CstNode<'defaultValue'> {
  readonly children: {
    readonly EqualsOrTilde?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface BlockDeclarationCst extends CstNode<'blockDeclaration'> {
  readonly children: {
    readonly Model?: readonly IToken[];
    readonly Guide?: readonly IToken[];
    readonly body?: readonly BodyCst[];
  };
}

export interface ObjectiveDeclarationCst extends CstNode<'objectiveDeclaration'> {
  readonly children: {
    readonly Maximize?: readonly IToken[];
    readonly Minimize?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface EstimatorDeclarationCst extends CstNode<'estimatorDeclaration'> {
  readonly children: {
    readonly Estimator?: readonly IToken[];
    readonly reference?: readonly ReferenceCst[];
  };
}

export interface TrainDeclarationCst extends CstNode<'trainDeclaration'> {
  readonly children: {
    readonly Train?: readonly IToken[];
    readonly settings?: readonly SettingsCst[];
  };
}

export interface SettingsCst extends CstNode<'settings'> {
  readonly children: {
    readonly LeftBrace?: readonly IToken[];
    readonly trainEntry?: readonly TrainEntryCst[];
    readonly strayInTrain?: readonly StrayInTrainCst[];
    readonly RightBrace?: readonly IToken[];
  };
}

export interface TrainEntryCst extends CstNode<'trainEntry'> {
  readonly children: {
    readonly Data?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly LeadingName?: readonly IToken[];
    readonly ColonOrEquals?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface AnnotationCst extends CstNode<'annotation'> {
  readonly children: {
    readonly Colon?: readonly IToken[];
    readonly type?: readonly TypeCst[];
  };
}

export interface TypeCst extends CstNode<'type'> {
  readonly children: {
    readonly Identifier?: readonly IToken[];
    readonly indexing?: readonly IndexingCst[];
  };
}

export interface BodyCst extends CstNode<'body'> {
  readonly children: {
    readonly LeftBrace?: readonly IToken[];
    readonly statement?: readonly StatementCst[];
    readonly declaration?: readonly DeclarationCst[];
    readonly strayInBlock?: readonly StrayInBlockCst[];
    readonly RightBrace?: readonly IToken[];
  };
}

export interface StatementCst extends CstNode<'statement'> {
  readonly children: {
    readonly sampleStatement?: readonly SampleStatementCst[];
    readonly letStatement?: readonly LetStatementCst[];
    readonly forStatement?: readonly ForStatementCst[];
    readonly plateStatement?: readonly PlateStatementCst[];
    readonly returnStatement?: readonly ReturnStatementCst[];
  };
}

export interface SampleStatementCst extends CstNode<'sampleStatement'> {
  readonly children: {
    readonly LeadingName?: readonly IToken[];
    readonly indexing?: readonly IndexingCst[];
    readonly annotation?: readonly AnnotationCst[];
    readonly EqualsOrTilde?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
    readonly Via?: readonly IToken[];
    readonly reference?: readonly ReferenceCst[];
  };
}

export interface LetStatementCst extends CstNode<'letStatement'> {
  readonly children: {
    readonly Let?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly annotation?: readonly AnnotationCst[];
    readonly EqualsOrTilde?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface ForStatementCst extends CstNode<'forStatement'> {
  readonly children: {
    readonly For?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly InOrEquals?: readonly IToken[];
    readonly range?: readonly RangeCst[];
    readonly body?: readonly BodyCst[];
  };
}

export interface PlateStatementCst extends CstNode<'plateStatement'> {
  readonly children: {
    readonly Plate?: readonly IToken[];
    readonly Identifier?: readonly IToken[];
    readonly InOrEquals?: readonly IToken[];
    readonly range?: readonly RangeCst[];
    readonly body?: readonly BodyCst[];
  };
}

export interface ReturnStatementCst extends CstNode<'returnStatement'> {
  readonly children: {
    readonly Return?: readonly IToken[];
    readonly expression?: readonly ExpressionCst[];
  };
}

export interface StrayInBlockCst extends CstNode<'strayInBlock'> {
  readonly children: {
    readonly StrayInBlock?: readonly IToken[];
    readonly group?: readonly GroupCst[];
  };
}

export interface StrayInTrainCst extends CstNode<'strayInTrain'> {
  readonly children: {
    readonly StrayInTrain?: readonly IToken[];
    readonly group?: readonly GroupCst[];
  };
}

export interface StrayInModuleCst extends CstNode<'strayInModule'> {
  readonly children: {
    readonly StrayInModule?: readonly IToken[];
    readonly group?: readonly GroupCst[];
  };
}
