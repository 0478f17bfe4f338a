/** Random functions of a file, which may call those before them. */
import type { Choices } from './choices.js';
import type { FunctionInfo, RandomFile, Region } from './region.js';
import { limit, type Named, type Shape } from './value.js';
import { writeExpression } from './write-expression.js';

interface Signature {
  /** `int` for a number known at compile time, called `m`. */
  readonly parameters: readonly (Shape | 'int')[];
  readonly result: Shape;
}

const SIGNATURES: readonly [Signature, ...Signature[]] = [
  { parameters: [['n']], result: ['n'] },
  { parameters: [['n'], 'int'], result: ['m'] },
  { parameters: [['n'], ['n']], result: [] },
  { parameters: [[]], result: [] },
  { parameters: [['n'], ['n', 'm']], result: ['m'] },
  { parameters: [['n', 'm']], result: ['m', 'n'] },
  { parameters: [['n'], 'int'], result: ['m', 'n'] },
  { parameters: [['n', 2]], result: ['n'] },
];

export function writeFunctions(file: RandomFile): void {
  const count = file.choices.pick([0, 1, 2, 3]);
  for (let index = 0; index < count; index += 1) writeFunction(file);
  if (file.choices.chance(30)) writeAlongLast(file);
}

/** What works along the last axis alone, whatever is in front of it. What is given may be drawn: nothing is compared. */
const ALONG_LAST: readonly [readonly [Shape, string], ...(readonly [Shape, string])[]] = [
  [['n'], 'tanh(dense(layer_norm(a), n))'],
  [['m'], 'dense(sigmoid(a), m, gain = 0.5)'],
  [['n'], 'softmax(a) - a'],
  [['n'], 'cumsum(sin(a))'],
  [['n'], 'where(sum([0, 1]) > 0.1, max(a, 0.1), a)'],
];

function writeAlongLast(file: RandomFile): void {
  const [result, value] = file.choices.pick(ALONG_LAST);
  const name = file.fresh('g');
  const hasSize = result[0] === 'm';
  file.declarations.push(
    `fn ${name}(a: real[..s, n]${hasSize ? ', m: int = n' : ''}) -> real[..s, ${String(result[0])}] { return ${value} }`,
  );
  file.functions.push({
    name,
    parameters: hasSize ? [['n'], 'int'] : [['n']],
    names: ['a', 'm'],
    defaultValue: undefined,
    result,
    hasLead: true,
    hasLayers: value.includes('dense'),
  });
}

function writeFunction(file: RandomFile): void {
  const { choices } = file;
  const { parameters, result } = choices.pick(SIGNATURES);
  const names = parameters.map((parameter, place) => (parameter === 'int' ? 'm' : (['a', 'b'][place] ?? 'c')));
  // What is given may be drawn: nothing is compared.
  const given = parameters.flatMap((shape, place): readonly Named[] =>
    shape === 'int'
      ? []
      : [{ text: names[place] ?? '', shape, element: 'real', size: 4, drawn: true, summed: false, plates: [] }],
  );
  const hasLayers = choices.chance(60);
  let region: Region = {
    file,
    names: given,
    plates: [],
    integers: parameters.includes('int') ? [{ name: 'm', low: 1, high: 9 }] : [],
    layers: hasLayers,
    global: false,
    comparesDraws: false,
    inFunction: true,
  };
  const [last, before] = [parameters.at(-1), parameters.slice(0, -1)];
  const defaultValue = before.length > 0 && choices.chance(50) ? defaultOf(last, before, choices) : undefined;
  const written = parameters.map((parameter, place) => {
    const type = parameter === 'int' ? 'int' : writeType(parameter);
    const head = `${names[place] ?? ''}: ${type}`;
    if (parameter !== last || defaultValue === undefined || place < before.length) return head;
    if (parameter === 'int') return `${head} = ${defaultValue}`;
    const seen: Region = { ...region, names: given.slice(0, place), integers: [] };
    return `${head} = ${limit(writeExpression(seen, parameter, 2), 4).text}`;
  });
  const body: string[] = [];
  const lets = choices.between(0, 2);
  for (let index = 0; index < lets; index += 1) {
    const shape = choices.pick([result, ['n'].filter(() => mentions(parameters, 'n')), []]);
    const value = writeExpression(region, shape, 2);
    const name = file.fresh('t');
    body.push(`  let ${name} = ${value.text}`);
    region = { ...region, names: [...region.names, { ...value, text: name, shape, element: 'real' }] };
  }
  const own = hasLayers && choices.chance(60) ? writeOwnParameter(file, parameters, result) : undefined;
  if (own !== undefined) {
    body.unshift(own.declaration);
    region = { ...region, names: [...region.names, own.named] };
  }
  const returned = limit(writeExpression(region, result, 3), 4);
  const name = file.fresh('f');
  file.declarations.push(
    [`fn ${name}(${written.join(', ')}) -> ${writeType(result)} {`, ...body, `  return ${returned.text}`, '}'].join(
      '\n',
    ),
  );
  const info: FunctionInfo = { name, parameters, names, defaultValue, result, hasLead: false, hasLayers };
  file.functions.push(info);
}

/** A `param` that each call of the function owns. */
function writeOwnParameter(
  file: RandomFile,
  parameters: Signature['parameters'],
  result: Shape,
): { readonly declaration: string; readonly named: Named } {
  const hasN = mentions(parameters, 'n');
  const shape = file.choices.pick([result, ['n', 2].filter(() => hasN), []]);
  const spread = hasN ? '1 / sqrt(n)' : '0.5';
  const initial = file.choices.pick([` = normal(0, ${spread})`, ' = 0.25', ' = ones', ` = uniform(-1, ${spread})`]);
  const name = file.fresh('w');
  const named: Named = { text: name, shape, element: 'real', size: 2.5, drawn: false, summed: false, plates: [] };
  return { declaration: `  param ${name}: ${writeType(shape)}${initial}`, named };
}

/** The default of the last parameter; its sizes are to be those of parameters before it. */
function defaultOf(
  last: Signature['parameters'][number] | undefined,
  before: Signature['parameters'],
  choices: Choices,
): FunctionInfo['defaultValue'] {
  if (last === 'int') return choices.between(1, 3);
  return last?.every((size) => typeof size === 'number' || mentions(before, size)) === true ? 'value' : undefined;
}

function mentions(parameters: Signature['parameters'], variable: string): boolean {
  return parameters.some((parameter) => parameter !== 'int' && parameter.includes(variable));
}

function writeType(shape: Shape): string {
  return shape.length === 0 ? 'real' : `real[${shape.join(', ')}]`;
}
