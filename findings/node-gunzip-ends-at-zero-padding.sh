#!/bin/sh
# Node.js drops every gzip member after zero padding, without an error. Python continues reading. gzip prints a warning and exits with 2.
#
# Expected: all tools return the same data for a .gz file of several members with a run of zero bytes in between.
# Seen: three readers return three different results. Node.js's zlib (sync and stream) ends without an error after the first member.
# Version: node 24.21.0 (npm package `node`); the versions of the system's Python and gzip are printed.
# Source: RFC 1952 doesn't mention padding; readers tolerate zeros at the end of a file, which tapes and block devices add, but they
#   disagree on zeros within a file.
# Why a monitor's author cares: a crash can leave such a hole in the middle of a file. So can appending a file that was truncated in
#   place while a writer kept its offset (logrotate's copytruncate), because that file begins with a hole. A program that reads the file
#   with Node.js then shows no sign of the rest of the recording.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node@24.21.0 >/dev/null
node=$dir/node_modules/node/bin/node
"$node" --version; python3 --version; gzip --version | head -n 1
printf 'first\n' | gzip >padded.gz
head -c 64 /dev/zero >>padded.gz
printf 'second\n' | gzip >>padded.gz
by_node=$("$node" -p 'JSON.stringify(require("zlib").gunzipSync(require("fs").readFileSync("padded.gz")).toString())')
by_stream=$("$node" -e 'let t = ""; require("fs").createReadStream("padded.gz").pipe(require("zlib").createGunzip()).on("data", d => t += d).on("error", e => console.log(e.code)).on("end", () => console.log(JSON.stringify(t)))')
by_python=$(python3 -c 'import gzip, json; print(json.dumps(gzip.open("padded.gz", "rt").read()))')
code=0; by_gzip=$(gzip -dc padded.gz 2>message) || code=$?
printf '%s\n' "node gunzipSync: $by_node, no error" "node stream:     $by_stream, no error" "python gzip:     $by_python" \
	"gzip -dc:        \"$by_gzip\", exit code $code,$(cat message)"
[ "$by_node" = '"first\n"' ] && [ "$by_stream" = '"first\n"' ] && [ "$by_python" = '"first\nsecond\n"' ] && [ "$code" = 2 ]
