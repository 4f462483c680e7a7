#!/bin/sh
# DuckDB reads a gzip file that is still being written as if it were complete, and the last number that it returns can be wrong.
#
# Expected: like zcat, Python, pandas, polars, and pyarrow, DuckDB reports that the file ends too early: the end of the stream,
#   with its checksum and length, is missing.
# Seen: read_csv returns the rows that were flushed so far, without an error or a warning. If a flush ended inside a number, the
#   last row contains only the first digits of that number: 900.25 is read as 90. For a complete file, DuckDB and polars agree.
# Version: duckdb 1.5.6 and polars 1.44.2 (PyPI), Linux x64.
# Source: the runs below.
# Why a monitor's author cares: compressed exports and recordings are plotted while they are being written, or after they were
#   copied over a connection that broke. Half a file then looks like a run that stopped. Run `gzip -t` before DuckDB reads a
#   file.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.6 polars==1.44.2
cat >read.py <<'PY'
import gzip, zlib
import duckdb, polars

rows = b"step,loss\n" + b"".join(b"%d,%d.25\n" % (step, 900 - step % 500) for step in range(100_000))
stream = zlib.compressobj(6, zlib.DEFLATED, 31)
flushed = rows[: rows.index(b"\n50000,") + len(b"\n50000,90")]
files = {"whole": gzip.compress(rows), "unfinished": stream.compress(flushed) + stream.flush(zlib.Z_SYNC_FLUSH)}
for name, data in files.items():
    with open(f"{name}.csv.gz", "wb") as file:
        file.write(data)
    count, loss = duckdb.sql(f"SELECT count(*), arg_max(loss, step) FROM read_csv('{name}.csv.gz')").fetchone()
    print(f"{name}: DuckDB reads {count} rows, and {loss} in the last one", end="; ")
    try:
        print("polars reads", polars.read_csv(f"{name}.csv.gz").height)
    except OSError as error:
        print("polars:", error)
PY
venv/bin/python read.py | tee log
gzip -t unfinished.csv.gz 2>/dev/null && exit 1
grep -q '^whole: DuckDB reads 100000 rows, and 401.25 in the last one; polars reads 100000$' log
grep -q '^unfinished: DuckDB reads 50001 rows, and 90.0 in the last one; polars: unexpected end of file$' log
