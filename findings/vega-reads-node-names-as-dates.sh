#!/bin/sh
# Vega reads a column of names such as node-1 and node-2 as dates in 2001, and "80 %" as January 1, 1980.
#
# Expected: type inference recognizes numbers and ISO 8601 dates. Names, and numbers with a percent sign, remain strings, as with d3.autoType.
# Seen: with `parse: 'auto'`, node-1 is 978307200000, which is the beginning of January 1, 2001, in the local time zone (here, UTC), and node-2 is a
#   month later. gpu 0 is a date in 2000, and rank:3 is March 1, 2001. If the column also contains node-13, all of its names are strings, because there
#   are only twelve months. Names with a digit before the hyphen, such as h100-3, are also strings. Strings in JSON are converted, too.
# Version: vega-loader 5.1.3 and d3-dsv 3.0.1 (npm); the version of Node.js is printed.
# Source: isDate in packages/vega-loader/src/type.js of vega/vega: a column contains dates if Date.parse returns a number other than NaN for each value,
#   and V8 accepts words before a number. Issue 95 of vega/datalib on GitHub reports the same rule in its predecessor.
# Why a monitor's author cares: the chart of a CSV export by node has a time axis from January to December 2001 instead of one line for each node, and no
#   message appears. With a node-13, the chart is right. Name the types: `parse: {time: 'date', node: 'string', value: 'number'}`.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . vega-loader@5.1.3 d3-dsv@3.0.1 >/dev/null
cat >run.mjs <<'JS'
import {readFileSync} from 'node:fs';
import {autoType, csvParse} from 'd3-dsv';
import {read} from 'vega-loader';

console.log('node', process.version);
for (const name of ['vega-loader', 'd3-dsv'])
	console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version);

let isAsSeen = true;
const dated = [['node-1', 'node-2', 'node-12'], ['gpu 0', 'gpu 7'], ['rank:3', 'rank:4'], ['80 %', '81 %']];
const kept = [['node-1', 'node-2', 'node-13'], ['h100-3', 'h100-4'], ['node1', 'node2']];
for (const names of [...dated, ...kept]) {
	const csv = ['name,value', ...names.map(name => `${name},0.5`)].join('\n');
	const values = read(csv, {type: 'csv', parse: 'auto'}).map(row => row.name);
	const fromJson = read(JSON.stringify(names.map(name => ({name}))), {type: 'json', parse: 'auto'}).map(row => row.name);
	const named = read(csv, {type: 'csv', parse: {name: 'string', value: 'number'}}).map(row => row.name);
	const fromD3 = csvParse(csv, autoType).map(row => row.name);
	console.log(names.join(', '), '→', values.map(value => typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : value).join(', '));
	const expected = dated.includes(names) ? names.map(name => Date.parse(name)) : names;
	isAsSeen &&= [values, fromJson].every(seen => seen.join() === expected.join()) && [named, fromD3].every(seen => seen.join() === names.join());
}
isAsSeen &&= read('name\nnode-1', {type: 'csv', parse: 'auto'})[0].name === Date.UTC(2001, 0, 1);
isAsSeen &&= read('name\n80 %', {type: 'csv', parse: 'auto'})[0].name === Date.UTC(1980, 0, 1);
console.log('JSON is read in the same way. Named types and d3.autoType keep all names.');
process.exitCode = isAsSeen ? 0 : 1;
JS
TZ=UTC node run.mjs
