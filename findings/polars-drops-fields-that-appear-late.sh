#!/bin/sh
# polars drops a field of JSON lines that first appears after row 100, without an error or a warning.
#
# Expected: an unexpected field is an error, as an unexpected type is, or becomes a column that is null in the earlier rows, as
#   with pyarrow.
# Seen: the columns are inferred from the first 100 rows. A field that first appears in row 101 isn't in the table, with read_ndjson or with
#   scan_ndjson; the same applies to a field inside an object. A field that first appears in row 100 is in the table. A number where an object was
#   expected is an error. infer_schema_length=None reads all rows first, and keeps the field.
# Version: polars 1.44.2 and pyarrow 25.0.1 (PyPI), Linux x64.
# Source: the runs below. The documentation says that the schema is inferred from these rows, but not what happens to fields that appear later.
# Why a monitor's author cares: the most interesting parts of a recording appear late: the first error, the first finding, a node that joined. With
#   one line every 10 s, a field that first appears after 17 minutes is missing. Write all fields in every line, beginning with the first, as null if
#   necessary.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check polars==1.44.2 pyarrow==25.0.1
cat >read.py <<'PY'
import json
import polars, pyarrow.json

def write(before, last):
    with open("polls.jsonl", "w") as file:
        for step in range(before):
            file.write(json.dumps({"step": step, "values": {"gpu": 0.5}}) + "\n")
        file.write(json.dumps(last) + "\n")

finding = {"step": -1, "values": {"gpu": 0.0}, "finding": "gpu-lost"}
for before in (99, 100):
    write(before, finding)
    print(f"after {before} rows: read_ndjson", polars.read_ndjson("polls.jsonl").columns, end=" ")
    print("scan_ndjson", polars.scan_ndjson("polls.jsonl").collect().columns, end=" ")
    print("all rows", polars.read_ndjson("polls.jsonl", infer_schema_length=None).columns, end=" ")
    print("pyarrow", pyarrow.json.read_json("polls.jsonl").column_names)
write(100, {"step": -1, "values": {"gpu": 0.0, "lost": 1}})
print("inside an object:", polars.read_ndjson("polls.jsonl").row(-1))
write(100, {"step": -1, "values": 1})
try:
    print("another type:", polars.read_ndjson("polls.jsonl").row(-1))
except polars.exceptions.SchemaError as error:
    print("another type:", str(error).splitlines()[0])
PY
venv/bin/python read.py | tee log
grep -qF "after 99 rows: read_ndjson ['step', 'values', 'finding'] scan_ndjson ['step', 'values', 'finding']" log
grep -qF "after 100 rows: read_ndjson ['step', 'values'] scan_ndjson ['step', 'values'] all rows ['step', 'values', 'finding'] pyarrow ['step', 'values', 'finding']" log
grep -qF "inside an object: (-1, {'gpu': 0.0})" log
grep -q '^another type: unexpected value while building Series' log
