"""What a user sees who is wrong: the thing, the remedy, and no stack trace of Java."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

import talweg

LEAST = {"label": "default", "model": "logistic", "progress": False}


def said(error: type[talweg.TalwegError], *arguments: Any, **options: Any) -> str:
    with pytest.raises(error) as caught:
        talweg.train(*arguments, **options)
    message = str(caught.value)
    assert "java" not in message and "\tat " not in message
    assert "--" not in message, "an option of the command line"
    return message


def test_a_wrong_key_has_its_nearest_name(spark: SparkSession, loans: DataFrame) -> None:
    message = said(talweg.ConfigurationError, spark, loans, **LEAST, output="runs/no", optimiser="adam")
    assert message == "talweg.train: optimiser: unknown key; did you mean optimizer?"
    nested = said(talweg.ConfigurationError, spark, loans, **LEAST, output="runs/no", stopping={"max_iteration": 3})
    assert "stopping.max-iteration: unknown key; did you mean max-iterations?" in nested


def test_all_problems_are_told_at_once(spark: SparkSession, loans: DataFrame) -> None:
    with pytest.raises(talweg.ConfigurationError) as caught:
        talweg.train(spark, loans, label="default", model="logistc", penalty={"l2": -1}, progress=False)
    assert len(caught.value.problems) == 3, "model, penalty and a missing output"
    assert "logistic" in str(caught.value) and "or give output=" in str(caught.value)


def test_a_wrong_column_names_those_there_are(spark: SparkSession, loans: DataFrame) -> None:
    message = said(talweg.DataError, spark, loans, **{**LEAST, "label": "defualt"}, output="runs/no")
    assert "defualt" in message and "default" in message


def test_the_stack_trace_is_there_for_who_wants_it(spark: SparkSession, loans: DataFrame) -> None:
    with pytest.raises(talweg.DataError) as caught:
        talweg.train(spark, loans, output="runs/no", **{**LEAST, "label": "defualt"})
    assert "dev.talweg.datasets" in caught.value.java_trace


def test_an_output_is_not_overwritten_unless_asked(spark: SparkSession, loans: DataFrame, run: talweg.Run) -> None:
    message = said(talweg.DataError, spark, loans, **LEAST, output=run.path)
    assert "exists" in message and "overwrite=True" in message


def test_a_value_without_meaning_is_named(spark: SparkSession, loans: DataFrame) -> None:
    message = said(talweg.ConfigurationError, spark, loans, **LEAST, output="runs/no", penalty={"l2": float("nan")})
    assert message == "penalty.l2: found nan, a finite number is allowed"
    message = said(talweg.ConfigurationError, spark, loans, **LEAST, output="runs/no", batch=object())
    assert message == "batch: found builtins.object, a number, text, list or dict is allowed"


def test_an_error_of_the_users_own_code_is_told(spark: SparkSession, loans: DataFrame, tmp_path: Path) -> None:
    from pyspark.sql.functions import udf

    broken = loans.withColumn("age", udf(lambda age: 1 / 0, "double")("age"))
    with pytest.raises(talweg.TalwegError) as caught:
        talweg.train(spark, broken, output=tmp_path / "broken", **LEAST)
    assert "ZeroDivisionError" in str(caught.value) or "ZeroDivisionError" in caught.value.java_trace
    assert not (tmp_path / "broken").exists()


def test_no_secret_is_told(spark: SparkSession, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = {"train": str(tmp_path / "hunter2hunter2.csv"), "options": {"password": "hunter2hunter2"}}
    with pytest.raises(talweg.DataError) as caught:
        talweg.train(spark, data=data, label="y", model="logistic", output=tmp_path / "run")
    assert "*********.csv" in str(caught.value)
    assert "hunter2" not in str(caught.value) + caught.value.java_trace + "".join(capfd.readouterr())
    with pytest.raises(talweg.ConfigurationError) as caught:
        talweg.train(
            spark, data={"options": {"api-key": ["hunter2hunter2"]}}, label="y", model="logistic", output="runs/no"
        )
    assert "hunter2" not in str(caught.value)


def test_a_model_that_is_not_there(spark: SparkSession, loans: DataFrame, tmp_path: Path) -> None:
    for use in (talweg.predict, talweg.evaluate):
        with pytest.raises(talweg.DataError, match="nowhere"):
            use(spark, tmp_path / "nowhere", loans)
    with pytest.raises(talweg.DataError, match="no such run"):
        talweg.load(spark, tmp_path / "nowhere")


def test_rows_that_the_model_cannot_use(spark: SparkSession, loans: DataFrame, run: talweg.Run) -> None:
    with pytest.raises(talweg.DataError, match="amount"):
        talweg.predict(spark, run, loans.drop("amount"))
    with pytest.raises(talweg.DataError, match="probability has the name of a result"):
        talweg.predict(spark, run, loans.withColumnRenamed("age", "probability"))


def test_a_table_or_plot_that_is_not_there(run: talweg.Run) -> None:
    with pytest.raises(talweg.DataError, match="tables are model, iterations"):
        run.table("model.json")
    with pytest.raises(talweg.DataError, match="this run has none"):
        run.table("drift")
    with pytest.raises(talweg.DataError, match="allowed are iterations"):
        run.plot("pie")


def test_sessions_that_cannot_be_used_say_so(spark: SparkSession) -> None:
    with pytest.raises(talweg.SessionError, match="Spark Connect"):
        talweg.attach(SimpleNamespace())
    with pytest.raises(talweg.SessionError, match="this session is Spark 3.5.1"):
        talweg.attach(SimpleNamespace(_jvm=spark._jvm, version="3.5.1"))
