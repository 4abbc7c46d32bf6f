"""PySpark finds the Python class of a saved stage by its Java name, so this module is named as the Java package."""

from talweg.ml.regression import *  # noqa: F403
