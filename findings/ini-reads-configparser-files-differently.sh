#!/bin/sh
# The npm package `ini` misreads sections and values in files that Python's configparser writes.
#
# Expected: a simple [section] / key = value file has the same meaning in both.
# Seen: a dot in a section's name creates nested objects, a value is cut off at a `#` or `;`, quotation marks vanish,
#   and `key[]` becomes a list (an option turns off only the last of these).
# Version: ini 6.0.0 (npm); the version of the system's Python is printed.
# Why a monitor's author cares: command-line tools written in Python (truss is one) keep API keys in such files. A key
#   with a `#` in it is truncated when it is read, and the server rejects it.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . ini@6.0.0 >/dev/null
echo "ini $(node -p 'JSON.parse(require("fs").readFileSync("node_modules/ini/package.json")).version'), $(python3 --version)"
python3 - <<'PY'
import configparser
config = configparser.ConfigParser()
config['work.eu'] = {'api_key': 'ab#cd', 'note': 'x ; y', 'quoted': '"hello"', 'list[]': '1'}
config.write(open('rc', 'w'))
PY
cat >read.mjs <<'JS'
import {readFileSync} from 'node:fs';
import {parse} from 'ini';
console.log(JSON.stringify(parse(readFileSync('rc', 'utf8'))));
JS
by_ini=$(node read.mjs)
by_python=$(python3 -c 'import configparser, json; c = configparser.ConfigParser(); c.read("rc"); print(json.dumps({s: dict(c[s]) for s in c.sections()}, separators=(",", ":")))')
cat rc
printf '%s\n' "ini:          $by_ini" "configparser: $by_python"
[ "$by_ini" = '{"work":{"eu":{"api_key":"ab","note":"x","quoted":"hello","list":["1"]}}}' ] && [ "$by_python" != "$by_ini" ]
