/** A model that trains in no time: three hidden units of four pixels. What is in `train` is up to the test. */
export const TINY_MODEL = `data x: binary[4]
model {
  h ~ bernoulli(logits = bias(3))
  x ~ bernoulli(logits = dense(h, 4))
}
guide { h ~ bernoulli(logits = dense(x, 3)) }
maximize elbo
`;
