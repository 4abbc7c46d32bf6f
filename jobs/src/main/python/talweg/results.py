"""What a run leaves behind, as Python values and Spark DataFrames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession

from talweg import plots
from talweg.errors import DataError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TABLES = (
    "model",
    "iterations",
    "slices",
    "metrics",
    "curves",
    "features",
    "profile",
    "drift",
    "predictions",
    "quarantine",
)


class Run:
    """A run and its directory. ``summary`` is its ``run.json``; the tables are read when they are used."""

    def __init__(self, spark: SparkSession, summary: Mapping[str, Any], path: str | None = None) -> None:
        self._spark = spark
        self.summary = dict(summary)
        written = str(path if path is not None else summary["configuration"]["output"]).rstrip("/")
        self.path = written if path is not None or self.published else f"{written}.unpublished"

    @property
    def name(self) -> str:
        """What the configuration calls it; else the last part of its output."""
        return str(self.summary["name"])

    @property
    def status(self) -> str:
        """``converged``, ``exhausted`` (a limit ended it) or ``failed``."""
        return str(self.summary["status"])

    @property
    def published(self) -> bool:
        """False where ``promote`` refused the model: the directory is then beside the output."""
        promotion = self.summary.get("promotion")
        return promotion is None or bool(promotion["published"])

    @property
    def describe(self) -> str:
        """How it ended, in a sentence."""
        promotion = self.summary.get("promotion")
        ended = str(self.summary["termination"]["describe"])
        return ended if self.published or promotion is None else f"not published: {promotion['describe']}"

    @property
    def model_path(self) -> str:
        """The directory of the table ``model``, one row per parameter."""
        return f"{self.path}/model"

    @property
    def report(self) -> str:
        """The path of the page that needs no network."""
        return f"{self.path}/report.html"

    @property
    def fingerprint(self) -> str:
        """A hash of the model's bits."""
        return str(self.summary["fingerprint"]["model"])

    @property
    def metrics(self) -> dict[str, dict[str, float]]:
        """By split (train, validation, test), then by metric."""
        return dict(self.summary["metrics"])

    @property
    def objective(self) -> float:
        """The objective at the model: the mean loss of the training rows, with its penalty."""
        return float(self.summary["objective"]["value"])

    @property
    def gap(self) -> float | None:
        """The certificate: no parameters whatever are better by more than this, relative. None where there is none."""
        return self.summary["certificate"]["relative-gap"]  # type: ignore[no-any-return]

    @property
    def warnings(self) -> list[str]:
        """What should be looked at, a sentence each."""
        return list(self.summary["warnings"])

    def table(self, name: str) -> DataFrame:
        """One of the tables of docs/architecture.md.

        Raises:
            DataError: where this run has no such table.
        """
        if name not in _TABLES:
            raise DataError(f"table {name}: there is none; tables are {', '.join(_TABLES)}")
        hadoop = self._spark.sparkContext._jsc.hadoopConfiguration()  # type: ignore[attr-defined]
        path = self._spark._jvm.org.apache.hadoop.fs.Path(f"{self.path}/{name}")  # type: ignore[union-attr]
        if not path.getFileSystem(hadoop).exists(path):
            raise DataError(f"table {name}: this run has none: {self.path}/{name} does not exist")
        return self._spark.read.parquet(f"{self.path}/{name}")

    @property
    def weights(self) -> DataFrame:
        """The model: slice, index, feature, column, level, value, …; one row per parameter."""
        return self.table("model")

    @property
    def iterations(self) -> DataFrame:
        """One row per step, in their order."""
        return self.table("iterations").orderBy("step")

    @property
    def curves(self) -> DataFrame:
        """Points of ROC, precision-recall and calibration by split."""
        return self.table("curves")

    @property
    def features(self) -> DataFrame:
        """The source columns, and what was made of them."""
        return self.table("features")

    @property
    def predictions(self) -> DataFrame:
        """The held-out rows with their scores."""
        return self.table("predictions")

    @property
    def quarantine(self) -> DataFrame:
        """The rows that could not be used, and why."""
        return self.table("quarantine")

    @cached_property
    def _steps(self) -> list[dict[str, Any]]:
        return [row.asDict() for row in self.iterations.collect()]

    def plot(self, kind: str = "iterations") -> Figure:
        """Draws the run, inline in a notebook.

        Args:
            kind: ``iterations`` (objective, how far from the optimum, the watched metric), ``roc``,
                ``precision-recall``, ``calibration``, or ``weights`` (the largest ones).
        """
        if kind == "iterations":
            return plots.iterations(self.name, self._steps)
        if kind == "weights":
            rows = self.weights.where("abs(value) > 0").orderBy("index").collect()
            return plots.weights(self.name, [row.asDict() for row in rows])
        if kind in plots.CURVES:
            rows = self.curves.where(f"curve = '{kind}'").collect()
            if not rows:
                raise DataError(f"plot({kind!r}): this run has no such curve; a model of two classes has")
            return plots.curve(kind, [row.asDict() for row in rows], self.metrics)
        raise DataError(f"plot({kind!r}): allowed are iterations, weights, {', '.join(plots.CURVES)}")

    def __repr__(self) -> str:
        return f"<talweg.Run {self.name}: {self.describe}; objective {self.objective:.6g}, {self.path}>"

    def _repr_html_(self) -> str:
        rows = self.summary["rows"]
        facts = [
            f"objective <b>{self.objective:.8g}</b> after {self.summary['iterations']:,} steps, "
            f"{self.summary['passes']:,} passes over {rows['train']:,} rows, "
            f"{self.summary['features']['dimension']:,} features"
        ]
        if self.gap is not None:
            facts.append(f"certified within <b>{self.gap:.1e}</b> of the optimum, relative")
        if rows["quarantined"]:
            facts.append(f"{rows['quarantined']:,} rows in quarantine")
        facts.append(f"model <code>{self.fingerprint[:16]}…</code> in <code>{escape(self.path)}</code>")
        facts.extend(f"⚠ {escape(warning)}" for warning in self.warnings)
        return (
            f"<p><b>{escape(self.name)}</b>: {escape(self.describe)}<br>{'<br>'.join(facts)}</p>{_table(self.metrics)}"
        )


@dataclass(frozen=True)
class Evaluation:
    """The metrics of a model on labelled rows.

    Attributes:
        rows: how many there were.
        metrics: by name.
        standard_errors: of those metrics that have one.
        notes: what is worth knowing of the rows.
    """

    rows: int
    metrics: dict[str, float]
    standard_errors: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __getitem__(self, metric: str) -> float:
        return self.metrics[metric]

    def _repr_html_(self) -> str:
        return f"<p>{self.rows:,} rows</p>{_table({'value': self.metrics, 'standard error': self.standard_errors})}"


def _table(columns: Mapping[str, Mapping[str, float]]) -> str:
    """Metrics downwards, splits across."""
    names = list(dict.fromkeys(name for values in columns.values() for name in values))
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th>"
        + "".join(f"<td>{values[name]:.5f}</td>" if name in values else "<td></td>" for values in columns.values())
        + "</tr>"
        for name in names
    )
    return f"<table><tr><th></th>{head}</tr>{body}</table>"
