"""Trainers outside of Spark, in memory, for `scripts/bench peers`.

Arguments: the directory of the exported arrays, lambda. Reads commands from stdin, one a line, and
answers each with a line of JSON:
  tools TARGET                 the names of those that come within TARGET in less than minutes
  plan TOOL OPTIMUM TARGET     the first setting of the tool's ladder that comes within TARGET of the optimum:
                               of OPTIMUM, or of one with a penalized intercept where the tool penalizes it
  run TOOL SETTING             trains: seconds of training alone, and the objective by numpy in double
Objective: mean log loss + lambda/2 |w|^2, the intercept free or, for tools that penalize it, with it.
"""
import json
import os
import sys
import time

import numpy as np
import scipy.sparse as sp

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # what C libraries print is no answer

directory, penalty = sys.argv[1], float(sys.argv[2])
array = lambda name, kind: np.fromfile(os.path.join(directory, name), dtype=kind)
starts, columns = array("starts", "<i8"), array("columns", "<i4")
values, labels = array("values", "<f8"), array("labels", "<f8")
rows, dimension = len(labels), int(array("dimension", "<i8")[0])
exact = sp.csr_matrix((values, columns, starts), shape=(rows, dimension))
single = exact.astype(np.float32)
single.indices, single.indptr = single.indices.astype(np.int32), single.indptr.astype(np.int32)
signs = 2 * labels - 1


def objective(weights, intercept, intercept_penalized):
    margins = exact @ np.asarray(weights, dtype=np.float64).ravel() + intercept
    loss = np.mean(np.logaddexp(0, margins) - labels * margins)
    square = float(np.dot(weights.ravel(), weights.ravel())) + (intercept**2 if intercept_penalized else 0)
    return float(loss + penalty / 2 * square)


def timed(train):
    begun = time.perf_counter()
    model = train()
    return model, time.perf_counter() - begun


def snapml(threads):
    from snapml import LogisticRegression

    def run(epochs):
        trainer = LogisticRegression(
            dual=True, regularizer=penalty * rows, max_iter=int(epochs), tol=0.0, n_jobs=threads, fit_intercept=True
        )
        model, seconds = timed(lambda: trainer.fit(single, signs))
        return model.coef_, float(np.ravel(model.intercept_)[0]), True, seconds

    return [4, 8, 10, 12, 13, 14, 16, 20, 24, 30, 40, 60, 100], run


def liblinear(solver):
    from liblinear.liblinearutil import parameter, problem, train

    prepared = []

    def run(tolerance):
        if not prepared:
            prepared.append(problem(signs, exact, bias=1))
        settings = parameter(f"-s {solver} -c {1 / (penalty * rows)!r} -e {tolerance} -B 1 -q")
        model, seconds = timed(lambda: train(prepared[0], settings))
        sign = 1 if model.get_labels()[0] == 1 else -1
        found = sign * np.ctypeslib.as_array(model.w, shape=(dimension + 1,))
        return found[:dimension].copy(), float(found[dimension]), True, seconds

    return [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 0.00001], run


def sklearn(solver, ladder):
    from sklearn.linear_model import LogisticRegression

    def run(iterations):
        trainer = LogisticRegression(solver=solver, C=1 / (penalty * rows), max_iter=int(iterations), tol=1e-12)
        model, seconds = timed(lambda: trainer.fit(single, signs))
        return model.coef_, float(model.intercept_[0]), False, seconds

    return ladder, run


MAKERS = {
    "snapml-1-thread": lambda: snapml(1),
    "snapml-2-threads": lambda: snapml(2),
    "liblinear-dual": lambda: liblinear(7),
    "liblinear-primal": lambda: liblinear(0),
    "sklearn-newton-cg": lambda: sklearn("newton-cg", [2, 4, 6, 7, 8, 9, 10, 12, 15, 20]),
    "sklearn-lbfgs": lambda: sklearn("lbfgs", [10, 15, 20, 25, 30, 40, 60, 100]),
}
FINE = 1e-5  # to less than this the ladders of these take minutes, or end above it
COARSE = ("liblinear-primal", "sklearn-newton-cg", "sklearn-lbfgs")
tools, versions = {}, {}
for name, make in MAKERS.items():
    try:
        tools[name] = make()
    except ImportError as missing:
        print(f"{name}: {missing}", file=sys.stderr)


def result(name, setting):
    weights, intercept, penalized, seconds = tools[name][1](float(setting))
    value = objective(weights, intercept, penalized)
    free = objective(weights, intercept, False)
    return {"setting": float(setting), "seconds": seconds, "objective": value, "objective-free": free}




def reference():
    """The optimum with a penalized intercept: the least that the longest runs of such tools find."""
    if not references:
        longest = [name for name in ("snapml-1-thread", "liblinear-dual") if name in tools]
        references.append(min(result(name, tools[name][0][-1])["objective"] for name in longest))
    return references[0]


references = []

import warnings

warnings.simplefilter("ignore")  # that iterations end before convergence is intended
for line in sys.stdin:
    command, *rest = line.split()
    if command == "tools":
        answer = {"tools": [name for name in tools if float(rest[0]) >= FINE or name not in COARSE]}
    elif command == "plan":
        name, optimum, target = rest[0], float(rest[1]), float(rest[2])
        optimum = optimum if name.startswith("sklearn") else reference()
        for setting in tools[name][0]:
            answer = result(name, setting)
            answer["distance"] = (answer["objective"] - optimum) / optimum
            if answer["distance"] <= target:
                break
    else:
        answer = result(rest[0], rest[1])
    answers.write(json.dumps(answer) + "\n")
