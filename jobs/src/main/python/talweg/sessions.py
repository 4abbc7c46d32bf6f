"""How a Spark session gets Talweg's jar."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import as_file, files
from typing import Any

from pyspark import __version__ as pyspark_version

from talweg.errors import SessionError

SPARK = "4.1"
_given: set[str] = set()  # applications that got the jar while they ran
_ENTRY = "dev.talweg.jobs.notebook.Notebook"


def jar() -> str:
    """The path of the jar within this package, e.g. for ``spark-submit --jars``."""
    with as_file(files("talweg") / "talweg.jar") as path:
        if not path.exists():
            raise SessionError(f"{path} is not there: this is no whole wheel; build one with scripts/wheel")
        return str(path)


def conf() -> dict[str, str]:
    """Settings for ``SparkSession.builder.config(map=talweg.conf())``.

    A session on a cluster should be made with them. A local one need not: see :func:`attach`. Spark's own bar of
    stages is switched off, as it would be drawn into that of a run.
    """
    return {"spark.jars": jar(), "spark.ui.showConsoleProgress": "false"}


def attach(spark: Any = None) -> Any:
    """Makes Talweg's classes known to a session, and returns the JVM's entry point.

    Every function and class of this package does so by itself. A session that was made with :func:`conf`, or that
    ``spark-submit --jars`` started, has the jar already. Another one is given it now: the driver's class loader and
    the executors, as ``spark.jars`` would have.

    Raises:
        SessionError: for Spark Connect, another version of Spark, another version of Talweg in the session, or where
            the class loader takes no jars.
    """
    from pyspark.sql import SparkSession

    spark = spark if spark is not None else SparkSession.getActiveSession()
    if spark is None:
        raise SessionError("there is no Spark session; make one first: SparkSession.builder.getOrCreate()")
    if not hasattr(spark, "_jvm"):
        raise SessionError(
            f"a classic Spark session is needed, found {type(spark).__module__}.{type(spark).__name__}; Spark Connect "
            "cannot carry DataFrames to Talweg: make the session without .remote(...), or use the estimators of talweg.ml, "
            "which work over Connect"
        )
    if not spark.version.startswith(SPARK + "."):
        raise SessionError(
            f"Talweg needs Spark {SPARK}, this session is Spark {spark.version}; pip install pyspark=={SPARK}.0"
        )
    if not pyspark_version.startswith(SPARK + "."):
        raise SessionError(f"Talweg needs pyspark {SPARK}, found {pyspark_version}; pip install pyspark=={SPARK}.0")
    entry = _find(spark)
    another = bool(_given) and spark.sparkContext.applicationId not in _given  # of the same JVM, after spark.stop()
    if entry is None or another:
        _add(spark)
        entry = _find(spark)
    if entry is None:
        raise SessionError(
            "this session has no Talweg jar, and takes none while it runs; restart the kernel and make the session with "
            "SparkSession.builder.config(map=talweg.conf())"
        )
    there = str(entry.version()).replace("-SNAPSHOT", ".dev0")
    if there != version("talweg"):
        raise SessionError(
            f"this session has the jar of Talweg {there}, and the package is {version('talweg')}; make the session with "
            "talweg.conf(), or install the package of that version"
        )
    return entry


def _find(spark: Any) -> Any | None:
    found = spark._jvm
    for name in _ENTRY.split("."):
        found = getattr(found, name)
    return found if callable(found) and hasattr(found, "version") else None


def _add(spark: Any) -> None:
    """What spark-submit does with ``spark.jars``, in a driver that runs already."""
    loader = spark._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    if hasattr(loader, "addURL"):
        loader.addURL(spark._jvm.java.io.File(jar()).toURI().toURL())  # a second time it changes nothing
        spark.sparkContext._jsc.addJar(jar())
        _given.add(spark.sparkContext.applicationId)
