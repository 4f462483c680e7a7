#!/bin/sh
# If a CSV file and a JSON file contain the same timestamp, DuckDB reads two different times, and sometimes reads the one in JSON
#   as text.
#
# Expected: 2026-11-29T02:00:00Z includes its time zone, so it is the same moment in every file.
# Seen: from CSV it is a TIMESTAMP WITH TIME ZONE. From JSON it is a TIMESTAMP without a time zone: the time is converted to UTC,
#   and the type no longer says so. If the session's time zone differs from UTC, the two are hours apart, so a join on them finds
#   nothing, or the wrong rows. If only some values have fractional seconds, a JSON column becomes VARCHAR as a whole, but a CSV
#   column doesn't.
# Version: DuckDB 1.5.6 (PyPI package `duckdb`), Linux x64.
# Source: the runs below.
# Why a monitor's author cares: exports of one window as CSV and as JSON lines are joined on the time. The join works on a machine
#   whose time zone is UTC, and finds nothing on a reader's laptop. Python's isoformat() omits the fraction of a second if it is
#   zero, so the one poll in a million that falls on a whole second changes the type of the column. Write times as integers in
#   milliseconds.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.6
cat >read.py <<'PY'
import duckdb

def write(*times):
    with open("window.csv", "w") as file:
        file.write("\n".join(["time", *times]) + "\n")
    with open("window.jsonl", "w") as file:
        file.writelines('{"time": "%s"}\n' % time for time in times)

def types(name):
    seen = [duckdb.sql(f"SELECT any_value(typeof(time)) FROM '{file}'").fetchone()[0] for file in ("window.csv", "window.jsonl")]
    print(f"{name}: CSV {seen[0]}, JSON {seen[1]}")

write("2026-11-29T02:00:00Z", "2026-11-29T02:00:10Z"); types("seconds")
for zone in ("UTC", "America/New_York"):
    duckdb.sql(f"SET TimeZone = '{zone}'")
    rows = duckdb.sql("SELECT count(*) FROM 'window.csv' JOIN 'window.jsonl' USING (time)").fetchone()[0]
    apart = duckdb.sql("SELECT (min(b.time::TIMESTAMPTZ) - min(a.time))::VARCHAR FROM 'window.csv' a, 'window.jsonl' b").fetchone()[0]
    print(f"{zone}: {rows} of 2 rows joined, {apart} apart")
write("2026-11-29T02:00:00.500Z", "2026-11-29T02:00:10.500Z"); types("fractions")
write("2026-11-29T02:00:00.500Z", "2026-11-29T02:00:10Z"); types("some fractions")
PY
venv/bin/python read.py | tee log
grep -q '^seconds: CSV TIMESTAMP WITH TIME ZONE, JSON TIMESTAMP$' log
grep -q '^UTC: 2 of 2 rows joined, 00:00:00 apart$' log
grep -q '^America/New_York: 0 of 2 rows joined, 05:00:00 apart$' log
grep -q '^fractions: CSV TIMESTAMP WITH TIME ZONE, JSON TIMESTAMP$' log
grep -q '^some fractions: CSV TIMESTAMP WITH TIME ZONE, JSON VARCHAR$' log
