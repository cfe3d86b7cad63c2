"""The job of the benchmark `bulk` over the set "large", in SQL (DuckDB) and in floating point (NumPy).

    cargo bench -p tidewaiter-bulk -- book large      # makes the rows, the rates and our answers
    python3 -m venv VENV && VENV/bin/pip install duckdb numpy
    TIDEWAITER_BENCH_DIR=FOLDER VENV/bin/python crates/bulk/benches/sql.py

FOLDER is the folder that the benchmark named. What the SQL computes is what the 200 territories of that set ask for: relief
below a limit, the duty of the longest code (for named origins before all), additional duties, VAT on all of it, each
rounded half up to the cent, in DECIMAL. It knows no exchange rates, claims, documents, disputes, ranges or sources; the
ratebook does. Times are the best of three, loading not counted.
"""

import os
import tempfile
import time
from pathlib import Path

import duckdb
import numpy

FOLDER = Path(os.environ.get("TIDEWAITER_BENCH_DIR", Path(tempfile.gettempdir()) / "tidewaiter-bulk-bench"))
DAY = "DATE '2026-11-21'"

base = duckdb.connect(config={"memory_limit": "6GB"})


def run(sql):
    return base.execute(sql)


def best(work, passes=3):
    least = None
    for _ in range(passes):
        wall, used = time.perf_counter(), time.process_time()
        work()
        took = (time.perf_counter() - wall, time.process_time() - used)
        least = took if least is None else (min(least[0], took[0]), min(least[1], took[1]))
    return least


def show(name, rows, took):
    print(f"{name:<66} {rows / took[0]:>12,.0f} rows/s {took[0] / rows * 1e9:>7.0f} ns/row {took[1] / rows * 1e9:>7.0f} ns of processor")


run(f"CREATE TABLE places AS SELECT \"to\", vat::DECIMAL(6,4) AS vat, relief::DECIMAL(12,2) AS relief FROM read_csv('{FOLDER}/territories.csv')")
run(f"CREATE TABLE origins AS SELECT * FROM read_csv('{FOLDER}/origins.csv', all_varchar=true)")
run(
    f"""CREATE TABLE schedule AS SELECT rpad(prefix, 12, '0')::BIGINT AS prefix, digits::TINYINT AS digits,
    kind = 'additional' AS additional, coalesce(origins, '') AS origins, percent::DECIMAL(9,4) AS percent,
    from_day::DATE AS from_day, before_day::DATE AS before_day
    FROM read_csv('{FOLDER}/rates.csv', all_varchar=true)"""
)
# Every territory has its own rows, as in the ratebook.
run("CREATE TABLE rates AS SELECT places.\"to\" AS place, schedule.* FROM places, schedule ORDER BY place, prefix")
run(
    f"""CREATE TABLE goods AS SELECT row_number() OVER () AS row, rpad(code, 12, '0')::BIGINT AS code, origin,
    (price * quantity)::DECIMAL(12,2) AS goods, "to" AS place FROM read_parquet('{FOLDER}/large.parquet')"""
)
rows = run("SELECT count(*) FROM goods").fetchone()[0]
print(f"{rows:,} rows; {run('SELECT count(*) FROM rates').fetchone()[0]:,} rates; DuckDB {duckdb.__version__}, NumPy {numpy.__version__}")

# The rates that reach each row: by the code and what stands above it, by origin, by day. Only combinations that occur are
# looked up, once each.
LOOKUP = f"""
WITH asked AS (SELECT DISTINCT place, code, origin FROM goods),
prefixes AS (
  SELECT code, (code // step) * step AS prefix, digits
  FROM (SELECT DISTINCT code FROM goods),
       (VALUES (100, 10), (10000, 8), (1000000, 6), (100000000, 4), (10000000000, 2)) steps(step, digits)
),
wanted AS (SELECT DISTINCT place, code, origin, prefix, digits FROM asked JOIN prefixes USING (code)),
found AS (
  SELECT w.place, w.code, w.origin, r.additional, r.percent, r.digits, r.origins <> '' AS named, r.from_day
  FROM wanted w JOIN rates r ON r.place = w.place AND r.prefix = w.prefix AND r.digits = w.digits
  WHERE r.from_day <= {DAY} AND {DAY} < r.before_day
    AND (r.origins = '' OR EXISTS (SELECT 1 FROM origins o WHERE o.origins = r.origins AND o.origin = w.origin))
)
SELECT place, code, origin,
  arg_max(percent, digits * 1000000 + named::INT * 500000 + date_diff('day', DATE '1900-01-01', from_day))
    FILTER (NOT additional) AS duty,
  coalesce(sum(percent) FILTER (additional), 0)::DECIMAL(9,4) AS additional
FROM found GROUP BY ALL
"""

# DECIMAL arithmetic; round() of a DECIMAL rounds half away from zero.
SUMS = """
SELECT row, CASE WHEN goods <= relief THEN 0::DECIMAL(18,2) ELSE round(goods * duty / 100, 2) END AS d,
  round(goods * additional / 100, 2) AS a, goods, vat FROM joined
"""
# A division by 100 would leave DECIMAL: the percentages are multiplied as fractions.
SUMS = SUMS.replace("goods * duty / 100", "goods * (duty * 0.01)::DECIMAL(9,6)").replace(
    "goods * additional / 100", "goods * (additional * 0.01)::DECIMAL(9,6)"
)
ANSWER = f"""
SELECT row, (d + a)::DECIMAL(18,2) AS duties, round((goods + d + a)::DECIMAL(12,2) * (vat * 0.01)::DECIMAL(6,4), 2)::DECIMAL(18,2) AS taxes
FROM ({SUMS})
"""


def whole(threads):
    run(f"SET threads = {threads}")
    run(
        f"""CREATE OR REPLACE TABLE answers AS WITH rated AS ({LOOKUP}),
        joined AS (SELECT goods.*, rated.duty, rated.additional, places.vat, places.relief
                   FROM goods JOIN rated USING (place, code, origin) JOIN places ON places."to" = goods.place)
        {ANSWER}"""
    )


def arithmetic(threads):
    run(f"SET threads = {threads}")
    run(f"CREATE OR REPLACE TABLE answers AS {ANSWER}")


for threads in (1, 2):
    took = best(lambda: whole(threads))
    show(f"DuckDB, look-up and sums in DECIMAL, {threads} thread(s)", rows, took)


def compare(name):
    ours = run(
        f"SELECT count(*), sum(duties), sum(taxes), sum(total) FROM read_parquet('{FOLDER}/large-answers-1.parquet')"
    ).fetchone()
    theirs = run("SELECT count(*), sum(duties), sum(taxes), sum(duties + taxes) FROM answers").fetchone()
    differ = run(
        f"""SELECT count(*) FROM answers JOIN read_parquet('{FOLDER}/large-answers-1.parquet') ours USING (row)
        WHERE answers.duties <> ours.duties OR answers.taxes <> ours.taxes"""
    ).fetchone()[0]
    print(f"    {name}: rows, duties, taxes, total: {tuple(map(str, theirs))}; ours {tuple(map(str, ours))}; rows that differ: {differ}")


compare("DECIMAL")

# From file to file, as our own rows.
for threads in (1, 2):
    run(f"SET threads = {threads}")

    def file_to_file():
        run(
            f"""CREATE OR REPLACE TABLE goods AS SELECT row_number() OVER () AS row, rpad(code, 12, '0')::BIGINT AS code, origin,
            (price * quantity)::DECIMAL(12,2) AS goods, "to" AS place FROM read_parquet('{FOLDER}/large.parquet')"""
        )
        whole(threads)
        run(f"COPY answers TO '{FOLDER}/duckdb-answers.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")

    show(f"DuckDB, Parquet to Parquet, {threads} thread(s)", rows, best(file_to_file))

run(
    f"""CREATE TABLE joined AS WITH rated AS ({LOOKUP})
    SELECT goods.*, rated.duty, rated.additional, places.vat, places.relief
    FROM goods JOIN rated USING (place, code, origin) JOIN places ON places."to" = goods.place ORDER BY row"""
)
for threads in (1, 2):
    show(f"DuckDB, sums in DECIMAL, rates already joined, {threads} thread(s)", rows, best(lambda: arithmetic(threads)))

columns = run(
    "SELECT goods::DOUBLE AS goods, duty::DOUBLE AS duty, additional::DOUBLE AS additional, vat::DOUBLE AS vat FROM joined"
).fetchnumpy()
goods, duty, additional, vat = (numpy.asarray(columns[n]) for n in ("goods", "duty", "additional", "vat"))
result = {}


def floats(rounded):
    if rounded:
        d = numpy.floor(numpy.where(goods <= 20, 0, goods * duty / 100) * 100 + 0.5) / 100
        a = numpy.floor(goods * additional / 100 * 100 + 0.5) / 100
        t = numpy.floor((goods + d + a) * vat / 100 * 100 + 0.5) / 100
    else:
        d = numpy.where(goods <= 20, 0, goods * duty / 100)
        a = goods * additional / 100
        t = (goods + d + a) * vat / 100
    result["sum"] = (d + a + t, d + a, t)


for rounded in (False, True):
    name = "NumPy, binary fractions, rates already joined, " + ("rounded to cents" if rounded else "not rounded")
    show(name + ", 1 thread", rows, best(lambda: floats(rounded)))
    total = run("SELECT sum(duties + taxes) FROM answers").fetchone()[0]
    exact = run(
        f"SELECT (duties * 100)::BIGINT AS duties, (taxes * 100)::BIGINT AS taxes FROM answers ORDER BY row"
    ).fetchnumpy()
    _, duties, taxes = result["sum"]
    wrong = numpy.count_nonzero(
        (numpy.rint(duties * 100) != exact["duties"]) | (numpy.rint(taxes * 100) != exact["taxes"])
    )
    print(f"    sum {result['sum'][0].sum():.4f}, exact {total}; rows whose cents are wrong: {wrong:,}")
