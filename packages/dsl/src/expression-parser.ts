/** The grammar of expressions, and of what they share with statements: see parser.ts. */
import type { CstNode, ParserMethod, TokenType } from 'chevrotain';
import { CstParser } from './chevrotain.js';
import * as token from './tokens.js';

export type Rule = ParserMethod<[], CstNode>;

export abstract class ExpressionParser extends CstParser {
  /** Also a single number, and half of a range: which of them a place takes, the builder knows. */
  protected readonly range: Rule = this.RULE('range', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(token.DotDot);
          this.OPTION(() => this.SUBRULE(this.expression));
        },
      },
      {
        ALT: () => {
          this.SUBRULE2(this.expression);
          this.OPTION2(() => {
            this.CONSUME2(token.DotDot);
            this.OPTION3(() => this.SUBRULE3(this.expression));
          });
        },
      },
    ]);
    this.OPTION4(() => {
      this.CONSUME(token.By);
      this.OPTION5(() => this.SUBRULE4(this.expression));
    });
  });

  /** Operands and operators in a row; precedence is the builder's, as it makes flat trees fast and shallow here. */
  protected readonly expression: Rule = this.RULE('expression', () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.CONSUME(token.BinaryOperatorToken);
      this.OPTION(() => this.SUBRULE2(this.operand));
    });
  });

  protected readonly operand: Rule = this.RULE('operand', () => {
    this.OR([
      {
        ALT: () => {
          this.AT_LEAST_ONE(() => this.CONSUME(token.Minus));
          this.OPTION(() => this.SUBRULE(this.primary));
        },
      },
      { ALT: () => this.SUBRULE2(this.primary) },
    ]);
  });

  protected readonly primary: Rule = this.RULE('primary', () => {
    this.OR([
      { ALT: () => this.CONSUME(token.NumberLiteral) },
      { ALT: () => this.CONSUME(token.StringLiteral) },
      { ALT: () => this.SUBRULE(this.reference) },
      { ALT: () => this.SUBRULE(this.parenthesized) },
      { ALT: () => this.SUBRULE(this.array) },
      { ALT: () => this.SUBRULE(this.conditional) },
    ]);
    this.MANY(() => this.SUBRULE(this.indexing));
  });

  /** A name, or a call: also an estimator, which is no expression. */
  protected readonly reference: Rule = this.RULE('reference', () => {
    this.CONSUME(token.Identifier);
    this.OPTION(() => this.SUBRULE(this.callArguments));
  });

  protected readonly callArguments: Rule = this.RULE('callArguments', () => {
    this.CONSUME(token.LeftParen);
    this.commaSeparated(this.argument);
    this.OPTION3(() => this.SUBRULE(this.strayInBrackets));
    this.CONSUME(token.RightParen);
  });

  protected readonly argument: Rule = this.RULE('argument', () => {
    this.OR({
      // The only place where one token does not tell: `a` may be the name of an argument or its value.
      MAX_LOOKAHEAD: 2,
      DEF: [
        {
          ALT: () => {
            this.CONSUME(token.Identifier);
            this.CONSUME(token.ColonOrEquals);
            this.OPTION(() => this.SUBRULE(this.expression));
          },
        },
        { ALT: () => this.SUBRULE2(this.expression) },
      ],
    });
  });

  protected readonly parenthesized: Rule = this.RULE('parenthesized', () => {
    this.CONSUME(token.LeftParen);
    this.OPTION(() => this.SUBRULE(this.expression));
    this.OPTION2(() => this.SUBRULE(this.equality));
    this.OPTION3(() => this.SUBRULE(this.strayInBrackets));
    this.CONSUME(token.RightParen);
  });

  /** `= b` where `== b` is meant. */
  protected readonly equality: Rule = this.RULE('equality', () => {
    this.CONSUME(token.Equals);
    this.OPTION(() => this.SUBRULE(this.expression));
  });

  protected readonly array: Rule = this.RULE('array', () => {
    this.CONSUME(token.LeftBracket);
    this.commaSeparated(this.expression);
    this.OPTION3(() => this.SUBRULE(this.comprehension));
    this.OPTION4(() => this.SUBRULE(this.strayInBrackets));
    this.CONSUME(token.RightBracket);
  });

  protected readonly comprehension: Rule = this.RULE('comprehension', () => {
    this.CONSUME(token.ComprehensionFor);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.CONSUME(token.InOrEquals));
    this.OPTION3(() => this.SUBRULE(this.range));
    this.OPTION4(() => this.SUBRULE2(this.range));
  });

  protected readonly conditional: Rule = this.RULE('conditional', () => {
    this.CONSUME(token.If);
    this.OPTION(() => this.SUBRULE(this.expression));
    this.OPTION2(() => this.SUBRULE(this.equality));
    this.OPTION3(() => this.CONSUME(token.Then));
    this.OPTION4(() => this.SUBRULE2(this.expression));
    this.OPTION5(() => this.CONSUME(token.Else));
    this.OPTION6(() => this.SUBRULE3(this.expression));
  });

  /** `[ … ]` after what is indexed, after the name of a site, and after the name of a type. */
  protected readonly indexing: Rule = this.RULE('indexing', () => {
    this.CONSUME(token.LeftBracket);
    this.commaSeparated(this.range);
    this.OPTION3(() => this.SUBRULE(this.strayInBrackets));
    this.CONSUME(token.RightBracket);
  });

  protected readonly strayInBrackets: Rule = this.strayRule('strayInBrackets', token.StrayInBrackets);

  protected readonly group: Rule = this.RULE('group', () => {
    this.OR([
      { ALT: () => this.CONSUME(token.LeftParen) },
      { ALT: () => this.CONSUME(token.LeftBracket) },
      { ALT: () => this.CONSUME(token.LeftBrace) },
    ]);
    this.OPTION(() => this.SUBRULE(this.strayInBrackets));
    this.OR2([
      { ALT: () => this.CONSUME(token.RightParen) },
      { ALT: () => this.CONSUME(token.RightBracket) },
      { ALT: () => this.CONSUME(token.RightBrace) },
    ]);
  });

  /** A piece of text that fits nowhere, up to where something can begin; brackets are passed over with their contents. */
  protected strayRule(name: string, stray: TokenType): Rule {
    return this.RULE(name, () => {
      this.AT_LEAST_ONE(() => {
        this.OR([{ ALT: () => this.CONSUME(stray) }, { ALT: () => this.SUBRULE(this.group) }]);
      });
    });
  }

  /** Items with commas between them, though one or the other may be missing. Uses the first numbers of each kind. */
  protected commaSeparated(item: Rule): void {
    this.OPTION(() => this.SUBRULE(item));
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(token.Comma);
            this.OPTION2(() => this.SUBRULE2(item));
          },
        },
        { ALT: () => this.SUBRULE3(item) },
      ]);
    });
  }
}
