/**
 * The grammar: tokens → concrete syntax tree. It takes more than the language: whatever may be missing is optional, a
 * wrong sign may stand for the right one, and what fits nowhere is collected as `stray`. So it takes any text, and the
 * builder of the syntax tree reports what is wrong, in the words of the language and with the rest of the text intact.
 *
 * Requires balanced brackets, and names that begin statements marked (`LeadingName`).
 */
import { ExpressionParser, type Rule } from './expression-parser.js';
import { FirstTokenStrategy } from './first-tokens.js';
import * as token from './tokens.js';

export interface ParserOptions {
  readonly validates?: boolean;
  /** Whether there is a tree where the text does not fit the grammar. */
  readonly recovers?: boolean;
}

export class SbnParser extends ExpressionParser {
  /**
   * The grammar is the same in every run: that it is sound is for a test to ask, not for each start. To get ready for recovery takes
   * a third of the time, and a grammar that takes any text has no use for it, unless that should ever not be so.
   */
  constructor({ validates = false, recovers = true }: ParserOptions = {}) {
    super(token.VOCABULARY, {
      recoveryEnabled: recovers,
      maxLookahead: 1,
      lookaheadStrategy: new FirstTokenStrategy({ maxLookahead: 1 }),
      nodeLocationTracking: 'onlyOffset',
      skipValidations: !validates,
    });
    this.performSelfAnalysis();
  }

  readonly module: Rule = this.RULE('module', () => {
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.declaration) },
        { ALT: () => this.SUBRULE(this.statement) },
        { ALT: () => this.SUBRULE(this.strayInModule) },
      ]);
    });
  });

  private readonly declaration: Rule = this.RULE('declaration', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.constDeclaration) },
      { ALT: () => this.SUBRULE(this.dataDeclaration) },
      { ALT: () => this.SUBRULE(this.paramDeclaration) },
      { ALT: () => this.SUBRULE(this.fnDeclaration) },
      { ALT: () => this.SUBRULE(this.blockDeclaration) },
      { ALT: () => this.SUBRULE(this.objectiveDeclaration) },
      { ALT: () => this.SUBRULE(this.estimatorDeclaration) },
      { ALT: () => this.SUBRULE(this.trainDeclaration) },
    ]);
  });

  private readonly importDeclaration: Rule = this.RULE('importDeclaration', () => {
    this.CONSUME(token.Import);
    this.OPTION(() => this.CONSUME(token.StringLiteral));
  });

  private readonly constDeclaration: Rule = this.RULE('constDeclaration', () => {
    this.CONSUME(token.Const);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.SUBRULE(this.annotation));
    this.OPTION3(() => this.CONSUME(token.EqualsOrTilde));
    this.OPTION4(() => this.SUBRULE(this.expression));
  });

  private readonly dataDeclaration: Rule = this.RULE('dataDeclaration', () => {
    this.CONSUME(token.Data);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.CONSUME(token.ColonOrEquals));
    this.OPTION3(() => this.SUBRULE(this.type));
  });

  private readonly paramDeclaration: Rule = this.RULE('paramDeclaration', () => {
    this.CONSUME(token.Param);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.CONSUME(token.ColonOrEquals));
    this.OPTION3(() => this.SUBRULE(this.type));
    this.OPTION4(() => {
      this.CONSUME(token.EqualsOrTilde);
      this.OPTION5(() => this.SUBRULE(this.expression));
    });
  });

  private readonly fnDeclaration: Rule = this.RULE('fnDeclaration', () => {
    this.CONSUME(token.Fn);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.SUBRULE(this.parameters));
    this.OPTION3(() => this.CONSUME(token.Arrow));
    this.OPTION4(() => this.SUBRULE(this.type));
    this.OPTION5(() => this.SUBRULE(this.body));
  });

  private readonly parameters: Rule = this.RULE('parameters', () => {
    this.CONSUME(token.LeftParen);
    this.commaSeparated(this.parameter);
    this.OPTION3(() => this.SUBRULE(this.strayInBrackets));
    this.CONSUME(token.RightParen);
  });

  private readonly parameter: Rule = this.RULE('parameter', () => {
    this.CONSUME(token.Identifier);
    this.OPTION(() => this.CONSUME(token.ColonOrEquals));
    this.OPTION2(() => this.SUBRULE(this.type));
    this.OPTION3(() => this.SUBRULE(this.defaultValue));
  });

  private readonly defaultValue: Rule = this.RULE('defaultValue', () => {
    this.CONSUME(token.EqualsOrTilde);
    this.OPTION(() => this.SUBRULE(this.expression));
  });

  private readonly blockDeclaration: Rule = this.RULE('blockDeclaration', () => {
    this.OR([{ ALT: () => this.CONSUME(token.Model) }, { ALT: () => this.CONSUME(token.Guide) }]);
    this.OPTION(() => this.SUBRULE(this.body));
  });

  private readonly objectiveDeclaration: Rule = this.RULE('objectiveDeclaration', () => {
    this.OR([{ ALT: () => this.CONSUME(token.Maximize) }, { ALT: () => this.CONSUME(token.Minimize) }]);
    this.OPTION(() => this.SUBRULE(this.expression));
  });

  private readonly estimatorDeclaration: Rule = this.RULE('estimatorDeclaration', () => {
    this.CONSUME(token.Estimator);
    this.OPTION(() => this.SUBRULE(this.reference));
  });

  private readonly trainDeclaration: Rule = this.RULE('trainDeclaration', () => {
    this.CONSUME(token.Train);
    this.OPTION(() => this.SUBRULE(this.settings));
  });

  private readonly settings: Rule = this.RULE('settings', () => {
    this.CONSUME(token.LeftBrace);
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.trainEntry) }, { ALT: () => this.SUBRULE(this.strayInTrain) }]);
    });
    this.CONSUME(token.RightBrace);
  });

  private readonly trainEntry: Rule = this.RULE('trainEntry', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(token.Data);
          this.OPTION(() => this.CONSUME(token.Identifier));
        },
      },
      { ALT: () => this.CONSUME(token.LeadingName) },
    ]);
    this.OPTION2(() => this.CONSUME(token.ColonOrEquals));
    this.OPTION3(() => this.SUBRULE(this.expression));
  });

  private readonly annotation: Rule = this.RULE('annotation', () => {
    this.CONSUME(token.Colon);
    this.OPTION(() => this.SUBRULE(this.type));
  });

  private readonly type: Rule = this.RULE('type', () => {
    this.CONSUME(token.Identifier);
    this.OPTION(() => this.SUBRULE(this.indexing));
  });

  private readonly body: Rule = this.RULE('body', () => {
    this.CONSUME(token.LeftBrace);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.statement) },
        { ALT: () => this.SUBRULE(this.declaration) },
        { ALT: () => this.SUBRULE(this.strayInBlock) },
      ]);
    });
    this.CONSUME(token.RightBrace);
  });

  private readonly statement: Rule = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.sampleStatement) },
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.forStatement) },
      { ALT: () => this.SUBRULE(this.plateStatement) },
      { ALT: () => this.SUBRULE(this.returnStatement) },
    ]);
  });

  private readonly sampleStatement: Rule = this.RULE('sampleStatement', () => {
    this.CONSUME(token.LeadingName);
    this.OPTION(() => this.SUBRULE(this.indexing));
    this.OPTION6(() => this.SUBRULE(this.annotation));
    this.OPTION2(() => this.CONSUME(token.EqualsOrTilde));
    this.OPTION3(() => this.SUBRULE(this.expression));
    this.OPTION4(() => {
      this.CONSUME(token.Via);
      this.OPTION5(() => this.SUBRULE(this.reference));
    });
  });

  private readonly letStatement: Rule = this.RULE('letStatement', () => {
    this.CONSUME(token.Let);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.SUBRULE(this.annotation));
    this.OPTION3(() => this.CONSUME(token.EqualsOrTilde));
    this.OPTION4(() => this.SUBRULE(this.expression));
  });

  private readonly forStatement: Rule = this.RULE('forStatement', () => {
    this.CONSUME(token.For);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.CONSUME(token.InOrEquals));
    this.OPTION3(() => this.SUBRULE(this.range));
    this.OPTION4(() => this.SUBRULE2(this.range));
    this.OPTION5(() => this.SUBRULE(this.body));
  });

  private readonly plateStatement: Rule = this.RULE('plateStatement', () => {
    this.CONSUME(token.Plate);
    this.OPTION(() => this.CONSUME(token.Identifier));
    this.OPTION2(() => this.CONSUME(token.InOrEquals));
    this.OPTION3(() => this.SUBRULE(this.range));
    this.OPTION4(() => this.SUBRULE2(this.range));
    this.OPTION5(() => this.SUBRULE(this.body));
  });

  private readonly returnStatement: Rule = this.RULE('returnStatement', () => {
    this.CONSUME(token.Return);
    this.OPTION(() => this.SUBRULE(this.expression));
  });

  private readonly strayInBlock: Rule = this.strayRule('strayInBlock', token.StrayInBlock);
  private readonly strayInTrain: Rule = this.strayRule('strayInTrain', token.StrayInTrain);
  private readonly strayInModule: Rule = this.strayRule('strayInModule', token.StrayInModule);
}
