"""Parameter groups, frozen layers and ReduceLROnPlateau by PyTorch, on a perceptron 5-6-4-3 with tanh.

usage: gen_groups_torch.py > ../groups_torch.json
Weights are inputs x outputs, row by row (PyTorch's transposed); batch k of step k has rows k*batch.. modulo rows.
"""
import json
import sys

import numpy as np
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
ROWS, BATCH, EPOCH = 24, 8, 3
r = np.random.Generator(np.random.PCG64(7))
x = np.round(r.normal(size=(ROWS, 5)), 4).astype(np.float32).astype(np.float64)
classes = r.integers(0, 3, ROWS)
METRICS = [0.9, 0.8, 0.8, 0.79999, 0.85, 0.7, 0.71, 0.72, 0.73, 0.74, 0.69, 0.75, 0.76]


def made():
    layers = [torch.nn.Linear(5, 6), torch.nn.Linear(6, 4), torch.nn.Linear(4, 3)]
    with torch.no_grad():
        for layer in layers:
            for p in layer.parameters():
                p.copy_(torch.tensor(np.round(0.7 * r.normal(size=tuple(p.shape)), 4)))
    return layers


def flat(layers):
    return torch.cat([p.detach().reshape(-1) for layer in layers for p in (layer.weight.T, layer.bias)]).tolist()


def run(name, optimizer_of, steps=12, clip=0, frozen=False, plateau=None, mode="min"):
    layers = made()
    if frozen:
        for p in layers[0].parameters():
            p.requires_grad_(False)
    optimizer = optimizer_of(layers)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode=mode, **plateau) if plateau else None
    start, values, rates = flat(layers), [], []
    for step in range(steps):
        rows = slice(step * BATCH % ROWS, step * BATCH % ROWS + BATCH)
        optimizer.zero_grad()
        h = torch.tanh(layers[1](torch.tanh(layers[0](torch.tensor(x[rows])))))
        value = torch.nn.functional.cross_entropy(layers[2](h), torch.tensor(classes[rows]))
        value.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_([p for layer in layers for p in layer.parameters() if p.requires_grad], clip)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        values.append(value.item())
        if schedule and (step + 1) % EPOCH == 0:
            schedule.step(METRICS[(step + 1) // EPOCH - 1])
    return {"name": name, "start": start, "values": values, "rates": rates, "end": flat(layers)}


def groups(layers):
    return torch.optim.AdamW(
        [
            {"params": list(layers[1].parameters()) + list(layers[2].parameters())[1:]},
            {"params": list(layers[0].parameters()), "lr": 0.1 * 0.01},
            {"params": [layers[2].weight], "weight_decay": 0.3, "betas": (0.8, 0.999)},
        ],
        lr=0.01,
        weight_decay=0.1,
    )


def weights_alone(layers):
    return torch.optim.AdamW(
        [
            {"params": [layer.weight for layer in layers]},
            {"params": [layer.bias for layer in layers], "weight_decay": 0.0},
        ],
        lr=0.01,
        weight_decay=0.1,
    )


every = lambda layers: [p for layer in layers for p in layer.parameters()]
momentum = lambda layers: torch.optim.SGD([p for p in every(layers) if p.requires_grad], lr=0.05, momentum=0.9, weight_decay=0.01)
adamw = lambda layers: torch.optim.AdamW(every(layers), lr=0.02, weight_decay=0.1)
falling = {"factor": 0.5, "patience": 1, "threshold": 1e-3, "cooldown": 1}
runs = [
    run("groups", groups),
    run("decay-of-weights", weights_alone),
    run("frozen", momentum, clip=0.3, frozen=True),
    run("plateau", adamw, steps=3 * len(METRICS), plateau=falling),
    run("plateau-rises", adamw, steps=3 * len(METRICS), plateau={**falling, "threshold_mode": "abs"}, mode="max"),
]
header = {"library": "torch", "version": torch.__version__, "numpy": np.__version__, "script": "gen_groups_torch.py", "batch": BATCH, "epoch": EPOCH}
json.dump({"header": header, "x": x.tolist(), "classes": classes.tolist(), "metrics": METRICS, "runs": runs}, sys.stdout, separators=(",", ":"))
print()
