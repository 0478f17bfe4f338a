/** What every typed model must satisfy, whatever it came from. */
import { expect } from 'vitest';
import type { TypedExpression, TypedModel, TypedStatement, ValueType } from '../../src/typed-model.js';

/** Names are unique, values are defined before they are used, and every use has the type of its definition. */
export function expectConsistent(model: TypedModel): void {
  const parameters = new Map(model.parameters.map(({ name, shape }) => [name, shape]));
  expect(parameters.size).toBe(model.parameters.length);
  const data = new Map(model.data.map((port) => [port.name, port]));
  expect(data.size).toBe(model.data.length);

  const visit = (expression: TypedExpression, defined: ReadonlyMap<string, ValueType>): void => {
    const { type } = expression;
    const isWhole = (size: number): boolean => Number.isSafeInteger(size) && size > 0;
    expect(type.shape.every(isWhole)).toBe(true);
    if (type.element.kind === 'onehot') expect(type.shape.at(-1)).toBe(type.element.classes);
    switch (expression.kind) {
      case 'parameter':
        expect(type.shape).toEqual(parameters.get(expression.name));
        expect(type.batched).toBe(false);
        break;
      case 'data':
        expect(type.shape).toEqual(data.get(expression.name)?.shape);
        expect(type.batched).toBe(true);
        break;
      case 'site':
      case 'binding':
        expect(type).toEqual(defined.get(expression.id));
        break;
      case 'array':
        expect(expression.values).toHaveLength(type.shape.reduce((product, size) => product * size, 1));
        break;
      case 'number':
        expect(Number.isFinite(expression.value)).toBe(true);
        break;
      case 'apply':
        expect(type.batched).toBe(expression.args.some((arg) => arg.type.batched));
        for (const arg of expression.args) visit(arg, defined);
        break;
    }
  };

  const visitBlock = (statements: readonly TypedStatement[]): Map<string, ValueType> => {
    const defined = new Map<string, ValueType>();
    for (const [place, statement] of statements.entries()) {
      expect(defined.has(statement.id)).toBe(false);
      // A site may be read in its own distribution, and in what is computed for that.
      const site = statements.slice(place).find(({ kind }) => kind === 'site');
      const known = site?.kind === 'site' ? new Map([...defined, [site.id, site.type]]) : defined;
      if (statement.kind === 'binding') visit(statement.value, known);
      else for (const value of Object.values(statement.parameters)) visit(value, known);
      defined.set(statement.id, statement.kind === 'binding' ? statement.value.type : statement.type);
    }
    return defined;
  };

  const defined = visitBlock(model.model);
  if (model.guide !== undefined) visitBlock(model.guide);
  if (model.objective.kind === 'cost') {
    expect(model.objective.value.type.shape).toEqual([]);
    visit(model.objective.value, defined);
  }
}
