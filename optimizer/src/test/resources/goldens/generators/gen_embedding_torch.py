"""Small nets over embeddings by PyTorch: initial values given, twelve steps of SGD and Adam over batches in turn.

usage: gen_embedding_torch.py > ../embedding_torch.json
Rows have three numbers, levels of a (5, embedded by 3), of b (3, one-hot) and of c (4, embedded by 2); -1 is none, whose embedding is 0.
The first linear layer reads the numbers, b's one-hot, then the embeddings of a and c. Weights are inputs x outputs, row by row (PyTorch's transposed).
Parameters: those of the first layer, the tables of a and c, the norm's, those of the second layer.
"""
import json
import sys

import numpy as np
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
LEVELS = {"a": 5, "b": 3, "c": 4}
WIDTHS = {"a": 3, "c": 2}
ROWS, BATCH, STEPS, UNITS = 24, 8, 12, 4

r = np.random.Generator(np.random.PCG64(2026))


def numbers(*shape):
    return torch.tensor(np.round(r.normal(size=shape), 4))


x = np.round(r.normal(size=(ROWS, 3)), 4).astype(np.float32).astype(np.float64)  # rows are single there
ids = {name: r.integers(-1 if name == "a" else 0, n, ROWS) for name, n in LEVELS.items()}
classes = r.integers(0, 3, ROWS)
targets = np.round(r.normal(size=ROWS), 4)


class Net(torch.nn.Module):
    def __init__(self, norm, outputs):
        super().__init__()
        self.a = torch.nn.Embedding(LEVELS["a"], WIDTHS["a"])
        self.c = torch.nn.Embedding(LEVELS["c"], WIDTHS["c"])
        self.first = torch.nn.Linear(3 + LEVELS["b"] + WIDTHS["a"] + WIDTHS["c"], UNITS)
        self.norm = torch.nn.BatchNorm1d(UNITS) if norm else torch.nn.Identity()
        self.second = torch.nn.Linear(UNITS, outputs)
        with torch.no_grad():
            for p in self.parameters():
                p.copy_(0.7 * numbers(*p.shape))

    def forward(self, rows):
        a = torch.tensor(ids["a"][rows])
        found = self.a(a.clamp(min=0)) * (a >= 0).double()[:, None]
        b = torch.nn.functional.one_hot(torch.tensor(ids["b"][rows]), LEVELS["b"]).double()
        z = self.first(torch.cat([torch.tensor(x[rows]), b, found, self.c(torch.tensor(ids["c"][rows]))], dim=1))
        return self.second(torch.relu(self.norm(z)))

    def flat(self):
        parts = [self.first.weight.T, self.first.bias, self.a.weight, self.c.weight]
        if isinstance(self.norm, torch.nn.BatchNorm1d):
            parts += [self.norm.weight, self.norm.bias, self.norm.running_mean, self.norm.running_var]
        parts += [self.second.weight.T, self.second.bias]
        return torch.cat([p.detach().reshape(-1) for p in parts]).tolist()


def run(rule, loss, norm):
    net = Net(norm, 3 if loss == "softmax" else 1)
    slow = list(net.a.parameters()) + list(net.c.parameters())
    rest = [p for p in net.parameters() if all(p is not q for q in slow)]
    groups = [{"params": rest}, {"params": slow, "lr": 0.002 if rule == "adam" else 0.01}]
    optimizer = torch.optim.Adam(groups, lr=0.01) if rule == "adam" else torch.optim.SGD(groups, lr=0.05, momentum=0.9)
    start, values, gradient = net.flat(), [], None
    for step in range(STEPS):
        rows = np.arange(step * BATCH, (step + 1) * BATCH) % ROWS
        optimizer.zero_grad()
        z = net(rows)
        if loss == "softmax":
            value = torch.nn.functional.cross_entropy(z, torch.tensor(classes[rows]))
        else:
            value = 0.5 * torch.nn.functional.mse_loss(z[:, 0], torch.tensor(targets[rows]))
        value.backward()
        values.append(value.item())
        optimizer.step()
    end = net.flat()
    net.eval()
    return {"rule": rule, "loss": loss, "norm": norm, "start": start, "values": values, "end": end, "margins": net(np.arange(ROWS)).detach().reshape(-1).tolist()}


runs = [run(rule, loss, norm) for rule in ("sgd", "adam") for loss, norm in (("softmax", False), ("squared", False), ("softmax", True))]
header = {"library": "torch", "version": torch.__version__, "numpy": np.__version__, "dtype": "float64", "generator": "gen_embedding_torch.py", "seed": 2026,
          "levels": LEVELS, "widths": WIDTHS, "units": UNITS, "batch": BATCH, "meaning": "rates of the tables are a fifth of the others'; values are those of the batch before each step; margins of all rows in inference"}
json.dump({"header": header, "x": x.tolist(), "ids": {k: v.tolist() for k, v in ids.items()}, "classes": classes.tolist(), "targets": targets.tolist(), "runs": runs}, sys.stdout, separators=(",", ":"))
print()
