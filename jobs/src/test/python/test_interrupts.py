"""Ctrl-C, in a process of its own as a user's is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import udf

import talweg
from talweg.progress import Bar

# a million steps, which take seconds, so an interrupt after the twentieth is far from the last
LONG: dict[str, Any] = {"label": "y", "model": "logistic", "ignore": ["id"], "optimizer": "adam", "batch": 10}
LONG |= {"epochs": 5000, "progress": False}


def rows(spark: SparkSession, slow: bool = False) -> DataFrame:
    made = spark.range(0, 2000, 1, 2).selectExpr("id", "cast(id % 7 as int) as x", "cast(id % 3 = 0 as int) as y")
    return made.withColumn("x", udf(lambda x: time.sleep(0.1) or x, "int")("x")) if slow else made


def user(kind: str, output: str) -> None:
    """What the other process runs: it says when it is time for an interrupt, and how it ended."""
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")

    class Telling(Bar):
        def update(self, told: Any) -> None:
            if kind == "slow" and told.get("tasks", {}).get("all") or told.get("step", {}).get("number", 0) > 20:
                print("NOW", flush=True)

    talweg.verbs.Bar = Telling
    try:
        talweg.train(spark, rows(spark, kind == "slow"), output=output, **LONG)
        print("FINISHED")
    except KeyboardInterrupt as interrupted:
        print("INTERRUPTED", type(interrupted).__name__, interrupted)
        print("JOBS", len(spark.sparkContext.statusTracker().getActiveJobsIds()), spark.range(5).count())


class Process:
    """That process, and what it says."""

    def __init__(self, kind: str, output: Path) -> None:
        program = f"from test_interrupts import user; user({kind!r}, {str(output)!r})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        )

    def wait_for(self, word: str) -> str:
        assert self._process.stdout is not None
        seen = []
        while line := self._process.stdout.readline():
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
def start(tmp_path: Path) -> Iterator[Callable[[str], Process]]:
    started: list[Process] = []

    def begin(kind: str) -> Process:
        started.append(Process(kind, tmp_path / "run"))
        return started[-1]

    yield begin
    for process in started:
        process.end()


def test_an_interrupted_run_is_the_run_that_went_on(
    start: Callable[[str], Process], spark: SparkSession, tmp_path: Path
) -> None:
    process = start("fast")
    process.wait_for("NOW")
    process.interrupt()
    said = process.wait_for("INTERRUPTED")
    assert "Interrupted interrupted after step" in said and "run the same call with resume=True" in said
    assert process.wait_for("JOBS").split() == ["JOBS", "0", "5"], "nothing runs, and the session works"
    assert not (tmp_path / "run").exists()

    resumed = talweg.train(spark, rows(spark), output=tmp_path / "run", resume=True, **LONG)
    whole = talweg.train(spark, rows(spark), output=tmp_path / "whole", **LONG)
    assert resumed.summary["interrupted-and-resumed"] == 1
    assert resumed.fingerprint == whole.fingerprint


def test_the_interrupt_of_a_kernel_stops_a_run(tmp_path: Path) -> None:
    manager, client = start_new_kernel(env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)})
    told: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        content = message["content"]
        told.append(str(content.get("text", content.get("ename", ""))))
        if "NOW" in told[-1] and sum("NOW" in text for text in told) == 1:
            manager.interrupt_kernel()

    try:
        program = f"from test_interrupts import user; user('fast', {str(tmp_path / 'run')!r})"
        client.execute_interactive(program, timeout=120, output_hook=hear)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "Interrupted interrupted after step" in "".join(told)
    assert "JOBS 0 5" in "".join(told)


def test_reading_is_cancelled(start: Callable[[str], Process], tmp_path: Path) -> None:
    process = start("slow")
    process.wait_for("NOW")
    process.interrupt()
    assert "while the data was read" in process.wait_for("INTERRUPTED")
    assert process.wait_for("JOBS").split() == ["JOBS", "0", "5"]
    assert not (tmp_path / "run").exists()


def test_the_second_interrupt_ends_a_run_at_once(spark: SparkSession, tmp_path: Path) -> None:
    asked = 0

    class Impatient(Bar):
        def update(self, told: Any) -> None:
            nonlocal asked
            if told.get("tasks", {}).get("all") and asked < 2:
                asked += 1
                signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    original, talweg.verbs.Bar = talweg.verbs.Bar, Impatient
    try:
        with pytest.raises(talweg.Interrupted):
            talweg.train(spark, rows(spark, slow=True), output=tmp_path / "run", **LONG)
    finally:
        talweg.verbs.Bar = original
    assert signal.getsignal(signal.SIGINT) is before
    active = spark.sparkContext.statusTracker().getActiveJobsIds
    deadline = time.monotonic() + 60  # Spark tells of a job's end after whoever waited for it
    while active() and time.monotonic() < deadline:
        pass
    assert not active()
