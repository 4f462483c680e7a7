#!/bin/sh
# pandas turns different names into the same number when it reads JSON lines: 4e1234 and 5e2345 both become infinity.
#
# Expected: JSON has types, so "4e1234" in quotation marks stays a string, as with Python's json, polars, and pyarrow. Guessing
#   types is for CSV.
# Seen: if every string of a column can be read as a number, read_json makes it a column of numbers. "0012" becomes 12, "1_000"
#   becomes 1000, and a number with an exponent beyond 308 becomes inf, without a warning. Two nodes become one in groupby and in
#   joins. If one name isn't a number, all names remain strings, so how a name is read depends on the other names in the file. With
#   dtype=False, all strings remain strings.
# Version: pandas 3.0.6, polars 1.44.2, and pyarrow 25.0.1 (PyPI), Linux x64.
# Source: the runs below. The documentation of `dtype` says "if True, infer dtypes", but not that strings are converted.
# Why a monitor's author cares: IDs of deployments, nodes, and commits are often random. Of the IDs with seven hexadecimal digits,
#   one in 54 looks like a number with an exponent, and one in 27 has only decimal digits. The values of two nodes are then added
#   up, or a join with another table finds nothing.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pandas==3.0.6 polars==1.44.2 pyarrow==25.0.1
cat >read.py <<'PY'
import json
import pandas, polars, pyarrow.json

def write(*names):
    with open("polls.jsonl", "w") as file:
        for name in names:
            file.write(json.dumps({"node": name, "busy": 1}) + "\n")

def read(*names, **options):
    write(*names)
    return pandas.read_json("polls.jsonl", lines=True, **options)

for names in (("4e1234", "5e2345"), ("0012", "12"), ("1_000", "1000"), ("4e1234", "a7f3c01")):
    print(*names, "->", read(*names)["node"].tolist())
print("sum by node:", read("4e1234", "5e2345").groupby("node")["busy"].sum().to_dict())
print("dtype=False:", read("4e1234", "5e2345", dtype=False)["node"].tolist())
print("polars:", polars.read_ndjson("polls.jsonl")["node"].to_list())
print("pyarrow:", pyarrow.json.read_json("polls.jsonl")["node"].to_pylist())
PY
venv/bin/python read.py | tee log
grep -qxF '4e1234 5e2345 -> [inf, inf]' log
grep -qxF '0012 12 -> [12, 12]' log
grep -qxF '1_000 1000 -> [1000, 1000]' log
grep -qxF "4e1234 a7f3c01 -> ['4e1234', 'a7f3c01']" log
grep -qxF 'sum by node: {inf: 2}' log
grep -qxF "dtype=False: ['4e1234', '5e2345']" log
grep -qxF "polars: ['4e1234', '5e2345']" log
grep -qxF "pyarrow: ['4e1234', '5e2345']" log
