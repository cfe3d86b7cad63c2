"""How fast a catalogue is priced from Python, beside the command on the same file and beside a question for each row.

    TIDEWAITER_BIN=target/dist/tidewaiter python bindings/python/benches/catalogue.py

The command must be built as the wheel is: `cargo build --profile dist -p tidewaiter-cli`. Every figure is the best of ROUNDS: wall clock, and
the processor time of all threads, which says more while the machine does other work. Two sets of rows: a catalogue as it comes, of
which some rows have a range for an answer because their duty depends on what is not said; and one of rows that have one amount each. ROWS, THREADS
and ROUNDS take other numbers.
"""

from __future__ import annotations

import json
import os
import random
import resource
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
ROUNDS = int(os.environ.get("ROUNDS", 3))
LOOP = 2_000
PARCEL = {"from_": "CN", "currency": "EUR", "channel": "post", "date": "2026-11-21"}


def goods(rows: int, most_cents: int = 14_000) -> pa.Table:
    dice = random.Random(7)
    codes = ["6109.10", "9102.11", "4202.92", "6912.00", "8517.62", "9503.00", "6404.11", "3304.99"]
    return pa.table({
        "id": [f"A-{row}" for row in range(rows)],
        "code": dice.choices(codes, k=rows),
        "origin": dice.choices(["CN", "VN", "IN"], k=rows),
        "price": [f"{cents // 100}.{cents % 100:02}" for cents in dice.choices(range(100, most_cents), k=rows)],
        "quantity": dice.choices([1, 2, 3], k=rows),
    })  # fmt: skip


def processor_seconds() -> float:
    of = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in of)


def best(work: Callable[[], None]) -> tuple[float, float]:
    """Least seconds by the wall clock, and least processor seconds."""
    wall, processor = [], []
    for _ in range(ROUNDS):
        begin, before = time.perf_counter(), processor_seconds()
        work()
        wall.append(time.perf_counter() - begin)
        processor.append(processor_seconds() - before)
    return min(wall), min(processor)


def measure(title: str, table: pa.Table, registered: list[str], folder: Path) -> None:
    command = os.environ.get("TIDEWAITER_BIN", "target/dist/tidewaiter")
    source, target = folder / "goods.parquet", folder / "answers.parquet"
    pq.write_table(table, source)
    given = {"to": "FR", "registered": registered, **PARCEL}

    def by_command(threads: int) -> None:
        flags = ["--to", "FR", "--from", "CN", "--currency", "EUR", "--channel", "post", "--date", "2026-11-21"]
        for word in registered:
            flags += ["--registered", word]
        done = subprocess.run([command, "bulk", source, target, *flags, "--threads", str(threads), "--json"], check=False, capture_output=True)
        # 1: not every row has an amount.
        assert done.returncode in (0, 1), done.stderr

    def from_file(threads: int) -> None:
        file = pq.ParquetFile(source)
        reader = pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(65_536))
        answers = pa.RecordBatchReader.from_stream(tidewaiter.quote_table(reader, threads=threads, **given))
        with pq.ParquetWriter(target, answers.schema) as writer:
            for batch in answers:
                writer.write_batch(batch)

    def in_memory(threads: int) -> None:
        pa.table(tidewaiter.quote_table(table, threads=threads, **given))

    few = [
        {"from": "CN", "to": "FR", "currency": "EUR", "channel": "post", "date": "2026-11-21", "seller": {"registrations": registered},
         "items": [{name: row[name] for name in ("code", "origin", "price", "quantity")}]}
        for row in table.slice(0, LOOP).to_pylist()
    ]  # fmt: skip
    texts = [json.dumps(question) for question in few]

    def in_a_loop() -> None:
        for question in few:
            tidewaiter.quote(question)

    def texts_in_a_loop() -> None:
        for text in texts:
            tidewaiter.quote_json(text)

    answers = tidewaiter.quote_table(table, threads=THREADS, **given)
    pa.table(answers)
    print(f"{title}: {answers.report()['outcomes']}")
    for name, rows, work in (
        ("command, file to file, 1 thread", table.num_rows, lambda: by_command(1)),
        (f"command, file to file, {THREADS} threads", table.num_rows, lambda: by_command(THREADS)),
        ("quote_table, file to file, 1 thread", table.num_rows, lambda: from_file(1)),
        (f"quote_table, file to file, {THREADS} threads", table.num_rows, lambda: from_file(THREADS)),
        ("quote_table, memory to memory, 1 thread", table.num_rows, lambda: in_memory(1)),
        (f"quote_table, memory to memory, {THREADS} threads", table.num_rows, lambda: in_memory(THREADS)),
        ("quote_json in a loop", len(texts), texts_in_a_loop),
        ("quote in a loop", len(few), in_a_loop),
    ):
        wall, processor = best(work)
        print(f"  {name:45} {rows / wall:12,.0f} rows/s   {wall / rows * 1e9:10,.0f} ns a row   {processor / rows * 1e9:10,.0f} ns of processor time")


def main() -> None:
    print(f"{ROWS:,} rows, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        measure("as they come", goods(ROWS), [], Path(folder))
        measure("one amount each", goods(ROWS, 5_000), ["eu.ioss"], Path(folder))
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
