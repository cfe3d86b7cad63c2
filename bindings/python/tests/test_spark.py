"""The example for Apache Spark, run in a cluster of two worker processes: its answers are those of one process, row by row.

Runs where TIDEWAITER_SPARK_PYTHON names a Python that has pyspark and this package (`test --spark` sees to it); skipped elsewhere.
TIDEWAITER_SPARK_ROWS takes another number of rows; benches/spark.py measures.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tidewaiter
from test_table import PARCEL, goods

PYTHON = os.environ.get("TIDEWAITER_SPARK_PYTHON")
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "spark_catalogue.py"
FIRST_ROWS = 20_000
ROWS = int(os.environ.get("TIDEWAITER_SPARK_ROWS", 200_000))
PARTS = 16
DESTINATIONS = ["FR", "CH", "GB"]

pytestmark = pytest.mark.skipif(PYTHON is None, reason="Spark runs with ./test --spark")


def spark(source: Path, target: Path, folder: Path, destinations: list[str]) -> tuple[subprocess.CompletedProcess[str], float]:
    """Runs the example in a cluster of two workers with a core and 1 GiB each."""
    assert PYTHON is not None
    home = subprocess.run(
        [PYTHON, "-c", "import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent)"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    settings = {
        # Nothing listens but on this machine.
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.executor.memory": "1g", "spark.sql.execution.arrow.maxRecordsPerBatch": "20000",
        "spark.sql.files.maxPartitionBytes": str(source.stat().st_size // PARTS), "spark.sql.files.openCostInBytes": "0",
        # The first tasks wait until both workers are there: else one of them may have done all before the other has started.
        "spark.scheduler.minRegisteredResourcesRatio": "1.0", "spark.scheduler.maxRegisteredResourcesWaitingTime": "300s", "spark.locality.wait": "0",
        "spark.local.dir": str(folder / "scratch"), "spark.executorEnv.SPARK_LOCAL_IP": "127.0.0.1",
    }  # fmt: skip
    command = [f"{home}/bin/spark-submit", "--master", "local-cluster[2,1,1024]"]
    for name, value in settings.items():
        command += ["--conf", f"{name}={value}"]
    command += [str(EXAMPLE), str(source), str(target), "--to", ",".join(destinations)]
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


def report(done: subprocess.CompletedProcess[str]) -> Any:
    """What the example prints; it comes out on either stream, as Spark likes."""
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith('{"rejected"')]
    assert len(lines) == 1, (done.stdout + done.stderr)[-4_000:]
    return json.loads(lines[0])


def test_two_workers_answer_as_one_process(tmp_path: Path) -> None:
    part = goods(FIRST_ROWS)
    parts = []
    for at in range(0, ROWS, FIRST_ROWS):
        ids = pa.array([f"A-{row}" for row in range(at, at + FIRST_ROWS)])
        parts.append(part.set_column(0, "id", ids).slice(0, min(FIRST_ROWS, ROWS - at)))
    table = pa.concat_tables(parts)
    assert table.num_rows == ROWS
    # Several groups of rows, so that both workers have some.
    pq.write_table(table, tmp_path / "goods.parquet", row_group_size=max(1, ROWS // PARTS))

    begin = time.perf_counter()
    answers = tidewaiter.quote_table(pq.ParquetFile(tmp_path / "goods.parquet").read(), to=DESTINATIONS, threads=1, **PARCEL)
    expected = pa.table(answers)
    alone = time.perf_counter() - begin
    assert expected.num_rows > 2 * ROWS

    load = os.getloadavg()[0]
    done, whole = spark(tmp_path / "goods.parquet", tmp_path / "answers.parquet", tmp_path, DESTINATIONS)
    told = report(done)
    assert (done.returncode, told["rejected"]) == (1, answers.report()["rejected"])
    assert told["rejects"]

    order = [("id", "ascending"), ("to", "ascending")]
    got = pq.read_table(tmp_path / "answers.parquet").drop_columns(["row"]).sort_by(order)
    wanted = expected.drop_columns(["row"]).sort_by(order)
    assert got.num_rows == wanted.num_rows
    assert got.cast(wanted.schema).equals(wanted)
    # Both workers priced, and neither next to nothing.
    assert len(told["workers"]) == 2, told["workers"]
    assert sum(told["workers"].values()) == wanted.num_rows
    assert min(told["workers"].values()) > wanted.num_rows / 20, told["workers"]
    print(f"\n{ROWS} rows to {len(DESTINATIONS)} destinations (load before {load:.1f}): one process, one thread {alone:.1f} s ({ROWS / alone:.0f} rows/s); "
          f"Spark with two workers {told['seconds']:.1f} s ({ROWS / told['seconds']:.0f} rows/s), with its start {whole:.1f} s; answers of each {sorted(told['workers'].values())}")  # fmt: skip
