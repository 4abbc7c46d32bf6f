"""talweg.train on DataFrames, and what it returns."""

import os
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

import talweg


def test_a_run_has_its_summary_and_tables(run: talweg.Run) -> None:
    assert run.status == "converged"
    assert run.metrics["validation"]["auc-roc"] > 0.8
    steps = run.iterations.collect()
    assert [row["step"] for row in steps] == list(range(run.summary["iterations"] + 1))
    assert run.objective == run.summary["certificate"]["primal"]
    # that is no step's number, since a proof takes the margins anew from the parameters that are written, where a step
    # moves those of the step before: sums of rows, to 1e-16 each
    assert steps[-1]["objective"] == pytest.approx(run.objective, rel=1e-12)
    weights = {row["feature"]: row["value"] for row in run.weights.collect()}
    assert weights["amount"] > 0 > weights["job=pilot"]
    assert run.gap is not None and run.gap <= 1e-4
    assert len(run.fingerprint) == 64
    assert os.path.isfile(run.report) and os.path.isdir(run.model_path)
    assert run.predictions.count() == run.summary["rows"]["validation"]
    assert {row["curve"] for row in run.curves.collect()} >= set(("roc", "precision-recall", "calibration"))


def test_the_frames_view_is_seen_by_nobody_else(spark: SparkSession, run: talweg.Run) -> None:
    assert run.summary["configuration"]["data"]["table"] == "dataframe"
    assert not spark.catalog.tableExists("dataframe")


def test_the_same_frame_gives_the_same_bits(
    spark: SparkSession, loans: DataFrame, run: talweg.Run, tmp_path: Path
) -> None:
    config = {"data": {"label": "default", "keys": "id"}, "model": "logistic", "output": str(tmp_path / "again")}
    again = talweg.train(spark, loans, config, validation={"fraction": 0.25}, progress=False)
    assert again.fingerprint == run.fingerprint


def test_a_dict_keywords_and_underscores_are_one_configuration(
    spark: SparkSession, loans: DataFrame, tmp_path: Path
) -> None:
    made = talweg.train(
        spark,
        loans,
        {"penalty": {"l2": 1.0, "standardize": "all"}, "data": {"ignore": ["age"], "bad_rows": "fail"}, "seed": 5},
        label="default",
        model="logistic",
        keys=["id"],
        optimizer={"kind": "adamw", "weight_decay": 0.0, "learning_rate": 0.1},
        batch=64,
        epochs=2,
        penalty={"l2": 0.5},
        stopping={"max_iterations": 7},
        output=tmp_path / "adam",
        progress=False,
    ).summary["configuration"]
    assert made["penalty"]["l2"] == 0.5 and made["penalty"]["standardize"] == "all"
    assert made["data"]["bad-rows"] == "fail" and made["data"]["ignore"] == ["age"]
    assert made["optimizer"]["learning-rate"] == 0.1 and made["stopping"]["max-iterations"] == 7


def test_held_out_rows_may_be_frames(spark: SparkSession, loans: DataFrame, tmp_path: Path) -> None:
    train, held_out = loans.where("id < 400"), loans.where("id >= 400")
    run = talweg.train(
        spark, train, label="default", model="logistic", validation=held_out, test=held_out.where("id >= 500"),
        ignore=["id"], output=tmp_path / "frames", progress=False,
    )  # fmt: skip
    assert run.summary["rows"] == {"train": 400, "validation": 200, "test": 100, "quarantined": 0}
    found = talweg.evaluate(spark, run, held_out, metrics=["lift@20", "ndcg@3"], query="age")
    assert found["auc-roc"] == run.metrics["validation"]["auc-roc"]
    assert found["lift@20"] > 0 and 0 <= found["ndcg@3"] <= 1
    shown = talweg.evaluate(spark, run, held_out, metrics=["item-coverage@1"], query="id", item="id")
    assert shown["item-coverage@1"] == 1  # every row is the first of its own query


def test_a_frame_keeps_its_partitions_unless_asked(spark: SparkSession, loans: DataFrame, tmp_path: Path) -> None:
    arguments = {"label": "default", "model": "logistic", "ignore": ["id"], "progress": False}
    own = talweg.train(spark, loans, output=tmp_path / "own", **arguments)
    assert own.summary["partitions"] == loans.rdd.getNumPartitions() == 3
    assert talweg.train(spark, loans, partitions=5, output=tmp_path / "five", **arguments).summary["partitions"] == 5


def test_predictions_are_the_rows_and_their_scores(spark: SparkSession, loans: DataFrame, run: talweg.Run) -> None:
    scores = talweg.predict(spark, run, loans)
    assert scores.columns == [*loans.columns, "label", "margin", "probability", "problem"]
    assert scores.count() == loans.count()
    own = {row["id"]: row["probability"] for row in run.predictions.collect()}
    scored = {row["id"]: row["probability"] for row in scores.collect()}
    assert own == {key: scored[key] for key in own}
    scores.createOrReplaceTempView("scores")
    assert spark.sql("select max(probability) as p from scores").first()["p"] == max(scored.values())
    unlabelled = talweg.predict(
        spark, run.path, loans.drop("default", "age").selectExpr("*", "0.0 as age"), keep=["id"]
    )
    assert unlabelled.columns == ["id", "label", "margin", "probability", "problem"]
    assert unlabelled.where("label is not null").isEmpty()


def test_a_run_is_read_again(spark: SparkSession, run: talweg.Run) -> None:
    again = talweg.load(spark, run.path)
    assert again.summary == run.summary and again.path == run.path


def test_a_finished_run_is_kept_where_asked(spark: SparkSession, loans: DataFrame, run: talweg.Run) -> None:
    arguments = {"label": "default", "model": "logistic", "keys": ["id"], "validation": 0.25, "output": run.path}
    assert talweg.train(spark, loans, skip_finished=True, **arguments).summary == run.summary


def test_evaluation_has_metrics_and_errors(spark: SparkSession, loans: DataFrame, run: talweg.Run) -> None:
    found = talweg.evaluate(spark, run, loans)
    assert found.rows == 600 and 0 < found.standard_errors["auc-roc"] < 0.1
    assert "auc-roc" in found._repr_html_()


def test_check_says_what_would_be_made(spark: SparkSession, loans: DataFrame) -> None:
    said = talweg.check(spark, loans, label="default", model="logistic", ignore=["id"])
    assert "job" in said and "standardize: numeric" in said


def test_a_run_shows_itself(run: talweg.Run) -> None:
    assert "certified within" in run._repr_html_()
    assert run.name in repr(run)


@pytest.mark.parametrize("kind", ["iterations", "roc", "precision-recall", "calibration", "weights"])
def test_a_run_is_drawn(run: talweg.Run, kind: str) -> None:
    figure = run.plot(kind)
    drawn = [artist for axis in figure.axes for artist in (*axis.lines, *axis.patches)]
    assert drawn
