"""In place of ``pyspark.ml.classification``."""

from pyspark.ml import classification as _spark

from talweg.ml._wrapping import TrainedByTalweg

__all__ = ["LinearSVC", "LogisticRegression", "MultilayerPerceptronClassifier"]


class LogisticRegression(TrainedByTalweg, _spark.LogisticRegression):
    """``pyspark.ml.classification.LogisticRegression``, trained by Talweg.

    Parameters, columns, errors and persistence are Spark's, and so is the fitted model: it predicts, is saved and
    read where there is no Talweg. ``docs/spark-ml.md`` lists the few differences, above all that ``tol`` bounds the
    distance to the optimum.
    """

    __module__ = "dev.talweg.ml.classification"


class LinearSVC(TrainedByTalweg, _spark.LinearSVC):
    """``pyspark.ml.classification.LinearSVC``, trained by Talweg.

    Parameters, columns, errors and persistence are Spark's, and so is the fitted model, with its summary.
    ``docs/spark-ml.md`` says how the hinge is minimized.
    """

    __module__ = "dev.talweg.ml.classification"


class MultilayerPerceptronClassifier(TrainedByTalweg, _spark.MultilayerPerceptronClassifier):
    """``pyspark.ml.classification.MultilayerPerceptronClassifier``, trained by Talweg.

    Parameters, columns, errors and persistence are Spark's, and so is the fitted model. ``l-bfgs`` runs in
    standardized coordinates of the features; ``docs/spark-ml.md`` lists the few differences.
    """

    __module__ = "dev.talweg.ml.classification"
