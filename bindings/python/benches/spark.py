"""How fast Apache Spark prices a catalogue with two workers, beside one process with one thread and with two.

    TIDEWAITER_SPARK_PYTHON=…/bin/python python bindings/python/benches/spark.py

TIDEWAITER_SPARK_PYTHON names a Python that has pyspark and this package. The rows are those of catalogue.py; all ways go from Parquet file to Parquet
file. Best of ROUNDS by the wall clock, without the start of Spark, which is told beside it. ROWS takes another number.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import tidewaiter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from catalogue import PARCEL, ROUNDS, ROWS, goods
from test_spark import report, spark


def alone(source: Path, target: Path, threads: int) -> float:
    begin = time.perf_counter()
    file = pq.ParquetFile(source)
    reader = pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(20_000))
    answers = pa.RecordBatchReader.from_stream(tidewaiter.quote_table(reader, to="FR", threads=threads, **PARCEL))
    with pq.ParquetWriter(target, answers.schema) as writer:
        for batch in answers:
            writer.write_batch(batch)
    return time.perf_counter() - begin


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "goods.parquet"
        pq.write_table(goods(ROWS), source, row_group_size=ROWS // 16)
        for threads in (1, 2):
            seconds = min(alone(source, folder / "alone.parquet", threads) for _ in range(ROUNDS))
            print(f"one process, {threads} threads: {seconds:.1f} s, {ROWS / seconds:,.0f} rows/s (load {os.getloadavg()[0]:.1f})", flush=True)
        rounds = []
        for _ in range(ROUNDS):
            done, whole = spark(source, folder / "answers.parquet", folder, ["FR"])
            told = report(done)
            assert len(told["workers"]) == 2 and sum(told["workers"].values()) == ROWS, told
            rounds.append((told["seconds"], whole, sorted(told["workers"].values())))
            print(f"Spark: {told['seconds']} s, with its start {whole:.1f} s, answers of each worker {rounds[-1][2]} (load {os.getloadavg()[0]:.1f})", flush=True)
        seconds, whole, _ = min(rounds)
        print(f"Spark, two workers: {seconds:.1f} s, {ROWS / seconds:,.0f} rows/s, with its start {whole:.1f} s")


if __name__ == "__main__":
    main()
