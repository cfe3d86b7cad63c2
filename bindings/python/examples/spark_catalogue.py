"""A catalogue priced on Apache Spark: each task prices its part of the rows with the package, in Arrow batches.

    spark-submit spark_catalogue.py goods.parquet answers.parquet --to FR,CH,GB --from CN --currency EUR --channel post --date 2026-11-21

The columns are those of ``tidewaiter bulk``. ``row`` counts within a part of the table: give rows an ``id`` of your own to know them again.
Rows that cannot be priced are counted, the first of them printed, and the exit code is then 1, as the command has it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

ANSWERS = """row long, id string, to string, outcome string, currency string, duties decimal(18,4), taxes decimal(18,4), fees decimal(18,4),
total decimal(18,4), total_most decimal(18,4), checkout decimal(18,4), missing string, warnings string"""

# Rejects told by each task; all are counted.
TOLD = 5


def price(goods: DataFrame, rejected: Any, first_rejects: Any, **parcel: Any) -> DataFrame:
    """Each row of the goods, priced to each destination. What is given beside holds for every row, as in ``quote_table``."""

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
        rejected.add(answers.report()["rejected"])
        first_rejects.add(answers.rejects)

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
        rejected = spark.sparkContext.accumulator(0)
        first_rejects = spark.sparkContext.accumulator([], Lists())
        answers = price(spark.read.parquet(source), rejected, first_rejects, to=to, **parcel)
        answers.write.mode("overwrite").parquet(target)
        for reject in first_rejects.value[:TOLD]:
            print(json.dumps(reject), file=sys.stderr)
        if rejected.value:
            print(f"{rejected.value} rows could not be priced", file=sys.stderr)
        return 1 if rejected.value else 0
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
