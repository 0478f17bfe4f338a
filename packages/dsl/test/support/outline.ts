import type {
  Declaration,
  Expression,
  Identifier,
  IndexExpression,
  Module,
  Statement,
  TypeExpression,
} from '../../src/index.js';

type Index = IndexExpression['indices'][number];

/** An expression as nested lists, operators first: `(+ a (* b 2))`. */
export function outlineExpression(expression: Index): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'string':
      return JSON.stringify(expression.value);
    case 'name':
      return expression.name;
    case 'unary':
      return list(expression.operator, outlineExpression(expression.operand));
    case 'binary':
      return list(expression.operator, outlineExpression(expression.left), outlineExpression(expression.right));
    case 'call': {
      const named = expression.named.map(({ name, value }) => `${name.name}=${outlineExpression(value)}`);
      return list(expression.callee.name, ...expression.positional.map(outlineExpression), ...named);
    }
    case 'index':
      return list('at', outlineExpression(expression.target), ...expression.indices.map(outlineExpression));
    case 'if':
      return list(
        'if',
        ...[expression.condition, expression.consequent, expression.alternative].map(outlineExpression),
      );
    case 'array':
      return list('array', ...expression.items.map(outlineExpression));
    case 'comprehension':
      return list(
        'each',
        outlineExpression(expression.item),
        expression.variable.name,
        outlineExpression(expression.range),
      );
    case 'range': {
      const ends = [expression.from, expression.to, ...(expression.step === undefined ? [] : [expression.step])];
      return list('range', ...ends.map(outlineExpression));
    }
    case 'whole':
      return '..';
  }
}

/** A module, one line for each declaration, statement and comment. */
export function outlineModule(module: Module): string {
  const lines = module.declarations.flatMap(outlineDeclaration);
  return [...outlineDoc(module.doc, '//!'), ...lines].map((line) => `${line}\n`).join('');
}

function list(head: string, ...items: readonly string[]): string {
  return `(${[head, ...items].join(' ')})`;
}

function outlineDoc(doc: string | undefined, mark: string): readonly string[] {
  return doc === undefined ? [] : doc.split('\n').map((line) => `${mark} ${line}`);
}

function outlineType({ element, lead, dimensions }: TypeExpression): string {
  const leading = lead === undefined ? [] : [`..${lead.name}`];
  return list('type', element.name, ...leading, ...dimensions.map(outlineExpression));
}

function outlineDeclaration(declaration: Declaration): readonly string[] {
  const doc = outlineDoc(declaration.doc, '///');
  switch (declaration.kind) {
    case 'import':
      return [...doc, list('import', JSON.stringify(declaration.path))];
    case 'const':
      return [...doc, list('const', declaration.name.name, outlineExpression(declaration.value))];
    case 'data':
      return [...doc, list('data', declaration.name.name, outlineType(declaration.type))];
    case 'param': {
      const { name, type, initializer } = declaration;
      const value = initializer === undefined ? [] : [outlineExpression(initializer)];
      return [...doc, list('param', name.name, outlineType(type), ...value)];
    }
    case 'fn': {
      const parameters = declaration.parameters.map(({ name, type, defaultValue }) => {
        const value = defaultValue === undefined ? [] : [outlineExpression(defaultValue)];
        return list(name.name, outlineType(type), ...value);
      });
      const head = list('fn', declaration.name.name, ...parameters, outlineType(declaration.result));
      return [...doc, head, ...outlineBody(declaration.body)];
    }
    case 'block':
      return [...doc, list(declaration.role), ...outlineBody(declaration.body)];
    case 'objective':
      return [...doc, list(declaration.direction, outlineExpression(declaration.value))];
    case 'estimator':
      return [...doc, list('estimator', outlineExpression(declaration.estimator))];
    case 'train':
      return [
        ...doc,
        list('train'),
        ...declaration.entries.map(({ key, dataName, value }) => {
          const words = dataName === undefined ? [key.name] : [key.name, dataName.name];
          return `  ${list('set', ...words, outlineExpression(value))}`;
        }),
      ];
  }
}

function outlineBody(body: readonly Statement[]): readonly string[] {
  return body.flatMap((statement) => outlineStatement(statement).map((line) => `  ${line}`));
}

function outlineStatement(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'sample': {
      const { name, indices, type, distribution, via } = statement;
      const by = via === undefined ? [] : [list('via', outlineExpression(via))];
      const target = indices.length === 0 ? name.name : list('at', name.name, ...indices.map(outlineExpression));
      const typed = type === undefined ? [target] : [target, outlineType(type)];
      return [...outlineDoc(statement.doc, '///'), list('~', ...typed, outlineExpression(distribution), ...by)];
    }
    case 'param':
      return outlineDeclaration(statement);
    case 'let':
      return [...outlineDoc(statement.doc, '///'), bind('let', statement.name, statement.value)];
    case 'return':
      return [list('return', outlineExpression(statement.value))];
    case 'for':
      return [list('for', statement.variable.name, outlineExpression(statement.range)), ...outlineBody(statement.body)];
    case 'plate':
      return [bind('plate', statement.variable, statement.size), ...outlineBody(statement.body)];
  }
}

function bind(head: string, name: Identifier, value: Expression): string {
  return list(head, name.name, outlineExpression(value));
}
