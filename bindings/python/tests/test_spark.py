"""The example for Apache Spark, run in a cluster of two worker processes: its answers are those of one process, row by row.

Runs where TIDEWAITER_SPARK_PYTHON names a Python that has pyspark and this package (`test --spark` sees to it); skipped elsewhere.
TIDEWAITER_SPARK_ROWS prices that many rows and prints how fast both ways were.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tidewaiter
from test_table import PARCEL, goods

PYTHON = os.environ.get("TIDEWAITER_SPARK_PYTHON")
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "spark_catalogue.py"
FIRST_ROWS = 20_000
DESTINATIONS = ["FR", "CH", "GB"]

pytestmark = pytest.mark.skipif(PYTHON is None, reason="Spark runs with ./test --spark")


def spark(source: Path, target: Path, folder: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    """Runs the example in a cluster of two workers with a core and 1 GiB each."""
    assert PYTHON is not None
    home = subprocess.run(
        [PYTHON, "-c", "import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent)"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    settings = {
        # Nothing listens but on this machine.
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.executor.memory": "1g", "spark.sql.files.maxPartitionBytes": "64k", "spark.sql.files.openCostInBytes": "0", "spark.sql.execution.arrow.maxRecordsPerBatch": "20000",
        "spark.local.dir": str(folder / "scratch"), "spark.executorEnv.SPARK_LOCAL_IP": "127.0.0.1",
    }  # fmt: skip
    command = [f"{home}/bin/spark-submit", "--master", "local-cluster[2,1,1024]"]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]
    command += [str(EXAMPLE), str(source), str(target), "--to", ",".join(DESTINATIONS)]
    for name, value in PARCEL.items():
        command += [f"--{name.rstrip('_')}", value]
    environment = {
        **os.environ, "SPARK_HOME": home, "PYSPARK_PYTHON": PYTHON, "PYSPARK_DRIVER_PYTHON": PYTHON,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }  # fmt: skip
    # Each worker writes into a folder of its own there.
    work = Path(home, "work")
    before = set(work.glob("app-*"))
    begin = time.perf_counter()
    # In a group of its own, so that its workers end with it also where it has to be ended.
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder, process_group=0)
    try:
        out, error = process.communicate(timeout=900)
    finally:
        try:
            os.killpg(process.pid, 9)
        except ProcessLookupError:
            pass
    seconds = time.perf_counter() - begin
    [application] = set(work.glob("app-*")) - before
    workers = {folder.name for folder in application.iterdir()}
    shutil.rmtree(application)
    assert workers == {"0", "1"}
    return subprocess.CompletedProcess(command, process.returncode, out, error), seconds


def test_two_workers_answer_as_one_process(tmp_path: Path) -> None:
    rows = int(os.environ.get("TIDEWAITER_SPARK_ROWS", FIRST_ROWS))
    part = goods(FIRST_ROWS)
    parts = []
    for at in range(0, rows, FIRST_ROWS):
        ids = pa.array([f"A-{row}" for row in range(at, at + FIRST_ROWS)])
        parts.append(part.set_column(0, "id", ids).slice(0, min(FIRST_ROWS, rows - at)))
    table = pa.concat_tables(parts)
    # Several groups of rows, so that both workers have some.
    pq.write_table(table, tmp_path / "goods.parquet", row_group_size=max(1, rows // 8))

    begin = time.perf_counter()
    answers = tidewaiter.quote_table(pq.ParquetFile(tmp_path / "goods.parquet").read(), to=DESTINATIONS, **PARCEL)
    expected = pa.table(answers)
    alone = time.perf_counter() - begin
    assert expected.num_rows > 2 * rows

    done, seconds = spark(tmp_path / "goods.parquet", tmp_path / "answers.parquet", tmp_path)
    assert done.returncode == 1, done.stderr[-4_000:]
    assert f"{answers.report()['rejected']} rows could not be priced" in done.stderr
    # Both had a part.
    assert len(list((tmp_path / "answers.parquet").glob("part-*"))) > 1
    order = [("id", "ascending"), ("to", "ascending")]
    got = pq.read_table(tmp_path / "answers.parquet").drop_columns(["row"]).sort_by(order)
    wanted = expected.drop_columns(["row"]).sort_by(order)
    assert got.num_rows == wanted.num_rows
    assert got.cast(wanted.schema).equals(wanted)
    print(f"\n{rows} rows to {len(DESTINATIONS)} destinations: one process {alone:.1f} s ({rows / alone:.0f} rows/s), "
          f"Spark with two workers {seconds:.1f} s with its start ({rows / seconds:.0f} rows/s)")  # fmt: skip
