"""Ctrl-C, in a process of its own as a user's is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pyspark.sql import SparkSession
from pyspark.sql.functions import rand, udf
import talweg

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
slow, resume, output = sys.argv[1] == "slow", sys.argv[2] == "resume", sys.argv[3]
df = spark.range(0, 2000, 1, 2).selectExpr("id", "id % 7 as x", "cast(id % 3 = 0 as int) as y")
if slow:  # rows that take minutes to read
    import time
    df = df.withColumn("x", udf(lambda x: time.sleep(0.1) or int(x), "int")("x"))

def bar_told(self, told, drawn=talweg.progress.Bar.update):
    drawn(self, told)
    if told["activity"] == ("reading the data" if slow else "optimizing") and (slow or told["step"]["number"] > 20):
        print("NOW", flush=True)

talweg.progress.Bar.update = bar_told
try:
    run = talweg.train(spark, df, label="y", model="logistic", ignore=["id"], optimizer="adam", batch=10,
        epochs=int(sys.argv[4]), output=output, resume=resume, progress=False)
    print("FINISHED", run.summary["iterations"], run.summary["interrupted-and-resumed"], run.fingerprint)
except KeyboardInterrupt as interrupted:
    print("INTERRUPTED", type(interrupted).__name__, interrupted)
    print("JOBS", len(spark.sparkContext.statusTracker().getActiveJobsIds()), spark.range(5).count())
"""


class Process:
    """A user's script, line by line."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        script = directory / "script.py"
        script.write_text(SCRIPT)
        self._process = subprocess.Popen(
            [sys.executable, str(script), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def lines(self) -> Iterator[str]:
        assert self._process.stdout is not None
        yield from self._process.stdout

    def wait_for(self, word: str) -> str:
        seen = []
        for line in self.lines():
            seen.append(line)
            if line.startswith(word):
                return line
        pytest.fail(f"{word} was not said in:\n{''.join(seen)}")

    def interrupt(self) -> None:
        os.kill(self._process.pid, signal.SIGINT)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    started: list[Process] = []

    def begin(*arguments: str) -> Process:
        started.append(Process(tmp_path, *arguments))
        return started[-1]

    yield begin
    for process in started:
        process.end()


def test_an_interrupted_run_is_the_run_that_went_on(start, tmp_path: Path) -> None:
    once = start("fast", "fresh", str(tmp_path / "whole"), "2")
    whole = once.wait_for("FINISHED").split()

    first = start("fast", "fresh", str(tmp_path / "run"), "2")
    first.wait_for("NOW")
    first.interrupt()
    said = first.wait_for("INTERRUPTED")
    assert "Interrupted interrupted after step" in said and "run the same call with resume=True" in said
    assert first.wait_for("JOBS").split() == ["JOBS", "0", "5"], "nothing runs, and the session works"
    assert not (tmp_path / "run").exists()

    second = start("fast", "resume", str(tmp_path / "run"), "2")
    assert second.wait_for("FINISHED").split() == ["FINISHED", whole[1], "1", whole[3]]


def test_reading_is_cancelled(start, tmp_path: Path) -> None:
    process = start("slow", "fresh", str(tmp_path / "run"), "1")
    process.wait_for("NOW")
    process.interrupt()
    assert "while the data was read" in process.wait_for("INTERRUPTED")
    assert process.wait_for("JOBS").split() == ["JOBS", "0", "5"]
    assert not (tmp_path / "run").exists()
