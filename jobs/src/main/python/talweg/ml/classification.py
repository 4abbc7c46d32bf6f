"""In place of ``pyspark.ml.classification``."""

from pyspark.ml import classification as _spark

from talweg.ml._wrapping import TrainedByTalweg

__all__ = ["LogisticRegression"]


class LogisticRegression(TrainedByTalweg, _spark.LogisticRegression):
    """``pyspark.ml.classification.LogisticRegression``, trained by Talweg.

    Parameters, columns, errors and persistence are Spark's, and so is the fitted model: it predicts, is saved and
    read where there is no Talweg. ``docs/spark-ml.md`` lists the few differences, above all that ``tol`` bounds the
    distance to the optimum.
    """

    __module__ = "dev.talweg.ml.classification"
