"""A catalogue priced on Apache Spark: each task prices its part of the rows with the package, in Arrow batches.

    spark-submit spark_catalogue.py goods.parquet answers.parquet --to FR,CH,GB --from CN --currency EUR --channel post --date 2026-11-21

The columns are those of ``tidewaiter bulk``. ``row`` counts within a part of the table: give rows an ``id`` of your own to know them again.
The last line printed is a JSON object: how many rows could not be priced (the exit code is then 1, as the command has it) and the first of them, how
many answers each worker made, and the seconds of the job without the start of Spark.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

ANSWERS = """row long, id string, to string, outcome string, currency string, duties decimal(18,4), taxes decimal(18,4), fees decimal(18,4),
total decimal(18,4), total_most decimal(18,4), checkout decimal(18,4), missing string, warnings string"""

# Rejects told by each task; all are counted.
TOLD = 5


def price(goods: DataFrame, told: Any, **parcel: Any) -> DataFrame:
    """Each row of the goods, priced to each destination. What is given beside holds for every row, as in ``quote_table``. `told` is an
    accumulator of what each task says of its part; a task that Spark has to repeat says it again."""

    def part(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import tidewaiter  # on the worker

        first = next(batches, None)
        if first is None:
            return

        def all_batches() -> Iterator[pa.RecordBatch]:
            yield first
            yield from batches

        # A task has one core.
        table = pa.RecordBatchReader.from_batches(first.schema, all_batches())
        answers = tidewaiter.quote_table(table, threads=1, most_rejects=TOLD, **parcel)
        for batch in pa.RecordBatchReader.from_stream(answers):
            # Spark knows no unsigned numbers.
            yield batch.set_column(0, "row", batch["row"].cast(pa.int64()))
        report = answers.report()
        # All tasks of an executor run in children of one process.
        worker = f"{socket.gethostname()}/{os.getppid()}"
        told.add([{"rejected": report["rejected"], "rejects": answers.rejects, "worker": worker, "answers": report["answers"]}])

    return goods.mapInArrow(part, ANSWERS)


def main() -> int:
    reader = argparse.ArgumentParser(description="Prices a Parquet table of goods on Apache Spark.")
    reader.add_argument("goods")
    reader.add_argument("answers")
    reader.add_argument("--to", required=True, help="destinations, with commas between")
    for name in ("from", "currency", "channel", "date", "sale"):
        reader.add_argument(f"--{name}")
    given = vars(reader.parse_args())
    source, target, to = given.pop("goods"), given.pop("answers"), given.pop("to").split(",")
    parcel = {name: value for name, value in given.items() if value is not None}

    from pyspark.accumulators import AccumulatorParam

    class Lists(AccumulatorParam[list[Any]]):
        def zero(self, value: list[Any]) -> list[Any]:
            return []

        def addInPlace(self, value1: list[Any], value2: list[Any]) -> list[Any]:
            return value1 + value2

    spark = SparkSession.builder.appName("tidewaiter catalogue").getOrCreate()
    try:
        told = spark.sparkContext.accumulator([], Lists())
        begin = time.perf_counter()
        price(spark.read.parquet(source), told, to=to, **parcel).write.mode("overwrite").parquet(target)
        seconds = time.perf_counter() - begin
        workers: Counter[str] = Counter()
        for part in told.value:
            workers[part["worker"]] += part["answers"]
        rejected = sum(part["rejected"] for part in told.value)
        rejects = [reject for part in told.value for reject in part["rejects"]][:TOLD]
        print(json.dumps({"rejected": rejected, "rejects": rejects, "workers": workers, "seconds": round(seconds, 2)}))
        return 1 if rejected else 0
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
