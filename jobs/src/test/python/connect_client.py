"""Trains over Spark Connect and prints what came out as a line of JSON: connect_client.py JAR ROWS DIRECTORY"""

import json
import sys

import pyspark.ml.classification as stock
from pyspark.sql import SparkSession

import talweg
from talweg.ml.classification import LogisticRegression

jar, path, directory = sys.argv[1:]
spark = SparkSession.builder.remote("local[2]").config("spark.jars", jar).getOrCreate()
try:
    rows = spark.read.parquet(path)

    def weights(estimator: stock.LogisticRegression) -> list[float]:
        return estimator.fit(rows).coefficients.toArray().tolist()

    ours = LogisticRegression(regParam=0.01)
    said = {"talweg": weights(ours), "stock": weights(stock.LogisticRegression(regParam=0.01))}
    ours.save(f"{directory}/estimator")
    said["read"] = weights(LogisticRegression.load(f"{directory}/estimator"))
    spark.conf.set("spark.connect.ml.backend.classes", "dev.talweg.ml.connect.TalwegBackend")
    said["replaced"] = weights(stock.LogisticRegression(regParam=0.01))
    verbs = {
        "train": lambda: talweg.train(spark, rows, label="label", model="logistic", output=f"{directory}/run"),
        "check": lambda: talweg.check(spark, rows, label="label", model="logistic"),
        "load": lambda: talweg.load(spark, f"{directory}/run"),
        "predict": lambda: talweg.predict(spark, f"{directory}/run", rows),
        "evaluate": lambda: talweg.evaluate(spark, f"{directory}/run", rows),
    }
    said["verbs"] = {}
    for name, call in verbs.items():
        try:
            call()
        except talweg.SessionError as error:
            said["verbs"][name] = str(error)
    print(json.dumps(said))
finally:
    spark.stop()
