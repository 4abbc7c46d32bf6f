"""Small perceptrons trained by PyTorch: initial values given, several steps of SGD and Adam over batches in turn.

usage: gen_nets_torch.py > ../nets_torch.json
Weights are inputs x outputs, row by row (PyTorch's transposed); a norm stands between products and activation.
"""
import json
import sys

import numpy as np
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
ACTIVATIONS = {
    "relu": torch.nn.ReLU,
    "gelu": torch.nn.GELU,
    "gelu-tanh": lambda: torch.nn.GELU(approximate="tanh"),
    "tanh": torch.nn.Tanh,
    "sigmoid": torch.nn.Sigmoid,
    "selu": torch.nn.SELU,
    "elu": torch.nn.ELU,
    "silu": torch.nn.SiLU,
}
HIDDEN = [6, 4]
FEATURES = 5
ROWS = 24
BATCH = 8
STEPS = 12

r = np.random.Generator(np.random.PCG64(2026))
X = np.round(r.normal(size=(ROWS, FEATURES)), 4).astype(np.float32).astype(np.float64)
CLASS = r.integers(0, 3, ROWS)
TARGET = np.round(r.normal(size=ROWS), 4)


def net(activation, norm, outputs):
    layers = []
    inputs = FEATURES
    for units in HIDDEN:
        layers.append(torch.nn.Linear(inputs, units))
        if norm == "layer":
            layers.append(torch.nn.LayerNorm(units))
        if norm == "batch":
            layers.append(torch.nn.BatchNorm1d(units))
        layers.append(ACTIVATIONS[activation]())
        inputs = units
    layers.append(torch.nn.Linear(inputs, outputs))
    return torch.nn.Sequential(*layers)


def flat(model):
    """As one vector: of each layer weights, biases, then of its norm scales, shifts, running means and variances."""
    parts = []
    for m in model:
        if isinstance(m, torch.nn.Linear):
            parts += [m.weight.detach().T.reshape(-1), m.bias.detach()]
        elif isinstance(m, torch.nn.LayerNorm):
            parts += [m.weight.detach(), m.bias.detach()]
        elif isinstance(m, torch.nn.BatchNorm1d):
            parts += [m.weight.detach(), m.bias.detach(), m.running_mean, m.running_var]
    return torch.cat([p.reshape(-1) for p in parts]).tolist()


def run(activation, norm, loss, rule, seed):
    torch.manual_seed(seed)
    model = net(activation, norm, 3 if loss == "softmax" else 1)
    with torch.no_grad():
        for m in model:
            if isinstance(m, (torch.nn.LayerNorm, torch.nn.BatchNorm1d)):
                m.weight.copy_(1 + 0.2 * torch.randn(m.weight.shape))
                m.bias.copy_(0.2 * torch.randn(m.bias.shape))
    made = {"sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), "adam": lambda p: torch.optim.Adam(p, lr=0.01)}
    optimizer = made[rule](model.parameters())
    start = flat(model)
    values = []
    gradient = None
    for step in range(STEPS):
        rows = [(step * BATCH + k) % ROWS for k in range(BATCH)]
        optimizer.zero_grad()
        z = model(torch.tensor(X[rows]))
        if loss == "softmax":
            value = torch.nn.functional.cross_entropy(z, torch.tensor(CLASS[rows]))
        elif loss == "logistic":
            value = torch.nn.functional.binary_cross_entropy_with_logits(z[:, 0], torch.tensor((CLASS[rows] > 0).astype(float)))
        else:
            value = 0.5 * torch.nn.functional.mse_loss(z[:, 0], torch.tensor(TARGET[rows]))
        value.backward()
        values.append(float(value.detach()))
        optimizer.step()
    end = flat(model)
    model.eval()
    return {"activation": activation, "norm": norm, "loss": loss, "rule": rule, "start": start, "values": values, "end": end,
            "margins": model(torch.tensor(X)).detach().reshape(-1).tolist()}


runs = []
for a in ACTIVATIONS:
    for n, norm in enumerate(["none", "layer", "batch"]):
        loss = ["softmax", "logistic", "squared"][(len(runs) + n) % 3]
        for rule in ("sgd", "adam"):
            runs.append(run(a, norm, loss, rule, len(runs)))
json.dump({
    "header": {"library": "torch", "version": torch.__version__, "numpy": np.__version__, "dtype": "float64",
               "generator": "gen_nets_torch.py", "seed": 2026, "hidden": HIDDEN, "batch": BATCH,
               "meaning": "batch k of step k has rows k*batch.. modulo rows; values are those of the batch before each step; margins of all rows in inference"},
    "x": X.tolist(), "classes": CLASS.tolist(), "targets": TARGET.tolist(), "runs": runs}, sys.stdout, separators=(",", ":"))
