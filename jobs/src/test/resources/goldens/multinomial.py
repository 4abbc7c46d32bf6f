"""Writes multinomial.json: optima of softmax regression by scikit-learn.

    pip install scikit-learn==1.9.1
    python multinomial.py SAMPLES > multinomial.json

SAMPLES is datasets/samples. Objective: mean loss + l2/2 |W|^2, intercepts exempt. Numeric columns are standardized by the
population's standard deviation, levels are not. Features are rounded to single precision first, as Talweg stores them.
"""
import csv
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def design(rows, numeric, categorical):
    columns = []
    for name in numeric:
        x = np.array([float(r[name]) for r in rows]).astype(np.float32).astype(np.float64)
        columns.append((x - x.mean()) / x.std())
    for name in categorical:
        levels = sorted({r[name] for r in rows})
        columns += [np.array([float(r[name] == level) for r in rows]) for level in levels]
    return np.column_stack(columns)


def case(name, x, y, l2):
    n = len(y)
    model = LogisticRegression(C=1 / (n * l2), solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(x, y)
    w, b, classes = model.coef_, model.intercept_, list(model.classes_)
    if len(classes) == 2:
        raise ValueError("two classes are logistic regression")
    z = x @ w.T + b
    m = z.max(axis=1, keepdims=True)
    log = m[:, 0] + np.log(np.exp(z - m).sum(axis=1))
    label = np.array([classes.index(v) for v in y])
    objective = (log - z[np.arange(n), label]).mean() + l2 / 2 * (w**2).sum()
    p = np.exp(z - log[:, None]) - np.eye(len(classes))[label]
    gradient = max(np.abs(x.T @ p / n + l2 * w.T).max(), np.abs(p.mean(axis=0)).max())
    return {
        "name": name, "l2": l2, "rows": n, "classes": [str(c) for c in classes], "objective": objective,
        "largest_gradient_entry": gradient, "accuracy": float((z.argmax(axis=1) == label).mean()),
    }


def main(samples):
    german = table(f"{samples}/german-credit/credit.csv")
    x = design(german, ["amount", "age", "months_loan_duration"], ["housing", "job"])
    cases = [
        case("purpose", x, np.array([r["purpose"] for r in german]), 1e-3),
        case("percent_of_income", x, np.array([int(r["percent_of_income"]) for r in german]), 1e-2),
    ]
    json.dump({"library": "scikit-learn 1.9.1", "generator": "multinomial.py", "optima": cases}, sys.stdout, indent=1)
    print()


main(*sys.argv[1:])
