"""One pass of Vowpal Wabbit over exported rows, for `scripts/bench one-pass`.

Arguments: the directory of the exported arrays, the learning rate. Prints a line of JSON: seconds of the pass, text read
included, the mean log loss of the model that comes out on the same rows, and the progressive one that VW counts itself.
"""
import json
import os
import sys
import time

import numpy as np
import vowpalwabbit

directory, rate = sys.argv[1], sys.argv[2]
array = lambda name, kind: np.fromfile(os.path.join(directory, name), dtype=kind)
labels = array("labels", "<f8")
text = os.path.join(directory, "rows.vw")
if not os.path.exists(text):
    starts, columns, values = array("starts", "<i8"), array("columns", "<i4"), array("values", "<f8")
    with open(text + ".part", "w") as file:
        for row, label in enumerate(labels):
            some = slice(starts[row], starts[row + 1])
            features = " ".join(f"{c}:{v:.9g}" for c, v in zip(columns[some].tolist(), values[some].tolist()))
            file.write(f"{1 if label > 0 else -1} | {features}\n")
    os.rename(text + ".part", text)

bits = int(array("dimension", "<i8")[0]).bit_length()  # a bit more than features: the constant meets none
model, scores = os.path.join(directory, "vw.model"), os.path.join(directory, "vw.scores")
begun = time.perf_counter()
learner = vowpalwabbit.Workspace(
    f"--quiet -d {text} -b {bits} --loss_function logistic --learning_rate {rate} -f {model}", enable_logging=False
)
progressive = learner.get_sum_loss() / learner.get_weighted_examples()
learner.finish()
seconds = time.perf_counter() - begun
vowpalwabbit.Workspace(f"--quiet -t -i {model} -d {text} -r {scores}").finish()
margins = np.loadtxt(scores)
loss = float(np.mean(np.logaddexp(0, margins) - (labels > 0) * margins))
print(json.dumps({"seconds": seconds, "log-loss": loss, "progressive": progressive, "version": vowpalwabbit.__version__}))
