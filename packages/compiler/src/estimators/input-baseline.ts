import { BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';
import { elementsOf, leadOf } from '../elements.js';
import type { Auxiliary, ExpansionContext } from './estimator.js';

/** Units of the hidden layer (MuProp, section 5). */
const HIDDEN = 100;

/**
 * The input-dependent baseline ("IDB": Mnih and Gregor 2014; MuProp, section 4): a network of one hidden layer of tanh
 * units on the data and on the values of the latent sites that are not downstream, with an output for each element `[m·B]`, trained by the squared signal
 * that is left. Its last layer starts at zero, so that it starts as no baseline at all.
 */
export function emitInputBaseline(
  context: ExpansionContext,
  centred: ValueId,
): { readonly baseline: ValueId; readonly auxiliary: Auxiliary } | undefined {
  const { builder, site } = context;
  const input = emitNonDescendants(context);
  if (input === undefined) return undefined;
  const width = widthOf(builder, input);
  const name = (part: string): string => `${site.id}.baseline.${part}`;
  const zeros = { kind: 'fill', value: 0 } as const;
  const spread = { kind: 'normal', mean: 0, standardDeviation: 1 / Math.sqrt(width) } as const;
  const parameters = [
    { name: name('hidden.weight'), shape: [width, HIDDEN], initializer: spread },
    { name: name('hidden.bias'), shape: [HIDDEN], initializer: zeros },
    { name: name('output.weight'), shape: [HIDDEN, site.elements], initializer: zeros },
    { name: name('output.bias'), shape: [site.elements], initializer: zeros },
  ] as const;
  const [hiddenWeight, hiddenBias, outputWeight, outputBias] = parameters;
  const declare = (parameter: (typeof parameters)[number]): ValueId =>
    builder.input('parameter', parameter.name, parameter.shape);
  const linear = builder.add(builder.matmul(input, declare(hiddenWeight)), declare(hiddenBias));
  const hidden = builder.emit('tanh', [linear], {});
  const output = builder.add(builder.matmul(hidden, declare(outputWeight)), declare(outputBias));
  const baseline = builder.reshape(output, [leadOf(site)]);
  const target = builder.emit('stop_gradient', [centred], {});
  const loss = builder.emit('square', [builder.subtract(target, baseline)], {});
  return { baseline, auxiliary: { parameters, loss } };
}

/** All that may be known of a row before the site is drawn, side by side: `[B, n]`; the data on both sides of the model. */
function emitNonDescendants({ builder, graph, site, base, term }: ExpansionContext): ValueId | undefined {
  const drawn = [site.id, ...term.downstream];
  const known = graph.forward.inputs.filter(
    ({ role, name }) => role === 'data' || (role === 'latent' && !drawn.includes(name)),
  );
  const flat = known.map(({ id, role, name }) =>
    flatten(builder, role === 'data' ? base.valueOf(id) : base.latent(name)),
  );
  const [only] = flat;
  return flat.length > 1 ? builder.emit('concat', flat, { axis: 1 }) : only;
}

/** All elements of a row side by side. */
function flatten(builder: ProgramBuilder, value: ValueId): ValueId {
  return builder.reshape(value, [BATCH, widthOf(builder, value)]);
}

/** Numbers of one row. */
function widthOf(builder: ProgramBuilder, value: ValueId): number {
  const dims = builder.shapeOf(value).slice(1);
  const elements = elementsOf(builder, value);
  return dims.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : NaN), elements);
}
