"""Talweg for PySpark: a batch optimizer that ends every convex run with a certificate.

    import talweg

    run = talweg.train(spark, df, label="default", model="logistic", output="runs/credit")
    run.metrics["validation"]["auc-roc"]
    run.iterations            # a DataFrame
    run.plot()
    talweg.predict(spark, run, new_rows).show()

``talweg.ml`` has estimators in place of those of ``pyspark.ml``.
"""

from importlib.metadata import version as _version

from talweg.errors import ConfigurationError, DataError, Interrupted, SessionError, TalwegError
from talweg.results import Evaluation, Run
from talweg.sessions import attach, conf, jar
from talweg.verbs import check, evaluate, load, predict, train

__all__ = [
    "ConfigurationError",
    "DataError",
    "Evaluation",
    "Interrupted",
    "Run",
    "SessionError",
    "TalwegError",
    "attach",
    "check",
    "conf",
    "evaluate",
    "jar",
    "load",
    "predict",
    "train",
]

__version__ = _version("talweg")
