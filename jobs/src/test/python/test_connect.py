"""The estimators over Spark Connect, whose session wants a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import DataFrame

import talweg
from talweg.ml.classification import LogisticRegression


@pytest.fixture(scope="module")
def connected(loans: DataFrame, tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFrame, dict[str, Any]]:
    """The rows, and what ``connect_client.py`` said of them."""
    directory = tmp_path_factory.mktemp("connect")
    assembler = VectorAssembler(inputCols=["amount", "age"], outputCol="features", handleInvalid="skip")
    path = str(directory / "rows")
    assembler.transform(loans.withColumnRenamed("default", "label")).coalesce(1).write.parquet(path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYSPARK_", "SPARK_"))}
    said = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("connect_client.py")), talweg.jar(), path, str(directory)],
        env=environment | {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_TESTING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    return loans.sparkSession.read.parquet(path), json.loads(said.stdout.splitlines()[-1])


def test_a_model_trained_over_connect_has_the_bits_of_one_trained_without(
    connected: tuple[DataFrame, dict[str, Any]],
) -> None:
    rows, said = connected
    model = LogisticRegression(regParam=0.01).fit(rows)
    assert said["talweg"] == model.coefficients.toArray().tolist()
    assert said["read"] == said["talweg"], "of the estimator that was saved and read over Connect"


def test_one_line_of_configuration_puts_talweg_behind_sparks_classes(
    connected: tuple[DataFrame, dict[str, Any]],
) -> None:
    _, said = connected
    assert said["replaced"] == said["talweg"]
    assert said["stock"] != said["talweg"], "Spark's own ends elsewhere within its tolerance"


def test_the_verbs_say_that_connect_carries_no_frames_and_what_does(
    connected: tuple[DataFrame, dict[str, Any]],
) -> None:
    _, said = connected
    assert set(said["verbs"]) == {"train", "check", "load", "predict", "evaluate"}
    for message in said["verbs"].values():
        assert "a classic Spark session is needed" in message and "without .remote(...)" in message
        assert "the estimators of talweg.ml" in message
