"""Algorithm 1 of the MuProp paper in PyTorch, eagerly and with autograd, as one would write it by hand.

    muprop_torch.py MODEL BATCH      MODEL is sbn1, sbn2 or completion, of the sizes of examples/

A server for run.mjs: it prints `ready` and what computes, then reads a number of steps from each line, makes them, and prints the
milliseconds of each, elapsed and of the processor. One thread.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)

MODEL, BATCH = sys.argv[1], int(sys.argv[2])
HIDDEN, PIXELS = 200, 784


class Dense:
    """Logits; `frozen` is the same without gradients by its own parameters."""

    def __init__(self, inputs, outputs):
        self.weight = torch.nn.Parameter(torch.randn(inputs, outputs) / inputs**0.5)
        self.bias = torch.nn.Parameter(torch.zeros(outputs))

    def __call__(self, x):
        return torch.addmm(self.bias, x, self.weight)

    def frozen(self, x):
        return torch.addmm(self.bias.detach(), x, self.weight.detach())


class Prior:
    def __init__(self, outputs):
        self.bias = torch.nn.Parameter(torch.zeros(outputs))

    def __call__(self, x):
        return self.bias

    def frozen(self, x):
        return self.bias.detach()


def log_bernoulli(value, logits):
    return (value * logits - F.softplus(logits)).sum(1)


def binary(width):
    return (torch.rand(BATCH, width) < 0.2).float()


class Network:
    """Latent layers drawn from `draws`, each given the one before, the first given `given`.

    The cost is log q(h) − log p(h, x) for a model with a guide (`model`), else −log p(x | last layer).
    """

    def __init__(self, draws, model, output, given, observed):
        self.draws, self.model, self.output = draws, model, output
        self.given, self.observed = given, observed
        layers = [*draws, *model, output]
        self.parameters = [p for layer in layers for p in vars(layer).values() if isinstance(p, torch.nn.Parameter)]
        self.baselines = [0.0] * len(draws)
        self.optimizer = torch.optim.Adam(self.parameters, lr=1e-3)

    def cost(self, values, logits, apply):
        nearest = values[0] if self.model else values[-1]
        cost = -log_bernoulli(self.observed, apply(self.output, nearest))
        if not self.model:
            return cost
        for value, own in zip(values, logits):
            cost = cost + log_bernoulli(value, own)
        for place, layer in enumerate(self.model):
            above = values[place + 1] if place + 1 < len(values) else None
            cost = cost - log_bernoulli(values[place], apply(layer, above))
        return cost

    def step(self):
        values, logits, means = [], [], []
        parent = self.given
        for layer in self.draws:
            logits.append(layer(parent))
            means.append(torch.sigmoid(logits[-1]))
            parent = (torch.rand_like(means[-1]) < means[-1]).float()
            values.append(parent)
        cost = self.cost(values, logits, lambda layer, x: layer(x))

        # The mean-field pass, differentiated by its own values.
        fields = [means[0].detach().requires_grad_()]
        field_logits = [logits[0].detach()]
        for layer in self.draws[1:]:
            field_logits.append(layer.frozen(fields[-1]))
            fields.append(torch.sigmoid(field_logits[-1]))
        field_cost = self.cost(fields, field_logits, lambda layer, x: layer.frozen(x))
        slopes = torch.autograd.grad(field_cost.sum(), fields)

        surrogate = cost
        with torch.no_grad():
            signals = []
            for place, slope in enumerate(slopes):
                signal = cost - field_cost - (slope * (values[place] - fields[place])).sum(1)
                signals.append(signal - self.baselines[place])
                self.baselines[place] = 0.9 * self.baselines[place] + 0.1 * signal.mean()
        for signal, slope, value, own, mean in zip(signals, slopes, values, logits, means):
            surrogate = surrogate + signal * log_bernoulli(value, own) + (slope * mean).sum(1)
        self.optimizer.zero_grad(set_to_none=True)
        surrogate.mean().backward()
        self.optimizer.step()


def create():
    if MODEL == "completion":
        top, bottom = binary(PIXELS // 2), binary(PIXELS // 2)
        draws = [Dense(PIXELS // 2, HIDDEN), Dense(HIDDEN, HIDDEN)]
        return Network(draws, [], Dense(HIDDEN, PIXELS // 2), top, bottom)
    x = binary(PIXELS)
    if MODEL == "sbn1":
        return Network([Dense(PIXELS, HIDDEN)], [Prior(HIDDEN)], Dense(HIDDEN, PIXELS), x, x)
    draws = [Dense(PIXELS, HIDDEN), Dense(HIDDEN, HIDDEN)]
    return Network(draws, [Dense(HIDDEN, HIDDEN), Prior(HIDDEN)], Dense(HIDDEN, PIXELS), x, x)


def blas():
    """The library that does the matrix products, as far as it can be told."""
    with open("/proc/self/maps", encoding="utf8") as maps:
        names = maps.read()
    return next((name for name in ("mkl", "openblas", "blis") if name in names), "reference BLAS")


network = create()
for _ in range(20):
    network.step()
print(f"ready {torch.__version__}, {blas()}", flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start, busy = time.perf_counter(), time.process_time()
        network.step()
        times.append([(time.perf_counter() - start) * 1e3, (time.process_time() - busy) * 1e3])
    print(json.dumps(times), flush=True)
