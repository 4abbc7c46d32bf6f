"""Estimators in place of those of ``pyspark.ml``: one import line changes."""
