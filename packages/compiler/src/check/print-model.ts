/** The typed model as text, one line for each thing: what `--emit model` shows, and what golden files hold. */
import { assertNever, type Initializer, type TrainDefaults } from '@sbn/program';
import type {
  EstimatorRequest,
  Operation,
  TypedExpression,
  TypedModel,
  TypedObjective,
  TypedStatement,
} from '../typed-model.js';
import { formatType } from './value-types.js';

export function printModel(model: TypedModel): string {
  const lines = [
    ...Object.entries(model.constants).map(([name, value]) => `const ${name} = ${value}`),
    ...model.data.map((data) => `data ${data.name}: ${formatType(data)}`),
    ...model.parameters.map(
      ({ name, shape, initializer }) =>
        `param ${name}: ${formatType({ element: { kind: 'real' }, shape })} = ${printInitializer(initializer)}`,
    ),
    'model',
    ...model.model.map((statement) => `  ${printStatement(statement)}`),
    ...(model.guide === undefined
      ? []
      : ['guide', ...model.guide.map((statement) => `  ${printStatement(statement)}`)]),
    printObjective(model.objective),
    ...(model.estimator === undefined ? [] : [`estimator ${printEstimator(model.estimator)}`]),
    ...printTrain(model.train),
  ];
  return `${lines.join('\n')}\n`;
}

function printInitializer(initializer: Initializer): string {
  switch (initializer.kind) {
    case 'fill':
      return String(initializer.value);
    case 'normal':
      return `normal(${initializer.mean}, ${initializer.standardDeviation})`;
    case 'uniform':
      return `uniform(${initializer.low}, ${initializer.high})`;
    default:
      return assertNever(initializer);
  }
}

/** `h1: binary[200] ~ bernoulli(logits = …)`; observed data stand without a type, as their declaration has it. */
function printStatement(statement: TypedStatement): string {
  if (statement.kind === 'binding') {
    return `let ${statement.id}: ${formatType(statement.value.type)} = ${printExpression(statement.value)}`;
  }
  const { id, role, type, distribution, parameters, via } = statement;
  const plates = statement.plates.map(({ variable, size }) => `plate ${variable} in ${size} `).join('');
  const left = `${plates}${role === 'observed' ? `observe ${id}` : `${id}: ${formatType(type)}`}`;
  const written = Object.entries(parameters).map(([name, value]) => `${name} = ${printExpression(value)}`);
  return `${left} ~ ${distribution}(${written.join(', ')})${via === undefined ? '' : ` via ${printEstimator(via)}`}`;
}

function printEstimator({ name, options }: EstimatorRequest): string {
  if (options.size === 0) return name;
  return `${name}(${[...options].map(([option, { value }]) => `${option} = ${value}`).join(', ')})`;
}

/** In the form of calls, with what an operation knows besides its operands in brackets behind its name. */
function printExpression(expression: TypedExpression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'array':
      return `array[${expression.type.shape.join(', ')}](${expression.values.join(', ')})`;
    case 'data':
    case 'parameter':
      return expression.name;
    case 'site':
    case 'binding':
      return expression.id;
    case 'apply':
      return `${printOperation(expression.operation)}(${expression.args.map(printExpression).join(', ')})`;
    default:
      return assertNever(expression);
  }
}

function printOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'unary':
    case 'binary':
    case 'normalize':
    case 'special':
      return operation.name;
    case 'reduce':
      return `${operation.name}[${operation.axes.join(', ')}]`;
    case 'reshape':
      return `reshape[${operation.shape.join(', ')}]`;
    case 'transpose':
      return `transpose[${operation.permutation.join(', ')}]`;
    case 'element':
      return `element[${operation.plate.variable}, axis ${operation.axis}]`;
    case 'concat':
    case 'cumsum':
      return `${operation.kind}[${operation.axis}]`;
    case 'patches': {
      const { kernel, stride, before, count } = operation;
      return `patches[${kernel} by ${stride} from -${before.join(', -')} to ${count.join(' x ')}]`;
    }
    case 'slice': {
      const { begin, size, step, drop } = operation;
      const parts = size.map((length, axis) => {
        const first = begin[axis] ?? 0;
        const stride = step[axis] ?? 1;
        const by = stride === 1 ? '' : ` by ${stride}`;
        return drop.includes(axis) ? String(first) : `${first}..${first + (length - 1) * stride}${by}`;
      });
      return `slice[${parts.join(', ')}]`;
    }
    case 'matmul':
    case 'contract':
    case 'mix':
    case 'select':
    case 'detach':
      return operation.kind;
    default:
      return assertNever(operation);
  }
}

function printObjective(objective: TypedObjective): string {
  if (objective.kind === 'bound') {
    return `maximize ${objective.name}${objective.name === 'iwae' ? `(${objective.draws})` : ''}`;
  }
  return `${objective.direction} ${printExpression(objective.value)}`;
}

function printTrain({ data, optimizer, batch, epochs, steps, seed }: TrainDefaults): readonly string[] {
  const call = (name: string, options: Readonly<Record<string, string | number>>): string =>
    `${name}(${Object.entries(options)
      .map(([option, value]) => `${option} = ${value}`)
      .join(', ')})`;
  const numbers = Object.entries({ batch, epochs, steps, seed });
  return [
    ...Object.entries(data).map(([name, source]) => `train data ${name} = ${call(source.name, source.options)}`),
    ...(optimizer === undefined ? [] : [`train optimizer = ${call(optimizer.name, optimizer.options)}`]),
    ...numbers.flatMap(([name, value]) => (value === undefined ? [] : [`train ${name} = ${value}`])),
  ];
}
