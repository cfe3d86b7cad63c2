"""Whole tables: the same answers as `tidewaiter bulk`, from and to every library, and nothing that a table holds does harm."""

from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy
import pandas
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import tidewaiter
from conftest import run
from tidewaiter import quote_table

PARCEL: dict[str, Any] = {"from_": "CN", "currency": "EUR", "channel": "post", "date": "2026-11-21"}
FLAGS = ["--from", "CN", "--currency", "EUR", "--channel", "post", "--date", "2026-11-21"]


def goods(rows: int) -> pa.Table:
    """A table of goods with a few of everything: gaps, codes that are none, prices that are none."""
    dice = random.Random(7)
    codes = ["6109.10", "610910", "9102.11", "4202.92", "6912.00", "851762", None, "12x"]
    return pa.table({
        "id": [f"A-{row}" for row in range(rows)],
        "description": ["anything"] * rows,
        "code": [dice.choices(codes, [9, 9, 9, 9, 9, 9, 1, 1])[0] for _ in range(rows)],
        "origin": [dice.choice(["CN", "vn", None]) for _ in range(rows)],
        "price": [dice.choices([f"{dice.randrange(40000) / 100:.2f}", "7,50", None], [50, 1, 1])[0] for _ in range(rows)],
        "quantity": [dice.choice([1, 2, 3, None]) for _ in range(rows)],
        "weight_kg": pa.array([Decimal(dice.randrange(1, 500)) / 100 for _ in range(rows)], pa.decimal128(9, 2)),
        "registered": [dice.choice([None, "eu.ioss"]) for _ in range(rows)],
    })  # fmt: skip


def read(answers: tidewaiter.Answers) -> pa.Table:
    return pa.table(answers)


def bulk(command: Path, folder: Path, table: pa.Table, *flags: str) -> tuple[pa.Table, list[dict[str, Any]], dict[str, Any]]:
    """The answers, rejects and report of the command for the same table."""
    pq.write_table(table, folder / "goods.parquet")
    report = json.loads(run(command, "bulk", folder / "goods.parquet", folder / "answers.parquet", *FLAGS, *flags, "--json"))
    rejects = folder / "answers.parquet.rejected.ndjson"
    lines = rejects.read_text().splitlines() if rejects.is_file() else []
    return pq.read_table(folder / "answers.parquet"), [json.loads(line) for line in lines], report


def same_as_the_command(command: Path, folder: Path, table: pa.Table) -> pa.Table:
    expected, rejects, report = bulk(command, folder, table, "--to", "FR,CH,GB")
    answers = quote_table(table, to=["FR", "CH", "GB"], **PARCEL)
    got = read(answers)
    assert got.schema.equals(expected.schema)
    assert got.equals(expected)
    assert answers.rejects == rejects
    told = answers.report()
    for name in ("rejects", "warnings_file"):
        report.pop(name, None)
    assert {**told, "warnings": None} == {**report, "warnings": None}
    assert {warning["code"]: warning for warning in told["warnings"]} == {warning["code"]: warning for warning in report["warnings"]}
    return got


def test_answers_are_those_of_the_command(command: Path, tmp_path: Path) -> None:
    got = same_as_the_command(command, tmp_path, goods(3_000))
    assert set(got["outcome"].to_pylist()) >= {"amount", "range"} or "unknown" in got["outcome"].to_pylist()
    assert got.num_rows > 7_000


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("rows_at_once", [1, 7, 1_000])
def test_threads_and_batches_change_nothing(threads: int, rows_at_once: int) -> None:
    table = goods(400)
    parts = pa.Table.from_batches(table.to_batches(max_chunksize=rows_at_once))
    whole = quote_table(table, to=["FR", "CH"], threads=1, **PARCEL)
    answers = quote_table(parts, to=["FR", "CH"], threads=threads, **PARCEL)
    assert read(answers).equals(read(whole))
    assert answers.rejects == whole.rejects
    assert answers.report()["rows"] == 400




@pytest.mark.parametrize(
    "text",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int16(), pa.large_string())],
    ids=str,
)  # fmt: skip
def test_kinds_of_text(command: Path, tmp_path: Path, text: pa.DataType) -> None:
    table = goods(300)
    for at, name in enumerate(table.column_names):
        if pa.types.is_string(table.schema.field(name).type):
            table = table.set_column(at, name, table[name].cast(text) if text != pa.string_view() else pc.cast(table[name], text))
    assert table.schema.field("code").type == text
    plain = read(quote_table(goods(300), to=["FR", "CH", "GB"], **PARCEL))
    assert read(quote_table(table, to=["FR", "CH", "GB"], **PARCEL)).equals(plain)
    same_as_the_command(command, tmp_path, table)


NUMBERS = [pa.int8(), pa.int64(), pa.uint8(), pa.uint64(), pa.decimal128(5, 0), pa.decimal128(38, 12), pa.string()]


@pytest.mark.parametrize(
    ("price", "quantity"),
    [*((number, number) for number in NUMBERS), (pa.string(), pa.float32()), (pa.string(), pa.float64())],
    ids=str,
)  # fmt: skip
def test_kinds_of_numbers(command: Path, tmp_path: Path, price: pa.DataType, quantity: pa.DataType) -> None:
    """Twelve is twelve, however it is kept."""

    def of(kind: pa.DataType) -> pa.Array:
        values = [12, None, 3]
        if pa.types.is_decimal(kind):
            return pa.array([None if value is None else Decimal(value) for value in values], kind)
        return pa.array(values, pa.int64()).cast(kind)

    table = pa.table({"price": of(price), "code": ["6109.10"] * 3, "quantity": of(quantity)})
    expected, rejects, _ = bulk(command, tmp_path, table, "--to", "FR")
    answers = quote_table(table, to="FR", **PARCEL)
    got = read(answers)
    assert got.equals(expected) and answers.rejects == rejects
    assert got["row"].to_pylist() == [1, 3]
    single = tidewaiter.quote({
        "from": "CN", "to": "FR", "currency": "EUR", "channel": "post", "date": "2026-11-21",
        "items": [{"code": "6109.10", "price": 12, "quantity": 12}],
    })  # fmt: skip
    assert got["total"][0].as_py() == single["total"]["least"]


@pytest.mark.parametrize("column", ["price", "freight", "duty_rate"])
@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64(), pa.dictionary(pa.int8(), pa.float64())], ids=str)
def test_money_as_floats_is_refused(column: str, kind: pa.DataType) -> None:
    amounts = pa.array([1.0, 2.5], pa.float64()).cast(kind.value_type if pa.types.is_dictionary(kind) else kind)
    if pa.types.is_dictionary(kind):
        amounts = amounts.dictionary_encode()
    table = pa.table({"price": ["12.50", "3"], "code": ["6109.10"] * 2})
    table = table.set_column(0, "price", amounts) if column == "price" else table.append_column(column, amounts)
    for rows in (table, table.slice(0, 0)):
        with pytest.raises(tidewaiter.TableError, match="binary fractions") as caught:
            quote_table(rows, to="FR", **PARCEL)
        assert [problem.field for problem in caught.value.problems] == [column]
    # What the message advises works.
    cast = table.set_column(table.column_names.index(column), column, amounts.cast(pa.float64()).cast(pa.decimal128(12, 2)))
    assert read(quote_table(cast, to="FR", **PARCEL)).num_rows == 2


def test_weights_and_fractions_of_quantities() -> None:
    """A scale gives a float, and half a metre of cloth is a quantity."""
    table = pa.table({"price": ["12.50"], "code": ["6109.10"], "quantity": [2.5], "weight_kg": [0.1]})
    answers = quote_table(table, to="FR", **PARCEL)
    got = read(answers)
    single = tidewaiter.quote({
        "from": "CN", "to": "FR", "currency": "EUR", "channel": "post", "date": "2026-11-21",
        "items": [{"code": "6109.10", "price": "12.50", "quantity": "2.5", "weight_kg": "0.1"}],
    })  # fmt: skip
    assert got["total"].to_pylist() == [single["total"]["least"]]


@pytest.mark.parametrize(
    ("column", "value"),
    [("price", Decimal("-0.01")), ("price", Decimal(10) ** 30), ("quantity", Decimal(0)), ("quantity", Decimal(-1)),
     ("quantity", float("nan")), ("weight_kg", float("inf")), ("quantity", -2.5), ("weight_kg", 1e300), ("code", "12x"), ("origin", "Q9"), ("origin", "China")],
    ids=str,
)  # fmt: skip
def test_a_wrong_cell_is_a_reject_and_harms_no_other(column: str, value: object) -> None:
    good = {"price": Decimal("12.50"), "code": "6109.10", "origin": "CN", "quantity": Decimal(1), "weight_kg": Decimal(1)}
    rows = [good, {**good, column: value}, good]
    table = pa.table({name: pa.array([type(value)(row[name]) if name == column else row[name] for row in rows]) for name in good})
    answers = quote_table(table, to="FR", **PARCEL)
    assert read(answers)["row"].to_pylist() == [1, 3]
    assert [(reject["row"], reject["column"]) for reject in answers.rejects] == [(2, column)]
    assert answers.rejects[0]["expected"]


def test_days_with_a_time_are_refused_and_days_are_taken() -> None:
    from datetime import date, datetime, timezone

    parcel = {name: value for name, value in PARCEL.items() if name != "date"}
    table = pa.table({"price": ["12.50"], "code": ["6109.10"]})
    expected = read(quote_table(table, to="FR", **PARCEL))
    for days in (pa.array([date(2026, 11, 21)]), pa.array([date(2026, 11, 21)], pa.date64()), pa.array(["2026-11-21"])):
        assert read(quote_table(table.append_column("date", days), to="FR", **parcel)).equals(expected), days.type
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=timezone.utc)
    # Which day it is depends on where: whoever has the moment says the day.
    for kind in (pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.timestamp("ns", "Asia/Tokyo")):
        with pytest.raises(tidewaiter.TableError) as caught:
            quote_table(table.append_column("date", pa.array([moment], kind)), to="FR", **parcel)
        assert [problem.field for problem in caught.value.problems] == ["date"]


def test_an_unknown_registration_is_warned_of() -> None:
    """As the command and the API do: the answer stands, and says that the word did nothing."""
    question = {"from": "CN", "to": "FR", "currency": "EUR", "channel": "post", "date": "2026-11-21", "items": [{"code": "6109.10", "price": "12.50"}]}
    table = pa.table({"price": ["12.50"], "code": ["6109.10"]})
    without = tidewaiter.quote(question)
    for word, said in (("no.such", 'The registration "no.such" plays no part in FR'), ("eu.iosss", 'did you mean "eu.ioss"')):
        answer = tidewaiter.quote({**question, "seller": {"registrations": [word]}})
        assert [warning for warning in answer["warnings"] if said in warning]
        assert answer["total"] == without["total"]
        in_a_column = quote_table(table.append_column("registered", [[word]]), to="FR", **PARCEL)
        for answers in (quote_table(table, to="FR", registered=word, **PARCEL), in_a_column):
            codes = read(answers)["warnings"][0].as_py().split()
            told = {warning["code"]: warning["text"] for warning in answers.report()["warnings"]}
            assert [code for code in codes if said in told[code]]
    with pytest.raises(TypeError):
        tidewaiter.quote(question, registered=["eu.ioss"])  # type: ignore[call-arg]


def test_numbers_that_are_too_large_are_rejected_and_not_taken_for_absent() -> None:
    table = pa.table({
        "price": pa.array([2**64 - 1, 5, 5], pa.uint64()),
        "quantity": pa.array([1, 2**64 - 1, 1], pa.uint64()),
        "code": ["6109.10"] * 3,
    })  # fmt: skip
    answers = quote_table(table, to="FR", **PARCEL)
    assert read(answers)["row"].to_pylist() == [3]
    assert [reject["row"] for reject in answers.rejects] == [1, 2]


def test_every_library_gives_and_takes() -> None:
    table = goods(200)
    expected = read(quote_table(table, to=["FR", "CH"], **PARCEL))
    assert expected.num_rows > 300

    def answers(given: Any) -> tidewaiter.Answers:
        return quote_table(given, to=["FR", "CH"], **PARCEL)

    relation = duckdb.connect()
    relation.register("goods", table)
    given = {
        "Table": table,
        "RecordBatch": table.combine_chunks().to_batches()[0],
        "RecordBatchReader": table.to_reader(),
        "Polars": polars.DataFrame(table),
        "DuckDB": relation.sql("from goods"),
        "pandas": table.to_pandas(types_mapper=pandas.ArrowDtype),
        "pandas text": table.select([name for name in table.column_names if name != "quantity"]).append_column("quantity", table["quantity"].cast(pa.string())).to_pandas(),
    }  # fmt: skip
    for name, one in given.items():
        assert read(answers(one)).equals(expected), name
    # And its own.
    assert polars.DataFrame(answers(table)).to_dicts() == expected.to_pylist()
    reader = pa.RecordBatchReader.from_stream(answers(table))
    assert duckdb.sql('select count(*), sum(total) from reader where outcome = \'amount\'').fetchall() == [
        (pc.sum(pc.equal(expected["outcome"], "amount")).as_py(), pc.sum(expected.filter(pc.equal(expected["outcome"], "amount"))["total"]).as_py())
    ]
    assert pandas.DataFrame.from_arrow(answers(table)).shape == (expected.num_rows, expected.num_columns)


def test_pyarrow_is_not_needed() -> None:
    """Nothing but the table's own library is imported."""
    program = """
import sys, polars, tidewaiter
sys.modules["pyarrow"] = None
table = polars.DataFrame({"price": ["12.50"], "code": ["6109.10"]})
answers = tidewaiter.quote_table(table, to="FR", from_="CN", currency="EUR", channel="post", date="2026-11-21")
assert polars.DataFrame(answers).height == 1
try:
    tidewaiter.quote_table([1], to="FR", currency="EUR")
except TypeError as error:
    assert "PyCapsule" in str(error)
else:
    raise SystemExit("a list was taken for a table")
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("columns", [["price", "code", "to", "currency"], ["price"]])
def test_tables_without_rows(columns: list[str]) -> None:
    defaults: dict[str, Any] = {} if "to" in columns else {"to": "FR", "currency": "EUR"}
    for table in (pa.table({name: pa.array([], pa.string()) for name in columns}), pa.table({name: pa.chunked_array([], pa.string()) for name in columns})):
        answers = quote_table(table, **defaults)
        got = read(answers)
        assert (got.num_rows, got.column_names[:2]) == (0, ["row", "id"])
        assert answers.report()["rows"] == 0 and answers.rejects == []


def test_batches_without_rows_between_others() -> None:
    whole = goods(30)
    empty = whole.slice(0, 0).to_batches()[:1] or [pa.RecordBatch.from_pylist([], whole.schema)]
    batches = [*empty, *whole.slice(0, 10).to_batches(), *empty, *empty, *whole.slice(10).to_batches(), *empty]
    answers = quote_table(pa.RecordBatchReader.from_batches(whole.schema, batches), to="FR", **PARCEL)
    expected = quote_table(whole, to="FR", **PARCEL)
    assert read(answers).equals(read(expected)) and answers.rejects == expected.rejects
    assert answers.report()["rows"] == 30


def test_tables_of_nothing_but_nulls() -> None:
    answers = quote_table(pa.table({"price": pa.nulls(3), "code": pa.nulls(3, pa.string())}), to="FR", currency="EUR")
    assert read(answers).num_rows == 0
    assert [reject["row"] for reject in answers.rejects] == [1, 2, 3]


@pytest.mark.parametrize(
    ("table", "defaults", "field"),
    [
        (pa.table({"code": ["6109.10"]}), {"to": "FR", "currency": "EUR"}, "price"),
        (pa.table({}), {"to": "FR", "currency": "EUR"}, "price"),
        (pa.table({"price": ["1"]}), {"currency": "EUR"}, "to"),
        (pa.table({"price": ["1"]}), {"to": "FR"}, "currency"),
        (pa.table({"price": ["1"], "to": ["FR"]}), {"to": "FR", "currency": "EUR"}, "to"),
        (pa.table({"price": [[1]]}), {"to": "FR", "currency": "EUR"}, "price"),
        (pa.table({"price": [True]}), {"to": "FR", "currency": "EUR"}, "price"),
        (pa.table({"price": [b"1"]}), {"to": "FR", "currency": "EUR"}, "price"),
        (pa.table({"price": ["1"], "code": [{"a": 1}]}), {"to": "FR", "currency": "EUR"}, "code"),
        (pa.table({"price": pa.array([Decimal(1)], pa.decimal256(50, 2))}), {"to": "FR", "currency": "EUR"}, "price"),
    ],
    ids=str,
)  # fmt: skip
def test_tables_that_cannot_be_priced(table: pa.Table, defaults: dict[str, Any], field: str) -> None:
    for rows in (table, table.slice(0, 0)):
        with pytest.raises(tidewaiter.TableError) as caught:
            quote_table(rows, **defaults)
        assert [problem.field for problem in caught.value.problems] == [field]
        again = pickle.loads(pickle.dumps(caught.value))
        assert again.problems == caught.value.problems


@pytest.mark.parametrize(
    ("defaults", "field"),
    [
        ({"to": "Q9"}, "to"),
        ({"to": ["FR", "EU"]}, "to"),
        ({"currency": "EURO"}, "currency"),
        ({"channel": "pigeon"}, "channel"),
        ({"freight": 4.9}, "freight"),
        ({"colour": "red"}, "colour"),
        ({"items": []}, "items"),
    ],
    ids=str,
)
def test_defaults_that_are_wrong(defaults: dict[str, Any], field: str) -> None:
    with pytest.raises(tidewaiter.QuestionError) as caught:
        quote_table(goods(3), **{"to": "FR", **PARCEL, **defaults})
    assert [problem.field.split("[")[0] for problem in caught.value.problems] == [field]


def test_defaults_hold_for_every_row() -> None:
    table = pa.table({"price": ["12.50"], "code": ["6109.10"]})
    without = read(quote_table(table, to="FR", **PARCEL))
    with_ioss = read(quote_table(table, to="FR", registered="eu.ioss", **PARCEL))
    same = read(quote_table(table, to="FR", seller={"registrations": ["eu.ioss"]}, **PARCEL))
    assert with_ioss.equals(same) and not with_ioss.equals(without)
    assert read(quote_table(table, to="FR", freight=Decimal("4.90"), **PARCEL)).equals(
        read(quote_table(table.append_column("freight", [["4.90"]]), to="FR", **PARCEL))
    )


@pytest.mark.parametrize("given", [None, 7, "goods.csv", [{"price": "1"}], {"price": ["1"]}, object()], ids=repr)
def test_what_is_no_table(given: Any) -> None:
    with pytest.raises(TypeError, match="PyCapsule"):
        quote_table(given, to="FR", currency="EUR")


def test_streams_that_are_none() -> None:
    class Odd:
        def __init__(self, given: Callable[[], object]) -> None:
            self.given = given

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.given()

    def fail() -> object:
        raise RuntimeError("no stream today")

    for given in (lambda: None, lambda: 7, fail, lambda: pa.array([1]).__arrow_c_array__()[1], lambda: pa.chunked_array([[1, 2]]).__arrow_c_stream__()):
        with pytest.raises(tidewaiter.TableError):
            quote_table(Odd(given), to="FR", currency="EUR")
    # A stream that was read once by somebody else.
    capsule = goods(3).__arrow_c_stream__()
    pa.RecordBatchReader._import_from_c_capsule(capsule)
    with pytest.raises(tidewaiter.TableError):
        quote_table(Odd(lambda: capsule), to="FR", currency="EUR")


def text_of(offsets: list[int], data: bytes) -> pa.Array:
    """A column of text with these bytes, whether they are text or not."""
    places = pa.array(offsets, pa.int32()).buffers()[1]
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, places, pa.py_buffer(data)])


@pytest.mark.parametrize("column", [text_of([0, 2, 4], b"\xff\xfe12"), text_of([0, 2, 4], b"1\xc312"), text_of([0, 4, 2], b"1212")], ids=["no UTF-8", "cut", "offsets"])
def test_damaged_columns_are_told(column: pa.Array) -> None:
    with pytest.raises(Exception, match='"price" is damaged'):
        read(quote_table(pa.table({"price": column}), to="FR", currency="EUR"))


def test_columns_that_are_not_used_are_not_looked_at() -> None:
    table = pa.table({"price": ["1", "2"], "note": text_of([0, 2, 4], b"\xff\xfe12"), "list": [[1], [2]]})
    answers = quote_table(table, to="FR", **PARCEL)
    assert read(answers).num_rows == 2
    assert answers.report()["unused"] == ["note", "list"]


def test_an_error_of_the_input_comes_out() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield goods(10).to_batches()[0]
        raise RuntimeError("the source is gone")

    table = goods(10)
    reader = pa.RecordBatchReader.from_batches(table.schema, batches())
    answers = pa.RecordBatchReader.from_stream(quote_table(reader, to="FR", **PARCEL))
    assert answers.read_next_batch().num_rows > 0
    with pytest.raises(Exception, match="the source is gone"):
        answers.read_next_batch()


def test_answers_are_read_once() -> None:
    answers = quote_table(goods(10), to="FR", **PARCEL)
    assert "not read yet" in repr(answers)
    read(answers)
    with pytest.raises(tidewaiter.TableError, match="read already"):
        read(answers)
    assert "10 rows" in repr(answers)


def test_answers_that_nobody_reads_are_given_up() -> None:
    for _ in range(50):
        quote_table(goods(10), to="FR", **PARCEL)
        stream = quote_table(goods(10), to="FR", **PARCEL).__arrow_c_stream__()
        del stream


def test_rejects_are_counted_beyond_those_kept() -> None:
    table = pa.table({"price": ["none"] * 50})
    answers = quote_table(table, to="FR", currency="EUR", most_rejects=3)
    assert read(answers).num_rows == 0
    assert len(answers.rejects) == 3 and answers.report()["rejected"] == 50


def test_columns_are_not_copied() -> None:
    """What is changed in the caller's memory after a table was taken is seen in the rows that are priced after: nothing was copied. (Nobody
    should do so: Arrow's columns are not to be changed.)"""
    rows = 600_000
    digits = numpy.frombuffer(b"1" * rows, numpy.uint8).copy()
    prices = pa.Array.from_buffers(pa.string(), rows, [None, pa.py_buffer(numpy.arange(rows + 1, dtype=numpy.int32)), pa.py_buffer(digits)])
    # A decimal128 of whole numbers: two words of 64 bits, the lower one first.
    words = numpy.zeros((rows, 2), numpy.int64)
    words[:, 0] = 1
    quantities = pa.Array.from_buffers(pa.decimal128(9, 0), rows, [None, pa.py_buffer(words)])
    table = pa.table({"price": prices, "quantity": quantities, "code": pa.array(["6109.10"] * rows)})
    answers = pa.RecordBatchReader.from_stream(quote_table(table, to="FR", threads=1, **PARCEL))
    totals = [answers.read_next_batch()["total"]]
    # The first rows are priced, a few batches are on their way, the last rows are far from it.
    digits[-1] = ord("7")
    words[-2, 0] = 7
    totals += [batch["total"] for batch in answers]
    column = pa.chunked_array(totals)
    assert len(column) == rows

    def alone(price: str, quantity: str) -> Decimal:
        total: Decimal = read(quote_table(pa.table({"price": [price], "quantity": [quantity], "code": ["6109.10"]}), to="FR", **PARCEL))["total"][0].as_py()
        return total

    assert column[0].as_py() == column[rows - 3].as_py() == alone("1", "1")
    assert column[rows - 1].as_py() == alone("7", "1") != alone("1", "1")
    assert column[rows - 2].as_py() == alone("1", "7")


MEMORY = """
import resource, sys
import pyarrow as pa, tidewaiter
rows, batch = int(sys.argv[1]), 20_000
part = pa.record_batch({"price": ["12.50", "89.00", "3.10", "400"] * (batch // 4), "code": ["610910", "851762", "420292", "6912"] * (batch // 4)})
reader = pa.RecordBatchReader.from_batches(part.schema, (part for _ in range(rows // batch)))
stream = tidewaiter.quote_table(reader, to="FR", from_="CN", currency="EUR", channel="post", date="2026-11-21")
total = sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(stream))
assert total == rows, total
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_table() -> None:
    def most_kib(rows: int) -> int:
        done = subprocess.run([sys.executable, "-c", MEMORY, str(rows)], check=True, capture_output=True, text=True, timeout=300)
        return int(done.stdout)

    short, long = most_kib(200_000), most_kib(2_000_000)
    # Ten times the rows; all answers together would take some 200 MB more.
    assert long - short < 30_000, (short, long)
