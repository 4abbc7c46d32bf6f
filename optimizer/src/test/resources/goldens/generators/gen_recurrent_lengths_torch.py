"""Recurrent layers and small recurrent nets over rows of different lengths by PyTorch's pack_padded_sequence.

usage: gen_recurrent_lengths_torch.py > ../recurrent_lengths_torch.json
Layout as in gen_recurrent_torch.py: weights are inputs x (gates * units) and units x (gates * units), row by row. Rows are padded with zeros at their ends.
"""
import json
import sys

import numpy as np
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
STEPS, CHANNELS, UNITS, ROWS, BATCH = 6, 2, 3, 24, 8
LAYERS = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
r = np.random.Generator(np.random.PCG64(2026))


def numbers(*shape):
    return np.round(r.normal(size=shape), 4)


lengths = r.integers(1, STEPS + 1, ROWS)
x = numbers(ROWS, STEPS * CHANNELS).astype(np.float32).astype(np.float64)  # rows are single there
for i, n in enumerate(lengths):
    x[i, n * CHANNELS:] = 0
upstream = numbers(ROWS, UNITS)
targets = numbers(ROWS)


def parts(layer):
    return [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0]


def flat(tensors):
    return torch.cat([t.detach().T.reshape(-1) if t.dim() > 1 else t.detach() for t in tensors]).tolist()


def filled(module):
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.tensor(0.7 * numbers(*p.shape)))
    return module


def last(layer, rows, own):
    packed = torch.nn.utils.rnn.pack_padded_sequence(rows.reshape(len(rows), STEPS, CHANNELS), torch.tensor(own), batch_first=True, enforce_sorted=False)
    _, state = layer(packed)
    return (state[0] if isinstance(state, tuple) else state)[0]


def of_layer(cell):
    layer = filled(LAYERS[cell](CHANNELS, UNITS, batch_first=True))
    rows = torch.tensor(x, requires_grad=True)
    out = last(layer, rows, lengths)
    out.backward(torch.tensor(upstream))
    return {"cell": cell, "parameters": flat(parts(layer)), "out": out.detach().reshape(-1).tolist(), "gradient": flat([p.grad for p in parts(layer)]), "before": rows.grad.reshape(-1).tolist()}


def trained(cell, rule):
    layer = filled(LAYERS[cell](CHANNELS, UNITS, batch_first=True))
    head = filled(torch.nn.Linear(UNITS, 1))
    every = list(layer.parameters()) + list(head.parameters())
    optimizer = torch.optim.Adam(every, lr=0.01) if rule == "adam" else torch.optim.SGD(every, lr=0.05, momentum=0.9)
    start, values = flat(parts(layer) + [head.weight, head.bias]), []
    for step in range(12):
        rows = slice(step * BATCH % ROWS, step * BATCH % ROWS + BATCH)
        optimizer.zero_grad()
        value = ((head(last(layer, torch.tensor(x[rows]), lengths[rows]))[:, 0] - torch.tensor(targets[rows])) ** 2).mean() / 2
        value.backward()
        optimizer.step()
        values.append(value.item())
    return {"cell": cell, "loss": "squared", "rule": rule, "clip": 0, "start": start, "values": values, "end": flat(parts(layer) + [head.weight, head.bias])}


header = {"library": "torch", "version": torch.__version__, "numpy": np.__version__, "steps": STEPS, "channels": CHANNELS, "units": UNITS, "batch": BATCH, "script": "gen_recurrent_lengths_torch.py"}
layers = [of_layer(cell) for cell in LAYERS]
runs = [trained(cell, rule) for cell, rule in [("rnn", "sgd"), ("gru", "adam"), ("lstm", "adam")]]
json.dump({"header": header, "x": x.tolist(), "lengths": lengths.tolist(), "upstream": upstream.reshape(-1).tolist(), "targets": targets.tolist(), "layers": layers, "runs": runs}, sys.stdout, separators=(",", ":"))
print()
