/** The `train` block: SBN3050 to SBN3059. */
import { entry } from '@sbn/dsl';

export const TRAINING = {
  SBN3050: entry<{ name: string }>({
    title: 'unknown setting',
    message: ({ name }) => `\`train\` has no setting \`${name}\``,
    explanation: 'The `train` block holds the defaults of a run: data, optimiser, batch, epochs or steps, and seed.',
    bad: 'train { batch_size = 100 }',
    good: 'train { batch = 100 }',
  }),
  SBN3051: entry<{ name: string | undefined }>({
    title: 'source for data that are not declared',
    message: ({ name }) => (name === undefined ? 'a source is for data by name' : `there are no data \`${name}\``),
    explanation: '`data NAME = SOURCE` in `train` names a `data` declaration of the file.',
    bad: 'data x: binary[16]\ntrain { data y = bars(n = 4) }',
    good: 'data x: binary[16]\ntrain { data x = bars(n = 4) }',
  }),
  SBN3052: entry<{ what: string; wanted: string }>({
    title: 'setting of a wrong value',
    message: ({ what, wanted }) => `${what} must be ${wanted}`,
    explanation: 'Settings of a run have their own kinds of values and ranges.',
    bad: 'train { optimizer = adam(lr = -1) }',
    good: 'train { optimizer = adam(lr = 1e-3) }',
  }),
  SBN3053: entry<{ name: string }>({
    title: 'unknown optimiser',
    message: ({ name }) => `there is no optimiser \`${name}\``,
    explanation: 'Parameters are updated by `adam(lr, beta1, beta2, eps)` or `sgd(lr, momentum)`.',
    bad: 'train { optimizer = adma(lr = 1e-3) }',
    good: 'train { optimizer = adam(lr = 1e-3) }',
  }),
};
