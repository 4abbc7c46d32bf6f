"""Train, check, predict and evaluate, on DataFrames."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from talweg.configuration import configuration
from talweg.errors import ConfigurationError, DataError, TalwegError, told, translated
from talweg.interrupts import Interrupts
from talweg.progress import Bar
from talweg.results import Evaluation, Run
from talweg.sessions import attach

_POLL_MILLISECONDS = 100

# What predictions add to a row.
_RESULTS = ("margin", "probability", "prediction", "probabilities", "value", "problem")


def train(
    spark: SparkSession,
    df: DataFrame | None = None,
    config: Mapping[str, Any] | None = None,
    *,
    label: str | Mapping[str, str] | None = None,
    model: str | Mapping[str, Any] | None = None,
    output: str | PathLike[str] | None = None,
    weight: str | None = None,
    keys: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    where: str | None = None,
    validation: float | DataFrame | Mapping[str, Any] | None = None,
    test: float | DataFrame | Mapping[str, Any] | None = None,
    resume: bool = False,
    overwrite: bool = False,
    skip_finished: bool = False,
    progress: bool = True,
    **options: Any,
) -> Run:
    """Trains a model, publishes its directory, and returns the run.

    The configuration is that of the command line (``docs/configuration.md``), checked by the same rules. Keys of the
    block ``data`` that are used most are arguments of their own; every other key is one by its name, with ``_`` for
    ``-``: ``penalty={"l2": 1e-3}``, ``optimizer="adamw"``, ``batch=8192``, ``stopping={"max_iterations": 50}``,
    ``data={"bad_rows": "fail"}``.

    Args:
        spark: a classic session of Spark 4.1; it is given Talweg's jar if it has none.
        df: the training rows, in the partitions that they have: the bits of the model depend on them.
        config: a whole configuration as a nested dict, which the other arguments override.
        label: the column to predict, or ``{"column": "class", "positive": "bad"}``.
        model: ``logistic``, ``linear``, …, or a dict with a kind and its parameters.
        output: the directory that the run writes, in one step, on any file system of Hadoop.
        weight: a column of row weights.
        keys: columns that are no features and are copied to predictions.
        ignore: columns, or globs of them, that are not used.
        where: SQL that rows must fulfil.
        validation: a fraction of the rows, a DataFrame, or the block of the configuration.
        test: the same.
        resume: go on from the last checkpoint of an interrupted run, if there is one.
        overwrite: replace an output that exists, at the end.
        skip_finished: return the run that is there, if it is of the same configuration and data.
        progress: draw a bar.

    Raises:
        ConfigurationError: with every problem of the configuration.
        DataError: with every problem of the data, or of the output.
        Interrupted: where it was interrupted (Ctrl-C, or the kernel's interrupt): once ends the run after its step,
            with a checkpoint; twice ends it at once.
        TalwegError: where it failed.
    """
    given: dict[str, Any] = {"label": label, "weight": weight, "keys": keys, "ignore": ignore, "where": where}
    given |= {"validation": validation, "test": test}
    named = {"model": model, "output": None if output is None else fspath(output)}
    options |= {key: value for key, value in named.items() if value is not None}
    if overwrite and skip_finished:
        raise ConfigurationError(
            "overwrite and skip_finished: one redoes a finished run, the other keeps it; choose one"
        )
    notebook = attach(spark)
    written, frames = configuration(df, config, given, options)
    existing = "replace" if overwrite else "skip" if skip_finished else "refuse"
    with translated(notebook):
        begun = notebook(spark._jsparkSession).train(
            written, _java(spark, frames), "resume" if resume else "fresh", existing
        )
    last = _followed(begun, Bar(progress))
    if "failure" in last:
        raise told(last["failure"])
    run = Run(spark, json.loads(last["summary"]))
    if run.status == "failed":
        raise TalwegError(f"the run failed: {run.describe}; its tables are in {run.path}")
    return run


def check(
    spark: SparkSession, df: DataFrame | None = None, config: Mapping[str, Any] | None = None, **options: Any
) -> str:
    """Checks what :func:`train` would be called with, against the data's schema, and trains nothing.

    Returns:
        what would be made of each column, then the configuration as resolved, in YAML.
    """
    names = ("label", "weight", "keys", "ignore", "where", "validation", "test")
    given = {name: options.pop(name) for name in names if name in options}
    notebook = attach(spark)
    written, frames = configuration(df, config, given, {"output": "runs/check", **options})
    with translated(notebook):
        return str(notebook(spark._jsparkSession).check(written, _java(spark, frames)))


def load(spark: SparkSession, path: str | PathLike[str]) -> Run:
    """The finished run in a directory, whoever trained it."""
    notebook = attach(spark)
    with translated(notebook):
        return Run(spark, json.loads(notebook(spark._jsparkSession).summary(fspath(path))), fspath(path))


def predict(
    spark: SparkSession, model: Run | str | PathLike[str], df: DataFrame, *, keep: Sequence[str] | None = None
) -> DataFrame:
    """Scores rows: those of ``df`` with ``label``, the prediction, and ``problem``.

    Nothing is computed until the result is used. No row is dropped: one that cannot be scored has nulls, and its
    ``problem`` says why. ``label`` is null where ``df`` has no such column.

    Args:
        model: a run, or its directory.
        keep: columns of ``df`` in the result; all of them by default.
    """
    notebook = attach(spark)
    columns = [column for column in df.columns if column != "label"] if keep is None else list(keep)
    missing = [column for column in columns if column not in df.columns]
    if missing:
        raise DataError(f"keep: there is no column {missing[0]}; columns are {', '.join(df.columns)}")
    taken = [column for column in columns if column in _RESULTS]
    if taken:
        raise DataError(
            f"column {taken[0]} has the name of a result; rename it, or name the columns to keep= without it"
        )
    with translated(notebook):
        scores = notebook(spark._jsparkSession).predict(_directory(model), df._jdf, _texts(spark, columns))
    return DataFrame(scores, spark)


def evaluate(
    spark: SparkSession,
    model: Run | str | PathLike[str],
    df: DataFrame,
    *,
    metrics: Sequence[str] = (),
    query: str | None = None,
    item: str | None = None,
) -> Evaluation:
    """The metrics of a model on labelled rows.

    Args:
        metrics: more of them, which are computed on demand, such as ``ece-equal-mass@10``.
        query: the column that says which query a row is of, for metrics as ``ndcg@10``.
        item: the column that says which item a row is, for metrics as ``item-coverage@10``.
    """
    notebook = attach(spark)
    with translated(notebook):
        more = _texts(spark, metrics)
        found = json.loads(notebook(spark._jsparkSession).evaluate(_directory(model), df._jdf, more, query, item))
    return Evaluation(found["rows"], found["metrics"], found["standard_errors"], found["notes"])


def _directory(model: Run | str | PathLike[str]) -> str:
    return model.path if isinstance(model, Run) else fspath(model)


def _texts(spark: SparkSession, texts: Sequence[str]) -> Any:
    names = spark._jvm.java.util.ArrayList()  # type: ignore[union-attr]
    for text in texts:
        names.add(text)
    return names


def _java(spark: SparkSession, frames: Mapping[str, DataFrame]) -> Any:
    named = spark._jvm.java.util.HashMap()  # type: ignore[union-attr]
    for name, frame in frames.items():
        named.put(name, frame._jdf)
    return named


def _followed(begun: Any, bar: Bar) -> dict[str, Any]:
    """Draws a run until it is over; the first interrupt stops it, the second ends it at once."""
    with bar, Interrupts() as interrupts:
        seen = 0
        try:
            while True:
                if interrupts.count > seen:
                    seen = interrupts.count
                    if seen == 1:
                        bar.say("stopping after this step, with a checkpoint; once more stops at once")
                        begun.stop()
                    else:
                        begun.cancel()
                state: dict[str, Any] = json.loads(begun.poll(_POLL_MILLISECONDS))
                bar.update(state)
                if state["ended"]:
                    if "summary" in state:
                        bar.finish(json.loads(state["summary"])["termination"]["describe"])
                    return state
        except BaseException:
            begun.cancel()
            raise
