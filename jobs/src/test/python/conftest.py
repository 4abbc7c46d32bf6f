"""One Spark session for all tests, made as a user makes it: without a word of Talweg."""

import random
from collections.abc import Iterator

import pytest
from pyspark.sql import DataFrame, SparkSession

import talweg


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[2]")
        .appName("talweg tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def loans(spark: SparkSession) -> DataFrame:
    """Simulated: two numbers, one of them sometimes missing, a category, an id, and a default that depends on them."""
    draw = random.Random(7)
    rows = []
    for number in range(600):
        amount = draw.uniform(0, 1000)
        job = draw.choice(["clerk", "cook", "pilot"])
        risk = amount / 400 - (1.5 if job == "pilot" else 0) - 1 + draw.gauss(0, 1)
        rows.append((number, None if number % 50 == 3 else amount, draw.uniform(20, 70), job, int(risk > 0)))
    return spark.createDataFrame(rows, "id int, amount double, age double, job string, default int").repartition(
        3, "id"
    )


@pytest.fixture(scope="session")
def run(spark: SparkSession, loans: DataFrame, tmp_path_factory: pytest.TempPathFactory) -> talweg.Run:
    output = tmp_path_factory.mktemp("runs") / "loans"
    return talweg.train(spark, loans, label="default", model="logistic", keys=["id"], validation=0.25, output=output)
