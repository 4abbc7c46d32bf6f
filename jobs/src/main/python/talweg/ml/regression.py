"""In place of ``pyspark.ml.regression``."""

from pyspark.ml import regression as _spark

from talweg.ml._wrapping import TrainedByTalweg

__all__ = ["GeneralizedLinearRegression", "LinearRegression"]


class LinearRegression(TrainedByTalweg, _spark.LinearRegression):
    """``pyspark.ml.regression.LinearRegression``, trained by Talweg.

    Parameters, columns, errors and persistence are Spark's, and so is the fitted model, with its summary.
    ``docs/spark-ml.md`` lists the few differences.
    """

    __module__ = "dev.talweg.ml.regression"


class GeneralizedLinearRegression(TrainedByTalweg, _spark.GeneralizedLinearRegression):
    """``pyspark.ml.regression.GeneralizedLinearRegression``, trained by Talweg.

    Parameters, columns, errors and persistence are Spark's, and so is the fitted model, with its summary.
    ``docs/spark-ml.md`` says which families and links are Talweg's and which are left to Spark.
    """

    __module__ = "dev.talweg.ml.regression"
