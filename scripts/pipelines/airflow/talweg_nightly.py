"""Trains the credit model each night with Talweg, through Airflow's own operator for spark-submit.

What it needs: the connection `spark_default` (a Spark or YARN master), and the Airflow variables `talweg_jar`,
`talweg_config` and `talweg_warehouse` (or AIRFLOW_VAR_TALWEG_JAR and so on in the environment).

A task that is cleared or retried is safe: `--resume` goes on from the last checkpoint, `--skip-finished` does
nothing where the night is finished already. A model that is refused, or wrong input, fails the task.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG

with DAG(
    dag_id="talweg_nightly",
    description="credit default: train, compare with yesterday, publish",
    schedule="15 3 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,  # a night begins at the one before it
    default_args={"retries": 1, "retry_delay": timedelta(minutes=10)},
    tags=["talweg"],
):
    SparkSubmitOperator(
        task_id="train",
        conn_id="spark_default",
        name="talweg-credit-{{ ds }}",
        application="{{ var.value.talweg_jar }}",
        java_class="dev.talweg.jobs.Main",
        application_args=[
            "train",
            "{{ var.value.talweg_config }}",
            "--set",
            "date={{ ds }}",
            "--set",
            "warehouse={{ var.value.talweg_warehouse }}",
            "--resume",
            "--skip-finished",
        ],
    )
