"""Recurrent layers and small recurrent nets by PyTorch: forward, backward, and twelve steps of training.

usage: gen_recurrent_torch.py > ../recurrent_torch.json
Weights are inputs x (gates * units) and units x (gates * units), row by row: PyTorch's transposed, gates in its order.
A row of x has the channels of the first step, then those of the next. Nets: the layer, then a linear layer of its last units.
"""
import json
import sys

import numpy as np
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
STEPS, CHANNELS, UNITS, ROWS, BATCH = 7, 3, 4, 24, 8
LAYERS = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
r = np.random.Generator(np.random.PCG64(2026))


def numbers(*shape):
    return np.round(r.normal(size=shape), 4)


x = numbers(ROWS, STEPS * CHANNELS).astype(np.float32).astype(np.float64)  # rows are single there
upstream = numbers(ROWS, UNITS)
targets = numbers(ROWS)
classes = r.integers(0, 3, ROWS)


def weights(layer):
    parts = [layer.weight_ih_l0.T, layer.weight_hh_l0.T, layer.bias_ih_l0, layer.bias_hh_l0]
    return parts


def flat(parts):
    return torch.cat([p.detach().reshape(-1) for p in parts]).tolist()


def gradient(layer):
    return flat([layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T, layer.bias_ih_l0.grad, layer.bias_hh_l0.grad])


def made(cell):
    layer = LAYERS[cell](CHANNELS, UNITS, batch_first=True)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(torch.tensor(0.7 * numbers(*p.shape)))
    return layer


def last(layer, rows):
    out, _ = layer(rows.reshape(len(rows), STEPS, CHANNELS))
    return out[:, -1]


def of_layer(cell):
    layer = made(cell)
    rows = torch.tensor(x, requires_grad=True)
    out = last(layer, rows)
    out.backward(torch.tensor(upstream))
    return {"cell": cell, "parameters": flat(weights(layer)), "out": out.detach().reshape(-1).tolist(), "gradient": gradient(layer), "before": rows.grad.reshape(-1).tolist()}


def trained(cell, loss, rule, clip):
    layer = made(cell)
    head = torch.nn.Linear(UNITS, 3 if loss == "softmax" else 1)
    with torch.no_grad():
        for p in head.parameters():
            p.copy_(torch.tensor(0.7 * numbers(*p.shape)))
    every = list(layer.parameters()) + list(head.parameters())
    optimizer = torch.optim.Adam(every, lr=0.01) if rule == "adam" else torch.optim.SGD(every, lr=0.05, momentum=0.9)
    parts = lambda: flat(weights(layer) + [head.weight.T, head.bias])
    start, values = parts(), []
    for step in range(12):
        rows = slice(step * BATCH % ROWS, step * BATCH % ROWS + BATCH)
        optimizer.zero_grad()
        z = head(last(layer, torch.tensor(x[rows])))
        if loss == "softmax":
            value = torch.nn.functional.cross_entropy(z, torch.tensor(classes[rows]))
        else:
            value = ((z[:, 0] - torch.tensor(targets[rows])) ** 2).mean() / 2
        value.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(every, clip)
        optimizer.step()
        values.append(value.item())
    return {"cell": cell, "loss": loss, "rule": rule, "clip": clip, "start": start, "values": values, "end": parts()}


header = {"library": "torch", "version": torch.__version__, "numpy": np.__version__, "steps": STEPS, "channels": CHANNELS, "units": UNITS, "batch": BATCH, "script": "gen_recurrent_torch.py"}
layers = [of_layer(cell) for cell in LAYERS]
runs = [trained(cell, loss, rule, clip) for cell in LAYERS for loss, rule, clip in [("softmax", "adam", 0), ("squared", "sgd", 0.5)]]
json.dump({"header": header, "x": x.tolist(), "upstream": upstream.reshape(-1).tolist(), "targets": targets.tolist(), "classes": classes.tolist(), "layers": layers, "runs": runs}, sys.stdout, separators=(",", ":"))
print()
