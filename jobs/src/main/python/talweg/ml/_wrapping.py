"""What makes an estimator of ``pyspark.ml`` one of Talweg's."""

from __future__ import annotations

from typing import Any

from pyspark.ml.wrapper import JavaWrapper
from pyspark.sql.utils import is_remote

from talweg.sessions import attach


class TrainedByTalweg:
    """Comes before the class of ``pyspark.ml``, whose Java class is then Talweg's.

    That class holds the parameters, their defaults and texts, and makes the model, so there is nothing to copy.
    ``__module__`` of a subclass is the Java package: PySpark derives one from the other when it reads a saved stage.
    Over Spark Connect there is no JVM to hand the jar to: the server has it, and is told the name of the class.
    """

    @staticmethod
    def _new_java_obj(java_class: str, *args: Any) -> Any:
        if not is_remote():
            attach()
        return JavaWrapper._new_java_obj(java_class.replace("org.apache.spark.ml.", "dev.talweg.ml."), *args)
