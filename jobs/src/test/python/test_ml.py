"""The estimators in place of those of pyspark.ml."""

import json
from pathlib import Path

import pyspark.ml.classification as stock_classification
import pyspark.ml.regression as stock_regression
import pytest
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import DataFrame

from talweg.ml.classification import LinearSVC, LogisticRegression, MultilayerPerceptronClassifier
from talweg.ml.regression import GeneralizedLinearRegression, LinearRegression


@pytest.fixture(scope="module")
def rows(loans: DataFrame) -> DataFrame:
    assembler = VectorAssembler(inputCols=["amount", "age"], outputCol="features", handleInvalid="skip")
    return assembler.transform(loans.withColumnRenamed("default", "label")).cache()


def test_logistic_regression_reaches_the_optimum_of_sparks(rows: DataFrame) -> None:
    ours = LogisticRegression(regParam=0.01, elasticNetParam=0.5).fit(rows)
    theirs = stock_classification.LogisticRegression(regParam=0.01, elasticNetParam=0.5, tol=1e-12).fit(rows)
    assert type(ours) is stock_classification.LogisticRegressionModel
    # both within 1e-7 of an optimum whose curvature is above 1e-2: weights agree to some 1e-3 of theirs
    assert ours.coefficients.toArray() == pytest.approx(theirs.coefficients.toArray(), rel=3e-3)
    assert ours.summary.areaUnderROC == pytest.approx(theirs.summary.areaUnderROC, abs=1e-3)
    assert ours.transform(rows).columns == theirs.transform(rows).columns


def test_linear_regression_reaches_the_optimum_of_sparks(rows: DataFrame) -> None:
    ours = LinearRegression(regParam=0.1, labelCol="age").fit(rows.withColumn("age", rows.amount * 2 + rows.age))
    theirs = stock_regression.LinearRegression(regParam=0.1, labelCol="age").fit(
        rows.withColumn("age", rows.amount * 2 + rows.age)
    )
    assert type(ours) is stock_regression.LinearRegressionModel
    assert ours.coefficients.toArray() == pytest.approx(theirs.coefficients.toArray(), rel=1e-3)
    assert ours.summary.r2 == pytest.approx(theirs.summary.r2, abs=1e-6)


def test_generalized_linear_regression_has_the_solution_and_summary_of_sparks(rows: DataFrame) -> None:
    ours = GeneralizedLinearRegression(family="binomial").fit(rows)
    theirs = stock_regression.GeneralizedLinearRegression(family="binomial").fit(rows)
    assert type(ours) is stock_regression.GeneralizedLinearRegressionModel
    # both end where coefficients change by 1e-6 of themselves; features are floats in ours
    assert ours.coefficients.toArray() == pytest.approx(theirs.coefficients.toArray(), rel=1e-4)
    assert ours.summary.coefficientStandardErrors == pytest.approx(theirs.summary.coefficientStandardErrors, rel=1e-4)
    assert ours.summary.aic == pytest.approx(theirs.summary.aic, rel=1e-6)


def test_a_support_vector_machine_ends_below_sparks(rows: DataFrame) -> None:
    ours = LinearSVC(regParam=0.01).fit(rows)
    theirs = stock_classification.LinearSVC(regParam=0.01).fit(rows)
    assert type(ours) is stock_classification.LinearSVCModel
    # 1e-6 is what docs/spark-ml.md promises
    assert ours.summary().objectiveHistory[-1] <= theirs.summary().objectiveHistory[-1] * (1 + 1e-6)
    assert ours.summary().totalIterations == len(ours.summary().objectiveHistory) - 1
    assert ours.transform(rows).columns == theirs.transform(rows).columns


def test_a_perceptron_starts_where_sparks_does_and_descends(rows: DataFrame) -> None:
    # of one block of rows Spark's objective is the mean over rows, as ours is
    one = rows.coalesce(1)
    parameters = {"layers": [2, 3, 2], "seed": 5, "maxIter": 30, "blockSize": 4096}
    ours = MultilayerPerceptronClassifier(**parameters).fit(one)
    theirs = stock_classification.MultilayerPerceptronClassifier(**parameters).fit(one)
    assert type(ours) is stock_classification.MultilayerPerceptronClassificationModel
    # features are single precision here: 6e-8 of each
    assert ours.summary().objectiveHistory[0] == pytest.approx(theirs.summary().objectiveHistory[0], rel=1e-6)
    assert ours.summary().objectiveHistory[-1] < ours.summary().objectiveHistory[0]
    assert ours.transform(rows).columns == theirs.transform(rows).columns


def test_parameters_and_defaults_are_sparks() -> None:
    for ours, theirs in (
        (LogisticRegression(), stock_classification.LogisticRegression()),
        (LinearRegression(), stock_regression.LinearRegression()),
        (GeneralizedLinearRegression(), stock_regression.GeneralizedLinearRegression()),
        (LinearSVC(), stock_classification.LinearSVC()),
        (MultilayerPerceptronClassifier(), stock_classification.MultilayerPerceptronClassifier()),
    ):
        assert [p.name for p in ours.params] == [p.name for p in theirs.params]
        assert {p.name: ours.getOrDefault(p) for p in ours.params if ours.isDefined(p)} == {
            p.name: theirs.getOrDefault(p) for p in theirs.params if theirs.isDefined(p)
        }
        assert ours._java_obj.getClass().getName().startswith("dev.talweg.ml.")


def test_an_error_is_sparks(rows: DataFrame) -> None:
    with pytest.raises(Exception) as theirs:
        stock_classification.LogisticRegression(featuresCol="nothing").fit(rows)
    with pytest.raises(type(theirs.value)) as ours:
        LogisticRegression(featuresCol="nothing").fit(rows)
    assert str(ours.value) == str(theirs.value)


def test_an_estimator_is_saved_and_read(tmp_path: Path) -> None:
    path = str(tmp_path / "estimator")
    LogisticRegression(regParam=0.25, maxIter=7).save(path)
    read = LogisticRegression.load(path)
    assert type(read) is LogisticRegression
    assert read.getRegParam() == 0.25 and read.getMaxIter() == 7
    assert read._java_obj.getClass().getName() == "dev.talweg.ml.classification.LogisticRegression"


def test_what_stock_pyspark_saved_is_read(tmp_path: Path) -> None:
    path = str(tmp_path / "stock")
    stock_regression.GeneralizedLinearRegression(family="tweedie", variancePower=1.5, offsetCol="exposure").save(path)
    read = GeneralizedLinearRegression.load(path)
    assert type(read) is GeneralizedLinearRegression
    assert read.getVariancePower() == 1.5 and read.getOffsetCol() == "exposure"


def test_a_file_that_names_another_class_is_refused(tmp_path: Path) -> None:
    path, victim = tmp_path / "hostile", tmp_path / "victim"
    victim.write_text("precious")
    LogisticRegression().save(str(path))
    for part in (path / "metadata").glob("part-*"):
        metadata = json.loads(part.read_text()) | {"class": "java.io.FileOutputStream", "uid": str(victim)}
        part.write_text(json.dumps(metadata))
    for checksum in (path / "metadata").glob(".*.crc"):
        checksum.unlink()
    with pytest.raises(Exception, match="found java.io.FileOutputStream"):
        LogisticRegression.load(str(path))
    assert victim.read_text() == "precious"


def test_a_pipeline_is_trained_saved_and_read(loans: DataFrame, tmp_path: Path) -> None:
    assembler = VectorAssembler(inputCols=["amount", "age"], outputCol="features", handleInvalid="skip")
    pipeline = Pipeline(stages=[assembler, LogisticRegression(labelCol="default")])
    pipeline.save(str(tmp_path / "pipeline"))
    read = Pipeline.load(str(tmp_path / "pipeline"))
    assert type(read.getStages()[1]) is LogisticRegression
    model = read.fit(loans)
    model.save(str(tmp_path / "model"))
    again = PipelineModel.load(str(tmp_path / "model"))
    assert again.stages[1].coefficients == model.stages[1].coefficients


def test_cross_validation_takes_copies(rows: DataFrame) -> None:
    estimator = LogisticRegression()
    grid = ParamGridBuilder().addGrid(estimator.regParam, [0.01, 100.0]).build()
    validator = CrossValidator(
        estimator=estimator,
        estimatorParamMaps=grid,
        evaluator=BinaryClassificationEvaluator(),
        numFolds=2,
        parallelism=2,
    )
    model = validator.fit(rows)
    assert len(model.avgMetrics) == 2
    assert type(model.bestModel) is stock_classification.LogisticRegressionModel
