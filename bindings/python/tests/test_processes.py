"""Threads and processes: answers are the same in all of them, others go on meanwhile, and nothing hangs after a fork."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pyarrow as pa
import pytest
import tidewaiter
from test_quote import SHIRTS, asked
from test_table import PARCEL, goods, read
from tidewaiter import quote_table


def test_threads_answer_the_same() -> None:
    expected = tidewaiter.quote(SHIRTS)
    table, answers = goods(500), read(quote_table(goods(500), to="FR", **PARCEL))
    with ThreadPoolExecutor(8) as threads:
        assert all(one == expected for one in threads.map(lambda _: tidewaiter.quote(SHIRTS), range(200)))
        assert all(one.equals(answers) for one in threads.map(lambda _: read(quote_table(table, to="FR", **PARCEL)), range(20)))


def test_other_threads_go_on_while_a_table_is_priced() -> None:
    table = pa.concat_tables([goods(2_000)] * 20)
    ticks: list[float] = []
    over = threading.Event()

    def tick() -> None:
        while not over.wait(0.002):
            ticks.append(time.perf_counter())

    clock = threading.Thread(target=tick)
    clock.start()
    try:
        begin = time.perf_counter()
        read(quote_table(table, to=["FR", "CH", "GB"], **PARCEL))
        end = time.perf_counter()
    finally:
        over.set()
        clock.join()
    during = [at for at in ticks if begin < at < end]
    # With Python's lock held they would stand still.
    assert len(during) > 5, (len(during), end - begin)


LONG = """
import sys
import pyarrow as pa, tidewaiter
part = pa.record_batch({"price": ["12.50", "89.00", "3.10", "400"] * 5_000, "code": ["610910", "851762", "420292", "6912"] * 5_000})
reader = pa.RecordBatchReader.from_batches(part.schema, (part for _ in range(100_000)))
answers = tidewaiter.quote_table(reader, to=["FR", "CH", "GB"], from_="CN", currency="EUR", channel="post", date="2026-11-21")
print("begun", flush=True)
try:
    if sys.argv[1] == "pyarrow":
        pa.table(answers)
    else:
        import polars
        polars.DataFrame(answers)
except KeyboardInterrupt:
    print(answers.report()["rows"])
    sys.exit(7)
except BaseException as error:
    # The reader's own error may come first; the signal comes as soon as Python goes on.
    try:
        for _ in range(1_000_000):
            pass
    except KeyboardInterrupt:
        print(answers.report()["rows"])
        sys.exit(7)
    raise
"""


@pytest.mark.parametrize("library", ["pyarrow", "polars"])
def test_a_long_table_can_be_interrupted(library: str) -> None:
    """Two thousand million rows would take hours; Control-C ends them at the next batch."""
    process = subprocess.Popen([sys.executable, "-c", LONG, library], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "begun\n"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 7, error
    assert int(out) < 100_000 * 20_000


def in_a_child(work: Callable[[], str]) -> str:
    """What a forked process says; an alarm ends one that hangs."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        try:
            said = work()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode()[:4_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert status == 0, f"the child ended with {status}"
    return said


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_answers() -> None:
    expected = tidewaiter.quote(SHIRTS)["total"]["least"]
    small = pa.table({"price": ["12.50"], "code": ["6109.10"]})
    # The parent has priced with threads before.
    total = read(quote_table(small, to="FR", threads=2, **PARCEL))["total"][0]
    assert in_a_child(lambda: str(tidewaiter.quote(SHIRTS)["total"]["least"])) == str(expected)

    def priced() -> str:
        reader = pa.RecordBatchReader.from_stream(quote_table(small, to="FR", threads=2, **PARCEL))
        return str(reader.read_next_batch()["total"][0])

    assert in_a_child(priced) == str(total)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_stream_is_not_read_on_in_a_forked_process() -> None:
    table = pa.Table.from_batches(goods(1_000).to_batches(max_chunksize=10))
    whole = read(quote_table(table, to="FR", **PARCEL))
    reader = pa.RecordBatchReader.from_stream(quote_table(table, to="FR", threads=2, **PARCEL))
    first = reader.read_next_batch()
    assert "forked" in in_a_child(lambda: str(reader.read_next_batch().num_rows))
    # The parent reads on, and misses nothing.
    rest = pa.Table.from_batches(list(reader))
    assert pa.concat_tables([pa.Table.from_batches([first]), rest]).equals(whole)


def fails(price: object) -> None:
    tidewaiter.quote(asked(item_price=price))


def test_errors_come_back_from_other_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        with pytest.raises(tidewaiter.QuestionError) as caught:
            processes.submit(fails, 12.5).result(timeout=60)
    assert caught.value.problems[0].field == "items[0].price"
