/**
 * Algorithm 1 of the MuProp paper in TensorFlow.js, as one would write it by hand: `valueAndGrads` for the mean-field slopes,
 * `variableGrads` for the gradient, `train.adam` for the update. `natural-tfjs.mjs` bundles it and talks to it.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const HIDDEN = 200;
const PIXELS = 784;

/** Variables have the names that the compiler gives to parameters. */
function dense(name, inputs, outputs) {
  const weight = tf.variable(tf.randomNormal([inputs, outputs], 0, inputs ** -0.5), true, `${name}.dense.weight`);
  const bias = tf.variable(tf.zeros([outputs]), true, `${name}.dense.bias`);
  return (x) => tf.add(tf.matMul(x, weight), bias);
}

function prior(name, outputs) {
  const bias = tf.variable(tf.zeros([outputs]), true, `${name}.bias`);
  return () => bias;
}

/** Log-probability of each row. */
function logBernoulli(value, logits) {
  return tf.sum(tf.sub(tf.mul(value, logits), tf.softplus(logits)), 1);
}

/** Its gradient is nothing; tfjs has no such function. */
const stopGradient = tf.customGrad((x) => ({ value: tf.clone(x), gradFunc: (dy) => tf.zerosLike(dy) }));

/** The layers of each model: latent ones drawn one from another, the prior's where there is a guide, and the last. */
const NETWORKS = {
  sbn1: () => ({
    draws: [dense('guide.h1', PIXELS, HIDDEN)],
    model: [prior('model.h1', HIDDEN)],
    output: dense('model.x', HIDDEN, PIXELS),
    data: ['x', 'x'],
    width: PIXELS,
  }),
  sbn2: () => ({
    draws: [dense('guide.h1', PIXELS, HIDDEN), dense('guide.h2', HIDDEN, HIDDEN)],
    model: [dense('model.h1', HIDDEN, HIDDEN), prior('model.h2', HIDDEN)],
    output: dense('model.x', HIDDEN, PIXELS),
    data: ['x', 'x'],
    width: PIXELS,
  }),
  completion: () => ({
    draws: [dense('model.h1', PIXELS / 2, HIDDEN), dense('model.h2', HIDDEN, HIDDEN)],
    model: [],
    output: dense('model.bottom', HIDDEN, PIXELS / 2),
    data: ['top', 'bottom'],
    width: PIXELS / 2,
  }),
};

function createTraining(network, batch) {
  const { draws, model, output } = network;
  const baselines = draws.map(() => tf.variable(tf.scalar(0), false));
  const optimizer = tf.train.adam(1e-3);

  /** −log p(h, x), or −log p(x | h) where there is no guide. */
  function energyOf(observed, values) {
    let energy = tf.neg(logBernoulli(observed, output(model.length > 0 ? values[0] : values.at(-1))));
    for (const [place, layer] of model.entries())
      energy = tf.sub(energy, logBernoulli(values[place], layer(values[place + 1])));
    return energy;
  }

  /** The guide's log q(h) is part of the cost, but has no gradient of its own in expectation. */
  function costOf(energy, scores) {
    return model.length === 0 ? energy : tf.addN([energy, ...scores]);
  }

  /** Draws, by the uniforms given or by new ones. */
  function sample(given, uniforms) {
    let parent = given;
    const values = [];
    const first = draws[0](given);
    for (const [place, layer] of draws.entries()) {
      const mean = tf.sigmoid(place === 0 ? first : layer(parent));
      parent = tf.cast(tf.less(uniforms?.[place] ?? tf.randomUniform([batch, HIDDEN]), mean), 'float32');
      values.push(parent);
    }
    return { values, first };
  }

  /** The mean-field pass: its means, its cost and the cost's slopes by each of the means. */
  function meanField(observed, first) {
    const start = tf.sigmoid(first);
    const fields = [];
    // A derivative by what is computed on the way: by a zero that is added to it.
    const pass = (...shifts) => {
      fields.length = 0;
      const logits = [first];
      fields.push(shifts[0]);
      for (const [place, layer] of draws.entries()) {
        if (place === 0) continue;
        logits.push(layer(fields[place - 1]));
        fields.push(tf.keep(tf.add(tf.sigmoid(logits[place]), shifts[place])));
      }
      const scores = fields.map((field, place) => logBernoulli(field, logits[place]));
      return costOf(energyOf(observed, fields), scores);
    };
    const shifts = draws.map((_, place) => (place === 0 ? start : tf.zeros([batch, HIDDEN])));
    const { value, grads } = tf.valueAndGrads(pass)(shifts);
    return { fields, cost: value, slopes: grads };
  }

  /** The loss and, by name, the gradients. */
  function gradients({ given, observed }, uniforms) {
    return tf.tidy(() => {
      const { values, first } = sample(given, uniforms);
      const field = meanField(observed, first);
      const corrections = field.slopes.map((slope, place) =>
        tf.add(field.cost, tf.sum(tf.mul(slope, tf.sub(values[place], field.fields[place])), 1)),
      );
      tf.dispose(field.fields);
      return tf.variableGrads(() => {
        const logits = draws.map((layer, place) => layer(place === 0 ? given : values[place - 1]));
        const scores = values.map((value, place) => logBernoulli(value, logits[place]));
        const energy = energyOf(observed, values);
        const cost = stopGradient(costOf(energy, scores));
        let surrogate = energy;
        for (const [place, slope] of field.slopes.entries()) {
          const signal = tf.sub(cost, corrections[place]);
          const centred = tf.sub(signal, baselines[place]);
          baselines[place].assign(tf.add(tf.mul(baselines[place], 0.9), tf.mul(tf.mean(signal), 0.1)));
          const analytic = tf.sum(tf.mul(slope, tf.sigmoid(logits[place])), 1);
          surrogate = tf.addN([surrogate, tf.mul(centred, scores[place]), analytic]);
        }
        return tf.mean(surrogate);
      });
    });
  }

  return {
    gradients,
    step(data) {
      const { value, grads } = gradients(data);
      optimizer.applyGradients(grads);
      // A step is done when its loss is there.
      value.dataSync();
      tf.dispose([value, grads]);
    },
  };
}

/** Pixels of which a fifth are 1. */
function drawData(batch, width) {
  return tf.tidy(() => tf.cast(tf.less(tf.randomUniform([batch, width]), 0.2), 'float32'));
}

export async function open(model, batch, wasmPath) {
  setWasmPaths(wasmPath);
  await tf.setBackend('wasm');
  const network = NETWORKS[model]();
  const training = createTraining(network, batch);
  const x = drawData(batch, network.width);
  const data = { given: x, observed: network.data[0] === network.data[1] ? x : drawData(batch, network.width) };
  return {
    step: () => training.step(data),
    version: tf.version_core,
    /** At values given by name: parameters, data, uniforms of h1 and h2; each `{ shape, values }`. */
    gradientsAt({ parameters, data: rows, uniforms }) {
      const upload = ({ shape, values }) => tf.tensor(values, shape, 'float32');
      for (const [name, variable] of Object.entries(tf.engine().registeredVariables))
        if (name in parameters) variable.assign(upload(parameters[name]));
      const [given, observed] = network.data.map((name) => upload(rows[name]));
      const { grads } = training.gradients(
        { given, observed },
        ['h1', 'h2'].slice(0, network.draws.length).map((site) => upload(uniforms[site])),
      );
      return Object.fromEntries(Object.entries(grads).map(([name, tensor]) => [name, tensor.dataSync()]));
    },
  };
}
