"""A perceptron 784-128-10 in PyTorch on Fashion-MNIST, for `scripts/bench mlp`.

Arguments: the directory of the four files of Fashion-MNIST, epochs, threads. Prints a line of JSON: seconds of each
epoch of Adam (1e-3) at batches of 128, data in memory, and the accuracy on the test rows.
"""
import gzip
import json
import os
import sys
import time

import numpy as np
import torch

directory, epochs, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)


def read(name, offset):
    with gzip.open(os.path.join(directory, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def rows(part):
    x = read(part + "-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(np.float32) / 255
    return torch.from_numpy(x), torch.from_numpy(read(part + "-labels-idx1-ubyte.gz", 8).astype(np.int64))


x, y = rows("train")
model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
seconds = []
for _ in range(epochs):
    begun = time.perf_counter()
    order = torch.randperm(len(x))
    for k in range(0, len(x), 128):
        batch = order[k : k + 128]
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()
    seconds.append(time.perf_counter() - begun)
x, y = rows("t10k")
with torch.no_grad():
    accuracy = (model(x).argmax(1) == y).double().mean().item()
print(json.dumps({"epochs": seconds, "accuracy": accuracy, "version": torch.__version__}))
