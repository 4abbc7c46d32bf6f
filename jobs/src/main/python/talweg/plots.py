"""The pictures of a run, by matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Rows = Sequence[Mapping[str, Any]]

CURVES = {
    "roc": ("false positive rate", "true positive rate", "auc-roc"),
    "precision-recall": ("recall", "precision", "auc-pr"),
    "calibration": ("predicted probability", "observed rate", "calibration-error"),
}
_COLORS = {"train": "#4477aa", "validation": "#ee6677", "test": "#228833"}
_MOST_WEIGHTS = 20


def iterations(name: str, steps: Rows) -> Figure:
    """The objective, how far it is from its optimum, and the watched metric, by step."""
    far, label = _points(steps, "gap", least=1e-16), "proven gap, relative"
    if not far[0]:
        far, label = _points(steps, "gradient_norm", least=1e-300), "gradient norm"
    watched = [(split, _points(steps, f"{split}_metric")) for split in ("train", "validation")]
    panels = 3 if any(points[0] for _, points in watched) else 2
    figure, axes = plt.subplots(1, panels, figsize=(4.2 * panels, 3.2), layout="constrained")
    _line(axes[0], _points(steps, "objective"), _COLORS["train"])
    axes[0].set_title("objective")
    _line(axes[1], far, "#aa3377")
    axes[1].set_yscale("log")
    axes[1].set_title(label)
    if panels == 3:
        for split, points in watched:
            if points[0]:
                _line(axes[2], points, _COLORS[split], split)
        axes[2].set_title("watched metric")
        axes[2].legend(frameon=False, fontsize="small")
    for axis in axes:
        axis.set_xlabel("step")
        _plain(axis)
    figure.suptitle(name)
    return figure


def curve(kind: str, points: Rows, metrics: Mapping[str, Mapping[str, float]]) -> Figure:
    """One curve for each split, with the metric that sums it up."""
    across, up, metric = CURVES[kind]
    figure, axis = plt.subplots(figsize=(4.4, 4), layout="constrained")
    if kind != "precision-recall":
        axis.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1, linestyle="--")
    for split in dict.fromkeys(point["split"] for point in points):
        own = [point for point in points if point["split"] == split]
        if kind != "precision-recall":
            own.sort(key=lambda point: (point["x"], point["y"]))
        label = f"{split}, {metric} {metrics[split][metric]:.4f}" if metric in metrics.get(split, {}) else split
        marker = "o" if kind == "calibration" else None
        axis.plot(
            [p["x"] for p in own],
            [p["y"] for p in own],
            color=_COLORS.get(split),
            label=label,
            marker=marker,
            markersize=4,
        )
    axis.set_xlabel(across)
    axis.set_ylabel(up)
    axis.legend(frameon=False, fontsize="small")
    _plain(axis)
    return figure


def weights(name: str, parameters: Rows) -> Figure:
    """The largest weights of a linear model, as the model has them: per unit of each feature."""
    named = [p for p in parameters if p["feature"] is not None and p["slice"] != "intercept"]
    largest = sorted(named, key=lambda p: abs(p["value"] * (p.get("deviation") or 1)))[-_MOST_WEIGHTS:]
    values = [p["value"] * (p.get("deviation") or 1) for p in largest]
    figure, axis = plt.subplots(figsize=(6, 0.8 + 0.26 * len(largest)), layout="constrained")
    axis.barh([p["feature"] for p in largest], values, color=["#ee6677" if v > 0 else "#4477aa" for v in values])
    axis.axvline(0, color="#555555", linewidth=0.8)
    axis.set_xlabel("weight × the feature's deviation")
    axis.set_title(name)
    _plain(axis)
    return figure


def _points(steps: Rows, column: str, least: float | None = None) -> tuple[list[float], list[float]]:
    known = [(s["step"], s[column]) for s in steps if s[column] is not None and (least is None or s[column] >= least)]
    return [step for step, _ in known], [value for _, value in known]


def _line(axis: Axes, points: tuple[Sequence[float], Sequence[float]], color: str, label: str | None = None) -> None:
    few = len(points[0]) <= 40
    axis.plot(*points, color=color, label=label, marker="o" if few else None, markersize=3.5)


def _plain(axis: Axes) -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)
