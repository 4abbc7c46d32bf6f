"""Writes optima.json: the optimum of each problem, by a Newton method in double precision, checked with scikit-learn.

    pip install scikit-learn==1.9.1 pandas
    python optima.py SAMPLES [DATA] > optima.json

SAMPLES is datasets/samples; DATA a folder with a9a, phishing and kddcup99-10pct, whose cases are written only with it.
Objective: mean loss + l2/2 |w|^2, intercept exempt. Numeric columns are standardized by the population's standard deviation,
levels and LIBSVM entries are not. Features are rounded to single precision first, as Talweg stores them.
"""
import json
import sys

import numpy as np
import pandas as pd
import sklearn
from sklearn.datasets import load_svmlight_file
from sklearn.linear_model import HuberRegressor, LogisticRegression, Ridge


def design(frame, numeric, categorical):
    columns = []
    for name in numeric:
        x = frame[name].to_numpy(np.float64).astype(np.float32).astype(np.float64)
        if x.std() > 0:
            columns.append((x - x.mean()) / x.std())
    for name in categorical:
        levels = sorted(frame[name].astype(str).unique())
        if len(levels) > 1:
            for level in levels:
                columns.append((frame[name].astype(str) == level).to_numpy(np.float64))
    return np.column_stack(columns)


def single(x):
    return x.toarray().astype(np.float32).astype(np.float64)


def losses(kind, z, y):
    """Value, derivative, curvature of each row; y is 0/1 or a number."""
    if kind == "logistic":
        s = 2 * y - 1
        p = 1 / (1 + np.exp(-np.abs(z)))
        p = np.where(z >= 0, p, 1 - p)
        return np.logaddexp(0, -s * z), p - y, p * (1 - p)
    if kind == "squared-hinge":
        s = 2 * y - 1
        m = np.maximum(0, 1 - s * z)
        return m * m, -2 * s * m, 2.0 * (m > 0)
    r = z - y
    if kind == "squared":
        return r * r / 2, r, np.ones_like(r)
    d = 1.35
    small = np.abs(r) <= d
    return np.where(small, r * r / 2, d * np.abs(r) - d * d / 2), np.where(small, r, d * np.sign(r)), 1.0 * small


def newton(kind, x, y, l2):
    n, d = x.shape
    a = np.column_stack([x, np.ones(n)])
    ridge = np.append(np.full(d, l2), 0.0)
    w = np.zeros(d + 1)
    w[d] = np.median(y) if kind in ("huber", "squared") else 0.0

    def value(v):
        return losses(kind, a @ v, y)[0].mean() + (ridge * v * v).sum() / 2

    for _ in range(500):
        _, g, h = losses(kind, a @ w, y)
        gradient = a.T @ g / n + ridge * w
        hessian = (a.T * h) @ a / n + np.diag(ridge)
        hessian[d, d] += 1e-14
        step = np.linalg.solve(hessian, gradient)
        if abs(gradient @ step) < 1e-24:
            break
        t, f, slope = 1.0, value(w), gradient @ step
        while value(w - t * step) > f - 1e-4 * t * slope and t > 1e-12:
            t /= 2
        w = w - t * step
    return value(w), float(np.abs(gradient).max())


def scikit(kind, x, y, l2):
    """The same objective at scikit-learn's solution; never below the optimum but for rounding."""
    n = len(y)
    if kind == "logistic":
        m = LogisticRegression(C=1 / (n * l2), solver="newton-cholesky", tol=1e-12, max_iter=500).fit(x, y)
        w, b = m.coef_[0], m.intercept_[0]
    elif kind == "squared":
        m = Ridge(alpha=n * l2, solver="cholesky").fit(x, y)
        w, b = m.coef_, m.intercept_
    else:
        return None
    return losses(kind, x @ w + b, y)[0].mean() + l2 / 2 * (w @ w)


def case(name, data, kind, x, y, l2):
    objective, gradient = newton(kind, x, y, l2)
    other = scikit(kind, x, y, l2)
    return {
        "name": name, "data": data, "loss": kind, "l2": l2, "rows": len(y), "objective": objective,
        "largest_gradient_entry": gradient, "scikit_learn_minus_objective": None if other is None else other - objective,
    }


def main(samples, data=None):
    cases = []
    uci = pd.read_csv(f"{samples}/uci-default/UCI_Credit_Card.csv")
    label = "default.payment.next.month"
    features = [c for c in uci.columns if c not in ("ID", label)]
    x = design(uci, features, [])
    cases.append(case("uci-default", "uci-default", "logistic", x, uci[label].to_numpy(float), 1e-4))
    cases.append(case("uci-default-squared-hinge", "uci-default", "squared-hinge", x, uci[label].to_numpy(float), 1e-3))
    x = design(uci, [c for c in features if c != "LIMIT_BAL"], [])
    cases.append(case("uci-default-squared", "uci-default", "squared", x, uci["LIMIT_BAL"].to_numpy(float), 1e-2))
    german = pd.read_csv(f"{samples}/german-credit/credit.csv", keep_default_na=False)
    numeric = [c for c in german.columns if german[c].dtype.kind in "if"]
    texts = [c for c in german.columns if c not in numeric and c != "default"]
    x = design(german, numeric, texts)
    cases.append(case("german-credit", "german-credit", "logistic", x, (german["default"] == "yes").to_numpy(float), 1e-3))
    x = design(german, [c for c in numeric if c != "age"], texts + ["default"])
    cases.append(case("german-credit-huber", "german-credit", "huber", x, german["age"].to_numpy(float), 1e-2))
    bank = pd.read_csv(f"{samples}/bank-marketing/bank-additional.csv", sep=";", keep_default_na=False)
    numeric = [c for c in bank.columns if bank[c].dtype.kind in "if"]
    texts = [c for c in bank.columns if c not in numeric and c != "y"]
    cases.append(case("bank-marketing", "bank-marketing", "logistic", design(bank, numeric, texts), (bank["y"] == "yes").to_numpy(float), 1e-4))
    x, y = load_svmlight_file(f"{samples}/mushrooms/mushrooms.libsvm")
    cases.append(case("mushrooms", "mushrooms", "logistic", single(x), (y == y.max()).astype(float), 1e-4))
    if data:
        x, y = load_svmlight_file(f"{data}/a9a/a9a")
        cases.append(case("a9a", "a9a", "logistic", single(x), (y > 0).astype(float), 1e-4))
        x, y = load_svmlight_file(f"{data}/phishing/phishing.txt")
        cases.append(case("phishing", "phishing", "logistic", single(x), (y == y.max()).astype(float), 1e-5))
        kdd = pd.read_csv(f"{data}/kddcup99-10pct/kddcup.data_10_percent.gz", header=None, keep_default_na=False)
        y = (kdd[41] == "normal.").to_numpy(float)  # attack or not
        texts = [1, 2, 3]
        cases.append(case("kddcup", "kddcup", "logistic", design(kdd, [c for c in range(41) if c not in texts], texts), y, 1e-4))
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "generator": "optima.py"}
    json.dump({"header": versions, "optima": cases}, sys.stdout, indent=1)
    print()


main(*sys.argv[1:])
