#!/bin/sh
# DuckDB reads 0.4 as 0, without an error, if the first 20,480 rows of a CSV file contain only whole numbers.
#
# Expected: a value that doesn't fit the inferred type makes the column DOUBLE, or is a conversion error, as a word is.
# Seen: the type of a column is inferred from the first 20,480 rows. With whole numbers there, the column is BIGINT, and a fraction in a later
#   row is rounded to a whole number: the sum of 1,000 rows of 0.4 is 0. strict_mode changes nothing. A word in place of the fraction is an
#   error that names the line. With only 20,478 whole numbers at the beginning, the column is DOUBLE.
# Version: DuckDB 1.5.6 (PyPI package `duckdb`), Python 3.
# Source: the sample_size option of read_csv in DuckDB's documentation: 20,480 rows by default, -1 for the whole file.
# Why a monitor's author cares: an exported window of utilization from 0 to 1 that begins with hours of idle GPUs (0, 0, 0 …) becomes only 0
#   and 1 for the work that follows. Write every value with a decimal point (0.0), or name the type: read_csv(file, types = {'value':
#   'DOUBLE'}).
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.6
cat >read.py <<'PY'
import duckdb
print('duckdb', duckdb.__version__)
def write(whole, then):
    with open('window.csv', 'w') as file:
        file.write('metric,value\n' + 'utilization,0\n' * whole + f'utilization,{then}\n' * 1000)
def show(name, source):
    try: result = duckdb.sql(f'select typeof(value), round(sum(value)) from {source} group by 1').fetchall()
    except duckdb.ConversionException as error: result = str(error).splitlines()[0]
    print(name, result)
write(20_478, 0.4); show('20478 whole rows:', "'window.csv'")
write(20_480, 0.4); show('20480 whole rows:', "'window.csv'")
show('in strict mode:', "read_csv('window.csv', strict_mode = true)")
show('whole file sampled:', "read_csv('window.csv', sample_size = -1)")
show('type named:', "read_csv('window.csv', types = {'value': 'DOUBLE'})")
write(20_480, 'x'); show('a word:', "'window.csv'")
PY
venv/bin/python read.py | tee log
grep -q "^20480 whole rows: \[('BIGINT', 0" log && grep -q "^20478 whole rows: \[('DOUBLE', 400" log && grep -q "^in strict mode: \[('BIGINT', 0" log &&
	grep -q "^whole file sampled: \[('DOUBLE', 400" log && grep -q "^type named: \[('DOUBLE', 400" log && grep -q '^a word: Conversion Error' log
