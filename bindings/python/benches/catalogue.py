"""How fast a catalogue is priced from Python, beside the command on the same file and beside a question for each row.

    TIDEWAITER_BIN=target/dist/tidewaiter python bindings/python/benches/catalogue.py

The command must be built as the wheel is: `cargo build --profile dist -p tidewaiter-cli`. Every figure is the best of five, wall clock.
ROWS and THREADS take other numbers.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import tidewaiter

ROWS = int(os.environ.get("ROWS", 1_000_000))
THREADS = int(os.environ.get("THREADS", os.cpu_count() or 1))
LOOP = 2_000
PARCEL = {"from_": "CN", "currency": "EUR", "channel": "post", "date": "2026-11-21"}


def goods(rows: int) -> pa.Table:
    dice = random.Random(7)
    codes = ["6109.10", "9102.11", "4202.92", "6912.00", "8517.62", "9503.00", "6404.11", "3304.99"]
    return pa.table({
        "id": [f"A-{row}" for row in range(rows)],
        "code": dice.choices(codes, k=rows),
        "origin": dice.choices(["CN", "VN", "IN"], k=rows),
        "price": [f"{cents // 100}.{cents % 100:02}" for cents in dice.choices(range(100, 14_000), k=rows)],
        "quantity": dice.choices([1, 2, 3], k=rows),
    })  # fmt: skip


def best(work: Callable[[], None], rounds: int = 5) -> float:
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def main() -> None:
    command = os.environ.get("TIDEWAITER_BIN", "target/dist/tidewaiter")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "goods.parquet"), Path(folder, "answers.parquet")
        table = goods(ROWS)
        pq.write_table(table, source)

        def by_command() -> None:
            flags = ["--to", "FR", "--from", "CN", "--currency", "EUR", "--channel", "post", "--date", "2026-11-21"]
            subprocess.run([command, "bulk", source, target, *flags, "--threads", str(THREADS), "--json"], check=True, capture_output=True)

        def from_file() -> None:
            file = pq.ParquetFile(source)
            reader = pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(65_536))
            answers = pa.RecordBatchReader.from_stream(tidewaiter.quote_table(reader, to="FR", threads=THREADS, **PARCEL))
            with pq.ParquetWriter(target, answers.schema) as writer:
                for batch in answers:
                    writer.write_batch(batch)

        def in_memory(threads: int) -> None:
            pa.table(tidewaiter.quote_table(table, to="FR", threads=threads, **PARCEL))

        few = [
            {"from": "CN", "to": "FR", "currency": "EUR", "channel": "post", "date": "2026-11-21",
             "items": [{name: row[name] for name in ("code", "origin", "price", "quantity")}]}
            for row in table.slice(0, LOOP).to_pylist()
        ]  # fmt: skip

        def in_a_loop() -> None:
            for question in few:
                tidewaiter.quote(question)

        for name, rows, work in (
            ("command, file to file", ROWS, by_command),
            ("quote_table, file to file", ROWS, from_file),
            (f"quote_table, memory to memory, {THREADS} threads", ROWS, lambda: in_memory(THREADS)),
            ("quote_table, memory to memory, 1 thread", ROWS, lambda: in_memory(1)),
            ("quote in a loop", LOOP, in_a_loop),
        ):
            seconds = best(work)
            print(f"{name:45} {rows / seconds:12,.0f} rows/s   {seconds / rows * 1e9:10,.0f} ns a row")


if __name__ == "__main__":
    main()
