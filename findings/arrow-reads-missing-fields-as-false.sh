#!/bin/sh
# Apache Arrow for JavaScript reads a field that is missing from a JSON line as if it were false, '', or NaN; only a field that is null is read as
#   null.
#
# Expected: a missing field is null, as with pyarrow. The TypeScript types accept undefined, and the columns are nullable.
# Seen: from the rows {gpu: 0.5, healthy: true, state: 'busy'} and {}, tableFromJSON creates a table whose second row has healthy: false, state: '', and
#   gpu: NaN, and each column's nullCount is 0. If the three fields are null instead of missing, they are read as null. tableToIPC writes the wrong values,
#   too. If a date is missing, tableFromJSON throws a TypeError, "Cannot convert undefined to a BigInt".
# Version: apache-arrow 21.2.0 (npm); the version of Node.js is printed.
# Source: vectorFromArray in src/factories.ts of apache/arrow-js sets `nullValues: [null]`, and tableFromJSON has no parameter to change it.
# Why a monitor's author cares: fields that don't apply are usually omitted from JSON lines. A node whose health is unknown then counts as unhealthy, the
#   average of a column is NaN, and an empty state can't be distinguished from an unknown one. Write null for unknown values, or set missing fields to
#   null before making the table.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . apache-arrow@21.2.0 >/dev/null
cat >run.mjs <<'JS'
import {readFileSync} from 'node:fs';
import {tableFromIPC, tableFromJSON, tableToIPC} from 'apache-arrow';

console.log('node', process.version);
console.log('apache-arrow', JSON.parse(readFileSync('node_modules/apache-arrow/package.json', 'utf8')).version);

const first = '{"gpu": 0.5, "healthy": true, "state": "busy"}';
const rows = lines => lines.map(line => JSON.parse(line));
const last = table => {
	const {gpu, healthy, state} = table.get(table.numRows - 1).toJSON();
	const nulls = table.schema.fields.map(field => table.getChild(field.name).nullCount);
	return `gpu ${gpu}, healthy ${healthy}, state ${JSON.stringify(state)}; nulls ${nulls.join(' ')}`;
};
const missing = tableFromJSON(rows([first, '{}']));
const explicit = tableFromJSON(rows([first, '{"gpu": null, "healthy": null, "state": null}']));
const copied = tableFromIPC(tableToIPC(missing));
console.log('nullable:', missing.schema.fields.map(field => field.nullable).join(' '));
console.log('missing: ', last(missing));
console.log('null:    ', last(explicit));
console.log('missing, written and read again:', last(copied));
let thrown = 'nothing';
try {
	tableFromJSON([{time: new Date(0), gpu: 0.5}, {gpu: 0.5}]);
} catch (error) {
	thrown = `${error.name}: ${error.message}`;
}
console.log('a missing date throws', thrown);
process.exitCode = last(missing) === 'gpu NaN, healthy false, state ""; nulls 0 0 0'
	&& last(copied) === last(missing)
	&& last(explicit) === 'gpu null, healthy null, state null; nulls 1 1 1'
	&& missing.schema.fields.every(field => field.nullable)
	&& thrown === 'TypeError: Cannot convert undefined to a BigInt' ? 0 : 1;
JS
node run.mjs
