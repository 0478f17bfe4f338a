import type { ModelPicture } from '@sbn/compiler';

/** Topics of documents: plates in plates, one of them beside another, and names that every format has to escape. */
export const NESTED: ModelPicture = {
  name: 'topics',
  title: 'Topics <of> "documents" & words; Ünï\u0007code',
  nodes: [
    { id: 'parameter alpha', kind: 'parameter', label: 'alpha', detail: 'real [5]', plate: undefined },
    { id: 'parameter beta', kind: 'parameter', label: 'beta', detail: 'real [5, 100]', plate: undefined },
    { id: 'data length', kind: 'data', label: 'length', detail: 'count', plate: 'rows' },
    { id: 'site θ', kind: 'latent', label: 'θ', detail: 'categorical [5]', plate: 'rows' },
    { id: 'site z', kind: 'latent', label: 'z', detail: 'categorical [5]', plate: 'rows/i in 40' },
    { id: 'site w', kind: 'observed', label: 'w', detail: 'categorical [100]', plate: 'rows/i in 40' },
    { id: 'site s', kind: 'latent', label: 's', detail: 'bernoulli', plate: 'rows/i in 40/a_long_name in 3' },
    { id: 'site t', kind: 'observed', label: 't', detail: 'poisson', plate: 'rows/j in 2' },
    { id: 'objective', kind: 'objective', label: 'minimize', detail: '', plate: 'rows' },
  ],
  edges: [
    { from: 'parameter alpha', to: 'site θ', kind: 'model' },
    { from: 'data length', to: 'site θ', kind: 'model' },
    { from: 'site θ', to: 'site z', kind: 'model' },
    { from: 'parameter beta', to: 'site w', kind: 'model' },
    { from: 'site z', to: 'site w', kind: 'model' },
    { from: 'site z', to: 'site s', kind: 'model' },
    { from: 'site s', to: 'objective', kind: 'model' },
    { from: 'site θ', to: 'site t', kind: 'model' },
    { from: 'site z', to: 'site z', kind: 'model' },
    { from: 'site w', to: 'site z', kind: 'guide' },
    { from: 'site z', to: 'site θ', kind: 'guide' },
  ],
  plates: [
    { id: 'rows', label: 'rows', parent: undefined },
    { id: 'rows/i in 40', label: 'i in 40', parent: 'rows' },
    { id: 'rows/i in 40/a_long_name in 3', label: 'a_long_name in 3', parent: 'rows/i in 40' },
    { id: 'rows/j in 2', label: 'j in 2', parent: 'rows' },
  ],
  notes: ['minimize an expression', 'muprop: θ, z', 'dashed: the guide'],
};
